"""Keeps how people look at lists; a view is checked as a list would check it, so that it can be opened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.worklists.domain import List
from services.inspection.worklists.models import SavedView
from services.inspection.worklists.queries import docket, hazards
from services.inspection.worklists.queries.views import no_such_view, visible_to
from services.inspection.worklists.shapes.filters import EntryFilters, HazardFilters
from services.inspection.worklists.shapes.views import SaveView
from shared.auth import Actor
from shared.errors import Conflict, Forbidden
from shared.permission import only


async def save(tx: AsyncSession, who: Actor, view_id: UUID, ask: SaveView, now: datetime) -> SavedView:
    """Save a view under its id, or change the own one that bears it."""
    if ask.shared:
        only(who, "view.share")
    filters = _checked(tx, who, ask, now)
    row = await _own(tx, who, view_id)
    if row is None:
        await _has_room(tx, who, now)
        row = SavedView(id=view_id, owner_id=who.id, list=ask.list, name=ask.name, filters=filters, saved_at=now)
        tx.add(row)
    row.list, row.name, row.filters, row.shared = ask.list, ask.name, filters, ask.shared
    row.party_id, row.saved_at = who.party_id, now
    await tx.flush()
    return row


async def forget(tx: AsyncSession, who: Actor, view_id: UUID) -> None:
    """Remove an own view."""
    row = await _own(tx, who, view_id)
    if row is None:
        raise no_such_view()
    await tx.delete(row)


def _checked(tx: AsyncSession, who: Actor, ask: SaveView, now: datetime) -> dict[str, object]:
    """Give the filters as they are kept; raises what the list itself would."""
    if ask.list is List.DOCKET:
        entries = EntryFilters.kept(ask.filters)
        docket.listed(tx, who, entries, now)
        return entries.given()
    wanted = HazardFilters.kept(ask.filters)
    hazards.listed(tx, who, wanted, now)
    return wanted.given()


async def _own(tx: AsyncSession, who: Actor, view_id: UUID) -> SavedView | None:
    """Give the own view of this id; raises for another's: 403 where it may be known of, 404 where it may not."""
    row = (
        await tx.execute(select(SavedView).where(col(SavedView.id) == view_id).with_for_update())
    ).scalar_one_or_none()
    if row is None or row.owner_id == who.id:
        return row
    known = await tx.execute(select(SavedView.id).where(col(SavedView.id) == view_id, visible_to(who)))
    if known.first() is None:
        raise no_such_view()
    raise Forbidden(
        "not-your-view",
        "A colleague shares this view; save one of your own.",
        "该视图由同事共享，请另存为自己的视图。",
    )


async def _has_room(tx: AsyncSession, who: Actor, now: datetime) -> None:
    most = int(rules_of(tx).number("view.max_per_person", local_day(tx, now)))
    kept = await tx.execute(select(func.count()).select_from(SavedView).where(col(SavedView.owner_id) == who.id))
    if kept.scalar_one() >= most:
        raise Conflict(
            "too-many-views",
            f"You keep {most} views already. Remove one that you do not use.",
            f"您已保存 {most} 个视图，请先删除不用的视图。",
            most=most,
        )
