"""The processes that receive; without their deaths, their poison and their late starts nothing would be proved."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from chaos.simulated.broker import ACK_WAIT_S, Durable, Link
from chaos.simulated.relays import RECALL
from chaos.simulated.timeline import Task, pause, told

from shared.broker import Outgoing
from shared.inbox import plan
from shared.inbox.plan import Again, Key, State, sort
from shared.relay.recall import Recall

if TYPE_CHECKING:
    from chaos.simulated.world import World

SWEEP_S = 10.0


class Killed(BaseException):
    """The reaction took the whole process with it."""


class Failed(Exception):
    """The reaction failed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivered message, as `inbox.plan` wants it."""

    event_id: UUID
    key: Key
    version: int
    stream_seq: int
    num_delivered: int = 0


@dataclass(slots=True)
class Kept:
    """A row of the dead letters."""

    letter: Letter
    state: State
    tries: int = 0


@dataclass
class Applied:
    """A consumer's database."""

    seen: dict[Key, int] = field(default_factory=dict[Key, int])
    inbox: set[UUID] = field(default_factory=set[UUID])
    letters: dict[UUID, Kept] = field(default_factory=dict[UUID, Kept])
    effects: list[Letter] = field(default_factory=list[Letter])
    discarded: set[UUID] = field(default_factory=set[UUID])

    def last(self, aggregate_id: UUID) -> int:
        """Give the last version of an aggregate that was applied."""
        return max((version for (_, each), version in self.seen.items() if each == aggregate_id), default=0)


