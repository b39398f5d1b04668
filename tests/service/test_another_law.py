"""What is refused and what is owed under other countries' rules, by the same code and on the same day."""

from datetime import timedelta

import inspection_county as county
import pytest
from hazard_stages import LIMIT, ORDER, assigned
from inspection_county import TODAY, get, post, slug

from shared.testing import OpenPlatform

PROVEN = {
    "cn": f"{LIMIT}T15:59:59Z",
    "us-osha": f"{LIMIT + timedelta(days=11)}T03:59:59Z",
}
"""The instant by which the proof is owed: with the limit in China, ten days after it in New York."""


@pytest.mark.parametrize("profile", PROVEN)
async def test_the_proof_of_an_order_is_owed_when_the_place_says(services_here: OpenPlatform, profile: str) -> None:
    async with services_here("inspection", profile=profile) as platform:
        hazard = await assigned(platform)
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        due = {clock["key"]: clock["due_at"] for clock in (await get(platform, county.li, hazard))["deadlines"]}
        assert due["hazard.limit"] == PROVEN[profile]


async def test_an_improvement_notice_leaves_three_weeks_and_danger_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection", profile="uk-hse") as platform:
        hazard = await assigned(platform)
        early = {**ORDER, "limit": str(TODAY + timedelta(days=20))}
        refused = await post(platform, county.li, f"{hazard}/order", 422, **early)
        assert slug(refused) == "limit-not-lawful"
        assert refused["earliest"] == str(TODAY + timedelta(days=21))
        at_once = {**ORDER, "kind": "remove_at_once", "limit": str(TODAY)}
        assert (await post(platform, county.li, f"{hazard}/order", **at_once))["state"] == "ordered"
