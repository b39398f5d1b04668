"""Lays reminders by, and makes one message a day of them for each person."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.digests import queries
from services.notify.digests.domain import TEMPLATE, Digest, Reminder, after, gathered, goes_out_at, waits
from services.notify.digests.models import DigestItem
from services.notify.messages.actions import pages
from services.notify.messages.domain import debtor
from services.notify.messages.models import Delivery, Notification
from services.notify.people.models import Person
from services.notify.people.queries import readers
from shared.contracts.inspection import DeadlineApproaching
from shared.contracts.values import derived_id
from shared.profile import Profile


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
            "send_at": goes_out_at(rules, event.at),
        }
        for person_id in sorted(people)
    ]
    if rows:
        await tx.execute(insert(DigestItem).values(rows).on_conflict_do_nothing())


async def send_digest(tx: AsyncSession, person_id: UUID, now: datetime) -> bool:
    """Write a person's digest of today, if there is one to write; a second one waits for the next working day."""
    items = await queries.items_due(tx, person_id, now)
    if not items:
        return False
    rules: Profile = tx.info["profile"]
    today = rules.local_day(now)
    if await queries.told_since(tx, person_id, datetime.combine(today, time(), rules.timezone)):
        for item in items:
            item.send_at = after(rules, today)
        return True
    person = await tx.get(Person, person_id)
    language = "en" if person and person.language.startswith("en") else "zh"
    digest = gathered([_reminder(item) for item in items], language)
    subject, body = _worded(digest, language, rules)
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
    tx.add(notice)
    await tx.flush()
    if person and person.email:
        mail = derived_id("digest mail", person_id, today)
        tx.add(Delivery(id=mail, area_code=items[0].area_code, notification_id=notice.id, next_at=now))
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
    )


def _worded(digest: Digest, language: str, rules: Profile) -> tuple[str, str]:
    def moment(at: datetime) -> str:
        return f"{at.astimezone(rules.timezone):%Y-%m-%d %H:%M}"

    text = pages().get_template(f"{TEMPLATE}.{language}.txt").render(digest=digest, moment=moment)
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()
