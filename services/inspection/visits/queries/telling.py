"""How a visit is shown to each reader, and the sheet filled in before anybody sets out (peers N24)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.domain import Kind
from services.inspection.hazards.domain import OPEN
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing as hazards
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.visits.domain import counts
from services.inspection.visits.models import Visit
from services.inspection.visits.queries import knowing, seeing
from services.inspection.visits.shapes import OpenHazard, OwnVisitView, VisitDetail, VisitGlimpse, VisitView
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import (
    VisitKind,
    VisitState,
)
from shared.contracts.values import Role

MOST_HAZARDS, MOST_VISITS = 50, 5
_OFFICIAL = frozenset({Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP})


async def lines(tx: AsyncSession, who: Actor, rows: list[Visit], now: datetime) -> list[VisitView | OwnVisitView]:
    """Show a page of visits as this reader may see them."""
    if Role.ENTERPRISE in who.roles:
        return [OwnVisitView.model_validate(visit) for visit in rows]
    standing = await knowing.standing_of(tx, who, now)
    return [VisitView.model_validate(_known(who, visit, standing)) for visit in rows]


async def detail(tx: AsyncSession, who: Actor, visit: Visit, now: datetime) -> VisitDetail | OwnVisitView:
    """Show one visit with its sheet; to the enterprise only what concerns it."""
    if Role.ENTERPRISE in who.roles:
        return OwnVisitView.model_validate(visit)
    known = _known(who, visit, await knowing.standing_of(tx, who, now))
    inspects = visit.kind is VisitKind.ADMIN_INSPECTION
    known |= {
        "overlaps": await _overlaps(tx, visit) if inspects else [],
        "cap": await knowing.cap_of(tx, visit.enterprise_id, visit.on) if inspects else None,
        "open_hazards": await _open_hazards(tx, who, visit),
        "last_visits": await _last_visits(tx, who, visit),
        "history": [HappeningView.model_validate(row) for row in await history_of(tx, Kind.VISIT, visit.id)],
    }
    return VisitDetail.model_validate(known)


def _known(who: Actor, visit: Visit, standing: knowing.Standing) -> dict[str, Any]:
    return visit.model_dump() | {
        "counts": counts(visit.kind, visit.ground),
        "offers": knowing.offers(who, visit, standing),
    }


async def _overlaps(tx: AsyncSession, visit: Visit) -> list[VisitGlimpse]:
    """Find other authorities' inspections of the enterprise near this day."""
    window = timedelta(days=rules_of(tx).number("visit.overlap_window", visit.on))
    return await _glimpses(
        tx,
        _others_of_the_enterprise(visit),
        col(Visit.kind) == VisitKind.ADMIN_INSPECTION,
        col(Visit.state) != VisitState.CANCELLED,
        col(Visit.on).between(visit.on - window, visit.on + window),
        ~seeing.made_by(visit.party_id),
    )


async def _last_visits(tx: AsyncSession, who: Actor, visit: Visit) -> list[VisitGlimpse]:
    """Find what was inspected before, by whichever authority; a grid worker sees the own patrols only."""
    return await _glimpses(
        tx,
        _others_of_the_enterprise(visit),
        col(Visit.state).in_([VisitState.FINISHED, VisitState.NOT_DONE]),
        col(Visit.on) <= visit.on,
        *(() if who.roles & _OFFICIAL else (seeing.visible_to(who),)),
        limit=MOST_VISITS,
    )


def _others_of_the_enterprise(visit: Visit) -> ColumnElement[bool]:
    return (col(Visit.enterprise_id) == visit.enterprise_id) & (col(Visit.id) != visit.id)


async def _glimpses(tx: AsyncSession, *conditions: ColumnElement[bool], limit: int = 50) -> list[VisitGlimpse]:
    query = select(Visit).where(*conditions).order_by(col(Visit.on).desc(), col(Visit.id)).limit(limit)
    return [VisitGlimpse.model_validate(row) for row in (await tx.execute(query)).scalars()]


async def _open_hazards(tx: AsyncSession, who: Actor, visit: Visit) -> list[OpenHazard]:
    """Find what is not put right at the enterprise.

    Whoever inspects sees besides the own hazards those of other authorities, once the enterprise knows of them.
    """
    seen = hazards.visible_to(who) if permission.may(who, "hazard.read") else false()
    if Role.AUTHORITY in who.roles:
        seen = or_(seen, col(Hazard.ordered_at).is_not(None))
    query = (
        select(Hazard)
        .where(col(Hazard.enterprise_id) == visit.enterprise_id, col(Hazard.state).in_(OPEN), seen)
        .order_by(~col(Hazard.imminent_danger), col(Hazard.claimed_at), col(Hazard.id))
        .limit(MOST_HAZARDS)
    )
    return [OpenHazard.model_validate(row) for row in (await tx.execute(query)).scalars()]
