"""What is asked about records: those that one may see, those that end soon, those that hold on a day."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.dossiers.domain import Known, detail_of
from services.registry.dossiers.models import Record
from services.registry.parties.models import Enterprise
from shared.auth import Actor
from shared.contracts.dossiers import Organisation, Project, RecordKind, RecordState
from shared.contracts.enterprises import Standing
from shared.errors import no_such
from shared.paging import Page, page
from shared.permission import in_area, visible


def reached(who: Actor, verb: str) -> ColumnElement[bool]:
    """Give the condition for the enterprises whose papers the verb reaches."""
    return visible(who, verb, area=in_area(who, Enterprise.area_code), party=col(Enterprise.id) == who.party_id)


async def enterprise_for(
    tx: AsyncSession, who: Actor, verb: str, enterprise_id: UUID, *, lock: bool = False
) -> Enterprise:
    """Give an enterprise whose papers the verb reaches, locked if asked; raises `NotFound` for every other."""
    query = select(Enterprise).where(col(Enterprise.id) == enterprise_id, reached(who, verb))
    if lock:
        query = query.with_for_update(key_share=True)
    if (enterprise := await tx.scalar(query)) is None:
        raise no_such("enterprise", "企业")
    return enterprise


async def record_for(tx: AsyncSession, who: Actor, verb: str, record_id: UUID, *, lock: bool = False) -> Record:
    """Give a record that the verb reaches; raises `NotFound` for every other."""
    query = select(Record).join(Enterprise).where(col(Record.id) == record_id, reached(who, verb))
    if lock:
        query = query.with_for_update(of=Record)
    if (record := await tx.scalar(query)) is None:
        raise no_such("record", "档案")
    return record


async def records(
    tx: AsyncSession,
    who: Actor,
    *,
    enterprise_id: UUID | None = None,
    kind: RecordKind | None = None,
    area: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Page[Record]:
    """List the records that this person may see, the newest first."""
    query = select(Record).join(Enterprise).where(reached(who, "record.read"))
    if enterprise_id is not None:
        query = query.where(col(Record.enterprise_id) == enterprise_id)
    if kind is not None:
        query = query.where(col(Record.kind) == kind)
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    return await page(tx, query, Record.kept_at, after, limit, newest_first=True)


async def ending(
    tx: AsyncSession,
    who: Actor,
    today: date,
    within_days: int | None,
    *,
    kind: RecordKind | None = None,
    area: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Page[Record]:
    """List the records whose last day lies within so many days from today, or, for None, has passed."""
    query = (
        select(Record)
        .join(Enterprise)
        .where(reached(who, "record.read"), works(), col(Record.state) != RecordState.ENDED)
    )
    if within_days is None:
        query = query.where(col(Record.valid_to) < today)
    else:
        query = query.where(col(Record.valid_to).between(today, today + timedelta(days=within_days)))
    if kind is not None:
        query = query.where(col(Record.kind) == kind)
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    return await page(tx, query, Record.valid_to, after, limit)


def works() -> ColumnElement[bool]:
    """Give the condition that there is something left of an enterprise to supervise."""
    return col(Enterprise.standing).not_in([standing for standing in Standing if standing.ended])


def holds(on: date) -> ColumnElement[bool]:
    """Give the condition that a record holds on a day."""
    return (
        (col(Record.state) != RecordState.ENDED)
        & or_(col(Record.valid_from).is_(None), col(Record.valid_from) <= on)
        & or_(col(Record.valid_to).is_(None), col(Record.valid_to) >= on)
    )


async def holding(tx: AsyncSession, enterprise_ids: Collection[UUID], on: date) -> Sequence[Record]:
    """Give the records of these enterprises that hold on a day."""
    return (await tx.scalars(select(Record).where(col(Record.enterprise_id).in_(enterprise_ids), holds(on)))).all()


async def known_of(tx: AsyncSession, enterprise: Enterprise, on: date) -> Known:
    """Gather what is looked at to see what an enterprise lacks."""
    details = [detail_of(record.detail) for record in await holding(tx, [enterprise.id], on)]
    return Known(
        employees=enterprise.employees,
        industry_code=enterprise.industry_code,
        sector=enterprise.sector,
        high_hazard=enterprise.high_hazard,
        organisation=next((each for each in details if isinstance(each, Organisation)), None),
        kinds={each.kind for each in details},
        projects=[each for each in details if isinstance(each, Project)],
    )


async def grades(tx: AsyncSession, who: Actor, area: str | None, on: date) -> dict[int | None, int]:
    """Count enterprises by the best verified grade that they hold on a day; None: those that hold none."""
    grade: ColumnElement[int] = col(Record.detail)["grade"].as_integer()
    best = (
        select(col(Record.enterprise_id), func.min(grade).label("grade"))
        .where(col(Record.kind) == RecordKind.STANDARDISATION, col(Record.state) == RecordState.VERIFIED, holds(on))
        .group_by(col(Record.enterprise_id))
        .subquery()
    )
    query = (
        select(best.c.grade, func.count())
        .select_from(Enterprise)
        .outerjoin(best, best.c.enterprise_id == col(Enterprise.id))
        .where(reached(who, "record.count"), works())
        .group_by(best.c.grade)
    )
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    return {held: int(count) for held, count in await tx.execute(query)}


async def to_expire(tx: AsyncSession, today: date, limit: int) -> Sequence[tuple[Record, Enterprise]]:
    """Give, locked, records whose last day has passed and of which nobody was told yet."""
    query = (
        select(Record, Enterprise)
        .join(Enterprise)
        .where(_untold(today), works())
        .order_by(col(Record.valid_to))
        .limit(limit)
        .with_for_update(of=Record, skip_locked=True)
    )
    return [(record, enterprise) for record, enterprise in await tx.execute(query)]


async def any_to_expire(tx: AsyncSession, today: date) -> bool:
    query = select(Record.id).join(Enterprise).where(_untold(today), works())
    return await tx.scalar(query.limit(1)) is not None


def _untold(today: date) -> ColumnElement[bool]:
    return (col(Record.valid_to) < today) & col(Record.expired_on).is_(None) & (col(Record.state) != RecordState.ENDED)
