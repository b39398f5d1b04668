"""Routes of the docket: entries and what their desks decide, and what follows a result."""

from fastapi import APIRouter

from services.inspection.docket.api import entries, results
from services.inspection.docket.api.entries import evidence

router = APIRouter()
for part in (entries, results):
    router.include_router(part.router)

__all__ = ["evidence", "router"]
