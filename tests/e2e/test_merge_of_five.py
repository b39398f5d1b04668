"""Five people see the same dust: one hazard is handled, and all five hear the same, each at their own channel."""

from typing import Any
from uuid import UUID, uuid4

from county import County, ok, order, report, uid

from shared.contracts import inspection as facts

WORDS = {
    "ada": "Thick dust on the motors of line 2",
    "ben": "dust lies thick on motors, line 2",
    "gao": "Motors of line 2: thick dust",
    "worker": "thick dust on all motors of line 2 since weeks",
}
FARES = ["assigned", "closed", "ordered", "recheck_passed", "rectification_started", "substantiated"]
"""What everybody behind the hazard is told of it."""


async def test_five_reports_become_one_hazard_and_all_five_reporters_are_told(county: County) -> None:
    ids = {name: uuid4() for name in (*WORDS, "anonymous")}
    for name, words in WORDS.items():
        await ok(getattr(county, name).put(f"/reports/{ids[name]}", json=report(what=words)))
        await county.settle()
        county.platform.travel(minutes=10)
    anyone = await county.anyone()
    nameless = report(what="line 2, thick dust on the motors", secret="random words of a phone")
    code = (await ok(anyone.put(f"/reports/{ids['anonymous']}", json=nameless)))["tracking_code"]
    await county.settle()
    entries = [entry["id"] for entry in (await ok(county.desk.get("/docket")))["items"]]
    assert len(entries) == 5

    # The newest is laid beside the four others; three are joined at the desk, before anybody looked.
    beside = await ok(county.desk.get(f"/docket/{entries[4]}/similar"))
    assert {item["id"] for item in beside["items"]} == set(entries[:4])
    assert all("alike_words" in item["why"] for item in beside["items"])
    first, second, third, fourth, fifth = entries
    for entry in (first, third):
        await ok(county.desk.post(f"/docket/{entry}/merge", json={"into_entry_id": second}))
    accepted = await ok(county.desk.post(f"/docket/{second}/accept", json={"what": "Dust deposits, line 2"}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    # The fourth was taken for another matter; officers on the spot see that it is the same.
    other = await ok(county.desk.post(f"/docket/{fourth}/accept", json={"what": "Dust in the hall"}))
    joining = {"into_hazard_id": accepted["hazard_id"], "reason": "The same line"}
    await ok(county.li.post(f"/hazards/{other['hazard_id']}/merge", json=joining))
    await county.settle()

    officers = [uid("li"), uid("wang")]
    confirming = {"grade": "general", "what": "Dust deposits, line 2", "officers": officers}
    await ok(county.li.post(f"{hazard}/confirm", json=confirming))
    await county.settle()
    # The fifth comes when it is confirmed already, and is found true at once.
    late = await ok(county.desk.post(f"/docket/{fifth}/merge", json={"into_entry_id": second}))
    assert late["state"] == "substantiated"
    behind = (await ok(county.desk.get(hazard)))["claims"]
    assert [claim["claim_id"] for claim in behind] == [str(each) for each in ids.values()], "in the order of reporting"

    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors")))
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    items = (await ok(county.miller.get(hazard)))["items"]
    proof = await county.proof("miller", "inspection")
    done = {"items": [{"item_id": item["id"], "after": [proof]} for item in items]}
    await ok(county.miller.post(f"{hazard}/request-recheck", json=done))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdicts = [{"item_id": item["id"], "passed": True} for item in items]
    passing = {"officers": officers, "verdicts": verdicts, "opinion": "Clean."}
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=passing))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()

    seen = {name: await ok(getattr(county, name).get(f"/reports/{ids[name]}")) for name in WORDS}
    seen["anonymous"] = await ok(anyone.post("/tracking", json={"tracking_code": code}))
    assert {shown["state"] for shown in seen.values()} == {"closed"}
    for name, shown in seen.items():
        told = _told(shown)
        assert [fact for fact in told if fact in FARES] == FARES, name
        assert len(told) == len(set(told)), "nobody hears a thing twice"
    assert [name for name, shown in seen.items() if "claims_joined" in _told(shown)] == ["worker"]
    assert [name for name, shown in seen.items() if "merged" in _told(shown)] == ["ada", "gao", "anonymous"]
    for entry in entries:
        await ok(county.desk.post(f"/docket/{entry}/answer", json={"answer": "The motors are clean."}))
    await county.settle()
    answers = [(await ok(getattr(county, name).get(f"/reports/{ids[name]}")))["answer"] for name in WORDS]
    assert answers == ["The motors are clean."] * 4

    [closed] = county.platform.events(facts.HazardClosed)
    assert isinstance(closed, facts.HazardClosed)
    assert closed.hazard_id == UUID(accepted["hazard_id"])
    assert len(closed.claims) == 5
    # The enterprise has one hazard, found in inspection, and reads of no report.
    assert [each["number"] for each in (await ok(county.miller.get("/hazards")))["items"]] == [closed.number]
    assert all("report" not in told["body"].lower() for told in await county.inbox("miller"))


def _told(shown: dict[str, Any]) -> list[str]:
    return sorted(line["fact"].rpartition(".")[2] for line in shown["told"])
