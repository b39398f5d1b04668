"""How many hazards were put under listed supervision in a quarter; a figure for information (Qingdao's rule, T18)."""

from datetime import date, datetime, time

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.hazards.domain.quarters import quarter_of
from services.inspection.hazards.models import Hazard, ListedSupervision
from services.inspection.hazards.shapes.proposals import ListedInQuarter
from shared import permission
from shared.auth import Actor
from shared.errors import BadInput

FIRST, _LAST = date(2000, 1, 1), date(9000, 1, 1)
"""From when on rules are known; the end of the calendar has no quarter after it."""


async def listed_in_quarter(tx: AsyncSession, who: Actor, day: date) -> ListedInQuarter:
    """Count what was listed in the quarter of this day, in the reader's area; refused proposals do not count."""
    rules = rules_of(tx)
    if not FIRST <= day <= _LAST:
        raise BadInput("no-such-quarter", f"Figures are kept from {FIRST} on.", f"仅提供 {FIRST} 以来的数据。")
    name, first, last = quarter_of(day)
    rule = rules.rule("listing.min_per_quarter", day)
    reached = permission.visible(who, "listing.count", area=permission.in_area(who, Hazard.area_code))
    query = (
        select(func.count())
        .select_from(ListedSupervision)
        .join(Hazard, col(Hazard.id) == col(ListedSupervision.hazard_id))
        .where(
            reached,
            col(ListedSupervision.level).is_not(None),
            col(ListedSupervision.decided_at) >= datetime.combine(first, time.min, rules.timezone),
            col(ListedSupervision.decided_at) <= datetime.combine(last, time.max, rules.timezone),
        )
    )
    return ListedInQuarter(
        quarter=name,
        first_day=first,
        last_day=last,
        listed=(await tx.execute(query)).scalar_one(),
        asked_for=int(rules.number("listing.min_per_quarter", day)),
        source=rule.source,
        mark=rule.mark,
    )
