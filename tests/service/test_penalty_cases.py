"""Penalty cases (T20) up to the decision: filed by two, told, answered, reviewed by a third, decided by the head."""

import asyncio
from datetime import timedelta
from typing import Any

import inspection_county as county
from case_stages import AGREED, DECIDED, DISCUSSED, FILED, GRAVE, SAID, SERVED, TOLD, due, filed, newest, reviewed, told
from delegation_letters import BRIGADES_OFFICERS, delegated, letter, zhao
from hazard_stages import LIMIT, clocks, closed, ordered, rechecking, verdicts
from inspection_county import DESK, HEAD, LI, OFFICERS, TODAY, WANG, get, post, slug

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

wang = Actor(WANG, Role.AUTHORITY_HEAD, county.EMERGENCY, county.COUNTY)


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


async def test_two_officers_file_a_case_and_have_ninety_days_and_no_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        alone = {**FILED, "officers": OFFICERS[:1]}
        assert slug(await post(platform, county.li, f"{hazard}/open-case", 422, **alone)) == "two-officers"
        await post(platform, county.li, f"{hazard}/open-case", **FILED)
        assert await due(platform, "case.decision") == (str(TODAY + timedelta(days=90)), "open")
        platform.travel(days=91)
        assert (await get(platform, county.desk, hazard))["overdue"], "nobody prolongs it: the law names no extension"


async def test_nothing_is_decided_before_the_party_was_told_and_had_its_say(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await filed(platform)
        decide, review = f"{hazard}/decide-case", f"{hazard}/review-case"
        refused = await post(platform, county.head, decide, 409, **DECIDED)
        assert (slug(refused), refused["state"]) == ("illegal-transition", "case_open")
        assert slug(await post(platform, county.desk, review, 409, **AGREED)) == "illegal-transition"
        await post(platform, county.li, f"{hazard}/tell-rights", **TOLD)
        assert slug(await post(platform, county.head, decide, 409, **DECIDED)) == "illegal-transition"
        refused = await post(platform, county.desk, review, 409, **AGREED)
        assert (slug(refused), refused["until"]) == ("answer-time-runs", "2026-10-13")
        assert "review_case" not in (await get(platform, county.desk, hazard))["offers"]
        platform.travel(days=13)
        assert slug(await post(platform, county.desk, review, 409, **AGREED)) == "answer-time-runs", "the last day"
        platform.travel(days=1)
        assert (await post(platform, county.desk, review, **AGREED))["enforcement"] == "reviewed"


async def test_legal_review_is_a_third_persons_and_may_say_no(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform)
        review, decide = f"{hazard}/review-case", f"{hazard}/decide-case"
        await post(platform, county.principal, f"{hazard}/state-defence", **SAID)
        for investigator in (county.li, wang):
            assert slug(await post(platform, investigator, review, 409, **AGREED)) == "reviewer-is-officer"
        assert slug(await post(platform, county.fire_desk, review, 404, **AGREED)) == "not-found"
        no = await post(platform, county.desk, review, agrees=False, opinion="The facts are thin")
        assert (no["enforcement"], no["cases"][0]["review_agrees"]) == ("rights_told", False)
        assert slug(await post(platform, county.head, decide, 409, **DECIDED)) == "illegal-transition"
        yes = await post(platform, county.head, review, **AGREED)
        assert (yes["enforcement"], yes["cases"][0]["legal_review_by"]) == ("reviewed", str(HEAD))
        assert slug(await post(platform, county.head, decide, 409, **DECIDED)) == "reviewer-is-officer"
        own = await get(platform, county.principal, hazard)
        assert not {"review_opinion", "legal_review_by", "review_agrees"} & set(own["cases"][0])
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert "review_case" not in {move["verb"] for move in history}


async def test_a_decision_is_no_graver_than_what_was_told(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform)
        path = f"{hazard}/decide-case"
        for said, status, changes in (
            ("graver-than-told", 409, {"amount_yuan": 30_001}),
            ("graver-than-told", 409, {"kinds": ["fine", "confiscation"]}),
            ("amount-without-fine", 422, {"amount_yuan": 0}),
            ("amount-without-fine", 422, {"kinds": ["warning"]}),
        ):
            assert slug(await post(platform, county.head, path, status, **{**DECIDED, **changes})) == said
        await post(platform, county.head, path, 422, **{**DECIDED, "amount_yuan": -1})
        assert slug(await post(platform, county.desk, path, 403, **DECIDED)) == "role-may-not"
        # Told anew, the party has its days anew, and the review of the other plan counts no more.
        graver = {**TOLD, "kinds": ["fine", "confiscation"], "amount_yuan": 40_000}
        again = await post(platform, county.li, f"{hazard}/tell-rights", **graver)
        assert (again["enforcement"], again["cases"][0]["legal_review_by"]) == ("rights_told", None)
        assert (await clocks(platform, hazard))["case.statement"] == str(county.MILL)
        await post(platform, county.manager, f"{hazard}/state-defence", **SAID)
        await post(platform, county.desk, f"{hazard}/review-case", **AGREED)
        less = await post(platform, county.head, path, **{**DECIDED, "amount_yuan": 20_000})
        assert (less["enforcement"], less["cases"][0]["amount_yuan"]) == ("penalty_decided", 20_000)


async def test_a_decision_ends_one_clock_and_starts_two(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform)
        shown = await post(platform, county.head, f"{hazard}/decide-case", **DECIDED)
        [case] = shown["cases"]
        assert (case["amount_yuan"], case["hearing"], case["legal_review_by"]) == (30_000, "not_required", str(DESK))
        assert (await due(platform, "case.decision"))[1] == "met"
        assert await due(platform, "case.publicity") == ("2026-10-15", "open")
        assert await due(platform, "case.service") == ("2026-10-15", "open")
        own = (await get(platform, county.principal, hazard))["cases"][0]
        assert (own["penalty"], own["hearing"], own["kinds"]) == ("A fine of 30 000 yuan", "not_required", ["fine"])
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["reason"] for move in history if move["verb"] in {"open_case", "decide_case"}] == [
            "",
            "A fine of 30 000 yuan",
        ]


