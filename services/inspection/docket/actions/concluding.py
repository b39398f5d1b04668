"""How a hazard's verdict returns to the entries behind it; without it no reporter would ever hear a result."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.docket import queries
from services.inspection.docket.actions.moving import finish, follow
from services.inspection.docket.domain import DOCKET, Verb
from shared.contracts.inspection import ReportSubstantiated, ReportUnfounded


async def substantiate(tx: AsyncSession, hazard_id: UUID, now: datetime) -> None:
    """The hazard is real: every entry behind it was right."""
    for entry in await queries.behind(tx, hazard_id):
        step = follow(entry, Verb.SUBSTANTIATE, DOCKET.moves[Verb.SUBSTANTIATE].clock)
        await finish(tx, None, step, partial(ReportSubstantiated, hazard_id=hazard_id), now)


async def find_unfounded(tx: AsyncSession, hazard_id: UUID, explanation: str, now: datetime) -> None:
    """There is no hazard."""
    for entry in await queries.behind(tx, hazard_id):
        step = follow(entry, Verb.FIND_UNFOUNDED, DOCKET.moves[Verb.FIND_UNFOUNDED].clock)
        fact = partial(ReportUnfounded, explanation=explanation)
        await finish(tx, None, step, fact, now, reason=explanation)
