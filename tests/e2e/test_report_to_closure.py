"""A volunteer's report travels to closure; everyone concerned is told, nobody else, and each fact once."""

from uuid import uuid4

from county import County, ok, order, refused, report, uid

from shared.contracts import inspection as facts
from shared.contracts.volunteer import ReportSubmitted


async def test_a_reported_hazard_is_handled_to_its_closure_and_the_reporter_hears_of_it(county: County) -> None:
    # A phone with a bad line: picture and report are sent twice.
    picture = await county.proof("ada", "volunteer")
    report_id = uuid4()
    for _ in range(2):
        await ok(county.ada.put(f"/reports/{report_id}", json=report(evidence=[picture["id"]])))
    await county.settle()
    assert len(county.platform.events(ReportSubmitted)) == 1

    [entry] = (await ok(county.desk.get("/docket")))["items"]
    assert entry["offers"] == ["accept", "reject", "transfer", "merge", "escalate_fatality"]
    assert (entry["routing_rule"], entry["authority_id"]) == ("industry", uid("emergency"))
    assert [told["template"] for told in await county.inbox("desk")] == ["report_received"]
    shown = await county.desk.get(f"/evidence/volunteer/{picture['id']}")
    assert (shown.status_code, b"Ada" in shown.content) == (200, False)

    # Somebody else saw it too: the desk is shown the first report beside the second, and merges them.
    county.platform.travel(minutes=5)
    await ok(county.gao.put(f"/reports/{uuid4()}", json=report(what="dust thick on motors, line 2")))
    await county.settle()
    second = next(e for e in (await ok(county.desk.get("/docket")))["items"] if e["id"] != entry["id"])
    [similar] = (await ok(county.desk.get(f"/docket/{second['id']}/similar")))["items"]
    assert similar["id"] == entry["id"]
    assert similar["distance_m"] < 50
    assert similar["similarity"] > 0.3
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust deposits, line 2"}))
    await ok(county.desk.post(f"/docket/{second['id']}/merge", json={"into_entry_id": entry["id"]}))
    await county.settle()

    hazard = f"/hazards/{accepted['hazard_id']}"
    officers = [uid("li"), uid("wang")]
    assert (await ok(county.li.get(hazard)))["offers"] == ["confirm", "dismiss", "split", "merge"]
    await refused(county.miller.get(hazard), 404, "not-found")
    await ok(
        county.li.post(
            f"{hazard}/confirm", json={"grade": "general", "what": "Dust deposits, line 2", "officers": officers}
        )
    )
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors", "Fit an extractor")))
    await county.settle()

    # The enterprise learns of it as found in inspection, and only now.
    seen = await ok(county.miller.get(hazard))
    assert seen["offers"] == ["start_rectification", "request_extension"]
    assert "claims" not in seen
    [told] = await county.inbox("miller")
    assert "found in inspection" in told["body"].lower()
    assert "report" not in told["body"].lower()
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    proof = await county.proof("miller", "inspection")
    done = [{"item_id": item["id"], "after": [proof]} for item in seen["items"]]
    await refused(county.miller.post(f"{hazard}/request-recheck", json={"items": done[:1]}), 422, "every-item-once")
    await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": done}))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdicts = [{"item_id": item["id"], "passed": True} for item in seen["items"]]
    await ok(
        county.wang.post(
            f"{hazard}/pass-recheck",
            json={"officers": officers, "verdicts": verdicts, "opinion": "Clean.", "unit_refused": "Nobody was in"},
        )
    )
    await refused(county.li.post(f"{hazard}/close", json={}), 403, "role-may-not")
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()

    closed = await ok(county.desk.get(hazard))
    assert closed["state"] == "closed"
    assert {clock["key"] for clock in closed["deadlines"]} == {
        "hazard.lookback.first",
        "hazard.lookback.second",
    }
    mine = await ok(county.ada.get(f"/reports/{report_id}"))
    assert mine["state"] == "closed"
    assert sorted(told["fact"].rpartition(".")[2] for told in mine["told"]) == [
        *("accepted", "assigned", "closed", "ordered", "received"),
        *("recheck_passed", "rectification_started", "substantiated"),
    ]
    [event] = county.platform.events(facts.HazardClosed)
    assert isinstance(event, facts.HazardClosed)
    assert event.claims[0].claim_id == report_id
    assert len(event.claims) == 2
    history = (await ok(county.desk.get(f"{hazard}/history")))["items"]
    assert [row["verb"] for row in history] == [
        *("register", "confirm", "assign", "order", "start_rectification", "deliver"),
        *("request_recheck", "open_recheck", "pass_recheck", "close"),
    ]


