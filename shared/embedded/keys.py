"""Without this file every installation would share its secrets, or lose them at the next start."""

# pyright: reportUnknownMemberType=false
# because nkeys ships no types

import base64
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import cast

import nkeys
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.embedded.faults import Misconfigured, told
from shared.embedded.files import private_directory, write_private
from shared.signing_keys import SigningKeys

ADMIN = "platform"
SIGNING_KEYS = "signing.jwk.json"
VAULT_KEY_BYTES = 32
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


class Keyring:
    """What is secret in one installation: made when first asked for, the same ever after, in files of mode 0600."""

    def __init__(self, var: Path) -> None:
        self._folder = private_directory(var / "keys")

    def nats_seed(self, service: str = ADMIN) -> str:
        """The private nkey by which a service, or the platform itself, signs in to NATS."""
        return self._kept(f"nats-{service}.nk", _new_seed, _check_seed)

    def nats_public(self, service: str = ADMIN) -> str:
        return _public_of(self.nats_seed(service))

    def database_password(self, service: str) -> str:
        return self.secret(f"database-{service}")

    def operator_secret(self) -> str:
        """The client secret by which the operator's own tools sign in."""
        return self.secret("operator-client")

    def signing_keys(self) -> SigningKeys:
        """The ring of private keys that sign tokens; the `kid` of each is its RFC 7638 thumbprint."""
        return _signing_keys(self._kept(SIGNING_KEYS, lambda: SigningKeys.new().written(), _signing_keys))

    def signing_key(self) -> OKPKey:
        """The key that signs now."""
        key = self.signing_keys().active.key
        assert isinstance(key, OKPKey), "keys made here are Ed25519"
        return key

    @property
    def signing_keys_file(self) -> Path:
        self.signing_keys()
        return self._folder / SIGNING_KEYS

    def vault_key(self) -> bytes:
        """The 32 bytes that identities are encrypted with. Without them no identity can be read again."""
        return _vault_key(self._kept("vault.key", _new_vault_key, _vault_key))

    def factor_key(self) -> bytes:
        """The 32 bytes that second factors are sealed with. Without them everybody sets theirs up again."""
        return _vault_key(self._kept("factor.key", _new_vault_key, _vault_key))

    def secret(self, name: str, nbytes: int = 32) -> str:
        """Return a random word of `nbytes` bytes, in characters that need no quoting anywhere."""
        return self._kept(f"{name}.secret", lambda: secrets.token_urlsafe(nbytes), _check_word)

    def _kept(self, name: str, make: Callable[[], str], check: Callable[[str], object]) -> str:
        if not NAME.match(name):
            raise ValueError(f"{name!r} is no name for a key")
        path = self._folder / name
        if not path.exists():
            write_private(path, make() + "\n", keep=True)
        with told(path):
            if path.stat().st_mode & 0o077:
                raise Misconfigured(f"The key file {path} is open to other users: run `chmod 600 {path}`.")
            raw = path.read_bytes()
        try:
            text, end, rest = raw.decode("ascii").partition("\n")
            if not end or rest:
                raise ValueError("cut short, or longer than it was")  # noqa: TRY301 - one place says what to do
            check(text)
        except (ValueError, KeyError, JoseError, nkeys.NkeysError) as fault:
            raise Misconfigured(
                f"The key file {path} is damaged: put back a copy of it, "
                "or remove it to have a new key made (what was protected by the old one is then lost)."
            ) from fault
        return text


def _new_seed() -> str:
    return nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER).decode()


def _public_of(seed: str) -> str:
    return cast("bytes", nkeys.from_seed(seed.encode()).public_key).decode()


def _check_seed(text: str) -> None:
    prefix, raw = nkeys.decode_seed(text.encode())
    # Encoded again because the library does not look at the checksum when it reads.
    if prefix != nkeys.PREFIX_BYTE_USER or nkeys.encode_seed(bytes(raw), prefix).decode() != text:
        raise ValueError("not the seed of a NATS user")


def _signing_keys(text: str) -> SigningKeys:
    ring = SigningKeys.read(text)
    if any(one.kid != one.key.thumbprint() for one in ring.keys):
        raise ValueError("a key under another's name")
    return ring


def _new_vault_key() -> str:
    return base64.b64encode(secrets.token_bytes(VAULT_KEY_BYTES)).decode()


def _vault_key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != VAULT_KEY_BYTES:
        raise ValueError("not 32 bytes")
    return key


def _check_word(text: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,}", text):
        raise ValueError("not a random word")
