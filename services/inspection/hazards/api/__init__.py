"""Routes of hazards, one module for each stage of their life and one for what is read."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.domain import Kind
from services.inspection.hazards.api import (
    assisting,
    delivering,
    enforcing,
    extending,
    holding,
    lineage,
    listing,
    ordering,
    power,
    prosecuting,
    reading,
    rechecking,
    rectifying,
    recusing,
    self_governing,
    staying,
    verifying,
)
from services.inspection.hazards.models import Hazard
from services.inspection.history.queries import last_by_a_colleague
from shared.auth import Actor
from shared.versions import Change, tells_who_changed


async def _last(tx: AsyncSession, who: Actor, hazard_id: UUID) -> Change | None:
    return await last_by_a_colleague(tx, who, Kind.HAZARD, hazard_id)


tells_who_changed(Hazard, _last)
router = APIRouter()
for stage in (
    reading,
    verifying,
    lineage,
    assisting,
    ordering,
    delivering,
    rectifying,
    extending,
    rechecking,
    prosecuting,
    enforcing,
    listing,
    power,
    staying,
    holding,
    recusing,
    self_governing,
):
    router.include_router(stage.router)

__all__ = ["router"]
