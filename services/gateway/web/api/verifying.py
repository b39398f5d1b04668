"""The page to which the code on every document leads; without it a forged paper would look like a genuine one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.identity.api.visitors import Browser, address_of
from services.gateway.web.api.page import PageRoute, Site
from services.gateway.web.clients import Verifier
from shared.permission import allowed
from shared.web import Now, part

router = APIRouter(route_class=PageRoute, dependencies=[allowed("page.read")])
AT = "/verify"
Asking = Annotated[Verifier, part(Verifier)]


@router.get(AT)
async def ask(
    request: Request,
    site: Site,
    browser: Browser,
    verifier: Asking,
    now: Now,
    code: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Take a code that somebody typed, or show where to type one."""
    if not code.strip():
        return site.show(request, "verify.html", signed_in=browser, code="", found=None)
    return await tell(request, code, site, browser, verifier, now)


@router.get(f"{AT}/{{code}}")
async def tell(request: Request, code: str, site: Site, browser: Browser, verifier: Asking, now: Now) -> Response:
    """Tell what is known of the document with this code, or with this hash of its file."""
    found = await verifier.ask(code, address_of(request.client), request.scope["state"]["request_id"], now)
    address = f"{AT}?code={code}" if request.url.path == AT else request.url.path
    return site.show(request, "verify.html", signed_in=browser, address=address, code=code.strip(), found=found)
