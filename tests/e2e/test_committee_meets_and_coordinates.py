"""The committee resolves and follows up; and it co-ordinates three authorities that inspect, which it does not."""

from typing import Any
from uuid import uuid4

from county import County, ok, refused, uid
from to_an_order import OFFICERS, ordered, silent_about_reports, told

from shared.contracts.inspection import (
    joint_actions,
    meetings,
)

MEETING = {
    "title": "Dust, third quarter",
    "starts_at": "2026-10-10T09:00:00+08:00",
    "place": "County hall, room 3",
    "agenda": ["Dust in flour mills"],
    "called": [uid("emergency"), uid("fire"), uid("township"), uid("mill")],
}
MINUTES = {"text": "The directors spoke of dust.", "resolutions": ["All flour mills are looked at by 15 October."]}


async def _signed_in_again(county: County, *names: str) -> None:
    for name in names:
        await county.sign_in(name)


async def test_a_resolution_becomes_a_task_that_is_late_wanting_and_accepted_at_last(county: County) -> None:
    meeting = f"/meetings/{uuid4()}"
    for _ in range(2):  # over a bad line
        await ok(county.secretary.put(meeting, json=MEETING))
    await county.settle()
    for name in ("desk", "head", "fire_desk", "town_officer", "miller"):
        await told(county, name, "meeting_convened")
    for name in ("li", "market_desk", "baker", "worker", "gao", "ada"):
        assert "meeting_convened" not in [notice["template"] for notice in await county.inbox(name)]

    # They meet; the miller stays away, which only the offices read.
    county.platform.travel(days=10, hours=2)
    everybody = ("secretary", "desk", "head", "fire_desk", "town_officer", "miller", "baker", "li")
    await _signed_in_again(county, *everybody)
    came = [{"party_id": uid(name), "attendance": "present"} for name in ("emergency", "fire", "township")]
    await ok(
        county.secretary.post(
            f"{meeting}/hold", json={"lines": [*came, {"party_id": uid("mill"), "attendance": "absent"}]}
        )
    )
    written = await ok(county.secretary.post(f"{meeting}/minute", json=MINUTES))
    assert "minutes" not in await ok(county.miller.get(meeting))
    await refused(county.baker.get(meeting), 404, "not-found")

    task = f"/committee-tasks/{uuid4()}"
    asked = {
        "meeting_id": written["id"],
        "resolution": 1,
        "owner_id": uid("emergency"),
        "co_owner_ids": [uid("fire")],
        "demand": "Look at every flour mill, and say what was found.",
        "limit": "2026-10-15",
    }
    await ok(county.secretary.put(task, json=asked))
    await county.settle()
    for name in ("desk", "fire_desk", "town_officer"):
        await told(county, name, "meeting_minuted")
    for name in ("desk", "fire_desk"):
        await told(county, name, "committee_task_assigned")
    await refused(county.town_officer.get(task), 404, "not-found")
    await refused(county.miller.get(task), 404, "not-found")

    # The limit passes: the clock says whose fault it is, and by which decision.
    county.platform.travel(days=6)
    await _signed_in_again(county, *everybody)
    [late] = (await ok(county.secretary.get("/committee-tasks", params={"overdue": True})))["items"]
    assert (late["id"], late["next_due"]) == (task.rpartition("/")[2], "2026-10-15T15:59:59Z")
    [clock] = (await ok(county.desk.get(task)))["deadlines"]
    assert (clock["key"], clock["owed_by"]) == ("committee_task.limit", uid("emergency"))
    assert "2026-10-15" in clock["explanation_en"]

    # Reported late and found wanting; reported again, with proof, and accepted.
    await ok(county.fire_desk.post(f"{task}/note", json={"text": "Two of our mills were looked at."}))
    await refused(county.fire_desk.post(f"{task}/report", json={"text": "Done."}), 403, "not-your-task")
    reported = await ok(county.desk.post(f"{task}/report", json={"text": "Four mills were looked at."}))
    assert [each["late"] for each in reported["told"]] == [False, True]
    wanting = {"accepted": False, "reason": "Two mills are missing.", "limit": "2026-10-23"}
    await ok(county.secretary.post(f"{task}/judge", json=wanting))
    await county.settle()
    await told(county, "secretary", "committee_task_reported")
    await told(county, "desk", "committee_task_judged")
    proof = await county.proof("desk", "inspection")
    await ok(county.desk.post(f"{task}/report", json={"text": "All six.", "files": [proof]}))
    assert (await county.secretary.get(f"/evidence/inspection/{proof['id']}")).status_code == 200
    done = await ok(county.secretary.post(f"{task}/judge", json={"accepted": True, "reason": "All of them."}))
    assert (done["state"], done["deadlines"]) == ("accepted", [])
    await county.settle()
    facts = county.platform.events(
        *(meetings.CommitteeTaskAssigned, meetings.CommitteeTaskNoted, meetings.CommitteeTaskReported),
        meetings.CommitteeTaskJudged,
    )
    assert [fact.state for fact in facts] == ["open", "open", "reported", "insufficient", "reported", "accepted"]
    heard = [notice["template"] for notice in await county.inbox("miller")]
    assert heard == ["meeting_convened"], "it was called, and hears nothing of what others were told to do"


