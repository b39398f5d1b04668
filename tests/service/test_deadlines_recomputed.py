"""What becomes of clocks when a holiday is published or a rule changes: moved, with their history, never silently."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import inspection_county as county
import pytest
import worklist_stages as stages
from clock_stages import about, changes, look, plant, rows, told, watched
from sqlalchemy import text

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines import scheduler
from services.inspection.deadlines.rungs import Rung
from services.inspection.deadlines.scheduler import Scheduler
from services.inspection.hazards.actions.listed import keep_dates_for_lists
from services.inspection.main import OBJECTS
from shared.calendars import calendar_named
from shared.testing import START, OpenPlatform, Platform
from shared.workdays import WorkingDays

DUE = datetime(2026, 10, 13, 15, 59, 59, tzinfo=UTC)
"""Five working days from START."""


NOTHING_TO_COME = "update deadlines set next_at = null, due_at = starts_at + interval '1 hour'"
BROKEN = "update deadlines set remaining = -1, remaining_from = starts_at where object_id = :id"


def publish(platform: Platform, workdays: Mapping[date, bool]) -> None:
    """Let the service read its profile again, with these days in the county's own table."""
    service = platform.service("inspection")
    known = service.profile
    days = WorkingDays(calendar_named("CN"), workdays)
    changed = replace(known, working_days=days, content_hash=f"{known.content_hash}-again")
    service.rules.current = service.database.info["profile"] = changed


def off(*days: date) -> Mapping[date, bool]:
    return dict.fromkeys(days, False)


