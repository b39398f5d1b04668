"""The rules of the second factor: who needs one, which code is right and only once; without it a password were all."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

from pyotp.hotp import HOTP
from pyotp.totp import TOTP

STEP_S = 30
WINDOW = (0, -1, 1)
"""Steps that are looked at besides the present one: a phone's clock may be half a minute off."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits: 16 letters and digits. So much is never guessed, and a digest of it needs no slow hash."""
_LOOKS_LIKE = str.maketrans("018", "OIB")
"""What base32 leaves out because it looks like something else."""


class FactorState(StrEnum):
    PENDING = "pending"
    """Shown to the person, who has not yet sent a code made with it."""
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class SecondFactorRule:
    """Roles (and those below them: `authority` is also its desk) whose holders must prove a second factor."""

    roles: frozenset[str]

    def asks(self, role: str) -> bool:
        return any(role == asked or role.startswith(f"{asked}.") for asked in self.roles)

    def asks_any(self, roles: Iterable[str]) -> bool:
        return any(self.asks(role) for role in roles)

    @classmethod
    def of(cls, roles: Collection[str], *, required: bool) -> "SecondFactorRule":
        return cls(frozenset(roles) if required else frozenset())


def step_of(secret: str, code: str, after_step: int, now: datetime) -> int | None:
    """Give the time step (RFC 6238) that this code proves; none for a wrong code and for one used before."""
    present, right = int(now.timestamp()) // STEP_S, None
    for offset in WINDOW:  # all of them, so that the time taken tells nothing
        step = present + offset
        if compare_digest(HOTP(secret).at(step).encode(), code.encode()) and step > after_step:
            right = step
    return right


def is_code(typed: str) -> bool:
    return re.fullmatch(r"[0-9]{6}", typed) is not None


def as_typed(text: str) -> str:
    """Give a code without the spaces, hyphens and small letters that people write; six digits stay six digits."""
    bare = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return bare if is_code(bare) else bare.translate(_LOOKS_LIKE)


def enrolment_uri(secret: str, login: str, issuer: str) -> str:
    """Give what an authenticator app reads from the picture."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
