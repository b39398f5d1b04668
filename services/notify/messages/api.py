"""The inbox over HTTP."""

import base64
import json
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.notify.messages import actions, queries
from services.notify.messages.models import Notification
from services.notify.messages.queries import InboxMark
from shared.contracts.base import View
from shared.errors import Malformed
from shared.web import Now, Tx, Who

router = APIRouter(tags=["inbox"])


class NotificationView(View):
    id: UUID
    template: str
    language: str
    subject: str
    body: str
    about_type: str
    about_id: UUID
    created_at: datetime
    read_at: datetime | None


class InboxView(View):
    items: list[NotificationView]
    next: str | None
    unread: int


@router.get("/inbox")
async def inbox(
    who: Who, tx: Tx, limit: Annotated[int, Query(ge=1, le=200)] = 50, after: str | None = None
) -> InboxView:
    """List one's own messages: unread ones first, the newest first among each."""
    rows = await queries.inbox_of(tx, who.id, _read_mark(after), limit + 1)
    shown = rows[:limit]
    return InboxView(
        items=[NotificationView.model_validate(row) for row in shown],
        next=_mark(shown[-1]) if len(rows) > limit else None,
        unread=await queries.unread_count(tx, who.id),
    )


@router.post("/inbox/{notification_id}/read", response_model=NotificationView)
async def read(notification_id: UUID, who: Who, now: Now, tx: Tx) -> Notification:
    return await actions.mark_read(tx, who, notification_id, now)


def _mark(row: Notification) -> str:
    place = [row.read_at is not None, row.created_at.isoformat(), str(row.id)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read_mark(mark: str | None) -> InboxMark | None:
    if mark is None:
        return None
    try:
        was_read, created_at, last_id = json.loads(base64.urlsafe_b64decode(mark))
        return bool(was_read), datetime.fromisoformat(created_at).astimezone(UTC), UUID(last_id)
    except (ValueError, TypeError, AttributeError) as bad:
        raise Malformed("bad-cursor", "This page mark is not one of ours.", "分页标记无效。") from bad
