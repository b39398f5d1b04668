"""Seals who reported; without this file a stolen database would betray every whistle-blower.

One key opens the vault; three subkeys (HKDF) seal identities, index owners and hash tracking codes, so that none can
be used for another's purpose.
"""

import base64
import hashlib
import hmac
import json
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.volunteer.domain import CODE_ALPHABET, CODE_LENGTH
from shared.auth import Actor

KEY_VERSION = 1
_NONCE_BYTES = 12


class Vault:
    """Sealing, blind index and tracking codes. `secret` is URL-safe base64 of 32 bytes."""

    def __init__(self, secret: str) -> None:
        key = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
        assert len(key) == 32, "the vault key has 32 bytes"  # noqa: PLR2004 — said in the sentence
        self._seal = AESGCM(_derived(key, b"seal"))
        self._index = _derived(key, b"index")
        self._code = _derived(key, b"code")

    def seal(self, reporter_ref: UUID, identity: dict[str, str]) -> bytes:
        """Encrypt an identity; it opens only in the row of this `reporter_ref`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, json.dumps(identity).encode(), _row(reporter_ref))

    def open(self, reporter_ref: UUID, sealed: bytes) -> dict[str, str]:
        """Decrypt an identity. No route calls it: a reveal takes two persons and a purpose (§9.1)."""
        opened: dict[str, str] = json.loads(
            self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _row(reporter_ref))
        )
        return opened

    def owner_key(self, who: Actor) -> str:
        """Give the blind index by which a person finds their own reports; "" for the anonymous."""
        return "" if who.anonymous else hmac.new(self._index, who.id.bytes, hashlib.sha256).hexdigest()

    def tracking_code(self, report_id: UUID, secret: str | None) -> str:
        """Give the code of an anonymous report.

        With the phone's own `secret` a retry gets the same code, though only its hash is stored here.
        """
        if secret is None:
            digest = secrets.token_bytes(32)
        else:
            digest = hmac.new(self._code, report_id.bytes + secret.encode(), hashlib.sha256).digest()
        return "".join(CODE_ALPHABET[byte % 32] for byte in digest[:CODE_LENGTH])

    def tracking_hash(self, code: str) -> str:
        return hmac.new(self._index, code.encode(), hashlib.sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"commonwatch vault " + purpose).derive(key)


def _row(reporter_ref: UUID) -> bytes:
    return f"identities|sealed|{reporter_ref}|{KEY_VERSION}".encode()
