"""Which hazards are on a list, in which order, and how each reader is shown them."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, literal_column
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines.queries import next_due
from services.inspection.hazards.domain.kinds import DONE_WITH
from services.inspection.hazards.domain.readers import Reader, reader_of
from services.inspection.hazards.models import FINISHED, UNFINISHED, WITH_CLOCK, Hazard
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.queries.lines import lines
from services.inspection.hazards.queries.seeing import visible_to
from services.inspection.hazards.shapes.views import (
    ClaimantHazardView,
    HazardLine,
    HazardPage,
    HazardShown,
    OwnHazardView,
)
from services.inspection.worklists.queries.narrowing import among, narrowed, only_what_is_shown, states_of
from services.inspection.worklists.queries.turning import Key, Run, Turning
from services.inspection.worklists.shapes.filters import HazardFilters, Sort
from shared.auth import Actor
from shared.contracts.inspection import RIGHTS, HazardState

_LINE: dict[Reader, type[HazardShown]] = {
    Reader.OFFICIAL: HazardLine,
    Reader.ENTERPRISE: OwnHazardView,
    Reader.CLAIMANT: ClaimantHazardView,
}
_UNFINISHED, _FINISHED, WITH_A_CLOCK = (
    literal_column(f"({said})", Boolean) for said in (UNFINISHED, FINISHED, WITH_CLOCK)
)
_HALF = {True: DONE_WITH, False: frozenset(HazardState) - DONE_WITH}


@dataclass(frozen=True, slots=True)
class Listed:
    """What one person asked of the list of hazards, as conditions; nothing has been looked up yet."""

    who: Actor
    reader: Reader
    conditions: tuple[ColumnElement[bool], ...]
    states: frozenset[HazardState]
    by_clock: bool
    """Whether only what has a clock running is asked for."""
    sort: Sort

    @property
    def halves(self) -> tuple[bool, ...]:
        """Give whether each run of the list is of what is finished; of no state at all it is the worklist, empty."""
        return tuple(half for half in (False, True) if self.states & _HALF[half]) or (False,)

    def half(self, finished: bool) -> list[ColumnElement[bool]]:
        """Give the conditions for one half of the list besides those for both."""
        given = among(self.states, _HALF[finished])
        if not finished:
            return [_UNFINISHED, *given]
        # Few of those that are finished have a clock, and these have an index of their own.
        return [_FINISHED, *given, *([WITH_A_CLOCK] if self.by_clock else [])]


def listed(tx: AsyncSession, who: Actor, wanted: HazardFilters, now: datetime, verb: str = "hazard.read") -> Listed:
    """Read the filters; raises 403 for whoever may see no hazard, and 422 for a filter that is not this person's."""
    seen = visible_to(who, verb)
    reader = reader_of(who.roles)
    only_what_is_shown(reader, wanted)
    by_clock = wanted.clock is not None or wanted.overdue is True or wanted.due_before is not None
    conditions = (seen, *narrowed(tx, who, reader, wanted, now))
    return Listed(who, reader, conditions, states_of(wanted, reader), by_clock, wanted.sort)


async def page(tx: AsyncSession, asked: Listed, after: str | None, limit: int, now: datetime) -> HazardPage:
    """Give one page of the list as its reader sees it: in two statements, whatever was asked for."""
    turning = turning_of(asked)
    found = turning.found(col(Hazard.id), asked.conditions, after, limit + 1)
    standing = await knowing.standing_without(tx, asked.who, now)
    rows = await lines(tx, asked.who, found, now)
    shown = rows[:limit]
    standing = replace(standing, stepped_aside=frozenset(row["id"] for row in shown if row["keeps_out"]))
    if standing.asks_for_industries:
        standing = replace(standing, industries={row["enterprise_id"]: row["industry"] or "" for row in shown})
    in_archive = bool(shown) and shown[-1]["state"] in DONE_WITH  # before it is shown as its reader may know it
    items = [_line(asked, row, standing, now) for row in shown]
    following = None
    if len(rows) > limit:
        run = 0 if turning.merged else asked.halves.index(in_archive)
        following = turning.mark(run, {**shown[-1], "calm": not shown[-1]["imminent_danger"]})
    return HazardPage.model_construct(items=items, next=following)


def turning_of(asked: Listed) -> Turning:
    """Give the order of the list. Who is not told when something was claimed gets no order that tells it."""
    number, serial = Key("id", col(Hazard.id), UUID), Key("serial", col(Hazard.serial), int)
    official = asked.reader is Reader.OFFICIAL
    newest = (Key("registered_at", col(Hazard.registered_at), datetime), number) if official else (serial,)
    waiting = newest
    if official:
        calm = Key("calm", ~col(Hazard.imminent_danger), bool)
        waiting = (calm, Key("claimed_at", col(Hazard.claimed_at), datetime), number)
    first = Key("due", due_of(asked), datetime)
    runs: list[Run] = []
    for finished in asked.halves:
        where = asked.half(finished)
        if asked.sort is Sort.DUE:
            told = WITH_A_CLOCK if official else first.column.is_not(None)
            runs.append(Run([*where, told], (first, number if official else serial)))
        elif asked.sort is Sort.NEWEST or finished:
            runs.append(Run(where, newest, falling=True))
        else:
            runs.append(Run(where, waiting))
    return Turning(tuple(runs), merged=asked.sort is not Sort.WAITING)


def due_of(asked: Listed) -> Any:
    """Give when the first clock runs out that this reader is told of."""
    if asked.reader is Reader.ENTERPRISE:
        return next_due(Hazard.id, asked.who.party_id, RIGHTS)
    return col(Hazard.next_due_at)


def _line(asked: Listed, row: dict[str, Any], standing: knowing.Standing, now: datetime) -> HazardShown:
    hazard = cast("Hazard", SimpleNamespace(**row))
    row["offers"] = knowing.offers(asked.who, hazard, standing)
    if asked.reader is Reader.ENTERPRISE:
        if row["state"] == HazardState.MERGED:
            row["state"] = HazardState.SUSPECTED  # as in the hazard itself: the word would tell of another report
        clock: dict[str, str] | None = row["own_clock"]
        row["due"] = None if clock is None else datetime.fromisoformat(clock["at"])
        row["next_due_key"] = None if clock is None else clock["key"]
    else:
        row["due"] = row["next_due_at"]
    due: datetime | None = row["due"]
    row["next_due"], row["overdue"] = due, due is not None and due < now
    return _LINE[asked.reader].model_validate(row)