async def test_a_worker_without_a_name_is_heard_passed_on_and_never_betrayed(county: County) -> None:
    anyone = await county.anyone()
    report_id, words = uuid4(), "Call 13812345678. The extinguishers are empty"
    ask = report(category="other", enterprise_id=uid("bakery"), what=words, secret="random words of a phone")
    ask["place"] = {"area_code": "990101002", "lon": 117.5, "lat": 36.5}
    filed = await ok(anyone.put(f"/reports/{report_id}", json=ask))
    assert filed == await ok(anyone.put(f"/reports/{report_id}", json=ask))
    await county.settle()

    # Nobody is responsible for this industry in this township: the committee decides.
    assert (await ok(county.desk.get("/docket")))["items"] == []
    [entry] = (await ok(county.secretary.get("/docket")))["items"]
    assert (entry["routing_rule"], entry["authority_id"], entry["offers"]) == ("arbitration", None, ["arbitrate"])
    arbitrate = {"authority_id": uid("market"), "explanation": "Food premises"}
    await refused(county.desk.post(f"/docket/{entry['id']}/arbitrate", json=arbitrate), 403, "role-may-not")
    await ok(county.secretary.post(f"/docket/{entry['id']}/arbitrate", json=arbitrate))
    transfer = {"to_authority_id": uid("fire"), "explanation": "Fire safety"}
    await ok(county.market_desk.post(f"/docket/{entry['id']}/transfer", json=transfer))
    await county.settle()
    await ok(county.fire_desk.post(f"/docket/{entry['id']}/bounce", json={"explanation": "Not ours either"}))
    await ok(
        county.secretary.post(
            f"/docket/{entry['id']}/arbitrate", json={"authority_id": uid("fire"), "explanation": "It is"}
        )
    )
    await county.settle()
    rejecting = {"reason": "not_in_scope", "explanation": "no"}
    await refused(county.fire_desk.post(f"/docket/{entry['id']}/reject", json=rejecting), 422, "transfer-instead")
    rejecting["reason"] = "insufficient_after_enquiry"
    await ok(county.fire_desk.post(f"/docket/{entry['id']}/reject", json=rejecting))
    await county.settle()

    found = await ok(anyone.post("/tracking", json={"tracking_code": filed["tracking_code"]}))
    assert found["state"] == "rejected"
    assert await county.inbox("baker") == []
    for name in ("registry", "thirdparty", "inspection", "notify", "gateway", "volunteer"):
        for table in county.platform.service(name).metadata.tables:
            if table != "identities":
                rows = repr(await county.platform.rows(name, f'select * from "{table}"'))
                assert "13812345678" not in rows, (name, table)
    assert b"13812345678" not in b"".join(row.data for row in county.platform.bus.stored)


async def test_reports_made_while_the_broker_is_away_flow_when_it_returns(county: County) -> None:
    county.platform.bus.up = False
    for _ in range(3):
        await ok(county.ada.put(f"/reports/{uuid4()}", json=report()))
    await county.settle()
    assert (await ok(county.desk.get("/docket")))["items"] == []
    county.platform.bus.up = True
    await county.settle()
    assert len((await ok(county.desk.get("/docket")))["items"]) == 3
