"""How long ten thousand simulated accidents take; too long, and nobody would run them before each change."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from figures import Figure, at_most

sys.path.append(str(Path(__file__).parent.parent))

from chaos.simulated.simulation import run

NAMES = ("simulation",)
SEEDS, WITHIN_S = 10_000, 60.0
PROCESSES = 2


async def simulated(_: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Run every seed; a broken promise ends the bench with its story."""
    seeds = SEEDS // 10 if quick else SEEDS
    took_s = await asyncio.to_thread(run, seeds, PROCESSES)
    told = f"{seeds:,} seeds over {PROCESSES} processes took {took_s:.1f} s; every promise was kept"
    yield at_most("simulation", took_s * SEEDS / seeds, "s for 10,000 seeds", WITHIN_S, told)
