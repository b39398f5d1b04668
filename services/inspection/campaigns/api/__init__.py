"""Routes of campaigns: what the committee organises, and what others answer."""

from fastapi import APIRouter

from services.inspection.campaigns.api import answering, organising

router = APIRouter()
for part in (answering, organising):
    router.include_router(part.router)

__all__ = ["router"]
