"""How people get an account and sign in with it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.passwords import hashed, matches
from services.gateway.identity.domain import FAILURES_TO_LOCK, PAGES_CLIENT, Capacity, account_id, locked_for
from services.gateway.identity.models import Account, Membership, Person
from services.gateway.identity.shapes import SetAccount, SignIn
from shared.auth import Actor
from shared.contracts.gateway import AccountLocked
from shared.errors import Conflict, Forbidden, Unauthenticated
from shared.outbox import emit


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person whose password was right, in the capacity asked for."""

    capacity: Capacity
    membership: Membership
    memberships: Sequence[Membership]


async def set_accounts(tx: AsyncSession, who: Actor, asks: Mapping[UUID, SetAccount]) -> list[Account]:
    """Give people a login and a password, or new ones; either ends a lock. Raises `Conflict` for a login in use."""
    hashes = await asyncio.gather(*(hashed(ask.password.get_secret_value()) for ask in asks.values()))
    if taken := await queries.logins_of_others(tx, [ask.login for ask in asks.values()], asks):
        raise Conflict("login-taken", "Somebody else signs in by that name.", "该登录名已被他人使用。", logins=taken)
    known = await queries.accounts_of(tx, asks)
    rows: list[Account] = []
    for (person_id, ask), password_hash in zip(asks.items(), hashes, strict=True):
        row = known.get(person_id) or Account(
            id=account_id(person_id), person_id=person_id, area_code=who.area_code, login="", password_hash=""
        )
        row.login, row.password_hash = ask.login, password_hash
        row.failures, row.locked_until = 0, None
        rows.append(row)
    tx.add_all(rows)
    return rows


async def sign_in(tx: AsyncSession, ask: SignIn, now: datetime) -> SignedIn | Unauthenticated | Forbidden:
    """Check a password. A refusal is returned, not raised: the failure that it counts must be committed."""
    found = await queries.account_by_login(tx, ask.login)
    right = await matches(found.password_hash if found else None, ask.password.get_secret_value())
    if found is None:
        return _refused()
    # Read again under its lock: of many guesses at once only the first few are heard.
    account = await tx.get_one(Account, found.id, with_for_update=True, populate_existing=True)
    if account.locked_until is not None and account.locked_until > now:
        return _refused()
    if not right:
        await _count_failure(tx, account, now)
        return _refused()
    account.failures, account.locked_until = 0, None
    memberships = await queries.memberships_of(tx, account.person_id)
    chosen = next((row for row in memberships if ask.membership_id in {None, row.id}), None)
    if chosen is None:
        return _holds_nothing()
    person = await tx.get(Person, account.person_id)
    return SignedIn(_capacity(chosen, person), chosen, memberships)


async def _count_failure(tx: AsyncSession, account: Account, now: datetime) -> None:
    account.failures += 1
    if rest := locked_for(account.failures):
        account.locked_until = now + rest
    if account.failures == FAILURES_TO_LOCK:
        await emit(tx, account, AccountLocked(at=now, area_code=account.area_code, person_id=account.person_id))


def _capacity(membership: Membership, person: Person | None) -> Capacity:
    return Capacity(
        subject_id=membership.person_id,
        client_id=PAGES_CLIENT,
        role=membership.role,
        party_id=membership.party_id,
        area_code=membership.area_code,
        language=person.language if person else "zh",
        name=person.name if person else "",
        membership_id=membership.id,
    )


def _refused() -> Unauthenticated:
    """Give one answer for an unknown login, a wrong password and a locked account: it teaches a guesser nothing."""
    return Unauthenticated(
        "wrong-login",
        "The login or the password is wrong, or the account rests after too many wrong passwords. Try again later.",
        "登录名或密码错误，或因多次输错密码账号已被暂时锁定，请稍后再试。",
    )


def _holds_nothing() -> Forbidden:
    return Forbidden(
        "no-membership",
        "Your password is right, but you hold no such office on the platform. Ask your organisation to register you.",
        "密码正确，但您在平台上没有该身份，请联系所在单位登记。",
    )
