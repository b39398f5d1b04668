"""Every channel opens exactly one docket entry, in its own name, and hears the outcome."""

from itertools import product
from uuid import uuid4

from county import (
    CERTAINTIES,
    CRITERION,
    LATER,
    PEOPLE,
    TOWN,
    County,
    ok,
    order,
    refused,
    report,
    resumption,
    review,
    uid,
)

from shared.contracts import inspection as facts


async def _engagement(county: County) -> str:
    engagement_id = str(uuid4())
    engagement = {
        "client_id": uid("emergency"),
        "kind": "expert_support",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "area_code": "990101",
    }
    await ok(county.agency.put(f"/engagements/{engagement_id}", json=engagement))
    return engagement_id


def _audit(engagement_id: str, **changes: object) -> dict[str, object]:
    return {
        "engagement_id": engagement_id,
        "performed_on": "2026-09-29",
        "results": [
            {"result_id": "1", "enterprise_id": uid("mill"), "score": 91, "category": "food_premises"},
            {"result_id": "2", "enterprise_id": uid("mill"), "score": 71, "category": "food_premises"},
        ],
        "findings": [
            {
                "finding_id": str(uuid4()),
                "enterprise_id": uid("mill"),
                "category": "dust",
                "what": "No dust extraction on line 2",
                "suspected_grade": "major",
            }
        ],
        "conclusion": "Two matters",
        "summary_public": "Two matters found",
        **changes,
    }


async def test_each_channel_opens_one_entry(county: County) -> None:
    engagement_id = await _engagement(county)
    check = {
        "date": "2026-09-30",
        "items": [{"id": str(uuid4()), "category": "machinery", "what": "Guard of saw 3 is missing"}],
    }
    claim = report(what="Seen on patrol")
    del claim["enterprise_id"]
    addresses = {
        "ada": (f"/reports/{uuid4()}", report()),
        "gao": (f"/reports/{uuid4()}", report()),
        "worker": (f"/reports/{uuid4()}", report()),
        "agency": (f"/audits/{uuid4()}", _audit(engagement_id)),
        "miller": (f"/self-checks/{uuid4()}", check),
        "li": (f"/docket/claims/{uuid4()}", {**claim, "category": "fire"}),
        "gasworks": (f"/docket/claims/{uuid4()}", {**claim, "category": "gas"}),
    }
    for _ in range(2):
        for name, (address, body) in addresses.items():
            await ok(getattr(county, name).put(address, json=body))
    await county.settle()
    entries = await county.platform.rows("inspection", "select channel, count(*) as n from docket_entries group by 1")
    assert {row["channel"]: row["n"] for row in entries} == {
        "volunteer": 1,
        "grid_patrol": 1,
        "web": 1,
        "third_party_audit": 2,
        "self_check": 1,
        "inspection": 1,
        "transfer_in": 1,
    }


