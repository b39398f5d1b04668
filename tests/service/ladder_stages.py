"""Clocks that run out on hazards, and time that passes: the beginning of every story of the ladder."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import inspection_county as county
from inspection_county import get
from letter_stages import hazard

from services.inspection.deadlines import actions as deadlines
from services.inspection.domain import About, Kind
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import Listing
from shared.contracts.values import Grade
from shared.testing import Platform

CLOCK = "hazard.close"
"""Five working days: by GV-1 it runs out on 13 October 2026."""
MISSED, REMINDED, WARNED, SUPERVISED, CALLED = (
    datetime(2026, month, day, 15, 59, 59, tzinfo=UTC)
    for month, day in ((10, 13), (10, 14), (10, 20), (10, 27), (11, 3))
)
"""The ends of the local days: the limit, 1, 5 and 10 working days after it, and L3's own limit."""


async def late(
    platform: Platform,
    owed_by: UUID | None = county.EMERGENCY,
    *,
    key: str = CLOCK,
    grade: Grade = Grade.GENERAL,
    listing: Listing = Listing.NONE,
    ordered: bool = True,
    lead: UUID | None = county.EMERGENCY,
) -> str:
    """Put a hazard on whose account a clock begins to run that nobody will meet."""
    hazard_id = await hazard(platform, lead, ordered=ordered)
    async with platform.service("inspection").database.transaction() as tx:
        row = await tx.get(Hazard, UUID(hazard_id))
        assert row is not None
        row.grade, row.listing = grade, listing
        if key == "hazard.limit":
            deadlines.start_until(tx, row.about, key, owed_by, MISSED.date(), platform.now)
        else:
            deadlines.start(tx, row.about, key, owed_by, platform.now)
    return hazard_id


async def met(platform: Platform, hazard_id: str, key: str = CLOCK) -> None:
    async with platform.service("inspection").database.transaction() as tx:
        about = About(Kind.HAZARD, UUID(hazard_id), county.TOWN)
        await deadlines.meet(tx, about, [key], platform.now)


async def until(platform: Platform, at: datetime) -> None:
    """Let time pass to an instant, and everything happen that then is due."""
    assert at >= platform.now
    platform.now = at
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


async def day_by_day(platform: Platform, *instants: datetime) -> None:
    for at in instants:
        await until(platform, at)


async def letters(platform: Platform, who: Actor = county.committee) -> list[dict[str, Any]]:
    """Give the letters that somebody reads, the first first."""
    return (await get(platform, who, "/letters"))["items"][::-1]


async def kinds(platform: Platform, who: Actor = county.committee) -> list[tuple[str, UUID, UUID]]:
    """Give (kind, from, to) of each letter, sorted."""
    read = await letters(platform, who)
    return sorted((each["kind"], UUID(each["sender_id"]), UUID(each["addressee_id"])) for each in read)


async def height(platform: Platform, hazard_id: str) -> int:
    """Give how high the ladder has been climbed for a hazard."""
    return (await get(platform, county.committee, f"/hazards/{hazard_id}"))["escalation"]


async def climbs(platform: Platform, hazard_id: str, who: Actor = county.committee) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(platform, who, f"/hazards/{hazard_id}/escalations"))["items"]
    return found
