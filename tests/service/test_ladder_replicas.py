"""Several replicas climb the ladder at once: nothing twice, nothing lost, nobody waited for."""

import asyncio
import os
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import inspection_county as county
import pytest
from dying_scheduler import AT_ONCE, DOOMED, KILLED
from inspection_county import post
from ladder_stages import (
    MISSED,
    REMINDED,
    SUPERVISED,
    WARNED,
    climbs,
    day_by_day,
    height,
    kinds,
    late,
    letters,
    until,
)
from visit_stages import known_county

from services.inspection.deadlines import scheduler
from services.inspection.hazards.actions.listed import keep_dates_for_lists
from services.inspection.hazards.models import Hazard
from services.inspection.ladder.actions import busy_behind, climb, climbing
from services.inspection.main import OBJECTS
from shared.contracts.inspection import LetterSent, Listing
from shared.contracts.values import Grade
from shared.settings import ROOT
from shared.testing import OpenPlatform, Platform

BUREAU, OFFICE, WORKS = county.EMERGENCY, county.COMMITTEE, county.MILL


async def together(platform: Platform, replicas: int) -> None:
    """Let several schedulers look at once, until none finds anything."""
    service = platform.service("inspection")
    workers = [scheduler.Scheduler(OBJECTS, climb, keep_dates_for_lists, busy_behind).worker for _ in range(replicas)]
    while sum(await asyncio.gather(*(worker.round(service) for worker in workers))):
        pass


async def test_two_schedulers_and_a_crash_write_no_letter_twice(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        ids = [await late(platform) for _ in range(6)]
        await until(platform, MISSED)
        platform.now = REMINDED
        service = platform.service("inspection")
        [scheduler] = [worker for worker in service.workers if worker.name == "deadlines"]
        escalate, faults = climbing._escalate, [RuntimeError("power cut")] * 7

        async def broken(*given: Any) -> None:
            if faults:
                raise faults.pop()
            await escalate(*given)

        monkeypatch.setattr(climbing, "_escalate", broken)
        await scheduler.round(service)
        assert await letters(platform) == [], "what failed left nothing behind"
        platform.travel(minutes=5)
        await asyncio.gather(*(scheduler.round(service) for _ in range(4)))
        await until(platform, platform.now)
        assert await kinds(platform) == [("reminder", OFFICE, BUREAU)] * 6
        numbers = sorted(letter["number"] for letter in await letters(platform))
        assert numbers == [f"安委办提醒函〔2026〕{n:06d}号" for n in range(1, 7)]
        for hazard_id in ids:
            assert len(await climbs(platform, hazard_id)) == 1


async def test_replicas_that_supervise_one_party_at_once_count_together(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "AT_ONCE", 2)
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazards = [await late(platform) for _ in range(4)]
        await day_by_day(platform, MISSED)
        platform.now = SUPERVISED
        await together(platform, 2)
        await until(platform, platform.now)
        written = [letter["kind"] for letter in await letters(platform)]
        assert (written.count("supervision"), written.count("interview")) == (4, 1)
        assert sorted([await height(platform, each) for each in hazards]) == [3, 3, 4, 4]


async def test_replicas_that_meet_at_one_hazard_put_nothing_off(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning's reply is due in the second of the next rung of what it is about: both are taken at once."""
    monkeypatch.setattr(scheduler, "AT_ONCE", 6)
    async with services_here("inspection") as platform:
        await known_county(platform)
        for _ in range(12):
            await late(platform)
        await day_by_day(platform, MISSED, REMINDED, WARNED)
        failed = scheduler.FAILED._value.get()
        platform.now = SUPERVISED
        await together(platform, 3)
        await until(platform, platform.now)
        assert scheduler.FAILED._value.get() == failed
        assert [letter["kind"] for letter in await letters(platform)].count("supervision") == 12
        assert await platform.rows("inspection", "select 1 from deadlines where tries > 0") == []


async def test_an_interview_that_is_set_aside_meanwhile_takes_up_nothing_more(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        first = await late(platform, WORKS, key="hazard.limit", listing=Listing.LISTED, grade=Grade.MAJOR)
        await until(platform, MISSED)
        [prepared] = await letters(platform)
        second = await late(platform, WORKS, key="hazard.close", listing=Listing.LISTED, grade=Grade.MAJOR)
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get(Hazard, UUID(second))
            assert row is not None
            last_day = (platform.now + timedelta(days=1)).date()
            climbing.deadlines.start_until(tx, row.about, "hazard.limit", WORKS, last_day, platform.now)
        claim, ways = climbing._claim, [1]

        async def first_set_aside(*given: Any) -> None:
            if ways:
                ways.pop()
                reason = "Settled by telephone."
                await post(platform, county.committee, f"/letters/{prepared['id']}/set-aside", reason=reason)
            await claim(*given)

        monkeypatch.setattr(climbing, "_claim", first_set_aside)
        await until(platform, platform.now + timedelta(days=2))
        aside, anew = [letter for letter in await letters(platform) if letter["kind"] == "interview"]
        assert (aside["state"], aside["hazard_ids"]) == ("set_aside", [first])
        assert (anew["state"], anew["hazard_ids"]) == ("prepared", [second])


@pytest.mark.parametrize("ends", ["uncommitted", "committed"])
async def test_a_replica_that_is_killed_among_its_letters_leaves_none_double_and_no_number_out(
    services_here: OpenPlatform, ends: str
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazards = [await late(platform) for _ in range(AT_ONCE * 2)]
        await day_by_day(platform, MISSED)
        url = platform.service("inspection").database.url
        doomed = await asyncio.create_subprocess_exec(
            sys.executable, DOOMED, url, REMINDED.isoformat(), str(AT_ONCE), ends,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert await doomed.wait() == KILLED
        there = {"uncommitted": 0, "committed": AT_ONCE}[ends]
        assert len(await platform.rows("inspection", "select 1 from letters")) == there
        await until(platform, REMINDED)
        numbers = [row["number"] for row in await platform.rows("inspection", "select number from letters order by 1")]
        assert numbers == [f"安委办提醒函〔2026〕{n:06d}号" for n in range(1, len(hazards) + 1)]
        assert [len(await climbs(platform, each)) for each in hazards] == [1] * len(hazards)
        assert len(platform.events(LetterSent)) == len(hazards)
