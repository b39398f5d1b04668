"""Routes of saved views."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.worklists.actions import views as actions
from services.inspection.worklists.models import SavedView
from services.inspection.worklists.queries import views
from services.inspection.worklists.shapes.views import SavedViews, SavedViewView, SaveView
from shared.auth import Actor
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/views", tags=["views"])


@router.get("", dependencies=[allowed("view.read")])
async def list_views(who: Who, tx: Tx) -> SavedViews:
    """List the own views, and those that colleagues share."""
    return SavedViews(items=[_view(who, row) for row in await views.views(tx, who)])


@router.get("/{view_id}", dependencies=[allowed("view.read")])
async def show(view_id: UUID, who: Who, tx: Tx) -> SavedViewView:
    """Show one view; `GET /hazards?view=…` and `GET /docket?view=…` open it."""
    return _view(who, await views.view(tx, who, view_id))


@router.put("/{view_id}", dependencies=[allowed("view.keep")])
async def save(view_id: UUID, ask: SaveView, who: Who, now: Now, tx: Tx) -> SavedViewView:
    """Save how you look at a list, or change it. Sending it again is safe."""
    return _view(who, await actions.save(tx, who, view_id, ask, now))


@router.delete("/{view_id}", status_code=204, dependencies=[allowed("view.keep")])
async def forget(view_id: UUID, who: Who, tx: Tx) -> None:
    """Remove an own view."""
    await actions.forget(tx, who, view_id)


def _view(who: Actor, row: SavedView) -> SavedViewView:
    return SavedViewView.model_validate({**row.model_dump(), "mine": row.owner_id == who.id})
