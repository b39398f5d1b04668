"""Lays reminders by, and makes one message a day of them for each person."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.digests import queries
from services.notify.digests.domain import TEMPLATE, Reminder, after, gathered, goes_out_at, waits
from services.notify.digests.models import DigestItem
from services.notify.gathering.queries import alone_with
from services.notify.messages.actions import language_of, put, rendered
from services.notify.messages.domain import debtor
from services.notify.messages.models import Notification
from services.notify.people.models import Person
from services.notify.people.queries import readers
from shared.contracts.inspection import DeadlineApproaching, DeadlineChanged, DeadlineTurn
from shared.contracts.values import derived_id
from shared.db import raw_of
from shared.profile import Profile

AGAIN = timedelta(minutes=5)
_LEAVE_OUT = """
update digest_items
set left_out_at = case when $3 and due_at = $4 then null else $2::timestamptz end,
    send_at = case when $3 and due_at = $4 and left_out_at is not null then greatest(send_at, $5) else send_at end
where deadline_id = $1 and notification_id is null
"""


async def lay_by(tx: AsyncSession, event: DeadlineApproaching) -> None:
    """Keep a reminder for the next digest of everybody who owes what it is about; heard again it is the same."""
    if not waits(event):
        return
    rules: Profile = tx.info["profile"]
    people = {each.person_id for group in debtor(event) for each in await readers(tx, group, event.area_code, event.at)}
    rows = [
        {
            "id": derived_id("digest item", event.deadline_id, event.due_at.isoformat(), person_id),
            "person_id": person_id,
            "deadline_id": event.deadline_id,
            "area_code": event.area_code,
            "due_at": event.due_at,
            "what_en": event.what_en,
            "what_zh": event.what_zh,
            "number": event.number,
            "key": event.key,
            "explanation_en": None if event.enterprise_id else event.explanation_en,
            "explanation_zh": None if event.enterprise_id else event.explanation_zh,
            "send_at": goes_out_at(rules, event.at),
        }
        for person_id in sorted(people)
    ]
    if rows:
        await tx.execute(insert(DigestItem).values(rows).on_conflict_do_nothing())


async def put_off(tx: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Try a person's digest again a little later."""
    waits = (col(DigestItem.notification_id).is_(None), col(DigestItem.send_at) <= now)
    later = update(DigestItem).where(col(DigestItem.person_id) == person_id, *waits).values(send_at=now + AGAIN)
    await tx.execute(later)


async def leave_out(tx: AsyncSession, event: DeadlineChanged) -> None:
    """Remind nobody of what is done, stands still or has another date; what is as it was told is told after all."""
    rules: Profile = tx.info["profile"]
    goes_on = event.turn in {DeadlineTurn.RESUMED, DeadlineTurn.MOVED}
    values = (event.deadline_id, event.at, goes_on, event.due_at, goes_out_at(rules, event.at))
    await (await raw_of(tx)).execute(_LEAVE_OUT, *values)


async def send_digest(tx: AsyncSession, person_id: UUID, now: datetime) -> bool:
    """Write a person's digest of today, if there is one to write; a second one waits for the next working day."""
    if not await alone_with(tx, person_id) or not (items := await queries.items_due(tx, person_id, now)):
        return False
    rules: Profile = tx.info["profile"]
    today = rules.local_day(now)
    if await queries.told_since(tx, person_id, datetime.combine(today, time(), rules.timezone)):
        for item in items:
            item.send_at = after(rules, today)
        return True
    person = await tx.get(Person, person_id)
    language = language_of(person)
    digest = gathered([_reminder(item) for item in items], language)
    subject, body = rendered(TEMPLATE, language, {}, rules.timezone, {"digest": digest})
    notice = Notification(
        id=derived_id("digest", person_id, today),
        event_id=derived_id("digest of", person_id, today),
        person_id=person_id,
        template=TEMPLATE,
        language=language,
        subject=subject,
        body=body,
        about_type="deadline",
        about_id=digest.nearest[0].deadline_id,
        created_at=now,
    )
    await put(tx, notice, person, items[0].area_code, derived_id("digest mail", person_id, today))
    for item in items:
        item.notification_id = notice.id
    return True


def _reminder(item: DigestItem) -> Reminder:
    return Reminder(
        deadline_id=item.deadline_id,
        due_at=item.due_at,
        what_en=item.what_en,
        what_zh=item.what_zh,
        number=item.number,
        key=item.key,
        explanation_en=item.explanation_en,
        explanation_zh=item.explanation_zh,
    )
