"""Who may see which clock, in the query itself; without it an enterprise could read what presses on its supervisors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, text, tuple_
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import GOING, Change, Deadline, DeadlineChange, DeadlineState
from services.inspection.deadlines.queries.running import rules_of
from services.inspection.deadlines.rungs import Clock, Rung, steps
from services.inspection.deadlines.shapes import ChangeView, DeadlineDetail, DeadlineLine, DeadlineList, RungView
from services.inspection.domain import Kind
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import RIGHTS, called
from shared.contracts.values import Grade, Role
from shared.db import table_of
from shared.errors import no_such
from shared.paging import mark, read_mark
from shared.permission import in_area

NUMBERED: Mapping[Kind, str] = {
    Kind.HAZARD: "hazards",
    Kind.ENTRY: "docket_entries",
    Kind.LETTER: "letters",
    Kind.MEETING: "meetings",
    Kind.COMMITTEE_TASK: "committee_tasks",
    Kind.JOINT_ACTION: "joint_actions",
    Kind.CAMPAIGN: "campaigns",
    Kind.TRANSFER: "transfers",
    Kind.DOCUMENT: "documents",
}
"""The tables of objects that have a number."""
_OPEN_TO_TOWNSHIPS = (Kind.HAZARD, Kind.VISIT)
"""What a township reads of others in its area; the docket and others' letters are closed to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of clocks is narrowed."""

    key: str | None = None
    overdue: bool | None = None
    owed_by: UUID | None = None
    due_before: datetime | None = None
    rung: Rung | None = None
    kind: Kind | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may see a clock: what presses on them, or on whom they supervise."""
    own = false() if who.party_id is None else col(Deadline.owed_by) == who.party_id
    hazards = _table("hazards")
    leads = (
        select_rows(hazards.c.id)
        .where(hazards.c.id == col(Deadline.object_id), hazards.c.lead_authority_id == who.party_id)
        .exists()
    )
    area = in_area(who, Deadline.area_code)
    if Role.COMMITTEE not in who.roles:
        area = own | (area & col(Deadline.object_kind).in_(_OPEN_TO_TOWNSHIPS))
    return permission.visible(who, "deadline.read", area=area, competent=own | leads, party=own)


async def visible(tx: AsyncSession, who: Actor, deadline_id: UUID) -> Deadline:
    """Give one clock, or the 404 that also answers for those one may not know of."""
    query = select(Deadline).where(col(Deadline.id) == deadline_id, visible_to(who))
    clock = (await tx.execute(query)).scalar_one_or_none()
    if clock is None:
        raise no_such("deadline", "期限")
    return clock


async def page(
    tx: AsyncSession, who: Actor, wanted: Wanted, after: str | None, limit: int, now: datetime
) -> DeadlineList:
    """List clocks that have not come to their end, the first to run out before the others."""
    order = tuple_(col(Deadline.due_at), col(Deadline.id))
    query = select(Deadline).where(visible_to(who), text(f"deadlines.{GOING}"), *_narrowed(wanted, now))
    if (place := read_mark(after, datetime, UUID)) is not None:
        query = query.where(order > place)
    query = query.order_by(col(Deadline.due_at), col(Deadline.id)).limit(limit + 1)
    found = (await tx.execute(query)).scalars().all()
    shown = found[:limit]
    known = await _known(tx, shown)
    last = shown[-1] if len(found) > limit else None
    return DeadlineList(
        items=[DeadlineLine.model_validate(_line(clock, known, now)) for clock in shown],
        next=last and mark(last.due_at, last.id),
    )


async def detail(tx: AsyncSession, clock: Deadline, now: datetime) -> DeadlineDetail:
    """Show one clock: what became of it, which rungs were fired for its present date, and which are still to come."""
    known = await _known(tx, [clock])
    query = select(DeadlineChange).where(col(DeadlineChange.deadline_id) == clock.id).order_by(col(DeadlineChange.id))
    changes = (await tx.execute(query)).scalars().all()
    fired = {each.rung: each.at for each in changes if each.what is Change.FIRED and each.due_at == clock.due_at}
    major = known.get(clock.object_id, {}).get("grade") == Grade.MAJOR
    plan = steps(rules_of(tx), Clock(clock.starts_at, clock.due_at, clock.rung, major=major, right=clock.key in RIGHTS))
    going = clock.state is DeadlineState.OPEN
    return DeadlineDetail.model_validate(
        {
            **_line(clock, known, now),
            "changes": [ChangeView.model_validate(each) for each in changes],
            "rungs": [
                RungView(rung=step.rung, at=step.at, fired_at=fired.get(step.rung))
                for step in plan
                if going or step.rung in fired
            ],
        }
    )


def _narrowed(wanted: Wanted, now: datetime) -> Iterator[ColumnElement[bool]]:
    for value, column in (
        (wanted.key, Deadline.key),
        (wanted.owed_by, Deadline.owed_by),
        (wanted.rung, Deadline.rung),
        (wanted.kind, Deadline.object_kind),
    ):
        if value is not None:
            yield col(column) == value
    if wanted.due_before is not None:
        yield col(Deadline.due_at) < wanted.due_before
    if wanted.overdue is not None:
        late = (col(Deadline.state) == DeadlineState.OPEN) & (col(Deadline.due_at) < now)
        late &= col(Deadline.key).not_in(sorted(RIGHTS))
        yield late if wanted.overdue else ~late


async def _known(tx: AsyncSession, clocks: Sequence[Deadline]) -> dict[UUID, Mapping[str, Any]]:
    """Give number and grade of what clocks are about, where it has them."""
    known: dict[UUID, Mapping[str, Any]] = {}
    for kind in {clock.object_kind for clock in clocks} & set(NUMBERED):
        table = _table(NUMBERED[kind])
        grade = [table.c.grade] if "grade" in table.columns else []
        ids = {clock.object_id for clock in clocks if clock.object_kind is kind}
        query = select_rows(table.c.id, table.c.number, *grade).where(table.c.id.in_(ids))
        known |= {row["id"]: dict(row) for row in (await tx.execute(query)).mappings()}
    return known


async def numbers_of(tx: AsyncSession, clocks: Sequence[Deadline]) -> dict[UUID, str]:
    """Give the numbers of what clocks are about, where they have one."""
    known = await _known(tx, clocks)
    return {each: row["number"] for each, row in known.items() if row["number"] is not None}


def _line(clock: Deadline, known: Mapping[UUID, Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    english, chinese = called(clock.key)
    return {
        **clock.model_dump(),
        "number": known.get(clock.object_id, {}).get("number"),
        "what_en": english,
        "what_zh": chinese,
        "overdue": clock.state is DeadlineState.OPEN and clock.due_at < now and clock.key not in RIGHTS,
    }


def _table(name: str) -> Table:
    """Give a table of a noun that stands above this one: its rows are only looked at."""
    return table_of(Deadline).metadata.tables[name]
