"""Routes of hazards, one module for each stage of their life and one for what is read."""

from fastapi import APIRouter

from services.inspection.hazards.api import ordering, reading, rechecking, rectifying, self_governing, verifying

router = APIRouter()
for stage in (reading, verifying, ordering, rectifying, rechecking, self_governing):
    router.include_router(stage.router)

__all__ = ["router"]
