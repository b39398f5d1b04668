"""Lets processes die and stores break at moments that only the seed knows; without it all weather would be fair."""

from typing import TYPE_CHECKING

from chaos.simulated.broker import Copy
from chaos.simulated.database import Rows
from chaos.simulated.relays import RelayProcess
from chaos.simulated.timeline import pause

if TYPE_CHECKING:
    from chaos.simulated.simulation import Simulation


class Nemesis:
    """Does one deed after the other while the seed's writers write."""

    def __init__(self, simulation: "Simulation") -> None:
        self.simulation = simulation
        self.world = simulation.world
        self._older: Copy | None = None
        self._backup: Rows | None = None
        deeds = {
            "relay.killed": self._kill_relay,
            "relay.frozen": self._freeze_relay,
            "lock.lost": self._cut_session,
            "broker.killed": self._kill_broker,
            "stream.missing": self._miss_stream,
            "stream.wiped": self._wipe,
            "stream.older": self._bring_back,
            "stream.rotten": self._rot,
            "database.restored": self._restore,
            "consumer.killed": self._kill_consumer,
            "consumer.late": self._listen_late,
        }
        self._deeds = {name: deed for name, deed in deeds.items() if name in self.world.faults}
        self._weights = [self.world.faults[name] for name in self._deeds]
        self._patience_s = self.world.random.choice((2.0, 6.0, 15.0))

    async def haunt(self) -> None:
        random = self.world.random
        while self._deeds:
            await pause(random.expovariate(1 / self._patience_s))
            if not self.world.faulty:
                return
            [name] = random.choices(list(self._deeds), self._weights)
            self.world.note("nemesis", name)
            self._deeds[name]()

    def _soon(self) -> float:
        return self.world.random.choice((0.05, 1.0, 5.0)) * self.world.random.random()

    def _some_relay(self) -> RelayProcess | None:
        relays = self.simulation.relays
        return self.world.random.choice(relays) if relays else None

    def _kill_relay(self) -> None:
        if (relay := self._some_relay()) is not None:
            self.simulation.kill_relay(relay)
            self.world.line.after(self._soon(), self.simulation.start_relay)

    def _freeze_relay(self) -> None:
        if (relay := self._some_relay()) is not None:
            random = self.world.random
            relay.freeze(self.world.line.now + random.choice((3.0, 30.0, 1.2 * self.world.window_s)) * random.random())
            if relay.session is not None and random.random() < 0.7:
                relay.session.cut()

    def _cut_session(self) -> None:
        if (session := self.world.database.lock) is not None:
            session.cut()

    def _kill_broker(self) -> None:
        self.world.server.stop()
        self.world.line.after(self._soon(), self.world.server.start)

    def _miss_stream(self) -> None:
        self.world.server.exists = False
        self.world.line.after(self._soon(), self.simulation.lay_stream)

    def _only_in_stream(self) -> bool:
        """What only the stream knows dies with it: then nothing could save it."""
        return bool(self.world.unknown_to(self.world.database.rows))

    def _wipe(self) -> None:
        if not self._only_in_stream():
            self._kill_broker()
            self.world.server.wipe()

    def _bring_back(self) -> None:
        older, self._older = self._older, self.world.server.copy()
        if older is not None and older.epoch == self.world.server.epoch and not self._only_in_stream():
            self._kill_broker()
            self.world.server.bring_back(older)

    def _rot(self) -> None:
        if self.world.server.messages and not self._only_in_stream():
            self.world.server.rot(self.world.random.choice(list(self.world.server.messages)))

    def _restore(self) -> None:
        """The database comes back from a backup; meanwhile no relay runs and nothing is under way."""
        backup, self._backup = self._backup, None
        if backup is None:
            self._backup = self.world.database.rows.copy()
            return
        if self.world.unknown_to(backup) - self.world.in_stream():
            return
        for relay in list(self.simulation.relays):
            self.simulation.kill_relay(relay)
            self.world.line.after(self._soon(), self.simulation.start_relay)
        self.world.restore(backup)

    def _kill_consumer(self) -> None:
        if consumers := self.simulation.consumers:
            consumer = self.world.random.choice(consumers)
            self.simulation.kill_consumer(consumer)
            self.world.line.after(self._soon(), self.simulation.start_consumer, consumer.name)

    def _listen_late(self) -> None:
        self.simulation.start_late()
