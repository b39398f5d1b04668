"""What each filter of the list of hazards means in the database, and which filters are not everybody's."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import rules_of
from services.inspection.hazards.domain.kinds import KINDS
from services.inspection.hazards.domain.readers import Reader
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.seeing import within
from services.inspection.worklists.shapes.filters import Filters, HazardFilters, Part, Sort
from shared.auth import Actor
from shared.contracts.inspection import RIGHTS, HazardState
from shared.contracts.values import Role
from shared.errors import BadInput
from shared.searching import SHORTEST, folded, pairs

Condition = ColumnElement[bool]
_OWN = frozenset({"type", "state", "grade", "category", "q", "sort", "authority", "enterprise"})
"""What everybody is shown of a hazard that they see at all."""
_ASKED = {
    Reader.OFFICIAL: frozenset(HazardFilters.model_fields),
    Reader.ENTERPRISE: _OWN
    | {"suspension", "extension", "enforcement", "listing", "power", "stay", "recurrent", "self_governed"}
    | {"clock", "overdue", "due_before"},
    Reader.CLAIMANT: _OWN,
}
"""Filters by what this reader is shown: what cannot be read must not be found out by asking either."""
_NUMBER = re.compile(r"[a-z][0-9]{4}-[0-9]+")


def only_what_is_shown(reader: Reader, wanted: HazardFilters) -> None:
    """Refuse filters by what this reader is never shown."""
    given = {name for name, value in wanted if value is not None and value != ()}
    hidden = sorted(given - _ASKED[reader])
    if reader is Reader.CLAIMANT and wanted.sort is Sort.DUE:
        hidden.append("sort")
    if hidden:
        raise BadInput(
            "filter-not-yours",
            f"You cannot narrow this list by what you are not shown: {', '.join(hidden)}.",
            f"不能按您无权查看的内容筛选：{'、'.join(hidden)}。",
            filters=hidden,
        )


def states_of(wanted: HazardFilters, reader: Reader) -> frozenset[HazardState]:
    """Give the states that both filters by state allow, as this reader is told them.

    To an enterprise what was merged reads as suspected: it must not learn that somebody else reported the same (§9.1).
    """
    named = frozenset(wanted.state or HazardState)
    kinds = frozenset[HazardState]().union(*(KINDS[kind] for kind in wanted.type))
    states = named & kinds if wanted.type else named
    if reader is not Reader.ENTERPRISE:
        return states
    alike = {HazardState.MERGED} if HazardState.SUSPECTED in states else frozenset[HazardState]()
    return (states - {HazardState.MERGED}) | alike


def among(states: frozenset[HazardState], known: frozenset[HazardState]) -> list[Condition]:
    """Give the condition for the state of a hazard whose state is one of `known`: the shorter way to say it."""
    allowed, others = states & known, known - states
    if not others:
        return []
    if len(others) < len(allowed):
        return [col(Hazard.state).not_in(sorted(others))]
    return [col(Hazard.state) == next(iter(allowed)) if len(allowed) == 1 else col(Hazard.state).in_(sorted(allowed))]


def narrowed(tx: AsyncSession, who: Actor, reader: Reader, wanted: HazardFilters, now: datetime) -> list[Condition]:
    """Give a condition for each filter but those by state."""
    found: list[Condition] = []
    for name in ("category", "channel", "suspension", "extension", "enforcement", "listing", "power", "stay"):
        words: Sequence[Any] = getattr(wanted, name)
        column = col(getattr(Hazard, name))
        if words:
            found.append(column == words[0] if len(words) == 1 else column.in_(words))
    for name in ("grade", "enterprise_id", "recurrent", "self_governed"):
        value = getattr(wanted, name.removesuffix("_id"))
        if value is not None:
            found.append(col(getattr(Hazard, name)) == value)
    if wanted.escalation_at_least is not None:
        found.append(col(Hazard.escalation) >= wanted.escalation_at_least)
    if wanted.area is not None:
        found.append(within(wanted.area))
    if wanted.mine is not None:
        mine = col(Hazard.officer_ids).contains([who.id])
        found.append(mine if wanted.mine else ~mine)
    found += _by_authority(who, reader, wanted)
    found += between(tx, wanted, Hazard.registered_at)
    found += _own_clocks(who, wanted, now) if reader is Reader.ENTERPRISE else _clocks(wanted, now)
    if wanted.q is not None:
        found.append(_described(wanted.q))
    return found


def _by_authority(who: Actor, reader: Reader, wanted: HazardFilters) -> list[Condition]:
    authority, part = wanted.authority, wanted.part
    if part is not None and authority is None and Role.AUTHORITY in who.roles:
        authority = who.party_id
    if authority is None:
        if part is None:
            return []
        raise BadInput(
            "part-of-whom",
            "Name the authority whose part in it you mean.",
            "请指明该角色所属的部门。",
            filters=["part"],
        )
    if reader is not Reader.OFFICIAL:
        return [col(Hazard.lead_authority_id) == authority]
    handled = col(Hazard.handlers).contains([authority])
    match part:
        case Part.LEAD:
            return [handled, col(Hazard.lead_authority_id) == authority]
        case Part.HANDLING:
            return [handled, col(Hazard.handling_authority_id) == authority]
        case Part.ASSISTING:
            return [handled, col(Hazard.co_authority_ids).contains([str(authority)])]
        case None:
            return [handled]


def _clocks(wanted: HazardFilters, now: datetime) -> list[Condition]:
    """Narrow by the clocks that the hazard's own row knows."""
    found: list[Condition] = []
    if wanted.clock is not None:
        found.append(col(Hazard.clocks).contains([wanted.clock]))
    if wanted.overdue is not None:
        late = _runs_out_before(wanted.clock, now)
        found.append(late if wanted.overdue else ~late)
    if wanted.due_before is not None:
        found.append(_runs_out_before(wanted.clock, wanted.due_before))
    return found


