"""The feed as rows; its order is the order in which copies were committed, so a reader's cursor misses nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlmodel import Field

from services.notify.models import Row
from shared.db import document, moment


class OutsideEvent(Row, table=True):
    """One copy. `position` is drawn under a lock that is held until commit, hence commit order."""

    __tablename__ = "outside_events"
    __table_args__ = (Index("ix_outside_events_channel", "channel", "position"),)

    position: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True, cache=1),)
    )
    event_id: UUID = Field(unique=True)
    channel: str
    aggregate_id: UUID
    sequence: int
    """Contiguous from 1 per aggregate and channel: a gap would tell of what was withheld."""
    type: str
    area_code: str
    at: datetime = moment()
    data: dict[str, Any] = document()


class OutsideAggregate(Row, table=True):
    """How many copies of an aggregate went to a channel."""

    __tablename__ = "outside_aggregates"

    id: UUID = Field(primary_key=True)
    sequence: int


class Feed(Row, table=True):
    """One row: the epoch of this feed. A feed that is built anew has another, and old cursors are told so."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("id = 1", "single"),)

    id: int = Field(default=1, primary_key=True)
    epoch: str
