"""A cut of power makes a stop obeyed (Work Safety Law art. 70); told ahead, and lifted when it has served."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.terms import told_ahead
from services.inspection.hazards.models import Hazard, PowerCutNotice
from services.inspection.hazards.shapes.overlays import CutPower, RestorePower
from shared.auth import Actor
from shared.contracts.inspection import (
    PowerCutAnnounced,
    PowerRestored,
)


async def cut_power(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: CutPower, now: datetime) -> Hazard:
    """Announce when the power is cut: 24 hours ahead, unless it is urgent and that is said."""
    step = await begin(tx, who, hazard_id, Verb.CUT_POWER, now)
    await cited(tx, ask.basis_ids, now)
    told_ahead(ask.cut_at, now, rules_of(tx).due("power_cut.notice", now).at, urgent=ask.urgent is not None)
    tx.add(
        PowerCutNotice(
            hazard_id=hazard_id,
            told_at=now,
            cut_at=ask.cut_at,
            urgent=ask.urgent,
            reason=ask.reason,
            basis=ask.basis,
            basis_ids=[str(each) for each in ask.basis_ids],
            by_id=who.id,
        )
    )
    fact = partial(PowerCutAnnounced, cut_at=ask.cut_at, urgent=ask.urgent is not None, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason, basis=ask.basis, why_urgent=ask.urgent)


async def restore_power(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RestorePower, now: datetime) -> Hazard:
    """Lift the cut, or call it off before it began."""
    step = await begin(tx, who, hazard_id, Verb.RESTORE_POWER, now)
    query = select(PowerCutNotice).where(
        col(PowerCutNotice.hazard_id) == hazard_id, col(PowerCutNotice.lifted_at).is_(None)
    )
    cut = (await tx.execute(query)).scalar_one()
    cut.lifted_at, cut.lifted_by, cut.lift_reason = now, who.id, ask.reason
    return await finish(tx, who, step, partial(PowerRestored, reason=ask.reason), now, reason=ask.reason)
