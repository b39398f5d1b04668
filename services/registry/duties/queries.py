"""What is asked about self-checks: which there are, and what was declared in one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.duties.models import DeclaredHazard, Evidence, SelfCheck
from services.registry.duties.policy import visible_to
from shared.auth import Actor
from shared.paging import Page, page


async def self_checks(tx: AsyncSession, who: Actor, after: UUID | None, limit: int) -> Page[SelfCheck]:
    """List the self-checks that this person may read, newest first."""
    query = select(SelfCheck).where(visible_to(who))
    return await page(tx, query, SelfCheck.submitted_at, after, limit, newest_first=True)


async def self_check(tx: AsyncSession, who: Actor, self_check_id: UUID) -> SelfCheck | None:
    return await tx.scalar(select(SelfCheck).where(col(SelfCheck.id) == self_check_id, visible_to(who)))


async def declared(tx: AsyncSession, self_check_id: UUID) -> Sequence[DeclaredHazard]:
    """Give what was declared, in the order in which it was written down."""
    query = select(DeclaredHazard).where(col(DeclaredHazard.self_check_id) == self_check_id)
    return (await tx.scalars(query.order_by(col(DeclaredHazard.ordinal)))).all()


async def evidence(tx: AsyncSession, ids: Iterable[UUID], enterprise_id: UUID) -> dict[UUID, Evidence]:
    """Give the named files that the enterprise handed in; others are as if absent."""
    query = select(Evidence).where(col(Evidence.id).in_(set(ids)), col(Evidence.kept_by) == str(enterprise_id))
    return {row.id: row for row in await tx.scalars(query)}


async def areas_of(tx: AsyncSession, evidence_id: UUID) -> Sequence[str]:
    """Give the areas of the declared hazards that show this file."""
    showing = col(DeclaredHazard.evidence).contains([{"id": str(evidence_id)}])
    return (await tx.scalars(select(DeclaredHazard.area_code).where(showing))).all()
