"""More time: asked for before the limit, decided by whoever ordered; until then the limit stands (T09)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import going_deadlines, local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.delivering import take_in_hand
from services.inspection.hazards.actions.limiting import LIMIT, move_limit
from services.inspection.hazards.actions.listing import listing_of
from services.inspection.hazards.actions.moving import aside, begin, finish
from services.inspection.hazards.actions.ordering import max_days
from services.inspection.hazards.domain import LISTED, Deed, Verb
from services.inspection.hazards.domain.terms import asked_in_time, may_be_extended_to
from services.inspection.hazards.models import ExtensionRequest, Hazard, OrderStay
from services.inspection.hazards.shapes.overlays import DecideExtension, RequestExtension
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    Extension,
    ExtensionDecided,
    ExtensionLapsed,
    ExtensionRequested,
    Stay,
)


async def request_extension(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestExtension, now: datetime
) -> Hazard:
    """T09, first half: early enough, with reasons and what is done meanwhile. A listed hazard has clocks of its own."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_EXTENSION, now)
    hazard, today = step.hazard, local_day(tx, now)
    assert hazard.limit is not None, "an order has a limit"
    kind = "listing.extension" if hazard.listing in LISTED else "hazard.extension"
    asked_in_time(hazard.limit, local_day(tx, rules_of(tx).due(f"{kind}.ask_before", now).at))
    may_be_extended_to(ask.until, hazard.limit, today, await _latest(tx, hazard, now))
    await proven(tx, who, hazard_id, ask.evidence)
    step = replace(step, clock=f"{kind}.decide")
    asked = ExtensionRequest(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        ground=ask.ground,
        reason=ask.reason,
        interim_measures=ask.interim_measures,
        evidence=written(ask.evidence),
        limit_before=hazard.limit,
        until_asked=ask.until,
        asked_by=who.id,
        asked_at=now,
        decide_by=rules_of(tx).due(f"{kind}.decide", now).at,
    )
    tx.add(asked)
    fact = partial(
        ExtensionRequested, extension_id=asked.id, ground=ask.ground, until=ask.until, decide_by=asked.decide_by
    )
    await finish(tx, who, step, fact, now, reason=ask.reason)
    await take_in_hand(tx, who, hazard, now)
    return hazard


async def decide_extension(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DecideExtension, now: datetime
) -> Hazard:
    """T09, second half: granted moves the limit and its clock, which does not start anew; refused, all stands."""
    step = await begin(tx, who, hazard_id, Verb.DECIDE_EXTENSION, now)
    hazard = step.hazard
    asked = await _undecided(tx, hazard)
    assert hazard.limit is not None, "an order has a limit"
    asked.granted, asked.decision, asked.decided_by, asked.decided_at = ask.granted, ask.reason, who.id, now
    if ask.granted:
        until = ask.until or asked.until_asked
        latest = min(asked.until_asked, await _latest(tx, hazard, now))
        # While the order is stayed its days lie still, so no day among them is past.
        today = hazard.limit if hazard.stay is Stay.STAYED else local_day(tx, now)
        may_be_extended_to(until, hazard.limit, today, latest)
        asked.until_granted = hazard.limit = until
        hazard.extensions += 1
        why = (f"Extended by decision of {local_day(tx, now)}", f"经 {local_day(tx, now)} 决定延期")
        await move_limit(tx, hazard, until, why, now)
        if hazard.listing in LISTED:
            (await listing_of(tx, hazard)).limit = until
    else:
        hazard.extension = Extension.REFUSED
    fact = partial(ExtensionDecided, extension_id=asked.id, granted=ask.granted, limit=hazard.limit, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def lapse(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> Hazard:
    """Let a request that nobody decided end with what it was asked for: nobody refused it, so nothing says so.

    The hazard stands again as before the request; more time counts as granted where it once was.
    """
    if hazard.extension is not Extension.REQUESTED:
        return hazard
    asked = await _undecided(tx, hazard)
    asked.lapsed_at = now
    hazard.extension = Extension.GRANTED if hazard.extensions else Extension.NONE
    step = aside(hazard, Deed.LAPSE_EXTENSION)
    return await finish(tx, who, step, partial(ExtensionLapsed, extension_id=asked.id), now)


async def put_off(tx: AsyncSession, hazard: Hazard, days: timedelta) -> None:
    """Let a request that nobody decided be about the limit as it stands after a stay: so many days later."""
    if hazard.extension is Extension.REQUESTED:
        asked = await _undecided(tx, hazard)
        asked.limit_before, asked.until_asked = asked.limit_before + days, asked.until_asked + days


async def _undecided(tx: AsyncSession, hazard: Hazard) -> ExtensionRequest:
    """Give the request that waits; the overlay says that there is one."""
    query = select(ExtensionRequest).where(
        col(ExtensionRequest.hazard_id) == hazard.id,
        col(ExtensionRequest.decided_at).is_(None),
        col(ExtensionRequest.lapsed_at).is_(None),
    )
    return (await tx.execute(query)).scalar_one()


async def _latest(tx: AsyncSession, hazard: Hazard, now: datetime) -> date:
    """Give the last day that the limit may have overall, counted from when it was first set: its clock kept that.

    Days on which the order was stayed do not count.
    """
    going = await going_deadlines(tx, hazard.id)
    since = next((clock.starts_at for clock in going if clock.key == LIMIT), now)
    stays = select(OrderStay).where(col(OrderStay.hazard_id) == hazard.id, col(OrderStay.since) >= since)
    stood = [
        local_day(tx, stay.lifted_at or stay.lapsed_at or now) - local_day(tx, stay.since)
        for stay in (await tx.execute(stays)).scalars()
    ]
    return local_day(tx, since) + timedelta(days=max_days(tx, hazard, now)) + sum(stood, timedelta())
