"""What was told of a clock is taken back when it ends, stands still or moves, in the transaction that does it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import inspection_county as county
import pytest
import worklist_stages as stages
from clock_stages import about, look, plant, rows, watched
from sqlalchemy.ext.asyncio import AsyncSession
from test_deadlines_recomputed import DUE, off, publish

from services.inspection.deadlines import actions as deadlines
from shared.contracts.inspection import DeadlineApproaching, DeadlineChanged, DeadlineMissed, DeadlineTurn
from shared.testing import OpenPlatform, Platform

KEY = "hazard.plan"
WHY = ("Extended", "延期")
Do = Callable[[AsyncSession, datetime], Awaitable[Any]]


async def do(platform: Platform, *steps: Do) -> None:
    async with platform.service("inspection").database.transaction() as tx:
        for step in steps:
            await step(tx, platform.now)


def taken_back(platform: Platform) -> list[DeadlineChanged]:
    return [fact for fact in platform.events(DeadlineChanged) if isinstance(fact, DeadlineChanged)]


def pause(tx: AsyncSession, now: datetime) -> Awaitable[None]:
    return deadlines.pause(tx, about(1), [KEY], now)


def resume(tx: AsyncSession, now: datetime) -> Awaitable[None]:
    return deadlines.resume(tx, about(1), [KEY], now)


def meet(tx: AsyncSession, now: datetime) -> Awaitable[None]:
    return deadlines.meet(tx, about(1), [KEY], now)


def extend(tx: AsyncSession, now: datetime) -> Awaitable[None]:
    return deadlines.extend(tx, about(1), KEY, date(2026, 10, 30), WHY, now)


ENDS: list[tuple[Do, str, str]] = [
    (meet, "met", "2026-10-13"),
    (lambda tx, now: deadlines.cancel(tx, about(1), [KEY], now), "cancelled", "2026-10-13"),
    (lambda tx, now: deadlines.cancel_all(tx, about(1), now), "cancelled", "2026-10-13"),
    (pause, "paused", "2026-10-13"),
    (extend, "moved", "2026-10-30"),
]


@pytest.mark.parametrize(("act", "turn", "day"), ENDS, ids=["met", "cancelled", "all", "paused", "moved"])
async def test_only_of_clocks_of_which_something_was_told(services_here: OpenPlatform, act: Do, turn: str, day: str):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, KEY, KEY)
        before = platform.now
        await do(platform, act)
        await platform.settle(redeliver=3)
        assert taken_back(platform) == [], "nobody had heard of it"
        await plant_again(platform, before)
        platform.now = DUE - timedelta(days=2)
        await look(platform)
        await do(platform, act)
        await platform.settle(redeliver=3)
        [fact] = taken_back(platform)
        [row] = [row for row in await rows(platform) if row["id"] == fact.deadline_id]
        assert (fact.turn, fact.key, fact.object_id, fact.due_at) == (turn, KEY, stages.ident(1), row["due_at"])
        assert f"{fact.due_at:%Y-%m-%d}" == day
        assert row["version"] == 2, "the reminder, and this"
        assert fact.area_code == county.TOWN


async def plant_again(platform: Platform, at: datetime) -> None:
    """End what runs of the first hazard, and start the clock anew."""
    async with platform.service("inspection").database.transaction() as tx:
        await deadlines.cancel_all(tx, about(1), at)
        deadlines.start(tx, about(1), KEY, county.EMERGENCY, at)


async def test_a_move_of_a_clock_that_stands_still_does_not_let_it_go_on(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, KEY)
        platform.now = DUE - timedelta(days=2)
        await look(platform)
        await do(platform, pause, extend, resume, meet)
        await platform.settle(redeliver=3)
        assert [fact.turn for fact in taken_back(platform)] == ["paused", "paused"]
        [row] = await rows(platform)
        assert (row["state"], row["version"]) == ("met", 3), "of its new date nobody had heard"
        versions = [message.headers["ce-sequence"] for message in platform.bus.stored if "deadline" in message.subject]
        assert [int(each) for each in versions] == [1, 2, 3], "told in order, without a gap"


async def test_a_clock_that_goes_on_to_the_date_that_was_told_is_told_again(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, KEY)
        platform.now = DUE - timedelta(days=2)
        await look(platform)
        await do(platform, pause, resume)
        await platform.settle(redeliver=3)
        assert [(fact.turn, fact.due_at) for fact in taken_back(platform)] == [("paused", DUE), ("resumed", DUE)]


async def test_a_miss_that_is_met_late_is_taken_back_and_a_new_calendar_takes_back_no_miss(
    services_here: OpenPlatform,
):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, KEY)
        platform.now = DUE - timedelta(days=2)
        await look(platform)
        publish(platform, off(date(2026, 10, 12)))
        await look(platform)
        await platform.settle(redeliver=3)
        [moved] = taken_back(platform)
        assert (moved.turn, moved.due_at) == (DeadlineTurn.MOVED, DUE + timedelta(days=1))
        platform.now = DUE + timedelta(days=1, hours=1)
        await look(platform)
        publish(platform, off(date(2026, 10, 12), date(2026, 10, 13)))
        await look(platform)
        await platform.settle(redeliver=3)
        assert len(taken_back(platform)) == 1, "what was missed stays missed"
        await do(platform, meet)
        await platform.settle(redeliver=3)
        assert [fact.turn for fact in taken_back(platform)] == ["moved", "met"]


async def test_nobody_is_reminded_of_what_was_done_in_time(services_here: OpenPlatform):
    async with services_here("inspection", "notify") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        async with platform.service("inspection").database.transaction() as tx:
            tx.add_all([stages.hazard(nth, lead_authority_id=county.FIRE) for nth in (1, 2)])
        for nth in (1, 2):
            async with platform.service("inspection").database.transaction() as tx:
                deadlines.start(tx, about(nth), "part.answer", county.FIRE, platform.now)
        platform.travel(days=10)
        await platform.settle(redeliver=3)
        assert len(platform.events(DeadlineApproaching)) == 2
        async with platform.service("inspection").database.transaction() as tx:
            await deadlines.meet(tx, about(1), ["part.answer"], platform.now)
        platform.travel(days=2)
        await platform.settle(redeliver=3)
        query = "select subject, body from notifications where template = 'deadline_digest' and person_id = :person"
        [digest] = await platform.rows("notify", query, person=county.FIRE_DESK)
        assert digest["subject"].startswith("1 项期限将至")
        assert "H2026-000002" in digest["body"]
        platform.travel(days=2)
        await platform.settle(redeliver=3)
        assert len(platform.events(DeadlineMissed)) == 1
