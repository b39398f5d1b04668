"""What an operator does with parties and enterprises: registers them, alone or by the list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.registry.actions import Loaded, keep
from services.registry.domain import refuse
from services.registry.parties import queries
from services.registry.parties.domain import enterprises, organisations
from services.registry.parties.domain.names import searched
from services.registry.parties.models import Enterprise, EnterpriseSite, Party
from services.registry.parties.shapes import EnterpriseFigures, KeepEnterprise, KeepParty
from shared.auth import Actor
from shared.contracts.enterprises import Site
from shared.contracts.registry import EnterpriseRegistered, PartyRegistered
from shared.errors import no_such
from shared.outbox import emit
from shared.permission import covers


async def keep_parties(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepParty]], now: datetime) -> Loaded[Party]:
    """Register parties in areas that exist, each under one that exists or is in the list too."""
    refuse(organisations.faults(asks, await queries.known_of_parties(tx, asks)))

    def fact(party: Party) -> PartyRegistered:
        return PartyRegistered(
            at=now,
            area_code=party.area_code,
            party_id=party.id,
            kind=party.kind,
            name_en=party.name_en,
            name_zh=party.name_zh,
            uscc=party.uscc,
            parent_id=party.parent_id,
            address=party.address,
            dissolved=party.dissolved,
        )

    columns = set(KeepParty.model_fields)
    wanted = [
        (party_id, {**ask.model_dump(include=columns), "name_en": ask.name_en or ask.name_zh}) for party_id, ask in asks
    ]
    return await keep(tx, Party, wanted, fact)


async def keep_enterprises(
    tx: AsyncSession, asks: Sequence[tuple[UUID, KeepEnterprise]], now: datetime
) -> Loaded[Enterprise]:
    """Register enterprises under credit codes that hold, in townships or villages that exist; tell every bad row."""
    today = now.astimezone(tx.info["profile"].timezone).date()
    refuse(enterprises.faults(asks, await queries.known_of_enterprises(tx, asks), today))
    wanted_sites = {enterprise_id: ask.sites for enterprise_id, ask in asks}
    sites = await queries.sites_of(tx, wanted_sites)

    def moved(enterprise_id: UUID) -> bool:
        return wanted_sites[enterprise_id] != sites.get(enterprise_id, ())

    def fact(enterprise: Enterprise) -> EnterpriseRegistered:
        return registered(enterprise, wanted_sites[enterprise.id], now)

    loaded = await keep(tx, Enterprise, [(each, _state(ask)) for each, ask in asks], fact, moved)
    await _put_sites(tx, {each: asked for each, asked in wanted_sites.items() if moved(each)})
    return loaded


async def keep_figures(
    tx: AsyncSession, who: Actor, enterprise_id: UUID, ask: EnterpriseFigures, now: datetime
) -> Enterprise:
    """Let an enterprise put right what it knows best; saying the same again changes nothing."""
    enterprise = await tx.get(Enterprise, enterprise_id, with_for_update=True)
    if enterprise is None or not covers(who, "enterprise.correct", party=[enterprise.id]):
        raise no_such("enterprise", "企业")
    state = ask.model_dump(include=set(EnterpriseFigures.model_fields))
    if all(getattr(enterprise, name) == value for name, value in state.items()):
        return enterprise
    enterprise.sqlmodel_update(state)
    sites = await queries.sites_of(tx, [enterprise.id])
    await emit(tx, enterprise, registered(enterprise, sites.get(enterprise.id, ()), now))
    return enterprise


def registered(enterprise: Enterprise, sites: Sequence[Site], now: datetime) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        at=now,
        area_code=enterprise.area_code,
        enterprise_id=enterprise.id,
        uscc=enterprise.uscc,
        name_en=enterprise.name_en,
        name_zh=enterprise.name_zh,
        industry_code=enterprise.industry_code,
        place=enterprise.place,
        employees=enterprise.employees,
        standing=enterprise.standing,
        sector=enterprise.sector,
        scale=enterprise.scale,
        established_on=enterprise.established_on,
        dispatched_workers=enterprise.dispatched_workers,
        high_hazard=enterprise.high_hazard,
        crowded=enterprise.crowded,
        mixed_living=enterprise.mixed_living,
        sites=tuple(sites),
    )


def _state(ask: KeepEnterprise) -> dict[str, object]:
    """Give the columns that an enterprise is to have."""
    columns = set(KeepEnterprise.model_fields) - {"place", "sites"}
    name_en = ask.name_en or ask.name_zh
    return {
        **ask.model_dump(include=columns),
        **ask.place.model_dump(),
        "name_en": name_en,
        "searched": searched(ask.name_zh, name_en),
    }


async def _put_sites(tx: AsyncSession, wanted: Mapping[UUID, Sequence[Site]]) -> None:
    """Keep the sites of these enterprises as asked; one that is not asked for any more is closed."""
    if not wanted:
        return
    rows = [
        {**site.model_dump(), "enterprise_id": enterprise_id, "nth": nth, "closed": False}
        for enterprise_id, sites in wanted.items()
        for nth, site in enumerate(sites)
    ]
    gone = (
        update(EnterpriseSite)
        .where(col(EnterpriseSite.enterprise_id).in_(wanted))
        .where(col(EnterpriseSite.id).not_in([row["id"] for row in rows]))
    )
    await tx.execute(gone.values(closed=True))
    if rows:
        put = insert(EnterpriseSite)
        names = {name: put.excluded[name] for name in rows[0] if name != "id"}
        await tx.execute(put.on_conflict_do_update(index_elements=["id"], set_=names), rows)
