"""Telling people, and their reading of it; without this file a fact would have nobody who heard of it."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.messages.domain import known_anyway, mentioned, notices, word
from services.notify.messages.models import Delivery, DeliveryState, Notification
from services.notify.people.models import Party
from services.notify.people.queries import Reader, names, readers
from shared.auth import Actor
from shared.contracts.base import Envelope, Event
from shared.contracts.values import derived_id
from shared.db import table_of
from shared.errors import no_such

# Made once: a statement with its values in it would be compiled anew for every event.
_NOTICES = insert(table_of(Notification)).on_conflict_do_nothing()
_MAILS = insert(table_of(Delivery)).on_conflict_do_nothing()
TEMPLATES = Path(__file__).parent.parent / "templates"


async def tell_those_concerned(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Write one message per person who must know of this event, and one e-mail to send where there is an address."""
    wanted = notices(event)
    if not wanted:
        return
    told: dict[UUID, tuple[Reader, str]] = {}
    for template, audience in wanted:
        for reader in await readers(tx, audience, event.area_code):
            told.setdefault(reader.person_id, (reader, template))
    if not told:
        return
    parties = await names(tx, mentioned(event))
    zone: ZoneInfo = tx.info["profile"].timezone
    await tx.execute(_NOTICES, [_notification(event, envelope, *pair, parties, zone) for pair in told.values()])
    mails = [_delivery(event, envelope, reader.person_id) for reader, _ in told.values() if reader.email]
    if mails:
        await tx.execute(_MAILS, mails)


async def mark_read(tx: AsyncSession, who: Actor, notification_id: UUID, now: datetime) -> Notification:
    notification = await tx.get(Notification, notification_id, with_for_update=True)
    if notification is None or notification.person_id != who.id:
        raise no_such("message", "消息")
    if notification.read_at is None:
        notification.read_at = now
    return notification


def _notification(
    event: Event, envelope: Envelope, reader: Reader, template: str, parties: dict[UUID, Party], zone: ZoneInfo
) -> dict[str, Any]:
    language = "en" if reader.language.startswith("en") else "zh"
    subject, body = wording(template, language, event, parties, zone)
    return {
        "id": derived_id("notice", envelope.event_id, reader.person_id),
        "event_id": envelope.event_id,
        "person_id": reader.person_id,
        "template": template,
        "language": language,
        "subject": subject,
        "body": body,
        "about_type": envelope.aggregate,
        "about_id": envelope.aggregate_id,
        "created_at": event.at,
    }


def _delivery(event: Event, envelope: Envelope, person_id: UUID) -> dict[str, Any]:
    return {
        "id": derived_id("mail", envelope.event_id, person_id),
        "version": 0,
        "area_code": event.area_code,
        "notification_id": derived_id("notice", envelope.event_id, person_id),
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "next_at": event.at,
    }


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
