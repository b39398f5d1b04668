"""Routes of hazards, one module for each stage of their life and one for what is read."""

from fastapi import APIRouter

from services.inspection.hazards.api import lineage, ordering, reading, rechecking, rectifying, verifying

router = APIRouter()
for stage in (reading, verifying, lineage, ordering, rectifying, rechecking):
    router.include_router(stage.router)

__all__ = ["router"]
