"""Every clock of the profile can rest: it is silent past its date, and goes on with what was left, in its own unit."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import worklist_stages as stages
from clock_stages import about, look, plant, rows, watched
from test_deadlines import CN, KEYS

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.rungs import Rung
from shared.contracts.inspection import RIGHTS
from shared.testing import START, OpenPlatform, Platform

NTH = {key: nth for nth, key in enumerate(KEYS, 1)}
FIRST_DAY = CN.local_day(START)
BACK = START + timedelta(days=200)
AGAIN = BACK + timedelta(days=30)


def _unit(key: str) -> str:
    return CN.rule(key, FIRST_DAY).unit


def _begins_to_rest(key: str) -> datetime:
    """Let part of it run, where there is a part: half of its hours, one of its days."""
    due = CN.due(key, START).at
    if _unit(key) == "hour":
        return START + (due - START) / 2
    return START + timedelta(days=1) if CN.local_day(due) > FIRST_DAY else START


def _with_what_was_left(key: str, due: datetime, paused: datetime, now: datetime) -> datetime:
    """Count it day by day, as nothing in the service does."""
    if _unit(key) == "hour":
        return now + (due - paused)
    day, rested_on, last = CN.local_day(now), CN.local_day(paused), CN.local_day(due)
    left = [rested_on + timedelta(days=n) for n in range(1, (last - rested_on).days + 1)]
    if _unit(key) != "working_day":
        return CN.end_of(day + timedelta(days=len(left)))
    return CN.end_of(_working_days_after(day, sum(CN.working_days.is_working(each) for each in left)))


def _working_days_after(day: date, left: int) -> date:
    while left:
        day += timedelta(days=1)
        left -= CN.working_days.is_working(day)
    return day


async def _pause(platform: Platform, *keys: str) -> None:
    async with platform.service("inspection").database.transaction() as tx:
        for key in keys:
            await deadlines.pause(tx, about(NTH[key]), [key], platform.now)


async def _resume(platform: Platform) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    async with platform.service("inspection").database.transaction() as tx:
        for key in KEYS:
            ends |= await deadlines.resume(tx, about(NTH[key]), [key], platform.now)
    return ends


async def _by_key(platform: Platform) -> Mapping[str, Mapping[str, Any]]:
    return {row["key"]: row for row in await rows(platform)}


async def test_every_clock_rests_in_silence_and_goes_on_with_what_was_left(services_here: OpenPlatform) -> None:
    assert {_unit(key) for key in KEYS} == {"hour", "calendar_day", "working_day", "month"}
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, *KEYS)
        for now in sorted({_begins_to_rest(key) for key in KEYS}):
            platform.now = now
            await _pause(platform, *(key for key in KEYS if _begins_to_rest(key) == now))
        assert {(row["state"], row["next_at"]) for row in await rows(platform)} == {("paused", None)}
        assert max(CN.due(key, START).at for key in KEYS) < BACK
        platform.now = BACK
        await look(platform)
        assert climbed.rungs == [], "past its date, and nobody is late"
        first = {key: _with_what_was_left(key, CN.due(key, START).at, _begins_to_rest(key), BACK) for key in KEYS}
        assert await _resume(platform) == first
        await _pause(platform, *KEYS)
        platform.now = AGAIN
        await look(platform)
        assert climbed.rungs == [], "a second time as well"
        second = {key: _with_what_was_left(key, due, BACK, AGAIN) for key, due in first.items()}
        assert await _resume(platform) == second
        known = await _by_key(platform)
        assert {key: row["due_at"] for key, row in known.items()} == second
        assert {(row["state"], row["paused_at"]) for row in known.values()} == {("open", None)}
        for due in sorted(set(second.values())):
            platform.now = max(AGAIN, due - timedelta(seconds=1))
            await look(platform)
            ran_out = {key for key, at in second.items() if at < due or at <= platform.now}
            assert _missed(climbed.rungs) == ran_out - RIGHTS
            platform.now = due
            await look(platform)
            assert _missed(climbed.rungs) == {key for key, at in second.items() if at <= due} - RIGHTS
        missed = [key for _, key, rung in climbed.rungs if rung is Rung.MISSED]
        assert sorted(missed) == sorted(set(KEYS) - RIGHTS), "each once; who does not use a right is not late"
        assert {key for thing, key, _ in climbed.rungs if thing != stages.ident(NTH[key])} == set()


def _missed(rungs: list[tuple[Any, str, Rung]]) -> set[str]:
    return {key for _, key, rung in rungs if rung is Rung.MISSED}


async def test_what_ends_a_matter_ends_every_clock_that_rests(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, *KEYS)
        await _pause(platform, *KEYS)
        async with platform.service("inspection").database.transaction() as tx:
            for key in KEYS:
                await (deadlines.meet if NTH[key] % 2 else deadlines.cancel)(tx, about(NTH[key]), [key], platform.now)
        assert await _resume(platform) == {}, "what has ended does not go on"
        platform.now = BACK
        await look(platform)
        assert climbed.rungs == []
        states = {key: row["state"] for key, row in (await _by_key(platform)).items()}
        assert states == {key: "met" if NTH[key] % 2 else "cancelled" for key in KEYS}
