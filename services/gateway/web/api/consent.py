"""The page on which a person lets a program act for them, or does not; without it no program could ask.

Whatever is wrong with the client or the address for the answer becomes a page of ours: to redirect would lead people
to wherever a stranger wrote into a link. Everything else is told to the program.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.identity.actions.browsers import SignedInBrowser
from services.gateway.identity.actions.clients import Registered
from services.gateway.identity.actions.protocol import Reply, Server
from services.gateway.identity.actions.protocol import Request as Asked
from services.gateway.identity.api.oauth import AtDesk, Desk
from services.gateway.identity.api.visitors import Browser, OwnForm
from services.gateway.identity.domain.grants import MAX_QUERY, allowed_scope, form_target, is_registered
from services.gateway.web.api.rendering import Pages
from services.gateway.web.api.words import SCOPES, role_in_words
from shared.problems import language_of
from shared.web import Now

ADDRESS = "/oauth/authorize"
JUST_NOW = timedelta(minutes=1)
"""Whoever signed in within it did so for this request: `prompt=login` is satisfied."""


class _CannotAnswerThere(Exception):
    """Nobody may be redirected; the message is a page's."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


@dataclass(frozen=True, slots=True)
class _Wish:
    """A request whose client and address are right; the rest is authlib's to judge."""

    client: Registered
    asked: Asked
    redirect_uri: str
    query: str

    @property
    def prompts(self) -> set[str]:
        return set(self.asked.said.get("prompt", "").split())

    def decided(self, browser: SignedInBrowser | None) -> Callable[[Server], Reply]:
        """Give what leads back: a code for whoever sits there, or a refusal when nobody allowed it."""
        person = (None, None) if browser is None else (browser.capacity, browser.authenticated_at)
        return lambda server: server.decide(self.asked, *person)

    def wants_sign_in(self, browser: SignedInBrowser | None, now: datetime) -> bool:
        if browser is None:
            return True
        age = now - browser.authenticated_at
        within = self.asked.said.get("max_age", "")
        too_old = within.isdecimal() and age > max(timedelta(seconds=int(within[:9])), JUST_NOW)
        return too_old or ("login" in self.prompts and age > JUST_NOW)

    def obstacle(self, browser: SignedInBrowser | None, now: datetime) -> str | None:
        """Name the error of OpenID Connect Core §3.1.2.6 that stands in the way, when nobody may be asked."""
        within = self.asked.said.get("max_age")
        silent = "none" in self.prompts
        if (silent and len(self.prompts) > 1) or (within is not None and not within.isdecimal()):
            return "invalid_request"
        if silent and self.wants_sign_in(browser, now):
            return "login_required"
        return "consent_required" if silent and not self.client.first_party else None


class Consent:
    """The two routes of the page: look, and decide."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def look(self, request: Request, browser: Browser, desk: AtDesk, now: Now) -> Response:
        """Show who asks for what, unless there is nothing to decide."""
        try:
            wish = await _wish(request, desk)
        except _CannotAnswerThere as why:
            return self._pages.show(request, "refused.html", _lang(request), status=400, why=why)
        refusal = await desk.answer(wish.client, lambda server: server.judge(wish.asked))
        if refusal is None and (error := wish.obstacle(browser, now)):
            refusal = await desk.answer(wish.client, lambda server: server.refuse(wish.asked, error))
        if refusal is not None:
            return _led(refusal)
        if browser is None or wish.wants_sign_in(browser, now):
            return _to_sign_in(wish)
        if wish.client.first_party and "consent" not in wish.prompts:
            return self._leaving(request, wish, await desk.answer(wish.client, wish.decided(browser)))
        return self._asking(request, wish, browser)

    async def decide(self, request: Request, form: OwnForm, browser: Browser, desk: AtDesk) -> Response:
        """Lead back to the program with what the person answered."""
        try:
            wish = await _wish(request, desk)
        except _CannotAnswerThere as why:
            return self._pages.show(request, "refused.html", _lang(request), status=400, why=why)
        if browser is None:
            return _to_sign_in(wish)
        allowed = form.get("decision") == "allow"
        return _led(await desk.answer(wish.client, wish.decided(browser if allowed else None)))

    def _leaving(self, request: Request, wish: _Wish, reply: Reply) -> Response:
        """Lead on by a page, not a redirect: the policy of the sign-in page's form would stop one that follows it."""
        target = reply.headers["Location"]
        return self._pages.show(request, "leaving.html", _lang(request), target=target, client=wish.client)

    def _asking(self, request: Request, wish: _Wish, browser: SignedInBrowser) -> Response:
        held, lang = browser.capacity, _lang(request)
        scope = allowed_scope(wish.asked.said.get("scope"), wish.client.scopes, {"read"}) or ""
        facts: Mapping[str, Any] = {
            "client": wish.client,
            "scopes": [SCOPES[one] for one in scope.split()],
            "person": held.name,
            "role": role_in_words(held.role),
            "area_code": held.area_code,
            "csrf_token": browser.csrf_token,
            "action": f"{ADDRESS}?{wish.query}",
            "other_language": f"{ADDRESS}?{_without_lang(request)}&lang={'en' if lang == 'zh' else 'zh'}",
            "host": wish.redirect_uri.split("/")[2],
        }
        forms_to = f"'self' {form_target(wish.redirect_uri)}"
        return self._pages.show(request, "consent.html", lang, forms_to=forms_to, **facts)


def consent(pages: Pages) -> APIRouter:
    router, page = APIRouter(), Consent(pages)
    router.get(ADDRESS)(page.look)
    router.post(ADDRESS)(page.decide)
    return router


async def _wish(request: Request, desk: Desk) -> _Wish:
    pairs = request.query_params.multi_items()
    said = dict(pairs)
    query = request.url.query
    if len(said) != len(pairs) or len(query) > MAX_QUERY:
        raise _CannotAnswerThere(
            "The link that brought you here is longer than it may be, or says something twice.",
            "将您带到此页的链接过长，或含有重复的参数。",
        )
    client = await desk.client(said.get("client_id", ""))
    if client is None or not client.redirect_uris:
        raise _CannotAnswerThere(
            "The program that sent you here is not registered on this platform.", "将您带到此页的程序未在本平台登记。"
        )
    redirect_uri = said.get("redirect_uri", "")
    if not is_registered(redirect_uri, client.redirect_uris):
        raise _CannotAnswerThere(
            "The program wants its answer at an address that is not registered for it. You were not sent there.",
            "该程序要求返回的地址未经登记，系统没有将您带往该地址。",
        )
    return _Wish(client, Asked("GET", said), redirect_uri, query)


def _lang(request: Request) -> str:
    """Give the language: asked for on the page, wished by the program (`ui_locales`), or the browser's."""
    said = request.query_params
    wished = said.get("ui_locales", "")[:2]
    return said.get("lang") or (wished if wished in {"en", "zh"} else "") or language_of(request)


def _without_lang(request: Request) -> str:
    return "&".join(part for part in request.url.query.split("&") if not part.startswith("lang="))


def _to_sign_in(wish: _Wish) -> Response:
    return RedirectResponse(f"/sign-in?return_to={quote(f'{ADDRESS}?{wish.query}', safe='')}", 303)


def _led(reply: Reply) -> Response:
    return RedirectResponse(reply.headers["Location"], 303)
