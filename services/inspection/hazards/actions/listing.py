"""Listed supervision 挂牌督办 (T18, T19): proposed by who leads, decided, accepted and ended by the committee."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.limiting import LIMIT, move_limit
from services.inspection.hazards.actions.moving import begin, finish, owed_by
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.grounds import Standing, ground_holds
from services.inspection.hazards.domain.pausing import WHY
from services.inspection.hazards.domain.review import reviewed_by
from services.inspection.hazards.domain.terms import within
from services.inspection.hazards.models import Hazard, ListedSupervision
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.overlays import (
    Delist,
    ListHazard,
    ProposeListing,
    RefuseDelisting,
    RefuseListing,
    RequestDelisting,
)
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    DelistingRefused,
    DelistingRequested,
    HazardDelisted,
    HazardListed,
    Listing,
    ListingProposed,
    ListingRefused,
    Stay,
)
from shared.errors import BadInput

FILE_UPWARD = "listing.file_upward"


async def propose_listing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ProposeListing, now: datetime) -> Hazard:
    """T18: on a ground that the facts bear out."""
    step = await begin(tx, who, hazard_id, Verb.PROPOSE_LISTING, now)
    hazard = step.hazard
    stands = Standing(
        grade=hazard.grade,
        recurrent=hazard.recurrent,
        limit=None if hazard.stay is Stay.STAYED else hazard.limit,
        today=local_day(tx, now),
        files=len(ask.evidence),
    )
    ground_holds(ask.ground, stands)
    await proven(tx, who, hazard_id, ask.evidence)
    listing = ListedSupervision(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        state=Listing.PROPOSED,
        ground=ask.ground,
        reason=ask.reason,
        evidence=written(ask.evidence),
        proposed_by=who.id,
        proposed_at=now,
    )
    tx.add(listing)
    fact = partial(ListingProposed, listing_id=listing.id, ground=ask.ground, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def put_on_list(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ListHazard, now: datetime) -> Hazard:
    """T18: listed with a level and a limit, which is the hazard's from now on, as far as an order set one already."""
    step = await begin(tx, who, hazard_id, Verb.LIST, now)
    hazard, today = step.hazard, local_day(tx, now)
    within(ask.limit, today, local_day(tx, rules_of(tx).due("listing.limit", now).at))
    listing = await _pending(tx, hazard, Listing.PROPOSED)
    listing.state, listing.level, listing.limit, listing.decision = Listing.LISTED, ask.level, ask.limit, ask.reason
    listing.decided_by, listing.decided_at = who.id, now
    hazard.listing_level = ask.level
    if hazard.limit is not None:
        hazard.limit = ask.limit
        why = (f"Listed for supervision on {today}, level {ask.level}", f"{today} 挂牌督办（{ask.level} 级）")
        if hazard.stay is Stay.STAYED:  # what is set today has all its days from today on
            await deadlines.resume(tx, hazard.about, (LIMIT,), now, WHY[Verb.LIST])
        await move_limit(tx, hazard, ask.limit, why, now)
        if hazard.stay is Stay.STAYED:
            await deadlines.pause(tx, hazard.about, (LIMIT,), now, WHY[Verb.STAY_ORDER])
    deadlines.start(tx, hazard.about, FILE_UPWARD, owed_by(hazard, FILE_UPWARD), now)
    fact = partial(HazardListed, listing_id=listing.id, level=ask.level, limit=ask.limit)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def refuse_listing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RefuseListing, now: datetime) -> Hazard:
    step = await begin(tx, who, hazard_id, Verb.REFUSE_LISTING, now)
    listing = await _pending(tx, step.hazard, Listing.PROPOSED)
    listing.state, listing.decision = Listing.NONE, ask.reason
    listing.decided_by, listing.decided_at = who.id, now
    fact = partial(ListingRefused, listing_id=listing.id, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def request_delisting(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RequestDelisting, now: datetime
) -> Hazard:
    """T19: it is closed, and the lead authority asks for acceptance."""
    step = await begin(tx, who, hazard_id, Verb.REQUEST_DELISTING, now)
    await proven(tx, who, hazard_id, ask.evidence)
    listing = await _pending(tx, step.hazard, Listing.LISTED)
    listing.state, listing.delisting_statement = Listing.DELIST_REQUESTED, ask.statement
    listing.delisting_evidence, listing.delisting_asked_at = written(ask.evidence), now
    due = rules_of(tx).due("listing.acceptance", now).at
    fact = partial(DelistingRequested, listing_id=listing.id, accept_by=due)
    return await finish(tx, who, step, fact, now, reason=ask.statement)


async def delist(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Delist, now: datetime) -> Hazard:
    """T19: two certified officers accepted it on site; the committee takes it off the list, and nobody else."""
    step = await begin(tx, who, hazard_id, Verb.DELIST, now)
    hazard = step.hazard
    listing = await _pending(tx, hazard, Listing.DELIST_REQUESTED)
    reviewed_by(await knowing.officers(tx, hazard.lead_authority_id, hazard.id, ask.acceptors, now))
    assert listing.delisting_asked_at is not None, "acceptance was asked for"
    if not local_day(tx, listing.delisting_asked_at) <= ask.accepted_on <= local_day(tx, now):
        raise BadInput(
            "acceptance-time",
            "The acceptance on site comes after the request, and not in the future.",
            "现场验收应在申请之后进行，且不得晚于今日。",
        )
    await proven(tx, who, hazard_id, ask.evidence)
    listing.state, listing.acceptors = Listing.DELISTED, [str(each) for each in ask.acceptors]
    listing.acceptance, listing.accepted_on = ask.acceptance, ask.accepted_on
    listing.acceptance_evidence = written(ask.evidence)
    listing.delisted_by, listing.delisted_at = who.id, now
    hazard.listing_level = None
    fact = partial(HazardDelisted, listing_id=listing.id)
    return await finish(tx, who, step, fact, now, reason=ask.acceptance, acceptors=ask.acceptors)


async def refuse_delisting(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RefuseDelisting, now: datetime
) -> Hazard:
    step = await begin(tx, who, hazard_id, Verb.REFUSE_DELISTING, now)
    listing = await _pending(tx, step.hazard, Listing.DELIST_REQUESTED)
    listing.state = Listing.LISTED
    fact = partial(DelistingRefused, listing_id=listing.id, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def list_again(tx: AsyncSession, hazard: Hazard, now: datetime) -> None:
    """A listed hazard that came back before it was accepted stays listed; its acceptance has lost its object."""
    if hazard.listing is Listing.DELIST_REQUESTED:
        (await _pending(tx, hazard, Listing.DELIST_REQUESTED)).state = Listing.LISTED
        hazard.listing = Listing.LISTED
        await deadlines.cancel(tx, hazard.about, ("listing.acceptance",), now)


async def _pending(tx: AsyncSession, hazard: Hazard, state: Listing) -> ListedSupervision:
    """Give the listing that the hazard's overlay speaks of; earlier ones ended."""
    query = select(ListedSupervision).where(
        col(ListedSupervision.hazard_id) == hazard.id, col(ListedSupervision.state) == state
    )
    return (await tx.execute(query)).scalar_one()


async def listing_of(tx: AsyncSession, hazard: Hazard) -> ListedSupervision:
    """Give the listing under which the hazard stands now."""
    return await _pending(tx, hazard, hazard.listing)
