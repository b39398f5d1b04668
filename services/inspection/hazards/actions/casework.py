"""The frame of every move of a penalty case: without it hazard and case could stand in different places."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.delivery import HandedOver, is_a_delivery
from services.inspection.hazards.models import CaseService, Hazard, PenaltyCase
from services.inspection.hazards.queries import cases
from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseDocument,
    HazardFact,
)


async def begin_case(
    tx: AsyncSession, who: Actor, hazard_id: UUID, verb: Verb, now: datetime
) -> tuple[Step, PenaltyCase]:
    """Let the table decide on the hazard, and give the case that goes on."""
    step = await begin(tx, who, hazard_id, verb, now)
    return step, await cases.pending(tx, step.hazard)


async def finish_case(
    tx: AsyncSession,
    who: Actor,
    step: Step,
    case: PenaltyCase,
    fact: Callable[..., HazardFact],
    now: datetime,
    *,
    reason: str = "",
    **kept: Any,
) -> Hazard:
    """Let the case stand where the hazard says, and tell of the fact with the case's name."""
    case.state = step.hazard.enforcement
    named = partial(fact, case_id=case.id, case_number=case.number)
    return await finish(tx, who, step, named, now, reason=reason, **kept)


async def serve(
    tx: AsyncSession,
    who: Actor,
    case: PenaltyCase,
    document: CaseDocument,
    ask: Delivery,
    made_at: datetime,
    now: datetime,
) -> HandedOver:
    """Record how a document of the case reached the party, or that its signature was refused, and who saw it."""
    said = HandedOver(
        how=ask.how,
        at=ask.at or now,
        received_by=ask.received_by,
        refused=ask.refused.reason if ask.refused else None,
        witnesses=ask.refused.witnesses if ask.refused else (),
        files=len(ask.evidence),
    )
    is_a_delivery(said, made_at, now, int(rules_of(tx).number("order.refusal.witnesses", local_day(tx, now))))
    await proven(tx, who, case.hazard_id, ask.evidence)
    tx.add(
        CaseService(
            id=uuid4(),
            case_id=case.id,
            hazard_id=case.hazard_id,
            document=document,
            how=said.how,
            received_by=said.received_by,
            refused=said.refused,
            witnesses=list(said.witnesses),
            evidence=written(ask.evidence),
            at=said.at,
            by_id=who.id,
            recorded_at=now,
        )
    )
    return said
