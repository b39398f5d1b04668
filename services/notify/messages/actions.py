"""Telling people, and their reading of it; without this file a fact would have nobody who heard of it."""

from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.messages.domain import known_anyway, mentioned, notices
from services.notify.messages.domain.words import word
from services.notify.messages.models import Notification
from services.notify.people.models import Party
from services.notify.people.queries import Reader, names, readers
from shared.auth import Actor
from shared.contracts.base import Envelope, Event
from shared.contracts.values import derived_id
from shared.db import raw_of
from shared.errors import no_such

_TELL = """
with given as (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[])
        as g(id, person_id, template, language, subject, body, mail_id)
), told as (
    insert into notifications (id, person_id, template, language, subject, body, event_id, about_type, about_id,
                               created_at)
    select id, person_id, template, language, subject, body, $8, $9, $10, $11 from given
    on conflict do nothing
)
insert into deliveries (id, version, area_code, notification_id, state, attempts, next_at)
select mail_id, 0, $12, id, 'pending', 0, $11 from given where mail_id is not null
on conflict do nothing
"""
TEMPLATES = Path(__file__).parent.parent / "templates"


async def tell_those_concerned(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Write one message per person who must know of this event, and one e-mail to send where there is an address."""
    wanted = notices(event)
    if not wanted:
        return
    told: dict[UUID, tuple[Reader, str]] = {}
    for template, audience in wanted:
        for reader in await readers(tx, audience, event.area_code, event.at):
            told.setdefault(reader.person_id, (reader, template))
    if not told:
        return
    parties = await names(tx, mentioned(event))
    zone: ZoneInfo = tx.info["profile"].timezone
    rows = [_message(event, envelope, *pair, parties, zone) for pair in told.values()]
    about = (envelope.event_id, envelope.aggregate, envelope.aggregate_id, event.at, event.area_code)
    await (await raw_of(tx)).execute(_TELL, *(list(column) for column in zip(*rows, strict=True)), *about)


async def mark_read(tx: AsyncSession, who: Actor, notification_id: UUID, now: datetime) -> Notification:
    notification = await tx.get(Notification, notification_id, with_for_update=True)
    if notification is None or notification.person_id != who.id:
        raise no_such("message", "消息")
    if notification.read_at is None:
        notification.read_at = now
    return notification


def _message(
    event: Event, envelope: Envelope, reader: Reader, template: str, parties: dict[UUID, Party], zone: ZoneInfo
) -> tuple[UUID, UUID, str, str, str, str, UUID | None]:
    """Give the columns of one message, and the id of its mail if there is an address."""
    language = "en" if reader.language.startswith("en") else "zh"
    notice_id = derived_id("notice", envelope.event_id, reader.person_id)
    mail_id = derived_id("mail", envelope.event_id, reader.person_id) if reader.email else None
    return notice_id, reader.person_id, template, language, *wording(template, language, event, parties, zone), mail_id


def wording(template: str, language: str, event: Event, parties: dict[UUID, Party], zone: ZoneInfo) -> tuple[str, str]:
    """Word an event for a person: the first line of the template is the subject, the rest the body."""

    def name(party_id: UUID | None) -> str:
        party = parties.get(party_id) if party_id else None
        if party is None:
            return "(name not known yet)" if language == "en" else "（名称待同步）"
        return " ".join((party.name_en if language == "en" else party.name_zh).split())

    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    def put(code: str) -> str:
        return word(code, language)

    page = _pages().get_template(f"{template}.{language}.txt")
    text = page.render(
        e=event,
        name=name,
        moment=moment,
        word=put,
        known_anyway=known_anyway(event),
    )
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 — plain text mail, no markup is ever made of it
        trim_blocks=True,
        lstrip_blocks=True,
    )
