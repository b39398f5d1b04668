"""How a page is made and how it refuses, in the reader's language; without it each page would have its own policy."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import URL
from starlette.templating import Jinja2Templates

from services.gateway.identity.api.visitors import Cookie
from services.gateway.identity.clients import Provider
from services.gateway.identity.domain.browsers import csrf_token_of
from services.gateway.web.domain import ROLES, in_groups
from shared.errors import BadInput, Problem
from shared.problems import language_of
from shared.web import part, service_of

HERE = Path(__file__).parent.parent
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
TEMPLATES = Jinja2Templates(HERE / "templates")
TEMPLATES.env.filters["in_groups"] = in_groups


@dataclass(frozen=True, slots=True)
class Pages:
    """Shows pages. With `demo` each says that the county is invented."""

    demo: bool
    cookie: Cookie
    provider: Provider | None = None
    """Whose name stands on the way to the outside sign-in."""

    def show(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        cookie: str | None = None,
        leads_to: str = "",
        **facts: Any,
    ) -> Response:
        """Answer with a page; `cookie` is the new value of the cookie, `address` where the page is found again.

        `leads_to`: the origin at which its form may end besides ours, for browsers also check where it is redirected.
        """
        zone = service_of(request).profile.timezone
        asked = _asked_language(request)
        lang = asked or language_of(request)
        value = cookie or self.cookie.read(request)

        def say(en: str, zh: str) -> str:
            return zh if lang == "zh" else en

        def when(at: datetime) -> str:
            return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

        def at(path: str) -> str:
            return _with_language(path, asked)

        def role(named: str) -> str:
            return say(*ROLES.get(named, (named, named)))

        address = facts.pop("address", request.url.path)
        seen: dict[str, Any] = {
            "lang": lang,
            "say": say,
            "when": when,
            "at": at,
            "switch": str(URL(address).include_query_params(**_kept(facts), lang="en" if lang == "zh" else "zh")),
            "role": role,
            "demo": self.demo,
            "provider": self.provider,
            "csrf_token": csrf_token_of(value) if value else "",
            "signed_in": None,
            "return_to": "",
            **facts,
        }
        # With "no-referrer" browsers would write `Origin: null` on our own forms.
        policy = f"{POLICY} {leads_to}".rstrip()
        headers = {"Content-Security-Policy": policy, "Vary": "Accept-Language", "Referrer-Policy": "same-origin"}
        response = TEMPLATES.TemplateResponse(request, name, seen, status, headers)
        if cookie is not None:
            self.cookie.write(response, cookie)
        return response

    def refuse(self, request: Request, problem: Problem) -> Response:
        response = self.show(
            request, "refused.html", status=problem.status, address="/", sentence=problem.sentence(self.lang(request))
        )
        if (wait_s := problem.facts.get("retry_after_s")) is not None:
            response.headers["Retry-After"] = str(wait_s)
        return response

    def go(self, request: Request, path: str, *, cookie: str | None = None, **query: str) -> Response:
        """Lead to another page of ours, in the language that was asked for."""
        there = URL(_with_language(path, _asked_language(request))).include_query_params(**_kept(query))
        response = RedirectResponse(str(there), 303)
        if cookie is not None:
            self.cookie.write(response, cookie)
        return response

    def lang(self, request: Request) -> str:
        return _asked_language(request) or language_of(request)


class PageRoute(APIRoute):
    """A route whose refusals are pages, for a person reads them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            try:
                return await answer(request)
            except Problem as problem:
                return service_of(request).part(Pages).refuse(request, problem)
            except RequestValidationError:
                return service_of(request).part(Pages).refuse(request, _unreadable())

        return answer_with_a_page


Site = Annotated[Pages, part(Pages)]


def _unreadable() -> BadInput:
    return BadInput(
        "invalid-request",
        "Some fields are missing or not as they should be. Go back and try again.",
        "部分内容缺失或格式不正确，请返回重试。",
    )


def _asked_language(request: Request) -> str | None:
    asked = request.query_params.get("lang")
    return asked if asked in {"en", "zh"} else None


def _with_language(path: str, asked: str | None) -> str:
    return str(URL(path).include_query_params(lang=asked)) if asked else path


def _kept(facts: dict[str, Any]) -> dict[str, str]:
    """Give what the next page must know as well: where to return to in the end."""
    return {"return_to": facts["return_to"]} if facts.get("return_to") else {}
