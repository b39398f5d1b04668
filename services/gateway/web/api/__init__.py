"""The pages: public ones, signing in, one's own account, and programs that may act for people."""

from fastapi import APIRouter

from services.gateway.web.api import account, consent, provider, public, signing_in, verifying
from services.gateway.web.api.page import Pages

__all__ = ["Pages", "router"]

router = APIRouter(include_in_schema=False)
for part in (public, verifying, signing_in, provider, account, consent):
    router.include_router(part.router)
public.serve_static(router)
