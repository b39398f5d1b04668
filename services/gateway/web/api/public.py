"""The public pages: what this is, and the API reference. Nothing on them comes from elsewhere."""

from fastapi import APIRouter, Request, Response
from starlette.staticfiles import StaticFiles

from services.gateway.identity.api.visitors import Browser
from services.gateway.web.api.page import HERE, PageRoute, Site
from shared.permission import allowed

router = APIRouter(route_class=PageRoute, dependencies=[allowed("page.read")])


@router.get("/")
async def front(request: Request, site: Site, browser: Browser) -> Response:
    return site.show(request, "front.html", signed_in=browser)


@router.get("/api/docs")
async def reference(request: Request, site: Site, browser: Browser) -> Response:
    return site.show(request, "reference.html", signed_in=browser)


def serve_static(where: APIRouter) -> None:
    where.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
