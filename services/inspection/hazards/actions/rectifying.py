"""What the enterprise does: take the order in hand, prove each item, ask to resume work."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.rules import each_exactly_once
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import RequestRecheck, RequestResumption, StartRectification
from shared.auth import Actor
from shared.contracts.inspection import RecheckRequested, RectificationStarted, ResumptionRequested
from shared.contracts.values import Grade
from shared.errors import BadInput


async def start_rectification(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: StartRectification, now: datetime
) -> Hazard:
    """T08: for a major hazard the five certainties are obligatory, and no plan outlasts the order."""
    step = await begin(tx, who, hazard_id, Verb.START_RECTIFICATION, now)
    hazard = step.hazard
    assert hazard.limit is not None, "an order has a limit"
    if ask.certainties is None and hazard.grade == Grade.MAJOR:
        raise BadInput(
            "five-certainties",
            "For a major hazard name the responsible person, measures, funds, limit and contingency plan.",
            "重大隐患须落实责任人、措施、资金、时限和应急预案。",
        )
    if ask.certainties is not None and ask.certainties.limit > hazard.limit:
        raise BadInput("plan-too-long", "The plan ends after the order's limit.", "方案时限超过责令期限。")
    hazard.certainties = ask.certainties.model_dump(mode="json") if ask.certainties else None
    fact = partial(RectificationStarted, limit=hazard.limit)
    return await finish(tx, who, step, fact, now, certainties=hazard.certainties)


async def request_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestRecheck, now: datetime) -> Hazard:
    """T10: every open item is proven."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_RECHECK, now)
    await proven(tx, who, hazard_id, *(done.after for done in ask.items))
    open_items = {item.id: item for item in await knowing.items_of(tx, step.hazard) if not item.passed}
    each_exactly_once(open_items, [done.item_id for done in ask.items])
    for done in ask.items:
        item = open_items[done.item_id]
        item.after = [picture.model_dump(mode="json") for picture in done.after]
        item.remark = done.remark
    fact = partial(RecheckRequested, recheck_by=rules_of(tx).due("hazard.recheck", now).at)
    return await finish(tx, who, step, fact, now)


async def request_resumption(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestResumption, now: datetime
) -> Hazard:
    """T15, first half: work may begin again only with the authority's consent (F08)."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_RESUMPTION, now)
    await proven(tx, who, hazard_id, ask.evidence)
    fact = partial(ResumptionRequested, review_by=rules_of(tx).due("suspension.resumption_review", now).at)
    return await finish(tx, who, step, fact, now, reason=ask.statement, evidence=ask.evidence)
