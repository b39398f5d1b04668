"""Routes of hazards, one module for each stage of their life and one for what is read."""

from fastapi import APIRouter

from services.inspection.hazards.api import (
    assisting,
    delivering,
    extending,
    listing,
    ordering,
    power,
    prosecuting,
    reading,
    rechecking,
    rectifying,
    recusing,
    self_governing,
    verifying,
)

router = APIRouter()
for stage in (
    reading,
    verifying,
    assisting,
    ordering,
    delivering,
    rectifying,
    extending,
    rechecking,
    prosecuting,
    listing,
    power,
    recusing,
    self_governing,
):
    router.include_router(stage.router)

__all__ = ["router"]
