import asyncio
from datetime import timedelta
from typing import Any

import inspection_county as county
from inspection_county import OFFICERS, TODAY, get, post, report, settle, slug

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.testing import OpenPlatform, Platform

LIMIT = TODAY + timedelta(days=10)
ORDER = {
    "kind": "rectify_by",
    "items": [{"text": "Clean the motors"}, {"text": "Fit an extractor", "before": [county.PICTURE]}],
    "limit": str(LIMIT),
    "basis": "Work Safety Law art. 65",
    "officers": OFFICERS,
}
CERTAINTIES = {
    "responsible_person": "Principal",
    "measures": "Extractor on line 2",
    "funds_yuan": 20000,
    "limit": str(LIMIT),
    "contingency_plan": "Stop and evacuate",
}


async def suspected(platform: Platform, *claims: Event) -> str:
    """Bring one hazard to the docket and accept it; give its address."""
    await platform.announce(*county.registry_facts())
    await settle(platform, *(claims or (report(),)))
    first, *others = (await get(platform, county.desk, "/docket"))["items"]
    accepted = await post(platform, county.desk, f"/docket/{first['id']}/accept", what="Dust deposits on motors")
    for other in others:
        await post(platform, county.desk, f"/docket/{other['id']}/merge", into_entry_id=first["id"])
    return f"/hazards/{accepted['hazard_id']}"


