"""What an enterprise finds itself it removes itself; an authority sees it and may take it over, or look again."""

from typing import Any
from uuid import uuid4

from county import County, ok, refused, report, uid

from services.inspection.hazards.domain.own import drawn
from shared.contracts import inspection as facts
from shared.contracts.values import derived_id

OFFICERS = [uid("li"), uid("wang")]


def _hazard_of(claim_id: str) -> str:
    return f"/hazards/{derived_id('hazard', derived_id('docket', claim_id))}"


async def _declare(county: County, *items: dict[str, Any]) -> str:
    check = f"/self-checks/{uuid4()}"
    for _ in range(2):
        await ok(county.miller.put(check, json={"date": "2026-09-30", "items": list(items)}))
    await county.settle()
    return check


def _item(what: str, **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "category": "machinery", "what": what, "suspected_grade": "general", **changes}


async def _removed(county: County, hazard: str) -> None:
    await ok(county.miller.post(f"{hazard}/confirm-own", json={}))
    start = {"items": [{"text": "Fit a guard"}], "limit": "2026-10-10", "responsible": "The foreman"}
    await ok(county.miller.post(f"{hazard}/start-own", json=start))
    proof = await county.proof("miller", "inspection")
    [item] = (await ok(county.miller.get(hazard)))["items"]
    done = {"items": [{"item_id": item["id"], "after": [proof]}]}
    await ok(county.miller.post(f"{hazard}/finish-own", json=done))
    await ok(county.miller.post(f"{hazard}/close-own", json={"remark": "Guard fitted"}))
    await county.settle()


async def _progress(county: County, check: str) -> list[str]:
    return [item["progress"] for item in (await ok(county.miller.get(check)))["items"]]


async def test_a_mill_finds_removes_and_closes_and_no_desk_is_troubled(county: County) -> None:
    guard, major, unsure = (
        _item("Guard of saw 3 is missing"),
        _item("The silo may burst", category="dust", suspected_grade="major"),
        _item("A strange smell", suspected_grade=None),
    )
    check = await _declare(county, guard, major, unsure)
    assert await _progress(county, check) == ["suspected", "received", "received"]
    told = [each["template"] for each in await county.inbox("desk")]
    assert told == ["report_received"] * 2
    assert [each["template"] for each in await county.inbox("miller")] == ["own_hazard"]

    hazard = _hazard_of(guard["id"])
    [mine] = (await ok(county.miller.get("/hazards")))["items"]
    assert (f"/hazards/{mine['id']}", mine["offers"]) == (hazard, ["confirm_own"])
    refusal = await county.miller.post(f"{hazard}/confirm-own", json={"grade": "major"})
    assert (refusal.status_code, refusal.json()["do"]) == (422, "self-check")
    await refused(county.worker.get(hazard), 403, "role-may-not")
    await refused(county.baker.get(hazard), 404, "not-found")
    seen = await ok(county.desk.get(hazard))
    assert (seen["self_governed"], seen["channel"], len(seen["claims"])) == (True, "self_check", 1)

    await _removed(county, hazard)
    assert await _progress(county, check) == ["closed", "received", "received"]
    [closing] = county.platform.events(facts.HazardClosed)
    assert isinstance(closing, facts.HazardClosed)
    assert (closing.self_governed, closing.fixed_in_time) == (True, True)
    taken = drawn(closing.hazard_id, 1, closing.at, 0.1)
    assert bool(closing.look_backs) is taken
    clocks = (await ok(county.desk.get(hazard)))["deadlines"]
    assert [clock["key"] for clock in clocks] == (["hazard.lookback.first"] if taken else [])
    heard = {each["template"] for each in [*await county.inbox("desk"), *await county.inbox("head")]}
    assert heard == {"report_received", *(["own_closure_drawn"] if taken else [])}
    verbs = [move["verb"] for move in (await ok(county.miller.get(f"{hazard}/history")))["items"]]
    assert verbs == ["register", "confirm_own", "start_own", "finish_own", "close_own"]
    entry = (await ok(county.desk.get(f"/docket/{derived_id('docket', guard['id'])}")))["state"]
    assert entry == "substantiated"
    reasons = (await ok(county.secretary.get(f"/enterprises/{uid('mill')}/risk")))["reasons"]
    assert not {"hazard.general", "recurrence"} & {each["factor"] for each in reasons}


async def test_a_volunteers_true_report_ends_what_the_mill_closed_too_early_and_betrays_nobody(county: County) -> None:
    guard = _item("Guard of saw 3 is missing")
    check = await _declare(county, guard)
    hazard = _hazard_of(guard["id"])
    await _removed(county, hazard)
    words = "Saw 3 of the mill has no guard at all"
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report(what=words, category="machinery")))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket", params={"state": "received"})))["items"]
    own = str(derived_id("docket", guard["id"]))
    merge = county.desk.post(f"/docket/{entry['id']}/merge", json={"into_entry_id": own})
    await refused(merge, 409, "take-over-first")
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "No guard at saw 3"}))
    verdict = {"grade": "general", "what": "No guard at saw 3", "officers": OFFICERS}
    again = await ok(county.li.post(f"/hazards/{accepted['hazard_id']}/confirm", json=verdict))
    await county.settle()
    assert (f"/hazards/{again['id']}", again["state"], again["self_governed"]) == (hazard, "reopened", False)
    assert await _progress(county, check) == ["reopened"]
    assert {each["template"] for each in await county.inbox("miller")} == {"own_hazard", "hazard_reopened"}
    for path in (check, hazard, f"{hazard}/history", "/hazards", "/inbox"):
        text = (await county.miller.get(path)).text
        assert not [secret for secret in (words, str(entry["id"]), "volunteer", "claim_id") if secret in text], path


async def test_an_authority_takes_over_and_the_mill_is_told_that_it_will_verify(county: County) -> None:
    guard = _item("Guard of saw 3 is missing")
    check = await _declare(county, guard)
    hazard = _hazard_of(guard["id"])
    await ok(county.miller.post(f"{hazard}/confirm-own", json={}))
    await refused(county.desk.post(f"{hazard}/take-over", json={"reason": "x"}), 403, "certificate-expired")
    await ok(county.li.post(f"{hazard}/take-over", json={"reason": "Three saws, not one, says a neighbour"}))
    await county.settle()
    told = {each["template"]: each["body"] for each in await county.inbox("miller")}
    assert set(told) == {"own_hazard", "hazard_taken_over"}
    assert "neighbour" not in told["hazard_taken_over"]
    assert await _progress(county, check) == ["suspected"]
    await refused(county.miller.post(f"{hazard}/start-own", json={}), 422, "invalid-request")
    verdict = {"what": "No guards at any saw", "officers": OFFICERS, "criterion_ids": [uid("criterion")]}
    graded = await ok(county.li.post(f"{hazard}/confirm", json={**verdict, "grade": "major"}))
    assert (graded["state"], graded["grade"], graded["self_governed"]) == ("confirmed", "major", False)
    await county.settle()
    assert "neighbour" not in (await county.miller.get(f"{hazard}/history")).text
    assert await _progress(county, check) == ["confirmed"]
