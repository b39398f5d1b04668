"""The base of every table of this service and the mark of a page; without it its nouns could not share a database."""

import base64
import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, event

from shared.db import Stored, own_tables
from shared.errors import Malformed


class Row(Stored, registry=own_tables()):
    """Base of every table here."""


event.listen(Row.metadata, "before_create", DDL("create extension if not exists pg_trgm"))


def cursor_of(imminent: bool, claimed_at: datetime, row_id: UUID) -> str:
    """Give the opaque mark after which the next page of a list of urgent-first things begins."""
    place = [not imminent, claimed_at.isoformat(), str(row_id)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def read_cursor(cursor: str | None) -> tuple[bool, datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        calm, at, row_id = json.loads(base64.urlsafe_b64decode(cursor))
        return bool(calm), datetime.fromisoformat(at), UUID(row_id)
    except (ValueError, TypeError, AttributeError) as bad:
        raise Malformed("bad-cursor", "This page mark is not one of ours.", "分页标记无效。") from bad
