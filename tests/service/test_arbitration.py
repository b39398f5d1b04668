"""The committee's queue: what nobody holds without dispute, who said what, which clocks run, the oldest first."""

import json
from typing import Any
from uuid import UUID, uuid4

import campaign_stages as stage
import inspection_county as county
from campaign_stages import closed_hazards, known_county
from inspection_county import get, post, put, report, settle, slug

from services.inspection.hazards.models import Hazard
from shared.contracts.inspection import (
    HazardState,
    RoutingRule,
)
from shared.contracts.values import Channel, Place
from shared.testing import OpenPlatform, Platform

TO_FIRE = {
    "code": "other_category",
    "reason": "An explosion of dust is fire.",
    "suggested_authority_id": str(county.FIRE),
}
TO_MARKET = {"code": "not_in_scope", "reason": "It is a machine.", "suggested_authority_id": str(county.MARKET)}


async def queue(platform: Platform, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await get(platform, county.committee, f"/arbitration{query}"))["items"]
    return items


async def hazard(platform: Platform, **changes: Any) -> str:
    """Put a hazard that a lead has in hand, or that nobody leads; give its address."""
    given = {"state": HazardState.ASSIGNED, "routing_rule": RoutingRule.INDUSTRY, "closed_at": None, **changes}
    [hazard_id] = await closed_hazards(platform, **given)
    return f"/hazards/{hazard_id}"


