"""The pages of signing in: password, second factor, office. One address shows whichever step comes next."""

import secrets
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.browsers import Browsers, found, sign_out
from services.gateway.identity.actions.factors import SecondFactors, confirm
from services.gateway.identity.actions.signing_in import (
    act_as,
    enter_code,
    go_on,
    prove_password,
    refused,
    sit_down,
    wrong_code,
)
from services.gateway.identity.api.visitors import Browser, OwnForm, few_attempts
from services.gateway.identity.domain.browsers import COOKIE_BYTES, Stage, browser_family, own_path
from services.gateway.identity.models import BrowserSession
from services.gateway.identity.shapes import SignIn
from services.gateway.web.api.page import PageRoute, Pages, Site
from services.gateway.web.api.picture import enrolment
from shared.errors import Problem
from shared.permission import allowed
from shared.web import Here, Now, part

router = APIRouter(route_class=PageRoute, dependencies=[allowed("session.open")])
AT = "/sign-in"

Known = Annotated[Browsers, part(Browsers)]
Factors = Annotated[SecondFactors, part(SecondFactors)]


@router.get(AT)
async def step(
    request: Request, site: Site, here: Here, now: Now, known: Known, factors: Factors, browser: Browser
) -> Response:
    """Show the step that this browser has come to."""
    back = own_path(request.query_params.get("return_to")) or ""
    if browser is not None:
        return site.go(request, back or "/account")
    async with here.database.reading() as tx:
        row = await found(tx, site.cookie.read(request), known.lasting, now)
        if row is not None and row.stage is Stage.CODE:
            return site.show(request, "code.html", return_to=back)
        if row is not None and row.stage is Stage.CHOOSE:
            offices = await queries.offices_of(tx, row.person_id, now)
            return site.show(request, "offices.html", return_to=back, offices=offices)
        if row is not None and row.stage is Stage.ENROL:
            facts = await enrolment(tx, factors, row.person_id)
            if facts["secret"] is not None:  # else it was set up at another browser meanwhile
                return site.show(request, "enrol.html", return_to=back, action=f"{AT}/second-factor", **facts)
    return _password_page(request, site, back)


@router.post(AT, dependencies=[few_attempts])
async def password(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, factors: Factors
) -> Response:
    back = own_path(form.get("return_to")) or ""
    family = browser_family(request.headers.get("user-agent", ""))
    async with here.database.transaction() as tx:
        try:
            ask = SignIn.model_validate({"login": form.get("login", "").strip(), "password": form.get("password", "")})
        except ValidationError:  # no such login can exist
            outcome: str | Problem = refused()
        else:
            account = await prove_password(tx, ask.login, ask.password.get_secret_value(), now)
            if isinstance(account, Problem):
                outcome = account
            else:
                await sign_out(tx, site.cookie.read(request) or "")
                outcome = await sit_down(tx, factors, account.person_id, known.lasting, family, now)
    if isinstance(outcome, Problem):
        return _password_page(request, site, back, outcome, form.get("login", ""))
    return site.go(request, AT, cookie=outcome, return_to=back)


@router.post(f"{AT}/code", dependencies=[few_attempts])
async def code(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, factors: Factors
) -> Response:
    back = own_path(form.get("return_to")) or ""
    async with here.database.transaction() as tx:
        row = await _at_stage(tx, request, site, known, now, Stage.CODE)
        outcome = None if row is None else await enter_code(tx, factors, row, form.get("code", ""), known.lasting, now)
    if isinstance(outcome, Problem):
        told = outcome.sentence(site.lang(request))
        return site.show(request, "code.html", status=outcome.status, address=AT, return_to=back, told=told)
    return site.go(request, AT, cookie=outcome, return_to=back)


@router.post(f"{AT}/second-factor", dependencies=[few_attempts])
async def enrol(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, factors: Factors
) -> Response:
    """Take the first code of the app that an officer must set up before going on."""
    back = own_path(form.get("return_to")) or ""
    async with here.database.transaction() as tx:
        row = await _at_stage(tx, request, site, known, now, Stage.ENROL)
        if row is None:
            return site.go(request, AT, return_to=back)
        codes = await confirm(tx, factors, row.person_id, form.get("code", ""), now)
        if codes is None:
            facts = await enrolment(tx, factors, row.person_id)
            if facts["secret"] is None:
                return site.go(request, AT, return_to=back)
            told = wrong_code().sentence(site.lang(request))
            action = f"{AT}/second-factor"
            return site.show(
                request, "enrol.html", status=401, address=AT, return_to=back, told=told, action=action, **facts
            )
        cookie = await go_on(tx, row, known.lasting, now)
    if isinstance(cookie, Problem):
        raise cookie
    return site.show(request, "recovery_codes.html", cookie=cookie, address=AT, return_to=back, codes=codes, next=AT)


@router.post(f"{AT}/office")
async def office(request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known) -> Response:
    """Act in one of the person's offices: at the end of signing in, or from the account page later."""
    back = own_path(form.get("return_to")) or ""
    async with here.database.transaction() as tx:
        row = await _at_stage(tx, request, site, known, now, Stage.CHOOSE, Stage.OPEN)
        if row is None:
            return site.go(request, AT, return_to=back)
        held = await queries.memberships_of(tx, row.person_id, now)
        chosen = next((one for one in held if str(one.id) == form.get("membership_id")), None)
        cookie = None if chosen is None else act_as(row, chosen, known.lasting, now)
    return site.go(request, AT, cookie=cookie, return_to=back)


@router.post("/sign-out")
async def leave(request: Request, _: OwnForm, site: Site, here: Here) -> Response:
    if value := site.cookie.read(request):
        async with here.database.transaction() as tx:
            await sign_out(tx, value)
    response = site.go(request, "/")
    site.cookie.clear(response)
    return response


async def _at_stage(
    tx: AsyncSession, request: Request, site: Pages, known: Browsers, now: datetime, *stages: Stage
) -> BrowserSession | None:
    row = await found(tx, site.cookie.read(request), known.lasting, now)
    return row if row is not None and row.stage in stages else None


def _password_page(
    request: Request, site: Pages, back: str, problem: Problem | None = None, login: str = ""
) -> Response:
    """Show the first step; a browser without a cookie gets one, so that its form is bound to it."""
    value = None if site.cookie.read(request) else secrets.token_urlsafe(COOKIE_BYTES)
    told = problem.sentence(site.lang(request)) if problem else ""
    status = problem.status if problem else 200
    facts = {"address": AT, "return_to": back, "told": told, "login": login[:64]}
    return site.show(request, "sign_in.html", status=status, cookie=value, **facts)