async def test_three_authorities_act_together_and_the_committee_reports_on_what_they_did(county: County) -> None:
    hazard = await ordered(county)
    action = f"/joint-actions/{uuid4()}"
    opening = {
        "title": "Dust before winter",
        "purpose": "No mill goes into winter with dust on its motors.",
        "basis": "Work Safety Law art. 69",
        "area_code": "990101",
        "since": "2026-09-30",
        "until": "2026-10-20",
        "categories": ["dust", "fire"],
    }
    for _ in range(2):  # over a bad line
        await ok(county.secretary.put(action, json=opening))
    desks = {"emergency": "desk", "fire": "fire_desk", "market": "market_desk"}
    parts = {name: f"{action}/parts/{uuid4()}" for name in desks}
    for name, part in parts.items():
        asked = {"authority_id": uid(name), "what": "Two officers each day.", "report_by": "2026-10-25"}
        await ok(county.secretary.put(part, json=asked))
    await county.settle()
    for name, desk in desks.items():
        await told(county, desk, "joint_part_asked")
        await ok(getattr(county, desk).post(f"{parts[name]}/accept", json={}))
    await ok(county.secretary.post(f"{action}/choose", json={"add": [uid("mill")]}))
    await ok(county.fire_desk.post(f"{action}/choose", json={"add": [uid("bakery")]}))

    # The authorities inspect; the committee cannot, and no enterprise reads that there is a joint action.
    visit: dict[str, Any] = {
        "enterprise_id": uid("mill"),
        "kind": "admin_inspection",
        "ground": "special_campaign",
        "on": "2026-09-30",
        "purpose": "Dust",
        "officers": OFFICERS,
    }
    await refused(county.secretary.put(f"/visits/{uuid4()}", json=visit), 403, "role-may-not")
    mills, bakerys = uuid4(), uuid4()
    await _made(county, "li", f"/visits/{mills}", visit, found=2)
    fires = {"officers": [uid("fire_one"), uid("fire_two")], "joint_authority_ids": [uid("emergency")]}
    await _made(county, "fire_one", f"/visits/{bakerys}", {**visit, **fires, "enterprise_id": uid("bakery")}, found=0)
    record = {"hazard_ids": [hazard.rpartition("/")[2]]}
    await refused(county.secretary.put(f"{action}/visits/{mills}", json=record), 403, "role-may-not")
    await refused(county.miller.get(action), 403, "role-may-not")
    await ok(county.li.put(f"{action}/visits/{mills}", json=record))
    await ok(county.fire_one.put(f"{action}/visits/{bakerys}", json={}))

    await refused(county.secretary.post(f"{action}/close", json={"report": "All is well."}), 409, "parts-open")
    for name, desk in desks.items():
        await ok(getattr(county, desk).post(f"{parts[name]}/report", json={"text": "Done as asked."}))
    await county.settle()
    heard = [notice["template"] for notice in await county.inbox("secretary")]
    assert heard.count("joint_part_reported") == len(desks)
    shown = await ok(county.secretary.get(action))
    assert [clock["key"] for clock in shown["deadlines"]] == ["joint_action.close"]
    closed = await ok(county.secretary.post(f"{action}/close", json={"report": "Two visits; one mill has an order."}))
    tally = {"targets": 2, "visited": 2, "visits": 2, "hazards_found": 2, "orders": 1}
    assert {name: closed["results"][name] for name in tally} == tally
    assert [(each["authority_id"], each["visits"]) for each in closed["results"]["by_authority"]] == sorted(
        [(uid("emergency"), 1), (uid("fire"), 1)]
    )
    await county.settle()
    for desk in desks.values():
        await told(county, desk, "joint_action_closed")
    [fact] = county.platform.events(joint_actions.JointActionClosed)
    assert {name: getattr(fact, name) for name in tally} == tally
    for name in ("miller", "baker", "worker", "town_officer"):
        assert not any(notice["template"].startswith("joint") for notice in await county.inbox(name))
    await silent_about_reports(county, "miller", hazard)


async def _made(county: County, officer: str, visit: str, plan: dict[str, Any], found: int) -> None:
    """Plan a visit, go there and write down how many hazards were found."""
    client = getattr(county, officer)
    await ok(client.put(visit, json=plan))
    await ok(client.post(f"{visit}/start", json={}))
    await ok(client.post(f"{visit}/finish", json={"findings": "As written.", "hazards_found": found}))