def _runs_out_before(clock: str | None, at: datetime) -> Condition:
    """Give the condition that a clock runs out before an instant: the one of this key, or any.

    In words of which PostgreSQL has no statistics: it knows how many of all hazards are late and takes that for how
    many of the unfinished, a thirtieth of the truth. Knowing nothing it supposes half of them, and begins where the
    list begins.
    """
    first = func.coalesce(col(Hazard.next_due_at) < at, False)
    if clock is None:
        return first
    behind = select(Deadline.id).where(
        col(Deadline.object_id) == col(Hazard.id),
        col(Deadline.state) == DeadlineState.OPEN,
        col(Deadline.key) == clock,
        col(Deadline.due_at) < at,
    )
    return case((col(Hazard.next_due_key) == clock, first), else_=first & behind.exists())


def _own_clocks(who: Actor, wanted: HazardFilters, now: datetime) -> list[Condition]:
    """Narrow by the clocks that the enterprise owes; those that press on others are not its business."""
    if wanted.clock is None and wanted.overdue is None and wanted.due_before is None:
        return []
    owed = [col(Deadline.owed_by) == who.party_id]
    if wanted.clock is None:
        owed.append(col(Deadline.key).not_in(sorted(RIGHTS)))
    return due(wanted, now, Hazard.id, *owed)


def due(wanted: Filters, now: datetime, object_id: Any, *which: Condition) -> list[Condition]:
    """Give the conditions about the running clocks of an object, asked of the clocks themselves."""
    running = select(Deadline.id).where(
        col(Deadline.object_id) == object_id, col(Deadline.state) == DeadlineState.OPEN, *which
    )
    if wanted.clock is not None:
        running = running.where(col(Deadline.key) == wanted.clock)
    found: list[Condition] = [running.exists()] if wanted.clock is not None and not wanted.overdue else []
    if wanted.overdue is not None:
        late = running.where(col(Deadline.due_at) < now).exists()
        found.append(late if wanted.overdue else ~late)
    if wanted.due_before is not None:
        found.append(running.where(col(Deadline.due_at) < wanted.due_before).exists())
    return found


def between(tx: AsyncSession, wanted: Filters, at: Any) -> list[Condition]:
    """Give the condition that an instant lies within days of the county, both ends included."""
    zone = rules_of(tx).timezone
    found: list[Condition] = []
    if wanted.registered_from is not None:
        found.append(col(at) >= datetime.combine(wanted.registered_from, time.min, zone))
    if wanted.registered_to is not None:
        found.append(col(at) <= datetime.combine(wanted.registered_to, time.max, zone))
    return found


def number_in(q: str) -> str | None:
    """Give the number that somebody typed whole; None: it is a part of a text."""
    typed = folded(q)
    return typed.upper() if _NUMBER.fullmatch(typed) else None


def text_in(q: str) -> str:
    """Give the text that is looked for; raises 422 for one that every second row would hold."""
    typed = folded(q)
    if len(typed) < SHORTEST:
        raise BadInput(
            "search-too-short",
            f"Give at least {SHORTEST} characters of what you look for.",
            f"请至少输入{SHORTEST}个字。",
        )
    return typed


def _described(q: str) -> Condition:
    if (number := number_in(q)) is not None:
        return col(Hazard.number) == number
    typed = text_in(q)
    # Most texts hold it as it was typed; to spell a text anew takes ten times as long as to look into it.
    as_written = func.lower(col(Hazard.what)).contains(typed, autoescape=True)
    spelt = func.lower(func.normalize(col(Hazard.what), literal_column("NFKC"))).contains(typed, autoescape=True)
    return col(Hazard.pairs).contains(pairs(typed)) & (as_written | spelt)
