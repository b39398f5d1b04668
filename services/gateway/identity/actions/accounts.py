"""How people get an account, change its password, and are known by an outside identity."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.gateway.identity import queries
from services.gateway.identity.actions.browsers import sign_out_everywhere
from services.gateway.identity.actions.passwords import hashed
from services.gateway.identity.actions.signing_in import prove_own_password
from services.gateway.identity.domain import account_id
from services.gateway.identity.models import Account, ExternalIdentity
from services.gateway.identity.shapes import SetAccount
from shared.auth import Actor
from shared.errors import Conflict, Problem, no_such
from shared.observe import logger

log = logger("identity")


async def set_accounts(tx: AsyncSession, who: Actor, asks: Mapping[UUID, SetAccount]) -> list[Account]:
    """Give people a login and a password, or new ones, which ends locks and sign-ins.

    Raises `Conflict` for a login in use.
    """
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
    await sign_out_everywhere(tx, list(known))
    return rows


async def change_password(
    tx: AsyncSession, person_id: UUID, old: str, new: str, now: datetime, *, stays: UUID
) -> Problem | None:
    """Change one's own password; every other browser is signed out. A refusal is returned: it was counted."""
    account = await prove_own_password(tx, person_id, old, now)
    if isinstance(account, Problem):
        return account
    account.password_hash = await hashed(new)
    await sign_out_everywhere(tx, [person_id], but=stays)
    log.info("password changed", person_id=str(person_id))
    return None


async def link_identity(tx: AsyncSession, person_id: UUID, issuer: str, subject: str, now: datetime) -> None:
    """Let a person sign in as this one at the outside provider. Raises `Conflict` when it is somebody else's."""
    if await queries.account_of(tx, person_id) is None:
        raise no_such("account", "账号")
    if (known := await tx.get(ExternalIdentity, (issuer, subject), with_for_update=True)) is None:
        tx.add(ExternalIdentity(issuer=issuer, subject=subject, person_id=person_id, linked_at=now))
        log.info("identity linked", person_id=str(person_id))
    elif known.person_id != person_id:
        raise Conflict(
            "identity-taken", "Somebody else's account is linked to this identity.", "该外部身份已关联到他人账号。"
        )


async def unlink_identities(tx: AsyncSession, person_id: UUID) -> None:
    """Let nobody at the outside provider sign in as this person."""
    await tx.execute(delete(ExternalIdentity).where(col(ExternalIdentity.person_id) == person_id))
    log.info("identity unlinked", person_id=str(person_id))
