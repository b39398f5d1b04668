"""Penalty cases (T20): opened by officers or by a failed re-check, decided after legal review, executed or at court."""

from datetime import timedelta
from typing import Any

import inspection_county as county
from delegation_letters import BRIGADES_OFFICERS, delegated, letter, zhao
from hazard_stages import LIMIT, clocks, closed, ordered, rechecking, verdicts
from inspection_county import DESK, HEAD, LI, OFFICERS, WANG, get, post, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform, Platform

FILED = {"ground": "The dust was left where it was", "basis": "WSL art. 102", "officers": OFFICERS}


def _decision(platform: Platform, **changes: Any) -> dict[str, Any]:
    return {
        "penalty": "A fine of 30 000 yuan",
        "amount_yuan": 30_000,
        "basis": "WSL art. 102",
        "hearing": "waived",
        "rights_told_at": str(platform.now),
        "legal_review_by": str(DESK),
        **changes,
    }


async def _failing(platform: Platform, hazard: str) -> dict[str, Any]:
    return {
        "officers": OFFICERS,
        "verdicts": await verdicts(platform, hazard, 1, 2),
        "opinion": "Nothing was done.",
        "basis": "WSL art. 102",
        "limit": str(LIMIT),
        "consequence": "open_case",
    }


async def test_a_failed_recheck_really_opens_the_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        shown = await post(platform, county.li, f"{hazard}/fail-recheck", **await _failing(platform, hazard))
        assert (shown["state"], shown["enforcement"], len(shown["orders"])) == ("rectifying", "case_open", 1)
        [case] = shown["cases"]
        assert (case["number"], case["ground"], case["officers"]) == (
            "应急立案〔2026〕000001号",
            "Nothing was done.",
            OFFICERS,
        )
        assert (await clocks(platform, hazard))["case.decision"] == str(county.EMERGENCY)
        own = (await get(platform, county.principal, hazard))["cases"]
        assert [each["number"] for each in own] == [case["number"]]
        assert not {"ground", "officers", "legal_review_by"} & set(own[0])
        await post(
            platform,
            county.principal,
            f"{hazard}/request-recheck",
            items=[{"item_id": item["id"], "after": [county.PICTURE]} for item in shown["items"]],
        )
        await post(platform, county.li, f"{hazard}/open-recheck")
        again = await post(platform, county.li, f"{hazard}/fail-recheck", 409, **await _failing(platform, hazard))
        assert (slug(again), again["verb"]) == ("illegal-transition", "open_case")
        assert (await get(platform, county.li, hazard))["state"] == "rechecking", "all of it, or nothing"
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events(facts.RecheckFailed, facts.CaseOpened)]
        assert told == ["recheck_failed", "case_opened"]


async def test_a_delegate_fails_a_recheck_but_files_no_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        await delegated(platform, letter())
        failing = {**await _failing(platform, hazard), "officers": BRIGADES_OFFICERS}
        assert slug(await post(platform, zhao, f"{hazard}/fail-recheck", 403, **failing)) == "role-may-not"
        ordering = {**failing, "consequence": "new_order"}
        assert (await post(platform, zhao, f"{hazard}/fail-recheck", **ordering))["enforcement"] == "none"


async def test_no_penalty_is_decided_without_legal_review_and_rights_told(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        alone = {**FILED, "officers": OFFICERS[:1]}
        assert slug(await post(platform, county.li, f"{hazard}/open-case", 422, **alone)) == "two-officers"
        await post(platform, county.li, f"{hazard}/open-case", **FILED)
        platform.travel(days=20)
        path = f"{hazard}/decide-case"
        for told, status, changes in (
            ("legal-review-missing", 422, {"legal_review_by": None}),
            ("reviewer-is-officer", 409, {"legal_review_by": str(WANG)}),
            ("reviewer-is-officer", 409, {"legal_review_by": str(HEAD)}),
            ("not-an-officer-here", 422, {"legal_review_by": str(county.FIRE_DESK)}),
            ("rights-not-told", 422, {"rights_told_at": None}),
            ("rights-not-told", 422, {"rights_told_at": str(platform.now - timedelta(days=21))}),
            ("rights-not-told", 422, {"rights_told_at": str(platform.now + timedelta(hours=1))}),
        ):
            refused = await post(platform, county.head, path, status, **_decision(platform, **changes))
            assert slug(refused) == told
        await post(platform, county.head, path, 422, **_decision(platform, amount_yuan=-1))
        assert slug(await post(platform, county.desk, path, 403, **_decision(platform))) == "role-may-not"
        shown = await post(platform, county.head, path, **_decision(platform))
        assert (shown["enforcement"], shown["cases"][0]["amount_yuan"]) == ("penalty_decided", 30_000)
        held = await clocks(platform, hazard)
        assert ("case.decision" in held, held["case.publicity"]) == (False, str(county.EMERGENCY))
        own = (await get(platform, county.principal, hazard))["cases"][0]
        assert (own["penalty"], own["hearing"], "legal_review_by" in own) == ("A fine of 30 000 yuan", "waived", False)
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["reason"] for move in history if move["verb"] in {"open_case", "decide_case"}] == [
            "",
            "A fine of 30 000 yuan",
        ]


