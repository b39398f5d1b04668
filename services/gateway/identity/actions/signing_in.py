"""How somebody proves to be who they say, by password and second factor, at the API and at a browser alike.

Refusals are returned, not raised: the failures that they count must be committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.browsers import begin, raise_to
from services.gateway.identity.actions.factors import SecondFactors, has_factor, offer, prove
from services.gateway.identity.actions.passwords import matches
from services.gateway.identity.domain import FAILURES_TO_LOCK, PAGES_CLIENT, Capacity, locked_for
from services.gateway.identity.domain.browsers import Lasting, Stage
from services.gateway.identity.models import Account, BrowserSession, Membership, Person
from services.gateway.identity.shapes import SignIn
from shared.contracts.gateway import AccountLocked
from shared.errors import Forbidden, Problem, Unauthenticated
from shared.observe import logger
from shared.outbox import emit

log = logger("identity")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who proved all that was asked, in the capacity asked for."""

    capacity: Capacity
    membership: Membership
    memberships: Sequence[Membership]


async def sign_in(tx: AsyncSession, factors: SecondFactors, ask: SignIn, now: datetime) -> SignedIn | Problem:
    """Check a password, and the second factor of an account that has one, in one go: for programs."""
    account = await prove_password(tx, ask.login, ask.password.get_secret_value(), now)
    if isinstance(account, Problem):
        return account
    memberships = await queries.memberships_of(tx, account.person_id, now)
    if await has_factor(tx, account.person_id):
        if ask.code is None:
            return _code_needed()
        if (wrong := await prove_code(tx, factors, account, ask.code.get_secret_value(), now)) is not None:
            return wrong
    elif factors.rule.asks_any(row.role for row in memberships):
        return _not_set_up()
    _forget_failures(account)
    chosen = next((row for row in memberships if ask.membership_id in {None, row.id}), None)
    if chosen is None:
        return _holds_nothing()
    person = await tx.get(Person, account.person_id)
    return SignedIn(queries.capacity_of(chosen, person, PAGES_CLIENT), chosen, memberships)


async def sit_down(
    tx: AsyncSession, factors: SecondFactors, person_id: UUID, lasting: Lasting, browser: str, now: datetime
) -> str | Problem:
    """Begin a sign-in at a browser for somebody who proved to be this person; return the cookie's value."""
    memberships = await queries.memberships_of(tx, person_id, now)
    if not memberships:
        return _holds_nothing()
    facts: dict[str, object] = {"browser": browser}
    if await has_factor(tx, person_id):
        stage = Stage.CODE
    elif factors.rule.asks_any(row.role for row in memberships):
        await offer(tx, factors, person_id, now)
        stage = Stage.ENROL
    else:
        for account in (await queries.accounts_of(tx, [person_id])).values():
            _forget_failures(account)
        stage, facts["membership_id"] = _last_stage(memberships)
    _, cookie = await begin(tx, person_id, stage, lasting, now, **facts)
    log.info("sits down", person_id=str(person_id), step=stage)
    return cookie


async def enter_code(
    tx: AsyncSession, factors: SecondFactors, row: BrowserSession, code: str, lasting: Lasting, now: datetime
) -> str | Problem:
    """Take the code at a browser; return the new value of the cookie."""
    account = (await queries.accounts_of(tx, [row.person_id])).get(row.person_id)
    if account is None:
        return refused()
    if (wrong := await prove_code(tx, factors, account, code, now)) is not None:
        return wrong
    return await go_on(tx, row, lasting, now)


async def go_on(tx: AsyncSession, row: BrowserSession, lasting: Lasting, now: datetime) -> str | Problem:
    """Open a sign-in whose second factor was proven, or let the person choose an office first."""
    memberships = await queries.memberships_of(tx, row.person_id, now)
    if not memberships:
        return _holds_nothing()
    stage, chosen = _last_stage(memberships)
    log.info("second factor proven", person_id=str(row.person_id))
    proven = {"membership_id": chosen, "authenticated_at": now, "second_factor": True}
    return raise_to(row, stage, lasting, now, **proven)


