"""The processes that send, writers and relays; without them the real steps would have nobody to take them."""

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from chaos.simulated.broker import Link
from chaos.simulated.database import PretendedArchive, Session
from chaos.simulated.timeline import Signal, Task, pause, told
from chaos.simulated.violation import Violation

from shared.broker import STREAM, UNKNOWN, Way
from shared.raw import DatabaseFault
from shared.relay.plan import HOLD_S
from shared.relay.recall import Recalls
from shared.relay.reconcile import Reconciler, Scope
from shared.relay.sending import ROUND_ROWS, Round, Sender

if TYPE_CHECKING:
    from chaos.simulated.world import World

SERVICE = "kernel"
RECALL = f"recall.{SERVICE}"
AGAIN_S = 1.0
SETTLE_S = 0.02


class RelayProcess:
    """One process with a relay in it: it dies, is frozen, loses its connections, and is started again."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.wake = Signal()
        self.recalls = Recalls()
        self.link = Link(world.server, name)
        self.link.on_reconnect = self.wake.tell
        self.session: Session | None = None
        self.sender: Sender | None = None
        world.server.ears.setdefault(RECALL, []).append(self._recalled)
        self.tasks = [world.line.start(self._run())]

    def die(self) -> None:
        """Everything it knew is gone; its lock lasts until the server notices, its bytes may still arrive."""
        for task in self.tasks:
            task.kill()
        self.world.server.ears[RECALL].remove(self._recalled)
        self.link.close()
        if (session := self.session) is not None:
            self.world.line.after(self.world.random.uniform(0.0, 2.0), session.cut)

    def freeze(self, until: float) -> None:
        for task in self.tasks:
            task.frozen_until = until

    def _recalled(self, body: bytes) -> None:
        self.recalls.ask(body)
        self.wake.tell()

    async def _run(self) -> None:
        while True:
            session = self.session = Session(self.world.database)
            with suppress(*DatabaseFault):
                await self._serve(session)
            session.cut()
            self.sender = None
            await pause(AGAIN_S)

    async def _serve(self, session: Session) -> None:
        world, database = self.world, self.world.database
        while database.lock is not None:
            await told(database.free, 30.0)
            await pause(world.trip_s())
        if not session.alive:
            raise session.fault()
        database.lock = session
        world.note(self.name, "leads")
        archive = PretendedArchive(session)
        reconciler = Reconciler(SERVICE, self.link, STREAM)
        self._failed: dict[UUID, float] = {}
        sender = self.sender = Sender(SERVICE, STREAM, archive, self.link, self.recalls, reconciler)
        while True:
            sent = await self._turn(sender)
            if sent < ROUND_ROWS and not sender.reconciler.busy:
                await told(self.wake, 0.1 if sender.plan.stored else world.poll_s)
                await pause(SETTLE_S)

    async def _turn(self, sender: Sender) -> int:
        """Do as `shared.relay.Relay` does in one turn."""
        if not self.link.connected():
            await sender.reconciler.close()
            await sender.put_away()
            return 0
        again = await sender.mend(self.world.line.now)
        chosen = await sender.choose(self.world.line.now)
        if chosen is None:
            await sender.put_away()
            return again
        self._held_back(chosen)
        beside = self._beside(sender)
        answers = await sender.publish(chosen)
        if not beside.done:
            await told(beside.ended, 1e6)
        self.tasks.remove(beside)
        if beside.failed is not None:
            raise beside.failed
        if chosen.way is not Way.BATCH or UNKNOWN in answers:
            pairs = zip(chosen.facts, answers, strict=True)
            self._failed |= {fact.event_id: self.world.line.now for fact, answer in pairs if answer.seq is None}
        return again + await sender.answered(chosen, answers, self.world.line.now)

    def _held_back(self, chosen: Round) -> None:
        """What failed just now is not sent again at once."""
        since = self.world.line.now - HOLD_S
        if any(self._failed.get(fact.event_id, since) > since for fact in chosen.facts):
            raise Violation("a fact that failed just now was not held back")

    def _beside(self, sender: Sender) -> Task:
        task = self.world.line.start(sender.put_away())
        task.frozen_until = self.tasks[0].frozen_until
        self.tasks.append(task)
        return task

    def compare(self) -> None:
        if self.sender is not None:
            self.sender.reconciler.ask(Scope.EVERYTHING)
            self.wake.tell()

    @property
    def resting(self) -> bool:
        return self.sender is None or not self.sender.plan.stored


async def write(world: "World") -> None:
    """State facts about a few aggregates: lock the row, draw the identity, commit a moment later."""
    random, database = world.random, world.database
    while world.writing and world.facts_left > 0:
        await pause(random.expovariate(1 / world.rest_between_writes_s))
        burst = random.random() < world.burst_chance
        for _ in range(random.randint(2, 6) if burst else 1):
            await _transaction(world, world.some_key(), database.generation)


async def _transaction(world: "World", key: UUID, generation: int) -> None:
    random, database = world.random, world.database
    for _ in range(20):
        if key not in database.writing:
            break
        await pause(world.trip_s())
    else:
        return
    if generation != database.generation:
        return
    database.writing.add(key)
    version, facts = database.rows.versions.get(key, 0), []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        version += 1
        facts.append(world.fact(database.rows.drawn(), key, version))
        await pause(world.trip_s())
        if generation != database.generation:
            return
    await pause(random.choice((0.0, world.trip_s(), 0.3)))
    if generation != database.generation:
        return
    database.writing.discard(key)
    if random.random() < 0.05 or database.rows.versions.get(key, 0) + len(facts) != version:
        return  # rolled back: its identities are never used; or another raised the version, for it adopted a fact
    database.rows.versions[key] = version
    for fact in facts:
        database.rows.outbox[fact.id] = fact
        world.committed(fact)
    world.poke()
