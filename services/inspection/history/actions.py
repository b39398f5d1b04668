"""Writes history in the transaction of the move that it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.domain import About
from services.inspection.history.models import Happening
from shared.auth import Actor


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
            capacity=who.role if who else "system",
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
