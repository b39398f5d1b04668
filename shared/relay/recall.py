"""Sends facts again to a consumer that lacks them: a hole heals by itself, and a late listener gets the history."""

import json
from dataclasses import dataclass, field
from uuid import UUID

from shared.observe import logger
from shared.relay.archive import Archive, Fact

REST_S = 10.0
"""So long the same request is not answered again: several consumers may lack the same fact."""
FACTS_PER_RECALL = 500
MAX_WAITING = 1_000

log = logger("recall")


@dataclass(frozen=True, slots=True)
class Recall:
    """A request for the facts of one aggregate, from version `first` to `last`."""

    noun: str
    aggregate_id: UUID
    first: int
    last: int

    def as_bytes(self) -> bytes:
        return json.dumps([self.noun, str(self.aggregate_id), self.first, self.last]).encode()

    @classmethod
    def read(cls, body: bytes) -> "Recall":
        """Read what a consumer asked; raises ValueError for what is none."""
        match json.loads(body):
            case [str(noun), str(aggregate_id), int(first), int(last)] if 0 < first <= last:
                return cls(noun, UUID(aggregate_id), first, last)
            case other:
                raise ValueError(f"not a recall: {other!r:.100}")


@dataclass(slots=True)
class Recalls:
    """What consumers asked one relay to send again."""

    _asked: dict[Recall, None] = field(default_factory=dict[Recall, None])
    _answered: dict[Recall, float] = field(default_factory=dict[Recall, float])

    def ask(self, body: bytes) -> None:
        """Take in a request as it came; nonsense is told and dropped, and so is what comes beyond all measure."""
        try:
            recall = Recall.read(body)
        except ValueError as nonsense:
            log.warning("a recall cannot be read", error=str(nonsense))
            return
        if len(self._asked) < MAX_WAITING:
            self._asked[recall] = None

    async def due(self, archive: Archive, now: float) -> list[Fact]:
        """Give the facts of one request that was not answered just now."""
        self._answered = {recall: at for recall, at in self._answered.items() if now - at < REST_S}
        while self._asked:
            recall = next(iter(self._asked))
            del self._asked[recall]
            if recall not in self._answered:
                self._answered[recall] = now
                return await archive.of_aggregate(recall.aggregate_id, recall.noun, recall.first, recall.last)
        return []
