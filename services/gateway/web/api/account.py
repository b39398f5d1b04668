"""One's own account: where one is signed in, password, second factor, offices, outside identity."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.accounts import change_password, unlink_identities
from services.gateway.identity.actions.browsers import (
    Browsers,
    SignedInBrowser,
    found,
    raise_to,
    sign_out_everywhere,
    sign_out_one,
    signed_in_at,
)
from services.gateway.identity.actions.factors import (
    SecondFactors,
    confirm,
    has_factor,
    new_recovery_codes,
    offer,
    recovery_codes_left,
)
from services.gateway.identity.actions.signing_in import prove_own_password, wrong_code
from services.gateway.identity.api.visitors import Browser, OwnForm, few_attempts
from services.gateway.identity.domain.browsers import Stage
from services.gateway.identity.shapes import Password
from services.gateway.web.api.page import PageRoute, Pages, Site
from services.gateway.web.api.picture import enrolment
from shared.errors import BadInput, Problem, Unauthenticated
from shared.permission import allowed
from shared.web import Here, Now, part

router = APIRouter(route_class=PageRoute, dependencies=[allowed("account.own")])
AT = "/account"
FACTOR = f"{AT}/second-factor"

Known = Annotated[Browsers, part(Browsers)]
Factors = Annotated[SecondFactors, part(SecondFactors)]


async def _owner(browser: Browser) -> SignedInBrowser:
    if browser is None:
        raise Unauthenticated("sign-in-first", "You are signed out. Sign in first.", "您已退出登录，请先登录。")
    return browser


Owner = Annotated[SignedInBrowser, Depends(_owner)]


@router.get(AT)
async def account(request: Request, site: Site, here: Here, now: Now, known: Known, browser: Browser) -> Response:
    if browser is None:
        return site.go(request, "/sign-in", return_to=AT)
    async with here.database.reading() as tx:
        return await _show(tx, request, site, known, browser, now)


@router.post(f"{AT}/password", dependencies=[few_attempts])
async def new_password(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, owner: Owner
) -> Response:
    outcome: Problem | None = None
    try:
        new = _PASSWORD.validate_python(form.get("new", "")).get_secret_value()
    except ValidationError:
        outcome = _too_short()
    else:
        async with here.database.transaction() as tx:
            outcome = await change_password(
                tx, owner.person_id, form.get("password", "")[:128], new, now, stays=owner.session_id
            )
    return await _done(request, site, here, now, known, owner, outcome)


@router.post(f"{AT}/sign-ins/end")
async def end_all(request: Request, _: OwnForm, site: Site, here: Here, owner: Owner) -> Response:
    """Sign out everywhere, here too."""
    async with here.database.transaction() as tx:
        await sign_out_everywhere(tx, [owner.person_id])
    response = site.go(request, "/")
    site.cookie.clear(response)
    return response


@router.post(f"{AT}/sign-ins/{{session_id}}/end")
async def end_one(request: Request, session_id: UUID, _: OwnForm, site: Site, here: Here, owner: Owner) -> Response:
    async with here.database.transaction() as tx:
        await sign_out_one(tx, owner.person_id, session_id)
    return site.go(request, AT)


@router.post(FACTOR, dependencies=[few_attempts])
async def begin_factor(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, factors: Factors, owner: Owner
) -> Response:
    """Offer a secret for a new app; the one before stays in force until the new one is proven."""
    async with here.database.transaction() as tx:
        outcome = await prove_own_password(tx, owner.person_id, form.get("password", "")[:128], now)
        if not isinstance(outcome, Problem):
            await offer(tx, factors, owner.person_id, now)
    if isinstance(outcome, Problem):
        return await _done(request, site, here, now, known, owner, outcome)
    return site.go(request, FACTOR)


@router.get(FACTOR)
async def show_factor(request: Request, site: Site, here: Here, factors: Factors, browser: Browser) -> Response:
    if browser is None:
        return site.go(request, "/sign-in", return_to=AT)
    async with here.database.reading() as tx:
        facts = await enrolment(tx, factors, browser.person_id)
    if facts["secret"] is None:
        return site.go(request, AT)
    return site.show(request, "enrol.html", signed_in=browser, action=f"{FACTOR}/confirmed", **facts)


@router.post(f"{FACTOR}/confirmed", dependencies=[few_attempts])
async def confirm_factor(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, factors: Factors, owner: Owner
) -> Response:
    async with here.database.transaction() as tx:
        codes = await confirm(tx, factors, owner.person_id, form.get("code", ""), now)
        if codes is None:
            facts = await enrolment(tx, factors, owner.person_id)
            if facts["secret"] is None:
                return site.go(request, AT)
            told = wrong_code().sentence(site.lang(request))
            seen: dict[str, Any] = {"signed_in": owner, "action": f"{FACTOR}/confirmed", "told": told, **facts}
            return site.show(request, "enrol.html", status=401, address=FACTOR, **seen)
        row = await found(tx, site.cookie.read(request), known.lasting, now)
        cookie = raise_to(row, Stage.OPEN, known.lasting, now, second_factor=True) if row is not None else None
        await sign_out_everywhere(tx, [owner.person_id], but=owner.session_id)
    return site.show(request, "recovery_codes.html", signed_in=owner, cookie=cookie, address=AT, codes=codes, next=AT)


@router.post(f"{AT}/recovery-codes", dependencies=[few_attempts])
async def recovery_codes(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, known: Known, owner: Owner
) -> Response:
    async with here.database.transaction() as tx:
        outcome = await prove_own_password(tx, owner.person_id, form.get("password", "")[:128], now)
        codes = [] if isinstance(outcome, Problem) else await new_recovery_codes(tx, owner.person_id)
    if isinstance(outcome, Problem):
        return await _done(request, site, here, now, known, owner, outcome)
    return site.show(request, "recovery_codes.html", signed_in=owner, address=AT, codes=codes, next=AT)


@router.post(f"{AT}/provider/unlink")
async def unlink(request: Request, _: OwnForm, site: Site, here: Here, owner: Owner) -> Response:
    async with here.database.transaction() as tx:
        await unlink_identities(tx, owner.person_id)
    return site.go(request, AT)


async def _done(
    request: Request,
    site: Pages,
    here: Here,
    now: datetime,
    known: Browsers,
    owner: SignedInBrowser,
    problem: Problem | None,
) -> Response:
    """Come back to the account: with a sentence when it was refused."""
    if problem is None:
        return site.go(request, f"{AT}?done=yes")
    async with here.database.reading() as tx:
        return await _show(tx, request, site, known, owner, now, problem)


async def _show(
    tx: AsyncSession,
    request: Request,
    site: Pages,
    known: Browsers,
    owner: SignedInBrowser,
    now: datetime,
    problem: Problem | None = None,
) -> Response:
    return site.show(
        request,
        "account.html",
        status=problem.status if problem else 200,
        address=AT,
        signed_in=owner,
        told=problem.sentence(site.lang(request)) if problem else "",
        done=problem is None and request.query_params.get("done") == "yes",
        offices=await queries.offices_of(tx, owner.person_id, now),
        sign_ins=await signed_in_at(tx, owner.person_id, known.lasting, now),
        has_factor=await has_factor(tx, owner.person_id),
        codes_left=await recovery_codes_left(tx, owner.person_id),
        linked=await queries.is_linked(tx, owner.person_id),
    )


_PASSWORD: TypeAdapter[Password] = TypeAdapter(Password)


def _too_short() -> BadInput:
    return BadInput(
        "password-too-short",
        "The new password needs 8 to 128 characters. A sentence that only you know is good.",
        "新密码须为 8 至 128 个字符，建议使用只有您知道的一句话。",
    )
