"""Brings meetings, tasks and joint actions to any stage over HTTP, for the tests that begin there."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import TODAY, post, put

from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import Platform

CALLED = (county.EMERGENCY, county.FIRE, county.TOWNSHIP, county.MILL)
MEETING = {
    "title": "Third quarter: dust",
    "starts_at": "2026-10-10T09:00:00+08:00",
    "place": "County hall, room 3",
    "agenda": ["Dust in flour mills", "What the last resolutions came to"],
    "called": [str(each) for each in CALLED],
}
AT_THE_MEETING = {"days": 10, "hours": 1}
"""From the start of every test to an hour after the meeting began."""
CAME = [
    {"party_id": str(county.EMERGENCY), "attendance": "present", "came": "Director Zhao"},
    {"party_id": str(county.FIRE), "attendance": "deputy", "came": "Deputy Qian"},
    {"party_id": str(county.TOWNSHIP), "attendance": "excused", "remark": "A flood"},
    {"party_id": str(county.MILL), "attendance": "absent"},
]
MINUTES = {
    "text": "The directors spoke of dust. It was resolved as follows.",
    "resolutions": ["All flour mills are looked at by the end of October.", "Every mill is told what dust does."],
}
TASK_LIMIT = TODAY + timedelta(days=30)
TASK: dict[str, Any] = {
    "resolution": 1,
    "owner_id": str(county.EMERGENCY),
    "co_owner_ids": [str(county.FIRE)],
    "demand": "Look at each flour mill, and say what was found.",
    "limit": str(TASK_LIMIT),
}
DONE = {"text": "Four of four mills were looked at."}
NOT_ENOUGH = {"accepted": False, "reason": "Two mills are missing.", "limit": str(TASK_LIMIT + timedelta(days=14))}
ENOUGH = {"accepted": True, "reason": "All of them."}
other_committee = county.actor(Role.COMMITTEE, party=UUID(int=98))
"""Another body with the committee's role in the same area, which convened nothing."""
ACTION: dict[str, Any] = {
    "title": "Dust before winter",
    "purpose": "No flour mill goes into winter with dust on its motors.",
    "basis": "Work Safety Law art. 69",
    "area_code": county.COUNTY,
    "since": str(TODAY),
    "until": str(TODAY + timedelta(days=20)),
    "categories": ["dust", "fire"],
}
REPORT_BY = str(TODAY + timedelta(days=25))
EMERGENCYS, FIRES = (county.desk, county.EMERGENCY), (county.fire_desk, county.FIRE)


async def convened(platform: Platform, status: int = 201, **changes: Any) -> dict[str, Any]:
    return await put(platform, county.committee, f"/meetings/{uuid4()}", status, **{**MEETING, **changes})


async def held(platform: Platform) -> str:
    """Hold a meeting with everybody accounted for; give its address."""
    address = f"/meetings/{(await convened(platform))['id']}"
    platform.travel(**AT_THE_MEETING)
    await post(platform, county.committee, f"{address}/hold", lines=CAME)
    return address


async def minuted(platform: Platform) -> str:
    """Give the id of a meeting with two resolutions."""
    address = await held(platform)
    return (await post(platform, county.committee, f"{address}/minute", **MINUTES))["id"]


async def minuted_today(platform: Platform) -> str:
    """Give the id of a meeting that was called for this very hour, with two resolutions."""
    address = f"/meetings/{(await convened(platform, starts_at='2026-09-30T09:00:00+08:00'))['id']}"
    await post(platform, county.committee, f"{address}/hold", lines=CAME)
    return (await post(platform, county.committee, f"{address}/minute", **MINUTES))["id"]


async def assigned(
    platform: Platform, meeting: str, status: int = 201, who: Actor = county.committee, **changes: Any
) -> dict[str, Any]:
    ask = {**TASK, "meeting_id": meeting, **changes}
    return await put(platform, who, f"/committee-tasks/{uuid4()}", status, **ask)


async def opened(platform: Platform, status: int = 201, **changes: Any) -> dict[str, Any]:
    return await put(platform, county.committee, f"/joint-actions/{uuid4()}", status, **{**ACTION, **changes})


async def asked(platform: Platform, action: str, authority: UUID, status: int = 201, **changes: Any) -> str:
    """Ask an authority for its part; give the part's address."""
    part = f"{action}/parts/{uuid4()}"
    ask = {"authority_id": str(authority), "what": "Send two officers each day.", "report_by": REPORT_BY, **changes}
    await put(platform, county.committee, part, status, **ask)
    return part


async def joined(platform: Platform, *parties: tuple[Actor, UUID], **changes: Any) -> tuple[str, list[str]]:
    """Open a joint action in which these authorities have accepted a part; give its address and those of the parts."""
    action = f"/joint-actions/{(await opened(platform, **changes))['id']}"
    parts: list[str] = []
    for who, authority in parties:
        parts.append(await asked(platform, action, authority))
        await post(platform, who, f"{parts[-1]}/accept")
    return action, parts


async def assessment_proposed(platform: Platform) -> str:
    """Give the id of an assessment on which the emergency bureau may make its statement."""
    address = f"/assessments/{uuid4()}"
    whose = {"party_id": str(county.EMERGENCY), "year": 2026, "quarter": 2}
    shown = await put(platform, county.committee, address, **whose)
    line = {"indicator": "h4_on_time", "most": 40, "part": 27, "whole": 30, "points": 36, "source": "The ledger"}
    await post(platform, county.committee, f"{address}/score", lines=[line])
    await post(platform, county.committee, f"{address}/propose")
    return shown["id"]
