"""How often one may ask; without it passwords and the public intake could be tried by machine.

Counted in each process of the gateway by itself: with two of them, twice as much passes. What the limits protect from
is machines, which ask a thousand times as often as people.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from uuid import UUID

from shared.errors import TooMany

MAX_REMEMBERED = 10_000
"""A bound on memory: those who asked longest ago are forgotten first."""


class Flow(StrEnum):
    """What is counted by itself. Each name is that of a setting as well: `<name>_per_minute`."""

    REQUESTS = "requests"
    """Everything that somebody who signed in asks, by person or client."""
    PUBLIC_READS = "public_reads"
    """What everybody may read, by address."""
    ANONYMOUS = "anonymous"
    """Reports, additions and pictures by people who did not sign in, by address."""
    TRACKING = "tracking"
    """Look-ups by a tracking code, which could be guessed, by address."""
    BULK = "bulk"
    """Imports and exports, each of which is much work, by person or client."""
    SIGN_INS = "sign_ins"
    """Passwords, second factors and secrets of clients that are tried, by address."""


@dataclass(slots=True)
class Allowance:
    """A token bucket for each who asks: a minute's worth at once, then as many as a minute brings back."""

    per_minute: int
    flow: Flow = Flow.SIGN_INS
    _left: OrderedDict[UUID | str, tuple[float, datetime]] = field(
        default_factory=OrderedDict[UUID | str, tuple[float, datetime]]
    )

    def spend(self, who: UUID | str, now: datetime) -> int:
        """Take one and tell how many are left; raises `TooMany`, which says in how many seconds to come back.

        `who` is a person, a client, or the address of somebody unknown.
        """
        if isinstance(who, str):
            who = _neighbourhood(who)
        left, since = self._left.pop(who, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - since).total_seconds() * self.per_minute / 60)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        if len(self._left) > MAX_REMEMBERED:
            self._left.popitem(last=False)
        if not allowed:
            raise self._too_many(who, ceil((1 - left) * 60 / self.per_minute))
        return int(left - 1)

    def headers(self, left: int) -> list[tuple[bytes, bytes]]:
        """Say what is allowed and what is left of it, in the words of draft-ietf-httpapi-ratelimit-headers-10."""
        full_in_s = ceil((self.per_minute - left) * 60 / self.per_minute)
        return [
            (b"ratelimit-policy", b'"%b";q=%d;w=60' % (self.flow.encode(), self.per_minute)),
            (b"ratelimit", b'"%b";r=%d;t=%d' % (self.flow.encode(), left, full_in_s)),
        ]

    def _too_many(self, who: UUID | str, wait_s: int) -> TooMany:
        known = isinstance(who, UUID)
        return TooMany(
            "too-many-requests",
            f"Too many requests from {'you' if known else 'your address'}. Try again in {wait_s} seconds.",
            f"{'您' if known else '来自您所在地址'}的请求过多，请在 {wait_s} 秒后重试。",
            retry_after_s=wait_s,
            flow=self.flow.value,
            per_minute=self.per_minute,
        )


def _neighbourhood(address: str) -> str:
    """Give what one subscriber holds: an IPv4 address, or a /64 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address
