"""How hazards' verdicts return to the claims behind them; without it no reporter would ever hear a result."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.docket.actions.moving import finish, follow
from services.inspection.docket.domain import DOCKET, Behind, Verb, Verdict, verdict
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.domain import Kind
from services.inspection.hazards.domain import Verb as HazardVerb
from services.inspection.history.models import Happening
from shared.contracts.inspection import (
    ReportSubstantiated,
    ReportUnfounded,
)

_WAITING = DOCKET.moves[Verb.SUBSTANTIATE].sources


async def conclude(tx: AsyncSession, hazard_id: UUID, now: datetime, *, by_itself: bool = False) -> None:
    """Give every claim behind a hazard its result, as soon as all its hazards allow one.

    `by_itself`: the enterprise confirmed what it declared itself, so nobody waits for an answer.

    Looks again until nobody is left: a claim that is being merged meanwhile becomes visible once its desk has ended.
    """
    seen = set[UUID]()
    while waiting := [e for e in await entries.behind(tx, [hazard_id], *_WAITING) if e.id not in seen]:
        seen |= {entry.id for entry in waiting}
        hazards = await entries.hazards_of(tx, [entry.claim_id for entry in waiting])
        for entry in waiting:
            await _conclude(tx, entry, hazards[entry.claim_id], now, by_itself=by_itself)


async def conclude_entry(tx: AsyncSession, entry: Report, now: datetime) -> None:
    """Give one claim its result, if it waits for one and its hazards allow it."""
    if entry.state in _WAITING:
        await _conclude(tx, entry, await entries.hazards_behind(tx, entry), now)


async def follow_the_merged(tx: AsyncSession, hazard_id: UUID, into_id: UUID, now: datetime) -> None:
    """Let claims that named a hazard first name the one that it was merged into."""
    moved = update(Report).where(col(Report.hazard_id) == hazard_id).values(hazard_id=into_id)
    await tx.execute(moved.execution_options(synchronize_session=False))
    await conclude(tx, into_id, now)


async def _conclude(
    tx: AsyncSession, entry: Report, hazards: Collection[Behind], now: datetime, *, by_itself: bool = False
) -> None:
    match verdict(hazards):
        case Verdict.TRUE:
            found = next(hazard.id for hazard in hazards if hazard.true)
            step = follow(entry, Verb.SUBSTANTIATE, None if by_itself else DOCKET.moves[Verb.SUBSTANTIATE].clock)
            await finish(tx, None, step, partial(ReportSubstantiated, hazard_id=found), now)
        case Verdict.UNFOUNDED if not entry.fatal or entry.county_finding is not None:
            step = follow(entry, Verb.FIND_UNFOUNDED, DOCKET.moves[Verb.FIND_UNFOUNDED].clock)
            explanation = await _why_ended(tx, [hazard.id for hazard in hazards])
            fact = partial(ReportUnfounded, explanation=explanation)
            await finish(tx, None, step, fact, now, reason=explanation)
        case _:
            pass


async def _why_ended(tx: AsyncSession, hazard_ids: Collection[UUID]) -> str:
    """Give the reasons for which hazards were dismissed or voided, each once, in the order of the decisions."""
    query = (
        select(Happening.reason)
        .where(
            col(Happening.object_kind) == Kind.HAZARD,
            col(Happening.object_id).in_(hazard_ids),
            col(Happening.verb).in_([HazardVerb.DISMISS, HazardVerb.VOID]),
        )
        .order_by(col(Happening.id))
    )
    return "\n".join(dict.fromkeys((await tx.execute(query)).scalars()))
