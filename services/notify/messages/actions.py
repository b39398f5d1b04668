"""Telling people, and their reading of it; without this file a fact would have nobody who heard of it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.messages.domain import GATHERED, known_anyway, mentioned, notices
from services.notify.messages.domain.words import word
from services.notify.messages.models import Delivery, Notification
from services.notify.people.models import Party, Person
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
    """Write one message per person who must know of this event, and one e-mail to send where there is an address.

    What comes in floods is gathered first, and not told here.
    """
    if type(event) in GATHERED or not (told := await concerned(tx, event)):
        return
    parties = await names(tx, mentioned(event))
    zone: ZoneInfo = tx.info["profile"].timezone
    rows = [_message(event, envelope, *pair, parties, zone) for pair in told.values()]
    about = (envelope.event_id, envelope.aggregate, envelope.aggregate_id, event.at, event.area_code)
    await (await raw_of(tx)).execute(_TELL, *(list(column) for column in zip(*rows, strict=True)), *about)


async def concerned(tx: AsyncSession, event: Event) -> dict[UUID, tuple[Reader, str]]:
    """Give each person who must know of an event, with the template that words it."""
    told: dict[UUID, tuple[Reader, str]] = {}
    for template, audience in notices(event):
        for reader in await readers(tx, audience, event.area_code, event.at):
            told.setdefault(reader.person_id, (reader, template))
    return told


async def put(tx: AsyncSession, notice: Notification, person: Person | None, area_code: str, mail_id: UUID) -> None:
    """Put one message into a person's inbox, and a mail of it to be sent if there is an address."""
    tx.add(notice)
    await tx.flush()
    if person and person.email:
        tx.add(Delivery(id=mail_id, area_code=area_code, notification_id=notice.id, next_at=notice.created_at))


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
    language = language_of(reader)
    notice_id = derived_id("notice", envelope.event_id, reader.person_id)
    mail_id = derived_id("mail", envelope.event_id, reader.person_id) if reader.email else None
    return notice_id, reader.person_id, template, language, *wording(template, language, event, parties, zone), mail_id


def language_of(person: Person | Reader | None) -> str:
    """Give the language in which somebody is written to, of the two that there are."""
    return "en" if person and person.language.startswith("en") else "zh"


def wording(template: str, language: str, event: Event, parties: dict[UUID, Party], zone: ZoneInfo) -> tuple[str, str]:
    """Word an event for a person."""
    return rendered(template, language, parties, zone, {"e": event, "known_anyway": known_anyway(event)})


def rendered(
    template: str, language: str, parties: dict[UUID, Party], zone: ZoneInfo, values: Mapping[str, Any]
) -> tuple[str, str]:
    """Word something for a person: the first line of the template is the subject, the rest the body."""

    def name(party_id: UUID | None) -> str:
        party = parties.get(party_id) if party_id else None
        if party is None:
            return "(name not known yet)" if language == "en" else "（名称待同步）"
        return " ".join((party.name_en if language == "en" else party.name_zh).split())

    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    def called(code: str) -> str:
        return word(code, language)

    page = pages().get_template(f"{template}.{language}.txt")
    text = page.render(name=name, moment=moment, word=called, **values)
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()


@cache
def pages() -> Environment:
    """Give the templates of all messages."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 — plain text mail, no markup is ever made of it
        trim_blocks=True,
        lstrip_blocks=True,
    )
