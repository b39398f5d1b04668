"""A database as a relay sees it, in memory; without it ten thousand accidents would need ten thousand databases.

What `shared.relay.archive.Archive` does in SQL stands here in Python; `test_pretended_archive` holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import InterfaceError
from chaos.simulated.timeline import Signal, pause

from shared.broker import Kept
from shared.relay.archive import Audit, Fact, Refill, Tail

if TYPE_CHECKING:
    from chaos.simulated.world import World


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of the archive."""

    fact: Fact
    epoch: datetime
    seq: int


@dataclass
class Rows:
    """What a backup holds."""

    versions: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """The aggregates."""
    outbox: dict[int, Fact] = field(default_factory=dict[int, Fact])
    sent: dict[int, Sent] = field(default_factory=dict[int, Sent])
    epochs: dict[datetime, Refill] = field(default_factory=dict[datetime, Refill])
    buried: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """Aggregates whose oldest fact the broker will never take, and that fact."""
    adopted: bool = False
    """Whether facts were taken back that only the stream knew."""
    last_id: int = 0

    def copy(self) -> "Rows":
        return replace(
            self, versions=dict(self.versions), outbox=dict(self.outbox), sent=dict(self.sent),
            epochs=dict(self.epochs), buried=dict(self.buried),
        )  # fmt: skip

    def knows(self, event_id: UUID) -> bool:
        return any(row.fact.event_id == event_id for row in self.sent.values()) or any(
            fact.event_id == event_id for fact in self.outbox.values()
        )

    def sent_of(self, key: UUID) -> set[int]:
        return {one.fact.version for one in self.sent.values() if one.fact.aggregate_id == key}

    def is_sent(self, fact: Fact) -> bool:
        return fact.version in self.sent_of(fact.aggregate_id)

    def number(self, key: UUID, used: int) -> None:
        """Let an aggregate's unsent facts from this version on follow its sent ones."""
        newest = max(self.sent_of(key))
        for one in [one for _, one in sorted(self.outbox.items()) if one.aggregate_id == key and one.version >= used]:
            del self.outbox[one.id]
            newest += 1
            moved = replace(one, id=self.drawn(), version=newest)
            self.outbox[moved.id] = moved
        if key in self.versions:
            self.versions[key] = max(self.versions[key], newest)

    def drawn(self) -> int:
        self.last_id += 1
        return self.last_id


class Session:
    """A connection to the database; when it is cut, whoever uses it learns of that at the next statement."""

    def __init__(self, database: "Database") -> None:
        self.database = database
        self.alive = True
        self._told = False

    def fault(self) -> Exception:
        """The first statement may fail by the socket, as the broker's do; every later one by the driver."""
        first, self._told = not self._told, True
        by_socket = first and self.database.world.random.random() < 0.5
        return ConnectionResetError("reset") if by_socket else InterfaceError("the connection is closed")

    def cut(self) -> None:
        self.alive = False
        self.database.left(self)


