"""What programs hold in people's names: opened once, carried on link by link, ended as a whole.

authlib asks synchronously, so the book works on the synchronous session under `AsyncSession.run_sync`. What others call
is asynchronous.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlmodel import col

from services.gateway.identity.domain import Capacity, secret_digest
from services.gateway.identity.domain.grants import (
    CODE_FOR,
    GRANT_FOR,
    REFRESH_FOR,
    RETRY_FOR,
    SECRET_BYTES,
    Scope,
    sealed,
    unsealed,
)
from services.gateway.identity.models import (
    AuthorizationCode,
    Grant,
    Membership,
    Person,
    RefreshToken,
    RevokedToken,
)
from services.gateway.identity.queries import capacity_of
from shared.contracts.values import Role

LEEWAY = timedelta(hours=1)
"""So long after its end a grant is kept, for clocks that are late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a program asked for at the browser, and the person allowed."""

    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    nonce: str | None
    authenticated_at: datetime


class Book:
    """The grants as of `now`, in one transaction."""

    def __init__(self, session: Session, now: datetime, token_lifetime: timedelta) -> None:
        self._tx = session
        self._now = now
        self._token_lifetime = token_lifetime

    def open(self, capacity: Capacity, asked: Asked) -> str:
        """Write down that this person allows it; give the code that carries it to the program."""
        assert capacity.membership_id is not None, "only people allow"
        grant = Grant(
            id=uuid4(),
            client_id=asked.client_id,
            person_id=capacity.subject_id,
            membership_id=capacity.membership_id,
            role=Role(capacity.role),
            scope=asked.scope,
            granted_at=self._now,
            ends_at=self._now + CODE_FOR,
        )
        self._tx.add(grant)
        self._tx.flush()
        code = secrets.token_urlsafe(SECRET_BYTES)
        self._tx.add(
            AuthorizationCode(
                digest=secret_digest(code),
                grant_id=grant.id,
                redirect_uri=asked.redirect_uri,
                challenge=asked.challenge,
                nonce=asked.nonce,
                authenticated_at=asked.authenticated_at,
                ends_at=self._now + CODE_FOR,
            )
        )
        return code

    def code(self, code: str, client_id: str) -> tuple[AuthorizationCode, Grant] | None:
        """Find a code of this client that still counts. One that was used already ends all that came of it."""
        row = self._tx.get(AuthorizationCode, secret_digest(code), with_for_update=True)
        grant = self._tx.get_one(Grant, row.grant_id, with_for_update=True) if row else None
        if row is None or grant is None or grant.client_id != client_id:
            return None
        if row.used_at is not None:
            self.end(grant)
        return (row, grant) if row.used_at is None and row.ends_at > self._now and grant.revoked_at is None else None

    def redeem(self, code: AuthorizationCode, grant: Grant) -> None:
        code.used_at = self._now
        going_on = Scope.OFFLINE in grant.scope.split()
        grant.ends_at = self._now + (GRANT_FOR if going_on else self._token_lifetime)

    def refresh_token(self, token: str, client_id: str) -> tuple[RefreshToken, Grant] | None:
        """Find a refresh token of this client that counts.

        One that was used already is a thief's or the robbed one's, nobody can tell which: the grant ends. Only the
        same retry within seconds, before the next link was used, is a program that did not hear the answer.
        """
        row = self._tx.get(RefreshToken, secret_digest(token), with_for_update=True)
        grant = self._tx.get_one(Grant, row.grant_id, with_for_update=True) if row else None
        if row is None or grant is None or grant.client_id != client_id or grant.revoked_at is not None:
            return None
        if row.used_at is not None and not self._is_retry(row, row.used_at):
            self.end(grant)
            return None
        return (row, grant) if min(row.ends_at, grant.ends_at) > self._now else None

    def _is_retry(self, row: RefreshToken, used_at: datetime) -> bool:
        following = self._tx.get(RefreshToken, row.successor_digest) if row.successor_digest else None
        return self._now - used_at <= RETRY_FOR and following is not None and following.used_at is None

    def follow(self, grant: Grant, before: tuple[RefreshToken, str] | None = None) -> str:
        """Give the next link of the chain, or its first; after a retry the same one as before."""
        if before is not None and before[0].successor is not None:
            return unsealed(before[0].successor, before[1])
        token = secrets.token_urlsafe(SECRET_BYTES)
        digest = secret_digest(token)
        self._tx.add(
            RefreshToken(digest=digest, grant_id=grant.id, ends_at=min(self._now + REFRESH_FOR, grant.ends_at))
        )
        if before is not None:
            row, own = before
            row.used_at, row.successor, row.successor_digest = self._now, sealed(token, own), digest
        return token

    def known_refresh_token(self, token: str) -> tuple[RefreshToken, Grant] | None:
        """Find a refresh token of whatever standing, without changing anything."""
        row = self._tx.get(RefreshToken, secret_digest(token))
        return None if row is None else (row, self._tx.get_one(Grant, row.grant_id))

    def counts(self, row: RefreshToken, grant: Grant) -> bool:
        over = row.used_at is not None or grant.revoked_at is not None or min(row.ends_at, grant.ends_at) <= self._now
        return not over and self.capacity(grant, grant.scope) is not None

    def capacity(self, grant: Grant, scope: str) -> Capacity | None:
        """Give as whom the program speaks now; nobody when the person no longer holds what they held."""
        membership = self._tx.get(Membership, grant.membership_id)
        if membership is None or not self._counts(membership) or membership.role != grant.role:
            return None
        person = self._tx.get(Person, grant.person_id)
        speaks = capacity_of(membership, person, grant.client_id)
        return replace(speaks, grant_id=grant.id, scope=scope)

    def _counts(self, membership: Membership) -> bool:
        begun = membership.counts_from is None or membership.counts_from <= self._now
        over = membership.counts_until is not None and membership.counts_until <= self._now
        return begun and not over and membership.revoked_at is None

    def grant(self, grant_id: UUID) -> Grant | None:
        return self._tx.get(Grant, grant_id, with_for_update=True)

    def end(self, grant: Grant) -> None:
        grant.revoked_at = grant.revoked_at or self._now

    def refuse(self, jti: str, ends_at: datetime) -> None:
        """Refuse one access token that no grant could end."""
        self._tx.merge(RevokedToken(jti=jti, ends_at=ends_at))


async def revoke_of_people(tx: AsyncSession, person_ids: Sequence[UUID]) -> None:
    """End all that programs may do for these people: refresh tokens at once, access tokens within a second."""
    await tx.execute(delete(Grant).where(col(Grant.person_id).in_(person_ids)))


async def revoke_of_membership(tx: AsyncSession, membership_id: UUID) -> None:
    """End all that programs may do in one office."""
    await tx.execute(delete(Grant).where(col(Grant.membership_id) == membership_id))


async def forget(tx: AsyncSession, now: datetime) -> None:
    """Clear away what can neither open a door nor betray a thief any more."""
    await tx.execute(delete(Grant).where(col(Grant.ends_at) < now - LEEWAY))
    await tx.execute(delete(RevokedToken).where(col(RevokedToken.ends_at) < now))
