"""A stop from its order to the consent that lifts it: power cut after a notice, review on site, two decisions."""

from datetime import timedelta

from county import CERTAINTIES, County, ok, refused, resumption, review, uid
from to_an_order import MAJOR, judged, ordered, proven, silent_about_reports, told

from shared.contracts import inspection as facts

STOP = {"kind": "full_stop", "reason": "May explode", "basis": "Work Safety Law art. 65(3)"}


async def test_work_stays_stopped_until_two_officers_saw_that_it_may_begin_again(county: County) -> None:
    hazard = await ordered(county, **MAJOR)
    register = {"state_and_cause": "Dust", "harm_and_difficulty": "Explosion", "plan": "Extractor"}
    await ok(county.miller.post(f"{hazard}/report-major", json=register))
    await refused(county.li.post(f"{hazard}/order-stop", json=STOP), 403, "role-may-not")
    await ok(county.head.post(f"{hazard}/order-stop", json=STOP))
    await county.settle()
    await told(county, "miller", "suspension_imposed")
    await told(county, "head", "major_registered")

    # They go on working: the power is cut, told a day ahead.
    cut = {"cut_at": str(county.platform.now + timedelta(hours=20)), "reason": "Still at work", "basis": "WSL art. 70"}
    await refused(county.head.post(f"{hazard}/cut-power", json=cut), 422, "notice-too-short")
    in_time = {**cut, "cut_at": str(county.platform.now + timedelta(hours=25))}
    await ok(county.head.post(f"{hazard}/cut-power", json=in_time))
    await county.settle()
    await told(county, "miller", "power_cut_announced")
    await told(county, "town_officer", "power_cut_announced")

    # It is put right and verified, which lifts nothing.
    await ok(county.miller.post(f"{hazard}/start-rectification", json={"certainties": CERTAINTIES}))
    await proven(county, hazard)
    passed = await ok(county.wang.post(f"{hazard}/pass-recheck", json=await judged(county, hazard)))
    assert (passed["state"], passed["suspension"]) == ("verified", "full_stop")
    closing = {"workers_told": True}
    await refused(county.head.post(f"{hazard}/close", json=closing), 409, "still-suspended")

    # The request carries plan, items and evaluation; the head decides on what two officers saw.
    report = await county.proof("miller", "inspection")
    bare = {"statement": "Let us begin", "evidence": [report]}
    assert (await county.miller.post(f"{hazard}/request-resumption", json=bare)).status_code == 422
    await ok(county.miller.post(f"{hazard}/request-resumption", json=resumption(report)))
    await county.settle()
    decide = f"{hazard}/decide-resumption"
    granting = {"granted": True, "reason": "Seen and tried"}
    await refused(county.head.post(decide, json=granting), 422, "no-site-review")
    photo = await county.proof("li", "inspection")
    by_one = {**review(photo), "officers": [uid("li")]}
    await refused(county.head.post(decide, json={**granting, "review": by_one}), 422, "two-officers")
    lifted = await ok(county.head.post(decide, json={**granting, "review": review(photo)}))
    assert (lifted["suspension"], lifted["state"]) == ("resumed", "verified")
    await county.settle()
    await told(county, "miller", "resumption_decided")

    # Closing is another decision, and waits for the power.
    await refused(county.head.post(f"{hazard}/close", json=closing), 409, "power-still-cut")
    await ok(county.head.post(f"{hazard}/restore-power", json={"reason": "Put right"}))
    assert (await ok(county.head.post(f"{hazard}/close", json=closing)))["state"] == "closed"
    await county.settle()
    stated = [event.subject.rpartition(".")[2] for event in county.platform.events() if ".hazard." in event.subject]
    assert stated[4:] == [
        *("order_delivered", "major_registered", "suspended", "power_cut_announced", "rectification_started"),
        *("recheck_requested", "recheck_opened", "recheck_passed", "resumption_requested", "resumption_decided"),
        *("power_restored", "closed"),
    ]
    assert len(county.platform.events(facts.SuspensionImposed)) == 1
    await silent_about_reports(county, "miller", hazard)