async def test_a_second_return_is_the_committees_with_all_that_was_said_and_assigning_ends_it(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        disputed = await hazard(platform)
        assert await queue(platform) == []
        await post(platform, county.desk, f"{disputed}/return-assignment", **TO_FIRE)
        assert await queue(platform) == [], "the first return goes to whom it names"
        await post(platform, county.fire_desk, f"{disputed}/return-assignment", **TO_MARKET)
        [shown] = await queue(platform)
        assert (shown["kind"], shown["decider"], shown["decide_at"]) == ("returned", "committee", f"{disputed}/assign")
        assert [(each["party_id"], each["code"], each["reason"]) for each in shown["said"]] == [
            (str(county.EMERGENCY), "other_category", TO_FIRE["reason"]),
            (str(county.FIRE), "not_in_scope", TO_MARKET["reason"]),
        ]
        assert shown["suggested_id"] == str(county.MARKET), "whom the last one named"
        assert "assign" in shown["offers"]
        [clock] = shown["deadlines"]
        assert (clock["key"], clock["owed_by"], clock["contested"], clock["overdue"]) == (
            *("hazard.assign", None),
            True,
            False,
        )
        assert clock["explanation_en"]
        platform.travel(days=30)
        assert (await queue(platform))[0]["deadlines"][0]["overdue"] is True
        await post(platform, county.committee, shown["decide_at"], lead_authority_id=shown["suggested_id"])
        assert await queue(platform) == []
        assert (await get(platform, county.market_desk, disputed))["lead_authority_id"] == str(county.MARKET)


async def test_a_confirmed_hazard_without_a_lead_is_in_the_queue_and_what_was_said_before_it_reopened_is_not(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        unrouted = await hazard(platform, lead=None, state=HazardState.CONFIRMED)
        [shown] = await queue(platform)
        assert (shown["kind"], shown["said"], shown["suggested_id"]) == ("unrouted", [], None)
        assert f"/hazards/{shown['hazard_id']}" == unrouted
        again = await hazard(platform)
        await post(platform, county.desk, f"{again}/return-assignment", **TO_FIRE)
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get_one(Hazard, again.rpartition("/")[2])
            row.state = HazardState.CLOSED
        await post(platform, county.fire_head, f"{again}/reopen", reason="It is back.")
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get_one(Hazard, again.rpartition("/")[2])
            row.lead_authority_id = None
        anew = next(each for each in await queue(platform) if f"/hazards/{each['hazard_id']}" == again)
        assert (anew["kind"], anew["said"]) == ("unrouted", [])


async def test_a_declined_part_is_shown_and_decided_once_the_lead_insists(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        held = await hazard(platform)
        part = f"{held}/parts/{uuid4()}"
        asking = {"authority_id": str(county.MARKET), "task": "opinion", "what": "Is the vessel on your list?"}
        await put(platform, county.desk, part, **asking)
        await put(platform, county.desk, f"{held}/parts/{uuid4()}", **{**asking, "authority_id": str(county.FIRE)})
        refusing = {"code": "no_power", "reason": "No vessel stands on it."}
        await post(platform, county.market_desk, f"{part}/decline", **refusing)
        [shown] = await queue(platform)
        assert (shown["kind"], shown["decider"], shown["decide_at"]) == ("part", "lead", None)
        assert shown["offers"] == []
        assert [(clock["key"], clock["owed_by"], clock["contested"]) for clock in shown["deadlines"]] == [
            ("part.settle", str(county.EMERGENCY), False)
        ]
        await post(platform, county.li, f"{part}/insist", reason="Its vessel is a pressure vessel.")
        [shown] = await queue(platform)
        assert (shown["decider"], shown["decide_at"], shown["what"]) == (
            *("committee", f"{part}/arbitrate"),
            asking["what"],
        )
        assert [(each["verb"], each["party_id"]) for each in shown["said"]] == [
            ("part_decline", str(county.MARKET)),
            ("part_insist", str(county.EMERGENCY)),
        ]
        assert shown["offers"] == ["arbitrate"]
        assert [(clock["key"], clock["contested"]) for clock in shown["deadlines"]] == [("competence.arbitrate", True)]
        decision = {"authority_id": str(county.MARKET), "explanation": "Pressure vessels are special equipment."}
        await post(platform, county.committee, shown["decide_at"], **decision)
        assert await queue(platform) == []


async def test_a_transfer_that_was_refused_twice_is_in_the_queue_in_both_words(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        held = await hazard(platform)
        address = f"/transfers/{uuid4()}"
        sending = {
            "receiver_id": str(county.FIRE),
            "ground": "not_competent",
            "subject": "Dust",
            "reason": "It may explode.",
            "basis": "WSL art. 69",
            "hazard_id": held.rpartition("/")[2],
        }
        await put(platform, county.desk, address, **sending)
        await post(platform, county.fire_desk, f"{address}/refuse", reason="Not ours.")
        assert await queue(platform) == []
        await post(platform, county.desk, f"{address}/send-again", statement="Look at the pictures.")
        await post(
            platform, county.fire_desk, f"{address}/refuse", reason="Still not.", suggested_id=str(county.MARKET)
        )
        [shown] = await queue(platform)
        assert (shown["kind"], shown["decide_at"], shown["suggested_id"]) == (
            *("transfer", f"{address}/arbitrate"),
            str(county.MARKET),
        )
        assert [(each["verb"], each["party_id"], each["reason"]) for each in shown["said"]] == [
            ("send", str(county.EMERGENCY), "It may explode."),
            ("refuse", str(county.FIRE), "Not ours."),
            ("refuse", str(county.FIRE), "Still not."),
        ]
        assert shown["offers"] == ["arbitrate"]
        assert [(clock["key"], clock["contested"]) for clock in shown["deadlines"]] == [("competence.arbitrate", True)]
        await post(platform, county.committee, shown["decide_at"], receiver_takes_it=True, reason="It is fire.")
        assert await queue(platform) == []


async def test_a_claim_that_no_rule_places_is_in_the_queue_without_who_made_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        claim = report(enterprise_id=county.BAKERY, channel=Channel.HOTLINE_12345, imminent_danger=True)
        placed = report()
        elsewhere = report(
            area_code="990202001",
            enterprise_id=None,
            place=Place(area_code="990202001", address="3 Far Lane", lon=118.0, lat=36.0),
        )
        await settle(platform, claim, placed, elsewhere)
        [shown] = await queue(platform)
        entry = f"/docket/{shown['id']}"
        assert (shown["kind"], shown["decider"], shown["decide_at"], shown["offers"]) == (
            *("unplaced", "committee"),
            f"{entry}/arbitrate",
            ["arbitrate"],
        )
        assert (shown["what"], shown["hazard_id"], shown["said"], shown["suggested_id"]) == (claim.what, None, [], None)
        assert [(clock["key"], clock["owed_by"], clock["contested"]) for clock in shown["deadlines"]] == [
            ("hazard.danger_call", None, True),
            ("competence.arbitrate", None, True),
        ]
        told = json.dumps(shown)
        assert not [
            word for word in (str(claim.reporter_ref), str(claim.claim_id), "hotline", "volunteer") if word in told
        ]
        assert not {"channel", "source_party_id", "reporter_ref", "claim_service", "claimed_at"} & set(shown)
        [theirs] = (await get(platform, stage.other_committee, "/arbitration"))["items"]
        assert (theirs["kind"], theirs["area_code"]) == ("unplaced", "990202001")
        named = {"authority_id": str(county.MARKET), "explanation": "Closest in business."}
        await post(platform, stage.other_committee, shown["decide_at"], 404, **named)
        await post(platform, county.committee, shown["decide_at"], **named)
        assert await queue(platform) == []


async def test_a_claim_that_was_given_back_is_in_the_queue_with_what_both_said_until_it_is_decided(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await settle(platform, report())
        [own] = (await get(platform, county.desk, "/docket"))["items"]
        entry = f"/docket/{own['id']}"

        async def given_back(sender: Any, to: UUID, receiver: Any, suggested: UUID) -> dict[str, Any]:
            await post(platform, sender, f"{entry}/transfer", to_authority_id=str(to), explanation="Theirs.")
            waiting = await queue(platform)
            assert waiting == [], "whoever was asked has the word"
            bounce = {"explanation": "Not ours either.", "suggested_authority_id": str(suggested)}
            await post(platform, receiver, f"{entry}/bounce", **bounce)
            [shown] = await queue(platform)
            return shown

        shown = await given_back(county.desk, county.FIRE, county.fire_desk, county.MARKET)
        assert (shown["kind"], shown["decide_at"], shown["suggested_id"]) == (
            *("bounced", f"{entry}/arbitrate"),
            str(county.MARKET),
        )
        assert [(each["verb"], each["party_id"], each["reason"]) for each in shown["said"]] == [
            ("transfer", str(county.EMERGENCY), "Theirs."),
            ("bounce", str(county.FIRE), "Not ours either."),
        ]
        assert [(clock["key"], clock["contested"]) for clock in shown["deadlines"]] == [("competence.arbitrate", True)]
        decision = {"authority_id": shown["suggested_id"], "explanation": "Closest in business."}
        await post(platform, county.committee, shown["decide_at"], **decision)
        again = await given_back(county.market_desk, county.EMERGENCY, county.desk, county.FIRE)
        assert [each["party_id"] for each in again["said"]] == [str(county.MARKET), str(county.EMERGENCY)], "of now"


async def test_the_oldest_is_first_and_pages_neither_skip_nor_repeat(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        addresses = []
        for _ in range(3):
            disputed = await hazard(platform)
            await post(platform, county.desk, f"{disputed}/return-assignment", **TO_FIRE)
            await post(platform, county.fire_desk, f"{disputed}/return-assignment", **TO_MARKET)
            addresses.append(disputed)
            platform.travel(minutes=1)
        elsewhere = await hazard(platform, lead=None, state=HazardState.CONFIRMED, area_code="990202001")
        found, after = [], ""
        while True:
            page = await get(platform, county.committee, f"/arbitration?limit=1{after}")
            found += [f"/hazards/{each['hazard_id']}" for each in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert found == addresses
        theirs = (await get(platform, stage.other_committee, "/arbitration"))["items"]
        assert [f"/hazards/{each['hazard_id']}" for each in theirs] == [elsewhere]
        assert slug(await get(platform, county.committee, "/arbitration?after=x", 400)) == "bad-cursor"


async def test_nobody_but_the_committee_reads_the_queue(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        for who in (
            county.desk,
            county.head,
            county.li,
            county.township,
            county.principal,
            county.agency,
            stage.police,
        ):
            assert slug(await get(platform, who, "/arbitration", 403)) == "role-may-not"
