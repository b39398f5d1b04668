"""The role matrix of the domain reference §14.3 at the API, vector by vector."""

from itertools import product

import inspection_county as county
from delegation_letters import ORDER as BRIGADES_ORDER
from delegation_letters import delegated, letter, zhao
from hazard_stages import ORDER, assigned, rechecking, suspected, verdicts, verified
from inspection_county import OFFICERS, TODAY, get, post, report, slug
from visit_stages import SOON, days, known_county, planned, walker

from shared.testing import OpenPlatform


async def test_rm_1_the_committee_may_not_issue_an_order(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        assert slug(await post(platform, county.committee, f"{hazard}/order", 403, **ORDER)) == "role-may-not"


async def test_rm_2_an_agency_may_not_pass_a_recheck(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform, report(), county.finding())
        passing = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard), "opinion": "fine"}
        assert slug(await post(platform, county.agency, f"{hazard}/pass-recheck", 403, **passing)) == "role-may-not"


async def test_rm_3_nobody_but_an_authority_makes_an_administrative_inspection(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        for who in (walker, county.township):
            refused = await planned(platform, who, 403, officers=[str(who.id), str(county.LI)])
            assert slug(refused) == "may-not-inspect"
            assert "State Council General Office, 2024, no. 54" in refused["detail_en"]
            assert "国办发〔2024〕54号" in refused["detail_zh"]
            assert refused["source"] == "国办发〔2024〕54号 [S]"
        for who in (county.committee, county.agency, county.volunteer, county.principal, zhao):
            refused = await planned(platform, who, 403)
            assert slug(refused) == "role-may-not"
            assert "国办发〔2024〕54号 [S]" in refused["source"]
        assert (await get(platform, county.committee, "/visits"))["items"] == []
        found = {"grade": "general", "what": "Dust", "officers": [str(walker.id), str(county.LI)]}
        for path in ("confirm", "dismiss"):
            ask = found if path == "confirm" else {"reason": "Nothing there.", "officers": found["officers"]}
            assert slug(await post(platform, walker, f"{hazard}/{path}", 403, **ask)) == "role-may-not"
        assert (await get(platform, county.desk, hazard))["state"] == "suspected"


async def test_rm_4_a_delegate_orders_on_the_letters_last_day_and_not_on_the_next(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter(valid_to=TODAY))
        platform.travel(hours=14, minutes=59)
        assert (await get(platform, zhao, hazard))["offers"] == ["order"]
        platform.travel(minutes=1)
        refused = await post(platform, zhao, f"{hazard}/order", 403, **BRIGADES_ORDER)
        assert slug(refused) == "delegation-not-in-force"
        assert (await get(platform, zhao, hazard))["offers"] == []


async def test_rm_5_an_officer_with_an_expired_certificate_orders_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        with_expired = {**ORDER, "officers": [str(county.LI), str(county.EXPIRED)]}
        refused = await post(platform, county.expired, f"{hazard}/order", 403, **with_expired)
        assert slug(refused) == "certificate-expired"
        assert slug(await post(platform, county.li, f"{hazard}/order", 403, **with_expired)) == "certificate-expired"
        assert (await get(platform, county.expired, hazard))["offers"] == []
        assert (await get(platform, county.li, hazard))["offers"] == ["order", "open_case"]


async def test_rm_6_who_rechecked_does_not_close(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform, officers=(str(county.LI), str(county.HEAD)))
        assert slug(await post(platform, county.head, f"{hazard}/close", 409)) == "closer-is-rechecker"
        assert (await post(platform, county.desk, f"{hazard}/close"))["state"] == "closed"


async def test_rm_7_one_officer_is_not_enough(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        for officers in ([str(county.LI)], [str(county.LI)] * 2):
            alone = {**ORDER, "officers": officers}
            assert slug(await post(platform, county.li, f"{hazard}/order", 422, **alone)) == "two-officers"
        lent = {**ORDER, "officers": [str(county.LI), str(county.FIRE_ONE)]}
        assert slug(await post(platform, county.li, f"{hazard}/order", 422, **lent)) == "not-an-officer-here"
        others = {**ORDER, "officers": [str(county.HEAD), str(county.WANG)]}
        assert slug(await post(platform, county.li, f"{hazard}/order", 422, **others)) == "you-are-not-among-them"


OUTSIDE = ("complaint", "accident", "recheck", "superior_assigned")


async def test_rm_8_beyond_the_yearly_cap_four_grounds_are_allowed_and_shown(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for ground in ("planned", "drawn"):
            await planned(platform, ground=ground)
        for beside, ground in enumerate(OUTSIDE, 1):
            visit = await planned(platform, ground=ground)
            assert (visit["state"], visit["counts"]) == ("planned", False)
            assert visit["cap"] == {"year": 2026, "cap": 2, "counted": days(SOON) * 2, "outside": days(SOON) * beside}


async def test_rm_9_beyond_the_yearly_cap_any_other_ground_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await planned(platform, ground="special_campaign")
        await planned(platform, county.fire_officer, on=str(TODAY))
        for who, ground in product((county.li, county.fire_officer), ("planned", "drawn", "special_campaign")):
            refused = await planned(platform, who, 409, ground=ground)
            assert slug(refused) == "visit-beyond-cap"
            assert (refused["year"], refused["cap"], refused["dates"]) == (2026, 2, days(TODAY, SOON))
        assert len((await get(platform, county.committee, "/visits"))["items"]) == 2
