"""The routes of identity: administration and sign-in under `/api/v1`, OAuth 2 where its standards want it."""

from fastapi import APIRouter

from services.gateway.identity.api import accounts, discovery, oauth, sessions
from services.gateway.identity.api.visitors import Cookie, PublicAddress, SignIns, member

__all__ = ["Cookie", "PublicAddress", "SignIns", "member", "router"]

router = APIRouter(tags=["identity"])
router.include_router(accounts.router, prefix="/api/v1")
router.include_router(sessions.router, prefix="/api/v1")
router.include_router(oauth.router)
router.include_router(discovery.router)
