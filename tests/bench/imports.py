"""How long a county's enterprises take to come in, beside the least that the database needs for the same rows."""

import asyncio
import io
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from time import perf_counter
from typing import Any

from figures import BenchBroken, Figure, at_most

from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.raw import RawConnection, connect

sys.path.append(str(Path(__file__).parent.parent / "service"))

from county_files import as_csv, enterprises

NAMES = ("registry.import", "registry.import_memory")
SHARE = 0.25
MEMORY_MB = 300
ROWS, QUICK_ROWS = 100_000, 10_000
AREAS = Path(__file__).parent.parent / "data" / "areas-150221.csv"
HERE = Path(__file__).parent


async def imports(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Write a file in a process of its own, then copy the same rows into an empty table of the same shape."""
    rows = QUICK_ROWS if quick else ROWS
    with temporary_directory() as folder:
        (folder / "areas.csv").write_bytes(AREAS.read_bytes())
        (folder / "enterprises.csv").write_bytes(as_csv(enterprises(rows)))
        async with postgres(folder / "postgres", {"registry": "bench"}) as server:
            told = await _imported(server.url("registry"), folder)
            connection = await connect(server.url("registry"))
            try:
                floor_s = min([await _copied(connection) for _ in range(3)])
                stated = await connection.fetchval("select count(*) from outbox where aggregate_type = 'enterprise'")
            finally:
                await connection.close()
    if told["new"] != rows or stated != rows:
        raise BenchBroken(f"of {rows} rows {told['new']} were written and {stated} stated")
    value, floor = rows / told["write_s"], rows / floor_s
    said = (
        f"{rows} enterprises from CSV, read, checked and written with their facts in one transaction, "
        f"{told['write_s']:.1f} s; the preview before it took {told['check_s']:.1f} s; the floor is COPY of the same "
        f"rows into a table with the same indexes, {floor_s:.2f} s; no broker"
    )
    if NAMES[0] in wanted:
        ratio = value / floor
        yield Figure(NAMES[0], value, "rows/s", f"≥ {SHARE:g} × floor", ratio >= SHARE, floor, ratio, said)
    if NAMES[1] in wanted:
        yield at_most(NAMES[1], told["peak_mb"], "MB", MEMORY_MB, "highest resident memory of the whole process")


async def _copied(connection: RawConnection) -> float:
    """Copy the rows that were imported once more; give the seconds."""
    raw: Any = connection
    text = io.BytesIO()
    await raw.copy_from_table("enterprises", output=text, format="csv")
    text.seek(0)
    await connection.execute("drop table if exists floor; create table floor (like enterprises including all)")
    began = perf_counter()
    await raw.copy_to_table("floor", source=text, format="csv")
    return perf_counter() - began


async def _imported(url: str, folder: Path) -> dict[str, Any]:
    program = [sys.executable, str(HERE / "import_once.py"), url, str(folder)]
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE, cwd=HERE.parents[1])
    told, _ = await process.communicate()
    if process.returncode != 0:
        raise BenchBroken(f"the import ended with {process.returncode}")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found
