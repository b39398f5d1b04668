"""How a hazard is shown to each reader; without it one shape would have to be trimmed in many places."""

from datetime import datetime
from typing import Any

from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines.queries import open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.models import Hazard, HazardItem, LookBack, Order, Recheck
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.queries.lines import besides
from services.inspection.hazards.shapes.views import (
    ClaimantHazardView,
    HazardDetail,
    ItemView,
    LookBackView,
    OrderView,
    OwnHazardDetail,
    RecheckView,
)
from services.inspection.history.models import Happening
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from shared.auth import Actor
from shared.contracts.values import Role

_OFFICIAL = frozenset({Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP, Role.DELEGATE})
_TOLD_TO_THE_ENTERPRISE = frozenset({Verb.ORDER, Verb.ORDER_STOP, Verb.FAIL_RECHECK, Verb.DECIDE_RESUMPTION})
"""Moves addressed to the enterprise; the reasons of others may hint at a reporter."""


async def detail(
    tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime
) -> HazardDetail | OwnHazardDetail | ClaimantHazardView:
    """Show one hazard whole, as this reader may see it."""
    known = _known(who, hazard, await knowing.standing_of(tx, who, [hazard.enterprise_id], now))
    official = bool(who.roles & _OFFICIAL)
    if not official and Role.ENTERPRISE not in who.roles:
        return ClaimantHazardView.model_validate(known)
    clocks = [
        clock
        for clock in await open_deadlines(tx, hazard.id)
        if official or (clock.owed_by is not None and clock.owed_by == hazard.enterprise_id)
    ]
    due = clocks[0].due_at if clocks else None
    known |= {"next_due": due, "next_due_key": clocks[0].key if clocks else None}
    known["overdue"] = due is not None and due < now
    known |= {
        "items": await _rows(tx, hazard, HazardItem, ItemView, col(HazardItem.cycle), col(HazardItem.ordinal)),
        "orders": await _rows(tx, hazard, Order, OrderView, col(Order.issued_at)),
        "rechecks": await _rows(tx, hazard, Recheck, RecheckView, col(Recheck.opened_at)),
        "deadlines": [DeadlineView.model_validate(clock) for clock in clocks],
    }
    if not official:
        return OwnHazardDetail.model_validate(known)
    known |= await besides(tx, who, hazard.id, now)
    known |= {
        "claims": await knowing.claims_of(tx, hazard.id),
        "look_backs": await _rows(tx, hazard, LookBack, LookBackView, col(LookBack.at)),
    }
    return HazardDetail.model_validate(known)


async def timeline(tx: AsyncSession, who: Actor, hazard: Hazard) -> list[HappeningView]:
    """Tell the hazard's history; to the enterprise only from the order on, and without persons and inner reasons."""
    told = await history_of(tx, Kind.HAZARD, hazard.id)
    if who.roles & _OFFICIAL:
        return [HappeningView.model_validate(row) for row in told]
    since = next((n for n, row in enumerate(told) if row.verb == Verb.ORDER), len(told))
    return [_outward(row, enterprise=Role.ENTERPRISE in who.roles) for row in told[since:]]


def _outward(row: Happening, *, enterprise: bool) -> HappeningView:
    theirs = enterprise and (row.verb in _TOLD_TO_THE_ENTERPRISE or row.capacity.startswith(Role.ENTERPRISE))
    return HappeningView(
        at=row.at,
        verb=row.verb,
        capacity=row.capacity.split(".")[0],
        party_id=row.party_id,
        state_from=row.state_from,
        state_to=row.state_to,
        reason=row.reason if theirs else "",
        basis=row.basis if theirs else "",
    )


def _known(who: Actor, hazard: Hazard, standing: knowing.Standing) -> dict[str, Any]:
    return hazard.model_dump() | {"offers": knowing.offers(who, hazard, standing)}


async def _rows(tx: AsyncSession, hazard: Hazard, table: Any, view: Any, *order: Any) -> list[Any]:
    query = select_rows(table).where(table.hazard_id == hazard.id).order_by(*order)
    return [view.model_validate(row) for row in (await tx.execute(query)).scalars()]
