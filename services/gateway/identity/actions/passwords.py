"""Passwords are kept so that a stolen table is worth little; without this file each caller would choose how."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id as OWASP's password storage sheet asks: 19 MiB, two passes, one lane."""
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""Checked when there is no such login, so that the time taken tells nothing."""


async def hashed(password: str) -> str:
    """Hash in a thread: it takes some 20 ms of processor time, which the event loop must not stand still for."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def matches(kept: str | None, password: str) -> bool:
    """Compare; an account that does not exist (`None`) costs the same time and never matches."""
    return await asyncio.to_thread(_matches, kept, password)


def _matches(kept: str | None, password: str) -> bool:
    try:
        _HASHER.verify(kept or _NOBODY, password)
    except VerifyMismatchError:
        return False
    return kept is not None
