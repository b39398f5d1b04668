"""That something was made public, or filed above: without it the clocks of publicity would never be met."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, running
from services.inspection.hazards.actions.moving import aside, finish
from services.inspection.hazards.domain import Deed
from services.inspection.hazards.models import Hazard, PublicNotice
from services.inspection.hazards.queries import seeing
from services.inspection.hazards.shapes.overlays import PublishNotice
from shared.auth import Actor
from shared.contracts.inspection import (
    NoticePublished,
    Publication,
)
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden

CLOCKS: Mapping[Publication, str] = {
    Publication.LISTING: "listing.publish",
    Publication.LISTING_FILED: "listing.file_upward",
    Publication.DELISTING: "listing.publish_delisting",
    Publication.CASE_DECISION: "case.publicity",
}


async def publish_notice(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: PublishNotice, now: datetime) -> Hazard:
    """Record where it stands to be read. A case's decision is the lead authority's, all else the committee's."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    if ask.what is Publication.CASE_DECISION:
        if who.party_id is None or who.party_id != hazard.lead_authority_id:
            raise Forbidden("not-your-hazard", "Another authority leads this hazard.", "该隐患由其他部门牵头。")
    elif Role.COMMITTEE not in who.roles:
        raise Forbidden("committee-only", "Only the committee publishes what it listed.", "挂牌事项由安委会公布。")
    clock = await running(tx, hazard.id, CLOCKS[ask.what])
    if clock is None:
        raise Conflict("nothing-to-publish", "Nothing of this kind waits to be made public.", "没有待公布的该类事项。")
    if not local_day(tx, clock.starts_at) <= ask.on <= local_day(tx, now):
        raise BadInput(
            "publication-time",
            "It is made public after it was decided, and not in the future.",
            "公布日期不得早于决定之日，且不得晚于今日。",
        )
    tx.add(PublicNotice(hazard_id=hazard.id, what=ask.what, where=ask.where, on=ask.on, by_id=who.id, recorded_at=now))
    await deadlines.meet(tx, hazard.about, [CLOCKS[ask.what]], now)
    fact = partial(NoticePublished, notice=ask.what, where=ask.where, on=ask.on)
    return await finish(tx, who, aside(hazard, Deed.PUBLISH), fact, now)
