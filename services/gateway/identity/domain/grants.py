"""The rules by which programs act for people: what they may ask, where answers go, how long anything lasts."""

import base64
import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

CODE_FOR = timedelta(seconds=60)
REFRESH_FOR = timedelta(days=14)
"""How long a program may leave a refresh token unused."""
GRANT_FOR = timedelta(days=90)
"""After so long a program must ask the person again, however busy it was."""
RETRY_FOR = timedelta(seconds=10)
"""How long the same refresh token may be sent again, by a program that did not hear the answer."""
LONGEST_OVERLAP = timedelta(days=30)
"""How long a client's former secret may go on beside the new one."""
SECRET_BYTES = 32
MAX_QUERY = 1800
"""Characters of an authorization request: with its path it must pass through the sign-in page's `return_to`."""


class ClientKind(StrEnum):
    CONFIDENTIAL = "confidential"
    """Keeps a secret: a server."""
    PUBLIC = "public"
    """Cannot: an app on a phone or a desk, a page."""


class GrantType(StrEnum):
    CODE = "authorization_code"
    CREDENTIALS = "client_credentials"
    REFRESH = "refresh_token"


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    """Change things; whoever may write may read."""
    OFFLINE = "offline_access"
    """Go on without the person: a refresh token."""
    OPENID = "openid"
    """Learn who the person is: an ID token."""
    INTROSPECT = "introspect"
    """Ask about tokens of others; for resource servers of partners, in no token."""


OF_PEOPLE = (Scope.READ, Scope.WRITE, Scope.OFFLINE, Scope.OPENID)
OF_CLIENTS = (Scope.READ, Scope.WRITE)

_PLAIN = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()+,;=%-]{1,400}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?([/?].*|)")


def may_be_redirected_to(uri: str) -> bool:
    """Tell whether a client may register this address: https, or http on loopback (RFC 8252 §7.3)."""
    parts = urlsplit(uri) if _PLAIN.fullmatch(uri) else None
    if parts is None or ".." in parts.path:
        return False
    return bool(_LOOPBACK.fullmatch(uri)) or (parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)))


def is_registered(uri: str, registered: Iterable[str]) -> bool:
    """Compare exactly; on loopback any port will do, for an app takes one that is free."""
    asked = _LOOPBACK.fullmatch(uri) if _PLAIN.fullmatch(uri) else None
    if asked is None:
        return uri in registered
    return any(own and own.groups() == asked.groups() for own in map(_LOOPBACK.fullmatch, registered))


def form_target(uri: str) -> str:
    """Name a registered address in a content security policy, which knows no IPv6 addresses."""
    parts = urlsplit(uri)
    return "http:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}"


def allowed_scope(asked: str | None, allowed: Collection[str], default: Collection[str]) -> str | None:
    """Give the scope in one order, or None when more is asked than allowed; nothing asked: the default."""
    wanted = set((asked or "").split()) or set(default) & set(allowed)
    if not wanted or not wanted <= set(allowed):
        return None
    return " ".join(scope for scope in Scope if scope in wanted)


def sealed(successor: str, token: str) -> bytes:
    """Hide a refresh token so that only its predecessor opens it: the table alone is worth nothing."""
    return _seal(token).encrypt(successor.encode())


def unsealed(successor: bytes, token: str) -> str:
    return _seal(token).decrypt(successor).decode()


def _seal(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"successor of " + token.encode()).digest()))
