"""Lays facts by for each person, tells the first at once and the others together."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.gathering import queries
from services.notify.gathering.domain import NAMED, TEMPLATES, Gathered, Lane, limits, line, planned
from services.notify.gathering.models import GatheredLine
from services.notify.messages.actions import concerned, language_of, put, rendered, wording
from services.notify.messages.domain import mentioned, word
from services.notify.messages.models import Notification
from services.notify.people.models import Person
from services.notify.people.queries import names
from shared.contracts import inspection as facts
from shared.contracts.base import Envelope, Event
from shared.contracts.inspection import called
from shared.contracts.values import derived_id
from shared.db import raw_of
from shared.outbox import event_bytes
from shared.profile import Profile

_LAY_BY = """
insert into gathered_lines (id, person_id, template, lane, what, urgent, about_id, due_at, event_id, area_code, number,
                            fact, send_at, held, alone)
select id, person_id, template, lane, what,
       urgent or exists (select from listed_hazards as listed where listed.id = $14),
       about_id, due_at, $9, $10, $11, $12::text::jsonb, $13, false, false
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::uuid[], $8::timestamptz[])
    as given(id, person_id, template, lane, what, urgent, about_id, due_at)
on conflict do nothing
"""
_LEAVE_OUT = """
update gathered_lines set left_out_at = case when $3 and due_at = $4 then null else $2::timestamptz end
where about_id = $1 and told_at is null
"""
_ABOUT = {Lane.MISSED: "deadline", Lane.LETTERS: "letter", Lane.UNADDRESSED: "letter"}


async def lay_by(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Keep a line for everybody whom a fact concerns that is gathered; heard again it is the same."""
    if not isinstance(event, Gathered) or not (people := await concerned(tx, event)):
        return
    rows: list[tuple[Any, ...]] = []
    for person_id, (_, template) in people.items():
        each = line(template, event)
        line_id = derived_id("gathered line", each.about_id, each.due_at.isoformat(), person_id)
        rows.append(
            (line_id, person_id, template, each.lane, each.what, each.urgent, each.about_id, each.due_at),
        )
    said = (envelope.event_id, event.area_code, event.number, event_bytes(event).decode(), event.at)
    thing_id = event.object_id if isinstance(event, facts.DeadlineMissed) else None
    await (await raw_of(tx)).execute(_LAY_BY, *(list(column) for column in zip(*rows, strict=True)), *said, thing_id)


async def list_hazard(tx: AsyncSession, hazard_id: UUID) -> None:
    """Remember that a hazard is under listed supervision: what is late there is told at once."""
    await (await raw_of(tx)).execute("insert into listed_hazards (id) values ($1) on conflict do nothing", hazard_id)


async def delist_hazard(tx: AsyncSession, hazard_id: UUID) -> None:
    await (await raw_of(tx)).execute("delete from listed_hazards where id = $1", hazard_id)


async def leave_out(tx: AsyncSession, event: facts.DeadlineChanged) -> None:
    """Tell nobody any more what is true no longer; what is true again is told after all."""
    goes_on = event.turn in {facts.DeadlineTurn.RESUMED, facts.DeadlineTurn.MOVED}
    await (await raw_of(tx)).execute(_LEAVE_OUT, event.deadline_id, event.at, goes_on, event.due_at)


async def tell(tx: AsyncSession, person_id: UUID, lane: Lane, now: datetime) -> int:
    """Look after what waits for a person: tell the first, gather the others, tell them when their time has come.

    Gives about how many lines something was decided.
    """
    if not await queries.alone_with(tx, person_id):
        return 0
    allowed = limits(_rules(tx), now)
    new, held_until = await queries.fresh(tx, person_id, lane), await queries.held_until(tx, person_id, lane)
    recent = await queries.recent(tx, person_id, lane, now - allowed.window)
    plan = planned(new, held_until, recent, allowed, now)
    person = await tx.get(Person, person_id)
    for each in await queries.lines(tx, plan.alone) if plan.alone else ():
        notice = await _alone(tx, each, person, now)
        await _told(tx, [each.id], notice, now, alone=True)
    if plan.until > now:
        await _hold(tx, plan.others, plan.until)
        return len(new)
    together = await queries.waiting(tx, person_id, lane)
    if together:
        notice = await _together(tx, person_id, lane, person, together, now)
        await _told(tx, [each.id for each in together], notice, now, alone=False)
    return len(plan.alone) + len(together)


