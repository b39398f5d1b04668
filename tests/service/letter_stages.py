"""Hazards put where letters find them, and letters sent over HTTP, for the tests that begin there."""

from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import post, put

from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade
from shared.testing import START, Platform

TEXT = {
    "kind": "warning",
    "basis": "Work Safety Law art. 65",
    "facts": "The limit has passed and the motors are still covered with dust.",
    "demand": "Have it removed, and say by when.",
}
OFFICE = {**TEXT, "addressee_id": str(county.EMERGENCY)}
MILL = {**TEXT, "addressee_id": str(county.MILL)}


async def hazard(
    platform: Platform,
    lead: UUID | None = county.EMERGENCY,
    enterprise: UUID | None = county.MILL,
    *,
    ordered: bool = True,
) -> str:
    """Put a hazard into the table, as an authority left it."""
    hazard_id = uuid4()
    async with platform.service("inspection").database.transaction() as tx:
        tx.add(
            Hazard(
                id=hazard_id,
                version=0,
                area_code=county.TOWN,
                number=f"H-{hazard_id}",
                state=HazardState.ORDERED if ordered else HazardState.CONFIRMED,
                grade=Grade.GENERAL,
                category=Category.DUST,
                what="Dust on the motors",
                enterprise_id=enterprise,
                place=county.PLACE,
                claimed_at=START,
                registered_at=START,
                handling_authority_id=lead or county.EMERGENCY,
                lead_authority_id=lead,
                co_authority_ids=[],
                criterion_ids=[],
                rechecked_by=[],
                ordered_at=START if ordered else None,
            )
        )
    return str(hazard_id)


async def sent(platform: Platform, who: Actor = county.committee, status: int = 201, **changes: Any) -> dict[str, Any]:
    """Send a letter under an id of its own: the committee's to an office, an authority's to the mill."""
    given = OFFICE if who is county.committee else MILL
    return await put(platform, who, f"/letters/{uuid4()}", status, **{**given, **changes})


async def many(platform: Platform, who: Actor, hazards: list[str], status: int = 200, **changes: Any) -> dict[str, Any]:
    return await post(platform, who, "/letters/many", status, **{**TEXT, "hazard_ids": hazards, **changes})
