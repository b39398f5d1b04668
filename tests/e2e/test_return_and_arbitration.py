"""A hazard that two departments hand back and forth; a third leads it at last, with two others each doing its part."""

from typing import Any
from uuid import uuid4

from county import County, ok, order, refused, report, uid

from shared.contracts import inspection as facts

OFFICERS = [uid("li"), uid("wang")]


async def confirmed(county: County) -> tuple[str, str]:
    """Let Ada report, and two officers confirm; give the hazard's address and that of Ada's report."""
    filed = f"/reports/{uuid4()}"
    await ok(county.ada.put(filed, json=report()))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust deposits, line 2"}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    found = {"grade": "general", "what": "Dust deposits, line 2", "officers": OFFICERS}
    await ok(county.li.post(f"{hazard}/confirm", json=found))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await county.settle()
    return hazard, filed


async def told(county: County, filed: str) -> dict[str, Any]:
    """Give the last thing that Ada was told."""
    await county.settle()
    last: dict[str, Any] = (await ok(county.ada.get(filed)))["told"][-1]
    return last


async def templates(county: County, name: str) -> list[str]:
    return sorted(each["template"] for each in await county.inbox(name))


async def test_two_returns_are_arbitrated_and_nobody_is_closed_out_before_each_has_answered(county: County) -> None:
    hazard, filed = await confirmed(county)

    # The emergency bureau says whose it is; Ada reads who holds it, and the brigade's desk that it must take it.
    give_back = f"{hazard}/return-assignment"
    to_fire = {
        "code": "other_category",
        "reason": "An explosion of dust is fire.",
        "suggested_authority_id": uid("fire"),
    }
    await refused(county.desk.post(give_back, json={**to_fire, "code": None}), 422, "invalid-request")
    await refused(
        county.desk.post(give_back, json={**to_fire, "suggested_authority_id": None}), 422, "suggest-an-owner"
    )
    await ok(county.desk.post(give_back, json=to_fire))
    assert (await told(county, filed))["authority_id"] == uid("fire")
    assert await templates(county, "fire_desk") == ["hazard_handed_on"]
    assert "hazard_arbitration" not in await templates(county, "secretary")

    # The brigade returns it as well: that is the second time, and the committee decides.
    back = {"code": "not_in_scope", "reason": "It is a machine.", "suggested_authority_id": uid("emergency")}
    await ok(county.fire_desk.post(give_back, json=back))
    undecided = await told(county, filed)
    assert (undecided["authority_id"], "committee is deciding" in undecided["en"]) == (None, True)
    assert await templates(county, "secretary") == ["hazard_arbitration"]
    [clock] = (await ok(county.secretary.get(hazard)))["deadlines"]
    assert (clock["key"], clock["owed_by"]) == ("hazard.assign", None)
    naming = {"lead_authority_id": uid("emergency"), "co_authority_ids": [uid("fire")]}
    await ok(county.secretary.post(f"{hazard}/assign", json=naming))
    assert (await told(county, filed))["authority_id"] == uid("emergency")

    # The lead asks two others: each has its own part, its own clock and its own desk that is told.
    opinion, measure = f"{hazard}/parts/{uuid4()}", f"{hazard}/parts/{uuid4()}"
    asking = {"authority_id": uid("market"), "task": "opinion", "what": "Is the dust collector on your list?"}
    for _ in range(2):  # over a bad line
        await ok(county.li.put(opinion, json=asking))
    acting = {"authority_id": uid("township"), "task": "measure", "what": "Keep the street clear."}
    await ok(county.desk.put(measure, json=acting))
    await county.settle()
    assert await templates(county, "market_desk") == ["part_asked"]
    assert await templates(county, "town_officer") == ["part_asked"]
    assert (await templates(county, "fire_desk")).count("part_asked") == 1, "it co-operates, and was informed"
    assert len(county.platform.events(facts.PartAsked)) == 3

    # The order is carried out meanwhile; nothing keeps the enterprise waiting but the closing itself.
    await rectified(county, hazard)
    await refused(county.desk.post(f"{hazard}/close", json={}), 409, "parts-open")

    # After the holiday the township has acknowledged, market regulation has not: the missed clock names it.
    await ok(county.town_officer.post(f"{measure}/acknowledge", json={}))
    county.platform.travel(days=12)
    for name in ("ada", "desk", "li", "market_desk", "town_officer", "secretary", "fire_desk", "miller"):
        await county.sign_in(name)
    now = f"{county.platform.now:%Y-%m-%dT%H:%M}"
    clocks = [
        clock
        for clock in (await ok(county.desk.get(hazard)))["deadlines"]
        if clock["part_id"] and clock["due_at"] < now
    ]
    assert {(clock["key"], clock["owed_by"]) for clock in clocks} == {
        ("part.acknowledge", uid("market")),
        ("part.acknowledge", uid("fire")),
    }

    # Market regulation declines; the lead insists; the committee says that it is theirs, and then it is.
    refusing = {"code": "no_power", "reason": "No dust collector stands on it."}
    await ok(county.market_desk.post(f"{opinion}/decline", json=refusing))
    await ok(county.li.post(f"{opinion}/insist", json={"reason": "Its vessel is a pressure vessel."}))
    await refused(county.desk.post(f"{hazard}/close", json={}), 409, "parts-open")
    await county.settle()
    assert "part_declined" in await templates(county, "li")
    assert "part_insisted" in await templates(county, "secretary")
    decision = {"authority_id": uid("market"), "explanation": "Pressure vessels are special equipment."}
    await ok(county.secretary.post(f"{opinion}/arbitrate", json=decision))
    await refused(county.market_desk.post(f"{opinion}/decline", json=refusing), 409, "committee-decided")
    await ok(county.market_desk.post(f"{opinion}/acknowledge", json={}))
    await ok(county.market_desk.post(f"{opinion}/answer", json={"answer": "The vessel was due for its test."}))
    await refused(county.desk.post(f"{hazard}/close", json={}), 409, "parts-open")
    await ok(county.town_officer.post(f"{measure}/answer", json={"answer": "Kept clear for three days."}))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()

    record = (await ok(county.secretary.get(f"{hazard}/parts")))["items"]
    assert [(item["authority_id"], item["state"], item["answer"]) for item in record] == [
        (uid("fire"), "released", ""),
        (uid("market"), "answered", "The vessel was due for its test."),
        (uid("township"), "answered", "Kept clear for three days."),
    ]
    assert (await ok(county.fire_desk.get(hazard)))["state"] == "closed", "it was informed, and may go on reading"
    verbs = [row["verb"] for row in (await ok(county.desk.get(f"{hazard}/history")))["items"]]
    assert [verb for verb in verbs if verb.startswith(("part_", "return_"))] == [
        *("return_assignment", "return_assignment", "part_ask", "part_ask", "part_ask", "part_acknowledge"),
        *("part_decline", "part_insist", "part_arbitrate", "part_acknowledge", "part_answer", "part_answer"),
        "part_release",
    ]
    assert (await told(county, filed))["fact"] == "inspection.hazard.closed"

    # The enterprise was told of its order, and of nobody's part.
    await refused(county.miller.get(f"{hazard}/parts"), 403, "role-may-not")
    heard = (await ok(county.miller.get(f"{hazard}/history")))["items"]
    assert not any("part" in row["verb"] for row in heard)
    assert not any(template.startswith("part") for template in await templates(county, "miller"))


async def rectified(county: County, hazard: str) -> None:
    """Order, remove and re-check, all on one day."""
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors")))
    await county.settle()
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    [item] = (await ok(county.miller.get(hazard)))["items"]
    done = {"item_id": item["id"], "after": [await county.proof("miller", "inspection")]}
    await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": [done]}))
    await ok(county.li.post(f"{hazard}/open-recheck", json={}))
    verdict = {"item_id": item["id"], "passed": True}
    passing = {"officers": OFFICERS, "verdicts": [verdict], "opinion": "Clean.", "unit_refused": "He would not sign."}
    await ok(county.li.post(f"{hazard}/pass-recheck", json=passing))
