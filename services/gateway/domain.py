"""How often one address may ask; without it passwords and the public intake could be tried by machine."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from shared.errors import TooMany

MAX_ADDRESSES = 10_000
"""A bound on memory: the addresses that asked longest ago are forgotten first."""


@dataclass(slots=True)
class Allowance:
    """A token bucket per address: a minute's worth at once, then as many as a minute brings back."""

    per_minute: int
    _left: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict[str, tuple[float, datetime]])

    def spend(self, address: str, now: datetime) -> None:
        """Take one; raises `TooMany`, which says in how many seconds to come back."""
        who = _neighbourhood(address)
        left, since = self._left.pop(who, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - since).total_seconds() * self.per_minute / 60)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        if len(self._left) > MAX_ADDRESSES:
            self._left.popitem(last=False)
        if not allowed:
            wait_s = ceil((1 - left) * 60 / self.per_minute)
            raise TooMany(
                "too-many-requests",
                f"Too many requests from your address. Try again in {wait_s} seconds.",
                f"来自您所在地址的请求过多，请在 {wait_s} 秒后重试。",
                retry_after_s=wait_s,
            )


def _neighbourhood(address: str) -> str:
    """Give what one subscriber holds: an IPv4 address, or a /64 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address
