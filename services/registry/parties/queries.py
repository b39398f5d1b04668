"""What is asked about parties: who they are, which enterprises bear a name or stand in an area."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.parties.models import Enterprise, Party
from shared.contracts.values import PartyKind
from shared.paging import Page, page


async def kinds(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, PartyKind]:
    """Tell what each party is, enterprises included; the unknown are left out."""
    wanted = set(ids)
    parties = await tx.scalars(select(Party).where(col(Party.id).in_(wanted)))
    found = {party.id: PartyKind(party.kind) for party in parties}
    enterprises = await tx.scalars(select(Enterprise.id).where(col(Enterprise.id).in_(wanted)))
    return found | dict.fromkeys(enterprises, PartyKind.ENTERPRISE)


async def parties(tx: AsyncSession, kind: PartyKind | None, after: UUID | None, limit: int) -> Page[Party]:
    """List parties by name, all or those of a kind."""
    query = select(Party)
    if kind is not None:
        query = query.where(col(Party.kind) == kind)
    return await page(tx, query, Party.name_zh, after, limit)


async def enterprises(
    tx: AsyncSession, named: str | None, area: str | None, after: UUID | None, limit: int
) -> Page[Enterprise]:
    """List enterprises by name: those whose name contains, or whose credit code is, `named`, in `area` and below."""
    query = select(Enterprise)
    if named:
        query = query.where(
            or_(
                col(Enterprise.name_zh).icontains(named, autoescape=True),
                col(Enterprise.name_en).icontains(named, autoescape=True),
                col(Enterprise.uscc) == named.upper(),
            )
        )
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    return await page(tx, query, Enterprise.name_zh, after, limit)
