"""Kills and pauses processes by seeded chance; without it a crash at the worst moment would wait for production."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from signal import SIGCONT, SIGKILL, SIGSTOP

from chaos.live import Live

from services.cli.parts import SERVICES

REST_S = (0.3, 1.5)
PAUSE_S = (0.1, 1.5)
KILLS = 0.75
"""Of the blows, how many kill; the rest pause."""
VICTIMS = (*SERVICES, "volunteer", "inspection", "notify", "nats", "nats", "nats")
"""Where events flow, misfortune comes more often."""


@dataclass
class Nemesis:
    """One platform's misfortune; the same seed deals the same blows, though never at quite the same moment."""

    live: Live
    seed: int
    victims: tuple[str, ...] = VICTIMS
    long_pause_s: float = 0.0
    """If given, one pause in ten is as long as this: longer than anybody waits for an acknowledgement."""
    kills: Counter[str] = field(default_factory=Counter[str])
    pauses: Counter[str] = field(default_factory=Counter[str])

    async def haunt(self, seconds: float, least_kills: int = 10) -> None:
        chance = random.Random(self.seed)
        until = time.monotonic() + seconds
        while time.monotonic() < until or self.kills.total() < least_kills:
            await asyncio.sleep(chance.uniform(*REST_S))
            victim = chance.choice(self.victims)
            if chance.random() < KILLS:
                self.kills[victim] += await asyncio.to_thread(self.live.send, victim, SIGKILL)
            else:
                long = self.long_pause_s and chance.random() < 0.1
                await self._pause(victim, self.long_pause_s if long else chance.uniform(*PAUSE_S))

    async def _pause(self, victim: str, seconds: float) -> None:
        self.pauses[victim] += await asyncio.to_thread(self.live.send, victim, SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(self.live.send, victim, SIGCONT)
