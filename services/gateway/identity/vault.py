"""Seals what must be read again to check a second factor; without it a stolen database would hold everybody's."""

import base64
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_VERSION = 1
_NONCE_BYTES = 12


class FactorVault:
    """AES-256-GCM, bound to table, column, row and key version. `key` is URL-safe base64 of 32 bytes."""

    def __init__(self, key: str) -> None:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
        assert len(raw) == 32, "the key of second factors has 32 bytes"  # noqa: PLR2004 — said in the sentence
        self._aead = AESGCM(raw)

    def seal(self, row_id: UUID, secret: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret.encode(), _place(row_id, KEY_VERSION))

    def open(self, row_id: UUID, key_version: int, sealed: bytes) -> str:
        """Raises `InvalidTag` for what was changed, or sealed for another row or under another key."""
        opened = self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _place(row_id, key_version))
        return opened.decode()


def _place(row_id: UUID, key_version: int) -> bytes:
    return f"second_factors|sealed|{row_id}|{key_version}".encode()
