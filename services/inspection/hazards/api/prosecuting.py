"""Routes of penalty cases, from the filing to the decision."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import hearing, prosecuting
from services.inspection.hazards.domain import ENFORCEMENT, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import cases
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/open-case", dependencies=[moves(ENFORCEMENT, Verb.OPEN_CASE)])
async def open_case(hazard_id: UUID, ask: cases.OpenCase, who: Who, now: Now, tx: Tx) -> Shown:
    """File a penalty case; two certified officers (T20)."""
    return await telling.detail(tx, who, await prosecuting.open_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/tell-rights", dependencies=[moves(ENFORCEMENT, Verb.TELL_RIGHTS)])
async def tell_rights(hazard_id: UUID, ask: cases.TellRights, who: Who, now: Now, tx: Tx) -> Shown:
    """Tell the party what is meant, why, and its rights, with the serving record (T20)."""
    return await telling.detail(tx, who, await hearing.tell_rights(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/state-defence", dependencies=[moves(ENFORCEMENT, Verb.STATE_DEFENCE)])
async def state_defence(hazard_id: UUID, ask: cases.Said, who: Who, now: Now, tx: Tx) -> Shown:
    """State or defend: the party itself, or the authority that has it on paper (T20)."""
    return await telling.detail(tx, who, await hearing.state_defence(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/ask-hearing", dependencies=[moves(ENFORCEMENT, Verb.ASK_HEARING)])
async def ask_hearing(hazard_id: UUID, ask: cases.Said, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask for a hearing, in the days for it (T20)."""
    return await telling.detail(tx, who, await hearing.ask_hearing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/waive-hearing", dependencies=[moves(ENFORCEMENT, Verb.WAIVE_HEARING)])
async def waive_hearing(hazard_id: UUID, ask: cases.Said, who: Who, now: Now, tx: Tx) -> Shown:
    """Do without a hearing, or withdraw the request (T20)."""
    return await telling.detail(tx, who, await hearing.waive_hearing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/call-hearing", dependencies=[moves(ENFORCEMENT, Verb.CALL_HEARING)])
async def call_hearing(hazard_id: UUID, ask: cases.CallHearing, who: Who, now: Now, tx: Tx) -> Shown:
    """Say when and where the hearing is held, and who leads it (T20)."""
    return await telling.detail(tx, who, await hearing.call_hearing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/hold-hearing", dependencies=[moves(ENFORCEMENT, Verb.HOLD_HEARING)])
async def hold_hearing(hazard_id: UUID, ask: cases.HoldHearing, who: Who, now: Now, tx: Tx) -> Shown:
    """Record the hearing (T20)."""
    return await telling.detail(tx, who, await hearing.hold_hearing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/review-case", dependencies=[moves(ENFORCEMENT, Verb.REVIEW_CASE)])
async def review_case(hazard_id: UUID, ask: cases.ReviewCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Review the legality, as somebody who does not investigate the case (T20)."""
    return await telling.detail(tx, who, await prosecuting.review_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/decide-case", dependencies=[moves(ENFORCEMENT, Verb.DECIDE_CASE)])
async def decide_case(hazard_id: UUID, ask: cases.DecideCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Decide the penalty, no graver than the party was told (T20)."""
    return await telling.detail(tx, who, await prosecuting.decide_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/drop-case", dependencies=[moves(ENFORCEMENT, Verb.DROP_CASE)])
async def drop_case(hazard_id: UUID, ask: cases.DropCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Decide that there is no penalty (T20)."""
    return await telling.detail(tx, who, await prosecuting.drop_case(tx, who, hazard_id, ask, now), now)
