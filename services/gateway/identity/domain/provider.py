"""What ties an answer of the outside provider to the browser that asked; without it anybody's answer would do."""

import base64
import hashlib
import hmac
from datetime import timedelta

AWAY_FOR = timedelta(minutes=10)
"""How long a browser may stay at the provider."""


def verifier_of(cookie: str, state: str) -> str:
    """Give the PKCE verifier (RFC 7636): whoever has the state but not the cookie cannot redeem the code."""
    return _derived(cookie, b"verifier " + state.encode())


def nonce_of(cookie: str, state: str) -> str:
    return _derived(cookie, b"nonce " + state.encode())


def _derived(cookie: str, what: bytes) -> str:
    made = hmac.new(cookie.encode(), b"commonwatch provider " + what, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
