"""Work begins again only with the authority's consent, after two officers saw that it may (T15, F08, peers G05)."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.actions.rechecking import certificates_of
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.proof import Lack, Piece, nothing_lacks
from services.inspection.hazards.domain.review import every_item_is_fit, reviewed_by
from services.inspection.hazards.models import Hazard, Resumption
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.overlays import DecideResumption, RequestResumption, SiteReview
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    ResumptionDecided,
    ResumptionRequested,
    Suspension,
)
from shared.errors import BadInput


async def request_resumption(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestResumption, now: datetime
) -> Hazard:
    """T15, first half: with the plan, its items and the report of the safety evaluation (Order 16)."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_RESUMPTION, now)
    await proven(tx, who, hazard_id, ask.evaluation_files, ask.evidence)
    asked = Resumption(
        id=uuid4(),
        hazard_id=hazard_id,
        cycle=step.hazard.cycle,
        statement=ask.statement,
        plan=ask.plan,
        items=list(ask.items),
        evaluation=ask.evaluation,
        evaluation_files=written(ask.evaluation_files),
        evidence=written(ask.evidence),
        asked_by=who.id,
        asked_at=now,
    )
    tx.add(asked)
    fact = partial(ResumptionRequested, review_by=rules_of(tx).due("suspension.resumption_review", now).at)
    return await finish(tx, who, step, fact, now, reason=ask.statement, resumption_id=asked.id)


async def decide_resumption(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DecideResumption, now: datetime
) -> Hazard:
    """T15, second half: granted only on a review on site. Refused, the stop stands as it was imposed."""
    step = await begin(tx, who, hazard_id, Verb.DECIDE_RESUMPTION, now)
    hazard = step.hazard
    asked = await _undecided(tx, hazard)
    if ask.review is not None:
        await _reviewed(tx, who, hazard, asked, ask.review, now)
    if ask.granted:
        if ask.review is None:
            raise BadInput(
                "no-site-review",
                "Work begins again only after a review on site by two officers.",
                "恢复生产经营须经两名以上执法人员现场审查。",
            )
        every_item_is_fit(len(asked.items), [(seen.ordinal, seen.fit) for seen in ask.review.remarks])
    else:
        assert hazard.stopped_as is not None, "what resumes was stopped"
        hazard.suspension = Suspension(hazard.stopped_as)
    asked.granted, asked.decision, asked.decided_by, asked.decided_at = ask.granted, ask.reason, who.id, now
    fact = partial(ResumptionDecided, granted=ask.granted, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason, reviewers=asked.reviewers)


async def _reviewed(
    tx: AsyncSession, who: Actor, hazard: Hazard, asked: Resumption, review: SiteReview, now: datetime
) -> None:
    """Take down what two certified officers saw on site, with their photos and certificates."""
    reviewed_by(await knowing.officers(tx, who.party_id, hazard.id, review.officers, now))
    nothing_lacks([] if review.photos else [Lack(Piece.REVIEW_PHOTO)])
    await proven(tx, who, hazard.id, review.photos)
    asked.reviewers = [str(each) for each in review.officers]
    asked.certificates = await certificates_of(tx, review.officers, now)
    asked.remarks = [seen.model_dump(mode="json") for seen in review.remarks]
    asked.photos = written(review.photos)


async def _undecided(tx: AsyncSession, hazard: Hazard) -> Resumption:
    """Give the request that waits; the overlay says that there is one."""
    query = select(Resumption).where(col(Resumption.hazard_id) == hazard.id, col(Resumption.decided_at).is_(None))
    return (await tx.execute(query)).scalar_one()
