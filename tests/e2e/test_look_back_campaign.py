"""A campaign from its opening to its report: one look fails and opens a hazard again; everybody hears their part."""

from typing import Any
from uuid import uuid4

from county import County, ok, order, refused, report, uid

from shared.contracts.inspection import campaigns

OFFICERS = [uid("li"), uid("wang")]


async def closed(county: County, what: str) -> str:
    """Bring one reported hazard from its report to its end; give its id."""
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report(what=f"Look here! {what}")))
    await county.settle()
    entries = (await ok(county.desk.get("/docket?state=received")))["items"]
    entry = next(each for each in entries if each["what"].endswith(what))
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": what}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    found = {"grade": "general", "what": what, "officers": OFFICERS, "another_matter": True}
    await ok(county.li.post(f"{hazard}/confirm", json=found))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order(what)))
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    [item] = (await ok(county.miller.get(hazard)))["items"]
    done = {"item_id": item["id"], "after": [await county.proof("miller", "inspection")]}
    await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": [done]}))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdict = {"item_id": item["id"], "passed": True}
    passing = {"officers": OFFICERS, "verdicts": [verdict], "opinion": "Clean.", "unit_refused": "Nobody was in."}
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=passing))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await county.settle()
    return str(accepted["hazard_id"])


async def heard(county: County, name: str) -> list[str]:
    return [notice["template"] for notice in await county.inbox(name)]


async def test_a_campaign_runs_from_its_opening_to_its_report_and_one_failed_look_reopens_its_hazard(
    county: County,
) -> None:
    clean, dusty = await closed(county, "Dust on the motors of line 2"), await closed(county, "The lift has no guard")

    # The committee opens it; nobody knows yet what will be drawn, and no authority can open one.
    opening: dict[str, Any] = {
        "kind": "first_look",
        "title": "Third quarter",
        "basis": "County plan 2026, item 4",
        "area_code": "990101",
        "photos_wanted": True,
        "closures": {"closed_from": "2026-09-01", "closed_to": "2026-09-30", "share": 1},
    }
    campaign = f"/campaigns/{uuid4()}"
    await refused(county.head.put(campaign, json=opening), 403, "role-may-not")
    for _ in range(2):  # over a bad line
        opened = await ok(county.secretary.put(campaign, json=opening))
    assert (opened["number"], opened["candidates"]) == ("县安委办回头看〔2026〕000001号", 2)
    await refused(county.desk.get(campaign), 404, "not-found")
    value = {"public_value": "08 14 22 27 31 33 + 05", "witness": "Notary Zhou"}
    drawn = await ok(county.secretary.post(f"{campaign}/draw", json=value))
    await county.settle()
    assert drawn["results"]["total"]["waiting"] == 2
    assert (await heard(county, "desk")).count("campaign_assigned") == 1
    told = await ok(county.desk.get(f"{campaign}/draw"))
    assert sorted(told["drawn"]) == sorted([clean, dusty])

    # A grid worker and a volunteer photograph the place; the committee never looks itself.
    [asked, _] = (await ok(county.gao.get("/campaigns/photo-requests")))["items"]
    photos = f"{campaign}/items/{asked['id']}/photos"
    await ok(county.gao.post(photos, json={"photos": [await county.proof("gao", "inspection")]}))
    assert (await ok(county.ada.post(photos, json={"photos": [await county.proof("ada", "volunteer")]})))["photos"] == 2
    items = (await ok(county.desk.get(f"{campaign}/items")))["items"]
    [photographed] = [item for item in items if item["id"] == asked["id"]]
    assert [photo["capacity"] for photo in photographed["photos"]] == ["grid_worker", "volunteer"]
    look = {"ordinal": 1, "passed": True, "remark": "Clean.", "evidence": []}
    await refused(county.secretary.post(f"/hazards/{clean}/look-back", json=look), 403, "role-may-not")

    # The lead looks at both: one holds, the other is back and opens again by itself.
    await ok(county.li.post(f"/hazards/{clean}/look-back", json=look))
    failed = {**look, "passed": False, "remark": "The guard is off again."}
    await ok(county.li.post(f"/hazards/{dusty}/look-back", json=failed))
    await county.settle()
    reopened = await ok(county.desk.get(f"/hazards/{dusty}"))
    assert (reopened["state"], reopened["cycle"], reopened["recurrent"]) == ("reopened", 2, True)
    assert (await heard(county, "secretary")).count("campaign_looked") == 1, "only what did not hold"

    ended = await ok(county.secretary.post(f"{campaign}/close", json={"remark": "One of two is back."}))
    await county.settle()
    total = ended["report"]["results"]["total"]
    assert (total["items"], total["done"], total["failed"], total["done_rate"], total["failed_rate"]) == (
        2,
        2,
        1,
        1,
        0.5,
    )
    assert [each["remark"] for each in ended["report"]["failed"]] == ["The guard is off again."]
    assert "campaign_closed" in await heard(county, "head")
    looks = county.platform.events(campaigns.CampaignLooked)
    assert [each.result for each in looks] == ["passed", "failed"]  # type: ignore[attr-defined]
    assert len(county.platform.events(campaigns.CampaignClosed)) == 1

    # The enterprise hears that a hazard is back, and of no campaign; Ada hears that what she reported is open again.
    assert not any("campaign" in template for template in await heard(county, "miller"))
    assert "look_back_failed" in await heard(county, "miller")
    await refused(county.miller.get("/campaigns"), 403, "role-may-not")
    assert not any("campaign" in template for template in await heard(county, "ada"))


async def test_a_policy_is_looked_back_on_and_each_body_is_told_its_own(county: County) -> None:
    measure = {"document": "County circular 3/2026", "measure": "Train every operator."}
    opening = {
        "kind": "policy",
        "title": "Circular 3/2026",
        "basis": "Resolution of the third meeting",
        "area_code": "990101",
        "measures": [{**measure, "owner_id": uid("emergency")}, {**measure, "owner_id": uid("township")}],
    }
    campaign = f"/campaigns/{uuid4()}"
    opened = await ok(county.secretary.put(campaign, json=opening))
    await county.settle()
    assert "campaign_assigned" in await heard(county, "head")
    assert "campaign_assigned" in await heard(county, "town_officer")
    assert "campaign_assigned" not in await heard(county, "fire_head")
    bureau, town = (f"{campaign}/measures/{each['id']}" for each in opened["measures"])
    list_of_names = await county.proof("head", "inspection")
    account = {"account": "All were trained in May.", "files": [list_of_names]}
    await ok(county.head.post(f"{bureau}/report", json=account))
    await ok(
        county.town_officer.post(
            f"{town}/report", json={**account, "files": [await county.proof("town_officer", "inspection")]}
        )
    )
    await county.settle()
    assert (await heard(county, "secretary")).count("measure_reported") == 2
    assert (await county.secretary.get(f"/evidence/inspection/{list_of_names['id']}")).status_code == 200
    assert (await county.fire_head.get(f"/evidence/inspection/{list_of_names['id']}")).status_code == 404
    await ok(county.secretary.post(f"{bureau}/judge", json={"verdict": "carried_out", "reason": "Seen."}))
    await ok(county.secretary.post(f"{town}/judge", json={"verdict": "not_carried_out", "reason": "Of whom?"}))
    ended = await ok(county.secretary.post(f"{campaign}/close", json={"remark": "The township trains again."}))
    await county.settle()
    assert ended["report"]["results"]["total"]["failed_rate"] == 0.5
    assert "measure_judged" in await heard(county, "town_officer")
