"""A danger that comes back after it was struck off opens its old case again, and each hears of it in their part."""

from typing import Any
from uuid import uuid4

from county import County, ok, order, refused, report, uid

from services.cli.history import examined
from shared.contracts import inspection as facts

OFFICERS = [uid("li"), uid("wang")]
EVERYBODY = ("ada", "ben", "desk", "head", "li", "wang", "miller", "secretary", "agency2")


async def _suspected(county: County, words: str) -> str:
    entries = (await ok(county.desk.get("/docket", params={"state": "received"})))["items"]
    [entry] = [each for each in entries if each["what"] == words]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust deposits, line 2"}))
    return f"/hazards/{accepted['hazard_id']}"


async def _confirmed(county: County, hazard: str) -> dict[str, Any]:
    verdict = {"grade": "general", "what": "Dust deposits, line 2", "officers": OFFICERS}
    return await ok(county.li.post(f"{hazard}/confirm", json=verdict))


async def _closed(county: County, hazard: str) -> None:
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    limited = order("Clean the motors") | {"limit": str(county.platform.now.date())}
    await ok(county.li.post(f"{hazard}/order", json=limited))
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    proof = await county.proof("miller", "inspection")
    items = [item for item in (await ok(county.miller.get(hazard)))["items"] if not item["passed"]]
    done = [{"item_id": item["id"], "after": [proof]} for item in items]
    await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": done}))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdicts = [{"item_id": item["id"], "passed": True} for item in items]
    passed = {"officers": OFFICERS, "verdicts": verdicts, "opinion": "Clean.", "unit_refused": "He would not sign."}
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=passed))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()


async def _travel(county: County, days: int) -> None:
    """Let days pass; everybody signs in again."""
    county.platform.travel(days=days)
    for name in EVERYBODY:
        if name != "agency2":
            await county.sign_in(name)


async def test_a_danger_that_comes_back_opens_its_old_case_again_and_both_reporters_hear_of_it(county: County) -> None:
    first_report, second_report = f"/reports/{uuid4()}", f"/reports/{uuid4()}"
    await ok(county.ada.put(first_report, json=report()))
    await county.settle()
    hazard = await _suspected(county, report()["what"])
    await _confirmed(county, hazard)
    await _closed(county, hazard)
    risk = f"/enterprises/{uid('mill')}/risk"
    assert "recurrence" not in {each["factor"] for each in (await ok(county.secretary.get(risk)))["reasons"]}

    await _travel(county, 60)
    await county.settle()
    climbed = (await ok(county.desk.get(hazard)))["escalation"]  # nobody looked back in time
    words = "The motors of line 2 are grey with dust once more"
    await ok(county.ben.put(second_report, json=report(what=words)))
    await county.settle()
    second = await _suspected(county, words)
    again = await _confirmed(county, second)
    await county.settle()
    assert (f"/hazards/{again['id']}", again["state"], again["cycle"]) == (hazard, "reopened", 2)
    assert [f"/hazards/{each['id']}" for each in again["taken_in"]] == [second]

    # Whoever reported hears how the one case goes on; the mill hears that it was found again, and of nobody.
    for who, address in ((county.ada, first_report), (county.ben, second_report)):
        told = (await ok(who.get(address)))["told"]
        assert "inspection.hazard.reopened" in {each["fact"] for each in told}
    assert "hazard_recurrent" in {told["template"] for told in await county.inbox("head")}
    assert "hazard_recurrent" in {told["template"] for told in await county.inbox("secretary")}
    heard = (await county.inbox("miller"))[0]
    assert heard["template"] == "hazard_reopened"
    assert "found in inspection" in heard["body"].lower()
    await refused(county.miller.get(second), 404, "not-found")
    for path in (hazard, "/hazards", f"{hazard}/history"):
        text = (await county.miller.get(path)).text
        assert not [secret for secret in (words, second.rpartition("/")[2], "claim", "report") if secret in text]

    # It weighs more, everywhere: in the hazard, and in the score of the mill, which it counts for once.
    assert (again["recurrent"], again["escalation"]) == (True, climbed + 1)
    reasons = (await ok(county.secretary.get(risk)))["reasons"]
    assert [each["value"] for each in reasons if each["factor"] == "recurrence"] == ["1"]
    assert [each["value"] for each in reasons if each["factor"] == "hazard.general"] == ["1"]

    # The desk's entries both lead to the case that goes on, and it goes on to its end like any other.
    entries = (await ok(county.desk.get("/docket")))["items"]
    assert {(each["state"], f"/hazards/{each['hazard_id']}") for each in entries} == {("substantiated", hazard)}
    await _closed(county, hazard)
    assert (await ok(county.ben.get(second_report)))["state"] == "closed"
    closings = county.platform.events(facts.HazardClosed)
    assert [len(each.claims) for each in closings if isinstance(each, facts.HazardClosed)] == [1, 2]

    # The whole story is one file that proves itself.
    exported = await county.secretary.get(f"{hazard}/history/export")
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    found = examined(exported.text)
    assert (found.entries, found.fault) == (19 + climbed, None)
    await refused(county.miller.get(f"{hazard}/history/export"), 403, "role-may-not")
