"""Accepts what an enterprise may remove itself, without troubling a desk; without it every self-check would wait.

The platform acts, and history says so (domain reference §4.6). The desk sees entry and hazard in its lists.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.docket.actions.moving import finish, follow
from services.inspection.docket.domain import Verb
from services.inspection.docket.queries import entries
from services.inspection.hazards.actions.self_governing import open_own
from services.inspection.hazards.actions.verifying import Suspicion
from services.inspection.hazards.models import Hazard
from shared.contracts.inspection import (
    ReportAccepted,
    ReportState,
)
from shared.contracts.values import derived_id
from shared.errors import Conflict


async def leave_to_the_enterprise(tx: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """Open the enterprise's own hazard for a claim that just came in; doing it again changes nothing."""
    entry = await entries.by_claim(tx, claim_id, lock=True)
    if entry is None or entry.state is not ReportState.RECEIVED or entry.authority_id is None:
        return
    step = follow(entry, Verb.ACCEPT)
    suspicion = Suspicion(
        area_code=entry.area_code,
        category=entry.category,
        what=entry.what,
        enterprise_id=entry.enterprise_id,
        place=entry.place,
        imminent_danger=entry.imminent_danger,
        authority_id=entry.authority_id,
        claimed_at=entry.claimed_at,
        channel=entry.channel,
    )
    entry.hazard_id = derived_id("hazard", entry.id)
    await open_own(tx, entry.hazard_id, suspicion, entry.routing_rule, entry.claim, now)
    await finish(tx, None, step, partial(ReportAccepted, hazard_id=entry.hazard_id, self_governed=True), now)


async def none_is_the_enterprises(tx: AsyncSession, hazard_ids: Collection[UUID]) -> None:
    """Raise `Conflict` as long as the enterprise governs one of these hazards, which shall take in one more claim.

    A claim of somebody else's among the enterprise's own would be closed by whom it is about.
    """
    own = col(Hazard.id).in_(hazard_ids) & col(Hazard.self_governed)
    if (governed := (await tx.execute(select(Hazard.id).where(own).limit(1))).scalar_one_or_none()) is not None:
        raise Conflict(
            "take-over-first",
            "The enterprise removes that hazard itself. Take it over first; if it is closed, accept this entry.",
            "该隐患由企业自查自改，请先转为监管部门督办；已销号的，请单独受理本事项。",
            hazard_id=governed,
        )
