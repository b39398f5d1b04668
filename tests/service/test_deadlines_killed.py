"""A process that dies among clocks that fell due loses none of them and tells none twice."""

import asyncio
import os
import sys
from collections import Counter

import pytest
import worklist_stages as stages
from clock_stages import changes, look, told, watched
from dying_scheduler import AT_ONCE, DOOMED, KILLED

from services.inspection.deadlines import scheduler
from services.inspection.deadlines.rungs import Rung
from shared.settings import ROOT
from shared.testing import START, OpenPlatform

MANY = 120
WANTED = dict.fromkeys((Rung.MISSED, Rung.REMINDER, Rung.WARNING, Rung.SUPERVISION), MANY)


@pytest.mark.parametrize("ends", ["uncommitted", "committed"])
async def test_what_a_killed_scheduler_left_another_takes_up(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch, ends: str
):
    monkeypatch.setattr(scheduler, "AT_ONCE", AT_ONCE)
    async with services_here("inspection") as platform:
        watched(platform)
        many = [stages.hazard(nth) for nth in range(1, MANY + 1)]
        await stages.plant(platform, many, [stages.clock(nth, "hazard.plan", START) for nth in range(1, MANY + 1)])
        while await platform.service("inspection").workers[0].round(platform.service("inspection")) or (
            await platform.rows("inspection", "select 1 from deadlines where next_at is null")
        ):
            platform.travel(seconds=61)
        platform.travel(days=40)
        url = platform.service("inspection").database.url
        doomed = await asyncio.create_subprocess_exec(
            sys.executable, DOOMED, url, platform.now.isoformat(), "30", ends,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert doomed.stdout is not None
        assert await doomed.stdout.readline() == b"at work\n"
        _, code = await asyncio.gather(look(platform), doomed.wait())
        assert code == KILLED
        await look(platform)
        await platform.settle(redeliver=3)
        assert Counter(row["rung"] for row in await changes(platform)) == WANTED
        assert Counter(fact.deadline_id for fact in told(platform)).most_common(1)[0][1] == 1
        assert len(told(platform)) == MANY
