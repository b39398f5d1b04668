"""A re-check fails and a case is filed: heard, decided, served, not paid, at court; or dropped for a good defence."""

from datetime import timedelta
from typing import Any

from county import LATER, County, ok, refused, uid
from to_an_order import OFFICERS, judged, ordered, proven, silent_about_reports, told

from shared.contracts import inspection as facts

CASE = {"limit": LATER, "basis": "Work Safety Law art. 102", "consequence": "open_case"}
FINE = {"kinds": ["fine"], "amount_yuan": 60_000, "basis": "Work Safety Law art. 102"}
PENALTY = "A fine of 60 000 yuan for the hazard that was not removed"
EVERYBODY = ("head", "desk", "li", "wang", "miller", "secretary", "worker")


async def _later(county: County, days: int) -> None:
    """Let days pass; sessions end meanwhile."""
    county.platform.travel(days=days)
    for name in EVERYBODY:
        await county.sign_in(name)


async def _service(county: County, **changes: Any) -> dict[str, Any]:
    paper = await county.proof("li", "inspection")
    return {"how": "in_person", "received_by": "The miller", "evidence": [paper], **changes}


async def _notice(county: County, **changes: Any) -> dict[str, Any]:
    words = {"facts": "The extractor is not fitted", "reasons": "Ordered twice, done neither time", "penalty": PENALTY}
    return {**words, **FINE, "service": await _service(county), **changes}


async def _case_of_a_failed_recheck(county: County) -> str:
    """Fail the re-check twice: a new order first, then a case; give the hazard's address."""
    hazard = await ordered(county)
    await told(county, "miller", "order_issued", "order_delivered")
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    await proven(county, hazard)
    again = {"consequence": "new_order", "limit": LATER, "basis": "Work Safety Law art. 65"}
    failing = {**await judged(county, hazard, "Fit an extractor"), **again}
    failed = await ok(county.wang.post(f"{hazard}/fail-recheck", json=failing))
    assert (failed["state"], failed["delivered"], len(failed["orders"])) == ("rectifying", False, 2)
    assert [item["passed"] for item in failed["items"]] == [True, False]
    await county.settle()
    await proven(county, hazard)
    failing = {**await judged(county, hazard, "Fit an extractor"), **CASE}
    alone = {**failing, "officers": OFFICERS[:1]}
    await refused(county.wang.post(f"{hazard}/fail-recheck", json=alone), 422, "two-officers")
    shown = await ok(county.wang.post(f"{hazard}/fail-recheck", json=failing))
    assert (shown["state"], shown["enforcement"], shown["cases"][0]["state"]) == (
        "rectifying",
        "case_open",
        "case_open",
    )
    await county.settle()
    await told(county, "miller", "case_opened")
    await told(county, "head", "case_opened")
    return hazard


