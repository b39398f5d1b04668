"""Remembers which browsers went to the outside provider; or an answer could be played twice, and by others."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.gateway.identity.domain import secret_digest
from services.gateway.identity.domain.browsers import COOKIE_BYTES
from services.gateway.identity.domain.provider import AWAY_FOR
from services.gateway.identity.models import ProviderAttempt


async def send_away(
    tx: AsyncSession, cookie: str, now: datetime, *, link_to: UUID | None = None, return_to: str = ""
) -> str:
    """Give the `state` that this browser takes along; old ones are cleared away."""
    await tx.execute(delete(ProviderAttempt).where(col(ProviderAttempt.ends_at) <= now))
    state = secrets.token_urlsafe(COOKIE_BYTES)
    tx.add(
        ProviderAttempt(
            state_digest=secret_digest(state),
            cookie_digest=secret_digest(cookie),
            link_to=link_to,
            return_to=return_to,
            ends_at=now + AWAY_FOR,
        )
    )
    return state


async def come_back(tx: AsyncSession, state: str, cookie: str, now: datetime) -> ProviderAttempt | None:
    """Take the attempt of this very browser, once; nothing for a state that is unknown, used, old or another's."""
    taken = delete(ProviderAttempt).where(
        col(ProviderAttempt.state_digest) == secret_digest(state),
        col(ProviderAttempt.cookie_digest) == secret_digest(cookie),
        col(ProviderAttempt.ends_at) > now,
    )
    return await tx.scalar(taken.returning(ProviderAttempt))
