"""The whole platform as an operator starts it: how long it takes, how much it holds, how fast a report travels."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
from figures import BenchBroken, Figure, at_most, not_measured
from journey import JOURNEYS, journeys
from stage import database, running

from shared.embedded.files import temporary_directory
from shared.raw import connect
from shared.settings import ROOT

NAMES = ("start.cold", "start.warm", "memory", *JOURNEYS)
COLD_S, WARM_S, MEMORY_MB = 25, 8, 350
READY_S = 90.0
DEMO_S = 120.0
MB = 1024 * 1024


async def whole(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Start from nothing, start again, show the demo, then once more with a process per service for the journeys."""
    with temporary_directory() as folder:
        var = folder / "var"
        async with up(var) as (place, took_s):
            if "start.cold" in wanted:
                yield at_most("start.cold", took_s, "s", COLD_S, "from an empty folder to run.json, county seeded")
            await _keep_commit_times(place)
        if wanted & {"start.warm", "memory"}:
            async with up(var) as (place, took_s):
                if "start.warm" in wanted:
                    yield at_most("start.warm", took_s, "s", WARM_S, "second start on the data of the first")
                if "memory" in wanted:
                    yield (
                        not_measured("memory", "MB", f"≤ {MEMORY_MB} MB", "--quick leaves the demo out")
                        if quick
                        else await _memory_after_the_demo(place, folder)
                    )
        if wanted & set(JOURNEYS):
            async with up(var, "--processes") as (place, _):
                async for figure in journeys(place, wanted, quick=quick):
                    yield figure


@asynccontextmanager
async def up(var: Path, *options: str) -> AsyncGenerator[tuple[dict[str, Any], float]]:
    """Run `commonwatch up --demo`; give what it says of itself and the seconds until it said so."""
    run_file = var / "run.json"
    command = ["-m", "services.cli", "up", "--demo", "--var", str(var), "--gateway-port", "0", *options]
    began = perf_counter()
    async with running(command, {}, var.parent / "up.log") as process:
        while not run_file.exists():
            if process.returncode is not None or perf_counter() - began > READY_S:
                raise BenchBroken("`commonwatch up --demo` was not ready; its last words:")
            await asyncio.sleep(0.02)
        took_s = perf_counter() - began
        yield json.loads(run_file.read_text()), took_s


async def _keep_commit_times(place: Mapping[str, Any]) -> None:
    """From the next start on PostgreSQL remembers when each transaction committed."""
    connection = await connect(database(place, "postgres"))
    try:
        await connection.execute("alter system set track_commit_timestamp = on")
    finally:
        await connection.close()


async def _memory_after_the_demo(place: Mapping[str, Any], folder: Path) -> Figure:
    platform = psutil.Process(place["pid"])
    before_mb = platform.memory_info().rss / MB
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "demo", "--var", str(folder / "var"),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        told, _ = await asyncio.wait_for(process.communicate(), DEMO_S)
    except TimeoutError:
        process.kill()
        told = f"the demo did not end within {DEMO_S:.0f} s".encode()
        await process.wait()
    last = (told.decode("utf-8", "replace").strip().splitlines() or ["the demo said nothing"])[-1]
    if process.returncode != 0:
        return not_measured("memory", "MB", f"≤ {MEMORY_MB} MB", last)
    held = platform.memory_full_info()
    said = f"RSS of the one process after `{last}`; PSS {held.pss / MB:.0f} MB; RSS before the demo {before_mb:.0f} MB"
    return at_most("memory", held.rss / MB, "MB", MEMORY_MB, said)
