"""Routes of worklists, one module for each list and one for saved views."""

from fastapi import APIRouter

from services.inspection.worklists.api import docket, hazards, views

router = APIRouter()
for each in (hazards, docket, views):
    router.include_router(each.router)

__all__ = ["router"]
