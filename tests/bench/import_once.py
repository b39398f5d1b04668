"""The process whose import is measured: the registry's own worker on a database and a folder of files."""

import asyncio
import json
import resource
import sys
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.cli.server import settle_memory
from services.registry.imports.actions import jobs
from services.registry.imports.actions.working import work
from services.registry.imports.clients import Files
from services.registry.imports.models import Import
from services.registry.main import NAME
from services.registry.models import Row
from shared.auth import Actor
from shared.clock import system_clock
from shared.db import Database
from shared.migrate import upgrade
from shared.profile import load
from shared.settings import ROOT

OPERATOR = Actor(UUID(int=1), "operator", None, "150221")


async def bring_in(database: Database, files: Files, kind: str, data: bytes) -> tuple[float, float, int]:
    """Check and write one file; give the seconds of both and how many rows were new."""
    digest = await files.keep(data)
    import_id, now = uuid4(), system_clock()
    async with database.transaction() as tx:
        await jobs.hand_in(tx, OPERATOR, import_id, jobs.HandedIn(kind, "bench", digest, len(data)), now)
    began = perf_counter()
    await work(database, files, system_clock)
    checked = perf_counter()
    async with database.transaction() as tx:
        await jobs.confirm(tx, OPERATOR, import_id, now, skip_bad=False)
    confirmed = perf_counter()
    await work(database, files, system_clock)
    done = perf_counter()
    async with database.reading() as tx:
        return checked - began, done - confirmed, (await tx.get_one(Import, import_id)).new


async def main(url: str, folder: Path) -> None:
    await upgrade(NAME, Row.metadata, url)
    database, files = Database(NAME, url), Files(str(folder / "files"))
    database.info["profile"] = load("cn", ROOT / "profiles")
    settle_memory()
    await bring_in(database, files, "areas", (folder / "areas.csv").read_bytes())
    check_s, write_s, new = await bring_in(database, files, "enterprises", (folder / "enterprises.csv").read_bytes())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await database.close()
    sys.stdout.write(json.dumps({"check_s": check_s, "write_s": write_s, "new": new, "peak_mb": peak_mb}) + "\n")


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main(sys.argv[1], Path(sys.argv[2])))
