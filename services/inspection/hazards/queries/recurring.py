"""Which hazards are of one matter, and which looks back stand out; without it one that came back would look new."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.domain.lookback import Looks
from services.inspection.hazards.domain.recurrence import Key, recurrence_key, within
from services.inspection.hazards.models import Hazard, LookBack
from shared.contracts.inspection import HazardState

LOOK_BACKS = ("hazard.lookback.first", "hazard.lookback.second")


def key_of(tx: AsyncSession, hazard: Hazard, on: date) -> Key | None:
    """Give the recurrence key, by the cell of that day's rules."""
    lon, lat = hazard.place.get("lon"), hazard.place.get("lat")
    cell_m = rules_of(tx).number("hazard.recurrence.cell", on)
    return recurrence_key(hazard.enterprise_id, hazard.category, lon, lat, cell_m)


def closed_within(tx: AsyncSession, hazard: Hazard, rule: str, now: datetime) -> bool:
    """Tell whether a closed hazard still counts by the window that the profile calls `rule`."""
    assert hazard.closed_at is not None, "a closed hazard has a day of closing"
    today = local_day(tx, now)
    return within(local_day(tx, hazard.closed_at), today, rules_of(tx).number(rule, today))


async def closed_alike(tx: AsyncSession, hazard: Hazard, now: datetime) -> Hazard | None:
    """Give the hazard of the same matter that was closed last, if that was within the window of recurrence."""
    today = local_day(tx, now)
    if (key := key_of(tx, hazard, today)) is None:
        return None
    days = rules_of(tx).number("hazard.recurrence.window", today)
    query = (
        select(Hazard)
        .where(
            col(Hazard.enterprise_id) == hazard.enterprise_id,
            col(Hazard.category) == hazard.category,
            col(Hazard.state) == HazardState.CLOSED,
            col(Hazard.id) != hazard.id,
            col(Hazard.closed_at) > now - timedelta(days=days + 1),
        )
        .order_by(col(Hazard.closed_at).desc(), col(Hazard.id))
    )
    for other in (await tx.execute(query)).scalars():
        theirs = key_of(tx, other, today)
        if theirs is not None and theirs.is_of(key) and closed_within(tx, other, "hazard.recurrence.window", now):
            return other
    return None


async def still_closed(tx: AsyncSession, hazard_id: UUID) -> Hazard | None:
    """Give the hazard, locked, unless somebody opened it again meanwhile."""
    query = select(Hazard).where(col(Hazard.id) == hazard_id, col(Hazard.state) == HazardState.CLOSED)
    locking = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.execute(locking)).scalar_one_or_none()


async def looks_of(tx: AsyncSession, hazards: Sequence[Hazard]) -> Mapping[UUID, Looks]:
    """Give what the overlay of look-backs is computed from, for a page of hazards at once."""
    closed = [hazard.id for hazard in hazards if hazard.state == HazardState.CLOSED]
    again = [hazard.id for hazard in hazards if hazard.state != HazardState.CLOSED and hazard.cycle > 1]
    due: dict[UUID, dict[int, date]] = {}
    failed: dict[UUID, int] = {}
    if closed:
        clocks = select(Deadline).where(
            col(Deadline.object_id).in_(closed),
            col(Deadline.key).in_(LOOK_BACKS),
            col(Deadline.state) == DeadlineState.OPEN,
        )
        for clock in (await tx.execute(clocks)).scalars():
            ordinal = LOOK_BACKS.index(clock.key) + 1
            due.setdefault(clock.object_id, {})[ordinal] = local_day(tx, clock.due_at)
    if again:
        looks = select(LookBack).where(col(LookBack.hazard_id).in_(again), col(LookBack.passed).is_(False))
        for look in (await tx.execute(looks.order_by(col(LookBack.cycle)))).scalars():
            failed[look.hazard_id] = look.cycle
    return {hazard.id: Looks(failed.get(hazard.id), due.get(hazard.id)) for hazard in hazards}
