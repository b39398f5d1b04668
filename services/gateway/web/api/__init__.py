"""Pages: the front page, the API reference, and whether a program may act. Nothing on them comes from elsewhere."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from services.gateway.web.api.consent import consent
from services.gateway.web.api.rendering import HERE, Pages

Lang = Annotated[Literal["en", "zh"] | None, Query()]


def pages(*, demo: bool) -> APIRouter:
    """Give the pages; with `demo` each says that the county is invented."""
    router = APIRouter(include_in_schema=False)
    rendered = Pages(demo=demo)

    @router.get("/", response_class=HTMLResponse)
    async def front(request: Request, lang: Lang = None) -> Response:  # pyright: ignore[reportUnusedFunction] — a route
        return rendered.show(request, "front.html", lang)

    @router.get("/api/docs", response_class=HTMLResponse)
    async def reference(request: Request, lang: Lang = None) -> Response:  # pyright: ignore[reportUnusedFunction] — a route
        return rendered.show(request, "reference.html", lang)

    router.include_router(consent(rendered))
    router.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return router
