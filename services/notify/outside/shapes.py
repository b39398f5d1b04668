"""The envelope of every way out: CloudEvents 1.0 in structured form, the same over feed, stream and webhook."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.contracts.base import View


class CloudEvent(View):
    """One copy. `subject` and `sequence` belong to the copy: contiguous for its readers."""

    specversion: str = "1.0"
    id: UUID
    source: str = "/notify"
    type: str
    subject: UUID
    time: datetime
    sequence: str = Field(pattern=r"^\d{10}$")
    channel: str
    area: str
    datacontenttype: str = "application/json"
    data: dict[str, Any]


class FeedPage(View):
    """`reset`: the given cursor was not of this feed, so reading began at its start. `more`: ask again at once."""

    items: list[CloudEvent]
    next: str
    more: bool
    reset: bool = False
