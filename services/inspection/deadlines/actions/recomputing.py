"""Computes dates anew when a calendar is published or a rule changes; without it clocks would run by an old book.

What somebody decided stays decided. A date that has been missed stays missed: its new date and the reason are kept
beside it. Like firing, it waits for no lock: what somebody moves at this moment is left for the next pass.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.actions.moving import put
from services.inspection.deadlines.actions.taking_back import take_back
from services.inspection.deadlines.models import Change, Deadline
from services.inspection.deadlines.queries import end_of, local_day, rules_of
from services.inspection.deadlines.queries.falling import Candidate, computed_otherwise, held, locked, unscheduled
from services.inspection.deadlines.rungs import Clock, Rung, next_at
from services.inspection.domain import Kind
from shared.contracts.inspection import RIGHTS, DeadlineTurn
from shared.db import Aggregate
from shared.profile import UnknownRule, WrongUnit

Moved = Callable[[AsyncSession, Kind, Collection[UUID]], Awaitable[None]]
"""Told of which objects clocks got another date: lists keep copies."""


@dataclass(frozen=True, slots=True)
class Pass:
    """How far a look at all running clocks has come."""

    after: UUID | None
    """The last that was looked at; None: all were."""
    changed: int = 0
    left_out: int = 0
    """Whose objects somebody moved at that moment."""


@dataclass(frozen=True, slots=True)
class _Anew:
    at: datetime
    provisional: bool
    explanation: tuple[str, str]


async def recompute(
    tx: AsyncSession,
    objects: Mapping[Kind, type[Aggregate]],
    moved: Moved,
    after: UUID | None,
    now: datetime,
    *,
    at_most: int,
) -> Pass:
    """Look at the next clocks whose date was provisional, or came from other rules; move those that are due otherwise.

    `after` is where the last call came to.
    """
    candidates = await computed_otherwise(tx, after, at_most)
    changed: dict[Kind, set[UUID]] = {}
    left_out = 0
    for kind in sorted({each.object_kind for each in candidates}):
        here: list[Candidate] = [each for each in candidates if each.object_kind == kind]
        free = await held(tx, objects[kind], {each.object_id for each in here})
        left_out += sum(each.object_id not in free for each in here)
        for clock in await locked(tx, {each.id for each in here if each.object_id in free}):
            if await _counted_anew(tx, clock, now):
                changed.setdefault(kind, set()).add(clock.object_id)
    await tx.flush()
    for kind, ids in changed.items():
        await moved(tx, kind, ids)
    last = candidates[-1].id if len(candidates) == at_most else None
    return Pass(last, sum(map(len, changed.values())), left_out)


async def schedule(tx: AsyncSession, *, at_most: int) -> int:
    """Give clocks that an older version of this service wrote their next instant; tell how many there were."""
    clocks = await unscheduled(tx, at_most)
    for clock in clocks:
        clock.next_at = next_at(rules_of(tx), Clock(clock.starts_at, clock.due_at, right=clock.key in RIGHTS))
    return len(clocks)


async def _counted_anew(tx: AsyncSession, clock: Deadline, now: datetime) -> bool:
    """Move one clock to where the rules have it now; tell whether that is another date."""
    rules = rules_of(tx)
    by_other_rules, clock.rules_hash = clock.rules_hash != rules.content_hash, rules.content_hash
    try:
        anew = _by_the_rules(tx, clock)
    except (UnknownRule, WrongUnit):  # the rule is gone: what was promised by it stands
        return False
    before, today = clock.due_at, local_day(tx, now)
    due_at = anew.at
    if before >= now > due_at:  # nobody is made late by a change that comes after the day
        due_at = end_of(tx, today)
    settled, clock.provisional = clock.provisional and not anew.provisional, anew.provisional
    if due_at == before:
        if settled or by_other_rules:
            clock.explanation_en, clock.explanation_zh = anew.explanation
        return False
    was, new = (at.astimezone(rules.timezone).strftime("%Y-%m-%d %H:%M") for at in (before, due_at))
    english = f"Computed anew on {today}, for the calendar or the rules have changed: it was {was}, it is {new}."
    chinese = f"因放假安排或规则变化于 {today} 重新计算：原为 {was}，现为 {new}。"
    rung = clock.rung
    if rung is not None and rung is not Rung.APPROACHING:
        english, chinese = f"{english} It was missed under the old date.", f"{chinese}按原期限已逾期。"
    clock.explanation_en = f"{anew.explanation[0]} {english}"
    clock.explanation_zh = f"{anew.explanation[1]}{chinese}"
    await put(tx, clock, due_at, Change.RECOMPUTED, (english, chinese), now)
    if rung is not None and rung is not Rung.APPROACHING:
        clock.rung = rung
        clock.next_at = next_at(rules, Clock(clock.starts_at, due_at, rung, right=clock.key in RIGHTS))
    elif rung is not None or clock.rung is not None:
        await take_back(tx, clock, DeadlineTurn.MOVED, now)
    return True


def _by_the_rules(tx: AsyncSession, clock: Deadline) -> _Anew:
    rules = rules_of(tx)
    if clock.remaining is None or clock.remaining_from is None:
        due = rules.due(clock.key, clock.starts_at)
        return _Anew(due.at, due.provisional, (due.explanation_en, due.explanation_zh))
    counted = rules.working_days.add(local_day(tx, clock.remaining_from), clock.remaining)
    return _Anew(end_of(tx, counted.date), counted.provisional, (clock.explanation_en, clock.explanation_zh))
