"""A look on site at what was verified by pictures (§4.4); without it a remote re-check would be believed for ever."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.actions.rechecking import new_recheck
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.rules import recheck_clock
from services.inspection.hazards.models import Hazard, Recheck, SiteCheck
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.orders import SiteCheckAsk
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardState,
    RecheckOpened,
    SiteChecked,
)


async def site_check(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: SiteCheckAsk, now: datetime) -> Hazard:
    """Look on site at a drawn remote re-check. Failed, what it passed is open again, and re-checked on site."""
    step = await begin(tx, who, hazard_id, Verb.SITE_CHECK, now)
    hazard = step.hazard
    await proven(tx, who, hazard_id, ask.photos)
    drawn = await _drawn(tx, hazard)
    tx.add(
        SiteCheck(
            id=uuid4(),
            hazard_id=hazard.id,
            recheck_id=drawn.id,
            cycle=hazard.cycle,
            passed=ask.passed,
            remark=ask.remark,
            evidence=written(ask.photos),
            by_id=who.id,
            at=now,
        )
    )
    hazard.site_check_due = False
    if not ask.passed:
        step = replace(step, clock=recheck_clock(hazard.category))
        hazard.state = HazardState.RECHECKING
        await _open_again(tx, hazard, drawn)
    fact = partial(SiteChecked, recheck_id=drawn.id, passed=ask.passed, remark=ask.remark)
    await finish(tx, who, step, fact, now, reason=ask.remark)
    if not ask.passed:
        opened = new_recheck(tx, who, hazard, now)
        again = replace(step, verb=Verb.OPEN_RECHECK, clock=None)
        await finish(tx, who, again, partial(RecheckOpened, recheck_id=opened.id), now)
    return hazard


async def _open_again(tx: AsyncSession, hazard: Hazard, drawn: Recheck) -> None:
    """Take back what the remote re-check passed."""
    judged = {verdict["item_id"] for verdict in drawn.verdicts}
    for item in await knowing.items_of(tx, hazard):
        if str(item.id) in judged:
            item.passed = False
            hazard.open_items += 1


async def _drawn(tx: AsyncSession, hazard: Hazard) -> Recheck:
    """Give the remote re-check that waits for its look on site: once one fails there, none of the cycle is remote."""
    query = select(Recheck).where(
        col(Recheck.hazard_id) == hazard.id, col(Recheck.cycle) == hazard.cycle, col(Recheck.drawn)
    )
    return (await tx.execute(query)).scalar_one()
