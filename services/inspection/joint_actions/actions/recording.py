"""How an authority says that one of its visits was made for a joint action, and which hazards came of it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing as hazards
from services.inspection.joint_actions.actions.moving import begin, finish
from services.inspection.joint_actions.domain.action import Verb, VisitMade, visit_counts
from services.inspection.joint_actions.models import JointAction, JointTarget, JointVisit
from services.inspection.joint_actions.shapes import RecordVisit
from services.inspection.visits.models import Visit
from services.inspection.visits.queries import seeing as visits
from shared.auth import Actor
from shared.contracts.inspection.joint_actions import JointVisitRecorded
from shared.errors import BadInput


async def record_visit(
    tx: AsyncSession, who: Actor, action_id: UUID, visit_id: UUID, ask: RecordVisit, now: datetime
) -> JointAction:
    """Let an own visit of a target count, with what came of it; again replaces its hazards."""
    action, _ = await begin(tx, who, action_id, Verb.RECORD)
    assert who.party_id is not None, "who has no organisation was refused"
    visit = await visits.visible(tx, who, visit_id, lock=True)
    known = await tx.get(JointVisit, visit_id)
    target = await tx.get(JointTarget, (action.id, visit.enterprise_id))
    made = VisitMade(
        ours=who.party_id == visit.party_id or str(who.party_id) in visit.joint_authority_ids,
        kind=visit.kind,
        on=visit.on,
        is_target=target is not None,
        counts_elsewhere=known is not None and (known.action_id, known.authority_id) != (action.id, who.party_id),
    )
    visit_counts(made, action.since, action.until)
    await _came_of_it(tx, who, visit, ask.hazard_ids)
    named = list(dict.fromkeys(map(str, ask.hazard_ids)))
    if known is not None and known.hazard_ids == named:
        return action
    if known is None:
        known = JointVisit(
            visit_id=visit.id,
            action_id=action.id,
            authority_id=who.party_id,
            enterprise_id=visit.enterprise_id,
            recorded_by=who.id,
            recorded_at=now,
        )
        tx.add(known)
    known.hazard_ids = named
    fact = partial(JointVisitRecorded, visit_id=visit.id, party_id=who.party_id, hazard_ids=tuple(map(UUID, named)))
    return await finish(tx, who, action, (Verb.RECORD, action.state), fact, now)


async def _came_of_it(tx: AsyncSession, who: Actor, visit: Visit, named: tuple[UUID, ...]) -> None:
    """Refuse hazards that are not this enterprise's, or that the authority may not know of."""
    if not named:
        return
    query = select(Hazard.id).where(
        col(Hazard.id).in_(named), col(Hazard.enterprise_id) == visit.enterprise_id, hazards.visible_to(who)
    )
    found = set((await tx.execute(query)).scalars())
    if unknown := [str(each) for each in named if each not in found]:
        raise BadInput(
            "unknown-hazard",
            "A hazard is unknown, or not one of this enterprise.",
            "有隐患不存在，或不属于该企业。",
            hazards=unknown,
        )