async def test_a_decision_is_published_and_executed_or_enforced_by_the_court(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.li, f"{hazard}/open-case", **FILED)
        publishing = {"what": "case_decision", "where": "https://county.example/7", "on": str(county.TODAY)}
        path = f"{hazard}/publications"
        assert slug(await post(platform, county.desk, path, 409, **publishing)) == "nothing-to-publish"
        await post(platform, county.head, f"{hazard}/decide-case", **_decision(platform))
        assert slug(await post(platform, county.committee, path, 403, **publishing)) == "not-your-hazard"
        early = {**publishing, "on": str(county.TODAY - timedelta(days=1))}
        assert slug(await post(platform, county.desk, path, 422, **early)) == "publication-time"
        published = await post(platform, county.desk, path, **publishing)
        assert published["notices"] == [publishing]
        assert "case.publicity" not in await clocks(platform, hazard)
        suing = {"court": "County court", "reason": "Not paid", "demand_served_on": str(county.TODAY)}
        platform.travel(days=5)
        refused = await post(platform, county.head, f"{hazard}/apply-to-court", 409, **suing)
        assert slug(refused) == "demand-too-recent"
        platform.travel(days=20)
        sued = await post(platform, county.head, f"{hazard}/apply-to-court", **suing)
        assert (sued["enforcement"], sued["cases"][0]["court"]) == ("court", "County court")
        done = {"how": "Paid to the bank", "evidence": [county.OFFICERS_PICTURE]}
        executed = await post(platform, county.desk, f"{hazard}/execute-case", **done)
        assert (executed["enforcement"], executed["cases"][0]["execution"]) == ("executed", "Paid to the bank")
        second = await post(platform, county.li, f"{hazard}/open-case", **FILED)
        assert second["cases"][1]["number"] == "应急立案〔2026〕000002号"
        assert second["orders"][0]["number"] == "应急责改〔2026〕000001号", "cases have a series of their own"
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events() if "case" in event.subject]
        assert told == ["case_opened", "case_decided", "case_sent_to_court", "case_executed", "case_opened"]


async def test_a_case_may_be_dropped_with_a_reason_and_outlives_the_cycle(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.li, f"{hazard}/open-case", **FILED)
        dropped = await post(platform, county.head, f"{hazard}/drop-case", reason="Minor, put right, no harm")
        assert (dropped["enforcement"], dropped["cases"][0]["drop_reason"]) == ("none", "Minor, put right, no harm")
        assert "case.decision" not in await clocks(platform, hazard)
        await post(platform, county.li, f"{hazard}/open-case", **FILED)
        proof = {"reason": "Pulled down", "proof": [county.OFFICERS_PICTURE]}
        void = await post(platform, county.head, f"{hazard}/void", **proof)
        assert [clock["key"] for clock in void["deadlines"]] == ["case.decision"], "the case is still to be decided"
        assert (await get(platform, county.head, hazard))["offers"] == ["decide_case", "drop_case"]
        assert (await post(platform, county.head, f"{hazard}/drop-case", reason="Gone"))["enforcement"] == "none"


async def test_nobody_files_a_case_about_what_is_closed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        assert slug(await post(platform, county.li, f"{hazard}/open-case", 409, **FILED)) == "not-answered-for"
        assert OFFICERS[0] == str(LI)
