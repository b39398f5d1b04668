"""The page on which a person lets a program act for them, or does not; without it no program could ask.

Whatever is wrong with the client or the address for the answer becomes a page of ours: to redirect would lead people
to wherever a stranger wrote into a link. Everything else is told to the program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.identity.actions.browsers import SignedInBrowser, sign_out
from services.gateway.identity.actions.clients import Registered
from services.gateway.identity.actions.protocol import Reply, Server
from services.gateway.identity.actions.protocol import Request as Asked
from services.gateway.identity.api.oauth import AtDesk, Desk
from services.gateway.identity.api.visitors import Browser, OwnForm
from services.gateway.identity.domain.grants import MAX_QUERY, Scope, allowed_scope, form_target, is_registered
from services.gateway.identity.models import Party
from services.gateway.web.api.page import PageRoute, Pages, Site
from services.gateway.web.domain import SCOPES
from shared.errors import Malformed
from shared.permission import allowed
from shared.web import Now

router = APIRouter(route_class=PageRoute, dependencies=[allowed("program.admit")])
AT = "/oauth/authorize"
JUST_NOW = timedelta(minutes=1)
"""Whoever signed in within it did so for this request: `prompt=login` is satisfied."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A request whose client and address are right; the rest is authlib's to judge."""

    client: Registered
    asked: Asked
    redirect_uri: str
    address: str

    @property
    def prompts(self) -> set[str]:
        return set(self.asked.said.get("prompt", "").split())

    def is_too_late_for(self, browser: SignedInBrowser, now: datetime) -> bool:
        """Tell whether the program wants the person to prove anew who they are."""
        age, within = now - browser.authenticated_at, self.asked.said.get("max_age", "")
        too_old = within.isdecimal() and age > max(timedelta(seconds=int(within[:9])), JUST_NOW)
        return too_old or ("login" in self.prompts and age > JUST_NOW)

    def obstacle(self, browser: SignedInBrowser | None, now: datetime) -> str | None:
        """Name the error of OpenID Connect Core §3.1.2.6 that stands in the way, when nobody may be asked."""
        within = self.asked.said.get("max_age")
        silent = "none" in self.prompts
        if (silent and len(self.prompts) > 1) or (within is not None and not within.isdecimal()):
            return "invalid_request"
        if silent and (browser is None or self.is_too_late_for(browser, now)):
            return "login_required"
        return "consent_required" if silent and not self.client.first_party else None

    def decided(self, browser: SignedInBrowser | None) -> Callable[[Server], Reply]:
        """Give what leads back: a code for whoever sits there, or a refusal when nobody allowed it."""
        person = (None, None) if browser is None else (browser.capacity, browser.authenticated_at)
        return lambda server: server.decide(self.asked, *person)


@router.get(AT)
async def look(request: Request, site: Site, browser: Browser, desk: AtDesk, now: Now) -> Response:
    """Show who asks for what, unless there is nothing to decide."""
    wish = await _wish(request, desk)
    refusal = await desk.answer(wish.client, lambda server: server.judge(wish.asked))
    if refusal is None and (error := wish.obstacle(browser, now)):
        refusal = await desk.answer(wish.client, lambda server: server.refuse(wish.asked, error))
    if refusal is not None:
        return _led(refusal)
    if browser is None:
        return site.go(request, "/sign-in", return_to=wish.address)
    if wish.is_too_late_for(browser, now):
        return site.show(request, "prove_again.html", address=wish.address, signed_in=browser, client=wish.client)
    if wish.client.first_party and "consent" not in wish.prompts:
        reply = await desk.answer(wish.client, wish.decided(browser))
        # A page, not a redirect: the policy of the sign-in page's form would stop one that follows it.
        return site.show(request, "leaving.html", target=reply.headers["Location"], client=wish.client)
    return await _question(request, site, wish, browser, desk)


@router.post(AT)
async def decide(request: Request, form: OwnForm, site: Site, browser: Browser, desk: AtDesk) -> Response:
    """Lead back to the program with what the person answered."""
    wish = await _wish(request, desk)
    if form.get("decision") == "prove-again":
        await sign_out(desk.tx, site.cookie.read(request) or "")
        browser = None
    if browser is None:
        return site.go(request, "/sign-in", return_to=wish.address)
    permitted = form.get("decision") == "allow"
    return _led(await desk.answer(wish.client, wish.decided(browser if permitted else None)))


async def _wish(request: Request, desk: Desk) -> _Wish:
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    said, query = dict(pairs), request.url.query
    if len(said) != len(pairs) or len(query) > MAX_QUERY:
        raise Malformed(
            "request-not-clear",
            "The link that brought you here is too long, or says something twice.",
            "将您带到此页的链接过长，或含有重复的参数。",
        )
    client = await desk.client(said.get("client_id", ""))
    if client is None or not client.redirect_uris:
        raise Malformed(
            "unknown-program",
            "The program that sent you here is not registered on this platform.",
            "将您带到此页的程序未在本平台登记。",
        )
    redirect_uri = said.get("redirect_uri", "")
    if not is_registered(redirect_uri, client.redirect_uris):
        raise Malformed(
            "unregistered-address",
            "The program wants its answer at an address that is not registered for it. You were not sent there.",
            "该程序要求返回的地址未经登记，系统没有将您带往该地址。",
        )
    return _Wish(client, Asked("GET", said), redirect_uri, f"{AT}?{query}")


async def _question(request: Request, site: Pages, wish: _Wish, browser: SignedInBrowser, desk: Desk) -> Response:
    held = browser.capacity
    scope = allowed_scope(wish.asked.said.get("scope"), wish.client.scopes, {Scope.READ}) or ""
    party = await desk.tx.get(Party, held.party_id) if held.party_id else None
    return site.show(
        request,
        "consent.html",
        address=wish.address,
        leads_to=form_target(wish.redirect_uri),
        signed_in=browser,
        client=wish.client,
        scopes=[SCOPES[one] for one in scope.split()],
        held=held,
        party=party,
        host=wish.redirect_uri.split("/")[2],
    )


def _led(reply: Reply) -> Response:
    return RedirectResponse(reply.headers["Location"], 303)
