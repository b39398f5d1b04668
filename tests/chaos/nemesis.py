"""Kills, pauses and cuts by seeded chance; without it a crash at the worst moment would wait for production."""

import asyncio
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import psutil
from chaos.live import Live, until
from chaos.stage import PROCESSES, STANDBY
from chaos.wire import HOST, Way, Wire

from services.cli.docs import described
from services.cli.up import durables
from shared.bus.streams import lay_streams

GROWN_S = 2.0
"""A server younger than that has hardly begun; to kill it would prove little. A service has begun when it answers."""
ANSWER_S = 0.5
AIM_S = 0.5
"""A service is struck up to so long after its answer: at the answer itself it is in the middle of nothing."""
SHORT_S = (0.1, 1.5)
SLOW_S = (1.0, 4.0)
DELAY_S = (0.02, 0.2)
BYTES_PER_S = 20_000.0
ACK_WAIT_S = 12.0
"""Longer than the broker waits for an acknowledgement."""
DEDUPE_S = 130.0
"""Longer than the broker knows an event's id: what was in a paused relay's hands is stored again."""
SERVERS = ("nats", "postgres")
STORE_LOST = ("lose", "the store of nats")


@dataclass(frozen=True)
class Blow:
    """Something that can go wrong, with how often it is chosen beside the others."""

    kind: str
    target: str
    weight: float
    strike: Callable[["Nemesis", random.Random], Awaitable[bool]]
    """Returns whether it struck: its target may be away at this moment."""
    kills: bool = False
    aside: bool = False
    """It lasts so long that other things go wrong meanwhile."""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.target}"


def kill(target: str, weight: float, number: signal.Signals = signal.SIGKILL) -> Blow:
    async def strike(nemesis: "Nemesis", chance: random.Random) -> bool:
        victim = await nemesis.victim(target, chance)
        return victim is not None and _sent(victim, number)

    return Blow("kill", target, weight, strike, kills=True)


def kill_a_backend(weight: float) -> Blow:
    """One process of PostgreSQL dies; the server then ends every connection and recovers."""

    async def strike(nemesis: "Nemesis", chance: random.Random) -> bool:
        server = await nemesis.victim("postgres", chance)
        if server is None:
            return False
        backends = [each for each in server.children() if "[local]" in _title(each)]
        return bool(backends) and _sent(chance.choice(backends), signal.SIGKILL)

    return Blow("kill", "one backend of postgres", weight, strike, kills=True)


def pause(target: str, weight: float, seconds: tuple[float, float] = SHORT_S, kind: str = "pause") -> Blow:
    async def strike(nemesis: "Nemesis", chance: random.Random) -> bool:
        victim = await nemesis.victim(target, chance)
        length_s = chance.uniform(*seconds)
        if victim is None or not _sent(victim, signal.SIGSTOP):
            return False
        try:
            await asyncio.sleep(length_s)
        finally:
            _sent(victim, signal.SIGCONT)
        return True

    return Blow(kind, target, weight, strike, aside=seconds[0] > max(SHORT_S))


def disturb(kind: str, server: str, weight: float, how: Callable[[Wire, random.Random], object]) -> Blow:
    """Do something to the line of one process to a server, for a while."""

    async def strike(nemesis: "Nemesis", chance: random.Random) -> bool:
        line = nemesis.live.wires[chance.choice(list(PROCESSES)), server]
        how(line, chance)
        await asyncio.sleep(chance.uniform(*SLOW_S))
        if chance.random() < 0.5:
            line.reset()  # what was kept back is lost with the connection
        line.heal()
        return True

    return Blow(kind, f"a line to {server}", weight, strike, aside=True)


def lose_the_store(after_s: tuple[float, float]) -> Blow:
    """The broker comes back with nothing; the operator lays streams and consumers, the relays fill them again."""

    async def strike(nemesis: "Nemesis", chance: random.Random) -> bool:
        await asyncio.sleep(chance.uniform(*after_s))
        live, store = nemesis.live, nemesis.live.var / "nats" / "store"
        server = live.find("nats")
        if server is None:
            return False
        lost = store.rename(store.with_name("lost"))
        _sent(server, signal.SIGKILL)
        consumers = durables(described())

        async def laid() -> bool:
            await lay_streams(live.place["nats"], live.keys.nats_seed(), consumers)
            return True

        await until(laid, "streams and consumers are laid again")
        shutil.rmtree(lost)
        return True

    return Blow(*STORE_LOST, 1, strike, aside=True)


def _sent(victim: psutil.Process, number: signal.Signals) -> bool:
    try:
        victim.send_signal(number)
    except psutil.NoSuchProcess:
        return False
    return True


