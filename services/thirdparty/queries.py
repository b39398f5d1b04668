"""What agencies and their clients look up. Whoever asks, each sees only the matters that concern them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.thirdparty.domain import ADVICE, AGENCIES, FindingState, Term
from services.thirdparty.models import Audit, Engagement, Enterprise, Evidence, Finding
from shared.auth import Actor
from shared.paging import page
from shared.permission import in_area, visible

M = TypeVar("M", Engagement, Audit, Finding)


def concerns(who: Actor, table: type[M]) -> ColumnElement[bool]:
    """Give the condition under which a matter is this person's business; raises `Forbidden` for other roles."""
    mine = col(table.agency_id) if who.roles & AGENCIES else col(table.client_id)
    return visible(
        who,
        f"{table.noun or table.__name__.lower()}.read",
        area=in_area(who, table.area_code),
        party=mine == who.party_id,
    )


async def one(tx: AsyncSession, who: Actor, table: type[M], matter_id: UUID) -> M | None:
    return (await tx.scalars(select(table).where(col(table.id) == matter_id, concerns(who, table)))).one_or_none()


async def newest(
    tx: AsyncSession, who: Actor, table: type[M], only: Iterable[ColumnElement[bool]], after: UUID | None, limit: int
) -> tuple[Sequence[M], UUID | None]:
    """List matters, newest first, from behind the row `after`; and the mark of the next page, if there is one."""
    found = await page(tx, select(table).where(concerns(who, table), *only), table.at, after, limit, newest_first=True)
    return found.items, found.next


def findings_of(audit_id: UUID | None, states: Collection[FindingState] | None) -> list[ColumnElement[bool]]:
    """Narrow a list of findings to one audit and to some states; None narrows nothing."""
    only: list[ColumnElement[bool]] = []
    if audit_id is not None:
        only.append(col(Finding.audit_id) == audit_id)
    if states is not None:
        only.append(col(Finding.state).in_(states))
    return only


async def states_of(tx: AsyncSession, audit_ids: Iterable[UUID]) -> dict[UUID, dict[FindingState, int]]:
    """Count the findings of these audits by state."""
    query = (
        select(Finding.audit_id, Finding.state, func.count())
        .where(col(Finding.audit_id).in_(list(audit_ids)))
        .group_by(col(Finding.audit_id), col(Finding.state))
    )
    found: dict[UUID, dict[FindingState, int]] = defaultdict(dict)
    for audit_id, state, count in await tx.execute(query):
        found[audit_id][FindingState(state)] = count
    return found


async def one_at_a_time(tx: AsyncSession, subject: UUID) -> None:
    """Wait until no other transaction works on this subject, which need not exist yet."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(subject), 0))))


async def terms_between(tx: AsyncSession, agency_id: UUID, client_id: UUID) -> list[Term]:
    query = select(Engagement).where(col(Engagement.agency_id) == agency_id, col(Engagement.client_id) == client_id)
    return [_term(row) for row in await tx.scalars(query)]


async def advice_to(tx: AsyncSession, agency_id: UUID, clients: Iterable[UUID]) -> dict[UUID, list[Term]]:
    """Give the advice that an agency gave or gives to each of these clients."""
    query = select(Engagement).where(
        col(Engagement.agency_id) == agency_id,
        col(Engagement.client_id).in_(list(clients)),
        col(Engagement.kind).in_(ADVICE),
    )
    found: dict[UUID, list[Term]] = {}
    for row in await tx.scalars(query):
        found.setdefault(row.client_id, []).append(_term(row))
    return found


def _term(row: Engagement) -> Term:
    return Term(row.kind, row.valid_from, row.valid_to)


async def enterprises(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Enterprise]:
    return {row.id: row for row in await tx.scalars(select(Enterprise).where(col(Enterprise.id).in_(list(ids))))}


async def evidence_of(tx: AsyncSession, agency_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """Give the named files that this agency handed in; others are as if absent."""
    query = select(Evidence).where(col(Evidence.id).in_(list(ids)), col(Evidence.kept_by) == str(agency_id))
    return {row.id: row for row in await tx.scalars(query)}


async def areas_of(tx: AsyncSession, evidence_id: UUID) -> Sequence[str]:
    """Give the areas of the findings that show this file."""
    showing = col(Finding.evidence).contains([{"id": str(evidence_id)}])
    return (await tx.scalars(select(Finding.area_code).where(showing))).all()


async def findings_taken(tx: AsyncSession, ids: Iterable[UUID]) -> set[UUID]:
    """Tell which of these ids already stand for a finding."""
    return set(await tx.scalars(select(Finding.id).where(col(Finding.id).in_(list(ids)))))
