"""A broker that does whatever real ones were seen doing; without it a rare interleaving would show in production first.

Acknowledgements get lost after the message was stored; bytes die with a connection while later ones pass; batches are
refused whole; ids are forgotten after a while; the stream loses messages, comes back older, or is made anew.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chaos.simulated.timeline import Signal, pause

from shared.broker import UNKNOWN, Answer, Kept, Outgoing, StreamState, Way
from shared.relay import plan

if TYPE_CHECKING:
    from chaos.simulated.world import World

FIRST_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ACK_WAIT_S = 10.0
ACK_TIMEOUT_S = 5.0
TOO_LARGE = 10054


@dataclass
class Durable:
    """What a consumer has still to end."""

    open: dict[int, tuple[int, float]] = field(default_factory=dict[int, tuple[int, float]])
    """Place → (deliveries so far, when the next is due)."""
    offered: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """The highest version of each aggregate that it was to get, as far as the broker still knows."""
    arrived: Signal = field(default_factory=Signal)

    def offer(self, seq: int, row: Outgoing, now: float) -> None:
        self.open[seq] = (0, now)
        version = int(row.headers["ce-sequence"])
        self.offered[row.aggregate_id] = max(version, self.offered.get(row.aggregate_id, 0))
        self.arrived.tell()

    def copy(self) -> dict[int, tuple[int, float]]:
        return dict(self.open)


@dataclass
class Copy:
    """An older copy of the store."""

    epoch: datetime
    last_seq: int
    messages: dict[int, Outgoing]
    durables: dict[str, dict[int, tuple[int, float]]]


class Server:
    """The stream and its consumers."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.line = world.line
        self.exists = True
        self.up = True
        self.epochs = 0
        self.last_seq = 0
        self.messages: dict[int, Outgoing] = {}
        self.durables: dict[str, Durable] = {}
        self.ears: dict[str, list[Callable[[bytes], None]]] = {}
        self.links: list[Link] = []
        self.flight = 0
        """Connections of which bytes are under way belong to this one; those of an earlier one are lost."""
        self._ids: dict[str, tuple[int, float]] = {}

    @property
    def epoch(self) -> datetime:
        return FIRST_EPOCH + timedelta(seconds=self.epochs)

    def answers(self) -> bool:
        return self.up and self.exists

    def take(self, row: Outgoing) -> Answer | None:
        """Store one message; None: nobody answers."""
        if not self.answers():
            return None
        if row.event_id in self.world.too_large:
            return Answer(None, TOO_LARGE, "message larger than the stream takes")
        if (known := self._known(row)) is not None:
            return Answer(known)
        return Answer(self._store(row))

    def take_batch(self, rows: Sequence[Outgoing]) -> list[Answer] | None:
        """Store all messages or none."""
        if not self.answers():
            return None
        code = next((code for code in self.world.refusals() if self.world.happens(f"batch.{code}")), None)
        if len(rows) > self.world.batch_limit:
            code = plan.TOO_MANY_ROWS
        elif any(self._known(row) is not None for row in rows):
            code = plan.DUPLICATE
        elif any(row.event_id in self.world.too_large for row in rows):
            code = TOO_LARGE
        if code is not None:
            return [Answer(None, code, "refused")] * len(rows)
        return [Answer(self._store(row)) for row in rows]

    def _known(self, row: Outgoing) -> int | None:
        seq, at = self._ids.get(row.message_id, (0, -1e9))
        return seq if at > self.line.now - self.world.window_s else None

    def _store(self, row: Outgoing) -> int:
        if self.world.happens("others.publish"):
            self.last_seq += self.world.random.randint(1, 4)
        self.last_seq += 1
        self.messages[self.last_seq] = row
        self._ids[row.message_id] = (self.last_seq, self.line.now)
        self.world.stored(row, self.last_seq)
        for durable in self.durables.values():
            durable.offer(self.last_seq, row, self.line.now)
        return self.last_seq

    # What goes wrong with the store.

    def wipe(self) -> None:
        """The store is lost; the next laying of streams makes an empty one with new consumers."""
        self.epochs += 1
        self.last_seq = 0
        self.messages, self._ids = {}, {}
        for durable in self.durables.values():
            durable.open = {}

    def copy(self) -> Copy:
        held = {name: durable.copy() for name, durable in self.durables.items()}
        return Copy(self.epoch, self.last_seq, dict(self.messages), held)

    def bring_back(self, older: Copy) -> None:
        """The store comes back as it was; ids are known again from what it holds."""
        self.last_seq, self.messages = older.last_seq, dict(older.messages)
        self._ids = {row.message_id: (seq, self.line.now) for seq, row in self.messages.items()}
        for name, durable in self.durables.items():
            held = older.durables.get(name, dict.fromkeys(self.messages, (0, self.line.now)))
            durable.open, durable.offered = {}, {}
            for seq in held:
                durable.offer(seq, self.messages[seq], self.line.now)

    def rot(self, seq: int) -> None:
        """One message is lost, with its place; its id is still remembered."""
        del self.messages[seq]
        for durable in self.durables.values():
            durable.open.pop(seq, None)

    def stop(self) -> None:
        self.up = False
        for link in self.links:
            link.lose()

    def start(self) -> None:
        self.up = True

    def tell(self, subject: str, body: bytes) -> None:
        for heard in self.ears.get(subject, []):
            heard(body)