async def confirmed(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await suspected(platform, *claims)
    ask = {"grade": "general", "what": "Dust deposits on motors", "officers": OFFICERS, **changes}
    await post(platform, county.li, f"{hazard}/confirm", **ask)
    return hazard


async def assigned(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await confirmed(platform, *claims, **changes)
    await post(platform, county.desk, f"{hazard}/assign")
    return hazard


async def ordered(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await assigned(platform, *claims, **changes)
    await post(platform, county.li, f"{hazard}/order", **ORDER)
    return hazard


async def recheck_requested(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await ordered(platform, *claims, **changes)
    await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
    await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
    return hazard


async def rechecking(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await recheck_requested(platform, *claims, **changes)
    await post(platform, county.li, f"{hazard}/open-recheck")
    return hazard


async def verified(platform: Platform, officers: tuple[str, ...] = tuple(OFFICERS), **changes: Any) -> str:
    hazard = await rechecking(platform, **changes)
    passing = {"officers": officers, "verdicts": await verdicts(platform, hazard), "opinion": "All clean."}
    await post(platform, county.li, f"{hazard}/pass-recheck", **passing)
    return hazard


async def closed(platform: Platform, **changes: Any) -> str:
    hazard = await verified(platform, **changes)
    await post(platform, county.head, f"{hazard}/close", workers_told=True)
    return hazard


async def proofs(platform: Platform, hazard: str) -> list[dict[str, Any]]:
    items = (await get(platform, county.principal, hazard))["items"]
    return [{"item_id": item["id"], "after": [county.PICTURE]} for item in items if not item["passed"]]


async def verdicts(platform: Platform, hazard: str, *failing: int) -> list[dict[str, Any]]:
    items = (await get(platform, county.li, hazard))["items"]
    return [{"item_id": item["id"], "passed": item["ordinal"] not in failing} for item in items if not item["passed"]]


async def clocks(platform: Platform, hazard: str) -> dict[str, str]:
    return {clock["key"]: clock["owed_by"] for clock in (await get(platform, county.desk, hazard))["deadlines"]}


async def test_the_whole_life_from_a_report_to_the_second_look_back(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        major = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
        hazard = await closed(platform, **major)
        done = await get(platform, county.head, hazard)
        assert done["state"] == "closed"
        assert await clocks(platform, hazard) == {
            "hazard.lookback.first": str(county.EMERGENCY),
            "hazard.lookback.second": str(county.EMERGENCY),
        }
        platform.travel(days=30)
        await post(platform, county.li, f"{hazard}/look-back", ordinal=1, passed=True, remark="Still clean")
        assert list(await clocks(platform, hazard)) == ["hazard.lookback.second"]
        platform.travel(days=60)
        await post(platform, county.li, f"{hazard}/look-back", ordinal=2, passed=True, remark="Root removed")
        assert await clocks(platform, hazard) == {}
        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        told = [event for event in platform.events() if event.subject.startswith("inspection.hazard.")]
        assert [event.subject.rpartition(".")[2] for event in told] == [
            "registered",
            "confirmed",
            "assigned",
            "ordered",
            "rectification_started",
            "recheck_requested",
            "recheck_opened",
            "recheck_passed",
            "closed",
            "looked_back",
            "looked_back",
        ]
        [ending] = platform.events(facts.HazardClosed)
        assert [str(day) for day in ending.look_backs] == ["2026-10-30", "2026-12-29"]
        verbs = [move["verb"] for move in (await get(platform, county.committee, f"{hazard}/history"))["items"]]
        assert verbs[0] == "register"
        assert verbs[-1] == "look_back"
        assert len(verbs) == 11


async def test_every_clock_starts_and_ends_with_its_move(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await confirmed(platform)
        authority, mill = str(county.EMERGENCY), str(county.MILL)
        assert await clocks(platform, hazard) == {"hazard.assign": authority}
        await post(platform, county.desk, f"{hazard}/assign")
        assert await clocks(platform, hazard) == {"hazard.return_assignment": authority}
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        assert await clocks(platform, hazard) == {"hazard.plan": mill, "hazard.limit": mill}
        await post(platform, county.principal, f"{hazard}/start-rectification")
        assert await clocks(platform, hazard) == {"hazard.limit": mill}
        await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
        assert await clocks(platform, hazard) == {"hazard.recheck": authority}
        await post(platform, county.li, f"{hazard}/open-recheck")
        failing = {
            "officers": OFFICERS,
            "verdicts": await verdicts(platform, hazard, 2),
            "opinion": "No extractor.",
            "basis": "WSL art. 65",
            "consequence": "new_order",
            "limit": str(LIMIT + timedelta(days=5)),
        }
        await post(platform, county.li, f"{hazard}/fail-recheck", **failing)
        assert await clocks(platform, hazard) == {"hazard.limit": mill}
        shown = await get(platform, county.principal, hazard)
        assert [order["number"] for order in shown["orders"]] == [
            "应急责改〔2026〕000001号",
            "应急责改〔2026〕000002号",
        ]
        assert shown["orders"][1]["items"] == ["Fit an extractor"]
        assert [item["passed"] for item in shown["items"]] == [True, False]


async def test_the_enterprise_learns_nothing_of_a_report(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report("Ms Zhao from line 2 says the motors are full of dust")
        hazard = await assigned(platform, claim)
        await get(platform, county.principal, hazard, 404)
        await post(platform, county.principal, f"{hazard}/start-rectification", 404)
        assert (await get(platform, county.principal, "/hazards"))["items"] == []
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        async with platform.client("inspection", county.principal) as http:
            texts = [(await http.get(path)).text for path in (hazard, "/hazards", f"{hazard}/history")]
        for text in texts:
            for secret in (
                str(claim.claim_id),
                str(claim.reporter_ref),
                "Zhao",
                "volunteer",
                "claim",
                "report",
                "F2026",
            ):
                assert secret not in text
        mine = await get(platform, county.principal, hazard)
        assert mine["offers"] == ["start_rectification"]
        assert not {"registered_at", "handling_authority_id", "imminent_danger", "routing_rule"} & set(mine)
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["verb"] for move in history] == ["order"]
        assert history[0]["who_id"] is None
        await get(platform, county.other_principal, hazard, 404)
        await get(platform, county.worker, hazard, 403)


async def test_each_party_sees_its_own_part(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, report(), county.finding())
        found = await get(platform, county.agency, hazard)
        assert set(found) == {
            "id",
            "number",
            "state",
            "category",
            "what",
            "grade",
            "enterprise_id",
            "lead_authority_id",
            "cycle",
            "offers",
        }
        assert found["offers"] == []
        assert len((await get(platform, county.agency, "/hazards"))["items"]) == 1
        assert (await get(platform, county.other_agency, "/hazards"))["items"] == []
        await get(platform, county.other_agency, hazard, 404)
        for reader in (county.committee, county.township, county.desk):
            seen = await get(platform, reader, hazard)
            assert len(seen["claims"]) == 2
        assert (await get(platform, county.township, hazard))["offers"] == []
        await get(platform, county.fire_desk, hazard, 404)
        for stranger in (county.volunteer, county.worker, county.partner):
            await get(platform, stranger, "/hazards", 403)
            await get(platform, stranger, hazard, 403)


async def test_the_committee_may_not_order(services_here: OpenPlatform) -> None:
    """RM-1."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        assert slug(await post(platform, county.committee, f"{hazard}/order", 403, **ORDER)) == "role-may-not"


async def test_an_agency_may_not_pass_a_recheck(services_here: OpenPlatform) -> None:
    """RM-2."""
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform, report(), county.finding())
        passing = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard), "opinion": "fine"}
        assert slug(await post(platform, county.agency, f"{hazard}/pass-recheck", 403, **passing)) == "role-may-not"


async def test_an_expired_certificate_orders_nothing(services_here: OpenPlatform) -> None:
    """RM-5."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        with_expired = {**ORDER, "officers": [str(county.LI), str(county.EXPIRED)]}
        refused = await post(platform, county.expired, f"{hazard}/order", 403, **with_expired)
        assert slug(refused) == "certificate-expired"
        assert slug(await post(platform, county.li, f"{hazard}/order", 403, **with_expired)) == "certificate-expired"
        assert (await get(platform, county.expired, hazard))["offers"] == []
        assert (await get(platform, county.li, hazard))["offers"] == ["order"]


async def test_who_rechecked_does_not_close(services_here: OpenPlatform) -> None:
    """RM-6."""
    async with services_here("inspection") as platform:
        hazard = await verified(platform, officers=(str(county.LI), str(county.HEAD)))
        assert slug(await post(platform, county.head, f"{hazard}/close", 409)) == "closer-is-rechecker"
        assert (await post(platform, county.desk, f"{hazard}/close"))["state"] == "closed"


async def test_one_officer_is_not_enough(services_here: OpenPlatform) -> None:
    """RM-7."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        for officers in ([str(county.LI)], [str(county.LI)] * 2):
            alone = {**ORDER, "officers": officers}
            assert slug(await post(platform, county.li, f"{hazard}/order", 422, **alone)) == "two-officers"
        lent = {**ORDER, "officers": [str(county.LI), str(county.FIRE_ONE)]}
        assert slug(await post(platform, county.li, f"{hazard}/order", 422, **lent)) == "not-an-officer-here"
        others = {**ORDER, "officers": [str(county.HEAD), str(county.WANG)]}
        assert slug(await post(platform, county.li, f"{hazard}/order", 422, **others)) == "you-are-not-among-them"


async def test_two_officers_who_order_at_once_issue_one_order(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        wang = county.actor("authority.officer", county.WANG, county.EMERGENCY)
        async with platform.client("inspection", county.li) as one, platform.client("inspection", wang) as two:
            answers = await asyncio.gather(*(http.post(f"{hazard}/order", json=ORDER) for http in (one, two)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.OrderIssued)) == 1


async def test_a_major_grade_names_a_valid_criterion_or_two_experts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        ask = {"grade": "major", "what": "Dust", "officers": OFFICERS}
        path = f"{hazard}/confirm"
        assert slug(await post(platform, county.li, path, 422, **ask)) == "major-needs-a-reason"
        ended = {**ask, "criterion_ids": [str(county.OLD_CRITERION)]}
        assert slug(await post(platform, county.li, path, 422, **ended)) == "criterion-not-valid"
        one = {**ask, "expert_opinion": {"experts": ["Dr Sun", "Dr Sun"], "opinion": "Explosive."}}
        assert slug(await post(platform, county.li, path, 422, **one)) == "major-needs-a-reason"
        two = {**ask, "expert_opinion": {"experts": ["Dr Sun", "Dr Qian"], "opinion": "Explosive."}}
        assert (await post(platform, county.li, path, **two))["grade"] == "major"


async def test_a_dismissed_suspicion_is_told_as_unfounded(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        await post(platform, county.li, f"{hazard}/dismiss", reason="Flour, not dust.", officers=OFFICERS)
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ReportUnfounded)
        assert told.explanation == "Flour, not dust."
        [entry] = (await get(platform, county.desk, "/docket"))["items"]
        assert entry["offers"] == ["answer"]
        assert await clocks(platform, hazard) == {}


async def test_what_was_found_to_be_another_category_goes_to_its_authority(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await settle(platform, report())
        [entry] = (await get(platform, county.desk, "/docket"))["items"]
        ask = {"what": "Blocked exit", "category": "fire"}
        accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", **ask)
        hazard = f"/hazards/{accepted['hazard_id']}"
        await post(platform, county.li, f"{hazard}/confirm", grade="general", what="Blocked exit", officers=OFFICERS)
        assert slug(await post(platform, county.desk, f"{hazard}/assign", 403)) == "not-your-hazard"
        taken = await post(platform, county.fire_desk, f"{hazard}/assign")
        assert (taken["lead_authority_id"], taken["routing_rule"]) == (str(county.FIRE), "category")
        assert (await get(platform, county.fire_officer, hazard))["offers"] == ["order"]


async def test_a_second_return_goes_to_the_committee(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        suggestion = {"reason": "Fire is nearer.", "suggested_authority_id": str(county.FIRE)}
        await post(platform, county.desk, f"{hazard}/return-assignment", **suggestion)
        assert (await get(platform, county.fire_desk, hazard))["offers"] == ["assign", "return_assignment"]
        back = {"reason": "It is not.", "suggested_authority_id": str(county.EMERGENCY)}
        await post(platform, county.fire_desk, f"{hazard}/return-assignment", **back)
        disputed = await get(platform, county.committee, hazard)
        assert disputed["lead_authority_id"] is None
        assert disputed["offers"] == ["assign"]
        assert slug(await post(platform, county.committee, f"{hazard}/assign", 422)) == "name-a-lead"
        named = await post(platform, county.committee, f"{hazard}/assign", lead_authority_id=str(county.MARKET))
        assert named["routing_rule"] == "arbitration"
        again = await post(platform, county.committee, f"{hazard}/assign", 403, lead_authority_id=str(county.EMERGENCY))
        assert slug(again) == "not-in-arbitration"


async def test_a_limit_stays_within_the_profile(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        for kind, limit in (
            ("rectify_by", TODAY + timedelta(days=31)),
            ("rectify_by", TODAY - timedelta(days=1)),
            ("remove_at_once", TODAY + timedelta(days=1)),
        ):
            ask = {**ORDER, "kind": kind, "limit": str(limit)}
            assert slug(await post(platform, county.li, f"{hazard}/order", 422, **ask)) == "limit-not-lawful"
        at_once = {**ORDER, "kind": "remove_at_once", "limit": str(TODAY)}
        assert (await post(platform, county.li, f"{hazard}/order", **at_once))["limit"] == str(TODAY)


async def test_a_major_hazard_is_taken_in_hand_with_five_certainties(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        path = f"{hazard}/start-rectification"
        assert slug(await post(platform, county.principal, path, 422)) == "five-certainties"
        longer = {**CERTAINTIES, "limit": str(LIMIT + timedelta(days=1))}
        assert slug(await post(platform, county.principal, path, 422, certainties=longer)) == "plan-too-long"
        assert (await post(platform, county.principal, path, certainties=CERTAINTIES))["state"] == "rectifying"


async def test_a_recheck_speaks_of_every_item(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        proven = await proofs(platform, hazard)
        refused = await post(platform, county.principal, f"{hazard}/request-recheck", 422, items=proven[:1])
        assert slug(refused) == "every-item-once"
        unproven = [{**proof, "after": []} for proof in proven]
        await post(platform, county.principal, f"{hazard}/request-recheck", 422, items=unproven)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=proven)
        await post(platform, county.li, f"{hazard}/open-recheck")
        half = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard, 1), "opinion": "half"}
        assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", 422, **half)) == "items-fail"
        full = {**half, "verdicts": await verdicts(platform, hazard), "basis": "x", "limit": str(LIMIT)}
        refused = await post(platform, county.li, f"{hazard}/fail-recheck", 422, consequence="open_case", **full)
        assert slug(refused) == "no-item-fails"
        await post(platform, county.li, f"{hazard}/fail-recheck", 422, **full)


async def test_an_expired_limit_opens_the_recheck_unasked(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        assert slug(await post(platform, county.li, f"{hazard}/open-recheck", 409)) == "limit-not-passed"
        platform.travel(days=11)
        [late] = (await get(platform, county.principal, "/hazards?overdue=true"))["items"]
        assert late["overdue"] is True
        assert (await post(platform, county.li, f"{hazard}/open-recheck"))["state"] == "rechecking"
        assert list(await clocks(platform, hazard)) == ["hazard.recheck"]


async def test_a_stop_is_lifted_before_closing_and_only_by_consent(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await recheck_requested(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        stop = {"kind": "equipment_stop", "reason": "May explode", "basis": "WSL art. 65"}
        assert slug(await post(platform, county.li, f"{hazard}/order-stop", 403, **stop)) == "role-may-not"
        wrong = {**stop, "kind": "resumed"}
        assert slug(await post(platform, county.head, f"{hazard}/order-stop", 422, **wrong)) == "not-a-stop"
        assert (await post(platform, county.head, f"{hazard}/order-stop", **stop))["suspension"] == "equipment_stop"
        await post(platform, county.li, f"{hazard}/open-recheck")
        passing = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard), "opinion": "Clean."}
        await post(platform, county.li, f"{hazard}/pass-recheck", **passing)
        assert slug(await post(platform, county.head, f"{hazard}/close", 409, workers_told=True)) == "still-suspended"
        asking = {"statement": "Extractor works", "evidence": [county.PICTURE]}
        await post(platform, county.principal, f"{hazard}/request-resumption", **asking)
        assert "suspension.resumption_review" in await clocks(platform, hazard)
        refused = await post(platform, county.head, f"{hazard}/decide-resumption", granted=False, reason="No test")
        assert refused["suspension"] == "equipment_stop"
        await post(platform, county.principal, f"{hazard}/request-resumption", **asking)
        granted = await post(platform, county.head, f"{hazard}/decide-resumption", granted=True, reason="Tested")
        assert granted["suspension"] == "resumed"
        assert slug(await post(platform, county.desk, f"{hazard}/close", 403)) == "head-only"
        assert slug(await post(platform, county.head, f"{hazard}/close", 422)) == "workers-first"
        assert (await post(platform, county.head, f"{hazard}/close", workers_told=True))["state"] == "closed"
        await platform.settle(redeliver=3)
        assert [event.granted for event in platform.events(facts.ResumptionDecided)] == [False, True]


async def test_a_general_hazard_is_not_stopped(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        stop = {"kind": "full_stop", "reason": "x", "basis": "WSL art. 65"}
        assert slug(await post(platform, county.head, f"{hazard}/order-stop", 409, **stop)) == "major-only"


async def test_a_failed_look_back_opens_a_new_cycle(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        second = {"ordinal": 2, "passed": True, "remark": "x"}
        assert slug(await post(platform, county.li, f"{hazard}/look-back", 409, **second)) == "look-back-order"
        await post(platform, county.li, f"{hazard}/look-back", ordinal=1, passed=False, remark="Dust is back")
        back = await get(platform, county.desk, hazard)
        assert (back["state"], back["cycle"], back["offers"]) == ("reopened", 2, ["assign"])
        assert list(await clocks(platform, hazard)) == ["hazard.assign"]
        await post(platform, county.desk, f"{hazard}/assign")
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        await platform.settle(redeliver=3)
        assert platform.events(facts.HazardReopened)[0].cycle == 2
        told = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert all("Dust is back" not in move["reason"] for move in told)


async def test_the_head_reopens_with_a_reason(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        await post(platform, county.desk, f"{hazard}/reopen", 403, reason="x")
        assert (await post(platform, county.head, f"{hazard}/reopen", reason="Seen again"))["cycle"] == 2


async def test_what_no_longer_exists_is_voided_with_proof(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        await post(platform, county.head, f"{hazard}/void", 422, reason="Demolished", proof=[])
        gone = await post(platform, county.head, f"{hazard}/void", reason="Demolished", proof=[county.PICTURE])
        assert (gone["state"], gone["offers"], gone["deadlines"]) == ("void", [], [])
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ReportUnfounded)) == 1


async def test_illegal_transitions_say_from_where_they_start(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        refused = await post(platform, county.li, f"{hazard}/order", 409, **ORDER)
        assert (slug(refused), refused["allowed_from"]) == ("illegal-transition", ["assigned"])
        for who, verb, ask in (
            (county.head, "close", {}),
            (county.li, "open-recheck", {}),
            (county.head, "reopen", {"reason": "x"}),
        ):
            await post(platform, who, f"{hazard}/{verb}", 409, **ask)
        await post(platform, county.li, f"{hazard}/close", 403)


async def test_hazards_are_listed_with_imminent_danger_first(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await settle(platform, report(), report(), report(imminent_danger=True))
        for n, entry in enumerate((await get(platform, county.desk, "/docket"))["items"]):
            await post(platform, county.desk, f"/docket/{entry['id']}/accept", what=f"Hazard {n}")
        first = await get(platform, county.desk, "/hazards?limit=2")
        rest = await get(platform, county.desk, f"/hazards?limit=2&after={first['next']}")
        assert [hazard["imminent_danger"] for hazard in first["items"] + rest["items"]] == [True, False, False]
        assert rest["next"] is None
        assert len((await get(platform, county.desk, "/hazards?state=suspected&q=hazard%201"))["items"]) == 1
        assert (await get(platform, county.desk, "/hazards?grade=major"))["items"] == []
