"""An order is stayed: its days rest, nobody is late by them, and they go on with what was left; stops of work stand."""

from datetime import date, timedelta
from typing import Any

import inspection_county as county
from case_stages import due
from hazard_stages import CERTAINTIES, LIMIT, ORDER, RESUMPTION, assigned, handed_over, ordered, proofs
from inspection_county import OFFICERS_PICTURE, TODAY, get, post, report, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform, Platform

STAY: dict[str, Any] = {
    "ground": "reviewing_body",
    "reference": "County review 3/2026",
    "on": "2026-10-02",
    "reason": "The review body wants to look at it first",
}
MAJOR: dict[str, Any] = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
MORE_TIME: dict[str, Any] = {
    "ground": "force_majeure",
    "reason": "The flood cut the road",
    "interim_measures": "Line 2 stands still",
    "until": str(LIMIT + timedelta(days=10)),
}

LATER_ORDER: dict[str, Any] = {**ORDER, "limit": "2026-10-25"}


def _missed(platform: Platform) -> set[str]:
    return {fact.key for fact in platform.events(facts.DeadlineMissed) if isinstance(fact, facts.DeadlineMissed)}


async def test_the_days_of_a_stayed_order_rest_and_go_on_with_what_was_left(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        assert await due(platform, "hazard.plan") == ("2026-10-13", "open")
        platform.travel(days=3)
        shown = await post(platform, county.head, f"{hazard}/stay-order", **STAY)
        assert (shown["stay"], shown["next_due"], shown["overdue"]) == ("stayed", None, False)
        for key, last in (("hazard.limit", "2026-10-10"), ("hazard.plan", "2026-10-13")):
            assert await due(platform, key) == (last, "paused")
        platform.travel(days=29)  # 1 November
        await platform.settle(redeliver=3)
        assert not {"hazard.limit", "hazard.plan"} & _missed(platform)
        for who in (county.desk, county.principal):
            page = await get(platform, who, hazard)
            assert (page["overdue"], page["next_due"]) == (False, None)
            [stay] = page["stays"]
            assert (stay["ground"], stay["reference"], stay["reason"]) == (
                "reviewing_body",
                STAY["reference"],
                STAY["reason"],
            )
            assert stay["since"] == "2026-10-01T16:00:00Z", "from the day of the decision on, not of its recording"
            [clock] = [each for each in page["deadlines"] if each["key"] == "hazard.limit"]
            assert clock["paused_at"] == stay["since"]
            assert clock["explanation_en"].endswith("The order is stayed: paused on 2026-10-02.")
            assert (await get(platform, who, "/hazards?overdue=true"))["items"] == []
            assert (await get(platform, who, "/hazards?clock=hazard.limit"))["items"] == []
            assert (await get(platform, who, "/hazards?stay=none&stay=lifted"))["items"] == []
            [line] = (await get(platform, who, "/hazards?stay=stayed"))["items"]
            assert (line["stay"], line["overdue"]) == ("stayed", False)
        assert not {"recorded_by", "lifted_by"} & set(stay)
        late = await get(platform, county.desk, "/deadlines?overdue=true")
        assert not {"hazard.limit", "hazard.plan"} & {each["key"] for each in late["items"]}
        assert slug(await post(platform, county.li, f"{hazard}/open-recheck", 409)) == "order-stayed"
        asked = await post(platform, county.principal, f"{hazard}/request-extension", 409, **MORE_TIME)
        assert slug(asked) == "order-stayed"
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="The review upheld the order")
        assert (lifted["stay"], lifted["limit"]) == ("lifted", "2026-11-09"), "thirty days later"
        assert await due(platform, "hazard.limit") == ("2026-11-09", "open")
        assert await due(platform, "hazard.plan") == ("2026-11-06", "open"), "five working days were left"
        assert lifted["stays"][0]["limit_after"] == "2026-11-09"
        platform.travel(days=9)
        await platform.settle(redeliver=3)
        assert {"hazard.limit", "hazard.plan"} <= _missed(platform)
        await post(platform, county.li, f"{hazard}/open-recheck")
        changes = "select what, at from deadline_changes where what in ('paused', 'resumed') order by id"
        noted = [(row["what"], str(row["at"].date())) for row in await platform.rows("inspection", changes)]
        assert noted == [("paused", "2026-10-03")] * 2 + [("resumed", "2026-11-01")] * 2, "as it was recorded"
        [stayed] = platform.events(facts.OrderStayed)
        [over] = platform.events(facts.StayLifted)
        assert isinstance(stayed, facts.OrderStayed)
        assert isinstance(over, facts.StayLifted)
        assert (stayed.since, stayed.limit, stayed.ground) == (date(2026, 10, 2), LIMIT, "reviewing_body")
        assert (over.limit, over.days) == (date(2026, 11, 9), 30)
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        told = {each["verb"]: each["reason"] for each in history}
        assert (told["stay_order"], told["lift_stay"]) == (STAY["reason"], "The review upheld the order")


