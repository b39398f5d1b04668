"""Reminders that wait for the day's digest of a person; without rows a restart would forget or repeat them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.notify.models import Row
from shared.db import moment


class DigestItem(Row, table=True):
    """One reminder to one person; its id is made of clock, date and person: however often it is heard of, it is one."""

    __tablename__ = "digest_items"
    __table_args__ = (
        Index("ix_digest_items_due", "send_at", "person_id", postgresql_where=text("notification_id is null")),
        Index("ix_digest_items_deadline", "deadline_id", postgresql_where=text("notification_id is null")),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID
    deadline_id: UUID
    area_code: str
    due_at: datetime = moment()
    what_en: str
    what_zh: str
    number: str
    key: str | None = None
    """The rule that set the date; unknown in rows older than the column, as is how it was counted."""
    explanation_en: str | None = None
    explanation_zh: str | None = None
    """How the date was counted; not for enterprises, to which it might tell how a matter began."""
    send_at: datetime = moment()
    notification_id: UUID | None = None
    """The message that told of it."""
    left_out_at: datetime | None = moment(nullable=True)
    """Since when nobody need be reminded: it is done, stands still, or has another date."""
