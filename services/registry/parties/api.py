"""Routes: parties, which everybody may read, and enterprises, of which the public sees a name and an address."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry.actions import Loaded
from services.registry.parties import actions, queries
from services.registry.parties.models import Enterprise, Party
from services.registry.parties.policy import sees_whole, supervises
from services.registry.parties.shapes import (
    EnterpriseGlimpse,
    EnterpriseView,
    KeepEnterprise,
    KeepListedEnterprise,
    KeepListedParty,
    KeepParty,
    PartyView,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.auth import Actor
from shared.contracts.values import AreaCode, PartyKind
from shared.errors import BadInput, no_such
from shared.paging import Page
from shared.permission import allowed
from shared.web import Anyone, Now, Tx

router = APIRouter(tags=["parties"])

_MIN_SEARCHED = 2


@router.put("/parties", response_model=LoadedView, dependencies=[allowed("party.keep")])
async def keep_parties(asks: AtOnce[KeepListedParty], now: Now, tx: Tx) -> Loaded[Party]:
    """Register a list of parties in one transaction."""
    return await actions.keep_parties(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/parties/{party_id}", response_model=PartyView, dependencies=[allowed("party.keep")])
async def keep_party(party_id: UUID, ask: KeepParty, now: Now, tx: Tx) -> Party:
    return (await actions.keep_parties(tx, [(party_id, ask)], now)).rows[0]


@router.get("/parties", response_model=Listed[PartyView], dependencies=[allowed("party.read")])
async def list_parties(
    tx: Tx, kind: PartyKind | None = None, after: UUID | None = None, limit: Limit = 50
) -> Page[Party]:
    return await queries.parties(tx, kind, after, limit)


@router.get("/parties/{party_id}", response_model=PartyView, dependencies=[allowed("party.read")])
async def show_party(party_id: UUID, tx: Tx) -> Party:
    if (party := await tx.get(Party, party_id)) is None:
        raise no_such("party", "单位")
    return party


@router.put("/enterprises", response_model=LoadedView, dependencies=[allowed("enterprise.keep")])
async def keep_enterprises(asks: AtOnce[KeepListedEnterprise], now: Now, tx: Tx) -> Loaded[Enterprise]:
    """Register a list of enterprises in one transaction."""
    return await actions.keep_enterprises(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/enterprises/{enterprise_id}", response_model=EnterpriseView, dependencies=[allowed("enterprise.keep")])
async def keep_enterprise(enterprise_id: UUID, ask: KeepEnterprise, now: Now, tx: Tx) -> Enterprise:
    return (await actions.keep_enterprises(tx, [(enterprise_id, ask)], now)).rows[0]


@router.get("/enterprises", dependencies=[allowed("enterprise.find")])
async def list_enterprises(
    who: Anyone,
    tx: Tx,
    q: Annotated[str | None, Query(max_length=100)] = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[EnterpriseView | EnterpriseGlimpse]:
    """Search enterprises by part of the name or by credit code; supervisors may also go through all of them."""
    named = (q or "").strip()
    if len(named) < _MIN_SEARCHED and not supervises(who):
        raise BadInput(
            "search-too-short",
            f"Give at least {_MIN_SEARCHED} characters of the enterprise's name.",
            f"请至少输入企业名称中的{_MIN_SEARCHED}个字。",
        )
    found = await queries.enterprises(tx, named, area, after, limit)
    return Listed(items=[_seen_by(who, enterprise) for enterprise in found.items], next=found.next)


@router.get("/enterprises/{enterprise_id}")
async def show_enterprise(enterprise_id: UUID, who: Anyone, tx: Tx) -> EnterpriseView | EnterpriseGlimpse:
    if (enterprise := await tx.get(Enterprise, enterprise_id)) is None:
        raise no_such("enterprise", "企业")
    return _seen_by(who, enterprise)


def _seen_by(who: Actor, enterprise: Enterprise) -> EnterpriseView | EnterpriseGlimpse:
    shape = EnterpriseView if sees_whole(who, enterprise) else EnterpriseGlimpse
    return shape.model_validate(enterprise)
