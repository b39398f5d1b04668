"""The yearly cap: counted over all authorities, given back by what was not made, and kept when two plan at once."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from inspection_county import TODAY, get, post, slug
from visit_stages import PLAN, SOON, days, known_county, planned, under_way

from services.inspection.visits import actions
from services.inspection.visits.shapes import PlanVisit
from shared.errors import Conflict
from shared.settings import ROOT
from shared.testing import OpenPlatform, Platform


async def test_what_is_called_off_or_could_not_be_made_gives_its_place_back(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        first = await planned(platform)
        second = await under_way(platform)
        assert slug(await planned(platform, status=409)) == "visit-beyond-cap"
        await post(platform, county.li, f"/visits/{first['id']}/cancel", reason="Joined to another.")
        third = await planned(platform)
        assert slug(await planned(platform, status=409)) == "visit-beyond-cap"
        await post(platform, county.li, f"{second}/finish", undone="closed")
        fourth = await planned(platform, on=str(TODAY))
        assert fourth["cap"]["counted"] == days(TODAY, SOON)
        assert third["id"] != fourth["id"]


async def test_a_joint_visit_counts_once_and_a_finished_one_still_counts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        joint = {"joint_authority_ids": [str(county.FIRE), str(county.MARKET)]}
        address = await under_way(platform, **joint)
        await post(platform, county.li, f"{address}/finish", findings="All in order.", hazards_found=0)
        assert (await planned(platform, county.fire_officer))["cap"]["counted"] == days(TODAY, SOON)
        assert slug(await planned(platform, status=409)) == "visit-beyond-cap"


async def test_each_enterprise_and_each_calendar_year_has_a_cap_of_its_own(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        last_day, new_year = date(2026, 12, 31), date(2027, 1, 1)
        for on in (last_day, last_day, new_year, new_year):
            await planned(platform, on=str(on))
        await planned(platform, enterprise_id=str(county.BAKERY))
        for on in (last_day, new_year):
            assert (await planned(platform, status=409, on=str(on)))["dates"] == days(on, on)


async def test_a_county_sets_its_own_cap(services_here: OpenPlatform, tmp_path: Path) -> None:
    own = "extends: cn\nrules:\n  visit.yearly_cap:\n"
    own += '    - { value: 1, unit: count, mark: S, valid_from: 2000-01-01, source: "the county\'s notice" }\n'
    (tmp_path / "cn.yaml").write_text((ROOT / "profiles" / "cn.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "cn-own.yaml").write_text(own, "utf-8")
    async with services_here("inspection", profile="cn-own", profiles_dir=tmp_path) as platform:
        await known_county(platform)
        assert (await planned(platform))["cap"]["cap"] == 1
        assert (await planned(platform, status=409))["cap"] == 1


async def test_of_two_desks_that_plan_the_last_visit_at_the_same_instant_one_wins(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await planned(platform)
        ask = PlanVisit.model_validate(PLAN)
        theirs = ask.model_copy(update={"officers": tuple(map(UUID, county.FIRE_OFFICERS))})
        database = platform.service("inspection").database

        async def second() -> None:
            async with database.transaction() as tx:
                await actions.plan(tx, county.fire_officer, uuid4(), theirs, platform.now)

        async with database.transaction() as tx:
            await actions.plan(tx, county.li, uuid4(), ask, platform.now)
            waiting = asyncio.create_task(second())
            await _until_somebody_waits(platform)
        with pytest.raises(Conflict) as refused:
            await waiting
        assert refused.value.slug == "visit-beyond-cap"
        assert refused.value.facts["dates"] == [SOON, SOON]
        assert len((await get(platform, county.committee, "/visits"))["items"]) == 2


async def test_one_visit_that_is_sent_twice_at_once_is_one_visit(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/visits/{uuid4()}"
        async with platform.client("inspection", county.li) as http:
            answers = await asyncio.gather(*(http.put(address, json=PLAN) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len((await get(platform, county.committee, "/visits"))["items"]) == 1


async def test_a_full_year_does_not_stand_in_the_way_of_what_is_outside_the_cap(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await planned(platform, ground="complaint")
        await planned(platform, ground="accident", on=str(TODAY - timedelta(days=30)))
        visit = await planned(platform)
        assert visit["cap"] == {
            "year": 2026,
            "cap": 2,
            "counted": days(SOON),
            "outside": days(TODAY - timedelta(days=30), SOON),
        }


async def _until_somebody_waits(platform: Platform) -> None:
    """Look until the second transaction stands before the lock that the first one holds."""
    waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%enterprises%'"
    async with asyncio.timeout(10):
        while not await platform.rows("inspection", waiting):
            pass
