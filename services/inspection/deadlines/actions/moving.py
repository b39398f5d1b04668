"""Moves the end of running clocks, and stops them for a while; without it a decision and its clock would disagree.

Whoever calls holds the lock of the clock's object, as for any other move.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.actions.taking_back import take_back
from services.inspection.deadlines.models import Change, Deadline, DeadlineChange, DeadlineState
from services.inspection.deadlines.queries import end_of, local_day, rules_of
from services.inspection.deadlines.queries.falling import fired_for
from services.inspection.deadlines.rungs import Clock, next_at
from services.inspection.domain import About
from shared.contracts.inspection import RIGHTS, DeadlineTurn
from shared.errors import Conflict
from shared.profile import Period, UnknownRule

Why = tuple[str, str]
"""The reason in English and Chinese."""
_TURNS = {Change.EXTENDED: DeadlineTurn.MOVED, Change.RESUMED: DeadlineTurn.RESUMED}


async def extend(tx: AsyncSession, about: About, key: str, last_day: date, why: Why, now: datetime) -> None:
    """Move a running or paused clock to the end of a local day. It goes on and does not start anew: its start stays.

    `why` says in English and Chinese by what it was moved. Nothing happens where the clock does not run.
    """
    due_at = end_of(tx, last_day)
    for clock in await _locked(tx, about, [key], DeadlineState.OPEN, DeadlineState.PAUSED):
        clock.explanation_en += f" {why[0]}: to the end of {last_day}."
        clock.explanation_zh += f"{why[1]}：至 {last_day} 终了。"
        clock.rules_hash, clock.provisional = None, False
        await put(tx, clock, due_at, Change.EXTENDED, why, now)
    await tx.flush()  # whoever looks next asks the database


async def extend_by(tx: AsyncSession, about: About, key: str, by: str, now: datetime) -> datetime:
    """Move the running clock `key` on by the period `by`, from its end; return when it runs out now.

    Raises 409 when it does not run, or has run out: what is late is not made punctual afterwards.
    """
    found = await _locked(tx, about, [key], DeadlineState.OPEN)
    if not found:
        raise Conflict("no-such-clock", "The deadline that would be extended does not run.", "没有可以延长的期限。")
    clock = found[0]
    if clock.due_at < now:
        raise Conflict("limit-passed", "The limit has passed already.", "期限已届满。", due_at=clock.due_at)
    more = rules_of(tx).due(by, clock.due_at)
    clock.provisional = clock.provisional or more.provisional
    clock.rules_hash = None
    clock.explanation_en = f"{clock.explanation_en} Extended: {more.explanation_en}"
    clock.explanation_zh = f"{clock.explanation_zh}延长：{more.explanation_zh}"
    await put(tx, clock, more.at, Change.EXTENDED, (more.explanation_en, more.explanation_zh), now)
    await tx.flush()
    return more.at


async def pause(
    tx: AsyncSession,
    about: About,
    keys: Collection[str],
    now: datetime,
    why: Why = ("Paused", "暂停计时"),
    *,
    since: datetime | None = None,
) -> None:
    """Stop running clocks for a while. One that has run out goes on being late.

    `since` is from when they do not run, where that was before now: what ran out after it was never late.
    """
    began = since or now
    day = local_day(tx, began)
    for clock in await _locked(tx, about, keys, DeadlineState.OPEN):
        if clock.due_at < began:
            continue
        clock.state, clock.paused_at, clock.next_at = DeadlineState.PAUSED, began, None
        clock.explanation_en += f" {why[0]}: paused on {day}."
        clock.explanation_zh += f"{why[1]}：自 {day} 起暂停。"
        _note(tx, clock, Change.PAUSED, clock.due_at, why, now)
        if clock.rung is not None:
            await take_back(tx, clock, DeadlineTurn.PAUSED, now)
    await tx.flush()


async def resume(
    tx: AsyncSession,
    about: About,
    keys: Collection[str],
    now: datetime,
    why: Why = ("Resumed", "恢复计时"),
    *,
    since: datetime | None = None,
) -> dict[str, datetime]:
    """Let paused clocks go on with what was left of them, in the unit of their rule; give when each runs out now.

    `since` is from when they run, where that was before now.
    """
    began = since or now
    day, ends = local_day(tx, began), dict[str, datetime]()
    for clock in await _locked(tx, about, keys, DeadlineState.PAUSED):
        due_at = _with_what_was_left(tx, clock, began)
        last_day = local_day(tx, due_at)
        clock.state, clock.paused_at = DeadlineState.OPEN, None
        clock.explanation_en += f" {why[0]} on {day} with what was left: to the end of {last_day}."
        clock.explanation_zh += f"{why[1]}：自 {day} 起继续计算，至 {last_day} 终了。"
        await put(tx, clock, due_at, Change.RESUMED, why, now)
        ends[clock.key] = due_at
    await tx.flush()
    return ends


async def put(tx: AsyncSession, clock: Deadline, due_at: datetime, what: Change, why: Why, now: datetime) -> None:
    """Give a clock another end: its rungs begin anew, but for those that were fired for that very date."""
    before, told = clock.due_at, clock.rung
    if due_at != before:
        clock.due_at, clock.rung, clock.tries = due_at, await fired_for(tx, clock.id, due_at), 0
    if clock.state is DeadlineState.OPEN:
        clock.next_at = next_at(rules_of(tx), Clock(clock.starts_at, due_at, clock.rung, right=clock.key in RIGHTS))
    _note(tx, clock, what, before, why, now)
    if what in _TURNS and (told is not None or clock.rung is not None):
        stands = clock.state is DeadlineState.PAUSED
        await take_back(tx, clock, DeadlineTurn.PAUSED if stands else _TURNS[what], now)


def _note(tx: AsyncSession, clock: Deadline, what: Change, before: datetime, why: Why, now: datetime) -> None:
    tx.add(
        DeadlineChange(
            deadline_id=clock.id,
            at=now,
            what=what,
            due_before=before,
            due_at=clock.due_at,
            reason_en=why[0],
            reason_zh=why[1],
        )
    )


def _with_what_was_left(tx: AsyncSession, clock: Deadline, now: datetime) -> datetime:
    """Count on from the day of going on: hours exactly, days by days, working days by working days."""
    assert clock.paused_at is not None, "only a paused clock goes on"
    rules, unit = rules_of(tx), unit_of(tx, clock)
    paused_on, today, last_day = (local_day(tx, at) for at in (clock.paused_at, now, clock.due_at))
    if unit == "hour":
        clock.rules_hash = None
        return now + (clock.due_at - clock.paused_at)
    if unit != "working_day":
        clock.rules_hash = None
        return end_of(tx, today + (last_day - paused_on))
    days = (paused_on + timedelta(days=n) for n in range(1, (last_day - paused_on).days + 1))
    clock.remaining = sum(rules.working_days.is_working(day) for day in days)
    clock.remaining_from = now
    counted = rules.working_days.add(today, clock.remaining)
    clock.provisional = counted.provisional
    return end_of(tx, counted.date)


def unit_of(tx: AsyncSession, clock: Deadline) -> str:
    """Give the unit of the rule that a clock follows; one that somebody decided, or that went on, follows none.

    Then it has days, for those end with the day; what ends at another moment has hours.
    """
    if clock.rules_hash is None:
        return "calendar_day" if clock.due_at == end_of(tx, local_day(tx, clock.due_at)) else "hour"
    try:
        rule = rules_of(tx).rule(clock.key, local_day(tx, clock.starts_at))
    except UnknownRule:
        return "calendar_day"
    return rule.unit if isinstance(rule, Period) else "calendar_day"


async def _locked(tx: AsyncSession, about: About, keys: Collection[str], *states: DeadlineState) -> Sequence[Deadline]:
    query = select(Deadline).where(
        col(Deadline.object_id) == about.id, col(Deadline.key).in_(keys), col(Deadline.state).in_(states)
    )
    if about.part_id is not None:
        query = query.where(col(Deadline.part_id) == about.part_id)
    locking = query.order_by(col(Deadline.id)).with_for_update().execution_options(populate_existing=True)
    return (await tx.execute(locking)).scalars().all()
