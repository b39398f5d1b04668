"""The pages: public ones, signing in, and one's own account."""

from fastapi import APIRouter

from services.gateway.web.api import account, provider, public, signing_in
from services.gateway.web.api.page import Pages

__all__ = ["Pages", "router"]

router = APIRouter(include_in_schema=False)
for part in (public, signing_in, provider, account):
    router.include_router(part.router)
public.serve_static(router)
