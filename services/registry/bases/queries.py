"""What is asked about legal bases: which are catalogued, which may be cited on a day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.bases.models import Basis
from shared.contracts.registry import BasisLevel
from shared.errors import BadInput
from shared.paging import Page, page


async def all_catalogued(tx: AsyncSession, ids: Iterable[UUID]) -> None:
    """Raise `BadInput` unless each names a basis."""
    wanted = set(ids)
    known = set(await tx.scalars(select(Basis.id).where(col(Basis.id).in_(wanted)))) if wanted else set[UUID]()
    if unknown := sorted(str(each) for each in wanted - known):
        raise BadInput("unknown-basis", "There is no such legal basis.", "没有登记该法律依据。", bases=unknown)


async def bases(
    tx: AsyncSession, level: BasisLevel | None, on: date | None, named: str | None, after: UUID | None, limit: int
) -> Page[Basis]:
    """List bases by short name: of a level, not outside their term on a day, whose name or number contains `named`."""
    query = select(Basis)
    if level is not None:
        query = query.where(col(Basis.level) == level)
    if on is not None:
        begun = or_(col(Basis.valid_from).is_(None), col(Basis.valid_from) <= on)
        query = query.where(begun, or_(col(Basis.valid_to).is_(None), col(Basis.valid_to) >= on))
    if named:
        spelt = (Basis.short_name, Basis.title_zh, Basis.title_en, Basis.number)
        query = query.where(or_(*(col(name).icontains(named, autoescape=True) for name in spelt)))
    return await page(tx, query, Basis.short_name, after, limit)
