"""What each command must cause, and where; without this table an effect that nobody looks at could be lost unseen."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chaos.history import Deed, Effect
from chaos.live import Live
from e2e.county import uid

from shared.contracts.values import derived_id


def entry_of(claim_id: UUID) -> UUID:
    return derived_id("docket", claim_id)


def hazard_of(claim_id: UUID) -> UUID:
    return derived_id("hazard", entry_of(claim_id))


def words_of(addition_id: UUID) -> str:
    """Name an addition without a digit: numbers that look like a telephone's are blotted out."""
    return f"Seen again {addition_id.hex.translate(_LETTERS)}."


_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_ADDED = """
select translate(found[1], 'ghijklmnop', '0123456789')::uuid
from {table}, regexp_matches(what, 'Seen again ([a-p]{{32}})', 'g') as found
"""
_MOVED = "select object_id from history where verb = $1"
_TOLD = "select report_id from progress where fact = $1"
_NOTICED = "select about_id from notifications where template = $1 and person_id = $2"


def _moved(verb: str, *, hazard: bool = False) -> Effect:
    key = hazard_of if hazard else entry_of
    return Effect(f"history of {verb}", "inspection", _MOVED, (verb,), key)


def _told(fact: str) -> Effect:
    return Effect(f"word of {fact} to the reporter", "volunteer", _TOLD, (f"inspection.{fact}",))


def _noticed(template: str, person: str, *, hazard: bool = True) -> Effect:
    key = hazard_of if hazard else entry_of
    return Effect(f"{template} for {person}", "notify", _NOTICED, (template, UUID(uid(person))), key)


_CLAIMED = (
    Effect("docket entry", "inspection", "select claim_id from docket_entries"),
    _moved("receive"),
    _noticed("report_received", "desk", hazard=False),
)

EFFECTS: Mapping[Deed, tuple[Effect, ...]] = {
    Deed.REPORT: (Effect("report", "volunteer", "select id from reports"), *_CLAIMED, _told("report.received")),
    Deed.ADDITION: (
        Effect("words", "volunteer", _ADDED.format(table="reports")),
        Effect("words on the docket", "inspection", _ADDED.format(table="docket_entries")),
    ),
    Deed.ACCEPT: (
        _moved("accept"),
        Effect("hazard", "inspection", "select id from hazards", key=hazard_of),
        _told("report.accepted"),
    ),
    Deed.REJECT: (_moved("reject"), _told("report.rejected")),
    Deed.CONFIRM: (_moved("confirm", hazard=True), _moved("substantiate"), _told("report.substantiated")),
    Deed.ASSIGN: (
        _moved("assign", hazard=True),
        _told("hazard.assigned"),
        _noticed("hazard_assigned", "desk"),
        _noticed("hazard_assigned", "li"),
    ),
    Deed.ORDER: (
        _moved("order", hazard=True),
        Effect("order", "inspection", "select hazard_id from orders", key=hazard_of),
        _told("hazard.ordered"),
        _noticed("order_issued", "li"),
        _noticed("order_issued", "miller"),
    ),
    Deed.ANSWER: (_moved("answer"), _told("report.answered")),
    Deed.AUDIT: (Effect("audit", "thirdparty", "select id from audits"),),
    Deed.FINDING: (
        Effect("finding", "thirdparty", "select id from findings"),
        *_CLAIMED,
        Effect("reception told", "thirdparty", "select id from findings where state <> 'submitted'"),
    ),
    Deed.SELF_CHECK: (Effect("self-check", "registry", "select id from self_checks"),),
    Deed.DECLARED: (
        Effect("declared hazard", "registry", "select id from declared_hazards"),
        *_CLAIMED,
        Effect("reception told", "registry", "select id from declared_hazards where docket_state is not null"),
    ),
}
"""The first effect of each is the command's own row: an unknown command happened when it is there."""


async def seen_at(live: Live) -> dict[Effect, Counter[Any]]:
    """Count every effect in the services' databases."""
    seen: dict[Effect, Counter[Any]] = {}
    for effect in dict.fromkeys(effect for caused in EFFECTS.values() for effect in caused):
        rows = await live.rows(effect.service, effect.query, *effect.values)
        seen[effect] = Counter(next(iter(row.values())) for row in rows)
    return seen
