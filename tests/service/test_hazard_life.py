from datetime import timedelta

import inspection_county as county
from hazard_stages import (
    LIMIT,
    ORDER,
    RESUMPTION,
    REVIEW,
    assigned,
    clocks,
    closed,
    confirmed,
    ordered,
    passing,
    proofs,
    recheck_requested,
    suspected,
    verdicts,
)
from inspection_county import OFFICERS, get, post, report, settle, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform


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
            "order_delivered",
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
        assert len(verbs) == 12


async def test_every_clock_starts_and_ends_with_its_move(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await confirmed(platform)
        authority, mill = str(county.EMERGENCY), str(county.MILL)
        assert await clocks(platform, hazard) == {"hazard.assign": authority}
        await post(platform, county.desk, f"{hazard}/assign")
        assert await clocks(platform, hazard) == {"hazard.return_assignment": authority}
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        waiting = {"hazard.plan": mill, "hazard.limit": mill, "order.deliver": authority}
        assert await clocks(platform, hazard) == waiting
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
        assert await clocks(platform, hazard) == {"hazard.limit": mill, "order.deliver": authority}
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
        assert mine["offers"] == ["start_rectification", "request_extension"]
        assert not {"place", "registered_at", "handling_authority_id", "imminent_danger", "routing_rule"} & set(mine)
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


async def test_a_stop_is_lifted_before_closing_and_only_by_consent(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await recheck_requested(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        stop = {"kind": "equipment_stop", "reason": "May explode", "basis": "WSL art. 65"}
        assert slug(await post(platform, county.li, f"{hazard}/order-stop", 403, **stop)) == "role-may-not"
        wrong = {**stop, "kind": "resumed"}
        assert slug(await post(platform, county.head, f"{hazard}/order-stop", 422, **wrong)) == "not-a-stop"
        assert (await post(platform, county.head, f"{hazard}/order-stop", **stop))["suspension"] == "equipment_stop"
        await post(platform, county.li, f"{hazard}/open-recheck")
        await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
        assert slug(await post(platform, county.head, f"{hazard}/close", 409, workers_told=True)) == "still-suspended"
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        assert "suspension.resumption_review" in await clocks(platform, hazard)
        refused = await post(platform, county.head, f"{hazard}/decide-resumption", granted=False, reason="No test")
        assert refused["suspension"] == "equipment_stop"
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        granting = {"granted": True, "reason": "Tested", "review": REVIEW}
        granted = await post(platform, county.head, f"{hazard}/decide-resumption", **granting)
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
        gone = await post(platform, county.head, f"{hazard}/void", reason="Demolished", proof=[county.OFFICERS_PICTURE])
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