class Database:
    """Rows, the relay's lock and the locks of rows."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.rows = Rows()
        self.lock: Session | None = None
        self.free = Signal()
        self.writing: set[UUID] = set()
        self.generation = 0
        """Which restore this is: a transaction of an earlier one cannot commit."""

    def left(self, session: Session) -> None:
        if self.lock is session:
            self.lock = None
            self.free.tell()

    def restore(self, backup: Rows) -> None:
        self.rows = backup.copy()
        self.generation += 1
        self.writing.clear()


class PretendedArchive:
    """`Archive` over memory; every call is a round trip, after which the answer may be lost."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._world = session.database.world
        self._there: list[tuple[UUID, int]] = []
        self._sent_before = set[int]()

    async def _asked(self) -> Rows:
        await pause(self._world.trip_s())
        self._alive()
        return self._session.database.rows

    async def _answered(self) -> None:
        if self._world.happens("database.cut"):
            self._session.cut()
        await pause(self._world.trip_s())
        self._alive()

    def _alive(self) -> None:
        if not self._session.alive:
            raise self._session.fault()

    async def unsent(self, held: Sequence[UUID], stored: Sequence[int], limit: int) -> tuple[list[Fact], float]:
        rows = await self._asked()
        facts = [
            rows.outbox[row_id]
            for row_id in sorted(rows.outbox)
            if row_id not in stored and (key := rows.outbox[row_id].aggregate_id) not in held and key not in rows.buried
        ][:limit]
        used = {fact.aggregate_id: fact.version for fact in reversed(facts) if rows.adopted and rows.is_sent(fact)}
        for key, version in used.items():
            rows.number(key, version)
        return [] if used else facts, 0.0

    async def move(self, stored: Mapping[int, int], stream: str, epoch: datetime) -> None:
        rows = await self._asked()
        for row_id, seq in stored.items():
            if (fact := rows.outbox.pop(row_id, None)) is not None:
                rows.sent[row_id] = Sent(fact, epoch, seq)
        await self._answered()

    async def bury(self, row_id: int, tries: int, error: str) -> None:
        rows = await self._asked()
        if fact := rows.outbox.get(row_id):
            rows.buried[fact.aggregate_id] = fact.event_id

    async def of_aggregate(self, aggregate_id: UUID, noun: str, first: int, last: int) -> list[Fact]:
        rows = await self._asked()
        return [
            one.fact
            for _, one in sorted(rows.sent.items())
            if one.fact.aggregate_id == aggregate_id and first <= one.fact.version <= last
        ][: self._world.chunk_rows]

    async def meet(self, stream: str, epoch: datetime) -> Refill:
        rows = await self._asked()
        if epoch not in rows.epochs:
            older = [row_id for row_id, one in rows.sent.items() if one.epoch != epoch]
            rows.epochs[epoch] = Refill(0, max(older, default=0))
        return rows.epochs[epoch]

    async def of_older_epochs(self, stream: str, epoch: datetime, after: int, until: int) -> list[Fact]:
        rows = await self._asked()
        return [
            one.fact for row_id, one in sorted(rows.sent.items()) if one.epoch != epoch and after < row_id <= until
        ][: self._world.chunk_rows]

    async def refilled(self, stream: str, epoch: datetime, to: int) -> None:
        rows = await self._asked()
        rows.epochs[epoch] = Refill(to, rows.epochs[epoch].until)
        await self._answered()

    async def tail(self, stream: str, epoch: datetime) -> Tail | None:
        rows = await self._asked()
        newest = sorted(row_id for row_id, one in rows.sent.items() if one.epoch == epoch)[-self._world.tail_rows :]
        places = [rows.sent[row_id].seq for row_id in newest]
        return Tail(newest[0], min(places), max(places)) if newest else None

    async def begin_audit(self) -> None:
        self._there = []
        self._sent_before = set((await self._asked()).sent)

    async def found(self, kept: Sequence[Kept]) -> None:
        self._there += [(one.event_id, one.seq) for one in kept]

    async def lacking(self, stream: str, epoch: datetime, from_id: int, from_seq: int) -> list[Fact]:
        rows = await self._asked()
        there, refilled_to = {event_id for event_id, _ in self._there}, rows.epochs[epoch].done
        return [
            one.fact
            for row_id, one in sorted(rows.sent.items())
            if row_id >= from_id
            and row_id in self._sent_before
            and (one.seq >= from_seq if one.epoch == epoch else row_id <= refilled_to)
            and one.fact.event_id not in there
        ][: self._world.chunk_rows]

    async def unknown(self) -> list[tuple[UUID, int]]:
        rows = await self._asked()
        return sorted(
            ((event_id, seq) for event_id, seq in self._there if not rows.knows(event_id)), key=lambda one: one[1]
        )[: self._world.chunk_rows]

    async def placed(self, stream: str, epoch: datetime, places: Mapping[int, int]) -> None:
        rows = await self._asked()
        for row_id, seq in places.items():
            rows.sent[row_id] = Sent(rows.sent[row_id].fact, epoch, seq)
        await self._answered()

    async def audited(self, stream: str, epoch: datetime, audit: Audit) -> None:
        await self._asked()
        self._world.note("database", "audited", audit)

    async def adopt(self, stream: str, epoch: datetime, kept: Sequence[Kept]) -> None:
        for one in kept:
            self._adopt(await self._asked(), epoch, one)
            await self._answered()

    def _adopt(self, rows: Rows, epoch: datetime, kept: Kept) -> None:
        fact = self._world.facts[kept.event_id]
        key, version = UUID(kept.headers["ce-subject"]), int(kept.headers["ce-sequence"])
        row_id = rows.drawn()
        rows.sent[row_id] = Sent(replace(fact, id=row_id, version=version), epoch, kept.seq)
        rows.adopted = True
        rows.number(key, version)
        self._world.note("database", "adopted", key.int, version)
