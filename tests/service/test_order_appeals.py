"""An appeal stays an order where the law says so, in its time, and gives no day back twice."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from case_stages import due
from hazard_stages import ORDER, assigned, delivered, handed_over
from inspection_county import TODAY, post, slug

from shared.testing import OpenPlatform, Platform

STAY: dict[str, Any] = {
    "ground": "reviewing_body",
    "reference": "County review 3/2026",
    "on": "2026-10-02",
    "reason": "The review body wants to look at it first",
}

LATER_ORDER: dict[str, Any] = {**ORDER, "limit": "2026-10-25"}


@pytest.mark.parametrize(
    ("profile", "limit", "certified"),
    [
        ("uk-hse", "2026-11-21", "2026-11-21"),  # 25 days were ordered; five had run when it was appealed
        ("us-osha", "2026-11-26", "2026-12-06"),  # all of them begin with the final order, and ten more to certify
    ],
)
async def test_an_appeal_stays_an_order_where_the_law_says_so(
    services_here: OpenPlatform, profile: str, limit: str, certified: str
) -> None:
    async with services_here("inspection", profile=profile) as platform:
        hazard = await assigned(platform)
        await post(platform, county.li, f"{hazard}/order", **LATER_ORDER)
        ordered_on = date.fromisoformat((await _limit(platform))["starts_at"])
        appeal: dict[str, Any] = {
            **STAY,
            "ground": "appeal",
            "on": str(ordered_on + timedelta(days=5)),
            "reference": str(uuid4()),
        }
        platform.travel(days=6)
        await post(platform, county.head, f"{hazard}/stay-order", **appeal)
        assert (await _limit(platform))["state"] == "paused"
        platform.travel(days=26)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Finally disposed of")
        assert lifted["limit"] == limit
        assert (await _limit(platform))["due_at"] == certified


async def test_no_day_of_an_order_rests_twice(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        platform.travel(days=1)
        path = f"{hazard}/stay-order"
        await post(platform, county.head, path, **{**STAY, "on": "2026-10-01"})
        platform.travel(days=20)  # 21 October
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Upheld")
        assert lifted["limit"] == "2026-10-30"
        refused = await post(platform, county.head, path, 422, **{**STAY, "on": "2026-10-20"})
        assert (slug(refused), refused["earliest"]) == ("stay-day", "2026-10-21")
        again = await post(platform, county.head, path, **{**STAY, "on": "2026-10-21", "reference": "The court"})
        assert again["stays"][-1]["since"] == "2026-10-21T01:00:00Z", "after the first was lifted"
        platform.travel(days=4)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert (lifted["limit"], await due(platform, "hazard.limit")) == ("2026-11-03", ("2026-11-03", "open"))


async def test_a_second_appeal_gives_no_time_back_that_the_first_gave(services_here: OpenPlatform) -> None:
    async with services_here("inspection", profile="us-osha") as platform:
        hazard = await assigned(platform)
        await post(platform, county.li, f"{hazard}/order", **LATER_ORDER)
        platform.travel(days=6)
        appeal: dict[str, Any] = {**STAY, "ground": "appeal", "on": "2026-10-01"}
        await post(platform, county.head, f"{hazard}/stay-order", **appeal)
        platform.travel(days=10)
        first = await post(platform, county.head, f"{hazard}/lift-stay", reason="Settled")
        assert first["limit"] == "2026-11-10", "sixteen days later"
        zone = platform.service("inspection").profile.timezone
        on = str(platform.now.astimezone(zone).date())
        await post(platform, county.head, f"{hazard}/stay-order", **{**appeal, "on": on, "reference": "Second"})
        platform.travel(days=1)
        second = await post(platform, county.head, f"{hazard}/lift-stay", reason="Settled")
        assert second["limit"] == "2026-11-11", "one day more"


@pytest.mark.parametrize(
    ("profile", "handed_over_on", "last"),
    [
        ("uk-hse", None, "2026-10-21"),  # 21 days from 30 September
        ("uk-hse", "2026-10-05", "2026-10-26"),  # and from the day on which it was handed over
        ("us-osha", None, "2026-10-21"),  # fifteen working days from 29 September, Columbus Day left out
    ],
)
async def test_an_appeal_that_came_too_late_stays_nothing(
    services_here: OpenPlatform, profile: str, handed_over_on: str | None, last: str
) -> None:
    async with services_here("inspection", profile=profile) as platform:
        hazard = await assigned(platform)
        await post(platform, county.li, f"{hazard}/order", **{**LATER_ORDER, "limit": "2026-10-29"})
        if handed_over_on is not None:
            platform.travel(days=(date.fromisoformat(handed_over_on) - TODAY).days)
            await delivered(platform, hazard)
        platform.travel(days=(date(2026, 10, 28) - platform.now.date()).days)
        appeal: dict[str, Any] = {**STAY, "ground": "appeal"}
        late: dict[str, Any] = {**appeal, "on": str(date.fromisoformat(last) + timedelta(days=1))}
        refused = await post(platform, county.head, f"{hazard}/stay-order", 409, **late)
        assert (slug(refused), refused["latest"]) == ("appeal-too-late", last)
        await post(platform, county.head, f"{hazard}/stay-order", **{**appeal, "on": last})


async def _limit(platform: Platform) -> dict[str, str]:
    zone = platform.service("inspection").profile.timezone
    [row] = await platform.rows("inspection", "select * from deadlines where key = 'hazard.limit'")
    days = {name: str(row[name].astimezone(zone).date()) for name in ("starts_at", "due_at")}
    return {**days, "state": row["state"]}
