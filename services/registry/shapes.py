"""How every noun of the registry answers a list that was read and a list that was written."""

from datetime import date
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import Field

from shared.contracts.base import View

T = TypeVar("T")

MAX_AT_ONCE = 500
AtOnce = Annotated[list[T], Field(min_length=1, max_length=MAX_AT_ONCE)]
"""What one request may write: all of it or, when one entry is refused, nothing."""
Limit = Annotated[int, Query(ge=1, le=MAX_AT_ONCE)]


class Listed(View, Generic[T]):
    """A page of a list; `next` is given back as `after`."""

    items: list[T]
    next: UUID | None = None


class LoadedView(View):
    """What writing a list did: `changed` of the `received` entries were new or different."""

    received: int
    changed: int


def ends_after_it_begins(valid_from: date | None, valid_to: date | None) -> None:
    """Refuse a term that no day lies in."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise ValueError("valid_to is before valid_from")
