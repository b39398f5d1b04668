"""The pages around the outside provider: being sent there, coming back, linking it to one's account."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.identity import queries
from services.gateway.identity.actions.accounts import link_identity
from services.gateway.identity.actions.browsers import Browsers, sign_out
from services.gateway.identity.actions.factors import SecondFactors
from services.gateway.identity.actions.outside import come_back, send_away
from services.gateway.identity.actions.signing_in import prove_own_password, sit_down
from services.gateway.identity.api.visitors import Browser, OwnForm, few_attempts
from services.gateway.identity.clients import Outside, Provider, not_believed
from services.gateway.identity.domain.browsers import COOKIE_BYTES, browser_family, own_path
from services.gateway.web.api.page import PageRoute, Site
from shared.errors import Forbidden, NotFound, Problem, Unauthenticated
from shared.permission import allowed
from shared.web import Here, Now, part

CALLBACK = "/sign-in/provider/callback"

router = APIRouter(route_class=PageRoute, dependencies=[allowed("session.open")])

Known = Annotated[Browsers, part(Browsers)]
Factors = Annotated[SecondFactors, part(SecondFactors)]
Other = Annotated[Outside, part(Outside)]


@router.get("/sign-in/provider", dependencies=[few_attempts])
async def begin(request: Request, site: Site, here: Here, now: Now, other: Other) -> Response:
    """Send the browser to the provider. A link, not a form: the policy of our pages lets no form end elsewhere."""
    provider = _of(other)
    back = own_path(request.query_params.get("return_to")) or ""
    known = site.cookie.read(request)
    cookie = known or secrets.token_urlsafe(COOKIE_BYTES)
    async with here.database.transaction() as tx:
        state = await send_away(tx, cookie, now, return_to=back)
    response = RedirectResponse(await provider.address(state, cookie), 303)
    if known is None:
        site.cookie.write(response, cookie)
    return response


@router.get(CALLBACK, dependencies=[few_attempts])
async def end(
    request: Request, site: Site, here: Here, now: Now, known: Known, factors: Factors, other: Other, browser: Browser
) -> Response:
    """Believe the provider's answer, once, from the browser that was sent, and go on as after a password."""
    provider, answer = _of(other), request.query_params
    cookie = site.cookie.read(request) or ""
    async with here.database.transaction() as tx:
        attempt = await come_back(tx, answer.get("state", ""), cookie, now)
    if attempt is None or "code" not in answer:
        raise not_believed()
    subject = await provider.identify(answer, cookie)
    if attempt.link_to is not None:
        if browser is None or browser.person_id != attempt.link_to:
            raise not_believed()
        async with here.database.transaction() as tx:
            await link_identity(tx, attempt.link_to, provider.issuer, subject, now)
        return site.go(request, "/account?done=yes")
    family = browser_family(request.headers.get("user-agent", ""))
    async with here.database.transaction() as tx:
        account = await queries.account_by_identity(tx, provider.issuer, subject)
        if account is None:
            raise _not_linked()
        await sign_out(tx, cookie)
        outcome = await sit_down(tx, factors, account.person_id, known.lasting, family, now)
    if isinstance(outcome, Problem):
        raise outcome
    return site.go(request, "/sign-in", cookie=outcome, return_to=attempt.return_to)


@router.post("/account/provider", dependencies=[few_attempts])
async def link(
    request: Request, form: OwnForm, site: Site, here: Here, now: Now, other: Other, browser: Browser
) -> Response:
    """Prepare to link: the person goes on to the provider by a link on the page that answers."""
    provider = _of(other)
    cookie = site.cookie.read(request)
    if browser is None or cookie is None:
        raise Unauthenticated("sign-in-first", "You are signed out. Sign in first.", "您已退出登录，请先登录。")
    async with here.database.transaction() as tx:
        outcome = await prove_own_password(tx, browser.person_id, form.get("password", "")[:128], now)
        state = "" if isinstance(outcome, Problem) else await send_away(tx, cookie, now, link_to=browser.person_id)
    if isinstance(outcome, Problem):
        raise outcome
    to = await provider.address(state, cookie)
    return site.show(request, "to_provider.html", signed_in=browser, address="/account", to=to)


def _of(other: Outside) -> Provider:
    if other.provider is None:
        raise NotFound("no-such-address", "There is nothing at this address.", "该地址不存在。")
    return other.provider


def _not_linked() -> Forbidden:
    return Forbidden(
        "identity-not-linked",
        "No account here is linked to that identity. Sign in with your password and link it on your account page.",
        "该外部身份尚未关联账号，请先用密码登录并在账号页面关联。",
    )
