"""From the decision to its end (T20): served, paid, put off, demanded, taken to court, fought, carried out."""

from datetime import timedelta
from typing import Any

import inspection_county as county
from case_stages import BANK, DECIDED, FILED, LEFT, SERVED, clock, decided, demanded, due, newest, reviewed, served
from hazard_stages import clocks
from inspection_county import MILL, OFFICERS_PICTURE, TODAY, get, post, slug

from shared.contracts import inspection as facts
from shared.testing import START, OpenPlatform, Platform

COURT = {"court": "County court", "reason": "Not paid"}
SUIT = {"kind": "suit", "body": "County court", "number": "2026-7", "filed_on": str(TODAY)}


def _day(later: int) -> str:
    return str(TODAY + timedelta(days=later))


def _ended(outcome: str, later: int = 0, **changes: Any) -> dict[str, Any]:
    decided_on = {"document": "Judgement 7", "reason": "As the court says", "decided_on": _day(later), **BANK}
    return {"outcome": outcome, "final_on": _day(later + 15), **decided_on, **changes}


async def _court_clock(platform: Platform) -> tuple[str, str]:
    return await due(platform, "court.apply")


async def test_a_decision_is_served_in_time_with_a_record_and_not_before_it_is_made(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform)
        path = f"{hazard}/serve-case"
        early = await post(platform, county.li, path, 409, **SERVED)
        assert (slug(early), early["state"]) == ("illegal-transition", "reviewed")
        await post(platform, county.head, f"{hazard}/decide-case", **DECIDED)
        before = {**SERVED, "at": str(START - timedelta(minutes=1))}
        assert slug(await post(platform, county.li, path, 422, **before)) == "delivery-time"
        assert slug(await post(platform, county.li, path, 422, **{**SERVED, "evidence": []})) == "evidence-missing"
        assert slug(await post(platform, county.principal, path, 403, **SERVED)) == "role-may-not"
        assert await due(platform, "case.service") == ("2026-10-15", "open")
        platform.travel(days=2)
        shown = await post(platform, county.li, path, **{**LEFT, "at": str(START)})
        assert shown["enforcement"] == "served"
        assert (await due(platform, "case.service"))[1] == "met"
        [_, service] = shown["services"]
        assert (service["document"], service["how"], service["refused"]) == (
            *("decision", "left_at_premises"),
            "Would not sign",
        )
        case = shown["cases"][0]
        assert (case["pay_until"], case["appeal_until"]) == ("2026-10-15", "2027-03-30"), "counted from the service"
        assert (await clocks(platform, hazard))["case.pay"] == str(MILL)
        assert await _court_clock(platform) == ("2027-06-30", "open")
        await platform.settle(redeliver=3)
        [event] = platform.events(facts.CaseServed)
        assert isinstance(event, facts.CaseServed)
        assert (event.signature_refused, str(event.pay_until)) == (True, "2026-10-15")


