"""Asks other parties to assist with a hazard over HTTP, for the tests of what becomes of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import get, post, put

from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import Platform

fire_two = county.actor(Role.AUTHORITY_OFFICER, county.FIRE_TWO, county.FIRE)
OPINION: Mapping[str, Any] = {"authority_id": str(county.FIRE), "task": "opinion", "what": "May the exit stay locked?"}
MEASURE: Mapping[str, Any] = {"authority_id": str(county.TOWNSHIP), "task": "measure", "what": "Keep the lane clear."}
NOT_OURS: Mapping[str, Any] = {
    "code": "other_category",
    "reason": "Special equipment, not fire.",
    "suggested_authority_id": str(county.MARKET),
}


async def asked(
    platform: Platform, hazard: str, ask: Mapping[str, Any] = OPINION, *, by: Actor = county.desk, **changes: Any
) -> str:
    """Ask for a part; give its address."""
    path = f"{hazard}/parts/{uuid4()}"
    await put(platform, by, path, **{**ask, **changes})
    return path


async def declined(platform: Platform, hazard: str, ask: Mapping[str, Any] = OPINION) -> str:
    """Let the fire brigade decline what it was asked for; give the part's address."""
    path = await asked(platform, hazard, ask)
    await post(platform, county.fire_desk, f"{path}/decline", **NOT_OURS)
    return path


async def insisted(platform: Platform, hazard: str, ask: Mapping[str, Any] = OPINION) -> str:
    path = await declined(platform, hazard, ask)
    await post(platform, county.li, f"{path}/insist", reason="It is on your list.")
    return path


async def answered(platform: Platform, path: str, by: Actor = county.fire_desk, **answer: Any) -> dict[str, Any]:
    await post(platform, by, f"{path}/acknowledge")
    return await post(platform, by, f"{path}/answer", **{"answer": "It may not.", **answer})


async def part(platform: Platform, path: str, who: Actor = county.desk) -> dict[str, Any]:
    """Read one part in the list of all."""
    hazard, _, part_id = path.partition("/parts/")
    items = (await get(platform, who, f"{hazard}/parts"))["items"]
    return next(item for item in items if item["id"] == part_id)


async def states(platform: Platform, hazard: str, who: Actor = county.desk) -> list[tuple[str, str, str]]:
    """Tell of all parts whose, what and how far."""
    items = (await get(platform, who, f"{hazard}/parts"))["items"]
    return [(NAMES[UUID(item["authority_id"])], item["task"], item["state"]) for item in items]


async def owed(platform: Platform, path: str, who: Actor = county.desk) -> dict[str, str | None]:
    """Tell the running clocks of a part, and who owes each."""
    hazard, _, part_id = path.partition("/parts/")
    clocks = (await get(platform, who, hazard))["deadlines"]
    names = {clock["key"]: clock["owed_by"] for clock in clocks if clock["part_id"] == part_id}
    return {key: NAMES[UUID(party)] if party else None for key, party in names.items()}


NAMES = {
    county.EMERGENCY: "emergency",
    county.FIRE: "fire",
    county.MARKET: "market",
    county.TOWNSHIP: "township",
}
