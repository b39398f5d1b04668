import asyncio
from random import Random
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import get, post, put, report, settle, slug
from sqlalchemy import event

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.values import Category, Place
from shared.contracts.volunteer import EvidenceAdded
from shared.testing import OpenPlatform, Platform


async def opened(platform: Platform, *claims: Event) -> None:
    await platform.announce(*county.registry_facts())
    await settle(platform, *claims)


async def only_entry(platform: Platform, who: Actor = county.desk) -> dict[str, Any]:
    [entry] = (await get(platform, who, "/docket"))["items"]
    return entry


async def test_a_claim_becomes_one_numbered_entry_however_often_it_arrives(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        entry = await only_entry(platform)
        assert entry["number"].startswith("F2026-")
        assert entry["state"] == "received"
        assert entry["authority_id"] == str(county.EMERGENCY)
        assert entry["offers"] == ["accept", "reject", "transfer", "merge", "escalate_fatality"]
        assert "reporter_ref" not in entry
        [received] = platform.events(facts.ReportReceived)
        assert received.routing_rule == facts.RoutingRule.INDUSTRY
        assert received.decide_by.isoformat() == "2026-10-13T15:59:59+00:00"  # GV-1


async def test_all_channels_meet_on_one_docket(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(), county.finding())
        page = await get(platform, county.desk, "/docket")
        assert {entry["channel"] for entry in page["items"]} == {"volunteer", "third_party_audit"}


async def test_evidence_that_arrives_later_joins_its_entry(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        more = EvidenceAdded(**{**claim.model_dump(), "what": f"{claim.what}\nand sparks", "imminent_danger": True})
        await platform.announce(*county.registry_facts())
        await platform.settle()
        await platform.announce((claim.claim_id, 1, claim), (claim.claim_id, 2, more))
        await platform.settle(redeliver=3, shuffle=Random(7))
        entry = await only_entry(platform)
        assert entry["what"].endswith("and sparks")
        assert entry["imminent_danger"] is True
        keys = {row["key"] for row in await platform.rows("inspection", "select key from deadlines")}
        assert keys == {"report.decide_acceptance", "hazard.danger_call"}


async def test_imminent_danger_stands_first_and_pages_follow_each_other(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, *(report() for _ in range(4)), report(imminent_danger=True))
        first = await get(platform, county.desk, "/docket?limit=2")
        assert [entry["imminent_danger"] for entry in first["items"]] == [True, False]
        second = await get(platform, county.desk, f"/docket?limit=2&after={first['next']}")
        third = await get(platform, county.desk, f"/docket?limit=2&after={second['next']}")
        ids = [entry["id"] for page in (first, second, third) for entry in page["items"]]
        assert len(set(ids)) == 5
        assert third["next"] is None
        assert slug(await get(platform, county.desk, "/docket?after=nonsense", 400)) == "bad-cursor"


async def test_a_list_can_be_narrowed_to_what_is_overdue(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report("Dust in the silo"), report("Loose rail", category=Category.HEIGHT))
        assert (await get(platform, county.desk, "/docket?overdue=true"))["items"] == []
        [found] = (await get(platform, county.desk, "/docket?q=SILO"))["items"]
        assert found["what"] == "Dust in the silo"
        platform.travel(days=20)
        late = (await get(platform, county.desk, "/docket?overdue=true&category=height"))["items"]
        assert [entry["what"] for entry in late] == ["Loose rail"]
        assert late[0]["overdue"] is True


async def test_the_docket_is_closed_to_everybody_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        entry = await only_entry(platform)
        for stranger in (county.principal, county.agency, county.volunteer, county.township, county.partner):
            await get(platform, stranger, "/docket", 403)
            await get(platform, stranger, f"/docket/{entry['id']}", 403)
            await post(platform, stranger, f"/docket/{entry['id']}/accept", 403, what="Dust on motors")
        await get(platform, county.fire_desk, f"/docket/{entry['id']}", 404)
        await post(platform, county.fire_desk, f"/docket/{entry['id']}/accept", 404, what="Dust on motors")
        await post(platform, county.li, f"/docket/{entry['id']}/accept", 403, what="Dust on motors")
        assert (await only_entry(platform, county.committee))["offers"] == []


async def test_accepting_registers_a_hazard_in_the_desks_own_words(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        entry = await only_entry(platform)
        path = f"/docket/{entry['id']}/accept"
        copied = await post(platform, county.desk, path, 422, what="dust lies  thick on the motors")
        assert slug(copied) == "in-your-own-words"
        accepted = await post(platform, county.desk, path, what="Dust deposits on motors")
        await platform.settle(redeliver=3)
        [registered] = platform.events(facts.HazardRegistered)
        assert registered.what == "Dust deposits on motors"
        assert [claim.claim_id for claim in registered.claims] == [UUID(row) for row in await claim_ids(platform)]
        assert accepted["hazard_id"] == str(registered.hazard_id)
        assert [clock["key"] for clock in accepted["deadlines"]] == ["report.verify"]
        assert [move["verb"] for move in accepted["history"]] == ["receive", "accept"]
        again = await post(platform, county.desk, path, 409, what="Dust deposits on motors")
        assert slug(again) == "illegal-transition"


async def claim_ids(platform: Platform) -> list[str]:
    return [str(row["claim_id"]) for row in await platform.rows("inspection", "select claim_id from docket_entries")]


async def test_two_desks_that_accept_at_once_get_one_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        path = f"/docket/{(await only_entry(platform))['id']}/accept"
        async with platform.client("inspection", county.desk) as one, platform.client("inspection", county.head) as two:
            answers = await asyncio.gather(
                one.post(path, json={"what": "Dust on motors"}), two.post(path, json={"what": "Dust on drives"})
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.HazardRegistered)) == 1


async def test_a_rejection_names_a_reason_and_out_of_scope_is_passed_on_instead(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        path = f"/docket/{(await only_entry(platform))['id']}/reject"
        await post(platform, county.desk, path, 422, explanation="no")
        refused = await post(platform, county.desk, path, 422, reason="not_in_scope", explanation="not ours")
        assert slug(refused) == "transfer-instead"
        assert refused["do"] == "transfer"
        rejected = await post(platform, county.desk, path, reason="not_a_report", explanation="This is a question.")
        assert rejected["state"] == "rejected"
        assert rejected["deadlines"] == []
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ReportRejected)
        assert told.explanation == "This is a question."


async def test_a_transfer_is_acknowledged_or_goes_to_arbitration(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        entry = f"/docket/{(await only_entry(platform))['id']}"
        to_nobody = {"to_authority_id": str(county.AGENCY), "explanation": "theirs"}
        assert slug(await post(platform, county.desk, f"{entry}/transfer", 422, **to_nobody)) == "not-an-authority"
        to_fire = {"to_authority_id": str(county.FIRE), "explanation": "theirs"}
        sent = await post(platform, county.desk, f"{entry}/transfer", **to_fire)
        assert sent["state"] == "transferred"
        assert sent["offers"] == ["escalate_fatality"]
        waiting = await get(platform, county.fire_desk, entry)
        assert waiting["offers"] == ["acknowledge", "bounce"]
        assert [(clock["key"], clock["owed_by"]) for clock in waiting["deadlines"]] == [
            ("report.transfer_ack", str(county.FIRE))
        ]
        bounced = await post(platform, county.committee, f"{entry}/bounce", 403, explanation="x")
        assert slug(bounced) == "role-may-not"
        await post(platform, county.fire_desk, f"{entry}/bounce", explanation="Not ours either.")
        await get(platform, county.fire_desk, entry, 404)
        assert (await get(platform, county.desk, entry))["authority_id"] is None
        unrouted = await get(platform, county.committee, entry)
        assert unrouted["offers"] == ["arbitrate"]
        assert [clock["key"] for clock in unrouted["deadlines"]] == ["competence.arbitrate"]
        named = {"authority_id": str(county.MARKET), "explanation": "Closest in business."}
        await post(platform, county.committee, f"{entry}/arbitrate", **named)
        assert slug(await post(platform, county.committee, f"{entry}/arbitrate", 403, **named)) == "not-in-arbitration"
        mine = await get(platform, county.market_desk, entry)
        assert mine["routing_rule"] == "arbitration"
        assert [clock["key"] for clock in mine["deadlines"]] == ["report.decide_acceptance"]
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ReportReceived)) == 2
        assert len(platform.events(facts.TransferBounced)) == 1


async def test_an_acknowledged_transfer_belongs_to_the_receiver(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        entry = f"/docket/{(await only_entry(platform))['id']}"
        to_fire = {"to_authority_id": str(county.FIRE), "explanation": "theirs"}
        await post(platform, county.desk, f"{entry}/transfer", **to_fire)
        taken = await post(platform, county.fire_desk, f"{entry}/acknowledge")
        assert taken["authority_id"] == str(county.FIRE)
        assert taken["from_authority_id"] == str(county.EMERGENCY)
        assert "accept" in taken["offers"]
        record = await get(platform, county.desk, entry)
        assert record["offers"] == []


async def test_what_nobody_is_competent_for_waits_for_the_committee(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(enterprise_id=county.BAKERY))
        assert (await get(platform, county.desk, "/docket"))["items"] == []
        assert (await only_entry(platform, county.committee))["routing_rule"] == "arbitration"


async def test_fire_goes_to_the_fire_authority_whatever_the_industry(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(category=Category.FIRE))
        assert (await only_entry(platform, county.fire_desk))["routing_rule"] == "category"


async def test_similar_open_entries_are_suggested_with_distance_and_likeness(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        here = report("配电箱没有盖，电线裸露", enterprise_id=None, category=Category.FIRE)
        near = report(
            "配电箱无盖，裸露的电线",
            enterprise_id=None,
            category=Category.FIRE,
            place=Place(area_code=county.TOWN, lon=117.001, lat=36.0),
        )
        far = report(
            "配电箱没有盖，电线裸露",
            enterprise_id=None,
            category=Category.FIRE,
            place=Place(area_code=county.TOWN, lon=117.1, lat=36.0),
        )
        other = report("楼梯被货物堵住", enterprise_id=None, category=Category.FIRE)
        await opened(platform, here, near, far, other)
        entries = {
            row["claim_id"]: row["id"] for row in await platform.rows("inspection", "select * from docket_entries")
        }
        found = (await get(platform, county.fire_desk, f"/docket/{entries[here.claim_id]}/similar"))["items"]
        assert [each["id"] for each in found] == [str(entries[near.claim_id])]
        assert 85 < found[0]["distance_m"] < 95
        assert found[0]["similarity"] > 0.5


async def test_a_merged_entry_keeps_its_place_and_hears_the_same_result(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        first, second, third = report(), report(), report()
        await opened(platform, first)
        platform.travel(hours=1)
        await settle(platform, second.model_copy(update={"at": platform.now}))
        platform.travel(hours=1)
        await settle(platform, third.model_copy(update={"at": platform.now}))
        entries = [entry["id"] for entry in (await get(platform, county.desk, "/docket"))["items"]]
        into = {"into_entry_id": entries[1]}
        await post(platform, county.desk, f"/docket/{entries[0]}/merge", **into)
        accepted = await post(platform, county.desk, f"/docket/{entries[1]}/accept", what="Dust on motors")
        await post(platform, county.desk, f"/docket/{entries[2]}/merge", **into)
        await platform.settle(redeliver=3)
        assert [event.order for event in platform.events(facts.ReportMerged)] == [1, 3]
        confirming = {"grade": "general", "what": "Dust on motors", "officers": county.OFFICERS}
        hazard = accepted["hazard_id"]
        await post(platform, county.li, f"/hazards/{hazard}/confirm", **confirming)
        await platform.settle(redeliver=3)
        [confirmed] = platform.events(facts.HazardConfirmed)
        assert [claim.claim_id for claim in confirmed.claims] == [first.claim_id, second.claim_id, third.claim_id]
        assert len(platform.events(facts.ReportSubstantiated)) == 3
        answered = await post(platform, county.desk, f"/docket/{entries[0]}/answer", answer="You were right.")
        assert answered["state"] == "answered"
        assert answered["deadlines"] == []


async def test_an_entry_merges_only_into_ones_own_open_entry(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(), report(), report(category=Category.FIRE))
        one, two = (entry["id"] for entry in (await get(platform, county.desk, "/docket"))["items"])
        [theirs] = (await get(platform, county.fire_desk, "/docket"))["items"]
        await post(platform, county.desk, f"/docket/{one}/merge", 422, into_entry_id=one)
        await post(platform, county.desk, f"/docket/{one}/merge", 404, into_entry_id=theirs["id"])
        await post(platform, county.desk, f"/docket/{two}/reject", reason="withdrawn", explanation="as asked")
        refused = await post(platform, county.desk, f"/docket/{one}/merge", 409, into_entry_id=two)
        assert slug(refused) == "cannot-merge-into"


async def test_what_was_merged_is_rejected_together(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(), report())
        one, two = (entry["id"] for entry in (await get(platform, county.desk, "/docket"))["items"])
        await post(platform, county.desk, f"/docket/{two}/merge", into_entry_id=one)
        await post(platform, county.desk, f"/docket/{one}/reject", reason="withdrawn", explanation="as asked")
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ReportRejected)) == 2
        assert (await get(platform, county.desk, "/docket?state=rejected&limit=5"))["items"][1]["id"] in {one, two}


async def test_a_late_claim_of_a_confirmed_hazard_is_merged_and_found_true_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report())
        first = (await only_entry(platform))["id"]
        accepted = await post(platform, county.desk, f"/docket/{first}/accept", what="Dust on motors")
        confirming = {"grade": "general", "what": "Dust on motors", "officers": county.OFFICERS}
        await post(platform, county.li, f"/hazards/{accepted['hazard_id']}/confirm", **confirming)
        await settle(platform, report())
        [late] = (await get(platform, county.desk, "/docket?state=received"))["items"]
        merged = await post(platform, county.desk, f"/docket/{late['id']}/merge", into_entry_id=first)
        assert merged["state"] == "substantiated"
        assert [clock["key"] for clock in merged["deadlines"]] == ["report.feedback"]
        assert len((await get(platform, county.desk, f"/hazards/{accepted['hazard_id']}"))["claims"]) == 2


async def test_what_was_merged_moves_with_its_entry_and_danger_stays_urgent(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform, report(imminent_danger=True), report())
        one, two = (entry["id"] for entry in (await get(platform, county.desk, "/docket"))["items"])
        await post(platform, county.desk, f"/docket/{two}/merge", into_entry_id=one)
        to_fire = {"to_authority_id": str(county.FIRE), "explanation": "theirs"}
        await post(platform, county.desk, f"/docket/{one}/transfer", **to_fire)
        taken = await post(platform, county.fire_desk, f"/docket/{one}/acknowledge")
        assert [(clock["key"], clock["owed_by"]) for clock in taken["deadlines"]] == [
            ("hazard.danger_call", str(county.FIRE)),
            ("report.decide_acceptance", str(county.FIRE)),
        ]
        assert (await get(platform, county.fire_desk, f"/docket/{two}"))["authority_id"] == str(county.FIRE)


async def test_officers_and_partner_agencies_claim_in_their_own_name(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform)
        ask = {"place": county.PLACE, "category": "gas", "what": "Gas smell at the valve", "enterprise_id": None}
        mine, theirs = f"/docket/claims/{uuid4()}", f"/docket/claims/{uuid4()}"
        receipt = await put(platform, county.li, mine, **{**ask, "enterprise_id": str(county.MILL)})
        assert (await put(platform, county.li, mine, **ask))["number"] == receipt["number"]
        assert slug(await put(platform, county.partner, mine, 403, **ask)) == "not-your-claim"
        handed = await put(platform, county.partner, theirs, **ask)
        assert handed["authority_id"] is None
        assert (await get(platform, county.partner, theirs))["number"] == handed["number"]
        await get(platform, county.li, theirs, 404)
        await put(platform, county.volunteer, f"/docket/claims/{uuid4()}", 403, **ask)
        await put(platform, county.partner, f"/docket/claims/{uuid4()}", 422, **ask, channel="inspection")
        await platform.settle(redeliver=3)
        assert [event.channel for event in platform.events(facts.ReportReceived)] == ["inspection", "transfer_in"]


async def test_an_officers_own_finding_is_verified_the_same_day(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform)
        ask = {"place": county.PLACE, "category": "dust", "what": "Dust", "enterprise_id": str(county.MILL)}
        await put(platform, county.li, f"/docket/claims/{uuid4()}", **ask)
        accepted = await post(
            platform, county.desk, f"/docket/{(await only_entry(platform))['id']}/accept", what="Dust"
        )
        assert [clock["key"] for clock in accepted["deadlines"]] == ["hazard.verify.inspection"]


async def test_a_burst_of_findings_is_received_with_few_statements(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform)
        claims = [county.finding() for _ in range(100)]
        await platform.announce(*((claim.claim_id, 1, claim) for claim in claims))
        statements: list[str] = []
        engine = platform.service("inspection").database.engine.sync_engine

        def counting(*given: Any) -> None:
            statements.append(given[2])

        event.listen(engine, "before_cursor_execute", counting)
        await platform.settle()
        event.remove(engine, "before_cursor_execute", counting)
        assert len(platform.events(facts.ReportReceived)) == 100
        assert len(statements) <= 4 * 100 + 20