async def test_what_costs_nothing_has_no_days_to_pay(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await reviewed(platform, kinds=["warning"], amount_yuan=0)
        warning = {**DECIDED, "penalty": "A warning", "kinds": ["warning"], "amount_yuan": 0}
        await post(platform, county.head, f"{hazard}/decide-case", **warning)
        shown = await post(platform, county.li, f"{hazard}/serve-case", **SERVED)
        assert (shown["cases"][0]["pay_until"], "case.pay" in await clocks(platform, hazard)) == (None, False)
        terms = {"instalments": [{"until": _day(9), "amount_yuan": 1}], "reason": "x", **BANK}
        assert slug(await post(platform, county.head, f"{hazard}/grant-terms", 409, **terms)) == "no-fine"
        done = await post(platform, county.desk, f"{hazard}/execute-case", how="It was warned")
        assert (done["enforcement"], (await _court_clock(platform))[1]) == ("executed", "cancelled")


async def test_a_case_is_closed_when_the_fine_is_paid(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        pay, close = f"{hazard}/record-payment", f"{hazard}/execute-case"
        assert slug(await post(platform, county.desk, close, 409, how="Paid")) == "fine-unpaid"
        part = {"amount_yuan": 10_000, "on": str(TODAY), **BANK}
        for said, changes in (
            ("paid-too-much", {"amount_yuan": 30_001}),
            ("payment-time", {"on": _day(1)}),
            ("payment-time", {"on": _day(-1)}),
        ):
            assert slug(await post(platform, county.desk, pay, 422, **{**part, **changes})) == said
        await post(platform, county.desk, pay, **part)
        refused = await post(platform, county.desk, close, 409, how="Paid")
        assert (slug(refused), refused["owed_yuan"]) == ("fine-unpaid", 20_000)
        assert await due(platform, "case.pay") == ("2026-10-15", "open")
        paid = await post(platform, county.desk, pay, **{**part, "amount_yuan": 20_000})
        assert (await due(platform, "case.pay"))[1] == "met"
        assert [each["amount_yuan"] for each in paid["cases"][0]["payments"]] == [10_000, 20_000]
        done = await post(platform, county.desk, close, how="Paid to the bank", **BANK)
        assert (done["enforcement"], done["cases"][0]["state"]) == ("executed", "executed")
        assert not {key for key in await clocks(platform, hazard) if key.startswith(("case.pay", "court"))}
        second = await post(platform, county.li, f"{hazard}/open-case", **FILED)
        assert second["cases"][1]["number"] == "应急立案〔2026〕000002号"
        assert second["orders"][0]["number"] == "应急责改〔2026〕000001号", "cases have a series of their own"


async def test_a_fine_may_be_paid_later_or_in_steps_which_together_are_the_fine(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        path = f"{hazard}/grant-terms"
        steps = [{"until": _day(30), "amount_yuan": 10_000}, {"until": _day(60), "amount_yuan": 20_000}]
        asking: dict[str, Any] = {"instalments": steps, "reason": "The harvest comes late", **BANK}
        for said, instalments in (
            ("instalments-sum", steps[:1]),
            ("instalments-order", steps[::-1]),
            ("instalments-order", [{"until": _day(-1), "amount_yuan": 30_000}]),
        ):
            assert slug(await post(platform, county.head, path, 422, **{**asking, "instalments": instalments})) == said
        await post(platform, county.head, path, 422, **{**asking, "evidence": []})
        assert slug(await post(platform, county.desk, path, 403, **asking)) == "role-may-not"
        shown = await post(platform, county.head, path, **asking)
        assert shown["cases"][0]["pay_until"] == _day(60)
        assert await due(platform, "case.pay") == (_day(60), "open")
        demand = {"demand": "Pay", "service": SERVED}
        platform.travel(days=60)
        assert slug(await post(platform, county.li, f"{hazard}/serve-demand", 409, **demand)) == "pay-time-runs"
        platform.travel(days=1)
        assert (await post(platform, county.li, f"{hazard}/serve-demand", **demand))["enforcement"] == "demanded"
        again = {**asking, "instalments": [{"until": _day(90), "amount_yuan": 30_000}]}
        assert (await post(platform, county.head, path, **again))["enforcement"] == "served"
        assert (await due(platform, "court.apply.after_demand"))[1] == "cancelled"
        own = (await get(platform, county.principal, hazard))["cases"][0]
        assert (own["instalments"], own["terms_reason"]) == (again["instalments"], "The harvest comes late")


async def test_the_court_is_asked_after_demand_and_appeal_period(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        path = f"{hazard}/apply-to-court"
        assert slug(await post(platform, county.head, path, 409, **COURT)) == "illegal-transition"
        demand = {"demand": "Pay 30 000 yuan", "service": SERVED}
        platform.travel(days=15)
        assert slug(await post(platform, county.li, f"{hazard}/serve-demand", 409, **demand)) == "pay-time-runs"
        assert (await clock(platform, "case.pay"))["due_at"] > platform.now, "the last day itself is in time"
        platform.travel(days=1)
        assert (await clock(platform, "case.pay"))["due_at"] < platform.now, "missed, and still owed"
        await post(platform, county.li, f"{hazard}/serve-demand", **demand)
        assert (await clocks(platform, hazard))["court.apply.after_demand"] == str(MILL)
        assert await due(platform, "court.apply.after_demand") == ("2026-10-30", "open")
        platform.travel(days=14)
        refused = await post(platform, county.head, path, 409, **COURT)
        assert slug(refused) == "demand-too-recent"
        platform.travel(days=1)
        refused = await post(platform, county.head, path, 409, **COURT)
        assert (slug(refused), refused["until"]) == ("appeal-period-runs", "2027-03-30")
        assert slug(await post(platform, county.desk, path, 403, **COURT)) == "role-may-not"
        platform.travel(days=151)
        sued = await post(platform, county.head, path, **COURT)
        assert (sued["enforcement"], sued["cases"][0]["court"]) == ("court", "County court")
        assert (await _court_clock(platform))[1] == "met"
        assert (await due(platform, "court.apply.after_demand"))[1] == "cancelled"
        done = {"how": "Taken by the court", "evidence": [OFFICERS_PICTURE]}
        assert (await post(platform, county.desk, f"{hazard}/execute-case", **done))["enforcement"] == "executed"
        assert (await due(platform, "case.pay"))[1] == "met"
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".case_")[2] for event in platform.events() if ".case_" in event.subject]
        assert told == [
            *("opened", "rights_told", "answered", "reviewed", "decided", "served", "demanded", "sent_to_court"),
            "executed",
        ]


async def test_three_months_after_the_appeal_period_it_is_seen_that_nobody_asked_the_court(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await decided(platform)
        await post(platform, county.li, f"{hazard}/serve-case", **SERVED)
        await post(platform, county.desk, f"{hazard}/record-payment", amount_yuan=29_999, on=str(TODAY), **BANK)
        platform.travel(days=273)
        shown = await get(platform, county.desk, hazard)
        [court] = [each for each in shown["deadlines"] if each["key"] == "court.apply"]
        assert (court["owed_by"], court["due_at"][:10]) == (str(county.EMERGENCY), "2027-06-30")
        assert "3 months from 2027-03-30" in court["explanation_en"]
        assert shown["overdue"]


async def test_what_is_contested_is_not_enforced_until_it_is_final(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await demanded(platform)
        contest, end = f"{hazard}/contest-case", f"{hazard}/end-contest"
        assert slug(await post(platform, county.desk, end, 409, **_ended("upheld"))) == "not-contested"
        for said, status, changes in (
            ("contest-time", 422, {"filed_on": _day(-1)}),
            ("contest-time", 422, {"filed_on": _day(17)}),
        ):
            assert slug(await post(platform, county.desk, contest, status, **{**SUIT, **changes})) == said
        shown = await post(platform, county.desk, contest, **SUIT)
        assert shown["contests"][0]["suspends"] is False
        assert (await _court_clock(platform))[1] == "cancelled"
        assert (await due(platform, "case.pay"))[1] == "open", "a suit alone does not stop the time to pay"
        assert slug(await post(platform, county.desk, contest, 409, **SUIT)) == "contested"
        platform.travel(days=200)
        assert slug(await post(platform, county.head, f"{hazard}/apply-to-court", 409, **COURT)) == "contested"
        assert slug(await post(platform, county.desk, f"{hazard}/execute-case", 409, how="x")) == "contested"
        early = _ended("upheld", 216, final_on=_day(215))
        assert slug(await post(platform, county.desk, end, 422, **early)) == "contest-time"
        await post(platform, county.desk, end, **_ended("upheld", 216))
        assert (await newest(platform, hazard))["appeal_until"] == _day(231)
        refused = await post(platform, county.head, f"{hazard}/apply-to-court", 409, **COURT)
        assert (slug(refused), refused["until"]) == ("appeal-period-runs", _day(231))
        assert await _court_clock(platform) == ("2027-08-19", "open")
        platform.travel(days=16)
        assert (await post(platform, county.head, f"{hazard}/apply-to-court", **COURT))["enforcement"] == "court"


async def test_a_suspended_decision_gives_the_party_its_days_anew(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        asking = {**SUIT, "kind": "reconsideration", "why_suspended": "The county government suspends it"}
        late = {**asking, "filed_on": _day(61)}
        platform.travel(days=61)
        assert slug(await post(platform, county.desk, f"{hazard}/contest-case", 409, **late)) == "contested-too-late"
        shown = await post(platform, county.desk, f"{hazard}/contest-case", **{**asking, "filed_on": _day(10)})
        assert shown["contests"][0]["why_suspended"] == "The county government suspends it"
        assert (await due(platform, "case.pay"))[1] == "cancelled"
        changed = _ended("changed", 61)
        for said, amount in (("amount-of-change", None), ("graver-by-contest", 30_001)):
            refused = await post(platform, county.desk, f"{hazard}/end-contest", 422, **changed, amount_yuan=amount)
            assert slug(refused) == said
        after = await post(platform, county.desk, f"{hazard}/end-contest", **changed, amount_yuan=20_000)
        case = after["cases"][0]
        assert (case["amount_yuan"], case["pay_until"], case["appeal_until"]) == (20_000, _day(76), _day(76))
        assert await due(platform, "case.pay") == (_day(76), "open")
        own = (await get(platform, county.principal, hazard))["contests"][0]
        assert (own["outcome"], own["body"], "by_id" in own) == ("changed", "County court", False)


async def test_a_decision_that_falls_leaves_no_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await demanded(platform)
        await post(platform, county.desk, f"{hazard}/contest-case", **{**SUIT, "filed_on": _day(3)})
        fallen = await post(platform, county.desk, f"{hazard}/end-contest", **_ended("revoked", 16))
        assert (fallen["enforcement"], fallen["cases"][0]["revoked_on"]) == ("none", _day(16))
        assert not {key for key in await clocks(platform, hazard) if key.startswith(("case.", "court."))}
        assert (await get(platform, county.li, hazard))["offers"].count("open_case") == 1


async def test_an_objection_is_in_no_period_and_lengthens_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        objecting = {**SUIT, "kind": "objection", "body": "The bureau"}
        await post(platform, county.desk, f"{hazard}/contest-case", **objecting)
        await post(platform, county.desk, f"{hazard}/end-contest", **_ended("withdrawn"))
        assert (await newest(platform, hazard))["appeal_until"] == "2027-03-30"
        assert await _court_clock(platform) == ("2027-06-30", "open")
