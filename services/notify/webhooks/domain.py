"""Which addresses may be called, when a call is tried again, what an answer means; pure, so every case is a test."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit
from uuid import UUID

from shared.errors import BadInput, Forbidden, Problem


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    """Switched off after long failure or by the endpoint's own 410; putting it again switches it on."""
    DELETED = "deleted"


class DeliveryState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


RETRY_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds after the first, second, … failure (the example schedule of Standard Webhooks 1.0.0)."""
LONG_FAILURE = timedelta(hours=120)
"""An endpoint that did nothing but fail for so long is switched off."""
LONGEST_PAUSE = timedelta(hours=24)

_NOT_REACHABLE = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
"""Beside what `is_global` knows: transition ranges that carry an inner IPv4 address, multicast, SRv6."""


def may_be_called(address: str, *, allow_loopback: bool = False) -> bool:
    """Tell whether a request may go to this address: public ones only, no way around through embedded forms."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if allow_loopback and ip.is_loopback:
        return True
    return ip.is_global and not any(ip in network for network in _NOT_REACHABLE)


def check_endpoint(url: str, *, allow_loopback: bool) -> Problem | None:
    """Say why a URL cannot be an endpoint, or None. Names are resolved and checked again at each call."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _unfit("is not a URL", "不是有效的网址")
    loopback = allow_loopback and _is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        return _unfit("must begin with https", "必须以 https 开头")
    if not host or port == 0 or not url.isascii() or any(mark.isspace() for mark in url):
        return _unfit("names no host", "没有有效的主机名")
    if "@" in parts.netloc or parts.fragment:
        return _unfit("must hold no user, password or fragment", "不得包含用户名、密码或片段")
    last = host.rstrip(".").rpartition(".")[2]
    literal = ":" in host or last.isdigit() or last.startswith("0x")
    if (literal or host.rstrip(".") == "localhost") and not loopback and not may_be_called(host):
        return _unfit("leads to an address that may not be called", "指向不允许访问的地址")
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _unfit(en: str, zh: str) -> BadInput:
    return BadInput("unfit-endpoint", f"The address of the endpoint {en}.", f"接收地址{zh}。")


def check_subscriber(party_id: UUID | None) -> Problem | None:
    """Say why this actor may not subscribe, or None; that the role may, the table of permissions says."""
    if party_id is None:
        return Forbidden(
            "may-not-subscribe",
            "Only those who act for an organisation may subscribe to events.",
            "只有代表单位的账号可以订阅事件。",
        )
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """How an endpoint answered. `status` None: it did not; `error` says how."""

    status: int | None
    duration_ms: int
    error: str | None = None
    retry_after_s: int | None = None

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 — RFC 9110: 2xx is success

    @property
    def unsubscribes(self) -> bool:
        return self.status == 410  # noqa: PLR2004 — Gone: CloudEvents and Standard Webhooks read it so


def try_again_at(now: datetime, delivery_id: UUID, attempts: int, retry_after_s: int | None) -> datetime | None:
    """Give the time of the next attempt, spread by up to a tenth either way, or None when it was the last."""
    if attempts > len(RETRY_S):
        return None
    spread = 0.9 + 0.2 * ((delivery_id.int + attempts * 7_919) % 1_000) / 1_000
    wait = timedelta(seconds=RETRY_S[attempts - 1] * spread)
    return now + max(wait, pause(retry_after_s))


def pause(retry_after_s: int | None) -> timedelta:
    """Give how long an endpoint asked to be left alone, within reason."""
    return min(timedelta(seconds=max(retry_after_s or 0, 0)), LONGEST_PAUSE)


def failed_too_long(failing_since: datetime | None, now: datetime) -> bool:
    return failing_since is not None and now - failing_since >= LONG_FAILURE
