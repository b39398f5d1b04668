"""Which saved views a person may use, and what a list is narrowed by that is opened by one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, null
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.worklists.domain import List
from services.inspection.worklists.models import SavedView
from services.inspection.worklists.queries.turning import PLANNED
from shared.auth import Actor
from shared.errors import NotFound, no_such
from shared.permission import visible


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may use a view: the own ones, and those that colleagues share."""
    own_organisation = false() if who.party_id is None else col(SavedView.party_id) == who.party_id
    shared = col(SavedView.shared) & own_organisation
    return visible(who, "view.read", own=col(SavedView.owner_id) == who.id, party=shared)


async def views(tx: AsyncSession, who: Actor) -> Sequence[SavedView]:
    """List the views that this person may use, by name."""
    query = select(SavedView).where(visible_to(who)).order_by(col(SavedView.name), col(SavedView.id))
    return (await tx.execute(query)).scalars().all()


async def view(tx: AsyncSession, who: Actor, view_id: UUID) -> SavedView:
    """Give one view, or the 404 that also answers for those that are another's."""
    query = select(SavedView).where(col(SavedView.id) == view_id, visible_to(who))
    found = (await tx.execute(query)).scalar_one_or_none()
    if found is None:
        raise no_such_view()
    return found


async def opened(tx: AsyncSession, who: Actor, of: List, view_id: UUID | None) -> dict[str, Any]:
    """Begin a list: tell PostgreSQL how to plan it, and give what the saved view keeps; one statement."""
    kept: Any = null()
    if view_id is not None:
        saved: Any = select(col(SavedView.filters)).where(col(SavedView.id) == view_id, col(SavedView.list) == of)
        kept = saved.where(visible_to(who)).scalar_subquery()
    planned = [func.set_config(name, value, True) for name, value in PLANNED.items()]
    filters = (await tx.execute(select_columns(kept, *planned))).one()[0]
    if view_id is not None and filters is None:
        raise no_such_view()
    return filters or {}


def no_such_view() -> NotFound:
    return no_such("saved view", "保存的视图")
