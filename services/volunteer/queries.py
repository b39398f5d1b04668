"""What reporters look up: their own reports, and what they were told."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.volunteer.models import Contest, Evidence, Progress, Report
from shared.paging import Page, page


async def own_reports(tx: AsyncSession, owner_key: str, after: UUID | None, limit: int) -> Page[Report]:
    """List a person's reports, newest first."""
    mine = select(Report).where(col(Report.owner_key) == owner_key)
    return await page(tx, mine, Report.submitted_at, after, limit, newest_first=True)


async def report_by_code(tx: AsyncSession, tracking_hash: str) -> Report | None:
    query = select(Report).where(col(Report.tracking_hash) == tracking_hash)
    return (await tx.execute(query)).scalar_one_or_none()


async def told(tx: AsyncSession, report_ids: Iterable[UUID]) -> dict[UUID, list[Progress]]:
    """Give what the reporters of these reports were told, oldest first."""
    query = (
        select(Progress)
        .where(col(Progress.report_id).in_(list(report_ids)))
        .order_by(col(Progress.at), col(Progress.id))
    )
    found: dict[UUID, list[Progress]] = {}
    for row in (await tx.execute(query)).scalars():
        found.setdefault(row.report_id, []).append(row)
    return found


async def contests(tx: AsyncSession, report_ids: Iterable[UUID]) -> dict[UUID, list[Contest]]:
    """Give how the results of these reports were contested, oldest first."""
    query = (
        select(Contest).where(col(Contest.report_id).in_(list(report_ids))).order_by(col(Contest.at), col(Contest.id))
    )
    found: dict[UUID, list[Contest]] = {}
    for row in (await tx.execute(query)).scalars():
        found.setdefault(row.report_id, []).append(row)
    return found


async def areas_of(tx: AsyncSession, evidence_id: UUID) -> Sequence[str]:
    """Give the areas of the reports that show this picture, or whose result was contested with it."""
    shown = [{"id": str(evidence_id)}]
    contested = select(Contest.report_id).where(col(Contest.evidence).contains(shown))
    showing = or_(col(Report.evidence).contains(shown), col(Report.id).in_(contested))
    return (await tx.scalars(select(Report.area_code).where(showing))).all()


async def evidence_rows(tx: AsyncSession, ids: Iterable[UUID], owner_key: str) -> dict[UUID, Evidence]:
    """Give the named pictures that were handed in under this key; others are as if absent."""
    query = select(Evidence).where(col(Evidence.id).in_(list(ids)), col(Evidence.kept_by) == owner_key)
    return {row.id: row for row in (await tx.execute(query)).scalars()}