async def test_a_major_hazard_of_an_audit_is_stopped_fails_once_and_is_resumed_before_it_closes(county: County) -> None:
    engagement_id = await _engagement(county)
    audit = f"/audits/{uuid4()}"
    await ok(county.agency.put(audit, json=_audit(engagement_id, results=[])))
    await refused(county.agency2.get(audit), 404, "not-found")
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    assert (entry["channel"], entry["suspected_grade"], entry["source_party_id"]) == (
        "third_party_audit",
        "major",
        uid("agency"),
    )
    hazard = (await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "No extraction"})))["hazard_id"]
    hazard = f"/hazards/{hazard}"
    officers = [uid("li"), uid("wang")]
    major = {"grade": "major", "what": "No dust extraction", "officers": officers}
    await refused(county.li.post(f"{hazard}/confirm", json=major), 422, "major-needs-a-reason")
    await ok(county.li.post(f"{hazard}/confirm", json={**major, "criterion_ids": [CRITERION]}))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await refused(county.secretary.post(f"{hazard}/order", json=order("Fit an extractor")), 403, "role-may-not")
    await ok(county.li.post(f"{hazard}/order", json=order("Fit an extractor")))
    stop = {"kind": "full_stop", "reason": "May explode", "basis": "Work Safety Law art. 65(3)"}
    await ok(county.head.post(f"{hazard}/order-stop", json=stop))
    await refused(county.miller.post(f"{hazard}/start-rectification", json={}), 422, "five-certainties")
    await ok(county.miller.post(f"{hazard}/start-rectification", json={"certainties": CERTAINTIES}))
    proof = await county.proof("miller", "inspection")
    items = (await ok(county.miller.get(hazard)))["items"]
    done = {"items": [{"item_id": item["id"], "after": [proof]} for item in items]}
    seen = await county.proof("wang", "inspection")
    for passed in (False, True):
        await ok(county.miller.post(f"{hazard}/request-recheck", json=done))
        await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
        verdict = {
            "officers": officers,
            "verdicts": [{"item_id": item["id"], "passed": passed, "before": [seen]} for item in items],
            "opinion": "Seen on site.",
            "attachments": [seen],
            "unit_signature": [seen],
        }
        failing = {"consequence": "new_order", "limit": LATER, "basis": "Work Safety Law art. 65"}
        await refused(county.agency.post(f"{hazard}/pass-recheck", json=verdict), 403, "role-may-not")
        if passed:
            await ok(county.wang.post(f"{hazard}/pass-recheck", json=verdict))
        else:
            await ok(county.wang.post(f"{hazard}/fail-recheck", json={**verdict, **failing}))
        await county.settle()
    closing = {"workers_told": True}
    await refused(county.desk.post(f"{hazard}/close", json=closing), 403, "head-only")
    await refused(county.head.post(f"{hazard}/close", json=closing), 409, "still-suspended")
    await ok(county.miller.post(f"{hazard}/request-resumption", json=resumption(proof)))
    granting = {"granted": True, "reason": "Safe again", "review": review(seen)}
    await ok(county.head.post(f"{hazard}/decide-resumption", json=granting))
    await ok(county.head.post(f"{hazard}/close", json=closing))
    await county.settle()
    finding = (await ok(county.agency.get("/findings")))["items"][0]
    assert finding["state"] == "closed"
    assert len(county.platform.events(facts.RecheckFailed)) == 1
    heard = [told["template"] for told in await county.inbox("miller")]
    assert {"recheck_failed", "suspension_imposed", "hazard_closed"} <= set(heard)
    assert all("audit" not in told["body"].lower() for told in await county.inbox("miller"))


async def test_nobody_but_its_own_desk_decides_on_an_entry(county: County) -> None:
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report()))
    await county.settle(redeliver=1)
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    others = {*PEOPLE, "gasworks", "agency", "agency2"} - {"desk", "head"}
    decisions = {
        "accept": {"what": "x"},
        "reject": {"reason": "withdrawn", "explanation": "x"},
        "transfer": {"to_authority_id": uid("fire"), "explanation": "x"},
    }
    for name, verb in product(sorted(others), decisions):
        answer = await getattr(county, name).post(f"/docket/{entry['id']}/{verb}", json=decisions[verb])
        assert answer.status_code in {403, 404}, (name, verb, answer.text)
        assert (await ok(county.desk.get(f"/docket/{entry['id']}")))["state"] == "received", (name, verb)


async def test_places_outside_the_county_and_unknown_things_are_refused(county: County) -> None:
    await refused(county.desk.get(f"/docket/{uuid4()}"), 404, "not-found")
    await refused(county.li.get(f"/hazards/{uuid4()}"), 404, "not-found")
    await refused(county.ada.get("/nowhere"), 404, "no-such-address")
    broken = await county.ada.put(f"/reports/{uuid4()}", json=report(place={"area_code": TOWN, "lat": 123}))
    assert broken.status_code == 422
