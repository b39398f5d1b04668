"""Who is asking, proven by a signed token; every service decides from the originating person, never from a caller."""

import base64
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError

from shared.clock import Clock, system_clock
from shared.errors import Forbidden, Unauthenticated
from shared.jwks import Keys, PublicKey, PublishedKeys

ALGORITHMS = ("EdDSA", "Ed25519", "ES256")
AUDIENCE = "commonwatch"
TYPE = "at+jwt"
LEEWAY_S = 30
MAX_TOKEN = 8192
"""Characters. Ours have some 900; nothing longer is looked into."""
MAX_REMEMBERED = 4096
READS = frozenset({"GET", "HEAD"})
READ, WRITE = "read", "write"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a client of an organisation) in one capacity. `role` is dotted: `authority.desk`."""

    id: UUID
    role: str
    party_id: UUID | None
    area_code: str
    language: str = "zh"
    name: str = ""
    scopes: frozenset[str] | None = None
    """What a program that acts for the person was allowed; None: the person acts here, without one."""

    @property
    def roles(self) -> frozenset[str]:
        """The role and what it is part of: `authority.desk` is also `authority`."""
        return _roles(self.role)

    @property
    def anonymous(self) -> bool:
        return self.id.int == 0

    def covers(self, area_code: str) -> bool:
        """Tell whether a place lies in the actor's area (division codes nest by prefix)."""
        return area_code.startswith(self.area_code)

    def may_send(self, method: str) -> bool:
        """Tell whether the scopes allow this HTTP method; whoever may write may read."""
        return self.scopes is None or WRITE in self.scopes or (READ in self.scopes and method in READS)


@lru_cache(MAX_REMEMBERED)
def _roles(role: str) -> frozenset[str]:
    parts = role.split(".")
    return frozenset(".".join(parts[: n + 1]) for n in range(len(parts)))


ANYONE = Actor(UUID(int=0), "public", None, "")
"""A member of the public who did not sign in."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a token that was verified says."""

    actor: Actor
    claims: Mapping[str, Any]
    expires_at: float
    key: PublicKey
    kid: str


@dataclass(slots=True)
class TokenReader:
    """Verifies access tokens (RFC 9068 `at+jwt`); remembers those it verified until they expire or their key goes."""

    issuer: str
    jwks: str | None = None
    jwks_url: str | None = None
    clock: Clock = system_clock
    keys: Keys = field(init=False)
    """From settings only: `jku`, `jwk` and `x5u` of a token are not looked at."""
    _known: OrderedDict[str, Proof] = field(default_factory=OrderedDict[str, Proof])
    _registry: jwt.JWTClaimsRegistry = field(init=False)

    def __post_init__(self) -> None:
        self.keys = PublishedKeys(self.jwks, self.jwks_url)
        self._registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self.clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def read(self, token: str) -> Actor:
        """Return the actor; raises `Unauthenticated` when the token is forged, expired or not an access token."""
        return (await self.prove(token)).actor

    async def prove(self, token: str) -> Proof:
        """Return all that the token says; raises as `read` does."""
        known = self._known.get(token)
        if known is not None and known.expires_at > self.clock().timestamp():
            # Its key may have been retired, or fetched anew.
            if await self.keys.find(known.kid) is known.key:
                return known
            self._known.pop(token, None)
        proof = self._known[token] = await self._verified(token)
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        return proof

    async def _verified(self, token: str) -> Proof:
        kid = _key_id(token)
        key = await self.keys.find(kid)
        if key is None:
            raise _bad_token()
        try:
            claims = jwt.decode(token, key, algorithms=ALGORITHMS, decoder_cls=_OneOfEach).claims
            self._registry.validate(claims)
        except (JoseError, ValueError, TypeError, RecursionError) as bad:
            raise _bad_token() from bad
        return Proof(_actor(claims), claims, float(claims["exp"]), key, kid)


class _OneOfEach(json.JSONDecoder):
    """Refuses a name that is said twice, for two readers could hear different things."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_named_once)


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name is said twice")
    return named


def _key_id(token: str) -> str:
    """Read which key is said to have signed, of a header that is that of an access token."""
    try:
        if len(token) > MAX_TOKEN:
            raise _bad_token()
        raw = token.partition(".")[0].encode("ascii")
        header = json.loads(base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)), cls=_OneOfEach)
        kid = header["kid"]
        if header["typ"] != TYPE or header["alg"] not in ALGORITHMS or not isinstance(kid, str):
            raise _bad_token()
    except (ValueError, KeyError, TypeError, RecursionError) as bad:
        raise _bad_token() from bad
    return kid


def within_scope(actor: Actor, method: str) -> Actor:
    """Give the actor back; raises `Forbidden` when the program that holds the token was not allowed this method."""
    if actor.may_send(method):
        return actor
    raise Forbidden(
        "scope-may-not",
        "The program that you use was not allowed to do this in your name. Allow it more, or use the platform itself.",
        "您使用的程序未获授权代您执行此操作，请重新授权或直接使用本平台。",
        scope=READ if method in READS else WRITE,
    )


def _actor(claims: dict[str, Any]) -> Actor:
    try:
        return Actor(
            id=UUID(claims["sub"]),
            role=str(claims["role"]),
            party_id=UUID(claims["party"]) if claims.get("party") else None,
            area_code=str(claims["area"]),
            language=str(claims.get("lang", "zh")),
            name=str(claims.get("name", "")),
            scopes=frozenset(str(claims["scope"]).split()) if "scope" in claims else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as bad:
        raise _bad_token() from bad


def _bad_token() -> Unauthenticated:
    return Unauthenticated(
        "invalid-token",
        "Your sign-in is not valid or has expired. Sign in again.",
        "登录无效或已过期，请重新登录。",
    )
