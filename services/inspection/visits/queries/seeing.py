"""Who may see which visit, in the query itself; without it an enterprise could learn that somebody means to come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.visits.models import Visit
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection import (
    VisitGround,
    VisitKind,
    VisitState,
)
from shared.contracts.values import Role
from shared.errors import Forbidden, no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of visits is narrowed."""

    enterprise: UUID | None = None
    authority: UUID | None = None
    since: date | None = None
    until: date | None = None
    kind: VisitKind | None = None
    ground: VisitGround | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of a visit; refuse whoever may know of none.

    The enterprise knows of what is announced, and of what was finished (`VisitFact.open_to_enterprise`).
    """
    told = or_(~col(Visit.unannounced), col(Visit.state) == VisitState.FINISHED)
    return permission.visible(
        who,
        "visit.read",
        area=in_area(who, Visit.area_code),
        competent=made_by(who.party_id),
        party=(col(Visit.enterprise_id) == who.party_id) & told,
        own=or_(col(Visit.planned_by) == who.id, col(Visit.officers).contains([str(who.id)])),
    )


def made_by(party_id: UUID | None) -> ColumnElement[bool]:
    """Give the condition that a party leads a visit or takes part in it."""
    return or_(col(Visit.party_id) == party_id, col(Visit.joint_authority_ids).contains([str(party_id)]))


async def visible(tx: AsyncSession, who: Actor, visit_id: UUID, *, lock: bool = False) -> Visit:
    """Give one visit, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Visit).where(col(Visit.id) == visit_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    visit = (await tx.execute(query)).scalar_one_or_none()
    if visit is None:
        raise no_such("visit", "检查")
    return visit


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Visit]:
    """List visits, the latest day first. An enterprise that could choose by ground would learn the ground."""
    if wanted.ground is not None and Role.ENTERPRISE in who.roles:
        raise Forbidden("ground-not-shown", "Why somebody comes is not shown to you.", "检查事由不对企业显示。")
    query = select(Visit).where(visible_to(who), *_narrowed(wanted))
    return await paging.page(tx, query, Visit.on, after, limit, newest_first=True)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.enterprise, col(Visit.enterprise_id) == wanted.enterprise),
        (wanted.authority, made_by(wanted.authority)),
        (wanted.since, col(Visit.on) >= (wanted.since or date.min)),
        (wanted.until, col(Visit.on) <= (wanted.until or date.max)),
        (wanted.kind, col(Visit.kind) == wanted.kind),
        (wanted.ground, col(Visit.ground) == wanted.ground),
    ]
    return [condition for value, condition in given if value is not None]
