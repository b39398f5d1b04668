"""The gateway's own key ring; without it a key could only change by a restart that tokens do not survive."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey

from shared.clock import Clock
from shared.embedded.faults import Misconfigured
from shared.jwks import PublicKey
from shared.observe import logger
from shared.signing_keys import SigningKey, SigningKeys

LOOKED_AT_EVERY_S = 2.0
log = logger("keys")


class KeyRing:
    """Reads the ring anew when its file changes. A file that became unreadable leaves the ring as it was."""

    def __init__(
        self, text: str | None, file: Path | None, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._file = file
        self._clock = clock
        self._monotonic = monotonic
        self._text = ""
        self._looked_at = monotonic()
        try:
            self._take(text or "" if file is None else file.read_text("utf-8"))
        except (OSError, ValueError) as fault:
            where = "COMMONWATCH_SIGNING_KEY" if file is None else str(file)
            raise Misconfigured(f"The signing keys in {where} cannot be read: {fault}.") from None

    @property
    def active(self) -> SigningKey:
        return self._now().active

    def published(self) -> str:
        """Give the public keys as a JWK set (JSON)."""
        return self._now().published(self._clock())

    async def find(self, kid: str) -> PublicKey | None:
        self._now()
        known = self._public.get(kid)
        return None if known is None or _is_over(known[1], self._clock()) else known[0]

    def _now(self) -> SigningKeys:
        if self._file is not None and self._monotonic() - self._looked_at >= LOOKED_AT_EVERY_S:
            self._looked_at = self._monotonic()
            try:
                self._take(self._file.read_text("utf-8"))
            except (OSError, ValueError) as fault:
                log.error("signing keys cannot be read anew", file=str(self._file), error=repr(fault))  # noqa: TRY400 — the place of the fault is this one
        return self._keys

    def _take(self, text: str) -> None:
        if text == self._text:
            return
        self._keys = SigningKeys.read(text)
        self._public = {key.kid: (_public(key), key.expires_at) for key in self._keys.keys}
        self._text = text


def _public(key: SigningKey) -> PublicKey:
    kind: type[OKPKey | ECKey] = type(key.key)
    return kind.import_key(key.public())


def _is_over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
