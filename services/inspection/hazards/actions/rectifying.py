"""What the enterprise does: take the order in hand, and prove each item."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.delivering import take_in_hand
from services.inspection.hazards.actions.extending import lapse
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.actions.rechecking import ADVISERS
from services.inspection.hazards.actions.staying import lapse_stay, limit_today
from services.inspection.hazards.domain import LISTED, Verb
from services.inspection.hazards.domain.rules import each_exactly_once, recheck_clock
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import RequestRecheck, StartRectification
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    RecheckRequested,
    RectificationStarted,
)
from shared.contracts.values import Grade
from shared.errors import BadInput


async def start_rectification(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: StartRectification, now: datetime
) -> Hazard:
    """T08: for a major or listed hazard the five certainties are obligatory, and no plan outlasts the order.

    Whoever begins has the order: one that nobody delivered counts as received.
    """
    step = await begin(tx, who, hazard_id, Verb.START_RECTIFICATION, now)
    hazard = step.hazard
    assert hazard.limit is not None, "an order has a limit"
    if ask.certainties is None and (hazard.grade == Grade.MAJOR or hazard.listing in LISTED):
        raise BadInput(
            "five-certainties",
            "For a major or listed hazard name the responsible person, measures, funds, limit and contingency plan.",
            "重大隐患和挂牌督办隐患须落实责任人、措施、资金、时限和应急预案。",
        )
    if ask.certainties is not None and ask.certainties.limit > await limit_today(tx, hazard, now):
        raise BadInput("plan-too-long", "The plan ends after the order's limit.", "方案时限超过责令期限。")
    hazard.certainties = ask.certainties.model_dump(mode="json") if ask.certainties else None
    fact = partial(RectificationStarted, limit=hazard.limit)
    await finish(tx, who, step, fact, now, certainties=hazard.certainties)
    await take_in_hand(tx, who, hazard, now)
    return hazard


async def request_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestRecheck, now: datetime) -> Hazard:
    """T10: every open item is proven, and who did the work is said."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_RECHECK, now)
    hazard = step.hazard
    await proven(tx, who, hazard_id, *(done.after for done in ask.items))
    open_items = {item.id: item for item in await knowing.items_of(tx, hazard) if not item.passed}
    each_exactly_once(open_items, [done.item_id for done in ask.items])
    for done in ask.items:
        item = open_items[done.item_id]
        item.after = written(done.after)
        item.remark = done.remark
    contractors = set(ask.contractor_ids)
    if unknown := contractors - await copies.organisations(tx, contractors, ADVISERS):
        raise BadInput(
            "not-an-agency",
            "A named contractor is no registered agency.",
            "所列单位不是已登记的机构。",
            parties=sorted(map(str, unknown)),
        )
    hazard.contractor_ids = sorted({*hazard.contractor_ids, *map(str, contractors)})
    clock = recheck_clock(hazard.category)
    fact = partial(RecheckRequested, recheck_by=rules_of(tx).due(clock, now).at)
    await finish(tx, who, replace(step, clock=clock), fact, now, contractors=ask.contractor_ids)
    await take_in_hand(tx, who, hazard, now)
    await lapse(tx, who, hazard, now)
    return await lapse_stay(tx, who, hazard, now)