def act_as(row: BrowserSession, membership: Membership, lasting: Lasting, now: datetime) -> str:
    """Open a sign-in in this office of the person's; also to change from one office to another."""
    return raise_to(row, Stage.OPEN, lasting, now, membership_id=membership.id)


async def prove_password(tx: AsyncSession, login: str, password: str, now: datetime) -> Account | Unauthenticated:
    """Check a login and its password, and count what is wrong. What is right does not yet forget the count."""
    return await _checked(tx, await queries.account_by_login(tx, login), password, now)


async def prove_own_password(
    tx: AsyncSession, person_id: UUID, password: str, now: datetime
) -> Account | Unauthenticated:
    """Check the password of somebody signed in, before what somebody else at the same browser should not do."""
    account = await _checked(tx, await queries.account_of(tx, person_id), password, now)
    if isinstance(account, Account):
        _forget_failures(account)
    return account


async def prove_code(
    tx: AsyncSession, factors: SecondFactors, account: Account, code: str, now: datetime
) -> Unauthenticated | None:
    """Check the second factor; a wrong one counts like a wrong password, and a locked account hears none."""
    if _is_locked(account, now):
        return refused()
    if not await prove(tx, factors, account.person_id, code, now):
        await _count_failure(tx, account, now)
        return wrong_code()
    _forget_failures(account)
    return None


async def _checked(tx: AsyncSession, found: Account | None, password: str, now: datetime) -> Account | Unauthenticated:
    right = await matches(found.password_hash if found else None, password)
    if found is None:
        return refused()
    # Read again under its lock: of many guesses at once only the first few are heard.
    account = await tx.get_one(Account, found.id, with_for_update=True, populate_existing=True)
    if _is_locked(account, now):
        return refused()
    if not right:
        await _count_failure(tx, account, now)
        return refused()
    return account


def _is_locked(account: Account, now: datetime) -> bool:
    return account.locked_until is not None and account.locked_until > now


def _forget_failures(account: Account) -> None:
    account.failures, account.locked_until = 0, None


async def _count_failure(tx: AsyncSession, account: Account, now: datetime) -> None:
    account.failures += 1
    log.info("wrong password or code", person_id=str(account.person_id), in_a_row=account.failures)
    if rest := locked_for(account.failures):
        account.locked_until = now + rest
    if account.failures == FAILURES_TO_LOCK:
        await emit(tx, account, AccountLocked(at=now, area_code=account.area_code, person_id=account.person_id))


def _last_stage(memberships: Sequence[Membership]) -> tuple[Stage, UUID | None]:
    """Tell whether there is a choice left."""
    return (Stage.OPEN, memberships[0].id) if len(memberships) == 1 else (Stage.CHOOSE, None)


def refused() -> Unauthenticated:
    """Give one answer for an unknown login, a wrong password and a locked account: it teaches a guesser nothing."""
    return Unauthenticated(
        "wrong-login",
        "The login or the password is wrong, or the account rests after too many wrong passwords. Try again later.",
        "登录名或密码错误，或因多次输错密码账号已被暂时锁定，请稍后再试。",
    )


def wrong_code() -> Unauthenticated:
    return Unauthenticated(
        "wrong-code",
        "This code is wrong, or was used before. Wait for the next one and try again.",
        "验证码错误或已使用过，请等待新的验证码后重试。",
    )


def _code_needed() -> Unauthenticated:
    return Unauthenticated(
        "second-factor-needed",
        "Send the code of your authenticator app, or a recovery code, as `code`.",
        "请将身份验证器中的验证码或恢复码作为 code 一并提交。",
    )


def _not_set_up() -> Forbidden:
    return Forbidden(
        "second-factor-not-set-up",
        "Your office needs a second factor. Sign in once at the page /sign-in and set it up there.",
        "您的身份须使用双重验证，请先在登录页面 /sign-in 登录一次并完成设置。",
    )


def _holds_nothing() -> Forbidden:
    return Forbidden(
        "no-membership",
        "Your password is right, but you hold no such office on the platform. Ask your organisation to register you.",
        "密码正确，但您在平台上没有该身份，请联系所在单位登记。",
    )
