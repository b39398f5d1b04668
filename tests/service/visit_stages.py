"""Brings visits to any stage over HTTP, for the tests that begin there."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from inspection_county import FIRE_OFFICERS, OFFICERS, TODAY, actor, post, put

from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import Platform

SOON = TODAY + timedelta(days=6)
PLAN = {
    "enterprise_id": str(county.MILL),
    "kind": "admin_inspection",
    "ground": "planned",
    "on": str(SOON),
    "purpose": "Dust control on line 2",
    "officers": OFFICERS,
}
FOUND = {"findings": "Two motors are covered with dust.", "hazards_found": 1}
walker = actor(Role.GRID_WORKER, party=county.TOWNSHIP, area=county.TOWN)
other_walker = actor(Role.GRID_WORKER, party=county.TOWNSHIP, area=county.TOWN)


async def known_county(platform: Platform) -> None:
    """Let inspection hear of the county: people, parties, two enterprises."""
    await platform.announce(*county.registry_facts())
    await platform.settle()


async def planned(platform: Platform, who: Actor = county.li, status: int = 201, **changes: Any) -> dict[str, Any]:
    """Plan a visit under an id of its own; give the answer."""
    given = {"officers": FIRE_OFFICERS} if who.party_id == county.FIRE else {}
    return await put(platform, who, f"/visits/{uuid4()}", status, **{**PLAN, **given, **changes})


async def patrol(platform: Platform, who: Actor = walker, **changes: Any) -> dict[str, Any]:
    return await planned(platform, who, **{"kind": "grid_patrol", "officers": [], **changes})


async def under_way(platform: Platform, who: Actor = county.li, **changes: Any) -> str:
    """Begin a visit of today; give its address."""
    visit = await planned(platform, who, **{"on": str(TODAY), **changes})
    await post(platform, who, f"/visits/{visit['id']}/start")
    return f"/visits/{visit['id']}"


async def finished(platform: Platform, who: Actor = county.li, **changes: Any) -> str:
    address = await under_way(platform, who, **changes)
    await post(platform, who, f"{address}/finish", **FOUND)
    return address


def days(*dates: date) -> list[str]:
    return [str(each) for each in dates]
