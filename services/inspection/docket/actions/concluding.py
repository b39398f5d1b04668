"""How a hazard's verdict returns to the entries behind it; without it no reporter would ever hear a result."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.docket import queries
from services.inspection.docket.actions.moving import finish, follow
from services.inspection.docket.domain import DOCKET, Verb
from services.inspection.docket.models import Report
from shared.contracts.inspection import ReportSubstantiated, ReportUnfounded


async def substantiate(tx: AsyncSession, hazard_id: UUID, now: datetime, *, by_itself: bool = False) -> None:
    """The hazard is real: every entry behind it was right.

    `by_itself`: the enterprise confirmed what it declared itself, so nobody waits for an answer.
    """
    clock = None if by_itself else DOCKET.moves[Verb.SUBSTANTIATE].clock
    for entry in await queries.behind(tx, hazard_id):
        step = follow(entry, Verb.SUBSTANTIATE, clock)
        await finish(tx, None, step, partial(ReportSubstantiated, hazard_id=hazard_id), now)


async def find_unfounded(tx: AsyncSession, hazard_id: UUID, explanation: str, now: datetime) -> None:
    """There is no hazard."""
    for entry in await queries.behind(tx, hazard_id):
        step = follow(entry, Verb.FIND_UNFOUNDED, DOCKET.moves[Verb.FIND_UNFOUNDED].clock)
        fact = partial(ReportUnfounded, explanation=explanation)
        await finish(tx, None, step, fact, now, reason=explanation)


async def follow_the_hazard(tx: AsyncSession, hazard_id: UUID, into_id: UUID) -> None:
    """The hazard ended in another one: the entries behind it are behind that one now."""
    following = update(Report).where(col(Report.hazard_id) == hazard_id).values(hazard_id=into_id)
    await tx.execute(following.execution_options(synchronize_session=False))
