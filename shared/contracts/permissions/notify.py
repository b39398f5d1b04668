"""Who may hear of what happens; without it a subscription would be a way around every other row."""

from shared.contracts.permissions.row import SIGNED_IN, Scope, exactly, row
from shared.contracts.values import Role

_WATCHDOGS = (Role.UNION, Role.PROCURATOR, Role.DISCIPLINE)
_BODIES = (Role.PARTNER, Role.AGENCY, Role.ASSOCIATION, Role.INSURER, Role.COMMITTEE, *_WATCHDOGS)
_SUBSCRIBERS = (*_BODIES, exactly(Role.AUTHORITY), Role.AUTHORITY_HEAD)
"""Systems of bodies, and heads; a desk officer reads the console."""

ROWS = (
    row("message.read", "read messages", "查看消息", {Scope.OWN: (SIGNED_IN,)}),
    row(
        "feed.read",
        "read the feed of events",
        "读取事件流",
        {Scope.ANY: (SIGNED_IN,)},
        source="what the person's channels let through: events.md §6 (D)",
    ),
    row("subscription.keep", "subscribe to events", "订阅事件", {Scope.PARTY: _SUBSCRIBERS}),
    row("subscription.read", "see and end subscriptions", "查看和取消订阅", {Scope.PARTY: (SIGNED_IN,)}),
)
