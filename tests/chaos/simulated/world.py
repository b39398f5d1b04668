"""Holds one seed's chance and faults, and what is known from above; without it nobody could say what is true."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from chaos.simulated.broker import Server
from chaos.simulated.database import Database, Rows
from chaos.simulated.timeline import Timeline
from chaos.simulated.violation import Violation

from shared.broker import Answer, Outgoing, Way
from shared.relay import plan
from shared.relay.archive import Fact

AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)

RATES = {
    # Of each occasion, the part that goes wrong.
    "database.cut": 0.02,
    "link.cut": 0.05,
    "ack.lost": 0.08,
    "poke.lost": 0.3,
    "others.publish": 0.5,
    f"batch.{plan.INCOMPLETE}": 0.3,
    f"batch.{plan.TOO_MANY_BATCHES}": 0.2,
    f"batch.{plan.NO_BATCHES}": 0.2,
    "fact.large": 0.05,
    "delivery.twice": 0.1,
    "delivery.shuffled": 0.3,
    "reaction.fails": 0.1,
    "reaction.never": 0.05,
    "reaction.kills": 0.03,
    # Of each turn of the nemesis, the weight of this deed.
    "relay.killed": 1.0,
    "relay.frozen": 1.0,
    "lock.lost": 1.0,
    "broker.killed": 1.0,
    "stream.missing": 0.5,
    "stream.wiped": 0.4,
    "stream.older": 0.5,
    "stream.rotten": 1.0,
    "database.restored": 1.0,
    "consumer.killed": 1.0,
    "consumer.late": 1.0,
}


@dataclass
class World:
    """Everything of one seed."""

    seed: int
    trace: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])

    def __post_init__(self) -> None:
        random = self.random = Random(self.seed)
        self.line = Timeline(random)
        wanted = random.choice((0.0, 0.15, 0.3, 0.6))
        self.faults = {name: rate for name, rate in RATES.items() if random.random() < wanted}
        """Swarm testing: each seed has its own few kinds of accident, so that each combination comes up."""
        self.window_s = random.choice((2.0, 30.0, 120.0))
        self.chunk_rows = random.choice((1, 3, 2000))
        self.tail_rows = random.choice((3, 8, 1000))
        self.batch_limit = random.choice((2, 5, 1000))
        self.poll_s = random.choice((5.0, 20.0))
        self.rest_between_writes_s = random.choice((8.0, 20.0))
        self.facts_left = random.choice((8, 16, 32))
        self.burst_chance = random.choice((0.0, 0.2, 0.6))
        self.keys = [UUID(int=number + 1) for number in range(random.choice((1, 3, 6)))]
        self.writing = True
        self.faulty = True
        self.facts: dict[UUID, Fact] = {}
        """Every fact that was ever stated, committed or not."""
        self.promised: dict[UUID, Fact] = {}
        """Committed, and not forgotten by a restore before anybody could know of it."""
        self.ever: dict[UUID, list[UUID]] = {key: [] for key in self.keys}
        """What was ever stored, by aggregate, in the order of the versions."""
        self.too_large: set[UUID] = set()
        self.database = Database(self)
        self.server = Server(self)
        self.pokes: list[Any] = []
        self._ailments: dict[tuple[str, UUID], str | None] = {}
        self._vain: dict[tuple[str, UUID], int] = {}

    # Chance.

    def happens(self, name: str) -> bool:
        rate = self.faults.get(name)
        return rate is not None and self.faulty and self.random.random() < rate

    def trip_s(self) -> float:
        return 0.0005 + 0.004 * self.random.random()

    def refusals(self) -> Sequence[int]:
        return (plan.INCOMPLETE, plan.TOO_MANY_BATCHES, plan.NO_BATCHES)

    # What the processes do.

    def some_key(self) -> UUID:
        return self.random.choice(self.keys)

    def fact(self, row_id: int, key: UUID, version: int) -> Fact:
        self.facts_left -= 1
        event_id = UUID(int=self.random.getrandbits(128))
        fact = self.facts[event_id] = Fact(
            row_id, event_id, "tally", key, version, "cw.9.kernel.tally.tallied", "commonwatch.kernel.tally.tallied.v1",
            "{}", b"{}", AT,
        )  # fmt: skip
        if self.happens("fact.large"):
            self.too_large.add(event_id)
        return fact

    def committed(self, fact: Fact) -> None:
        self.promised[fact.event_id] = fact
        self.note("writer", "commits", fact.aggregate_id.int, fact.version, fact.id)

    def poke(self) -> None:
        for signal in self.pokes:
            if not self.happens("poke.lost"):
                signal.tell()

    def restore(self, backup: Rows) -> None:
        """The database comes back as it was; what nobody else knew is forgotten, and so is what was under way."""
        for event_id in self.promised.keys() - _known(backup) - self.unknown_to(backup):
            del self.promised[event_id]
        self.server.flight += 1
        self.database.restore(backup)
        # An aggregate that was made after the backup is gone; nobody can write to it.
        self.keys = [key for key in self.keys if not self.ever[key] or key in backup.versions]
        if not self.keys:
            self.keys = [UUID(int=len(self.ever) + 1)]
            self.ever[self.keys[0]] = []

    def ailment(self, consumer: str, event_id: UUID) -> str | None:
        """Tell what is wrong with an event for a consumer now: it fails or kills a few times, or fails for ever."""
        key = (consumer, event_id)
        if key not in self._ailments:
            kind = next((kind for kind in ("fails", "never", "kills") if self.happens(f"reaction.{kind}")), None)
            self._ailments[key] = kind
            self._vain[key] = self.random.choice((1, 2, 4, 9, 1000))
        kind = self._ailments[key]
        if kind in {"fails", "kills"}:
            self._vain[key] -= 1
            if self._vain[key] < 0:
                kind = self._ailments[key] = None
        return kind

    def cure(self, consumer: str, event_id: UUID) -> None:
        """The operator has found the cause; what can never be applied stays as it is."""
        if self._ailments.get((consumer, event_id)) != "never":
            self._ailments[consumer, event_id] = None

    # What is watched from above.

    def note(self, who: str, *what: object) -> None:
        self.trace.append((self.line.now, who, *what))

    def published(self, who: str, rows: Sequence[Outgoing], way: Way) -> None:
        self.note(
            who, "publishes", way.value, [(row.aggregate_id.int, row.headers["ce-sequence"][-3:]) for row in rows]
        )

    def answered(self, who: str, answers: Sequence[Answer]) -> None:
        self.note(who, "hears", [answer.seq or answer.code for answer in answers])

    def stored(self, row: Outgoing, seq: int) -> None:
        """A version is never stored before the one before it, and never means two things."""
        version, known = int(row.headers["ce-sequence"]), self.ever[row.aggregate_id]
        self.note("stream", "stores", row.aggregate_id.int, version, "at", seq, row.event_id.hex[:4])
        if row.event_id not in self.promised:
            raise Violation(f"{row.event_id} was stored and never committed")
        if version == len(known) + 1:
            known.append(row.event_id)
        elif version > len(known):
            raise Violation(f"version {version} of {row.aggregate_id.int} was stored before {len(known) + 1}")
        elif known[version - 1] != row.event_id:
            raise Violation(f"version {version} of {row.aggregate_id.int} means two things")

    def applied(self, name: str, key: UUID, version: int) -> None:
        self.note(name, "applies", key.int, version)

    def unknown_to(self, rows: Rows) -> set[UUID]:
        """What was stored once and these rows do not know."""
        return {event_id for ids in self.ever.values() for event_id in ids} - _known(rows)

    def in_stream(self) -> set[UUID]:
        return {row.event_id for row in self.server.messages.values()}


def _known(rows: Rows) -> set[UUID]:
    return {one.fact.event_id for one in rows.sent.values()} | {one.event_id for one in rows.outbox.values()}