async def test_who_may_not_and_what_cannot_be_stayed_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        platform.travel(days=3)
        path = f"{hazard}/stay-order"
        for said, status, who, changes in (
            ("role-may-not", 403, county.desk, {}),
            ("role-may-not", 403, county.committee, {}),
            ("role-may-not", 403, county.principal, {}),
            ("not-found", 404, county.actor("authority.head", county.FIRE_HEAD, county.FIRE), {}),
            ("stay-day", 422, county.head, {"on": str(TODAY - timedelta(days=1))}),
            ("stay-day", 422, county.head, {"on": "2026-10-04"}),
            ("appeal-stays-nothing", 409, county.head, {"ground": "appeal"}),
        ):
            assert slug(await post(platform, who, path, status, **{**STAY, **changes})) == said
        assert slug(await post(platform, county.head, f"{hazard}/lift-stay", 409, reason="x")) == "illegal-transition"
        await post(platform, county.head, path, **{**STAY, "ground": "own_decision"})
        assert slug(await post(platform, county.head, path, 409, **STAY)) == "illegal-transition"
        assert slug(await post(platform, county.desk, f"{hazard}/lift-stay", 403, reason="x")) == "role-may-not"


async def test_imminent_danger_waits_for_no_court(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, report(imminent_danger=True))
        ask = {**STAY, "ground": "court", "on": str(TODAY)}
        assert slug(await post(platform, county.head, f"{hazard}/stay-order", 409, **ask)) == "imminent-danger"
        assert "stay_order" not in (await get(platform, county.head, hazard))["offers"]


async def test_what_was_stayed_in_time_and_told_late_was_never_late(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        platform.travel(days=20)
        await platform.settle()
        assert "hazard.limit" in _missed(platform)
        refused = await post(platform, county.head, f"{hazard}/stay-order", 409, **{**STAY, "on": "2026-10-11"})
        assert slug(refused) == "limit-passed", "what is late by then stays late"
        assert (await get(platform, county.principal, hazard))["overdue"]
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": "2026-10-10"})
        assert not (await get(platform, county.principal, hazard))["overdue"]
        await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert await due(platform, "hazard.limit") == ("2026-10-20", "open"), "today was left of it"


async def test_a_stop_of_work_and_its_review_do_not_rest(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform, **MAJOR)
        stop = {"kind": "evacuated", "reason": "May explode", "basis": "WSL art. 65"}
        await post(platform, county.head, f"{hazard}/order-stop", **stop)
        stayed = await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        assert (stayed["suspension"], stayed["stay"]) == ("evacuated", "stayed")
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        assert await due(platform, "suspension.resumption_review") == ("2026-10-10", "open")
        platform.travel(days=11)
        page = await get(platform, county.desk, hazard)
        assert (page["next_due_key"], page["overdue"]) == ("hazard.register_major", True)
        await platform.settle(redeliver=3)
        assert "suspension.resumption_review" in _missed(platform)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert lifted["suspension"] == "resume_requested"


async def test_whoever_obeys_all_the_same_leaves_nothing_to_stay(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
        platform.travel(days=30)
        shown = await post(
            platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard)
        )
        assert (shown["state"], shown["stay"], shown["limit"]) == ("recheck_requested", "lifted", str(LIMIT))
        assert shown["stays"][0]["lapsed_at"] == "2026-10-30T01:00:00Z"
        assert (await due(platform, "hazard.limit"))[1] == "met"
        await post(platform, county.li, f"{hazard}/open-recheck")
        await platform.settle(redeliver=3)
        [lapsed] = platform.events(facts.StayLapsed)
        assert isinstance(lapsed, facts.StayLapsed)
        assert "hazard.limit" not in _missed(platform)
        refused = await post(platform, county.head, f"{hazard}/stay-order", 409, **STAY)
        assert slug(refused) == "nothing-to-stay"


async def test_a_hazard_that_is_no_more_is_stayed_no_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        void = await post(platform, county.head, f"{hazard}/void", reason="Pulled down", proof=[OFFICERS_PICTURE])
        assert (void["stay"], void["deadlines"]) == ("lifted", [])


async def test_days_of_a_stay_are_not_among_the_longest_that_a_limit_may_have(services_here: OpenPlatform) -> None:
    """A general hazard has thirty days at most; after twenty days of a stay, they end twenty days later."""
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        asked = {**MORE_TIME, "until": "2026-10-20"}
        platform.travel(hours=1)
        await post(platform, county.principal, f"{hazard}/request-extension", **asked)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=20)
        await post(platform, county.desk, f"{hazard}/decide-extension", granted=True, reason="The road is cut")
        assert await due(platform, "hazard.limit") == ("2026-10-20", "paused"), "decided, and still at rest"
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert (lifted["limit"], await due(platform, "hazard.limit")) == ("2026-11-09", ("2026-11-09", "open"))


