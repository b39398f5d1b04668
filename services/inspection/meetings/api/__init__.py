"""Routes of meetings and of tasks, one module for each."""

from fastapi import APIRouter

from services.inspection.meetings.api import meetings, tasks

router = APIRouter()
for each in (meetings, tasks):
    router.include_router(each.router)

__all__ = ["router"]
