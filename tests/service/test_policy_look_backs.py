"""Policy look-backs 政策落实回头看: measures with an owner, an account with proof, the committee's verdict (D06)."""

from datetime import timedelta
from typing import Any

import campaign_stages as stage
import inspection_county as county
from campaign_stages import OPENING, known_county, opened
from inspection_county import TODAY, get, post, slug

from shared.contracts.inspection import campaigns
from shared.testing import OpenPlatform, Platform

MEASURES = [
    {"document": "County circular 3/2026", "measure": "Train every operator.", "owner_id": str(county.EMERGENCY)},
    {"document": "County circular 3/2026", "measure": "Sweep the streets.", "owner_id": str(county.TOWNSHIP)},
]
POLICY: dict[str, Any] = {
    **{key: OPENING[key] for key in ("title", "basis", "area_code")},
    "kind": "policy",
    "closures": None,
    "measures": MEASURES,
}
ACCOUNT = {"account": "All 40 were trained in May.", "files": [county.OFFICERS_PICTURE]}
END = {"remark": "Half of it was carried out."}


async def asked(platform: Platform) -> tuple[str, str, str]:
    """Open a policy look-back; give its address and those of its two measures."""
    await known_county(platform)
    campaign = await opened(platform, **POLICY)
    address = f"/campaigns/{campaign['id']}"
    bureau, town = (f"{address}/measures/{measure['id']}" for measure in campaign["measures"])
    return address, bureau, town


async def test_each_owner_accounts_for_its_measure_and_the_committee_judges(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address, bureau, town = await asked(platform)
        shown = await get(platform, county.committee, address)
        assert (shown["state"], shown["candidates"], shown["list_hash"]) == ("under_way", None, None)
        assert [each["deadlines"][0]["owed_by"] for each in shown["measures"]] == [
            str(county.EMERGENCY),
            str(county.TOWNSHIP),
        ]
        mine = await get(platform, county.township, address)
        assert [(each["measure"], each["offers"]) for each in mine["measures"]] == [("Sweep the streets.", ["report"])]
        await get(platform, county.fire_desk, address, 404)

        reported = await post(platform, county.desk, f"{bureau}/report", **ACCOUNT)
        assert [(each["state"], each["deadlines"]) for each in reported["measures"]] == [("reported", [])]
        [handed] = await platform.rows("inspection", "select handed_to from evidence_showings")
        assert handed["handed_to"] == county.COMMITTEE
        again_by = TODAY + timedelta(days=7)
        poor = {"reason": "Where is the list of names?", "next_by": str(again_by)}
        back = await post(platform, county.committee, f"{bureau}/judge", **poor)
        [first, _] = back["measures"]
        assert (first["state"], first["verdict"], first["reason"]) == ("asked", None, poor["reason"])
        assert first["deadlines"][0]["due_at"] == f"{again_by}T15:59:59Z"
        await post(platform, county.desk, f"{bureau}/report", **ACCOUNT)
        judged = await post(
            platform, county.committee, f"{bureau}/judge", verdict="partly", reason="Thirty of forty names."
        )
        total = judged["results"]["total"]
        assert (total["items"], total["done"], total["failed"], total["waiting"], total["failed_rate"]) == (
            2,
            1,
            1,
            1,
            1,
        )
        assert slug(await post(platform, county.committee, f"{address}/close", 409, **END)) == "looks-still-due"

        photo = await county.hand_in(
            platform, {**county.PICTURE, "id": "00000000-0000-0000-0000-0000000003e7"}, county.TOWNSHIP
        )
        await post(platform, county.township, f"{town}/report", account="Swept each Friday.", files=[photo])
        await post(platform, county.committee, f"{town}/judge", verdict="carried_out", reason="Seen in the pictures.")
        closed = await post(platform, county.committee, f"{address}/close", **END)
        assert [(each["party_id"], each["remark"]) for each in closed["report"]["failed"]] == [
            (str(county.EMERGENCY), "Thirty of forty names.")
        ]
        assert (closed["report"]["not_done"], closed["results"]["total"]["failed_rate"]) == ([], 0.5)
        assert [step["verb"] for step in closed["history"]] == [
            *("open", "measure_report", "measure_judge", "measure_report", "measure_judge"),
            *("measure_report", "measure_judge", "close"),
        ]
        await platform.settle(redeliver=3)
        told = platform.events(campaigns.MeasureJudged)
        assert [(each.verdict, each.next_by) for each in told] == [  # type: ignore[attr-defined]
            (None, again_by),
            ("partly", None),
            ("carried_out", None),
        ]
        assert await platform.dead_letters() == []


async def test_what_a_policy_look_back_refuses(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address, bureau, town = await asked(platform)
        committee, verdict = county.committee, {"verdict": "carried_out", "reason": "Fine."}
        nobody = [{**MEASURES[0], "owner_id": str(county.MILL)}]
        assert slug(await opened(platform, status=422, **{**POLICY, "measures": nobody})) == "not-an-office"
        assert slug(await post(platform, committee, f"{address}/draw", 409, **stage.VALUE)) == "illegal-transition"
        assert slug(await post(platform, committee, f"{bureau}/judge", 409, **verdict)) == "illegal-transition"
        assert slug(await post(platform, county.desk, f"{town}/report", 404, **ACCOUNT)) == "not-found"
        assert slug(await post(platform, county.li, f"{bureau}/report", 403, **ACCOUNT)) == "role-may-not"
        assert slug(await post(platform, committee, f"{bureau}/report", 403, **ACCOUNT)) == "role-may-not"
        unproven = {**ACCOUNT, "files": [county.PICTURE]}
        assert slug(await post(platform, county.desk, f"{bureau}/report", 422, **unproven)) == "unknown-evidence"
        assert slug(await post(platform, county.desk, f"{bureau}/report", 422, account="Done.")) == "invalid-request"
        await post(platform, county.desk, f"{bureau}/report", **ACCOUNT)
        assert slug(await post(platform, county.head, f"{bureau}/judge", 403, **verdict)) == "role-may-not"
        soon = str(TODAY + timedelta(days=1))
        both = await post(platform, committee, f"{bureau}/judge", 422, **verdict, next_by=soon)
        assert slug(both) == "no-next-account"
        past = await post(platform, committee, f"{bureau}/judge", 422, reason="More.", next_by=str(TODAY))
        assert slug(past) == "results-day"
        await post(platform, committee, f"{address}/withdraw", remark="The circular was repealed.")
        assert slug(await post(platform, committee, f"{bureau}/judge", 409, **verdict)) == "campaign-over"
        assert await platform.rows("inspection", "select id from deadlines where state = 'open'") == []


async def test_what_nobody_accounted_for_in_time_is_told_as_missed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address, bureau, _ = await asked(platform)
        await post(platform, county.desk, f"{bureau}/report", **ACCOUNT)
        await post(platform, county.committee, f"{bureau}/judge", verdict="carried_out", reason="Fine.")
        platform.travel(days=30)
        closed = await post(platform, county.committee, f"{address}/close", **END)
        assert [each["state"] for each in closed["measures"]] == ["judged", "missed"]
        assert [each["party_id"] for each in closed["report"]["not_done"]] == [str(county.TOWNSHIP)]
        assert closed["results"]["total"]["done_rate"] == 0.5
