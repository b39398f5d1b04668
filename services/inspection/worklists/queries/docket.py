"""Which entries of the docket are on a list, in which order, and how they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Text, literal_column, or_
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines.queries import next_due
from services.inspection.docket.models import DONE_WITH, FINISHED, SPELT, UNFINISHED, Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.views import EntryPage
from services.inspection.holds.queries import held_by
from services.inspection.worklists.queries.narrowing import Condition, between, due, number_in, text_in
from services.inspection.worklists.queries.turning import Key, Run, Turning
from services.inspection.worklists.shapes.filters import EntryFilters, EntryKind, Sort
from shared.auth import Actor
from shared.contracts.inspection import ReportState
from shared.searching import doubled

_SAID = {False: literal_column(f"({UNFINISHED})", Boolean), True: literal_column(f"({FINISHED})", Boolean)}
_STATES = {False: frozenset(ReportState) - DONE_WITH, True: DONE_WITH}
_KINDS = {EntryKind.OPEN: _STATES[False], EntryKind.CLOSED: _STATES[True]}
_SPELT = literal_column(SPELT, Text)


@dataclass(frozen=True, slots=True)
class Listed:
    """What one person asked of the docket, as conditions; nothing has been looked up yet."""

    conditions: tuple[ColumnElement[bool], ...]
    turning: Turning
    halves: tuple[bool, ...]
    """Whether each run of the list is of what is finished."""


def listed(tx: AsyncSession, who: Actor, wanted: EntryFilters, now: datetime) -> Listed:
    """Read the filters; raises 403 for whoever may see no entry, and 422 for a search that is too short."""
    conditions = (entries.visible_to(who), *_narrowed(tx, wanted, now))
    kinds = frozenset[ReportState]().union(*(_KINDS[kind] for kind in wanted.type or EntryKind))
    states = kinds & frozenset(wanted.state or ReportState)
    halves = tuple(half for half in (False, True) if states & _STATES[half]) or (False,)
    runs = tuple(_run(wanted.sort, states, finished=half) for half in halves)
    return Listed(conditions, Turning(runs, merged=wanted.sort is not Sort.WAITING), halves)


async def page(tx: AsyncSession, who: Actor, asked: Listed, after: str | None, limit: int, now: datetime) -> EntryPage:
    """Give one page of the docket in two statements."""
    found = asked.turning.found(col(Report.id), asked.conditions, after, limit + 1)
    query = (
        select_columns(Report, next_due(Report.id).label("due"), held_by(who, Report.id, now).label("held_by"))
        .join(found, found.c.id == col(Report.id))
        .order_by(found.c.nth)
    )
    rows = (await tx.execute(query)).all()
    items = await entries.lines(tx, who, [(entry, due, held) for entry, due, held in rows[:limit]], now)
    following = None
    if len(rows) > limit:
        entry, due, _ = rows[limit - 1]
        run = 0 if asked.turning.merged else asked.halves.index(entry.state in DONE_WITH)
        place: dict[str, Any] = {**entry.model_dump(), "due": due, "calm": not entry.imminent_danger}
        following = asked.turning.mark(run, place)
    return EntryPage(items=items, next=following)


def _run(sort: Sort, states: frozenset[ReportState], *, finished: bool) -> Run:
    number = Key("id", col(Report.id), UUID)
    claimed = Key("claimed_at", col(Report.claimed_at), datetime)
    where: list[Condition] = [_SAID[finished]]
    if not states >= _STATES[finished]:
        where.append(col(Report.state).in_(sorted(states & _STATES[finished])))
    if sort is Sort.DUE:
        first = Key("due", next_due(Report.id), datetime)
        return Run([*where, first.column.is_not(None)], (first, number))
    if sort is Sort.NEWEST or finished:
        return Run(where, (claimed, number), falling=True)
    return Run(where, (Key("calm", ~col(Report.imminent_danger), bool), claimed, number))


def _narrowed(tx: AsyncSession, wanted: EntryFilters, now: datetime) -> list[Condition]:
    found: list[Condition] = []
    for name, words in (("category", wanted.category), ("channel", wanted.channel)):
        if words:
            found.append(col(getattr(Report, name)).in_(words))
    for name, value in (
        ("suspected_grade", wanted.grade),
        ("enterprise_id", wanted.enterprise),
        ("imminent_danger", wanted.imminent_danger),
        ("fatal", wanted.fatal),
    ):
        if value is not None:
            found.append(col(getattr(Report, name)) == value)
    if wanted.area is not None:
        found.append(col(Report.area_code).startswith(wanted.area, autoescape=True))
    if wanted.authority is not None:
        found.append(or_(col(Report.authority_id) == wanted.authority, col(Report.to_authority_id) == wanted.authority))
    if wanted.q is not None:
        found.append(_described(wanted.q))
    asks_for_a_clock = wanted.clock is not None or wanted.overdue is not None or wanted.due_before is not None
    return [*found, *between(tx, wanted, Report.claimed_at), *(due(wanted, now, Report.id) if asks_for_a_clock else ())]


def _described(q: str) -> Condition:
    if (number := number_in(q)) is not None:
        return col(Report.number) == number
    return _SPELT.contains(doubled(text_in(q)), autoescape=True)
