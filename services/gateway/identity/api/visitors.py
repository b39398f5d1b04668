"""Who stands at the gateway's own doors, and how often they may knock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from services.gateway.domain import Allowance
from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.actions.browsers import Browsers, SignedInBrowser
from services.gateway.identity.domain.browsers import came_from_here, is_its_csrf_token
from shared.auth import Actor, within_scope
from shared.errors import Forbidden
from shared.web import Now, part


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where people and systems reach the gateway, without a slash at the end."""

    url: str


class Cookie:
    """The one cookie of the pages; with its prefix browsers take it over https only, from no other host or path."""

    def __init__(self, public_url: str) -> None:
        self.secure = urlsplit(public_url).scheme == "https"
        self.name = "__Host-commonwatch" if self.secure else "commonwatch"

    def read(self, request: Request) -> str | None:
        return request.cookies.get(self.name)

    def write(self, response: Response, value: str) -> None:
        """Set it for as long as the browser stays open; the server knows when it ends."""
        response.set_cookie(self.name, value, path="/", secure=self.secure, httponly=True, samesite="lax")

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


class SignIns(Allowance):
    """How often one address may try a password or a secret."""


async def _member(request: Request, door: Annotated[Doorkeeper, part(Doorkeeper)]) -> Actor:
    return within_scope(await door.admit(request.headers.get("authorization", "")), request.method)


async def _browser(
    request: Request, cookie: Annotated[Cookie, part(Cookie)], browsers: Annotated[Browsers, part(Browsers)]
) -> SignedInBrowser | None:
    return await browsers.recognise(cookie.read(request))


async def _own_form(
    request: Request, cookie: Annotated[Cookie, part(Cookie)], public: Annotated[PublicAddress, part(PublicAddress)]
) -> Mapping[str, str]:
    """Read a form that one of our own pages sent: the browser says so, and it carries the token of its cookie."""
    said = request.headers
    if not came_from_here(public.url, said.get("host", ""), said.get("origin"), said.get("sec-fetch-site")):
        raise _foreign_form()
    async with request.form(max_files=0, max_fields=50) as sent:
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
    value = cookie.read(request)
    if value is None or not is_its_csrf_token(value, form.get("csrf_token", "")):
        raise _foreign_form()
    return form


def _foreign_form() -> Forbidden:
    return Forbidden(
        "foreign-form",
        "This form was open for too long, or did not come from our own page. Go back, load the page again, try again.",
        "此表单打开时间过长，或并非来自本平台页面。请返回并刷新页面后重试。",
    )


async def _one_attempt(request: Request, now: Now, sign_ins: Annotated[SignIns, part(SignIns)]) -> None:
    sign_ins.spend(address_of(request.client), now)


def address_of(client: tuple[str, int] | None) -> str:
    """Name the other end of the connection; a proxy in front is the ASGI server's to see through."""
    return client[0] if client else ""


member = Depends(_member)
Who = Annotated[Actor, member]
"""Somebody whose token and membership are in force; 401 otherwise."""
few_attempts = Depends(_one_attempt)
Browser = Annotated[SignedInBrowser | None, Depends(_browser)]
"""Who is signed in at this browser, in which capacity; nobody without a sign-in that is complete and in force."""
OwnForm = Annotated[Mapping[str, str], Depends(_own_form)]
"""The fields of a form of ours; 403 for a form of anybody else. Each page that changes something asks for it."""
