"""Who takes part in a hazard, how far each has come, and what each reader may do about it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Party
from services.inspection.deadlines.queries import local_day, open_deadlines
from services.inspection.hazards.domain.parts import IN_HAND, PART, PartCase, askable
from services.inspection.hazards.models import Hazard, HazardPart
from services.inspection.hazards.shapes.assisting import PartList, PartView
from shared.auth import Actor
from shared.errors import no_such


async def parts_of(tx: AsyncSession, hazard: Hazard) -> list[HazardPart]:
    """List all parts, also those of earlier cycles, in the order of asking."""
    if not hazard.involved:
        return []
    query = select(HazardPart).where(col(HazardPart.hazard_id) == hazard.id).order_by(col(HazardPart.serial))
    return list((await tx.execute(query)).scalars())


async def part_of(tx: AsyncSession, hazard: Hazard, part_id: UUID) -> HazardPart:
    """Give one part of this hazard; 404 also for a part of another."""
    part = await tx.get(HazardPart, part_id)
    if part is None or part.hazard_id != hazard.id:
        raise no_such("part", "协办事项")
    return part


async def party(tx: AsyncSession, party_id: UUID) -> Party | None:
    return await tx.get(Party, party_id)


def case_of(who: Actor, hazard: Hazard, part: HazardPart | None, today: date) -> PartCase:
    """Gather what the rules of parts look at; `part` None: one more is to be asked for."""
    return PartCase(
        party_id=who.party_id,
        lead_authority_id=hazard.lead_authority_id,
        in_hand=hazard.state in IN_HAND and not hazard.self_governed and part_is_of_now(hazard, part),
        today=today,
        asked_of=part.authority_id if part else None,
        on=part.on if part else None,
        arbitrated=part is not None and part.arbitrated_at is not None,
    )


def part_is_of_now(hazard: Hazard, part: HazardPart | None) -> bool:
    """Tell whether a part belongs to the present cycle: what an earlier one left stays as it was."""
    return part is None or part.cycle == hazard.cycle


async def views(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> list[PartView]:
    """Show every part with its next clock and with what this reader may do about it."""
    due: dict[UUID | None, datetime] = {}
    for clock in reversed(await open_deadlines(tx, hazard.id)):
        due[clock.part_id] = clock.due_at
    today = local_day(tx, now)
    return [_view(who, hazard, part, due.get(part.id), today, now) for part in await parts_of(tx, hazard)]


async def listed(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> PartList:
    offers = askable(who.roles, case_of(who, hazard, None, local_day(tx, now)))
    return PartList(items=await views(tx, who, hazard, now), offers=offers)


def _view(who: Actor, hazard: Hazard, part: HazardPart, due: datetime | None, today: date, now: datetime) -> PartView:
    offers = PART.offers(part.state, who.roles, case_of(who, hazard, part, today))
    shown = {"next_due": due, "overdue": due is not None and due < now, "offers": offers}
    return PartView.model_validate(part.model_dump() | shown)
