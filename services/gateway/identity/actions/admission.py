"""Lets a token in, or says why not; without it a revoked office would keep its power until the token expires."""

import base64
import json
from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from shared.auth import Actor, TokenReader
from shared.clock import Clock
from shared.db import Database
from shared.errors import Unauthenticated

BELIEVED_FOR = timedelta(seconds=1)
"""How long a look at a membership is believed. The limit holds in every gateway process, also in those that did not
receive the event themselves, so a revoked membership works nowhere for longer than this."""
MAX_REMEMBERED = 4096

_STANDS = """
    select role, party_id, area_code from memberships
     where id = $1 and revoked_at is null and coalesce(counts_from <= $2, true) and coalesce($2 < counts_until, true)
"""

Standing = tuple[str, UUID | None, str]
"""Role, party and area of a membership that is in force."""


class Doorkeeper:
    """Verifies tokens and that the membership they were issued for still stands as it did."""

    def __init__(self, tokens: TokenReader, database: Database, clock: Clock) -> None:
        self._tokens = tokens
        self._database = database
        self._clock = clock
        self._seen: OrderedDict[UUID, tuple[datetime, Standing | None]] = OrderedDict()

    async def admit(self, authorization: str) -> Actor:
        """Return who speaks; raises `Unauthenticated` for what is no token, no valid one, or one of a former member."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("sign-in-first", "Sign in first.", "请先登录。")
        actor = await self._tokens.read(token)
        membership_id = _membership_id(token)
        if membership_id is not None:
            standing = await self._standing(membership_id)
            if standing != (actor.role, actor.party_id, actor.area_code):
                raise Unauthenticated(
                    "membership-ended",
                    "The office that you signed in for has ended or changed. Sign in again.",
                    "您登录时使用的身份已终止或变更，请重新登录。",
                )
        return actor

    async def _standing(self, membership_id: UUID) -> Standing | None:
        now = self._clock()
        seen = self._seen.get(membership_id)
        if seen is not None and now < seen[0] + BELIEVED_FOR:
            return seen[1]
        row = await (await self._database.pool()).fetchrow(_STANDS, membership_id, now)
        standing = None if row is None else (row["role"], row["party_id"], row["area_code"])
        self._seen[membership_id] = (now, standing)
        if len(self._seen) > MAX_REMEMBERED:
            self._seen.popitem(last=False)
        return standing


def _membership_id(token: str) -> UUID | None:
    """Read `mid` of a token that was verified already."""
    payload = token.split(".")[1]
    mid = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("mid")
    return UUID(mid) if mid else None
