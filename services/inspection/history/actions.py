"""Writes history in the transaction of the move that it tells of."""

from datetime import datetime
from typing import Any

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
    **facts: Any,
) -> None:
    """Add one row; `moved` is (verb, state before, state after). `who` None: the platform itself."""
    verb, before, after = moved
    tx.add(
        Happening(
            object_kind=about.kind,
            object_id=about.id,
            at=now,
            who_id=who.id if who else None,
            capacity=who.role if who else "system",
            party_id=who.party_id if who else None,
            verb=verb,
            state_from=before,
            state_to=after,
            reason=reason,
            basis=basis,
            facts=to_jsonable_python(facts, exclude_none=True),
        )
    )
