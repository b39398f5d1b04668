"""Fires what has fallen due, each rung once; without it a limit would pass and nobody would hear of it.

Many clocks in one transaction with a few statements: a hundred thousand may fall due with the end of one day. Row locks
share the work out among replicas: each takes what no other has (`skip locked`), and none waits for a lock, so that
no command that holds an object and waits for its clock can wait in a ring.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.models import Change, Deadline
from services.inspection.deadlines.queries import rules_of
from services.inspection.deadlines.queries.falling import due_now, enterprises_among, held
from services.inspection.deadlines.rungs import Clock, Rung, Step, passed
from services.inspection.domain import Kind
from shared.contracts.inspection import RIGHTS, DeadlineApproaching, DeadlineFact, DeadlineMissed, called
from shared.contracts.values import Grade
from shared.db import Aggregate, raw_of
from shared.outbox import emit_of_kept

Climb = Callable[[AsyncSession, Sequence[tuple[Deadline, Rung]], datetime], Awaitable[None]]
"""What else happens at rungs, in their transaction: the supervision ladder. Called once with every rung of each clock,
lower rungs first, after the facts were stated; clocks and objects are locked. The clocks are only to be read."""

Busy = Callable[[AsyncSession, Sequence[Deadline]], Awaitable[Collection[UUID]]]
"""Gives those clocks of which somebody is moving what they are about in the end, as the hazard behind a letter; of the
others it locks that."""

_TOLD: Mapping[Rung, type[DeadlineFact]] = {Rung.APPROACHING: DeadlineApproaching, Rung.MISSED: DeadlineMissed}
_MOVE_ON = """
update deadlines as kept set rung = given.rung, next_at = given.next_at, tries = 0
from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as given(id, rung, next_at) where kept.id = given.id
"""
_ASIDE = "update deadlines set next_at = $2 where id = any($1::uuid[])"
ASIDE = timedelta(seconds=1)
"""How long a clock steps aside whose object somebody moves while more is due than one batch takes."""
_CHANGE = ("deadline_id", "at", "what", "rung", "due_at", "reason_en", "reason_zh")
_REASONS: Mapping[Rung, tuple[str, str]] = {
    Rung.APPROACHING: ("The end was near: {at}.", "期限将至：{at}。"),
    Rung.MISSED: ("It ran out: {at}.", "期限届满未办结：{at}。"),
    Rung.REMINDER: ("Late long enough for a reminder: {at}.", "逾期达到提醒条件：{at}。"),
    Rung.WARNING: ("Late long enough for a warning: {at}.", "逾期达到警示条件：{at}。"),
    Rung.SUPERVISION: ("Late long enough for a supervision letter: {at}.", "逾期达到督办条件：{at}。"),
}


async def nothing_more(_tx: AsyncSession, _fallen: Sequence[tuple[Deadline, Rung]], _now: datetime) -> None:
    """Do nothing at a rung beyond telling."""


async def none_is(_tx: AsyncSession, _clocks: Sequence[Deadline]) -> Collection[UUID]:
    """Know of nothing behind what clocks are about."""
    return ()


@dataclass(frozen=True, slots=True)
class _Fallen:
    """A clock of which something fell due."""

    clock: Deadline
    steps: Sequence[Step]
    next_at: datetime | None
    said: dict[str, Any]
    """What its facts say."""


async def fire(
    tx: AsyncSession,
    objects: Mapping[Kind, type[Aggregate]],
    climb: Climb,
    others: Busy,
    now: datetime,
    taken: list[UUID],
    *,
    at_most: int,
    only: Collection[UUID] | None = None,
) -> list[Step]:
    """Fire every rung that has fallen due of clocks that nobody else is moving, those due longest first.

    `objects` are the tables of what clocks are about. What somebody moves at this moment is left for the next round.
    Into `taken` goes which clocks were taken, also when the rest fails. Gives the rungs that were fired.
    """
    clocks = await due_now(tx, now, at_most, only)
    taken += [clock.id for clock in clocks]
    known: dict[UUID, Mapping[str, Any]] = {}
    for kind in {clock.object_kind for clock in clocks}:
        ids = {clock.object_id for clock in clocks if clock.object_kind == kind}
        known |= await held(tx, objects[kind], ids)
    busy = {clock.id for clock in clocks if clock.object_id not in known}
    busy |= set(await others(tx, [clock for clock in clocks if clock.id not in busy]))
    if len(clocks) == at_most and busy:  # a full batch of them would come first each time, and no other would fire
        await (await raw_of(tx)).execute(_ASIDE, list(busy), now + ASIDE)
    clocks = [clock for clock in clocks if clock.id not in busy]
    enterprises = await enterprises_among(tx, {clock.owed_by for clock in clocks if clock.owed_by})
    fallen: list[_Fallen] = []
    for clock in clocks:
        thing = known[clock.object_id]
        major, right = thing["grade"] == Grade.MAJOR, clock.key in RIGHTS
        measured = Clock(clock.starts_at, clock.due_at, clock.rung, major=major, right=right)
        steps, next_at = passed(rules_of(tx), measured, now)
        fallen.append(_Fallen(clock, steps, next_at, _said(clock, thing, enterprises, now)))
    await _tell(tx, fallen, now)
    there = [(each.clock, step.rung) for rung in Rung for each in fallen for step in each.steps if step.rung == rung]
    if there:
        await climb(tx, there, now)
    return [step for each in fallen for step in each.steps]


async def _tell(tx: AsyncSession, fallen: Sequence[_Fallen], now: datetime) -> None:
    """Go up rung by rung, so that the facts of each clock come in order; then move the others on."""
    versions = {each.clock.id: each.clock.version for each in fallen}
    for rung in Rung:
        there = [each for each in fallen if any(step.rung == rung for step in each.steps)]
        if (fact := _TOLD.get(rung)) is not None:
            stated: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
            for each in there:
                versions[each.clock.id] += 1
                stated.append((_moved_on(each) | {"version": versions[each.clock.id]}, each.said))
            await emit_of_kept(tx, Deadline, fact, stated)
        await _keep(tx, rung, there, now)
    silent = [_moved_on(each) for each in fallen if not any(step.rung in _TOLD for step in each.steps)]
    if silent:
        columns = [[row[name] for row in silent] for name in ("id", "rung", "next_at")]
        await (await raw_of(tx)).execute(_MOVE_ON, *columns)


def _moved_on(each: _Fallen) -> dict[str, Any]:
    last = each.steps[-1].rung if each.steps else each.clock.rung
    return {"id": each.clock.id, "rung": last, "next_at": each.next_at, "tries": 0}


async def _keep(tx: AsyncSession, rung: Rung, there: Sequence[_Fallen], now: datetime) -> None:
    """Write down that the rung was fired, and why."""
    english, chinese = _REASONS[rung]
    zone = rules_of(tx).timezone
    rows: list[tuple[Any, ...]] = []
    for each in there:
        at = f"{next(step.at for step in each.steps if step.rung == rung).astimezone(zone):%Y-%m-%d %H:%M:%S}"
        rows.append(
            (each.clock.id, now, Change.FIRED, rung, each.clock.due_at, english.format(at=at), chinese.format(at=at))
        )
    if rows:
        await (await raw_of(tx)).copy_records_to_table("deadline_changes", records=rows, columns=_CHANGE)


def _said(clock: Deadline, thing: Mapping[str, Any], enterprises: Collection[UUID], now: datetime) -> dict[str, Any]:
    """Give what facts about a clock say, in the order of `DeadlineFact`."""
    english, chinese = called(clock.key)
    return {
        "at": now,
        "area_code": clock.area_code,
        "deadline_id": clock.id,
        "key": clock.key,
        "what_en": english,
        "what_zh": chinese,
        "object_kind": clock.object_kind,
        "object_id": clock.object_id,
        "number": thing["number"] or "",
        "grade": thing["grade"],
        "owed_by": clock.owed_by,
        "enterprise_id": clock.owed_by if clock.owed_by in enterprises else None,
        "lead_authority_id": thing["lead"],
        "starts_at": clock.starts_at,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "explanation_en": clock.explanation_en,
        "explanation_zh": clock.explanation_zh,
    }