class Link:
    """One process's connection, as `shared.broker.Broker` has it."""

    stops_at_a_failure = True

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.world = server.world
        self.name = name
        self.reconnects = 0
        self.on_reconnect: Callable[[], None] = lambda: None
        self._up = server.up
        self._closed = False
        server.links.append(self)
        if not server.up:
            self._seek()

    def connected(self) -> bool:
        return self._up

    def close(self) -> None:
        self._closed, self._up = True, False
        self.server.links.remove(self)

    def lose(self) -> None:
        if self._up:
            self._up = False
            self.world.note(self.name, "loses the broker")
            self._seek()

    def _seek(self) -> None:
        self.server.line.after(self.world.random.uniform(0.2, 2.0), self._found)

    def _found(self) -> None:
        if self._closed or self._up:
            return
        if not self.server.up:
            self._seek()
            return
        self._up = True
        self.reconnects += 1
        self.on_reconnect()

    async def publish(self, rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        if not self._up:
            return [UNKNOWN] * len(rows)
        self.world.published(self.name, rows, way)
        match way:
            case Way.BATCH:
                answers = await self._batch(rows)
            case Way.TOGETHER:
                answers = await self._together(rows)
            case Way.SINGLY:
                answers = await self._singly(rows)
        self.world.answered(self.name, answers)
        return answers

    async def _together(self, rows: Sequence[Outgoing]) -> list[Answer]:
        await pause(self.world.trip_s())
        if not self._up or self.world.happens("link.cut"):
            return self._torn(rows)
        answers = [self._heard(self.server.take(row)) for row in rows]
        await pause(ACK_TIMEOUT_S if UNKNOWN in answers and self._up else self.world.trip_s())
        return answers

    def _torn(self, rows: Sequence[Outgoing]) -> list[Answer]:
        """The connection dies: of each message it is open whether it arrives now, later, or never."""
        self.lose()
        for row in rows:
            match self.world.random.randrange(3):
                case 0:
                    self.server.take(row)
                case 1:
                    self._later(lambda row=row: self.server.take(row))
                case _:
                    pass
        return [UNKNOWN] * len(rows)

    def _later(self, arrive: Callable[[], object]) -> None:
        """Through the client's reconnect buffer, or out of the socket of a process that stood still."""
        flight = self.server.flight

        def out_of_the_buffer() -> None:
            if flight == self.server.flight:
                self.world.note(self.name, "late bytes arrive")
                arrive()

        patience_s = self.world.random.choice((1.0, 20.0, 1.5 * self.world.window_s))
        self.server.line.after(self.world.random.uniform(0.1, patience_s), out_of_the_buffer)

    async def _batch(self, rows: Sequence[Outgoing]) -> list[Answer]:
        await pause(self.world.trip_s())
        if not self._up or self.world.happens("link.cut"):
            self.lose()
            match self.world.random.randrange(3):
                case 0:
                    self.server.take_batch(rows)
                case 1:
                    self._later(lambda: self.server.take_batch(rows))
                case _:
                    pass  # its beginning was lost, so the rest is refused
            return [UNKNOWN] * len(rows)
        answers = self.server.take_batch(rows)
        if answers is None or self.world.happens("ack.lost"):
            await pause(ACK_TIMEOUT_S)
            return [UNKNOWN] * len(rows)
        await pause(self.world.trip_s())
        return answers

    async def _singly(self, rows: Sequence[Outgoing]) -> list[Answer]:
        held: set[object] = set()
        answers: list[Answer] = []
        for row in rows:
            [answer] = [UNKNOWN] if row.aggregate_id in held else await self._together([row])
            if answer.seq is None and self.stops_at_a_failure:
                held.add(row.aggregate_id)
            answers.append(answer)
        return answers

    def _heard(self, answer: Answer | None) -> Answer:
        return UNKNOWN if answer is None or self.world.happens("ack.lost") else answer

    async def state(self) -> StreamState | None:
        await pause(self.world.trip_s())
        if not self._up or not self.server.answers() or self.world.happens("ack.lost"):
            return None
        server = self.server
        return StreamState(server.epoch, min(server.messages, default=server.last_seq + 1), server.last_seq)

    async def own(self, _service: str, from_seq: int, to_seq: int, *, bodies: bool) -> AsyncGenerator[list[Kept]]:
        left = [seq for seq in sorted(self.server.messages) if from_seq <= seq <= to_seq]
        while left:
            await pause(self.world.trip_s())
            if not self._up or not self.server.answers() or self.world.happens("link.cut"):
                raise ConnectionError("the stream ended early")
            chunk, left = left[: self.world.chunk_rows], left[self.world.chunk_rows :]
            kept = [(seq, self.server.messages[seq]) for seq in chunk if seq in self.server.messages]
            yield [Kept(seq, row.event_id, row.subject, row.headers, row.data if bodies else b"") for seq, row in kept]

    async def tell(self, subject: str, body: bytes) -> None:
        if self._up and self.server.up and not self.world.happens("poke.lost"):
            self.server.tell(subject, body)

    async def hear(self, subject: str, heard: Callable[[bytes], None]) -> None:
        self.server.ears.setdefault(subject, []).append(heard)
