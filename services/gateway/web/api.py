"""Pages: the front page and the API reference. Nothing on them comes from elsewhere, and the policy says so."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from shared.problems import language_of

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Vary": "Accept-Language",
}

Lang = Annotated[Literal["en", "zh"] | None, Query()]


def pages(*, demo: bool) -> APIRouter:
    """Give the pages; with `demo` each says that the county is invented."""
    router = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(HERE / "templates")

    def page(request: Request, name: str, asked: str | None) -> Response:
        lang = asked or language_of(request)

        def say(en: str, zh: str) -> str:
            return zh if lang == "zh" else en

        return templates.TemplateResponse(request, name, {"lang": lang, "say": say, "demo": demo}, headers=HEADERS)

    @router.get("/", response_class=HTMLResponse)
    async def front(request: Request, lang: Lang = None) -> Response:  # pyright: ignore[reportUnusedFunction] — a route
        return page(request, "front.html", lang)

    @router.get("/api/docs", response_class=HTMLResponse)
    async def reference(request: Request, lang: Lang = None) -> Response:  # pyright: ignore[reportUnusedFunction] — a route
        return page(request, "reference.html", lang)

    router.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return router
