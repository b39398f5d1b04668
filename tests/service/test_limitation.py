"""Limitation period of penalties (Penalty Law art. 36): what came to light too late is not punished any more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import inspection_county as county
import pytest
from case_stages import FILED, newest
from hazard_stages import LIMIT, ORDER, closed, ordered, rechecking, verdicts
from inspection_county import TODAY, get, post, slug

from services.inspection.hazards.models import Hazard
from shared.testing import OpenPlatform, Platform

TWO_YEARS_AGO, FIVE_YEARS_AGO = TODAY.replace(year=TODAY.year - 2), TODAY.replace(year=TODAY.year - 5)
A_DAY = timedelta(days=1)
SHOWN = ("violation_ended_on", "life_or_health", "limitation_until")


async def _filed(platform: Platform, hazard: str, expect: int = 200, **violation: Any) -> dict[str, Any]:
    return await post(platform, county.li, f"{hazard}/open-case", expect, **FILED, violation=violation)


async def test_of_a_hazard_that_stands_nobody_need_say_that_its_violation_goes_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        [case] = (await post(platform, county.li, f"{hazard}/open-case", **FILED))["cases"]
        assert [case[name] for name in SHOWN] == [None, False, None]


async def test_a_case_that_a_failed_recheck_opens_is_about_what_goes_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        failing: dict[str, Any] = {
            "officers": county.OFFICERS,
            "verdicts": await verdicts(platform, hazard, 1, 2),
            "opinion": "Nothing was done.",
            "basis": "WSL art. 102",
            "limit": str(LIMIT),
            "consequence": "open_case",
        }
        [case] = (await post(platform, county.li, f"{hazard}/fail-recheck", **failing))["cases"]
        assert [case[name] for name in SHOWN] == [None, False, None]


@pytest.mark.parametrize(
    ("ended_on", "harm", "until"),
    [
        (TWO_YEARS_AGO, False, TODAY),
        (FIVE_YEARS_AGO, True, TODAY),
    ],
)
async def test_until_the_last_day_of_its_limit_a_violation_is_punished(
    services_here: OpenPlatform, ended_on: date, harm: bool, until: date
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        [case] = (await _filed(platform, hazard, ended_on=str(ended_on), life_or_health=harm))["cases"]
        assert [case[name] for name in SHOWN] == [str(ended_on), harm, str(until)]


async def test_what_came_to_light_after_its_limit_opens_no_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        for ended_on, harm, until in (
            (TWO_YEARS_AGO - A_DAY, False, TODAY - A_DAY),
            (FIVE_YEARS_AGO - A_DAY, True, TODAY - A_DAY),
            # The law of that time knew no longer limit.
            (date(2021, 7, 14), True, date(2023, 7, 14)),
            (date(2000, 1, 1), True, date(2002, 1, 1)),
        ):
            refused = await _filed(platform, hazard, 409, ended_on=str(ended_on), life_or_health=harm)
            assert (slug(refused), refused["until"]) == ("limitation-passed", str(until))
        early = await _filed(platform, hazard, 422, ended_on=str(TODAY + A_DAY))
        assert slug(early) == "violation-goes-on"
        await _filed(platform, hazard, 422, ended_on="1999-12-31")
        shown = await get(platform, county.desk, hazard)
        assert (shown["enforcement"], shown["cases"]) == ("none", [])


async def test_what_came_to_light_in_time_may_be_punished_later(services_here: OpenPlatform) -> None:
    """Art. 36 bars what was not discovered; from the discovery on, the days of the decision run instead."""
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        platform.travel(days=10)
        await _filed(platform, hazard, ended_on=str(TWO_YEARS_AGO))
        assert (await newest(platform, hazard))["limitation_until"] == str(TODAY)


async def test_what_came_back_came_to_light_when_it_was_found_again(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        platform.travel(days=50)
        today = platform.now.date()
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get_one(Hazard, UUID(hazard.rpartition("/")[2]))
            row.claimed_at = platform.now - timedelta(days=3 * 365)
        await post(platform, county.head, f"{hazard}/reopen", reason="It is there again")
        await post(platform, county.desk, f"{hazard}/assign")
        await post(platform, county.li, f"{hazard}/order", **{**ORDER, "limit": str(today + timedelta(days=10))})
        ended_on = today.replace(year=today.year - 2)
        refused = await _filed(platform, hazard, 409, ended_on=str(ended_on - A_DAY))
        assert slug(refused) == "limitation-passed"
        await _filed(platform, hazard, ended_on=str(ended_on))


async def test_the_party_reads_nothing_of_when_its_violation_was_seen_to_end(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await _filed(platform, hazard, ended_on=str(TWO_YEARS_AGO))
        [own] = (await get(platform, county.principal, hazard))["cases"]
        assert not set(SHOWN) & set(own)
