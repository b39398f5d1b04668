"""What an enterprise finds itself it removes itself, seen by an authority that may take it over (§4.6)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import inspection_county as county
import pytest
from hazard_stages import ORDER, clocks
from inspection_county import OFFICERS, declared, get, post, report, settle, slug

from services.inspection.hazards.domain.own import drawn
from shared.contracts import inspection as facts
from shared.contracts.values import Category, Grade, derived_id
from shared.testing import START, OpenPlatform, Platform

LIMIT = county.TODAY + timedelta(days=7)
STARTING = {
    "items": [{"text": "Fit a guard to saw 3", "before": [county.PICTURE]}, {"text": "Tell the night shift"}],
    "limit": str(LIMIT),
    "responsible": "Foreman of the saw mill",
}
MILL, BUREAU = str(county.MILL), str(county.EMERGENCY)


def _drawn_or_not(*, taken: bool) -> UUID:
    """Give the id of a claim whose hazard, closed at `START`, the draw takes or leaves."""
    return next(
        claim_id
        for claim_id in map(UUID, (f"00000000-0000-4000-8000-{n:012x}" for n in range(1000)))
        if drawn(derived_id("hazard", derived_id("docket", claim_id)), 1, START, 0.1) is taken
    )


async def own(platform: Platform, **changes: Any) -> str:
    """Let the mill declare a general hazard; give its address."""
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    claim = declared(**changes)
    await settle(platform, claim)
    return f"/hazards/{derived_id('hazard', derived_id('docket', claim.claim_id))}"


async def confirmed_own(platform: Platform, **changes: Any) -> str:
    hazard = await own(platform, **changes)
    await post(platform, county.principal, f"{hazard}/confirm-own")
    return hazard


async def started_own(platform: Platform, **changes: Any) -> str:
    hazard = await confirmed_own(platform, **changes)
    await post(platform, county.principal, f"{hazard}/start-own", 200, **STARTING)
    return hazard


async def finished_own(platform: Platform, **changes: Any) -> str:
    hazard = await started_own(platform, **changes)
    await post(platform, county.manager, f"{hazard}/finish-own", items=await _proofs(platform, hazard))
    return hazard


async def _proofs(platform: Platform, hazard: str) -> list[dict[str, Any]]:
    items = (await get(platform, county.principal, hazard))["items"]
    return [{"item_id": item["id"], "after": [county.PICTURE]} for item in items]


async def test_an_enterprise_removes_what_it_found_without_any_desk(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await own(platform)
        [mine] = (await get(platform, county.principal, "/hazards"))["items"]
        assert f"/hazards/{mine['id']}" == hazard
        assert (mine["state"], mine["self_governed"], mine["offers"]) == ("suspected", True, ["confirm_own"])
        assert await clocks(platform, hazard) == {"hazard.confirm_own": MILL}
        [entry] = (await get(platform, county.desk, "/docket"))["items"]
        assert (entry["state"], entry["offers"]) == ("accepted", ["escalate_fatality"])
        told = await get(platform, county.desk, f"/docket/{entry['id']}")
        assert [(move["verb"], move["capacity"]) for move in told["history"]] == [
            ("receive", "system"),
            ("accept", "system"),
        ]
        assert told["deadlines"] == []

        confirming = await post(platform, county.manager, f"{hazard}/confirm-own", what="Saw 3 has no guard")
        assert (confirming["state"], confirming["grade"]) == ("confirmed", "general")
        assert confirming["what"] == "Saw 3 has no guard"
        assert await clocks(platform, hazard) == {"hazard.plan": MILL}
        started = await post(platform, county.manager, f"{hazard}/start-own", 200, **STARTING)
        assert started["certainties"] == {"responsible_person": "Foreman of the saw mill"}
        assert await clocks(platform, hazard) == {"hazard.limit": MILL}
        proofs = await _proofs(platform, hazard)
        finished = await post(platform, county.manager, f"{hazard}/finish-own", items=proofs)
        assert all(item["passed"] and item["after"] for item in finished["items"])
        assert await clocks(platform, hazard) == {"hazard.close": MILL}
        assert finished["offers"] == []  # who proved it does not alone strike it off
        assert (await post(platform, county.principal, f"{hazard}/close-own"))["state"] == "closed"

        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        told = [event for event in platform.events() if event.subject.startswith("inspection.hazard.")]
        assert [event.subject.rpartition(".")[2] for event in told] == [
            "registered",
            "confirmed",
            "rectification_started",
            "own_fix_verified",
            "closed",
        ]
        closing = told[-1]
        assert isinstance(closing, facts.HazardClosed)
        assert (closing.self_governed, closing.fixed_in_time) == (True, True)
        entry = await get(platform, county.desk, f"/docket/{entry['id']}")
        assert (entry["state"], entry["deadlines"]) == ("substantiated", [])  # nobody waits for an answer
        moves = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["verb"] for move in moves] == ["register", "confirm_own", "start_own", "finish_own", "close_own"]
        assert all(move["facts"] == {} and move["who_id"] is None for move in moves)


@pytest.mark.parametrize(
    "changes",
    [
        {"suspected_grade": None},
        {"suspected_grade": Grade.MAJOR},
        {"imminent_danger": True},
        {"enterprise_id": county.BAKERY, "source_party_id": county.BAKERY},  # nobody is competent for it
    ],
)
async def test_other_self_checks_wait_for_a_desk_and_the_enterprise_sees_no_hazard(
    services_here: OpenPlatform, changes: dict[str, Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await own(platform, **changes)
        [entry] = (await get(platform, county.committee, "/docket"))["items"]
        assert (entry["state"], entry["hazard_id"]) == ("received", None)
        await get(platform, county.principal, hazard, 404)
        if changes.get("enterprise_id") is None:
            accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", what="Saw without guard")
            shown = await get(platform, county.desk, f"/hazards/{accepted['hazard_id']}")
            assert (shown["self_governed"], shown["channel"]) == (False, "self_check")
            await get(platform, county.principal, hazard, 404)


async def test_who_may_not_and_what_may_not_be_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await own(platform)
        major = await post(platform, county.principal, f"{hazard}/confirm-own", 422, grade="major")
        assert (slug(major), major["do"]) == ("report-a-major-hazard", "self-check")
        assert slug(await post(platform, county.worker, f"{hazard}/confirm-own", 403)) == "role-may-not"
        assert slug(await post(platform, county.desk, f"{hazard}/confirm-own", 403)) == "role-may-not"
        await post(platform, county.other_principal, f"{hazard}/confirm-own", 404)
        early = await post(platform, county.principal, f"{hazard}/start-own", 409, **STARTING)
        assert (slug(early), early["allowed_from"]) == ("illegal-transition", ["confirmed"])
        await post(platform, county.principal, f"{hazard}/confirm-own")
        endless = {**STARTING, "limit": str(county.TODAY + timedelta(days=31))}
        assert slug(await post(platform, county.principal, f"{hazard}/start-own", 422, **endless)) == "limit-not-lawful"
        stolen = {**STARTING, "items": [{"text": "x", "before": [county.OFFICERS_PICTURE]}]}
        assert slug(await post(platform, county.principal, f"{hazard}/start-own", 422, **stolen)) == "unknown-evidence"
        await post(platform, county.principal, f"{hazard}/start-own", 200, **STARTING)
        [first, second] = await _proofs(platform, hazard)
        for items in ([first], [first, first]):
            told = await post(platform, county.principal, f"{hazard}/finish-own", 422, items=items)
            assert slug(told) == "every-item-once"
        bare = [first, {**second, "after": []}]
        await post(platform, county.principal, f"{hazard}/finish-own", 422, items=bare)
        await post(platform, county.manager, f"{hazard}/finish-own", items=[first, second])
        assert slug(await post(platform, county.manager, f"{hazard}/close-own", 409)) == "closer-is-rechecker"
        await post(platform, county.principal, f"{hazard}/close-own")
        assert slug(await post(platform, county.principal, f"{hazard}/confirm-own", 409)) == "illegal-transition"


async def test_an_authority_sees_it_need_not_act_and_does_nothing_before_it_takes_over(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await own(platform)
        seen = await get(platform, county.desk, hazard)
        assert (seen["self_governed"], seen["lead_authority_id"], seen["next_due"] is not None) == (True, BUREAU, True)
        assert (await get(platform, county.li, hazard))["offers"] == ["take_over"]
        confirming = {"grade": "general", "what": "x", "officers": OFFICERS}
        for verb, ask in (
            ("confirm", confirming),
            ("dismiss", {"reason": "x", "officers": OFFICERS}),
        ):
            assert slug(await post(platform, county.li, f"{hazard}/{verb}", 409, **ask)) == "self-governed"
        await post(platform, county.principal, f"{hazard}/confirm-own")
        assert slug(await post(platform, county.desk, f"{hazard}/assign", 409)) == "self-governed"
        for who, status in ((county.expired, 403), (county.fire_officer, 404), (county.principal, 403)):
            await post(platform, who, f"{hazard}/take-over", status, reason="x")


async def test_taken_over_it_is_verified_and_ordered_like_any_other(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await started_own(platform)
        await settle(platform)
        taken = await post(platform, county.li, f"{hazard}/take-over", reason="Two neighbours called about it")
        assert (taken["state"], taken["self_governed"], taken["limit"]) == ("suspected", False, None)
        assert [item["withdrawn"] for item in taken["items"]] == [True, True]
        assert await clocks(platform, hazard) == {"hazard.verify.taken_over": BUREAU}
        assert slug(await post(platform, county.li, f"{hazard}/take-over", 403, reason="x")) == "authority-governs"
        refused = await post(platform, county.principal, f"{hazard}/confirm-own", 403)
        assert slug(refused) == "authority-governs"
        major = {"grade": "major", "criterion_ids": [str(county.CRITERION)], "officers": OFFICERS}
        await post(platform, county.li, f"{hazard}/confirm", 200, what="No guards at any saw", **major)
        assert await clocks(platform, hazard) == {"hazard.assign": BUREAU}
        await post(platform, county.desk, f"{hazard}/assign")

        mine = await get(platform, county.principal, hazard)
        assert (mine["state"], mine["offers"]) == ("assigned", [])
        async with platform.client("inspection", county.principal) as http:
            history = await http.get(f"{hazard}/history")
        assert "neighbours" not in history.text
        verbs = [move["verb"] for move in history.json()["items"]]
        assert verbs == ["register", "confirm_own", "start_own", "take_over"]

        await post(platform, county.li, f"{hazard}/order", 200, **ORDER)
        await post(platform, county.principal, f"{hazard}/start-rectification", certainties=_CERTAINTIES)
        open_items = [
            item for item in (await get(platform, county.principal, hazard))["items"] if not item["withdrawn"]
        ]
        assert [item["text"] for item in open_items] == ["Clean the motors", "Fit an extractor"]
        done = [{"item_id": item["id"], "after": [county.PICTURE]} for item in open_items]
        await post(platform, county.principal, f"{hazard}/request-recheck", items=done)
        verbs = [move["verb"] for move in (await get(platform, county.principal, f"{hazard}/history"))["items"]]
        assert verbs[3:] == ["take_over", "order", "start_rectification", "deliver", "request_recheck"]
        await platform.settle(redeliver=3)
        [fact] = platform.events(facts.HazardTakenOver)
        assert isinstance(fact, facts.HazardTakenOver)
        assert fact.verify_by.isoformat() == "2026-10-13T15:59:59+00:00"  # five working days, over the holiday


_CERTAINTIES = {
    "responsible_person": "Principal",
    "measures": "Guards",
    "funds_yuan": 2000,
    "limit": ORDER["limit"],
    "contingency_plan": "Stop",
}


async def test_somebody_elses_claim_joins_only_after_the_authority_has_taken_over(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await own(platform)
        claim = report("Mr Qian of the saw mill says saw 3 is naked", category=Category.MACHINERY)
        await settle(platform, claim)
        entries = {each["state"]: each["id"] for each in (await get(platform, county.desk, "/docket"))["items"]}
        merge, into = f"/docket/{entries['received']}/merge", {"into_entry_id": entries["accepted"]}
        refused = await post(platform, county.desk, merge, 409, **into)
        assert (slug(refused), f"/hazards/{refused['hazard_id']}") == ("take-over-first", hazard)
        await post(platform, county.li, f"{hazard}/take-over", reason="Reported as well")
        await post(platform, county.desk, merge, 200, **into)
        assert len((await get(platform, county.desk, hazard))["claims"]) == 2
        async with platform.client("inspection", county.principal) as http:
            texts = [(await http.get(path)).text for path in (hazard, "/hazards", f"{hazard}/history")]
        for text in texts:
            for secret in (str(claim.claim_id), "Qian", "claim", "Reported"):
                assert secret not in text


async def test_a_claim_is_not_joined_to_what_the_enterprise_closed_itself_but_opens_it_again_when_it_is_true(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await finished_own(platform)
        await post(platform, county.principal, f"{hazard}/close-own")
        await settle(platform, report("Saw 3 is naked again", category=Category.MACHINERY))
        entries = {each["state"]: each["id"] for each in (await get(platform, county.desk, "/docket"))["items"]}
        ask = {"into_entry_id": entries["substantiated"]}
        refused = await post(platform, county.desk, f"/docket/{entries['received']}/merge", 409, **ask)
        assert slug(refused) == "take-over-first"
        accept = f"/docket/{entries['received']}/accept"
        second = (await post(platform, county.desk, accept, what="No guard"))["hazard_id"]
        officers = {"grade": "general", "what": "No guard at saw 3", "officers": OFFICERS}
        again = await post(platform, county.li, f"/hazards/{second}/confirm", 200, **officers)
        assert (f"/hazards/{again['id']}", again["state"], again["self_governed"]) == (hazard, "reopened", False)
        assert (await get(platform, county.principal, hazard))["offers"] == []


@pytest.mark.parametrize("taken", [True, False])
async def test_a_draw_decides_whether_the_authority_looks_again(services_here: OpenPlatform, *, taken: bool) -> None:
    async with services_here("inspection") as platform:
        hazard = await finished_own(platform, claim_id=_drawn_or_not(taken=taken))
        mine = await post(platform, county.principal, f"{hazard}/close-own")
        assert mine["deadlines"] == []
        assert await clocks(platform, hazard) == ({"hazard.lookback.first": BUREAU} if taken else {})
        [last] = (await get(platform, county.desk, f"{hazard}/history"))["items"][-1:]
        assert (last["facts"]["drawn"], last["facts"]["share"]) == (taken, 0.1)
        platform.travel(days=31)
        assert (await get(platform, county.desk, hazard))["lookback"] == ("lb1_due" if taken else "none")
        looking = {"ordinal": 1, "passed": not taken, "remark": "Guard is gone" if taken else "Guard is there"}
        after = await post(platform, county.li, f"{hazard}/look-back", 200, **looking)
        if taken:
            assert (after["state"], after["cycle"], after["self_governed"]) == ("reopened", 2, False)
            assert (after["lookback"], after["recurrent"]) == ("failed", True)
            assert (await get(platform, county.principal, hazard))["offers"] == []
            await post(platform, county.desk, f"{hazard}/assign")
        else:
            assert (after["state"], after["lookback"]) == ("closed", "lb1_ok")
        await platform.settle(redeliver=3)
        [closing] = platform.events(facts.HazardClosed)
        assert isinstance(closing, facts.HazardClosed)
        assert len(closing.look_backs) == int(taken)


async def test_a_limit_that_is_missed_is_owed_by_the_enterprise_and_the_fix_was_not_in_time(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await started_own(platform)
        platform.travel(days=8)
        [late] = (await get(platform, county.desk, "/hazards?overdue=true"))["items"]
        assert (f"/hazards/{late['id']}", late["overdue"]) == (hazard, True)
        assert await clocks(platform, hazard) == {"hazard.limit": MILL}
        await post(platform, county.manager, f"{hazard}/finish-own", items=await _proofs(platform, hazard))
        await post(platform, county.principal, f"{hazard}/close-own")
        await platform.settle(redeliver=3)
        [verified], [closing] = platform.events(facts.OwnFixVerified), platform.events(facts.HazardClosed)
        assert isinstance(verified, facts.OwnFixVerified)
        assert isinstance(closing, facts.HazardClosed)
        assert (verified.in_time, closing.fixed_in_time) == (False, False)


async def test_what_an_enterprise_finds_again_itself_weighs_more_and_stays_its_own(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        first = await finished_own(platform)
        await post(platform, county.principal, f"{first}/close-own")
        platform.travel(days=20)
        claim = declared(what="The guard is off again")
        await settle(platform, claim)
        second = f"/hazards/{derived_id('hazard', derived_id('docket', claim.claim_id))}"
        again = await post(platform, county.principal, f"{second}/confirm-own")
        assert (f"/hazards/{again['id']}", again["state"], again["recurrent"]) == (second, "confirmed", True)
        assert again["self_governed"] is True
        seen = await get(platform, county.desk, second)
        # Two steps because it was confirmed late, one because it came back.
        assert (f"/hazards/{seen['recurs_id']}", seen["escalation"]) == (first, 2 + 1)
        # Taken over and confirmed by officers, it is the closed one again: the ladder is climbed once for each hazard.
        await post(platform, county.li, f"{second}/take-over", reason="Once too often")
        officers = {"grade": "general", "what": "No guard at saw 3", "officers": OFFICERS}
        back = await post(platform, county.li, f"{second}/confirm", 200, **officers)
        assert (f"/hazards/{back['id']}", back["escalation"]) == (first, 1)
        mine = await get(platform, county.principal, second)
        assert (mine["state"], mine["offers"]) == ("suspected", [])  # never “merged”: that would tell of others
        for state, found in (("merged", 0), ("suspected", 1)):
            assert len((await get(platform, county.principal, f"/hazards?state={state}"))["items"]) == found
