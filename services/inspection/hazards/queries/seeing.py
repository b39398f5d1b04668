"""Who may see which hazard, in the query itself; without it a forgotten `if` would show a case to a stranger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Delegation
from services.inspection.deadlines.queries import next_due
from services.inspection.hazards.models import Hazard, HazardClaim, HazardItem
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade, Role
from shared.errors import Forbidden, no_such

_MANAGEMENT = frozenset({Role.ENTERPRISE, Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of hazards is narrowed."""

    state: HazardState | None = None
    grade: Grade | None = None
    category: Category | None = None
    authority: UUID | None = None
    enterprise: UUID | None = None
    area: str | None = None
    overdue: bool | None = None
    q: str | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of a hazard; refuse whoever may know of none.

    A delegate sees what its authorities handle in its area, also beyond its letter's matters: an act that the letter
    does not allow is refused in plain words. What became known after the letter's end it does not see.
    """
    if who.roles & {Role.COMMITTEE, Role.TOWNSHIP}:
        return col(Hazard.area_code).startswith(who.area_code, autoescape=True)
    if Role.AUTHORITY in who.roles:
        return or_(
            col(Hazard.lead_authority_id) == who.party_id,
            col(Hazard.handling_authority_id) == who.party_id,
            col(Hazard.co_authority_ids).contains([str(who.party_id)]),
        )
    if Role.DELEGATE in who.roles:
        return col(Hazard.area_code).startswith(who.area_code, autoescape=True) & exists().where(
            col(Delegation.delegate_id) == who.party_id,
            or_(
                col(Delegation.authority_id) == col(Hazard.lead_authority_id),
                col(Delegation.authority_id) == col(Hazard.handling_authority_id),
            ),
            col(Hazard.registered_at) < col(Delegation.seen_until),
        )
    if who.role in _MANAGEMENT:
        return (col(Hazard.enterprise_id) == who.party_id) & col(Hazard.ordered_at).is_not(None)
    if who.roles & {Role.AGENCY, Role.ASSOCIATION, Role.INSURER}:
        return exists().where(
            col(HazardClaim.hazard_id) == col(Hazard.id), col(HazardClaim.source_party_id) == who.party_id
        )
    raise Forbidden(
        "hazards-not-for-you",
        "Hazards are shown to the parties that handle them. Your own reports are where you made them.",
        "隐患信息仅向办理各方开放；您的报告请在提交处查询。",
    )


async def visible(tx: AsyncSession, who: Actor, hazard_id: UUID, *, lock: bool = False) -> Hazard:
    """Give one hazard, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Hazard).where(col(Hazard.id) == hazard_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    hazard = (await tx.execute(query)).scalar_one_or_none()
    if hazard is None:
        raise no_such("hazard", "隐患")
    return hazard


async def shows(tx: AsyncSession, who: Actor, evidence_id: UUID) -> bool:
    """Tell whether an item of a hazard that this person may see shows the file."""
    named = [{"id": str(evidence_id)}]
    query = select(
        exists().where(
            col(HazardItem.hazard_id) == col(Hazard.id),
            or_(col(HazardItem.before).contains(named), col(HazardItem.after).contains(named)),
            visible_to(who),
        )
    )
    return bool((await tx.execute(query)).scalar())


async def page(
    tx: AsyncSession, who: Actor, wanted: Wanted, after: tuple[bool, datetime, UUID] | None, limit: int, now: datetime
) -> list[tuple[Hazard, datetime | None]]:
    """List hazards with their next deadline: imminent danger first, then those that wait longest."""
    enterprise = who.party_id if who.role in _MANAGEMENT else None
    due = next_due(Hazard.id, enterprise)
    query = select(Hazard, due).where(visible_to(who), *_narrowed(wanted))
    if wanted.overdue is not None:
        query = query.where((due < now) if wanted.overdue else or_(due.is_(None), due >= now))
    order = (~col(Hazard.imminent_danger), col(Hazard.claimed_at), col(Hazard.id))
    if after is not None:
        query = query.where(tuple_(*order) > after)
    found = await tx.execute(query.order_by(*order).limit(limit))
    return [(row[0], row[1]) for row in found]


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(Hazard.state) == wanted.state),
        (wanted.grade, col(Hazard.grade) == wanted.grade),
        (wanted.category, col(Hazard.category) == wanted.category),
        (wanted.authority, col(Hazard.lead_authority_id) == wanted.authority),
        (wanted.enterprise, col(Hazard.enterprise_id) == wanted.enterprise),
        (wanted.area, col(Hazard.area_code).startswith(wanted.area or "", autoescape=True)),
        (wanted.q, col(Hazard.what).icontains(wanted.q or "", autoescape=True) | (col(Hazard.number) == wanted.q)),
    ]
    return [condition for value, condition in given if value is not None]
