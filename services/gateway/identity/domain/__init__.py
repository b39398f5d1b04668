"""The rules of signing in: how long a guesser waits, and what a token says; without it they would hide in routes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.values import derived_id

OPERATOR_CLIENT = "operator"
"""The client by which an installation is begun; its secret is a setting, so no table holds it."""
PAGES_CLIENT = "commonwatch"
"""Client id in the tokens of people, who sign in through the platform itself."""
CLIENT_ID = r"^[a-z0-9][a-z0-9._-]{2,63}$"

FAILURES_TO_LOCK = 5
FIRST_LOCK_S = 30
LONGEST_LOCK_S = 3600


def locked_for(failures: int) -> timedelta | None:
    """Give how long an account rests after so many wrong passwords in a row; each further one doubles it."""
    if failures < FAILURES_TO_LOCK:
        return None
    return timedelta(seconds=min(FIRST_LOCK_S * 2 ** min(failures - FAILURES_TO_LOCK, 10), LONGEST_LOCK_S))


def secret_digest(secret: str) -> bytes:
    """Digest a client's secret. It is random and long, so there is nothing that a slow hash would protect."""
    return hashlib.sha256(secret.encode()).digest()


def account_id(person_id: UUID) -> UUID:
    """Give the aggregate of a person's account; the person is an aggregate of registry with versions of its own."""
    return derived_id("account", person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """As whom a token speaks: one person in one membership, or one client of an organisation."""

    subject_id: UUID
    client_id: str
    role: str
    party_id: UUID | None
    area_code: str
    language: str
    name: str
    membership_id: UUID | None = None
    grant_id: UUID | None = None
    """By which a person let a program speak for them."""
    scope: str | None = None
    """What the program may do; None: no program, the person signed in here."""

    def claims(self, now: datetime, lifetime_s: int) -> dict[str, Any]:
        """Say it as `shared.auth` reads it (RFC 9068 §2.2); `mid` is the membership, `gid` the grant."""
        issued = int(now.timestamp())
        program = {"gid": str(self.grant_id) if self.grant_id else None, "scope": self.scope}
        return {
            "sub": str(self.subject_id),
            "client_id": self.client_id,
            "iat": issued,
            "exp": issued + lifetime_s,
            "jti": uuid4().hex,
            "role": self.role,
            "party": str(self.party_id) if self.party_id else None,
            "area": self.area_code,
            "lang": self.language,
            "name": self.name,
            "mid": str(self.membership_id) if self.membership_id else None,
            **{name: value for name, value in program.items() if value is not None},
        }
