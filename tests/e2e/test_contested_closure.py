"""A case was closed on paper: whoever reported it says so, is heard in time, and the danger is removed in the end."""

from uuid import uuid4

from county import County, ok, order, refused, report, uid

from shared.contracts import inspection as facts

OFFICERS = [uid("li"), uid("wang")]


async def _to_its_closing(county: County, hazard: str) -> None:
    if (await ok(county.li.get(hazard)))["state"] == "suspected":
        confirming = {"grade": "general", "what": "Dust deposits, line 2", "officers": OFFICERS}
        await ok(county.li.post(f"{hazard}/confirm", json=confirming))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors")))
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    items = [item for item in (await ok(county.miller.get(hazard)))["items"] if not item["passed"]]
    proof = await county.proof("miller", "inspection")
    done = {"items": [{"item_id": item["id"], "after": [proof]} for item in items]}
    await ok(county.miller.post(f"{hazard}/request-recheck", json=done))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdicts = [{"item_id": item["id"], "passed": True} for item in items]
    passing = {"officers": OFFICERS, "verdicts": verdicts, "opinion": "Clean."}
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=passing))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()


async def test_a_closing_that_is_contested_is_reviewed_and_the_hazard_begins_again(county: County) -> None:
    mine = uuid4()
    await ok(county.ada.put(f"/reports/{mine}", json=report()))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust deposits, line 2"}))
    hazard, address = f"/hazards/{accepted['hazard_id']}", f"/docket/{entry['id']}"
    await county.settle()
    not_fixed = {"statement": "Nothing was cleaned. Ring me: 13812345678"}
    await refused(county.ada.post(f"/reports/{mine}/contest", json=not_fixed), 409, "case-still-open")
    await _to_its_closing(county, hazard)

    # Ada goes by, takes a picture, and says so; nobody else can.
    await refused(county.ben.post(f"/reports/{mine}/contest", json=not_fixed), 404, "not-found")
    anyone = await county.anyone()
    await refused(anyone.post(f"/reports/{mine}/contest", json=not_fixed), 401, "sign-in-first")
    picture = await county.proof("ada", "volunteer")
    contest = {**not_fixed, "evidence": [picture["id"]]}
    assert (await ok(county.ada.get(f"/reports/{mine}")))["contest_until"] is not None
    await ok(county.ada.post(f"/reports/{mine}/contest", json=contest))
    await refused(county.ada.post(f"/reports/{mine}/contest", json=contest), 409, "already-contested")
    await county.settle()
    waiting = await ok(county.ada.get(f"/reports/{mine}"))
    assert (waiting["state"], waiting["contests"][0]["outcome"]) == ("under_review", "under_review")

    # Head and desk have a task with a deadline, the masked words and the picture; only the head decides.
    for name in ("head", "desk"):
        assert "review_requested" in [told["template"] for told in await county.inbox(name)]
    shown = await ok(county.head.get(address))
    assert [clock["key"] for clock in shown["deadlines"]] == ["report.review.decide"]
    assert shown["reviews"][0]["statement"] == "Nothing was cleaned. Ring me: ［…］"
    assert (await county.head.get(f"/evidence/volunteer/{picture['id']}")).status_code == 200
    upholding = {"explanation": "Seen again: the motors are dusty."}
    await refused(county.desk.post(f"{address}/uphold-review", json=upholding), 403, "role-may-not")
    await refused(county.fire_head.post(f"{address}/uphold-review", json=upholding), 404, "not-found")
    upheld = await ok(county.head.post(f"{address}/uphold-review", json=upholding))
    assert upheld["state"] == "substantiated"
    await county.settle()
    again = await ok(county.li.get(hazard))
    assert (again["state"], again["cycle"]) == ("reopened", 2)
    told = await ok(county.ada.get(f"/reports/{mine}"))
    assert (told["state"], told["contests"][0]["outcome"]) == ("in_hand", "upheld")
    assert {"review_requested", "review_upheld", "reopened"} <= {
        line["fact"].rpartition(".")[2] for line in told["told"]
    }

    # The enterprise learns that it was found in inspection, and nothing of a contest.
    words = [f"{each['subject']} {each['body']}".lower() for each in await county.inbox("miller")]
    assert "found in inspection" in next(each for each in words if "reopened" in each)
    assert not any(hint in each for each in words for hint in ("report", "contest", "objection", "review", "dusty"))
    seen = await ok(county.miller.get(f"{hazard}/history"))
    assert "dusty" not in str(seen)

    # The second time it is done; Ada may still object, and the head may still say no: once.
    county.platform.travel(days=1)
    for name in ("desk", "head", "li", "wang", "miller", "ada"):
        await county.sign_in(name)
    await _to_its_closing(county, hazard)
    await ok(county.ada.post(f"/reports/{mine}/contest", json={"statement": "I do not believe it"}))
    await county.settle()
    dismissing = {"explanation": "Two officers and a picture say that it is clean."}
    await ok(county.head.post(f"{address}/dismiss-review", json=dismissing))
    await county.settle()
    final = await ok(county.ada.get(f"/reports/{mine}"))
    assert (final["state"], final["answer"]) == ("answered", dismissing["explanation"])
    await refused(county.ada.post(f"/reports/{mine}/contest", json=not_fixed), 409, "already-reviewed")
    assert (await ok(county.desk.post(f"{address}/close", json={})))["state"] == "closed"
    await county.settle()
    archived = await ok(county.ada.get(f"/reports/{mine}"))
    assert (archived["state"], archived["answer"]) == ("answered", dismissing["explanation"])
    assert len(county.platform.events(facts.HazardReopened)) == 1
    assert b"13812345678" not in b"".join(row.data for row in county.platform.bus.stored)
