"""How a hazard is shown to each reader; without it one shape would have to be trimmed in many places."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.readers import Reader, reader_of
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.queries.lines import whole
from services.inspection.hazards.shapes.views import (
    ClaimantHazardView,
    HazardDetail,
    OwnHazardDetail,
)
from services.inspection.history.models import Happening
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from shared.auth import Actor
from shared.contracts.values import Role

_TOLD_TO_THE_ENTERPRISE = frozenset({Verb.ORDER, Verb.ORDER_STOP, Verb.FAIL_RECHECK, Verb.DECIDE_RESUMPTION})
"""Moves addressed to the enterprise; the reasons of others may hint at a reporter."""


async def detail(
    tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime
) -> HazardDetail | OwnHazardDetail | ClaimantHazardView:
    """Show one hazard whole, as this reader may see it."""
    standing = await knowing.standing_of(tx, who, [hazard.enterprise_id], now)
    known: dict[str, Any] = hazard.model_dump() | {"offers": knowing.offers(who, hazard, standing)}
    reader = reader_of(who.roles)
    if reader is Reader.CLAIMANT:
        return ClaimantHazardView.model_validate(known)
    known |= await whole(tx, who, hazard.id, now)
    if reader is Reader.ENTERPRISE:  # which is told of what it owes itself
        owed: list[dict[str, Any]] = known["deadlines"]
        known["deadlines"] = [each for each in owed if each["owed_by"] == str(hazard.enterprise_id)]
    clocks = [DeadlineView.model_validate(each) for each in known["deadlines"]]
    first = clocks[0] if clocks else None
    known |= {"next_due": first and first.due_at, "next_due_key": first and first.key}
    known["overdue"] = first is not None and first.due_at < now
    return (OwnHazardDetail if reader is Reader.ENTERPRISE else HazardDetail).model_validate(known)


async def timeline(tx: AsyncSession, who: Actor, hazard: Hazard) -> list[HappeningView]:
    """Tell the hazard's history; to the enterprise only from the order on, and without persons and inner reasons."""
    told = await history_of(tx, Kind.HAZARD, hazard.id)
    if reader_of(who.roles) is Reader.OFFICIAL:
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
