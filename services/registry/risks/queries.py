"""What is asked about risks: what a score depends on, which are due, which one may see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.dossiers.domain import detail_of
from services.registry.dossiers.models import Record
from services.registry.dossiers.queries import reached, works
from services.registry.parties.models import Enterprise
from services.registry.risks.domain.scoring import HazardSeen, Inputs, Paper
from services.registry.risks.models import HazardCopy, PastColour, Risk, RiskPoint
from shared.auth import Actor
from shared.contracts.dossiers import RecordKind, RecordState
from shared.contracts.registry import Colour
from shared.errors import no_such
from shared.paging import Page, page

_COUNTED = (
    RecordKind.MAJOR_SOURCE,
    RecordKind.FEATURES,
    RecordKind.STANDARDISATION,
    RecordKind.PENALTY,
    RecordKind.ACCIDENT,
)


async def inputs_of(tx: AsyncSession, enterprises: Sequence[Enterprise], on: date) -> Mapping[UUID, Inputs]:
    """Gather what the scores of these enterprises depend on."""
    ids = [enterprise.id for enterprise in enterprises]
    papers = await _papers(tx, ids, on)
    hazards = await _hazards(tx, ids)
    return {
        enterprise.id: Inputs(
            industry_code=enterprise.industry_code,
            people=enterprise.employees + enterprise.dispatched_workers,
            sector=enterprise.sector,
            high_hazard=enterprise.high_hazard,
            papers=papers[enterprise.id],
            hazards=hazards[enterprise.id],
        )
        for enterprise in enterprises
    }


async def _papers(tx: AsyncSession, ids: Collection[UUID], on: date) -> Mapping[UUID, list[Paper]]:
    query = select(Record).where(
        col(Record.enterprise_id).in_(ids),
        col(Record.kind).in_(_COUNTED),
        col(Record.state) != RecordState.ENDED,
        or_(col(Record.valid_to).is_(None), col(Record.valid_to) >= on),
    )
    found: dict[UUID, list[Paper]] = defaultdict(list)
    for record in await tx.scalars(query.order_by(col(Record.id))):
        verified = record.state == RecordState.VERIFIED
        paper = Paper(detail_of(record.detail), verified, record.valid_from, record.valid_to)
        found[record.enterprise_id].append(paper)
    return found


async def _hazards(tx: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, list[HazardSeen]]:
    query = select(HazardCopy).where(col(HazardCopy.enterprise_id).in_(ids)).order_by(col(HazardCopy.id))
    found: dict[UUID, list[HazardSeen]] = defaultdict(list)
    for row in await tx.scalars(query):
        seen = HazardSeen(
            **row.model_dump(exclude={"id", "enterprise_id"}),
        )
        found[row.enterprise_id].append(seen)
    return found


async def mark(tx: AsyncSession, enterprise_id: UUID, area_code: str, now: datetime) -> None:
    """Have an enterprise assessed anew, at once; who assesses it now is waited for, so that no fact is missed."""
    due = insert(Risk).values(id=enterprise_id, version=0, area_code=area_code, due_at=now)
    await tx.execute(due.on_conflict_do_update(index_elements=["id"], set_={"due_at": now}))


async def any_due(tx: AsyncSession, now: datetime) -> bool:
    return await tx.scalar(select(Risk.id).where(col(Risk.due_at) <= now).limit(1)) is not None


async def claim_due(tx: AsyncSession, now: datetime, limit: int) -> Sequence[Risk]:
    """Give, locked, what is due, in the order in which lists of enterprises are locked; leave what others have."""
    query = select(Risk).where(col(Risk.due_at) <= now).order_by(col(Risk.due_at)).limit(limit)
    found = await tx.scalars(query.with_for_update(skip_locked=True))
    return sorted(found, key=lambda risk: risk.id)


async def enterprises_of(tx: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Enterprise]:
    rows = await tx.scalars(select(Enterprise).where(col(Enterprise.id).in_(ids)))
    return {row.id: row for row in rows}


async def show_colour(tx: AsyncSession, enterprise_id: UUID, colour: Colour) -> None:
    """Write the colour that the enterprise may know beside the enterprise, where searches look; no fact of it."""
    shown = update(Enterprise).where(col(Enterprise.id) == enterprise_id).values(risk_colour=colour.value)
    await tx.execute(shown.execution_options(synchronize_session=False))


async def history(tx: AsyncSession, enterprise_id: UUID, limit: int) -> Sequence[PastColour]:
    """Give what the risk of an enterprise was, the latest first."""
    query = select(PastColour).where(col(PastColour.enterprise_id) == enterprise_id)
    return (await tx.scalars(query.order_by(col(PastColour.version).desc()).limit(limit))).all()


async def compared(
    tx: AsyncSession, who: Actor, colour: Colour | None, area: str | None, after: UUID | None, limit: int
) -> Page[Risk]:
    """List enterprises that were assessed, the highest score first."""
    query = (
        select(Risk)
        .join(Enterprise, col(Enterprise.id) == col(Risk.id))
        .where(reached(who, "risk.compare"), works(), col(Risk.score).is_not(None))
    )
    if colour is not None:
        query = query.where(col(Risk.colour) == colour)
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    return await page(tx, query, Risk.score, after, limit, newest_first=True)


async def points(tx: AsyncSession, enterprise_id: UUID, after: UUID | None, limit: int) -> Page[RiskPoint]:
    """List the risk points of an enterprise, the latest assessed first; withdrawn ones are left out."""
    stands = (col(RiskPoint.enterprise_id) == enterprise_id) & col(RiskPoint.withdrawn_on).is_(None)
    return await page(tx, select(RiskPoint).where(stands), RiskPoint.assessed_on, after, limit, newest_first=True)


async def point_of(tx: AsyncSession, enterprise_id: UUID, point_id: UUID) -> RiskPoint:
    """Give a risk point of this enterprise, locked; raises `NotFound` for any other."""
    query = select(RiskPoint).where(col(RiskPoint.id) == point_id, col(RiskPoint.enterprise_id) == enterprise_id)
    if (point := await tx.scalar(query.with_for_update())) is None:
        raise no_such("risk point", "风险点")
    return point
