"""Lets a token in, or says why not; without it a revoked office would keep its power until the token expires."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.auth import Actor, Proof, TokenReader
from shared.clock import Clock
from shared.db import Database
from shared.errors import Unauthenticated

BELIEVED_FOR = timedelta(seconds=1)
"""How long a look at a membership or a grant is believed. The limit holds in every gateway process, also in those that
did not receive the event themselves, so what was revoked works nowhere for longer than this."""
MAX_REMEMBERED = 4096

_STANDS = """
    select m.role, m.party_id, m.area_code,
           ($2::uuid is not null and not exists (select from oauth_grants where id = $2 and revoked_at is null))
           or exists (select from oauth_revoked_tokens where jti = $3) as revoked
      from (values (1)) as one
      left join memberships m on m.id = $1 and m.revoked_at is null
           and coalesce(m.counts_from <= $4, true) and coalesce($4 < m.counts_until, true)
"""

Asked = tuple[UUID | None, UUID | None, str | None]
"""Membership, grant, and for a client that speaks for itself the token's own id."""


@dataclass(frozen=True, slots=True)
class _Standing:
    held: tuple[str | None, UUID | None, str | None]
    """Role, party and area of the membership while it is in force."""
    revoked: bool


class Doorkeeper:
    """Verifies tokens, that the membership they were issued for still stands as it did, and that nobody ended them."""

    def __init__(self, tokens: TokenReader, database: Database, clock: Clock) -> None:
        self._tokens = tokens
        self._database = database
        self._clock = clock
        self._seen: OrderedDict[Asked, tuple[datetime, _Standing]] = OrderedDict()

    async def admit(self, authorization: str) -> Actor:
        """Return who speaks; raises `Unauthenticated` for what is no token, no valid one, or one of a former member."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("sign-in-first", "Sign in first.", "请先登录。")
        return (await self.prove(token)).actor

    async def prove(self, token: str) -> Proof:
        """Return all that a token says which is let in; raises as `admit` does."""
        proof = await self._tokens.prove(token)
        actor, asked = proof.actor, _asked(proof)
        standing = await self._standing(asked)
        if asked[0] is not None and standing.held != (actor.role, actor.party_id, actor.area_code):
            raise Unauthenticated(
                "membership-ended",
                "The office that you signed in for has ended or changed. Sign in again.",
                "您登录时使用的身份已终止或变更，请重新登录。",
            )
        if standing.revoked:
            raise Unauthenticated(
                "access-ended",
                "What this program was allowed to do has been ended. Allow it anew.",
                "对该程序的授权已被终止，请重新授权。",
            )
        return proof

    async def _standing(self, asked: Asked) -> _Standing:
        now = self._clock()
        seen = self._seen.get(asked)
        if seen is not None and now < seen[0] + BELIEVED_FOR:
            return seen[1]
        row = await (await self._database.pool()).fetchrow(_STANDS, *asked, now)
        assert row is not None, "the statement gives one row, whatever stands"
        standing = _Standing((row["role"], row["party_id"], row["area_code"]), row["revoked"])
        self._seen[asked] = (now, standing)
        if len(self._seen) > MAX_REMEMBERED:
            self._seen.popitem(last=False)
        return standing


def _asked(proof: Proof) -> Asked:
    membership, grant, jti = (proof.claims.get(name) for name in ("mid", "gid", "jti"))
    return (UUID(membership) if membership else None, UUID(grant) if grant else None, None if membership else jti)