class ConsumerProcess:
    """One process that pulls a durable consumer."""

    def __init__(self, world: "World", name: str, rows: Applied) -> None:
        self.world = world
        self.name = name
        self.rows = rows
        self.durable = world.server.durables.setdefault(name, Durable())
        self.link = Link(world.server, name)
        self.task: Task = world.line.start(self._run())

    def die(self) -> None:
        self.task.kill()
        self.link.close()

    async def _run(self) -> None:
        world, sweep_at = self.world, 0.0
        while True:
            await told(self.durable.arrived, min(SWEEP_S, max(0.01, self._next_due_s())))
            try:
                if world.line.now >= sweep_at:
                    sweep_at = world.line.now + SWEEP_S
                    await self._sweep()
                if self.link.connected() and world.server.answers() and (batch := self._pulled()):
                    await self._take(batch)
            except Killed:
                world.note(self.name, "is killed by a reaction")
                await pause(world.random.uniform(0.5, 5.0))

    # The broker's side.

    def _next_due_s(self) -> float:
        if not self.link.connected() or not self.world.server.answers():
            return 1.0
        return min((due for _, due in self.durable.open.values()), default=1e9) - self.world.line.now

    def _pulled(self) -> list[Letter]:
        world, now, batch = self.world, self.world.line.now, list[Letter]()
        for seq, (count, due) in self.durable.open.items():
            if due <= now and seq in world.server.messages:
                batch.append(_letter(seq, world.server.messages[seq], count + 1))
        for letter in batch:
            self.durable.open[letter.stream_seq] = (letter.num_delivered, now + ACK_WAIT_S)
        if world.happens("delivery.twice"):
            batch.append(world.random.choice(batch)) if batch else None
        if world.happens("delivery.shuffled"):
            world.random.shuffle(batch)
        return batch

    def _end(self, letter: Letter) -> None:
        if self.link.connected() and not self.world.happens("ack.lost"):
            self.durable.open.pop(letter.stream_seq, None)

    def _retry(self, letter: Letter, after_s: float) -> None:
        if letter.stream_seq in self.durable.open and self.link.connected():
            self.durable.open[letter.stream_seq] = (letter.num_delivered, self.world.line.now + after_s)

    # The consumer's side, step by step as `shared.inbox.Consumer`.

    async def _take(self, batch: Sequence[Letter]) -> None:
        calm = [one for one in batch if not plan.suspect(one.num_delivered)]
        if calm:
            try:
                await self._apply(calm)
            except Failed:
                for letter in calm:
                    await self._alone(letter)
        for letter in batch:
            if plan.suspect(letter.num_delivered):
                await self._suspected(letter)

    async def _alone(self, letter: Letter) -> None:
        try:
            await self._apply([letter])
        except Failed:
            await self._failed(letter)

    async def _suspected(self, letter: Letter) -> None:
        """Write the attempt down before it is made: it may be what kills us."""
        await pause(self.world.trip_s())
        if letter.version == self.rows.seen.get(letter.key, 0) + 1:
            kept = self.rows.letters.setdefault(letter.event_id, Kept(letter, State.FAILING))
            if kept.state in {State.FAILING, State.WAITING}:
                kept.tries += 1
                if (state := plan.before_trying(kept.tries)) is not None:
                    kept.state = state
            if kept.state is State.OPEN:
                await pause(self.world.trip_s())
                self._end(letter)
                return
        try:
            await self._apply([letter])
        except Failed:
            await self._failed(letter, counted=True)

    async def _failed(self, letter: Letter, *, counted: bool = False) -> None:
        await pause(self.world.trip_s())
        kept = self.rows.letters.setdefault(letter.event_id, Kept(letter, State.FAILING))
        kept.tries += not counted
        permanent = self.world.ailment(self.name, letter.event_id) == "never"
        match plan.after_failure(kept.tries, permanent=permanent):
            case Again(after_s=after_s):
                await pause(self.world.trip_s())
                self._retry(letter, after_s)
            case state:
                kept.state = state
                self.world.note(self.name, "parks", letter.key[1].int, letter.version)
                await pause(self.world.trip_s())
                self._end(letter)

    async def _apply(self, letters: Sequence[Letter]) -> None:
        """One transaction, then the acknowledgements, then what waited for it."""
        await pause(self.world.trip_s())
        found = sort(self.rows.seen, plan.in_order(letters))
        fresh = await self._react(found.ready)
        waiting: list[tuple[Letter, Again]] = []
        for letter in found.early:
            ahead = self._ahead(letter)
            match plan.when_early(letter.num_delivered, ahead):
                case Again() as again:
                    waiting.append((letter, again))
                case state:
                    self.rows.letters.setdefault(letter.event_id, Kept(letter, state))
        self._commit(fresh, found.moved)
        await pause(self.world.trip_s())
        held = {letter.stream_seq for letter, _ in waiting}
        for letter in letters:
            if letter.stream_seq not in held:
                self._end(letter)
        for letter, again in waiting:
            if again.recall:
                await self._ask(letter.key, self.rows.seen.get(letter.key, 0) + 1, letter.version - 1)
            self._retry(letter, again.after_s)
        for key in found.moved:
            await self._follow(key)

    async def _react(self, ready: Sequence[Letter]) -> list[Letter]:
        fresh = [one for one in ready if one.event_id not in self.rows.inbox]
        for letter in fresh:
            ailment = self.world.ailment(self.name, letter.event_id)
            if ailment == "kills":
                raise Killed
            if ailment is not None:
                raise Failed
        await pause(self.world.trip_s())
        return fresh

    def _commit(self, fresh: Sequence[Letter], moved: dict[Key, int]) -> None:
        rows = self.rows
        # Of two transactions that claim one fact the database lets the second wait, and then find it claimed.
        fresh = [letter for letter in fresh if letter.event_id not in rows.inbox]
        self._remember(fresh, moved)
        for letter in fresh:
            rows.effects.append(letter)
            self.world.applied(self.name, letter.key[1], letter.version)
            if (kept := rows.letters.pop(letter.event_id, None)) is not None and kept.state is State.OPEN:
                self.world.note(self.name, "settles", letter.key[1].int, letter.version)

    def _remember(self, fresh: Sequence[Letter], moved: dict[Key, int]) -> None:
        for key, version in moved.items():
            self.rows.seen[key] = max(version, self.rows.seen.get(key, 0))
        self.rows.inbox.update(letter.event_id for letter in fresh)

    async def _follow(self, key: Key) -> None:
        """Apply the letters that waited for what was just applied."""
        while (letter := self._first_waiting(key)) is not None:
            kept = self.rows.letters[letter.event_id]
            if (end := plan.before_trying(kept.tries)) is not None:
                kept.state = end
                return
            tries, kept.tries = kept.tries, kept.tries + 1
            try:
                fresh = await self._react([letter])
            except Failed:
                permanent = self.world.ailment(self.name, letter.event_id) == "never"
                outcome = plan.after_failure(tries, permanent=permanent)
                kept.state = State.WAITING if isinstance(outcome, Again) else outcome
                return
            if self._first_waiting(key) is letter:
                self._commit(fresh, {key: letter.version})
                self.rows.letters.pop(letter.event_id, None)

    def _first_waiting(self, key: Key) -> Letter | None:
        following = self.rows.seen.get(key, 0) + 1
        for kept in self.rows.letters.values():
            if kept.state is State.WAITING and kept.letter.key == key and kept.letter.version <= following:
                return kept.letter
        return None

    def _ahead(self, letter: Letter) -> State | None:
        first = min(
            (kept for kept in self.rows.letters.values() if kept.letter.key == letter.key),
            key=lambda kept: kept.letter.version,
            default=None,
        )
        return first.state if first is not None and first.letter.version < letter.version else None

    async def _ask(self, key: Key, first: int, last: int) -> None:
        self.world.note(self.name, "asks for", key[1].int, first, last)
        await self.link.tell(RECALL, Recall(key[0].rpartition(".")[2], key[1], first, last).as_bytes())

    async def _sweep(self) -> None:
        """Take up what a crash left behind, and ask again for what is missing."""
        rows = self.rows
        for kept in list(rows.letters.values()):
            if kept.letter.event_id in rows.inbox:
                rows.letters.pop(kept.letter.event_id, None)
        for key in {kept.letter.key: None for kept in rows.letters.values() if kept.state is State.WAITING}:
            await self._follow(key)
            first = min((kept.letter.version for kept in rows.letters.values() if kept.letter.key == key), default=0)
            if first > rows.seen.get(key, 0) + 1:
                await self._ask(key, rows.seen.get(key, 0) + 1, first - 1)

    # The operator's side.

    def left_to_the_operator(self) -> list[UUID]:
        return [event_id for event_id, kept in self.rows.letters.items() if kept.state is State.OPEN]

    async def attend(self, event_id: UUID) -> None:
        """Replay one open letter, or discard it when it can never be applied."""
        if (kept := self.rows.letters.get(event_id)) is None:
            return
        letter = kept.letter
        if self.world.ailment(self.name, event_id) == "never":
            self.rows.letters.pop(event_id)
            self.rows.discarded.add(event_id)
            self.rows.seen[letter.key] = max(letter.version, self.rows.seen.get(letter.key, 0))
            self.world.note(self.name, "discards", letter.key[1].int, letter.version)
            with suppress(Killed):
                await self._follow(letter.key)
            return
        with suppress(Failed, Killed):
            await self._apply([letter])


def _letter(seq: int, row: Outgoing, count: int) -> Letter:
    return Letter(row.event_id, ("kernel.tally", row.aggregate_id), int(row.headers["ce-sequence"]), seq, count)
