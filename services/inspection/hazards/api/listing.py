"""Routes of listed supervision, from the proposal to the end of it."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.deadlines.queries import local_day
from services.inspection.hazards.actions import listing, publishing
from services.inspection.hazards.domain import LISTING, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import listings, telling
from services.inspection.hazards.shapes import overlays
from services.inspection.hazards.shapes.proposals import ListedInQuarter
from services.inspection.hazards.shapes.views import Shown
from shared.contracts.values import Day
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/listings/quarter", dependencies=[allowed("listing.count")])
async def quarter(who: Who, now: Now, tx: Tx, on: Day | None = None) -> ListedInQuarter:
    """Count what was listed in a quarter beside what a rule asks for; for information only (T18)."""
    return await listings.listed_in_quarter(tx, who, on or local_day(tx, now))


@router.post("/{hazard_id}/propose-listing", dependencies=[moves(LISTING, Verb.PROPOSE_LISTING)])
async def propose_listing(hazard_id: UUID, ask: overlays.ProposeListing, who: Who, now: Now, tx: Tx) -> Shown:
    """Propose it for listed supervision (T18)."""
    return await telling.detail(tx, who, await listing.propose_listing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/list", dependencies=[moves(LISTING, Verb.LIST)])
async def put_on_list(hazard_id: UUID, ask: overlays.ListHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """Put it under listed supervision, with a level and a limit (T18)."""
    return await telling.detail(tx, who, await listing.put_on_list(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/refuse-listing", dependencies=[moves(LISTING, Verb.REFUSE_LISTING)])
async def refuse_listing(hazard_id: UUID, ask: overlays.RefuseListing, who: Who, now: Now, tx: Tx) -> Shown:
    """Do not list it (T18)."""
    return await telling.detail(tx, who, await listing.refuse_listing(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/request-delisting", dependencies=[moves(LISTING, Verb.REQUEST_DELISTING)])
async def request_delisting(hazard_id: UUID, ask: overlays.RequestDelisting, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask for acceptance and for the end of the listing (T19)."""
    return await telling.detail(tx, who, await listing.request_delisting(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/delist", dependencies=[moves(LISTING, Verb.DELIST)])
async def delist(hazard_id: UUID, ask: overlays.Delist, who: Who, now: Now, tx: Tx) -> Shown:
    """Take it off the list, accepted on site (T19)."""
    return await telling.detail(tx, who, await listing.delist(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/refuse-delisting", dependencies=[moves(LISTING, Verb.REFUSE_DELISTING)])
async def refuse_delisting(hazard_id: UUID, ask: overlays.RefuseDelisting, who: Who, now: Now, tx: Tx) -> Shown:
    """Keep it on the list (T19)."""
    return await telling.detail(tx, who, await listing.refuse_delisting(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/publications", dependencies=[allowed("publication.record")])
async def publish_notice(hazard_id: UUID, ask: overlays.PublishNotice, who: Who, now: Now, tx: Tx) -> Shown:
    """Record where a listing, its end or a penalty was made public, or that a listing was filed above."""
    return await telling.detail(tx, who, await publishing.publish_notice(tx, who, hazard_id, ask, now), now)
