"""What is asked about parties: who they are, what the register knows of those that a list speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.queries import registered
from services.registry.parties.domain import enterprises, organisations
from services.registry.parties.models import Enterprise, EnterpriseSite, Party
from services.registry.parties.shapes import KeepEnterprise, KeepParty
from shared.contracts.enterprises import Site
from shared.contracts.values import PartyKind
from shared.paging import Page, page


async def kinds(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, PartyKind]:
    """Tell what each party is, enterprises included; the unknown are left out."""
    wanted = set(ids)
    parties = await tx.scalars(select(Party).where(col(Party.id).in_(wanted)))
    found = {party.id: PartyKind(party.kind) for party in parties}
    firms = await tx.scalars(select(Enterprise.id).where(col(Enterprise.id).in_(wanted)))
    return found | dict.fromkeys(firms, PartyKind.ENTERPRISE)


async def parties(
    tx: AsyncSession, kind: PartyKind | None, under: UUID | None, after: UUID | None, limit: int
) -> Page[Party]:
    """List parties by name, all or those of a kind, or those directly under one."""
    query = select(Party)
    if kind is not None:
        query = query.where(col(Party.kind) == kind)
    if under is not None:
        query = query.where(col(Party.parent_id) == under)
    return await page(tx, query, Party.name_zh, after, limit)


async def known_of_parties(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepParty]]) -> organisations.Known:
    """Gather what the rules need: the areas, the holders of the codes, and all who stand above."""
    codes = [ask.uscc for _, ask in asks if ask.uscc is not None]
    areas = await registered(tx, [ask.area_code for _, ask in asks])
    held = await tx.execute(select(Party.uscc, Party.id).where(col(Party.uscc).in_(codes)))
    parents: dict[UUID, UUID | None] = {}
    wanted = {ask.parent_id for _, ask in asks if ask.parent_id is not None}
    while wanted:  # one turn for each step up; an office under a bureau under a county is three
        above = dict(await _parents(tx, wanted))
        parents |= above
        wanted = {parent for parent in above.values() if parent is not None} - parents.keys()
    return organisations.Known(areas, {code: each for code, each in held if code is not None}, parents)


async def _parents(tx: AsyncSession, ids: Iterable[UUID]) -> list[tuple[UUID, UUID | None]]:
    found = await tx.execute(select(Party.id, Party.parent_id).where(col(Party.id).in_(set(ids))))
    return [(each, parent) for each, parent in found]


async def known_of_enterprises(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepEnterprise]]) -> enterprises.Known:
    """Gather what the rules need: areas in use, who holds which code, whose the sites are."""
    sites = [site for _, ask in asks for site in ask.sites]
    areas = await registered(tx, chain((ask.place.area_code for _, ask in asks), (site.area_code for site in sites)))
    ids, codes = [each for each, _ in asks], [ask.uscc for _, ask in asks]
    held = await tx.execute(
        select(Enterprise.uscc, Enterprise.id).where(or_(col(Enterprise.uscc).in_(codes), col(Enterprise.id).in_(ids)))
    )
    holders = dict(held.all())
    owners: Mapping[UUID, UUID] = {}
    if sites:
        known = select(EnterpriseSite.id, EnterpriseSite.enterprise_id)
        found = await tx.execute(known.where(col(EnterpriseSite.id).in_([site.id for site in sites])))
        owners = dict(found.all())
    return enterprises.Known(areas, holders, {each: code for code, each in holders.items()}, owners)


async def sites_of(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, tuple[Site, ...]]:
    """Give the open sites of these enterprises, each in its order."""
    query = select(EnterpriseSite).where(
        col(EnterpriseSite.enterprise_id).in_(set(ids)), col(EnterpriseSite.closed).is_(other=False)
    )
    found: dict[UUID, tuple[Site, ...]] = {}
    for row in await tx.scalars(query.order_by(col(EnterpriseSite.enterprise_id), col(EnterpriseSite.nth))):
        site = Site.model_validate(row, from_attributes=True)
        found[row.enterprise_id] = (*found.get(row.enterprise_id, ()), site)
    return found