async def test_a_penalty_goes_from_the_failed_recheck_through_a_hearing_to_the_court(county: County) -> None:
    hazard = await _case_of_a_failed_recheck(county)

    # Nothing is decided before the party was told; the notice carries the right to a hearing, and is served.
    decision = {"penalty": PENALTY, **FINE}
    await refused(county.desk.post(f"{hazard}/decide-case", json=decision), 403, "role-may-not")
    await refused(county.head.post(f"{hazard}/decide-case", json=decision), 409, "illegal-transition")
    notice = await ok(county.li.post(f"{hazard}/tell-rights", json=await _notice(county)))
    assert notice["cases"][0]["hearing_right"] is True
    await county.settle()
    await told(county, "miller", "case_rights_told")
    own = await ok(county.miller.get(hazard))
    assert {"state_defence", "ask_hearing", "waive_hearing"} <= set(own["offers"])
    assert own["cases"][0]["told_facts"] == "The extractor is not fitted"
    assert (await county.worker.get(hazard)).status_code == 403, "a worker could tell who else had reported it"

    # It states and asks for a hearing; called ahead, led by somebody who does not investigate.
    await ok(county.miller.post(f"{hazard}/state-defence", json={"words": "The part is on its way"}))
    await ok(county.miller.post(f"{hazard}/ask-hearing", json={"words": "We want to be heard"}))
    await county.settle()
    await told(county, "desk", "case_answered", "case_hearing_requested")
    calling = {"at": str(county.platform.now + timedelta(days=20)), "place": "Room 3", "presider": uid("wang")}
    await refused(county.desk.post(f"{hazard}/call-hearing", json=calling), 409, "presider-is-officer")
    await ok(county.desk.post(f"{hazard}/call-hearing", json={**calling, "presider": uid("desk")}))
    await county.settle()
    await told(county, "miller", "case_hearing_called")
    await _later(county, 20)
    record = await county.proof("li", "inspection")
    held = {"attended": True, "record": "Both were heard", "evidence": [record]}
    assert (await ok(county.li.post(f"{hazard}/hold-hearing", json=held)))["enforcement"] == "heard"

    # A third reviews; several discuss it; the head decides.
    review = {"agrees": True, "opinion": "Facts, basis and procedure hold"}
    await refused(county.wang.post(f"{hazard}/review-case", json=review), 409, "reviewer-is-officer")
    await ok(county.desk.post(f"{hazard}/review-case", json=review))
    await refused(county.head.post(f"{hazard}/decide-case", json=decision), 422, "collective-discussion-missing")
    discussed = {"on": str(county.platform.now.date()), "members": [uid("head"), uid("li")], "opinion": "Agreed"}
    decided = await ok(county.head.post(f"{hazard}/decide-case", json={**decision, "discussion": discussed}))
    assert (decided["enforcement"], decided["cases"][0]["hearing"]) == ("penalty_decided", "held")
    await county.settle()
    await told(county, "miller", "case_decided")
    own_case = (await ok(county.miller.get(hazard)))["cases"][0]
    assert (own_case["penalty"], own_case["amount_yuan"]) == (PENALTY, 60_000)
    assert not {"ground", "legal_review_by", "officers", "discussion"} & set(own_case)

    # Served, and its signature refused; published; not paid.
    left = {"how": "left_at_premises", "refused": {"reason": "Would not sign", "witnesses": ["Zhao", "Qian"]}}
    serving = {**await _service(county), **left, "received_by": None}
    await ok(county.li.post(f"{hazard}/serve-case", json=serving))
    await county.settle()
    await told(county, "miller", "case_served")
    public = {"what": "case_decision", "where": "https://county.example/7", "on": str(county.platform.now.date())}
    await ok(county.desk.post(f"{hazard}/publications", json=public))
    await _later(county, 16)
    demand = {"demand": "Pay 60 000 yuan", "service": await _service(county)}
    await ok(county.li.post(f"{hazard}/serve-demand", json=demand))
    await county.settle()
    await told(county, "miller", "case_demanded")
    suing = {"court": "County court", "reason": "Not paid"}
    await _later(county, 16)
    await refused(county.head.post(f"{hazard}/apply-to-court", json=suing), 409, "appeal-period-runs")
    await _later(county, 160)
    sued = await ok(county.head.post(f"{hazard}/apply-to-court", json=suing))
    assert (sued["enforcement"], sued["cases"][0]["court"]) == ("court", "County court")
    await county.settle()
    await told(county, "miller", "case_sent_to_court")

    # Meanwhile the extractor was fitted: penalty and removal are two matters.
    await proven(county, hazard)
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=await judged(county, hazard)))
    assert (await ok(county.desk.post(f"{hazard}/close", json={})))["state"] == "closed"
    executed = await ok(county.desk.post(f"{hazard}/execute-case", json={"how": "Taken by the court"}))
    assert (executed["state"], executed["enforcement"]) == ("closed", "executed")
    await county.settle()
    stated = [event.subject.rpartition(".")[2] for event in county.platform.events() if ".case_" in event.subject]
    assert stated == [
        *("case_opened", "case_rights_told", "case_answered", "case_hearing_requested", "case_hearing_called"),
        *("case_hearing_held", "case_reviewed", "case_decided", "case_served", "case_demanded"),
        *("case_sent_to_court", "case_executed"),
    ]
    assert len(county.platform.events(facts.NoticePublished)) == 1
    await silent_about_reports(county, "miller", hazard)


async def test_a_defence_that_convinces_ends_the_case_without_a_penalty(county: County) -> None:
    hazard = await _case_of_a_failed_recheck(county)
    smaller = await _notice(county, penalty="A fine of 10 000 yuan", amount_yuan=10_000)
    told_of = await ok(county.li.post(f"{hazard}/tell-rights", json=smaller))
    assert told_of["cases"][0]["hearing_right"] is False
    await refused(county.miller.post(f"{hazard}/ask-hearing", json={"words": "Hear us"}), 409, "no-hearing-right")
    invoice = await county.proof("miller", "inspection")
    defence = {"words": "The extractor was ordered in time, the maker is late", "evidence": [invoice]}
    await ok(county.miller.post(f"{hazard}/state-defence", json=defence))
    await county.settle()
    await told(county, "head", "case_answered")
    statement = (await ok(county.head.get(hazard)))["statements"][0]
    assert (statement["statement"], statement["evidence"][0]["id"]) == (defence["words"], invoice["id"])
    dropping = {"reason": "It did what it could", "cause": "defence_accepted"}
    await refused(county.desk.post(f"{hazard}/drop-case", json=dropping), 403, "role-may-not")
    dropped = await ok(county.head.post(f"{hazard}/drop-case", json=dropping))
    assert (dropped["enforcement"], dropped["state"]) == ("none", "rectifying"), "the hazard is still to be removed"
    await county.settle()
    await told(county, "miller", "case_dropped")
    [event] = county.platform.events(facts.CaseDropped)
    assert isinstance(event, facts.CaseDropped)
    assert event.cause is facts.DropCause.DEFENCE_ACCEPTED
    await silent_about_reports(county, "miller", hazard)
