"""How a case is told from its beginning."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Person
from services.inspection.domain import Kind
from services.inspection.history.models import Happening
from shared.auth import Actor
from shared.versions import Change


async def last_by_a_colleague(tx: AsyncSession, who: Actor, kind: Kind, object_id: UUID) -> Change | None:
    """Give the newest move of an object, if a colleague of the same organisation made it; others are not named."""
    newest = select(col(Happening.id)).where(col(Happening.object_kind) == kind, col(Happening.object_id) == object_id)
    query = (
        select(Person.name, Happening.at, Happening.verb)
        .join(Person, col(Person.id) == col(Happening.who_id))
        .where(
            col(Happening.id) == newest.order_by(col(Happening.id).desc()).limit(1).scalar_subquery(),
            col(Happening.who_id) != who.id,
            col(Happening.party_id) == who.party_id,
            col(Happening.party_id).is_not(None),
        )
    )
    found = (await tx.execute(query)).first()
    return None if found is None else Change(*found)


_SEALED = text(
    "select hash, history_entry(h) as entry from history h where object_kind = :kind and object_id = :id order by id"
)


async def history_of(tx: AsyncSession, kind: Kind, object_id: UUID) -> list[Happening]:
    """List what happened to one object, oldest first."""
    query = (
        select(Happening)
        .where(col(Happening.object_kind) == kind, col(Happening.object_id) == object_id)
        .order_by(col(Happening.id))
    )
    return list((await tx.execute(query)).scalars())


async def last_of(tx: AsyncSession, kind: Kind, object_id: UUID, verb: str) -> Happening | None:
    """Give the newest move of this name of one object."""
    query = select(Happening).where(
        col(Happening.object_kind) == kind, col(Happening.object_id) == object_id, col(Happening.verb) == verb
    )
    return (await tx.execute(query.order_by(col(Happening.id).desc()).limit(1))).scalar_one_or_none()


async def sealed(tx: AsyncSession, kind: Kind, object_id: UUID) -> Sequence[Row[Any]]:
    """Give (hash, entry) of each row as it was hashed, oldest first."""
    return (await tx.execute(_SEALED, {"kind": kind, "id": object_id})).all()
