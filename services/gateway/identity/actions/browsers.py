"""Keeps people signed in at a browser; without it every page would ask for the password again, or trust for ever."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.gateway.identity.actions.grants import revoke_of_people
from services.gateway.identity.domain import PAGES_CLIENT, Capacity, secret_digest
from services.gateway.identity.domain.browsers import (
    BEGUN_FOR,
    COOKIE_BYTES,
    WRITTEN_EVERY,
    Lasting,
    Stage,
    csrf_token_of,
)
from services.gateway.identity.domain.factors import SecondFactorRule
from services.gateway.identity.models import BrowserSession
from shared.auth import Actor
from shared.clock import Clock
from shared.db import Database

_SIGNED_IN = """
    select s.id, s.authenticated_at, s.second_factor, s.seen_at, s.person_id, m.id as membership_id,
           m.role, m.party_id, m.area_code, coalesce(p.name, '') as name, coalesce(p.language, 'zh') as language
      from browser_sessions s
      join memberships m on m.id = s.membership_id and m.person_id = s.person_id and m.revoked_at is null
                        and coalesce(m.counts_from <= $2, true) and coalesce($2 < m.counts_until, true)
      left join people p on p.id = s.person_id
     where s.digest = $1 and s.stage = 'open' and s.ends_at > $2 and s.seen_at > $3
"""
_SEEN = "update browser_sessions set seen_at = $2 where id = $1 and seen_at < $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInBrowser:
    """A person at a browser, in one capacity. `csrf_token` belongs into each form that changes something."""

    session_id: UUID
    capacity: Capacity
    csrf_token: str
    authenticated_at: datetime
    second_factor: bool
    """Whether a second factor was proven in this sign-in."""

    @property
    def person_id(self) -> UUID:
        return self.capacity.subject_id

    @property
    def membership_id(self) -> UUID | None:
        return self.capacity.membership_id

    @property
    def actor(self) -> Actor:
        held = self.capacity
        return Actor(held.subject_id, held.role, held.party_id, held.area_code, held.language, held.name)


class Browsers:
    """Recognises cookies. It asks the database each time, so a revoked membership or a sign-out counts at once."""

    def __init__(self, database: Database, clock: Clock, lasting: Lasting, rule: SecondFactorRule) -> None:
        self._database = database
        self._clock = clock
        self.lasting = lasting
        self.rule = rule

    async def recognise(self, cookie: str | None) -> SignedInBrowser | None:
        """Return who sits there; nobody when the cookie is unknown, too old, half signed in, or the office ended."""
        if not cookie:
            return None
        now, pool = self._clock(), await self._database.pool()
        row = await pool.fetchrow(_SIGNED_IN, secret_digest(cookie), now, now - self.lasting.idle)
        if row is None or (not row["second_factor"] and self.rule.asks(row["role"])):
            return None
        if now - row["seen_at"] >= WRITTEN_EVERY:
            await pool.execute(_SEEN, row["id"], now)
        capacity = Capacity(
            subject_id=row["person_id"],
            client_id=PAGES_CLIENT,
            role=row["role"],
            party_id=row["party_id"],
            area_code=row["area_code"],
            language=row["language"],
            name=row["name"],
            membership_id=row["membership_id"],
        )
        return SignedInBrowser(
            session_id=row["id"],
            capacity=capacity,
            csrf_token=csrf_token_of(cookie),
            authenticated_at=row["authenticated_at"],
            second_factor=row["second_factor"],
        )


async def begin(
    tx: AsyncSession, person_id: UUID, stage: Stage, lasting: Lasting, now: datetime, **facts: Any
) -> tuple[BrowserSession, str]:
    """Sign a person in at a browser; return the row and the new value of the cookie. Old rows are cleared away."""
    await tx.execute(delete(BrowserSession).where(col(BrowserSession.ends_at) <= now))
    cookie = secrets.token_urlsafe(COOKIE_BYTES)
    row = BrowserSession(
        id=uuid4(),
        digest=secret_digest(cookie),
        person_id=person_id,
        stage=stage,
        created_at=now,
        authenticated_at=now,
        seen_at=now,
        ends_at=now + (lasting.whole if stage is Stage.OPEN else BEGUN_FOR),
        **facts,
    )
    tx.add(row)
    return row, cookie


def raise_to(row: BrowserSession, stage: Stage, lasting: Lasting, now: datetime, **facts: Any) -> str:
    """Go on with a sign-in under a new cookie: the old one, which somebody may have planted, is worth nothing."""
    cookie = secrets.token_urlsafe(COOKIE_BYTES)
    if stage is Stage.OPEN and row.stage is not Stage.OPEN:
        row.ends_at = now + lasting.whole
    row.sqlmodel_update({"digest": secret_digest(cookie), "stage": stage, "seen_at": now, **facts})
    return cookie


async def found(tx: AsyncSession, cookie: str | None, lasting: Lasting, now: datetime) -> BrowserSession | None:
    """Find a browser's sign-in at whatever stage, locked for change."""
    if not cookie:
        return None
    known = select(BrowserSession).where(
        BrowserSession.digest == secret_digest(cookie),
        col(BrowserSession.ends_at) > now,
        col(BrowserSession.seen_at) > now - lasting.idle,
    )
    return await tx.scalar(known.with_for_update())


async def sign_out(tx: AsyncSession, cookie: str) -> None:
    await tx.execute(delete(BrowserSession).where(col(BrowserSession.digest) == secret_digest(cookie)))


async def sign_out_one(tx: AsyncSession, person_id: UUID, session_id: UUID) -> None:
    """End one of the person's own sign-ins; that of somebody else stays, as if it were unknown."""
    own = (col(BrowserSession.id) == session_id, col(BrowserSession.person_id) == person_id)
    await tx.execute(delete(BrowserSession).where(*own))


async def sign_out_everywhere(tx: AsyncSession, person_ids: Sequence[UUID], but: UUID | None = None) -> None:
    """End every sign-in of these people at browsers, except `but`, and all that programs may do for them."""
    await revoke_of_people(tx, person_ids)
    ended = delete(BrowserSession).where(col(BrowserSession.person_id).in_(person_ids))
    await tx.execute(ended if but is None else ended.where(col(BrowserSession.id) != but))


async def signed_in_at(tx: AsyncSession, person_id: UUID, lasting: Lasting, now: datetime) -> list[BrowserSession]:
    """List where a person is signed in, the browser seen last first."""
    held = select(BrowserSession).where(
        BrowserSession.person_id == person_id,
        BrowserSession.stage == Stage.OPEN,
        col(BrowserSession.ends_at) > now,
        col(BrowserSession.seen_at) > now - lasting.idle,
    )
    return list(await tx.scalars(held.order_by(col(BrowserSession.seen_at).desc(), col(BrowserSession.id))))
