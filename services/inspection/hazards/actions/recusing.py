"""Officers keep out of what concerns them (Penalty Law art. 43); until it is decided, the challenged go on."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.actions.moving import aside, finish
from services.inspection.hazards.domain import Deed
from services.inspection.hazards.models import Hazard, Recusal
from services.inspection.hazards.queries import recusing, seeing
from services.inspection.hazards.shapes.orders import AskRecusal, DecideRecusal, StepAside
from shared.auth import Actor
from shared.contracts.inspection import (
    RecusalAsked,
    RecusalDecided,
    RecusalDeclared,
    RecusalState,
)
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, no_such
from shared.permission import covers


async def step_aside(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: StepAside, now: datetime) -> Recusal:
    """Keep out of it oneself, at once: nobody is made to act who says that they cannot be fair (D)."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    _reaches(who, "recusal.declare", hazard)
    recusal = await _new(tx, hazard, who.id, ask.reason, now)
    recusal.state, recusal.decided_by, recusal.decided_at = RecusalState.EFFECTIVE, who.id, now
    tx.add(recusal)
    fact = partial(RecusalDeclared, recusal_id=recusal.id, officer_id=who.id)
    await finish(tx, who, aside(hazard, Deed.STEP_ASIDE), fact, now, reason=ask.reason)
    return recusal


async def ask_recusal(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: AskRecusal, now: datetime) -> Recusal:
    """Ask that an officer keep out whom an order or a re-check named; until the head decides, nothing rests."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    _reaches(who, "recusal.ask", hazard)
    if ask.officer_id not in await recusing.named_to_the_enterprise(tx, hazard):
        raise BadInput(
            "not-an-officer-of-this",
            "No order or re-check of this hazard names that officer.",
            "该人员并非本案指令书或复查意见书所列执法人员。",
        )
    recusal = await _new(tx, hazard, ask.officer_id, ask.reason, now)
    recusal.asked_by = who.id
    tx.add(recusal)
    fact = partial(RecusalAsked, recusal_id=recusal.id, officer_id=ask.officer_id)
    await finish(tx, who, aside(hazard, Deed.ASK_RECUSAL), fact, now, reason=ask.reason)
    return recusal


async def decide_recusal(
    tx: AsyncSession, who: Actor, hazard_id: UUID, recusal_id: UUID, ask: DecideRecusal, now: datetime
) -> Recusal:
    """Decide as the head of the lead authority, and never about oneself."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    recusal = await tx.get(Recusal, recusal_id, with_for_update=True)
    if recusal is None or recusal.hazard_id != hazard.id:
        raise no_such("recusal", "回避申请")
    if hazard.lead_authority_id is None or hazard.lead_authority_id != who.party_id:
        raise Forbidden("not-your-hazard", "Another authority leads this hazard.", "该隐患由其他部门牵头。")
    if recusal.officer_id == who.id:
        raise Conflict("not-your-own-recusal", "Somebody else decides about your own recusal.", "不得决定本人的回避。")
    if recusal.state is not RecusalState.ASKED:
        raise Conflict("already-decided", "This was decided already.", "该申请已有决定。", state=recusal.state)
    recusal.state = RecusalState.EFFECTIVE if ask.granted else RecusalState.REFUSED
    recusal.decision, recusal.decided_by, recusal.decided_at = ask.reason, who.id, now
    fact = partial(
        RecusalDecided,
        recusal_id=recusal.id,
        officer_id=recusal.officer_id,
        granted=ask.granted,
        reason=ask.reason,
    )
    await finish(tx, who, aside(hazard, Deed.DECIDE_RECUSAL), fact, now, reason=ask.reason)
    return recusal


async def _new(tx: AsyncSession, hazard: Hazard, officer_id: UUID, reason: str, now: datetime) -> Recusal:
    known = await recusing.standing(tx, hazard.id, officer_id)
    if known is None:
        return Recusal(
            id=uuid4(),
            hazard_id=hazard.id,
            officer_id=officer_id,
            state=RecusalState.ASKED,
            reason=reason,
            asked_at=now,
        )
    raise Conflict(
        "recusal-stands",
        "That officer keeps out already, or it is being decided.",
        "该人员已回避，或回避申请正在审查。",
        state=known.state,
    )


def _reaches(who: Actor, verb: str, hazard: Hazard) -> None:
    """Refuse whoever knows of the hazard but has no part in it; a delegate knows only of its authorities' own."""
    competent = {hazard.lead_authority_id, hazard.handling_authority_id, *map(UUID, hazard.co_authority_ids)}
    if Role.DELEGATE in who.roles:
        competent.add(who.party_id)
    if not covers(who, verb, area=hazard.area_code, competent=competent, party=[hazard.enterprise_id]):
        raise Forbidden("not-your-hazard", "You have no part in this hazard.", "您与该隐患无关。")