async def put_off(tx: AsyncSession, person_id: UUID, lane: Lane, now: datetime) -> None:
    """Try again later: a line that cannot be told must not hold up other people."""
    waits = (col(GatheredLine.told_at).is_(None), col(GatheredLine.send_at) <= now)
    whose = (col(GatheredLine.person_id) == person_id, col(GatheredLine.lane) == lane)
    later = now + limits(_rules(tx), now).window
    await tx.execute(update(GatheredLine).where(*whose, *waits).values(send_at=later))


async def _alone(tx: AsyncSession, one: GatheredLine, person: Person | None, now: datetime) -> Notification:
    event, language = queries.said(one), language_of(person)
    parties = await names(tx, mentioned(event))
    subject, body = wording(one.template, language, event, parties, _rules(tx).timezone)
    notice = Notification(
        id=derived_id("notice", one.event_id, one.person_id),
        event_id=one.event_id,
        person_id=one.person_id,
        template=one.template,
        language=language,
        subject=subject,
        body=body,
        about_type=_ABOUT[one.lane],
        about_id=one.about_id,
        created_at=now,
    )
    await put(tx, notice, person, one.area_code, derived_id("mail", one.event_id, one.person_id))
    return notice


async def _together(
    tx: AsyncSession,
    person_id: UUID,
    lane: Lane,
    person: Person | None,
    together: Sequence[queries.Waiting],
    now: datetime,
) -> Notification:
    shown = await queries.lines(tx, [each.id for each in together[:NAMED]])
    if len(together) == 1:
        return await _alone(tx, shown[0], person, now)
    language = language_of(person)
    subject, body = await _worded(tx, lane, language, together, shown)
    first = together[0].id
    notice = Notification(
        id=derived_id("gathered", first),
        event_id=derived_id("gathered of", first),
        person_id=person_id,
        template=TEMPLATES[lane],
        language=language,
        subject=subject,
        body=body,
        about_type=_ABOUT[lane],
        about_id=shown[0].about_id,
        created_at=now,
    )
    await put(tx, notice, person, shown[0].area_code, derived_id("gathered mail", first))
    return notice


async def _worded(
    tx: AsyncSession, lane: Lane, language: str, together: Sequence[queries.Waiting], shown: Sequence[GatheredLine]
) -> tuple[str, str]:
    said = [(each.template, queries.said(each)) for each in shown]
    kinds = Counter(each.what for each in together).most_common()
    mine = {UUID(what) for what, _ in kinds} if lane is Lane.UNADDRESSED else set[UUID]()
    parties = await names(tx, mine.union(*(mentioned(event) for _, event in said)))
    values: dict[str, Any] = {
        "count": len(together),
        "urgent": sum(each.urgent for each in together),
        "kinds": [(_kind(lane, what, language), count) for what, count in kinds],
        "lines": said,
    }
    return rendered(TEMPLATES[lane], language, parties, _rules(tx).timezone, values)


def _kind(lane: Lane, what: str, language: str) -> object:
    """Say by what lines are counted; of a party the page knows the name."""
    if lane is Lane.MISSED:
        return called(what)[0 if language == "en" else 1]
    return word(what, language) if lane is Lane.LETTERS else UUID(what)


async def _told(tx: AsyncSession, ids: Sequence[UUID], notice: Notification, now: datetime, *, alone: bool) -> None:
    told = {"told_at": now, "alone": alone, "notification_id": notice.id, "fact": null()}
    await tx.execute(update(GatheredLine).where(col(GatheredLine.id).in_(ids)).values(told))


async def _hold(tx: AsyncSession, ids: Sequence[UUID], until: datetime) -> None:
    if ids:
        await tx.execute(update(GatheredLine).where(col(GatheredLine.id).in_(ids)).values(held=True, send_at=until))


def _rules(tx: AsyncSession) -> Profile:
    rules: Profile = tx.info["profile"]
    return rules
