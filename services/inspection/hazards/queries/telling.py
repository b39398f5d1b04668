"""How a hazard is shown to each reader; without it one shape would have to be trimmed in many places."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.hazards.domain import REACHES_THE_ENTERPRISE, Deed, Verb
from services.inspection.hazards.domain.lookback import Looks, lookback
from services.inspection.hazards.domain.measures import TAKEN, MeasureVerb
from services.inspection.hazards.domain.parts import HISTORY as OF_PARTS
from services.inspection.hazards.domain.readers import Reader, reader_of
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import assisting, knowing, proceedings, recurring, recusing
from services.inspection.hazards.queries.lines import whole
from services.inspection.hazards.shapes.proceedings import OwnRecusalView, Recusals, RecusalView
from services.inspection.hazards.shapes.views import (
    ClaimantHazardView,
    ClosedAlike,
    HazardDetail,
    OwnHazardDetail,
)
from services.inspection.history.models import Happening
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from shared.auth import Actor
from shared.contracts.inspection import RIGHTS, HazardState
from shared.contracts.values import Role

_TOLD_TO_THE_ENTERPRISE = frozenset(
    {
        Verb.ORDER,
        Verb.DELIVER,
        Verb.ORDER_STOP,
        Verb.FAIL_RECHECK,
        Verb.DECIDE_RESUMPTION,
        Verb.DECIDE_EXTENSION,
        Verb.TELL_RIGHTS,
        Verb.CALL_HEARING,
        Verb.HOLD_HEARING,
        Verb.DECIDE_CASE,
        Verb.DROP_CASE,
        Verb.GRANT_TERMS,
        Verb.SERVE_DEMAND,
        Verb.END_CONTEST,
        Verb.CUT_POWER,
        Verb.RESTORE_POWER,
        Verb.STAY_ORDER,
        Verb.LIFT_STAY,
        Deed.DECIDE_RECUSAL,
        *(f"measure_{verb}" for verb in MeasureVerb),
    }
)
"""Moves addressed to the enterprise; the reasons of others may hint at a reporter."""
_AMONG_OFFICIALS = frozenset(
    {
        Deed.STEP_ASIDE,
        Deed.TRANSFER_CASE,
        Verb.PROPOSE_LISTING,
        Verb.REFUSE_LISTING,
        Verb.REFUSE_DELISTING,
        Verb.REVIEW_CASE,
    }
)
"""Moves that concern nobody outside: an officer's conscience, legal opinions, what was not done, or police look at."""
_REACHES = REACHES_THE_ENTERPRISE | {TAKEN}
_OWN = frozenset({Verb.CONFIRM_OWN, Verb.START_OWN, Verb.FINISH_OWN, Verb.CLOSE_OWN, Verb.TAKE_OVER})
_ENDS_ITS_GOVERNING = frozenset({Verb.TAKE_OVER, Verb.REOPEN})


async def detail(
    tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime
) -> HazardDetail | OwnHazardDetail | ClaimantHazardView:
    """Show one hazard whole, as this reader may see it."""
    standing = await knowing.standing_without(tx, who, now)
    found = await whole(tx, who, hazard.id, now)
    standing = replace(
        standing,
        stepped_aside=frozenset([hazard.id] if found["keeps_out"] else []),
        industries={hazard.enterprise_id: found["industry"] or ""},
    )
    known = _known(who, hazard, standing)
    reader = reader_of(who.roles)
    if reader is Reader.CLAIMANT:
        return ClaimantHazardView.model_validate(known)
    known |= found
    if reader is Reader.ENTERPRISE:  # which is told of what it owes itself
        owed: list[dict[str, Any]] = known["deadlines"]
        known["deadlines"] = [each for each in owed if each["owed_by"] == str(hazard.enterprise_id)]
    clocks = [DeadlineView.model_validate(each) for each in known["deadlines"]]
    first = next((clock for clock in clocks if clock.key not in RIGHTS and clock.paused_at is None), None)
    known |= {"next_due": first and first.due_at, "next_due_key": first and first.key}
    known["overdue"] = first is not None and first.due_at < now
    if reader is Reader.ENTERPRISE:
        known["listings"] = proceedings.listings_told_outside(known["listings"])
        return OwnHazardDetail.model_validate(known)
    known |= _lookback(hazard, (await recurring.looks_of(tx, [hazard]))[hazard.id], standing)
    known |= {
        "parts": await assisting.views(tx, who, hazard, now) if known["has_parts"] else [],
        "closed_alike": await _closed_alike(tx, hazard, now),
    }
    return HazardDetail.model_validate(known)


async def recusals(tx: AsyncSession, who: Actor, hazard: Hazard) -> Recusals:
    """Show who keeps out: all of it to officials, to the enterprise what it asked for."""
    found = await recusing.of_hazard(tx, hazard.id)
    if reader_of(who.roles) is Reader.OFFICIAL:
        return Recusals(items=[RecusalView.model_validate(row) for row in found])
    return Recusals(items=[OwnRecusalView.model_validate(row) for row in found if row.asked_by is not None])


async def timeline(tx: AsyncSession, who: Actor, hazard: Hazard) -> list[HappeningView]:
    """Tell the hazard's history; to the enterprise only from when it was told, and without persons and inner reasons.

    What the enterprise governs itself it is told from the beginning, until that ends, and then from when it was told.
    What authorities ask of each other is theirs.
    """
    told = await history_of(tx, Kind.HAZARD, hazard.id)
    if reader_of(who.roles) is Reader.OFFICIAL:
        return [HappeningView.model_validate(row) for row in told]
    enterprise = Role.ENTERPRISE in who.roles
    own = enterprise and (hazard.self_governed or any(row.verb in _OWN for row in told))
    until = next((n + 1 for n, row in enumerate(told) if row.verb in _ENDS_ITS_GOVERNING), len(told)) if own else 0
    since = next((n for n, row in enumerate(told) if row.verb in _REACHES), len(told))
    shown = (*told[:until], *told[max(since, until) :])
    outward = [row for row in shown if row.verb not in _AMONG_OFFICIALS and row.verb not in OF_PARTS]
    return [_outward(row, enterprise=enterprise) for row in outward]


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
    known = hazard.model_dump() | {"offers": knowing.offers(who, hazard, standing)}
    if Role.ENTERPRISE in who.roles and hazard.state == HazardState.MERGED:
        known["state"] = HazardState.SUSPECTED  # the word would tell it that somebody else reported the same (§9.1)
    return known


def _lookback(hazard: Hazard, looks: Looks, standing: knowing.Standing) -> dict[str, Any]:
    state = lookback(hazard.state, hazard.looked_back, hazard.cycle, looks, standing.today)
    return {"lookback": state}


async def _closed_alike(tx: AsyncSession, hazard: Hazard, now: datetime) -> ClosedAlike | None:
    former = await recurring.closed_alike(tx, hazard, now) if hazard.state == HazardState.SUSPECTED else None
    if former is None:
        return None
    again = recurring.closed_within(tx, former, "hazard.reopen.window", now)
    return ClosedAlike.model_validate(former.model_dump() | {"opens_again": again})
