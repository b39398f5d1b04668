"""What is asked about funds: the balance and its lock, the entries, what each year comes to."""

from uuid import UUID

from sqlalchemy import Integer, extract, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.funds.domain import Sum, Year, years
from services.registry.funds.models import Fund, FundEntry, FundPlan
from services.registry.parties.models import Enterprise
from shared.paging import Page, page


async def locked(tx: AsyncSession, enterprise: Enterprise) -> Fund:
    """Give the fund, opened if there is none, under the lock that makes the writers of its ledger take turns."""
    opened = insert(Fund).values(id=enterprise.id, version=0, area_code=enterprise.area_code, balance_fen=0)
    await tx.execute(opened.on_conflict_do_nothing(index_elements=["id"]))
    return (await tx.scalars(select(Fund).where(col(Fund.id) == enterprise.id).with_for_update())).one()


async def entries(tx: AsyncSession, enterprise_id: UUID, after: UUID | None, limit: int) -> Page[FundEntry]:
    """List the entries of a ledger, the last entered first."""
    query = select(FundEntry).where(col(FundEntry.enterprise_id) == enterprise_id)
    return await page(tx, query, FundEntry.entered_at, after, limit, newest_first=True)


async def reversal_of(tx: AsyncSession, entry_id: UUID) -> FundEntry | None:
    return await tx.scalar(select(FundEntry).where(col(FundEntry.reverses) == entry_id))


async def years_of(tx: AsyncSession, enterprise_id: UUID) -> list[Year]:
    """Tell each year of a fund, the first one first."""
    year = extract("year", col(FundEntry.on)).cast(Integer)
    moved = (
        select(year, col(FundEntry.use), func.sum(col(FundEntry.amount_fen)))
        .where(col(FundEntry.enterprise_id) == enterprise_id)
        .group_by(year, col(FundEntry.use))
    )
    sums = [Sum(number, use, int(amount)) for number, use, amount in await tx.execute(moved)]
    plans = await tx.scalars(select(FundPlan).where(col(FundPlan.enterprise_id) == enterprise_id))
    return years(sums, {plan.year: (plan.planned_fen, plan.due_fen) for plan in plans})
