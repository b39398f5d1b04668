"""Routes: parties, which everybody may read, and enterprises, of which the public sees a name and an address."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded
from services.registry.parties import actions, queries
from services.registry.parties.domain.industry import industries
from services.registry.parties.models import Enterprise, Party
from services.registry.parties.policy import enterprise_shape, party_shape
from services.registry.parties.queries import search
from services.registry.parties.shapes import (
    EnterpriseCard,
    EnterpriseDetail,
    EnterpriseFigures,
    EnterpriseGlimpse,
    EnterpriseView,
    FindEnterprises,
    IndustryView,
    KeepEnterprise,
    KeepListedEnterprise,
    KeepListedParty,
    KeepParty,
    PartyContactView,
    PartyView,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.contracts.values import PartyKind
from shared.errors import no_such
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Anyone, Now, Tx, Who

router = APIRouter(
    tags=["parties"], dependencies=[versioned(Party, "party_id"), versioned(Enterprise, "enterprise_id")]
)


class FindPage(FindEnterprises):
    """A search and the page of its answer."""

    after: UUID | None = None
    limit: Limit = 50


@router.put("/parties", response_model=LoadedView, dependencies=[allowed("party.keep")])
async def keep_parties(asks: AtOnce[KeepListedParty], now: Now, tx: Tx) -> Loaded[Party]:
    """Register a list of parties in one transaction."""
    return await actions.keep_parties(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/parties/{party_id}", response_model=PartyContactView, dependencies=[allowed("party.keep")])
async def keep_party(party_id: UUID, ask: KeepParty, now: Now, tx: Tx) -> Party:
    return (await actions.keep_parties(tx, [(party_id, ask)], now)).rows[0]


@router.get("/parties", dependencies=[allowed("party.read")])
async def list_parties(
    who: Anyone,
    tx: Tx,
    kind: PartyKind | None = None,
    under: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[PartyContactView | PartyView]:
    found = await queries.parties(tx, kind, under, after, limit)
    return Listed(items=[party_shape(who, party).model_validate(party) for party in found.items], next=found.next)


@router.get("/parties/{party_id}", dependencies=[allowed("party.read")])
async def show_party(party_id: UUID, who: Anyone, tx: Tx) -> PartyContactView | PartyView:
    if (party := await tx.get(Party, party_id)) is None:
        raise no_such("party", "单位")
    return party_shape(who, party).model_validate(party)


@router.get("/industries", dependencies=[allowed("industry.read")])
async def list_industries() -> list[IndustryView]:
    """Give the classes of GB/T 4754-2017, letters and two digits, for forms to offer."""
    return [IndustryView(code=code, name_zh=zh, name_en=en) for code, (zh, en) in industries().items()]


@router.put("/enterprises", response_model=LoadedView, dependencies=[allowed("enterprise.keep")])
async def keep_enterprises(asks: AtOnce[KeepListedEnterprise], now: Now, tx: Tx) -> Loaded[Enterprise]:
    """Register a list of enterprises in one transaction; when some cannot be, all of those are told."""
    return await actions.keep_enterprises(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/enterprises/{enterprise_id}", dependencies=[allowed("enterprise.keep")])
async def keep_enterprise(enterprise_id: UUID, ask: KeepEnterprise, now: Now, tx: Tx) -> EnterpriseDetail:
    """Register or change an enterprise: the whole state. One that is gone is `deregistered`, never deleted."""
    [enterprise] = (await actions.keep_enterprises(tx, [(enterprise_id, ask)], now)).rows
    return await _detail(tx, enterprise)


@router.put("/enterprises/{enterprise_id}/figures", dependencies=[allowed("enterprise.correct")])
async def keep_figures(enterprise_id: UUID, ask: EnterpriseFigures, who: Who, now: Now, tx: Tx) -> EnterpriseDetail:
    """Let an enterprise put right its own telephone number, headcount, shifts and output."""
    return await _detail(tx, await actions.keep_figures(tx, who, enterprise_id, ask, now))


@router.get("/enterprises", dependencies=[allowed("enterprise.find")])
async def list_enterprises(
    who: Anyone, tx: Tx, wanted: Annotated[FindPage, Query()]
) -> Listed[EnterpriseView | EnterpriseCard | EnterpriseGlimpse]:
    """Search enterprises by part of the name or by credit code; supervisors may also go through those of their area."""
    found = await search.enterprises(tx, who, wanted, wanted.after, wanted.limit)
    return Listed(items=[enterprise_shape(who, each).model_validate(each) for each in found.items], next=found.next)


@router.get("/enterprises/{enterprise_id}", dependencies=[allowed("enterprise.find")])
async def show_enterprise(
    enterprise_id: UUID, who: Anyone, tx: Tx
) -> EnterpriseDetail | EnterpriseCard | EnterpriseGlimpse:
    if (enterprise := await tx.get(Enterprise, enterprise_id)) is None:
        raise no_such("enterprise", "企业")
    shape = enterprise_shape(who, enterprise)
    return await _detail(tx, enterprise) if shape is EnterpriseView else shape.model_validate(enterprise)


async def _detail(tx: AsyncSession, enterprise: Enterprise) -> EnterpriseDetail:
    sites = await queries.sites_of(tx, [enterprise.id])
    whole = EnterpriseView.model_validate(enterprise).model_dump()
    return EnterpriseDetail(**whole, sites=list(sites.get(enterprise.id, ())))
