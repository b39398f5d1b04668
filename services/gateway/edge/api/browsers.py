"""What browsers are told beyond every service's own headers; without it no map of a partner could show our data."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from services.gateway.edge.domain.routes import METHODS

ALWAYS_HTTPS = ((b"strict-transport-security", b"max-age=31536000"),)
"""Only where people reach us by https. Not for the hosts below ours, which may be somebody else's."""
SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID")
READABLE = ("ETag", "Idempotency-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")


def other_sites(origins: Sequence[str]) -> Middleware:
    """Let scripts of these sites use the API, and of no other (CORS).

    They bring a token of their own. Cookies are not let through, so that no foreign page acts as who is signed in here.
    """
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=sorted(METHODS),
        allow_headers=SENT,
        expose_headers=READABLE,
        allow_credentials=False,
        max_age=600,
    )