async def test_more_time_that_waited_through_a_stay_can_still_be_granted(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        platform.travel(minutes=1)
        await post(platform, county.principal, f"{hazard}/request-extension", **{**MORE_TIME, "until": "2026-10-20"})
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=25)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert lifted["limit"] == "2026-11-04"
        [asked] = lifted["extension_requests"]
        assert (asked["limit_before"], asked["until_asked"]) == ("2026-11-04", "2026-11-14")
        path = f"{hazard}/decide-extension"
        refused = await post(platform, county.desk, path, 422, granted=True, reason="x", until="2026-11-15")
        assert (slug(refused), refused["latest"]) == ("extension-not-lawful", "2026-11-14")
        granted = await post(platform, county.desk, path, granted=True, reason="The road is cut")
        assert (granted["limit"], await due(platform, "hazard.limit")) == ("2026-11-14", ("2026-11-14", "open"))


async def test_more_time_is_granted_while_the_order_is_stayed_however_long(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform)
        platform.travel(minutes=1)
        await post(platform, county.principal, f"{hazard}/request-extension", **{**MORE_TIME, "until": "2026-10-20"})
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=25)  # later than what was asked for
        await post(platform, county.desk, f"{hazard}/decide-extension", granted=True, reason="The road is cut")
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert (lifted["limit"], await due(platform, "hazard.limit")) == ("2026-11-14", ("2026-11-14", "open"))


async def test_a_limit_that_is_set_during_a_stay_rests_from_then_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=300)
        listed_on = TODAY + timedelta(days=300)
        await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
        limit = listed_on + timedelta(days=60)
        listing: dict[str, Any] = {"level": 2, "limit": str(limit), "reason": "So decided"}
        listed = await post(platform, county.committee, f"{hazard}/list", **listing)
        assert (listed["limit"], await due(platform, "hazard.limit")) == (str(limit), (str(limit), "paused"))
        platform.travel(days=7)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        after = str(limit + timedelta(days=7))
        assert (lifted["limit"], lifted["listings"][0]["limit"]) == (after, after)
        assert await due(platform, "hazard.limit") == (after, "open")


async def test_whoever_begins_during_a_stay_plans_with_the_days_that_rested(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=30)
        last = LIMIT + timedelta(days=30)
        path = f"{hazard}/start-rectification"
        long: dict[str, Any] = {**CERTAINTIES, "limit": str(last + timedelta(days=1))}
        assert slug(await post(platform, county.principal, path, 422, certainties=long)) == "plan-too-long"
        begun = await post(platform, county.principal, path, certainties={**CERTAINTIES, "limit": str(last)})
        assert begun["certainties"]["limit"] == str(last)


async def test_after_a_stay_more_time_is_asked_for_as_if_its_days_had_not_been(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await post(platform, county.li, f"{hazard}/order", **LATER_ORDER)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=20)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert lifted["limit"] == "2026-11-14"
        path = f"{hazard}/request-extension"
        refused = await post(platform, county.principal, path, 422, **{**MORE_TIME, "until": "2026-11-20"})
        assert (slug(refused), refused["latest"]) == ("extension-not-lawful", "2026-11-19")
        await post(platform, county.principal, path, **{**MORE_TIME, "until": "2026-11-19"})


async def test_a_listed_hazard_is_stayed_with_its_listing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
        await post(platform, county.committee, f"{hazard}/list", level=2, limit="2026-12-01", reason="So decided")
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "ground": "court", "on": str(TODAY)})
        platform.travel(days=100)
        await platform.settle(redeliver=3)
        assert "hazard.limit" not in _missed(platform)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert (lifted["limit"], lifted["listings"][0]["limit"]) == ("2027-03-11", "2027-03-11")
        assert await due(platform, "hazard.limit") == ("2027-03-11", "open")


async def test_nobody_is_listed_as_overdue_while_the_order_is_stayed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await handed_over(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/stay-order", **{**STAY, "on": str(TODAY)})
        platform.travel(days=20)
        proposing = {"ground": "overdue_major", "reason": "Not removed"}
        refused = await post(platform, county.head, f"{hazard}/propose-listing", 409, **proposing)
        assert slug(refused) == "ground-not-met"