async def test_a_day_that_is_declared_free_moves_the_clock_and_says_so(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan")
        await look(platform)
        publish(platform, off(date(2026, 10, 12)))
        platform.travel(days=1)
        await look(platform)
        [row] = await rows(platform)
        assert row["due_at"] == DUE + timedelta(days=1)
        assert row["explanation_en"].startswith("5 working days from 2026-09-30 09:00, 9 days off not counted")
        assert row["explanation_en"].endswith(
            "Computed anew on 2026-10-01, for the calendar or the rules have changed:"
            " it was 2026-10-13 23:59, it is 2026-10-14 23:59."
        )
        assert row["explanation_zh"].endswith("重新计算：原为 2026-10-13 23:59，现为 2026-10-14 23:59。")
        [change] = await changes(platform)
        assert (change["what"], change["due_before"], change["due_at"]) == ("recomputed", DUE, row["due_at"])
        platform.now = row["due_at"]
        await look(platform)
        assert [rung for *_, rung in climbed.rungs] == [Rung.APPROACHING, Rung.MISSED]


async def test_lists_show_the_new_date(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        platform.service("inspection").workers = [Scheduler(OBJECTS, moved=keep_dates_for_lists).worker]
        await stages.plant(platform, [stages.hazard(1)], [])
        async with platform.service("inspection").database.transaction() as tx:
            deadlines.start(tx, about(1), "hazard.plan", county.MILL, platform.now)
        await look(platform)
        publish(platform, off(date(2026, 10, 12)))
        await look(platform)
        [kept] = await platform.rows("inspection", "select next_due_at, next_due_key, next_owed_by from hazards")
        assert tuple(kept.values()) == (DUE + timedelta(days=1), "hazard.plan", county.MILL)


async def test_what_somebody_decided_stays(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, "hazard.plan", "hazard.close")
        async with platform.service("inspection").database.transaction() as tx:
            deadlines.start_until(tx, about(1), "hazard.limit", county.MILL, date(2026, 10, 20), platform.now)
            await deadlines.extend(tx, about(2), "hazard.close", date(2026, 10, 21), ("Extended", "延期"), platform.now)
        before = {row["key"]: row["due_at"] for row in await rows(platform)}
        await look(platform)
        publish(platform, off(date(2026, 10, 12)))
        await look(platform)
        after = {row["key"]: row["due_at"] for row in await rows(platform)}
        assert [key for key in before if before[key] != after[key]] == ["hazard.plan"]


async def test_what_was_missed_stays_missed_and_its_new_date_is_kept_beside_it(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan")
        platform.now = DUE + timedelta(hours=1)
        await look(platform)
        publish(platform, off(date(2026, 10, 9), date(2026, 10, 12)))
        await look(platform)
        [row] = await rows(platform)
        assert (row["due_at"], row["rung"]) == (DUE + timedelta(days=2), "missed")
        assert row["explanation_en"].endswith("It was missed under the old date.")
        assert row["explanation_zh"].endswith("按原期限已逾期。")
        platform.now = datetime(2026, 10, 16, 16, tzinfo=UTC)  # a working day after the new date
        await look(platform)
        assert [rung for *_, rung in climbed.rungs] == [Rung.APPROACHING, Rung.MISSED, Rung.REMINDER]
        await platform.settle()
        assert len(told(platform)) == 2


async def test_nobody_is_made_late_by_a_change_that_comes_after_the_day(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan")
        platform.now = datetime(2026, 10, 12, 6, tzinfo=UTC)
        await look(platform)
        publish(platform, {date(2026, 10, 7): True, date(2026, 10, 6): True})  # the clock would have ended on the 10th
        await look(platform)
        [row] = await rows(platform)
        assert row["due_at"] == datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC)
        assert Rung.MISSED not in [rung for *_, rung in climbed.rungs]


async def test_a_provisional_date_is_settled_when_the_year_is_published(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        platform.now = datetime(2028, 1, 24, 1, tzinfo=UTC)  # Spring Festival 2028 is on 26 January
        await plant(platform, "hazard.plan")
        await look(platform)
        [guessed] = await rows(platform)
        assert guessed["provisional"]
        assert "Provisional" in guessed["explanation_en"]
        assert guessed["due_at"] == datetime(2028, 1, 31, 15, 59, 59, tzinfo=UTC)
        year = {date(2028, 1, 1) + timedelta(days=n): True for n in range(60)}
        year |= {day: False for day in year if day.weekday() > 4}
        year |= off(*(date(2028, 1, n) for n in range(25, 32)))
        publish(platform, year)
        await look(platform)
        [settled] = await rows(platform)
        assert not settled["provisional"]
        assert "Provisional" not in settled["explanation_en"]
        assert settled["due_at"] == datetime(2028, 2, 7, 15, 59, 59, tzinfo=UTC)


async def test_a_clock_that_was_paused_counts_what_was_left_by_the_new_calendar(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, "hazard.plan")
        await look(platform)
        database = platform.service("inspection").database
        async with database.transaction() as tx:
            await deadlines.pause(tx, about(1), ["hazard.plan"], platform.now)
        platform.now = datetime(2026, 10, 19, 1, tzinfo=UTC)
        async with database.transaction() as tx:
            await deadlines.resume(tx, about(1), ["hazard.plan"], platform.now)
        [before] = await rows(platform)
        assert before["due_at"] == datetime(2026, 10, 26, 15, 59, 59, tzinfo=UTC)
        publish(platform, off(date(2026, 10, 21)))
        await look(platform)
        [after] = await rows(platform)
        assert after["due_at"] == datetime(2026, 10, 27, 15, 59, 59, tzinfo=UTC)


async def test_nothing_is_written_where_nothing_changes(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, "hazard.plan", "hazard.recheck")
        await look(platform)
        publish(platform, off(date(2027, 3, 3)))
        await look(platform)
        assert await changes(platform) == []
        assert {row["rules_hash"] for row in await rows(platform)} == {
            platform.service("inspection").profile.content_hash
        }


async def test_what_somebody_is_moving_is_looked_at_in_another_pass(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, "hazard.plan", "hazard.plan")
        await look(platform)
        publish(platform, off(date(2026, 10, 12)))
        async with platform.service("inspection").database.transaction() as tx:
            await tx.get_one(OBJECTS[about(1).kind], stages.ident(1), with_for_update=True)
            await look(platform)
            assert sorted(row["due_at"] for row in await rows(platform)) == [DUE, DUE + timedelta(days=1)]
        platform.travel(seconds=61)
        await look(platform)
        assert {row["due_at"] for row in await rows(platform)} == {DUE + timedelta(days=1)}


async def test_rules_that_change_again_in_the_middle_leave_no_clock_on_the_ones_before(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scheduler, "AT_ONCE", 2)
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, *["hazard.plan"] * 4)
        await look(platform)
        service = platform.service("inspection")
        publish(platform, off(date(2026, 10, 12)))
        await service.workers[0].round(service)
        dates = sorted(row["due_at"] for row in await rows(platform))
        assert dates == [DUE, DUE, DUE + timedelta(days=1), DUE + timedelta(days=1)], "two were looked at"
        publish(platform, off(date(2026, 10, 12), date(2026, 10, 14)))
        await look(platform)
        assert {row["due_at"] for row in await rows(platform)} == {DUE + timedelta(days=2)}


async def test_a_right_of_which_nothing_is_to_come_keeps_nobody_awake(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        watched(platform)
        await plant(platform, "case.statement")
        async with platform.service("inspection").database.engine.begin() as connection:
            await connection.execute(text(NOTHING_TO_COME))
        await look(platform)
        platform.travel(seconds=61)
        service = platform.service("inspection")
        assert await service.workers[0].round(service) == 0


async def test_a_clock_that_cannot_be_computed_keeps_its_date_and_holds_up_no_other(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan", "hazard.plan", "hazard.plan")
        await look(platform)
        async with platform.service("inspection").database.engine.begin() as connection:
            await connection.execute(text(BROKEN), {"id": stages.ident(2)})
        publish(platform, off(date(2026, 10, 12)))
        await look(platform)
        dates = {row["object_id"]: row["due_at"] for row in await rows(platform)}
        later = DUE + timedelta(days=1)
        assert dates == {stages.ident(1): later, stages.ident(2): DUE, stages.ident(3): later}
        platform.now = later
        await look(platform)
        assert len([rung for *_, rung in climbed.rungs if rung is Rung.MISSED]) == 3


async def test_rows_of_an_older_version_get_their_next_instant(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        old: list[Any] = [stages.clock(1, "hazard.plan", DUE)]
        await stages.plant(platform, [stages.hazard(1)], old)
        [row] = await rows(platform)
        assert (row["next_at"], row["rules_hash"]) == (None, None)
        await look(platform)
        [row] = await rows(platform)
        assert row["next_at"] == datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC)
        publish(platform, off(date(2026, 10, 12)))
        platform.now = START + timedelta(days=14)
        await look(platform)
        assert [rung for *_, rung in climbed.rungs] == [Rung.APPROACHING, Rung.MISSED]
