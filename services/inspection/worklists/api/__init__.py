"""Routes of worklists, one module for each list, one for holds and one for saved views."""

from fastapi import APIRouter

from services.inspection.worklists.api import docket, hazards, holds, views

router = APIRouter()
for each in (hazards, docket, holds, views):
    router.include_router(each.router)

__all__ = ["router"]
