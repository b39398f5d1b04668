"""Signs tokens; without it no service could tell who is asking. Private keys stay in the ring."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt

from services.gateway.identity.actions.keys import KeyRing
from services.gateway.identity.domain import Capacity
from shared.auth import AUDIENCE, TYPE


class Signer:
    """Signs what `shared.auth` reads, by the key that is active at the moment."""

    def __init__(self, ring: KeyRing, issuer: str, lifetime_s: int) -> None:
        self.ring = ring
        self.issuer = issuer
        self.lifetime_s = lifetime_s

    def sign(self, capacity: Capacity, now: datetime) -> str:
        """Make an access token."""
        claims = capacity.claims(now, self.lifetime_s)
        return self.sign_claims({"iss": self.issuer, "aud": AUDIENCE, **claims}, TYPE)

    def sign_claims(self, claims: Mapping[str, Any], kind: str) -> str:
        key = self.ring.active
        header = {"alg": key.algorithm, "typ": kind, "kid": key.kid}
        return jwt.encode(header, dict(claims), key.key, algorithms=[key.algorithm])
