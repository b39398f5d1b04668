"""Who may see which hazard, in the query itself; without it a forgotten `if` would show a case to a stranger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Delegation
from services.inspection.deadlines.queries import next_due
from services.inspection.evidence.models import Showing
from services.inspection.hazards.models import Hazard, HazardClaim, HazardItem, HazardPart
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade, Role
from shared.errors import no_such
from shared.permission import in_area

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


def visible_to(who: Actor, verb: str = "hazard.read") -> ColumnElement[bool]:
    """Give the condition under which the verb reaches a hazard for this person; refuse whoever it never reaches.

    A delegate sees what its authorities handle in its area, also beyond its letter's matters: an act that the letter
    does not allow is refused in plain words. What became known after the letter's end it does not see. Whoever was
    asked to take part keeps seeing it, also when released: it was told, and may have to answer for what it said.
    """
    channels = exists().where(
        col(HazardClaim.hazard_id) == col(Hazard.id), col(HazardClaim.source_party_id) == who.party_id
    )
    ordered = (col(Hazard.enterprise_id) == who.party_id) & col(Hazard.ordered_at).is_not(None)
    handled = or_(
        col(Hazard.lead_authority_id) == who.party_id,
        col(Hazard.handling_authority_id) == who.party_id,
        col(Hazard.co_authority_ids).contains([str(who.party_id)]),
        exists().where(col(HazardPart.hazard_id) == col(Hazard.id), col(HazardPart.authority_id) == who.party_id),
    )
    return permission.visible(
        who,
        verb,
        area=in_area(who, Hazard.area_code),
        competent=_delegated(who) if Role.DELEGATE in who.roles else handled,
        party=ordered if Role.ENTERPRISE in who.roles else channels,
    )


def _delegated(who: Actor) -> ColumnElement[bool]:
    return in_area(who, Hazard.area_code) & exists().where(
        col(Delegation.delegate_id) == who.party_id,
        or_(
            col(Delegation.authority_id) == col(Hazard.lead_authority_id),
            col(Delegation.authority_id) == col(Hazard.handling_authority_id),
        ),
        col(Hazard.registered_at) < col(Delegation.seen_until),
    )


async def visible(
    tx: AsyncSession, who: Actor, hazard_id: UUID, *, lock: bool = False, verb: str = "hazard.read"
) -> Hazard:
    """Give one hazard, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Hazard).where(col(Hazard.id) == hazard_id, visible_to(who, verb))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    hazard = (await tx.execute(query)).scalar_one_or_none()
    if hazard is None:
        raise no_such("hazard", "隐患")
    return hazard


async def survivor_of(tx: AsyncSession, hazard_id: UUID) -> Hazard:
    """Give the hazard, locked, or the one in which it ended."""
    query = select(Hazard).with_for_update().execution_options(populate_existing=True)
    while True:
        hazard = (await tx.execute(query.where(col(Hazard.id) == hazard_id))).scalar_one()
        if hazard.merged_into_id is None:
            return hazard
        hazard_id = hazard.merged_into_id


async def shows(tx: AsyncSession, who: Actor, evidence_id: UUID) -> bool:
    """Tell whether the file was brought forward for a hazard that this person may see.

    An enterprise sees what its own items show, and nothing else of what the authority keeps about it.
    """
    if Role.ENTERPRISE not in who.roles:
        about = select(Showing.about_id).where(col(Showing.evidence_id) == evidence_id)
        return bool((await tx.execute(select(exists().where(col(Hazard.id).in_(about), visible_to(who))))).scalar())
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
    query = select(Hazard, due).where(visible_to(who), *_narrowed(wanted, _state_told_to(who)))
    if wanted.overdue is not None:
        query = query.where((due < now) if wanted.overdue else or_(due.is_(None), due >= now))
    order = (~col(Hazard.imminent_danger), col(Hazard.claimed_at), col(Hazard.id))
    if after is not None:
        query = query.where(tuple_(*order) > after)
    found = await tx.execute(query.order_by(*order).limit(limit))
    return [(row[0], row[1]) for row in found]


def _state_told_to(who: Actor) -> Any:
    """Give the state as it is shown: an enterprise must not learn that somebody else reported the same (§9.1)."""
    if Role.ENTERPRISE not in who.roles:
        return col(Hazard.state)
    return case((col(Hazard.state) == HazardState.MERGED, HazardState.SUSPECTED), else_=col(Hazard.state))


def _narrowed(wanted: Wanted, state: Any) -> list[ColumnElement[bool]]:
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, state == wanted.state),
        (wanted.grade, col(Hazard.grade) == wanted.grade),
        (wanted.category, col(Hazard.category) == wanted.category),
        (wanted.authority, col(Hazard.lead_authority_id) == wanted.authority),
        (wanted.enterprise, col(Hazard.enterprise_id) == wanted.enterprise),
        (wanted.area, col(Hazard.area_code).startswith(wanted.area or "", autoescape=True)),
        (wanted.q, col(Hazard.what).icontains(wanted.q or "", autoescape=True) | (col(Hazard.number) == wanted.q)),
    ]
    return [condition for value, condition in given if value is not None]
