"""Tasks of resolutions: assigned, shown by their owners, late, judged, and read by nobody whom they do not concern."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from committee_stages import (
    DONE,
    ENOUGH,
    MINUTES,
    NOT_ENOUGH,
    TASK,
    TASK_LIMIT,
    assigned,
    convened,
    held,
    minuted,
    other_committee,
)
from inspection_county import TODAY, get, post, put, slug
from PIL import Image
from visit_stages import known_county, walker

from shared.auth import Actor
from shared.contracts.inspection.meetings import (
    CommitteeTaskAssigned,
    CommitteeTaskCancelled,
    CommitteeTaskJudged,
    CommitteeTaskNoted,
    CommitteeTaskReported,
)
from shared.testing import OpenPlatform, Platform

MILLS = {"owner_id": str(county.MILL), "co_owner_ids": [], "demand": "Send your cleaning plan."}


def clocks(shown: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(clock["key"], clock["owed_by"]) for clock in shown["deadlines"]]


async def listed(platform: Platform, who: Actor, query: str = "") -> list[str]:
    return [task["id"] for task in (await get(platform, who, f"/committee-tasks{query}"))["items"]]


async def test_a_task_is_reported_found_wanting_reported_again_and_accepted(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        task = await assigned(platform, await minuted(platform))
        address = f"/committee-tasks/{task['id']}"
        assert (task["number"], task["state"], task["resolved"]) == (
            "安委办议定事项〔2026〕000001号",
            "open",
            MINUTES["resolutions"][0],
        )
        assert (clocks(task), task["next_due"]) == (
            [("committee_task.limit", str(county.EMERGENCY))],
            f"{TASK_LIMIT}T15:59:59Z",
        )
        assert (await get(platform, county.desk, address))["offers"] == ["note", "report"]
        assert (await get(platform, county.fire_desk, address))["offers"] == ["note"]
        await post(platform, county.fire_desk, f"{address}/note", text="Two of our mills.")
        reported = await post(platform, county.desk, f"{address}/report", **DONE)
        assert (reported["state"], clocks(reported)) == ("reported", [("committee_task.judge", None)])
        wanting = await post(platform, county.committee, f"{address}/judge", **NOT_ENOUGH)
        assert (wanting["state"], wanting["limit"]) == ("insufficient", NOT_ENOUGH["limit"])
        assert (clocks(wanting), wanting["next_due"]) == (
            [("committee_task.limit", str(county.EMERGENCY))],
            f"{NOT_ENOUGH['limit']}T15:59:59Z",
        )
        await post(platform, county.head, f"{address}/report", text="Now all six.")
        accepted = await post(platform, county.committee, f"{address}/judge", **ENOUGH)
        assert (accepted["state"], accepted["offers"], clocks(accepted)) == ("accepted", [], [])
        assert [(each["final"], each["accepted"], each["reason"]) for each in accepted["told"]] == [
            (False, None, ""),
            (True, False, NOT_ENOUGH["reason"]),
            (True, True, ENOUGH["reason"]),
        ]
        assert [step["verb"] for step in accepted["history"]] == [
            *("assign", "note", "report", "judge", "report", "judge")
        ]
        await platform.settle(redeliver=3)
        told = platform.events(CommitteeTaskAssigned, CommitteeTaskNoted, CommitteeTaskReported, CommitteeTaskJudged)
        assert [(type(event), event.state, str(event.limit)) for event in told] == [
            (CommitteeTaskAssigned, "open", TASK["limit"]),
            (CommitteeTaskNoted, "open", TASK["limit"]),
            (CommitteeTaskReported, "reported", TASK["limit"]),
            (CommitteeTaskJudged, "insufficient", NOT_ENOUGH["limit"]),
            (CommitteeTaskReported, "reported", NOT_ENOUGH["limit"]),
            (CommitteeTaskJudged, "accepted", NOT_ENOUGH["limit"]),
        ]
        assert {event.office_ids for event in told} == {(county.EMERGENCY, county.FIRE)}
        assert await platform.dead_letters() == []


async def test_a_late_report_is_taken_and_says_that_it_is_late(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        task = await assigned(platform, await minuted(platform), limit=str(TODAY + timedelta(days=12)))
        address = f"/committee-tasks/{task['id']}"
        platform.travel(days=2, hours=13, minutes=59)
        assert (await get(platform, county.desk, address))["overdue"] is False
        assert await listed(platform, county.committee, "?overdue=true") == []
        platform.travel(minutes=1)
        assert (await get(platform, county.desk, address))["overdue"] is True
        assert await listed(platform, county.committee, "?overdue=true") == [task["id"]]
        assert await listed(platform, county.committee, "?overdue=false") == []
        reported = await post(platform, county.desk, f"{address}/report", **DONE)
        assert ([each["late"] for each in reported["told"]], reported["overdue"]) == ([True], False)
        await platform.settle()
        assert [event.late for event in platform.events(CommitteeTaskReported)] == [True]
        platform.travel(days=8)
        assert await listed(platform, county.committee, "?overdue=true") == [task["id"]], "the committee is late itself"


async def test_a_task_rests_on_a_resolution_of_minutes_that_are_written(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        called = (await convened(platform))["id"]
        meeting = (await held(platform)).rpartition("/")[2]
        for unwritten in (called, meeting):
            assert slug(await assigned(platform, unwritten, 409)) == "not-minuted"
        await post(platform, county.committee, f"/meetings/{meeting}/minute", **MINUTES)
        assert slug(await assigned(platform, meeting, 422, resolution=3)) == "unknown-resolution"
        assert slug(await assigned(platform, str(uuid4()), 404)) == "not-found"
        assert slug(await assigned(platform, meeting, 403, other_committee)) == "not-your-meeting"
        assert await listed(platform, county.committee) == []


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"limit": str(TODAY + timedelta(days=9))}, "task-limit"),
    ({"limit": "2027-10-11"}, "task-limit"),
    ({"limit": "9999-12-31"}, "task-limit"),
    ({"limit": 0}, "invalid-request"),
    ({"owner_id": str(county.AGENCY)}, "unknown-party"),
    ({"owner_id": str(UUID(int=77))}, "unknown-party"),
    ({"co_owner_ids": [str(county.COMMITTEE)]}, "unknown-party"),
    ({"co_owner_ids": [str(county.EMERGENCY)]}, "owner-twice"),
    ({"demand": ""}, "invalid-request"),
    ({"resolution": 0}, "invalid-request"),
]


async def test_what_cannot_be_meant_is_refused_and_nothing_is_assigned(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        meeting = await minuted(platform)
        for changes, why in HOSTILE:
            assert slug(await assigned(platform, meeting, 422, **changes)) == why, changes
        address = f"/committee-tasks/{(await assigned(platform, meeting))['id']}"
        await post(platform, county.desk, f"{address}/report", **DONE)
        for ask, why in (
            ({**ENOUGH, "limit": str(TASK_LIMIT)}, "no-next-limit"),
            ({"accepted": False, "reason": "Two are missing."}, "limit-missing"),
            ({**NOT_ENOUGH, "limit": str(TODAY)}, "task-limit"),
            ({"accepted": True}, "invalid-request"),
        ):
            assert slug(await post(platform, county.committee, f"{address}/judge", 422, **ask)) == why
        assert (await get(platform, county.committee, address))["state"] == "reported"


async def test_only_the_owner_reports_and_only_the_convener_judges_and_cancels(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/committee-tasks/{(await assigned(platform, await minuted(platform)))['id']}"
        assert slug(await post(platform, county.fire_head, f"{address}/report", 403, **DONE)) == "not-your-task"
        assert slug(await post(platform, county.li, f"{address}/report", 403, **DONE)) == "role-may-not"
        for stranger in (county.market_desk, county.principal, county.township):
            assert slug(await post(platform, stranger, f"{address}/note", 404, **DONE)) == "not-found"
        await post(platform, county.desk, f"{address}/report", **DONE)
        assert slug(await post(platform, county.desk, f"{address}/report", 409, **DONE)) == "illegal-transition"
        assert slug(await post(platform, county.desk, f"{address}/judge", 403, **ENOUGH)) == "role-may-not"
        assert slug(await post(platform, other_committee, f"{address}/judge", 403, **ENOUGH)) == "not-your-meeting"
        gone = await post(platform, county.committee, f"{address}/cancel", reason="Another meeting took it over.")
        assert (gone["state"], clocks(gone), gone["offers"]) == ("cancelled", [], [])
        await platform.settle()
        assert [event.reason for event in platform.events(CommitteeTaskCancelled)] == ["Another meeting took it over."]


async def test_an_enterprise_reads_its_own_task_and_nothing_that_others_told(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        meeting = await minuted(platform)
        others = await assigned(platform, meeting)
        shared = await assigned(platform, meeting, **{**MILLS, "co_owner_ids": [str(county.TOWNSHIP)]})
        address = f"/committee-tasks/{shared['id']}"
        await post(platform, county.township, f"{address}/note", text="We heard that they never clean.")
        await post(platform, county.principal, f"{address}/report", text="The plan is attached.")
        shown = await get(platform, county.principal, address)
        assert [each["text"] for each in shown["told"]] == ["The plan is attached."]
        assert not {"resolved", "history"} & set(shown)
        assert [each["id"] for each in (await get(platform, county.manager, f"/meetings/{meeting}"))["tasks"]] == [
            shared["id"]
        ]
        assert await listed(platform, county.principal) == [shared["id"]]
        assert slug(await get(platform, county.principal, f"/committee-tasks/{others['id']}", 404)) == "not-found"
        assert await listed(platform, county.township) == [shared["id"]]
        assert set(await listed(platform, county.committee)) == {others["id"], shared["id"]}
        assert await listed(platform, county.committee, f"?owner={county.MILL}") == [shared["id"]]
        assert await listed(platform, county.committee, "?state=open") == [others["id"]]
        assert len(await listed(platform, county.committee, f"?meeting={meeting}")) == 2
        for who in (county.worker, county.agency, walker):
            assert slug(await get(platform, who, address, 403)) == "role-may-not"
        await platform.settle()
        [event] = platform.events(CommitteeTaskReported)
        assert (event.office_ids, event.enterprise_ids) == ((county.TOWNSHIP,), (county.MILL,))


async def test_the_committee_reads_the_files_that_show_what_was_done(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await county.hand_in_pictures(platform)
        address = f"/committee-tasks/{(await assigned(platform, await minuted(platform)))['id']}"
        stolen = await post(platform, county.desk, f"{address}/note", 422, **DONE, files=[county.PICTURE])
        assert slug(stolen) == "unknown-evidence"
        file = f"/evidence/inspection/{uuid4()}"
        out = BytesIO()
        Image.new("RGB", (8, 8)).save(out, "PNG")
        async with platform.client("inspection", county.desk) as http:
            kept = (await http.put(file, content=out.getvalue())).json()
        picture = {name: kept[name] for name in ("id", "owner", "sha256", "media_type")}
        shown = await post(platform, county.desk, f"{address}/note", **DONE, files=[picture])
        assert shown["told"][0]["files"] == [picture]
        for who, status in ((county.committee, 200), (county.market_desk, 404)):
            async with platform.client("inspection", who) as http:
                assert (await http.get(file)).status_code == status


async def test_the_same_task_again_is_the_same_and_another_under_its_id_is_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        ask = {**TASK, "meeting_id": await minuted(platform)}
        address = f"/committee-tasks/{uuid4()}"
        first = await put(platform, county.committee, address, **ask)
        assert (await put(platform, county.committee, address, **ask))["number"] == first["number"]
        assert slug(await put(platform, county.committee, address, 409, **{**ask, "resolution": 2})) == "task-id-taken"
        assert slug(await put(platform, other_committee, address, 404, **ask)) == "not-found"
        await platform.settle()
        assert len(platform.events(CommitteeTaskAssigned)) == 1