def _title(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _delay(line: Wire, chance: random.Random) -> None:
    line.delay_s = chance.uniform(*DELAY_S)


def _cap(line: Wire, _: random.Random) -> None:
    line.bytes_per_s = BYTES_PER_S


def _cut_one_way(line: Wire, chance: random.Random) -> None:
    line.cut(chance.choice(list(Way)))


LINES: Sequence[tuple[str, float, Callable[[Wire, random.Random], object]]] = (
    ("delay", 0.5, _delay),
    ("cap", 0.5, _cap),
    ("cut one way", 0.5, _cut_one_way),
    ("cut", 0.5, lambda line, _: line.cut(*Way)),
    ("reset", 1.0, lambda line, _: line.reset()),
    ("tear", 1.0, lambda line, _: line.tear()),
)
SHORT: Sequence[Blow] = (
    *(kill(name, weight) for name, weight in (("inspection", 3), ("notify", 3), ("volunteer", 3), ("thirdparty", 2))),
    *(kill(name, 1) for name in ("registry", "gateway", STANDBY)),
    kill("nats", 4),
    kill("postgres", 1, signal.SIGQUIT),
    kill_a_backend(1),
    *(pause(name, 0.5) for name in (*PROCESSES, *SERVERS)),
    *(disturb(kind, server, weight, how) for kind, weight, how in LINES for server in SERVERS),
)
"""Where events flow, misfortune comes more often. PostgreSQL's SIGQUIT is its immediate stop. Of two processes of one
service the elder is struck by the service's name: its relay is the active one, unless it lost its connection."""
LONG: Sequence[Blow] = (
    *SHORT,
    *(pause(name, 0.3, (ACK_WAIT_S, ACK_WAIT_S), "long pause") for name in (*PROCESSES, "nats")),
)
ONCE: Sequence[Blow] = (
    pause("volunteer", 1, (DEDUPE_S, DEDUPE_S), "pause beyond the dedupe window"),
    lose_the_store((20.0, 60.0)),
)


@dataclass
class Nemesis:
    """One platform's misfortune. The seed decides what happens and in which order, never at quite which moment."""

    live: Live
    seed: int
    every_s: tuple[float, float]
    blows: Sequence[Blow]
    once: Sequence[Blow] = ()
    """Each of these happens one time, from the beginning."""
    tally: Counter[str] = field(default_factory=Counter[str])
    kills: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # drawn from by `haunt` alone, in its order
        self._aside: set[asyncio.Task[None]] = set()
        self._client = httpx.AsyncClient(trust_env=False, verify=False)

    @property
    def refilled(self) -> bool:
        """Whether the broker lost its store."""
        return self.tally[" ".join(STORE_LOST)] > 0

    async def victim(self, target: str, chance: random.Random) -> psutil.Process | None:
        """Find a process that is at work: neither paused nor just begun."""
        found = self.live.processes(PROCESSES.get(target, target))
        if target == STANDBY:
            found = found[1:]
        with suppress(IndexError, psutil.Error):
            chosen = found[0]
            if chosen.status() != psutil.STATUS_STOPPED and await self._at_work(chosen, target, chance):
                return chosen
        return None

    async def _at_work(self, process: psutil.Process, target: str, chance: random.Random) -> bool:
        if target in SERVERS:
            return process.create_time() < time.time() - GROWN_S
        port = process.cmdline()[-1]
        with suppress(httpx.HTTPError):
            await self._client.get(f"http://{HOST}:{port}/health/live", timeout=ANSWER_S)
            await asyncio.sleep(chance.uniform(0.0, AIM_S))
            return True
        return False

    async def haunt(self, ended: asyncio.Event) -> None:
        """Strike again and again until told to end; leave everything running and healed."""
        weights = [blow.weight for blow in self.blows]
        try:
            for blow in self.once:
                self._begin_aside(blow)
            while not ended.is_set():
                await asyncio.sleep(self.chance.uniform(*self.every_s))
                [blow] = self.chance.choices(self.blows, weights)
                if blow.aside:
                    self._begin_aside(blow)
                else:
                    await self._strike(blow, self._own_chance())
            await asyncio.gather(*self._aside)
        finally:
            for task in self._aside:
                task.cancel()
            await asyncio.gather(*self._aside, return_exceptions=True)
            for line in self.live.wires.values():
                line.heal()
            await self._client.aclose()

    def _own_chance(self) -> random.Random:
        """Give a blow its own: blows that last draw while others do, and would draw from each other's."""
        return random.Random(self.chance.random())

    def _begin_aside(self, blow: Blow) -> None:
        task = asyncio.create_task(self._strike(blow, self._own_chance()), name=blow.name)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _strike(self, blow: Blow, chance: random.Random) -> None:
        struck = await blow.strike(self, chance)
        self.tally[blow.name] += struck
        self.kills += struck and blow.kills

    def __str__(self) -> str:
        names = [blow.name for blow in (*self.blows, *self.once)]
        return "\n".join(f"  {self.tally[name]:4} × {name}" for name in names)