async def test_of_two_heads_at_once_one_decides(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform)
        path, lower = f"{hazard}/decide-case", {**DECIDED, "amount_yuan": 10_000}
        async with platform.client("inspection", county.head) as one, platform.client("inspection", wang) as other:
            answers = await asyncio.gather(one.post(path, json=DECIDED), other.post(path, json=lower))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [late] = [answer for answer in answers if answer.status_code == 409]
        assert slug(late.json()) == "illegal-transition"
        [first] = [answer for answer in answers if answer.status_code == 200]
        assert (await newest(platform, hazard))["amount_yuan"] == first.json()["cases"][0]["amount_yuan"]
        assert len(await platform.rows("inspection", "select 1 from deadlines where key = 'case.service'")) == 1
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.CaseDecided)) == 1


async def test_what_is_grave_is_discussed_by_several_before_it_is_decided(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform, **GRAVE)
        path = f"{hazard}/decide-case"
        grave = {**DECIDED, "kinds": ["fine", "stop_work"], "amount_yuan": 60_000}
        for said, discussion in (
            ("collective-discussion-missing", None),
            ("discussed-by-too-few", {**DISCUSSED, "members": [str(HEAD)]}),
            ("discussed-by-too-few", {**DISCUSSED, "members": [str(HEAD), str(HEAD)]}),
            ("not-an-officer-here", {**DISCUSSED, "members": [str(HEAD), str(county.FIRE_HEAD)]}),
            ("discussion-time", {**DISCUSSED, "on": str(TODAY + timedelta(days=1))}),
            ("discussion-time", {**DISCUSSED, "on": str(TODAY - timedelta(days=1))}),
        ):
            assert slug(await post(platform, county.head, path, 422, **grave, discussion=discussion)) == said
        shown = await post(platform, county.head, path, **grave, discussion=DISCUSSED)
        assert (shown["cases"][0]["discussed_by"], shown["cases"][0]["hearing"]) == ([str(HEAD), str(LI)], "waived")
        assert "discussion" not in (await get(platform, county.principal, hazard))["cases"][0]


async def test_what_is_complicated_is_discussed_as_well(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform, complicated=True)
        path = f"{hazard}/decide-case"
        assert slug(await post(platform, county.head, path, 422, **DECIDED)) == "collective-discussion-missing"
        assert (await post(platform, county.head, path, **DECIDED, discussion=DISCUSSED))["enforcement"]


async def test_a_decision_is_published_in_time_by_who_decided_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform)
        publishing = {"what": "case_decision", "where": "https://county.example/7", "on": str(TODAY)}
        path = f"{hazard}/publications"
        assert slug(await post(platform, county.desk, path, 409, **publishing)) == "nothing-to-publish"
        await post(platform, county.head, f"{hazard}/decide-case", **DECIDED)
        assert slug(await post(platform, county.committee, path, 403, **publishing)) == "not-your-hazard"
        early = {**publishing, "on": str(TODAY - timedelta(days=1))}
        assert slug(await post(platform, county.desk, path, 422, **early)) == "publication-time"
        published = await post(platform, county.desk, path, **publishing)
        assert published["notices"] == [publishing]
        assert (await due(platform, "case.publicity"))[1] == "met"


async def test_a_defence_that_convinces_ends_the_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform)
        await post(platform, county.principal, f"{hazard}/state-defence", **SAID)
        reason = {"reason": "The extractor had been ordered", "cause": "defence_accepted"}
        assert slug(await post(platform, county.desk, f"{hazard}/drop-case", 403, **reason)) == "role-may-not"
        dropped = await post(platform, county.head, f"{hazard}/drop-case", **reason)
        assert (dropped["enforcement"], dropped["cases"][0]["drop_cause"]) == ("none", "defence_accepted")
        assert not {key for key in await clocks(platform, hazard) if key.startswith("case.")}
        assert (await due(platform, "case.decision"))[1] == "met"
        own = (await get(platform, county.principal, hazard))["cases"][0]
        assert (own["drop_reason"], own["drop_cause"]) == ("The extractor had been ordered", "defence_accepted")
        assert slug(await post(platform, county.li, f"{hazard}/serve-case", 409, **SERVED)) == "illegal-transition"


async def test_a_case_outlives_the_cycle_and_even_the_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform)
        proof = {"reason": "Pulled down", "proof": [county.OFFICERS_PICTURE]}
        void = await post(platform, county.head, f"{hazard}/void", **proof)
        assert {clock["key"] for clock in void["deadlines"]} == {"case.decision", "case.statement"}, "still to decide"
        offered = {"tell_rights", "state_defence", "drop_case"}
        assert set((await get(platform, county.head, hazard))["offers"]) == offered
        assert (await post(platform, county.head, f"{hazard}/drop-case", reason="Gone"))["enforcement"] == "none"


async def test_nobody_files_a_case_about_what_is_closed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        assert slug(await post(platform, county.li, f"{hazard}/open-case", 409, **FILED)) == "not-answered-for"
        assert OFFICERS[0] == str(LI)
