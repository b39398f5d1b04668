"""Lists competence rules and major-hazard criteria as they stand."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.competence.models import Competence, Criterion
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import Category
from shared.paging import Page, page


async def rules(
    tx: AsyncSession, by: CompetenceBy | None, authority_id: UUID | None, after: UUID | None, limit: int
) -> Page[Competence]:
    """List competence rules by key, also those no longer in force."""
    query = select(Competence)
    if by is not None:
        query = query.where(col(Competence.by) == by)
    if authority_id is not None:
        query = query.where(col(Competence.authority_id) == authority_id)
    return await page(tx, query, Competence.key, after, limit)


async def criteria(
    tx: AsyncSession, category: Category | None, on: date | None, after: UUID | None, limit: int
) -> Page[Criterion]:
    """List criteria by document: those of a category (and those of none in particular), those that hold on a day."""
    query = select(Criterion)
    if category is not None:
        of_no_category = func.jsonb_array_length(col(Criterion.categories)) == 0
        query = query.where(or_(of_no_category, col(Criterion.categories).contains([category])))
    if on is not None:
        begun = col(Criterion.valid_from) <= on
        query = query.where(begun, or_(col(Criterion.valid_to).is_(None), col(Criterion.valid_to) >= on))
    return await page(tx, query, Criterion.document, after, limit)
