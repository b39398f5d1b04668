"""Runs one seed from the first write to rest and judges it; `run` does many, and tells how long they took."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from chaos.simulated.broker import Durable
from chaos.simulated.consumers import Applied, ConsumerProcess
from chaos.simulated.nemesis import Nemesis
from chaos.simulated.relays import RelayProcess, write
from chaos.simulated.timeline import pause
from chaos.simulated.verdict import at_rest, judge
from chaos.simulated.violation import Violation
from chaos.simulated.world import World

from shared.relay import recall, reconcile, sending

WRITING_S = 100.0
REST_S = 5000.0
"""Many facts of one thing that the broker refuses need an operator each, one after the other."""
STEP_S = 5.0
TRACE_LINES = 60
OPERATOR_S = 20.0
VERIFY_S = 100.0
"""So often the operator has the whole stream compared while it does not come to rest."""


class _Silent:
    """In place of the log: a million accidents would fill a disk."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_, **__: None


@contextmanager
def silence() -> Iterator[None]:
    modules = (recall, reconcile, sending)
    logs = [module.log for module in modules]
    for module in modules:
        module.log = _Silent()
    try:
        yield
    finally:
        for module, log in zip(modules, logs, strict=True):
            module.log = log


@dataclass
class Simulation:
    """The processes of one seed."""

    world: World
    relays: list[RelayProcess] = field(default_factory=list[RelayProcess])
    consumers: list[ConsumerProcess] = field(default_factory=list[ConsumerProcess])
    applied: dict[str, Applied] = field(default_factory=dict[str, Applied])
    _started: int = 0

    def play(self) -> None:
        """Write and fail for a while, then heal and come to rest; raises `Violation` for a broken promise."""
        world, line = self.world, self.world.line
        for _ in range(world.random.choice((1, 2, 2))):
            self.start_relay()
        self.applied["early"] = Applied()
        self.start_consumer("early")
        for _ in range(2):
            line.start(write(world))
        line.start(Nemesis(self).haunt())
        line.start(self._operate())
        line.run(WRITING_S)
        self._heal()
        verify_at, verified = line.now, False
        while not (at_rest(self) and verified):
            if line.now > WRITING_S + REST_S:
                raise Violation(f"never came to rest: {judge(self) or 'though nothing is missing'}")
            leader = next((one for one in self.relays if one.sender is not None and one.link.connected()), None)
            if leader is not None and line.now >= verify_at:
                leader.compare()
                verify_at, verified = line.now + VERIFY_S, True
            line.run(line.now + STEP_S)
        if fault := judge(self):
            raise Violation(fault)

    def _heal(self) -> None:
        world = self.world
        world.note("world", "heals")
        world.faulty = world.writing = False
        world.server.start()
        self.lay_stream()
        if "late" not in self.applied:
            self.start_late()
        for relay in self.relays:
            relay.freeze(0.0)

    # Processes come and go.

    def start_relay(self) -> None:
        self._started += 1
        relay = RelayProcess(self.world, f"relay-{self._started}")
        self.relays.append(relay)
        self.world.pokes.append(relay.wake)

    def kill_relay(self, relay: RelayProcess) -> None:
        self.relays.remove(relay)
        self.world.pokes.remove(relay.wake)
        relay.die()

    def start_consumer(self, name: str) -> None:
        self.consumers.append(ConsumerProcess(self.world, name, self.applied[name]))

    def kill_consumer(self, consumer: ConsumerProcess) -> None:
        self.consumers.remove(consumer)
        consumer.die()

    def start_late(self) -> None:
        """Somebody begins to listen when the stream has a part of the history only."""
        if "late" in self.applied:
            return
        server = self.world.server
        first = self.world.random.choice((0, server.last_seq // 2, server.last_seq))
        durable = server.durables["late"] = Durable()
        for seq, row in server.messages.items():
            if seq >= first:
                durable.offer(seq, row, self.world.line.now)
        self.applied["late"] = Applied()
        self.start_consumer("late")

    def lay_stream(self) -> None:
        self.world.server.exists = True

    async def _operate(self) -> None:
        """Look after what lies in the dead letters, as an operator would."""
        world = self.world
        while True:
            await pause(OPERATOR_S)
            for key, event_id in list(world.database.rows.buried.items()):
                world.too_large.discard(event_id)
                del world.database.rows.buried[key]
                world.note("operator", "lets the broker take larger messages")
            for consumer in list(self.consumers):
                for event_id in consumer.left_to_the_operator():
                    world.cure(consumer.name, event_id)
                    if consumer in self.consumers:
                        await consumer.attend(event_id)


def replay(seed: int) -> Simulation:
    """Run one seed; give what came of it. Raises `Violation` with its story when a promise was broken."""
    simulation = Simulation(World(seed))
    try:
        with silence():
            simulation.play()
    except Exception as failed:
        raise Violation(story(simulation.world, failed)) from failed
    return simulation


def story(world: World, failed: Exception) -> str:
    """Tell what happened to a seed, so that a person can follow it."""
    lines = [f"{at:9.3f}  {who:9} {' '.join(map(str, what))}" for at, who, *what in world.trace[-TRACE_LINES:]]
    return "\n".join(
        [
            f"seed {world.seed}: {failed!r}",
            f"faults: {', '.join(sorted(world.faults)) or 'none'}",
            *lines,
            f"seed {world.seed}: {failed}; replay it with COMMONWATCH_SIM_SEED={world.seed}",
        ]
    )


def _facts(seeds: Iterable[int]) -> int:
    return sum(len(replay(seed).world.promised) for seed in seeds)


def run(seeds: int, processes: int = 2) -> float:
    """Run so many seeds on so many cores; give the seconds. Raises `Violation` with the story of one that failed."""
    began = time.perf_counter()
    parts = [range(first, seeds, processes * 4) for first in range(processes * 4)]
    with get_context("spawn").Pool(processes) as pool:
        for _ in pool.imap_unordered(_facts, parts):
            pass
        pool.close()
        pool.join()
    return time.perf_counter() - began
