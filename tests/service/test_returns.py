from typing import Any
from uuid import uuid4

import inspection_county as county
from hazard_stages import assigned
from inspection_county import get, post, slug

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    ClaimRef,
    HazardState,
)
from shared.contracts.values import Category, Role
from shared.testing import START, OpenPlatform, Platform

TO_FIRE = {"code": "other_category", "reason": "Fire is nearer.", "suggested_authority_id": str(county.FIRE)}
ADA = Actor(uuid4(), Role.VOLUNTEER, None, county.COUNTY, "en")


async def _owed(platform: Platform, hazard: str) -> dict[str, str | None]:
    clocks = (await get(platform, county.committee, hazard))["deadlines"]
    return {clock["key"]: clock["owed_by"] for clock in clocks}


async def test_a_return_says_why_in_a_code_and_whose_it_is(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)

        async def told(**changes: Any) -> str:
            ask = {**TO_FIRE, **changes}
            return slug(await post(platform, county.desk, f"{hazard}/return-assignment", 422, **ask))

        assert await told(code="busy") == "invalid-request"
        assert await told(code=None) == "invalid-request"
        assert await told(reason=" ") == "invalid-request"
        assert await told(suggested_authority_id=None) == "suggest-an-owner"
        assert await told(suggested_authority_id=str(county.EMERGENCY)) == "suggest-another"
        for party in (uuid4(), county.TOWNSHIP, county.MILL):
            assert await told(suggested_authority_id=str(party)) == "not-an-authority"
        shown = await get(platform, county.desk, hazard)
        assert (shown["returns"], shown["lead_authority_id"]) == (0, str(county.EMERGENCY))


async def test_who_is_named_must_take_it_in_time_and_the_second_return_is_the_committees(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await post(platform, county.desk, f"{hazard}/return-assignment", **TO_FIRE)
        assert await _owed(platform, hazard) == {"hazard.assign": str(county.FIRE)}
        back = {**TO_FIRE, "code": "not_in_scope", "suggested_authority_id": str(county.MARKET)}
        await post(platform, county.fire_desk, f"{hazard}/return-assignment", **back)
        assert await _owed(platform, hazard) == {"hazard.assign": None}
        await platform.settle(redeliver=3)
        first, second = platform.events(facts.AssignmentDisputed)
        assert [(each.code, each.lead_authority_id) for each in (first, second)] == [
            ("other_category", county.FIRE),
            ("not_in_scope", None),
        ]
        history = (await get(platform, county.committee, f"{hazard}/history"))["items"]
        assert [row["facts"]["code"] for row in history if row["verb"] == "return_assignment"] == [
            "other_category",
            "not_in_scope",
        ]


async def test_where_no_law_names_anybody_the_committee_decides_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        nobody = {"code": "no_power", "reason": "A trade that no law knows."}
        shown = await post(platform, county.desk, f"{hazard}/return-assignment", **nobody)
        assert (shown["lead_authority_id"], shown["routing_rule"]) == (None, "arbitration")
        assert (await get(platform, county.committee, hazard))["offers"] == ["assign"]


async def test_reporters_are_told_who_holds_their_case_now(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        await phone.put(f"/reports/{report_id}", json={"place": county.PLACE, "category": "dust", "what": "Dust"})
        said: dict[str, Any] = {
            "area_code": county.TOWN,
            "hazard_id": uuid4(),
            "number": "H2026-000001",
            "state": HazardState.ASSIGNED,
            "category": Category.DUST,
            "what": "Dust deposits",
            "claims": (ClaimRef(service="volunteer", claim_id=report_id),),
            "reason": "Not ours.",
        }
        for version, lead in enumerate((county.FIRE, None), 1):
            at = START.replace(hour=version)
            fact = facts.AssignmentDisputed(at=at, **said, lead_authority_id=lead)
            await platform.announce((said["hazard_id"], version, fact))
        await platform.settle(redeliver=3)
        shown = (await phone.get(f"/reports/{report_id}")).json()
        passed_on, undecided = shown["told"]
        assert (shown["state"], passed_on["authority_id"], undecided["authority_id"]) == (
            "in_hand",
            str(county.FIRE),
            None,
        )
        assert "passed it on" in passed_on["en"]
        assert "committee is deciding" in undecided["en"]
        assert "Not ours." not in str(shown)
