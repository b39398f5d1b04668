"""Who is asking, proven by a signed token; every service decides from the originating person, never from a caller."""

import asyncio
import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.clock import Clock, system_clock
from shared.errors import Unauthenticated, Unavailable

ALGORITHMS = ["EdDSA", "Ed25519", "ES256"]
AUDIENCE = "commonwatch"
LEEWAY_S = 30
JWKS_MAX_AGE_S = 600
JWKS_RETRY_S = 30


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a client of an organisation) in one capacity. `role` is dotted: `authority.desk`."""

    id: UUID
    role: str
    party_id: UUID | None
    area_code: str
    language: str = "zh"
    name: str = ""

    @property
    def roles(self) -> frozenset[str]:
        """The role and what it is part of: `authority.desk` is also `authority`."""
        parts = self.role.split(".")
        return frozenset(".".join(parts[: n + 1]) for n in range(len(parts)))

    @property
    def anonymous(self) -> bool:
        return self.id.int == 0

    def covers(self, area_code: str) -> bool:
        """Tell whether a place lies in the actor's area (division codes nest by prefix)."""
        return area_code.startswith(self.area_code)


ANYONE = Actor(UUID(int=0), "public", None, "")
"""A member of the public who did not sign in."""


@dataclass(slots=True)
class TokenReader:
    """Verifies access tokens (RFC 9068 `at+jwt`); remembers those it verified until they expire."""

    issuer: str
    jwks: str | None = None
    jwks_url: str | None = None
    clock: Clock = system_clock
    _keys: KeySet | None = None
    _fetched_at: float = 0.0
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: OrderedDict[str, tuple[float, Actor]] = field(default_factory=OrderedDict[str, tuple[float, Actor]])

    async def read(self, token: str) -> Actor:
        """Return the actor; raises `Unauthenticated` when the token is forged, expired or not an access token."""
        known = self._known.get(token)
        if known is not None and known[0] > self.clock().timestamp():
            return known[1]
        claims = await self._verified(token)
        actor = _actor(claims)
        self._known[token] = (float(claims["exp"]), actor)
        if len(self._known) > 4096:  # noqa: PLR2004 — a bound on memory, no meaning of its own
            self._known.popitem(last=False)
        return actor

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            try:
                decoded = jwt.decode(token, await self._keyset(), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                if not await self._refetch():
                    raise
                decoded = jwt.decode(token, await self._keyset(), algorithms=ALGORITHMS)
            if decoded.header.get("typ") != "at+jwt":
                raise _bad_token()
            jwt.JWTClaimsRegistry(
                now=int(self.clock().timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as bad:
            raise _bad_token() from bad
        return decoded.claims

    async def _keyset(self) -> KeySet:
        if self._keys is None or (self.jwks_url and time.monotonic() - self._fetched_at > JWKS_MAX_AGE_S):
            await self._load()
        assert self._keys is not None
        return self._keys

    async def _refetch(self) -> bool:
        """Fetch once more for an unknown key, at most each half minute."""
        if not self.jwks_url or time.monotonic() - self._fetched_at < JWKS_RETRY_S:
            return False
        await self._load()
        return True

    async def _load(self) -> None:
        async with self._fetching:
            if self.jwks is not None:
                self._keys = KeySet.import_key_set(json.loads(self.jwks))
                return
            if not self.jwks_url:
                raise _no_keys()
            try:
                async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                    answer = await client.get(self.jwks_url)
                    answer.raise_for_status()
                self._keys = KeySet.import_key_set(answer.json())
                self._fetched_at = time.monotonic()
            except (httpx.HTTPError, ValueError) as failed:
                if self._keys is None:
                    raise _no_keys() from failed
                self._fetched_at = time.monotonic()


def _actor(claims: dict[str, Any]) -> Actor:
    try:
        return Actor(
            id=UUID(claims["sub"]),
            role=str(claims["role"]),
            party_id=UUID(claims["party"]) if claims.get("party") else None,
            area_code=str(claims["area"]),
            language=str(claims.get("lang", "zh")),
            name=str(claims.get("name", "")),
        )
    except (KeyError, ValueError, TypeError) as bad:
        raise _bad_token() from bad


def _bad_token() -> Unauthenticated:
    return Unauthenticated(
        "invalid-token",
        "Your sign-in is not valid or has expired. Sign in again.",
        "登录无效或已过期，请重新登录。",
    )


def _no_keys() -> Unavailable:
    return Unavailable(
        "sign-in-unavailable",
        "Sign-ins cannot be checked at the moment. Try again soon.",
        "暂时无法验证登录，请稍后再试。",
    )
