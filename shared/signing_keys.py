"""The keys that sign tokens, in their order; without it a new key would sign everybody out who trusts the old one.

A ring is a private JWK set, or one private JWK. Its first key signs. The others only verify: the next one, which
readers are to know before it signs, and former ones until the last token that they signed has expired (their `exp`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from shared.errors import Conflict

KNOWN_AFTER = timedelta(minutes=15)
"""By then every reader has fetched a key that is published: they ask after ten minutes, caches keep it for five."""
LATE = timedelta(minutes=10)
"""So much later than it was told a process may still sign by a former key: it had not yet read the ring anew."""


class Standing(StrEnum):
    ACTIVE = "active"
    NEXT = "next"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: OKPKey | ECKey
    kid: str
    made_at: datetime | None = None
    expires_at: datetime | None = None
    """From then on it verifies nothing."""

    @property
    def algorithm(self) -> str:
        return "Ed25519" if isinstance(self.key, OKPKey) else "ES256"

    def public(self) -> dict[str, Any]:
        bare = {name: value for name, value in self.key.as_dict(private=False).items() if name in _PUBLIC}
        return {**bare, "use": "sig", "alg": self.algorithm, "kid": self.kid}

    def private(self) -> dict[str, Any]:
        """`iat` and `exp` of a key are those of OpenID Federation 1.0."""
        times = {"iat": self.made_at, "exp": self.expires_at}
        return {
            **self.public(),
            "d": self.key.as_dict(private=True)["d"],
            **{name: int(at.timestamp()) for name, at in times.items() if at is not None},
        }


_PUBLIC = frozenset({"kty", "crv", "x", "y"})


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The ring; changing it gives another."""

    keys: tuple[SigningKey, ...]

    @classmethod
    def read(cls, text: str) -> "SigningKeys":
        """Read a ring; raises `ValueError` for what is none."""
        try:
            document = json.loads(text)
            keys = tuple(_read(one) for one in document.get("keys", [document]))
        except (JoseError, KeyError, TypeError, AttributeError, OverflowError) as fault:
            raise ValueError("not a private key, or set of them, that signs tokens") from fault
        if not keys or len({key.kid for key in keys}) != len(keys) or keys[0].expires_at is not None:
            raise ValueError("the first key of a ring signs, and each stands in it once")
        return cls(keys)

    @classmethod
    def new(cls) -> "SigningKeys":
        return cls((_made(),))

    def written(self) -> str:
        """Write it in one line; a ring of one key is that key, as it always was."""
        private = [key.private() for key in self.keys]
        return json.dumps(private[0] if len(private) == 1 else {"keys": private})

    @property
    def active(self) -> SigningKey:
        return self.keys[0]

    def standing(self, key: SigningKey) -> Standing:
        if key.kid == self.active.kid:
            return Standing.ACTIVE
        return Standing.NEXT if key.expires_at is None else Standing.FORMER

    def verifying(self, now: datetime) -> list[SigningKey]:
        return [key for key in self.keys if key.expires_at is None or key.expires_at > now]

    def published(self, now: datetime) -> str:
        return json.dumps({"keys": [key.public() for key in self.verifying(now)]})

    def prepare(self, now: datetime) -> "SigningKeys":
        """Add the next key."""
        if waiting := self._next():
            raise Conflict(
                "key-waits",
                f"Key {waiting.kid} waits already; activate or retire it.",
                f"密钥 {waiting.kid} 已在等待启用。",
            )
        return SigningKeys((*self.keys, _made(now)))

    def activate(self, now: datetime, token_lifetime: timedelta, *, at_once: bool = False) -> "SigningKeys":
        """Let the next key sign; the one that signed verifies until its last token has expired."""
        coming = self._next()
        if coming is None:
            raise Conflict("no-next-key", "There is no next key; prepare one.", "没有待启用的密钥，请先生成。")
        wait = KNOWN_AFTER - (now - coming.made_at) if coming.made_at else timedelta()
        if wait > timedelta() and not at_once:
            minutes = -(-wait // timedelta(minutes=1))
            raise Conflict(
                "key-not-known-yet",
                f"Not every service knows key {coming.kid} yet. Wait {minutes} minutes, or say --now.",
                f"并非所有服务都已获知密钥 {coming.kid}，请等待 {minutes} 分钟，或使用 --now。",
            )
        former = replace(self.active, expires_at=now + token_lifetime + LATE)
        return SigningKeys((coming, former, *(key for key in self.keys[1:] if key.kid != coming.kid)))

    def retire(self, kid: str | None, now: datetime, *, at_once: bool = False) -> "SigningKeys":
        """Take away the former keys that have expired, or the one that is named."""
        if kid is None:
            return SigningKeys(tuple(self.verifying(now)))
        found = next((key for key in self.keys if key.kid == kid), None)
        if found is None:
            raise Conflict("no-such-key", f"There is no key {kid} in the ring.", f"密钥环中没有 {kid}。")
        if found is self.active:
            raise Conflict(
                "key-signs", "This key signs; activate another one first.", "该密钥正在签名，请先启用另一个。"
            )
        if found.expires_at is not None and found.expires_at > now and not at_once:
            raise Conflict(
                "key-still-needed",
                f"Tokens signed by it are in use until {found.expires_at:%Y-%m-%d %H:%M} UTC. To end them, say --now.",
                f"其签发的令牌到 {found.expires_at:%Y-%m-%d %H:%M} UTC 前仍在使用；如需立即作废，请使用 --now。",
            )
        return SigningKeys(tuple(key for key in self.keys if key is not found))

    def _next(self) -> SigningKey | None:
        waiting: Sequence[SigningKey] = [key for key in self.keys[1:] if key.expires_at is None]
        return waiting[0] if waiting else None


def _made(now: datetime | None = None) -> SigningKey:
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    return SigningKey(key, key.thumbprint(), now)


def _read(document: dict[str, Any]) -> SigningKey:
    kind: type[OKPKey | ECKey] = {("OKP", "Ed25519"): OKPKey, ("EC", "P-256"): ECKey}[document["kty"], document["crv"]]
    key = kind.import_key(document)
    if not key.is_private:
        raise ValueError("a public key cannot sign")
    return SigningKey(key, key.kid or key.thumbprint(), _moment(document.get("iat")), _moment(document.get("exp")))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
