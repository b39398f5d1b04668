"""Hazards that come back: known by their key, weighing more, ending in the one that they repeat (§4.5, T17)."""

from asyncio import gather
from typing import Any
from uuid import UUID

import inspection_county as county
import pytest
from hazard_stages import ORDER, clocks, closed
from inspection_county import OFFICERS, finding, get, post, report, settle

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.values import Category, Place
from shared.testing import OpenPlatform, Platform

ELSEWHERE = Place(area_code=county.TOWN, address="1 Mill Lane, gate 9", lon=117.01, lat=36.0)
NOWHERE = Place(area_code=county.TOWN, address="somewhere in the mill")
OF_THE_BAKERY = {"enterprise_id": county.BAKERY}


async def suspected_again(platform: Platform, claim: Any) -> str:
    """Bring one more claim to the docket and accept it; give the hazard's address."""
    await settle(platform, claim)
    entries = (await get(platform, county.desk, "/docket?state=received"))["items"]
    [entry] = [each for each in entries if each["what"] == claim.what]
    accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", what="Dust again, as it seems")
    return f"/hazards/{accepted['hazard_id']}"


async def confirmed_again(platform: Platform, claim: Any, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Let officers confirm one more claim; give the hazard's address and what they are answered."""
    hazard = await suspected_again(platform, claim)
    ask = {"grade": "general", "what": "Dust on the motors again", "officers": OFFICERS, **changes}
    return hazard, await post(platform, county.li, f"{hazard}/confirm", 200, **ask)


def _told(platform: Platform, kind: type[Event], hazard: str) -> Any:
    [event] = [each for each in platform.events(kind) if f"/hazards/{getattr(each, 'hazard_id', None)}" == hazard]
    return event


async def test_a_report_of_what_was_closed_half_a_year_ago_opens_it_again_and_nothing_is_lost(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        platform.travel(days=180)
        await platform.settle()
        climbed = (await get(platform, county.li, first))["escalation"]  # nobody looked back
        claim = finding(what="The motors of line 2 are full of dust, says the auditor")
        second, answer = await confirmed_again(platform, claim)
        assert f"/hazards/{answer['id']}" == first
        assert (answer["state"], answer["cycle"], answer["recurrent"], answer["escalation"]) == (
            *("reopened", 2, True),
            climbed + 1,
        )
        assert (answer["what"], answer["grade"]) == ("Dust deposits on motors", "general")
        ended = await get(platform, county.li, second)
        assert answer["taken_in"] == [{key: ended[key] for key in ("id", "number", "what")}]
        assert len(answer["claims"]) == 2
        assert str(claim.claim_id) in {each["claim_id"] for each in answer["claims"]}
        assert await clocks(platform, first) == {"hazard.assign": str(county.EMERGENCY)}

        assert (ended["state"], ended["offers"], ended["deadlines"]) == ("merged", [], [])
        assert (ended["merged_into_id"], ended["recurs_id"]) == (answer["id"], answer["id"])
        assert (ended["recurrent"], ended["claims"]) == (True, [])
        told = (await get(platform, county.li, f"{second}/history"))["items"]
        assert [(move["verb"], move["capacity"], move["state_to"]) for move in told] == [
            ("register", "authority.desk", "suspected"),
            ("confirm", "authority.officer", "confirmed"),
            ("merge", "system", "merged"),
        ]
        assert told[-1]["facts"]["into_hazard_id"] == answer["id"]
        last = (await get(platform, county.li, f"{first}/history"))["items"][-1]
        assert (last["verb"], last["capacity"], last["state_from"]) == ("reopen", "system", "closed")
        assert last["reason"] == f"{ended['number']}: Dust on the motors again"
        assert last["facts"]["found_again"] == ended["id"]

        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        confirmed = _told(platform, facts.HazardConfirmed, second)
        assert (confirmed.recurrent, str(confirmed.recurs_id)) == (True, answer["id"])
        merged, reopened = (platform.events(kind)[-1] for kind in (facts.HazardMerged, facts.HazardReopened))
        assert isinstance(merged, facts.HazardMerged)
        assert isinstance(reopened, facts.HazardReopened)
        assert (str(merged.into_hazard_id), merged.claims) == (answer["id"], ())
        assert [str(each.claim_id) for each in reopened.claims] == [each["claim_id"] for each in answer["claims"]]
        entries = (await get(platform, county.desk, "/docket"))["items"]
        assert {(entry["state"], entry["hazard_id"]) for entry in entries} == {("substantiated", answer["id"])}


async def test_the_enterprise_and_the_agency_see_the_one_that_goes_on_and_not_the_one_that_ended(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        platform.travel(days=30)
        claim = finding(what="Seen by Ms Zhao of the agency")
        second, _ = await confirmed_again(platform, claim)
        await platform.settle(redeliver=3)
        [seen] = (await get(platform, county.agency, "/hazards"))["items"]
        assert (f"/hazards/{seen['id']}", seen["state"]) == (first, "reopened")
        await get(platform, county.principal, second, 404)
        async with platform.client("inspection", county.principal) as http:
            texts = [(await http.get(path)).text for path in (first, "/hazards", f"{first}/history")]
        for text in texts:
            for secret in (second.rpartition("/")[2], str(claim.claim_id), "Zhao", "again", "agency"):
                assert secret not in text, (secret, text)


@pytest.mark.parametrize(("days", "recurrent"), [(181, True), (365, True), (366, False)])
async def test_what_was_closed_longer_ago_lives_on_its_own_and_within_a_year_weighs_more(
    services_here: OpenPlatform, days: int, *, recurrent: bool
) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        platform.travel(days=days)
        second, answer = await confirmed_again(platform, report("Dust again"))
        assert (f"/hazards/{answer['id']}", answer["state"], answer["cycle"]) == (second, "confirmed", 1)
        assert (answer["recurrent"], answer["escalation"]) == (recurrent, int(recurrent))
        assert (f"/hazards/{answer['recurs_id']}" == first) is recurrent
        assert (await get(platform, county.desk, first))["state"] == "closed"
        [row] = await platform.rows(
            "inspection", "select recurrence_key from hazards where id = :id", id=UUID(answer["id"])
        )
        assert row["recurrence_key"] == f"{county.MILL}:dust:50@280526.534954"
        await platform.settle(redeliver=3)
        assert _told(platform, facts.HazardConfirmed, second).recurrent is recurrent


async def test_another_place_kind_or_enterprise_is_another_matter_and_no_place_is_every_place(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        for changes in (
            {"place": ELSEWHERE},
            {"category": Category.ELECTRICITY},
            OF_THE_BAKERY,
            {"enterprise_id": None},
        ):
            claim = report(f"Something else: {changes}", **changes)
            await settle(platform, claim)
            [entry] = (await get(platform, county.committee, "/docket?state=received"))["items"]
            if entry["authority_id"] is None:
                named = {"authority_id": str(county.EMERGENCY), "explanation": "Yours"}
                await post(platform, county.committee, f"/docket/{entry['id']}/arbitrate", 200, **named)
            accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", what="Something else")
            ask = {"grade": "general", "what": "Something else", "officers": OFFICERS}
            answer = await post(platform, county.li, f"/hazards/{accepted['hazard_id']}/confirm", 200, **ask)
            assert (answer["id"], answer["recurrent"]) == (accepted["hazard_id"], False), changes
        _, answer = await confirmed_again(platform, report("By telephone", place=NOWHERE))
        assert f"/hazards/{answer['id']}" == first


async def test_officers_who_were_there_may_say_that_it_is_another_matter(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        for days, opens_again in ((180, True), (1, False)):
            platform.travel(days=days)
            second = await suspected_again(platform, report(f"Dust, {days}"))
            alike = (await get(platform, county.li, second))["closed_alike"]
            assert (f"/hazards/{alike['id']}", alike["opens_again"]) == (first, opens_again)
            ask = {"grade": "general", "what": "Dust in the loft", "officers": OFFICERS, "another_matter": True}
            answer = await post(platform, county.li, f"{second}/confirm", 200, **ask)
            assert (f"/hazards/{answer['id']}", answer["recurrent"], answer["closed_alike"]) == (second, False, None)
            told = (await get(platform, county.li, f"{second}/history"))["items"][-1]
            assert told["facts"]["another_matter"] is True
        assert (await get(platform, county.desk, first))["state"] == "closed"


async def test_a_hazard_that_came_back_graver_is_graver(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        major = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
        claim = report("Much dust", imminent_danger=True)
        _, answer = await confirmed_again(platform, claim, **major)
        assert f"/hazards/{answer['id']}" == first
        assert (answer["grade"], answer["criterion_ids"]) == ("major", [str(county.CRITERION)])
        assert answer["imminent_danger"] is True
        await post(platform, county.desk, f"{first}/assign")
        limited = await post(platform, county.li, f"{first}/order", 200, **ORDER)
        assert [item["passed"] for item in limited["items"]] == [True, True, False, False]


async def test_of_two_confirmed_at_once_one_opens_the_closed_hazard_again_and_the_other_lives_on_its_own(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        twins = [await suspected_again(platform, report(f"Dust, says {who}")) for who in ("Ada", "Ben")]
        ask = {"grade": "general", "what": "Dust on the motors again", "officers": OFFICERS}
        await gather(*(post(platform, county.li, f"{twin}/confirm", 200, **ask) for twin in twins))
        states = sorted([(await get(platform, county.desk, twin))["state"] for twin in twins])
        assert states == ["confirmed", "merged"]
        assert (await get(platform, county.desk, first))["cycle"] == 2


async def test_an_enterprise_that_the_order_names_is_looked_up_then(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        first = await closed(platform)
        platform.travel(days=200)
        await settle(platform, report("Dust in some mill", enterprise_id=None))
        [entry] = (await get(platform, county.committee, "/docket?state=received"))["items"]
        named = {"authority_id": str(county.EMERGENCY), "explanation": "Yours"}
        await post(platform, county.committee, f"/docket/{entry['id']}/arbitrate", 200, **named)
        accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", what="Dust in a mill")
        hazard = f"/hazards/{accepted['hazard_id']}"
        ask = {"grade": "general", "what": "Dust in a mill", "officers": OFFICERS}
        assert (await post(platform, county.li, f"{hazard}/confirm", 200, **ask))["recurrent"] is False
        await post(platform, county.committee, f"{hazard}/assign", lead_authority_id=str(county.EMERGENCY))
        limit = str(platform.now.date())
        order = {**ORDER, "limit": limit, "enterprise_id": str(county.MILL)}
        ordered = await post(platform, county.li, f"{hazard}/order", 200, **order)
        assert (ordered["recurrent"], ordered["escalation"]) == (True, 1)
        assert f"/hazards/{ordered['recurs_id']}" == first


async def test_every_way_of_opening_again_weighs_more_and_the_overlay_of_look_backs_says_where_it_stands(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)

        async def overlay() -> str:
            return str((await get(platform, county.committee, hazard))["lookback"])

        assert await overlay() == "none"
        platform.travel(days=30)
        assert await overlay() == "lb1_due"
        await post(platform, county.li, f"{hazard}/look-back", ordinal=1, passed=True, remark="Still clean")
        assert await overlay() == "lb1_ok"
        platform.travel(days=60)
        assert await overlay() == "lb2_due"
        await post(platform, county.li, f"{hazard}/look-back", ordinal=2, passed=False, remark="Dust is back")
        assert await overlay() == "failed"
        back = await get(platform, county.desk, hazard)
        assert (back["state"], back["recurrent"], back["escalation"]) == ("reopened", True, 1)
        assert "lookback" not in await get(platform, county.principal, hazard)
