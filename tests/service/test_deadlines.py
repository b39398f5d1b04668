"""Clocks on a real PostgreSQL and a clock that travels: each rung is told once, in order, and only while it is owed."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import inspection_county as county
import pytest
import worklist_stages as stages
from clock_stages import about, changes, look, plant, rows, told, watched

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines import scheduler
from services.inspection.deadlines.rungs import Clock, Rung, Step, steps
from services.inspection.deadlines.scheduler import Scheduler
from services.inspection.domain import Kind
from services.inspection.main import OBJECTS
from shared.contracts.inspection import CLOCKS, RIGHTS, DeadlineApproaching, DeadlineMissed
from shared.profile import Period, load
from shared.testing import START, OpenPlatform, Platform

CN = load("cn", Path(__file__).parents[2] / "profiles")
KEYS = sorted(key for key in CLOCKS if key in CN.rules and isinstance(CN.rules[key][0], Period))
"""Every clock that code starts by a rule of the profile."""


async def ended(platform: Platform, nth: int, key: str) -> None:
    async with platform.service("inspection").database.transaction() as tx:
        await deadlines.meet(tx, about(nth), [key], platform.now)


def test_every_named_clock_has_its_rule_but_for_the_reply_by_a_day_that_its_sender_sets():
    assert set(CLOCKS) - set(KEYS) == {"letter.reply"}


def test_the_scheduler_knows_the_table_of_every_kind_of_object():
    assert set(OBJECTS) == set(Kind)


async def test_every_clock_starts_comes_near_is_missed_and_stops(services_here: OpenPlatform):
    """One hazard for each clock whose party does nothing, and one whose party does it once the end is near."""
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, *KEYS, *KEYS)
        idle = {key: stages.ident(nth) for nth, key in enumerate(KEYS, 1)}
        prompt = {key: len(KEYS) + nth for nth, key in enumerate(KEYS, 1)}
        assert {row["due_at"] for row in await rows(platform)} == {CN.due(key, START).at for key in KEYS}
        plans = {key: list(steps(CN, Clock(START, CN.due(key, START).at, right=key in RIGHTS))) for key in KEYS}
        await look(platform)
        assert climbed.rungs == []
        for now in sorted({step.at for plan in plans.values() for step in plan}):
            platform.now = now - timedelta(seconds=1)
            await look(platform)
            platform.now = now
            for key, plan in plans.items():
                if plan[0] == Step(Rung.MISSED, now):
                    await ended(platform, prompt[key], key)
            before = len(climbed.rungs)
            await look(platform)
            fired = sorted((key, rung) for thing, key, rung in climbed.rungs[before:] if thing == idle[key])
            assert fired == sorted((key, step.rung) for key, plan in plans.items() for step in plan if step.at == now)
            for key, plan in plans.items():
                if plan[0] == Step(Rung.APPROACHING, now):
                    await ended(platform, prompt[key], key)
        for key, plan in plans.items():
            near = [step.rung for step in plan if step.rung is Rung.APPROACHING]
            assert [rung for thing, _, rung in climbed.rungs if thing == idle[key]] == [step.rung for step in plan]
            assert [rung for thing, _, rung in climbed.rungs if thing == stages.ident(prompt[key])] == near
        await platform.settle(redeliver=3)
        missed = {fact.key: fact for fact in told(platform) if isinstance(fact, DeadlineMissed)}
        assert sorted(missed) == sorted(set(KEYS) - RIGHTS), "who does not use a right is not late"
        for key, fact in missed.items():
            due = CN.due(key, START)
            assert (fact.object_id, fact.due_at, fact.explanation_en) == (idle[key], due.at, due.explanation_en)
            assert (fact.what_en, fact.what_zh) == CLOCKS[key]
            assert fact.number.startswith("H2026-")


async def test_after_an_outage_each_rung_comes_once_and_in_order(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.recheck", "hazard.close")
        platform.travel(days=21)
        await platform.settle(redeliver=3)
        for nth, key in enumerate(("hazard.recheck", "hazard.close"), 1):
            mine = [rung for thing, _, rung in climbed.rungs if thing == stages.ident(nth)]
            assert mine == [Rung.APPROACHING, Rung.MISSED, Rung.REMINDER, Rung.WARNING][: len(mine)]
            assert mine[:3] == [Rung.APPROACHING, Rung.MISSED, Rung.REMINDER]
            facts = [type(fact) for fact in told(platform) if fact.key == key]
            assert facts == [DeadlineApproaching, DeadlineMissed]
        platform.travel(days=365)
        await platform.settle(redeliver=3)
        assert len(climbed.rungs) == 10
        assert await look(platform) == 0
        assert {row["next_at"] for row in await rows(platform)} == {None}


async def test_two_schedulers_share_the_work_and_fire_everything_once(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scheduler, "AT_ONCE", 20)
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        many = [stages.hazard(nth) for nth in range(1, 141)]
        await stages.plant(platform, many, [stages.clock(nth, "hazard.plan", START) for nth in range(1, 141)])
        while await platform.rows("inspection", "select 1 from deadlines where next_at is null"):
            await look(platform)
            platform.travel(seconds=61)
        platform.travel(days=40)
        others = [Scheduler(OBJECTS, climbed).worker for _ in range(3)]
        done = await asyncio.gather(*(look(platform, worker) for worker in others))
        assert sum(bool(each) for each in done) > 1
        while await look(platform):
            pass
        wanted = sorted((stages.ident(nth), rung) for nth in range(1, 141) for rung in tuple(Rung)[1:])
        assert sorted((thing, rung) for thing, _, rung in climbed.rungs) == wanted
        await platform.settle()
        assert len(told(platform)) == 140


async def test_the_party_the_leading_desk_and_nobody_else_reads_of_it(services_here: OpenPlatform):
    async with services_here("inspection", "notify") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        async with platform.service("inspection").database.transaction() as tx:
            tx.add(stages.hazard(1, lead_authority_id=county.EMERGENCY))
        async with platform.service("inspection").database.transaction() as tx:
            deadlines.start(tx, about(1), "part.answer", county.FIRE, platform.now)
        platform.travel(days=10)  # the end is near: of five working days three are left
        await platform.settle(redeliver=3)
        query = "select person_id, template, subject, body from notifications where template like 'deadline%'"
        assert await platform.rows("notify", query) == [], "it waits for the next working morning"
        platform.travel(days=2)
        await platform.settle(redeliver=3)
        near = await platform.rows("notify", query)
        assert {(row["person_id"], row["template"]) for row in near} == {
            (county.FIRE_DESK, "deadline_digest"),
            (county.FIRE_HEAD, "deadline_digest"),
        }
        assert {row["subject"] for row in near} == {"1 项期限将至，最近一项 2026-10-13 23:59 到期"}
        assert all("2026-10-13 23:59 反馈协办事项（H2026-000001）" in row["body"] for row in near)
        platform.travel(days=2)
        await platform.settle(redeliver=3)
        missed = {(row["person_id"], row["template"]) for row in await platform.rows("notify", query)}
        assert missed - {(row["person_id"], row["template"]) for row in near} == {
            (county.FIRE_DESK, "deadline_missed"),
            (county.FIRE_HEAD, "deadline_missed"),
            (county.DESK, "deadline_missed_by_other"),
        }


async def test_a_clock_that_jumps_backwards_tells_nothing_twice(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan")
        platform.travel(days=14)
        await look(platform)
        before = list(climbed.rungs)
        assert [rung for *_, rung in before] == [Rung.APPROACHING, Rung.MISSED]
        platform.travel(days=-14)
        await look(platform)
        platform.travel(days=14)
        await look(platform)
        assert climbed.rungs == before


async def test_a_bad_row_waits_alone_and_is_tried_again(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, *["hazard.plan"] * 5)
        climbed.refuses = {stages.ident(3)}
        platform.travel(days=14)
        await look(platform)
        assert {thing for thing, *_ in climbed.rungs} == {stages.ident(nth) for nth in (1, 2, 4, 5)}
        [put_off] = [row for row in await rows(platform) if row["tries"]]
        assert (put_off["object_id"], put_off["rung"]) == (stages.ident(3), None)
        assert put_off["next_at"] == platform.now + timedelta(seconds=30)
        platform.travel(seconds=31)
        await look(platform)
        [put_off] = [row for row in await rows(platform) if row["tries"]]
        assert (put_off["tries"], put_off["next_at"]) == (2, platform.now + timedelta(seconds=60))
        climbed.refuses = set()
        platform.travel(minutes=2)
        await look(platform)
        assert [rung for thing, _, rung in climbed.rungs if thing == stages.ident(3)] == [
            Rung.APPROACHING,
            Rung.MISSED,
        ]
        assert not [row for row in await rows(platform) if row["tries"]]
        assert len(await changes(platform)) == 10


async def test_what_somebody_is_moving_is_left_until_they_have_done(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan", "hazard.plan")
        platform.travel(days=14)
        async with platform.service("inspection").database.transaction() as tx:
            await tx.get_one(OBJECTS[about(1).kind], stages.ident(1), with_for_update=True)
            await look(platform)
            assert {thing for thing, *_ in climbed.rungs} == {stages.ident(2)}
            await deadlines.meet(tx, about(1), ["hazard.plan"], platform.now)
        await look(platform)
        assert {thing for thing, *_ in climbed.rungs} == {stages.ident(2)}


async def test_what_is_being_moved_does_not_hold_up_all_others(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scheduler, "AT_ONCE", 1)
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan", "hazard.plan")
        platform.travel(days=14)
        first = min(await rows(platform), key=lambda row: (row["next_at"], row["id"]))["object_id"]
        async with platform.service("inspection").database.transaction() as tx:
            await tx.get_one(OBJECTS[about(1).kind], first, with_for_update=True)
            for _ in range(3):
                await look(platform)
            assert {thing for thing, *_ in climbed.rungs} == {stages.ident(1), stages.ident(2)} - {first}
        platform.travel(seconds=2)
        await look(platform)
        assert {thing for thing, *_ in climbed.rungs} == {stages.ident(1), stages.ident(2)}


async def test_a_decision_for_more_time_lets_the_rungs_begin_anew(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, "hazard.plan")
        platform.travel(days=14)
        await look(platform)
        until = (platform.now + timedelta(days=30)).date()
        why = ("Extended by decision", "经决定延期")
        for _ in range(2):  # the second says the same again: nothing is told twice
            async with platform.service("inspection").database.transaction() as tx:
                await deadlines.extend(tx, about(1), "hazard.plan", until, why, platform.now)
        [row] = await rows(platform)
        assert (row["rung"], row["rules_hash"], row["starts_at"]) == (None, None, START)
        platform.travel(days=31)
        await look(platform)
        assert [rung for *_, rung in climbed.rungs] == [Rung.APPROACHING, Rung.MISSED] * 2
        [extended, _] = await changes(platform, "extended")
        assert extended["due_before"] == CN.due("hazard.plan", START).at
        assert (extended["reason_en"], extended["reason_zh"]) == why


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("hazard.plan", datetime(2026, 10, 23, 15, 59, 59, tzinfo=UTC)),  # of five working days four were left
        ("hazard.recheck", datetime(2026, 10, 21, 15, 59, 59, tzinfo=UTC)),  # of ten days two
        ("power_cut.notice", None),
    ],
)
async def test_a_paused_clock_is_silent_and_goes_on_with_what_was_left(
    services_here: OpenPlatform, key: str, due: datetime | None
):
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        await plant(platform, key)
        platform.travel(days=8) if due else platform.travel(hours=20)  # 8 October, the first working day
        await look(platform)
        climbed.rungs.clear()
        database = platform.service("inspection").database
        async with database.transaction() as tx:
            await deadlines.pause(tx, about(1), [key], platform.now)
        [row] = await rows(platform)
        assert (row["state"], row["next_at"]) == ("paused", None)
        platform.now = datetime(2026, 10, 19, 1, tzinfo=UTC)
        await look(platform)
        assert climbed.rungs == []
        async with database.transaction() as tx:
            await deadlines.resume(tx, about(1), [key], platform.now)
        [row] = await rows(platform)
        assert (row["state"], row["paused_at"]) == ("open", None)
        assert row["due_at"] == (due or platform.now + timedelta(hours=4))
        assert [each["what"] for each in await changes(platform) if each["what"] != "fired"] == ["paused", "resumed"]
        platform.now = row["due_at"]
        await look(platform)
        assert [rung for *_, rung in climbed.rungs][-1] == Rung.MISSED


async def test_a_clock_that_is_late_cannot_be_paused_and_a_paused_one_can_be_met(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await plant(platform, "hazard.plan", "hazard.close")
        database = platform.service("inspection").database
        async with database.transaction() as tx:
            await deadlines.pause(tx, about(2), ["hazard.close"], platform.now)
            await deadlines.meet(tx, about(2), ["hazard.close"], platform.now)
        platform.travel(days=20)
        async with database.transaction() as tx:
            await deadlines.pause(tx, about(1), ["hazard.plan"], platform.now)
        assert {row["key"]: row["state"] for row in await rows(platform)} == {
            "hazard.plan": "open",
            "hazard.close": "met",
        }


async def test_a_paused_clock_can_be_extended_and_stays_paused(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await plant(platform, "hazard.plan")
        async with platform.service("inspection").database.transaction() as tx:
            await deadlines.pause(tx, about(1), ["hazard.plan"], platform.now)
            await deadlines.extend(tx, about(1), "hazard.plan", date(2026, 10, 30), ("Extended", "延期"), platform.now)
        [row] = await rows(platform)
        assert (row["state"], row["next_at"]) == ("paused", None)
        platform.travel(days=2)
        async with platform.service("inspection").database.transaction() as tx:
            await deadlines.resume(tx, about(1), ["hazard.plan"], platform.now)
        [row] = await rows(platform)
        assert row["due_at"] == datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC)  # thirty days were left


async def test_of_several_parties_one_part_is_paused_alone(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await stages.plant(platform, [stages.hazard(1)])
        one, other = UUID(int=1), UUID(int=2)
        database = platform.service("inspection").database
        async with database.transaction() as tx:
            for part in (one, other):
                deadlines.start(tx, about(1, part), "part.answer", county.FIRE, platform.now)
        async with database.transaction() as tx:
            await deadlines.pause(tx, about(1, one), ["part.answer"], platform.now)
        assert {row["part_id"]: row["state"] for row in await rows(platform)} == {one: "paused", other: "open"}


async def test_nobody_can_change_what_was_written_of_a_clock(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await plant(platform, "hazard.plan")
        platform.travel(days=14)
        await look(platform)
        for change in ("update deadline_changes set rung = 'missed'", "delete from deadline_changes"):
            with pytest.raises(Exception, match="only ever added to"):
                await platform.rows("inspection", f"{change} returning 1")


async def test_a_year_of_clocks_passes_in_seconds(services_here: OpenPlatform):
    """Week by week some are started and some are met; of each that is not, every rung is fired once."""
    async with services_here("inspection") as platform:
        climbed = watched(platform)
        random = Random(20260930)
        weeks, keys = 53, ("hazard.plan", "hazard.recheck", "hazard.close", "report.verify", "hazard.lookback.second")
        await stages.plant(platform, [stages.hazard(nth) for nth in range(1, weeks + 1)])
        database = platform.service("inspection").database
        planned: dict[tuple[UUID, str], tuple[list[Step], datetime | None]] = {}
        done: dict[date, list[tuple[int, str]]] = {}
        for nth in range(1, weeks + 1):
            await look(platform)
            async with database.transaction() as tx:
                for key in keys:
                    met = platform.now + timedelta(weeks=random.randint(1, 16)) if random.random() < 0.5 else None
                    deadlines.start(tx, about(nth), key, county.EMERGENCY, platform.now)
                    plan = list(steps(CN, Clock(platform.now, CN.due(key, platform.now).at)))
                    planned[stages.ident(nth), key] = (plan, met)
                    if met is not None:
                        done.setdefault(met.date(), []).append((nth, key))
                for other, key in done.pop(platform.now.date(), []):
                    await deadlines.meet(tx, about(other), [key], platform.now)
            platform.travel(weeks=1)
        await look(platform)
        expected = Counter(
            (thing, key, step.rung)
            for (thing, key), (plan, met) in planned.items()
            for step in plan
            if step.at <= platform.now and (met is None or step.at < met)
        )
        assert Counter(climbed.rungs) == expected
        assert sum(expected.values()) > 500
        assert len(await changes(platform)) == len(climbed.rungs)
