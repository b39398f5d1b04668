"""More time to verify a claim, given once and told to whoever waits for the result."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.docket.actions.moving import Step, begin, finish
from services.inspection.docket.domain import Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import ExtendVerification
from shared.auth import Actor
from shared.contracts.inspection import (
    ReportState,
    VerificationExtended,
)


async def extend_verification(
    tx: AsyncSession, who: Actor, entry_id: UUID, ask: ExtendVerification, now: datetime
) -> Report:
    """Move the clock of verifying on, with the head's approval; those merged into the claim wait as long (art. 11)."""
    step = await begin(tx, who, entry_id, Verb.EXTEND_VERIFICATION, now)
    entry = step.entry
    due = await deadlines.extend_by(tx, entry.about, "report.verify", "report.verify.extension", now)
    entry.extensions += 1
    fact = partial(VerificationExtended, explanation=ask.explanation, verify_by=due)
    await finish(tx, who, step, fact, now, reason=ask.explanation)
    for follower in await entries.followers(tx, entry):
        if follower.state is ReportState.MERGED:
            told = Step(follower, step.verb, follower.state, None)
            await finish(tx, who, told, fact, now, reason=ask.explanation)
    return entry
