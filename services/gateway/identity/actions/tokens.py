"""Signs access tokens; without it no service could tell who is asking. The private key never leaves this object."""

import json
from datetime import datetime

from joserfc import jwt
from joserfc.jwk import OKPKey

from services.gateway.identity.domain import Capacity
from shared.auth import AUDIENCE

ALGORITHM = "Ed25519"
"""The name that RFC 9864 gives it; `shared.auth` accepts it."""


class Signer:
    """Signs what `shared.auth` reads. `published` is the key set that readers trust (JSON)."""

    def __init__(self, private_jwk: str, published: str | None, issuer: str, lifetime_s: int) -> None:
        self._key = OKPKey.import_key(json.loads(private_jwk))
        self._key.ensure_kid()
        self.issuer = issuer
        self.lifetime_s = lifetime_s
        self.published = published or json.dumps({"keys": [self._public()]})

    def sign(self, capacity: Capacity, now: datetime) -> str:
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        claims = {"iss": self.issuer, "aud": AUDIENCE, **capacity.claims(now, self.lifetime_s)}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def _public(self) -> dict[str, object]:
        return {**self._key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}
