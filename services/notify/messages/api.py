"""The inbox over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.notify.messages import actions, queries
from services.notify.messages.models import Notification
from shared.contracts.base import View
from shared.paging import mark, read_mark
from shared.permission import allowed
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


@router.get("/inbox", dependencies=[allowed("message.read")])
async def inbox(
    who: Who, tx: Tx, limit: Annotated[int, Query(ge=1, le=200)] = 50, after: str | None = None
) -> InboxView:
    """List one's own messages: unread ones first, the newest first among each."""
    rows = await queries.inbox_of(tx, who.id, read_mark(after, bool, datetime, UUID), limit + 1)
    shown, last = rows[:limit], rows[limit - 1] if len(rows) > limit else None
    return InboxView(
        items=[NotificationView.model_validate(row) for row in shown],
        next=mark(last.read_at is not None, last.created_at, last.id) if last else None,
        unread=await queries.unread_count(tx, who.id),
    )


@router.post("/inbox/{notification_id}/read", response_model=NotificationView, dependencies=[allowed("message.read")])
async def read(notification_id: UUID, who: Who, now: Now, tx: Tx) -> Notification:
    return await actions.mark_read(tx, who, notification_id, now)
