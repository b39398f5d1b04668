"""Writes history in the transaction of the move that it tells of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json, to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.domain import About
from services.inspection.history.models import Happening
from shared.auth import Actor
from shared.db import raw_of

PLATFORM = "system"
"""The capacity in which the platform itself acts, by a rule."""
_BY_PLATFORM = (
    "object_kind", "object_id", "at", "capacity", "verb", "state_from", "state_to", "reason", "basis", "facts"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the platform did with one object; `moved` is (verb, state before, state after)."""

    about: About
    moved: tuple[str, str | None, str]
    facts: Mapping[str, Any]
    reason: str = ""
    basis: str = ""


def record(
    tx: AsyncSession,
    who: Actor | None,
    about: About,
    moved: tuple[str, str | None, str],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
    basis_ids: Iterable[UUID] = (),
    in_name_of: UUID | None = None,
    delegation_id: UUID | None = None,
    letter_no: str | None = None,
    **facts: Any,
) -> None:
    """Add one row; `moved` is (verb, state before, state after). `who` None: the platform itself.

    The object must be new or locked: two writers of one object would both follow the same row.
    """
    verb, before, after = moved
    tx.add(
        Happening(
            object_kind=about.kind,
            object_id=about.id,
            at=now,
            who_id=who.id if who else None,
            capacity=who.role if who else PLATFORM,
            party_id=who.party_id if who else None,
            in_name_of=in_name_of,
            delegation_id=delegation_id,
            letter_no=letter_no,
            verb=verb,
            state_from=before,
            state_to=after,
            reason=reason,
            basis=basis,
            basis_ids=[str(each) for each in basis_ids],
            facts=to_jsonable_python(facts, exclude_none=True),
        )
    )


async def record_many(tx: AsyncSession, done: Sequence[Done], now: datetime) -> None:
    """Add one row for each of many objects, no object twice: what `record` would do for the platform, by COPY."""
    rows = [
        (
            each.about.kind,
            each.about.id,
            now,
            PLATFORM,
            *each.moved,
            each.reason,
            each.basis,
            to_json(each.facts, exclude_none=True).decode(),
        )
        for each in done
    ]
    if rows:
        await (await raw_of(tx)).copy_records_to_table("history", records=rows, columns=_BY_PLATFORM)
