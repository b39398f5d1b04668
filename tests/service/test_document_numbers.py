"""Numbers of documents have no gap, whoever issues at the same instant, changes their mind or dies."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import inspection_county as county
from numbering import database, issue

from shared.testing import OpenPlatform, Platform

HERE = Path(__file__).parent


async def numbers(platform: Platform) -> list[str]:
    found = await platform.rows("inspection", "select number from documents order by number")
    return [row["number"] for row in found]


def expected(how_many: int) -> list[str]:
    return [f"安委办约谈〔2026〕{place:06d}号" for place in range(1, how_many + 1)]


async def test_sixty_issue_at_once_a_fifth_thinks_better_of_it_and_no_number_is_missing(
    services_here: OpenPlatform, postgres_server: Any
) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        known = database(postgres_server.url("inspection"))
        try:
            tried = [issue(known, county.COMMITTEE, county.MILL, fails=place % 5 == 4) for place in range(60)]
            outcomes = await asyncio.gather(*tried, return_exceptions=True)
        finally:
            await known.close()
        given = sorted(each for each in outcomes if isinstance(each, str))
        assert len(given) == 48
        assert given == await numbers(platform) == expected(48)


async def test_a_process_that_dies_with_a_number_in_hand_leaves_no_gap(
    services_here: OpenPlatform, postgres_server: Any
) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        url = postgres_server.url("inspection")
        dead = [asyncio.to_thread(_dies_at, place, url) for place in ("document.numbered", "action.uncommitted")]
        assert await asyncio.gather(*dead) == [137, 137]
        assert await numbers(platform) == []
        assert await asyncio.to_thread(_dies_at, "action.committed", url) == 137
        known = database(url)
        try:
            await issue(known, county.COMMITTEE, county.MILL)
        finally:
            await known.close()
        assert await numbers(platform) == expected(2), "what was committed before the death stands"


def _dies_at(place: str, url: str) -> int:
    process = subprocess.run(
        [sys.executable, str(HERE / "numbering.py"), url, str(county.COMMITTEE), str(county.MILL)],
        env={**os.environ, "COMMONWATCH_CRASHPOINT": place, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    return process.returncode
