"""Decides what a relay sends next and what an answer means; without I/O, so that a simulation can try every accident.

Time is a number of seconds that the caller's clock gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from shared.broker import FORBIDDEN, Answer, Way

TOGETHER_ROWS = 10
"""Up to so many rows of different aggregates go out at once, unbatched. Measured with every write synced: 8 rows take
2.4 ms so and 3.4 ms as a batch, 12 rows 3.9 and 3.3, 24 rows 7.4 and 3.9, and a batch costs half the processor time."""
BATCH_ROWS = 500
BATCH_BYTES = 4 * 1024 * 1024
SINGLE_ROWS = 100
HOLD_S = 1.0
"""So long an aggregate whose row failed waits; the others go on."""
NO_BATCH_S = 10.0
ALARM_S = 10.0
MAX_REFUSALS = 5
MAX_INCOMPLETE = 3

DUPLICATE = 10201
INCOMPLETE = 10176
TOO_MANY_BATCHES = 10210
TOO_MANY_ROWS = 10199
NO_BATCHES = 10174
REFUSED_FOR_EVER = frozenset({400, 10054})
"""The client's own refusal (payload, subject) and the stream's (message larger than it takes): trying is vain."""
SOMETHING_IS_WRONG = frozenset({FORBIDDEN, 10060, 10071, 10174})
"""We may not speak there, another stream has our subjects, another writer exists, or the stream takes no batches:
nothing that time mends."""


class Unsent(Protocol):
    """What a decision needs to know of an unsent row."""

    @property
    def id(self) -> int: ...
    @property
    def aggregate_id(self) -> UUID: ...
    @property
    def size_bytes(self) -> int: ...


@dataclass(slots=True)
class Plan:
    """One relay's knowledge of its unsent rows; lost with the relay, and rebuilt by sending again."""

    stored: dict[int, int] = field(default_factory=dict[int, int])
    """Outbox id → place in the stream, of rows that are not yet in the archive."""
    refused: list[tuple[int, Answer]] = field(default_factory=list[tuple[int, Answer]])
    """Rows that the broker will never take: for the dead letters."""
    alarm: Answer | None = None
    """An answer that no relay can mend; told once, until the broker answers otherwise."""
    batch_rows: int = BATCH_ROWS
    _held: dict[UUID, float] = field(default_factory=dict[UUID, float])
    _refusals: dict[int, int] = field(default_factory=dict[int, int])
    _one_by_one: set[int] = field(default_factory=set[int])
    _incomplete: int = 0
    _no_batch_until: float = 0.0

    def held(self, now: float) -> list[UUID]:
        """Give the aggregates whose rows must not even be looked at now, or the held ones would starve the rest."""
        self._held = {key: until for key, until in self._held.items() if until > now}
        return list(self._held)

    def next_round(self, rows: Sequence[Unsent], now: float) -> tuple[int, Way]:
        """Give how many of the first rows go out now, and how. `rows` are in the order of their ids."""
        if rows[0].id in self._one_by_one:
            return self._singles(rows), Way.SINGLY
        if len(rows) <= TOGETHER_ROWS and len({row.aggregate_id for row in rows}) == len(rows):
            return len(rows), Way.TOGETHER
        if now < self._no_batch_until:
            return min(len(rows), SINGLE_ROWS), Way.SINGLY
        count = self._fitting(rows)
        return count, Way.BATCH if count > 1 else Way.SINGLY

    def _singles(self, rows: Sequence[Unsent]) -> int:
        marked = next((place for place, row in enumerate(rows) if row.id not in self._one_by_one), len(rows))
        return min(marked, SINGLE_ROWS)

    def _fitting(self, rows: Sequence[Unsent]) -> int:
        total = 0
        for place, row in enumerate(rows[: self.batch_rows]):
            total += row.size_bytes
            if total > BATCH_BYTES:
                return max(1, place)
        return min(len(rows), self.batch_rows)

    def answered(self, rows: Sequence[Unsent], answers: Sequence[Answer], way: Way, now: float) -> int:
        """Take in the answers to one round; give how many rows are now known to be stored."""
        if way is Way.BATCH and (code := answers[0].code) is not None:
            self._batch_refused(rows, answers[0], code, now)
            return 0
        if way is Way.BATCH and answers[0].seq is not None:
            self._incomplete = 0
        failed: set[UUID] = set()
        stored = 0
        for row, answer in zip(rows, answers, strict=True):
            if row.aggregate_id in failed:
                continue
            if answer.seq is None:
                failed.add(row.aggregate_id)
                self._row_failed(row, answer, now)
                continue
            self.stored[row.id] = answer.seq
            self._one_by_one.discard(row.id)
            self._refusals.pop(row.id, None)
            self.alarm = None
            stored += 1
        return stored

    def _batch_refused(self, rows: Sequence[Unsent], answer: Answer, code: int, now: float) -> None:
        """Nothing of it was stored."""
        self._incomplete = self._incomplete + 1 if code == INCOMPLETE else 0
        if code in SOMETHING_IS_WRONG:
            self.alarm = answer
        if code in {TOO_MANY_BATCHES, NO_BATCHES}:
            self._no_batch_until = now + NO_BATCH_S
        elif code == TOO_MANY_ROWS:
            self.batch_rows = max(1, self.batch_rows // 2)
        elif code != INCOMPLETE or self._incomplete >= MAX_INCOMPLETE:
            self._one_by_one |= {row.id for row in rows}

    def _row_failed(self, row: Unsent, answer: Answer, now: float) -> None:
        self._held[row.aggregate_id] = now + (ALARM_S if answer.code in SOMETHING_IS_WRONG else HOLD_S)
        if answer.code in SOMETHING_IS_WRONG:
            self.alarm = answer
        if answer.code in REFUSED_FOR_EVER:
            self._refusals[row.id] = self._refusals.get(row.id, 0) + 1
            if self._refusals[row.id] >= MAX_REFUSALS:
                del self._refusals[row.id]
                self.refused.append((row.id, answer))

    def archived(self, ids: Sequence[int]) -> None:
        """Forget rows that are in the archive."""
        for row_id in ids:
            del self.stored[row_id]
