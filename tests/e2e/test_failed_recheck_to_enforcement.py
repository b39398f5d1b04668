"""A re-check fails: a new order, then a penalty case to its execution; the enterprise hears each step and no source."""

from county import LATER, County, ok, refused, uid
from to_an_order import OFFICERS, judged, ordered, proven, silent_about_reports, told

from shared.contracts import inspection as facts

CASE = {"limit": LATER, "basis": "Work Safety Law art. 102", "consequence": "open_case"}


async def test_a_failed_recheck_leads_through_a_new_order_to_an_executed_penalty(county: County) -> None:
    hazard = await ordered(county)
    await told(county, "miller", "order_issued", "order_delivered")
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))

    # First time: one thing is left, and it is ordered anew.
    await proven(county, hazard)
    again = {"consequence": "new_order", "limit": LATER, "basis": "Work Safety Law art. 65"}
    failing = {**await judged(county, hazard, "Fit an extractor"), **again}
    failed = await ok(county.wang.post(f"{hazard}/fail-recheck", json=failing))
    assert (failed["state"], failed["delivered"], len(failed["orders"])) == ("rectifying", False, 2)
    assert [item["passed"] for item in failed["items"]] == [True, False]
    await county.settle()

    # Second time: still not done. The case is filed in the same breath, by two officers.
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

    # The head decides, not before the law's steps were taken.
    decision = {
        "penalty": "A fine of 30 000 yuan for the hazard that was not removed",
        "amount_yuan": 30_000,
        "basis": "Work Safety Law art. 102",
        "hearing": "waived",
    }
    path = f"{hazard}/decide-case"
    await refused(county.desk.post(path, json=decision), 403, "role-may-not")
    await refused(county.head.post(path, json=decision), 422, "legal-review-missing")
    reviewed = {**decision, "legal_review_by": uid("desk")}
    await refused(county.head.post(path, json=reviewed), 422, "rights-not-told")
    county.platform.travel(days=10)
    for name in ("head", "desk", "li", "wang", "miller", "secretary"):
        await county.sign_in(name)
    whole = {**reviewed, "rights_told_at": str(county.platform.now)}
    await refused(county.head.post(path, json={**whole, "legal_review_by": uid("wang")}), 409, "reviewer-is-officer")
    decided = await ok(county.head.post(path, json=whole))
    assert decided["enforcement"] == "penalty_decided"
    await county.settle()
    await told(county, "miller", "case_decided")

    own = (await ok(county.miller.get(hazard)))["cases"][0]
    assert (own["penalty"], own["amount_yuan"]) == (decision["penalty"], 30_000)
    assert not {"ground", "legal_review_by", "officers"} & set(own)
    public = {"what": "case_decision", "where": "https://county.example/7", "on": str(county.platform.now.date())}
    await ok(county.desk.post(f"{hazard}/publications", json=public))
    executed = await ok(county.desk.post(f"{hazard}/execute-case", json={"how": "Paid"}))
    assert executed["enforcement"] == "executed"
    await county.settle()

    # Meanwhile the extractor was fitted: penalty and removal are two matters.
    await proven(county, hazard)
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=await judged(county, hazard)))
    closed = await ok(county.desk.post(f"{hazard}/close", json={}))
    assert (closed["state"], closed["enforcement"]) == ("closed", "executed")
    await county.settle()
    stated = county.platform.events(facts.CaseOpened, facts.CaseDecided, facts.CaseExecuted, facts.NoticePublished)
    assert [event.subject.rpartition(".")[2] for event in stated] == [
        *("case_opened", "case_decided", "notice_published", "case_executed")
    ]
    await silent_about_reports(county, "miller", hazard)
