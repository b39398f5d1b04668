"""Plants objects with clocks and watches what the scheduler makes of them, for the tests of the deadline engine."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import inspection_county as county
import worklist_stages as stages

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.rungs import Rung
from services.inspection.deadlines.scheduler import Scheduler
from services.inspection.docket.models import Report
from services.inspection.domain import About, Kind
from services.inspection.letters.models import Letter
from services.inspection.main import OBJECTS
from shared.contracts.inspection import (
    DeadlineApproaching,
    DeadlineFact,
    DeadlineMissed,
    HazardState,
    LetterKind,
    RoutingRule,
)
from shared.contracts.values import Category, Channel, Grade, PartyKind
from shared.service import Worker
from shared.testing import Platform


def about(nth: int, part_id: UUID | None = None) -> About:
    return About(Kind.HAZARD, stages.ident(nth), county.TOWN, part_id)


async def plant(platform: Platform, *keys: str, owed_by: UUID | None = county.EMERGENCY, major: bool = False) -> None:
    """Write one hazard for each key and start that clock; the first hazard is number 1."""
    grade = Grade.MAJOR if major else Grade.GENERAL
    many = [stages.hazard(nth, state=HazardState.ORDERED, grade=grade) for nth in range(1, len(keys) + 1)]
    await stages.plant(platform, many)
    async with platform.service("inspection").database.transaction() as tx:
        for nth, key in enumerate(keys, 1):
            deadlines.start(tx, about(nth), key, owed_by, platform.now)


async def plant_others(platform: Platform, entry_id: UUID, letter_id: UUID) -> None:
    """Write an entry of the docket and a letter, for clocks that are about them."""
    entry = Report(
        id=entry_id, area_code=county.TOWN, number="F2026-000001", claim_service="inspection", claim_id=entry_id,
        channel=Channel.INSPECTION, reporter_ref=entry_id, authority_id=county.EMERGENCY, place=county.PLACE,
        routing_rule=RoutingRule.CATEGORY, category=Category.DUST, what="Dust", evidence=[], claimed_at=platform.now,
    )  # fmt: skip
    letter = Letter(
        id=letter_id, area_code=county.TOWN, kind=LetterKind.SUPERVISION, number="督办函〔2026〕1号",
        sender_id=county.EMERGENCY, addressee_id=county.TOWNSHIP, addressee_kind=PartyKind.TOWNSHIP, basis="-",
        facts="-", demand="-", content_hash="-", sent_by=county.DESK, sent_at=platform.now,
    )  # fmt: skip
    async with platform.service("inspection").database.transaction() as tx:
        tx.add_all([entry, letter])


class Climbed:
    """Remembers what the ladder was told; `refuses` are hazards at which it fails."""

    def __init__(self) -> None:
        self.rungs: list[tuple[UUID, str, Rung]] = []
        self.refuses: set[UUID] = set()

    async def __call__(self, tx: Any, fallen: Sequence[tuple[Deadline, Rung]], now: datetime) -> None:
        if any(clock.object_id in self.refuses for clock, _ in fallen):
            raise ValueError("no letter can be written")
        self.rungs += [(clock.object_id, clock.key, rung) for clock, rung in fallen]


def watched(platform: Platform) -> Climbed:
    """Let the service's scheduler tell a ladder of ours."""
    climbed = Climbed()
    platform.service("inspection").workers = [Scheduler(OBJECTS, climbed).worker]
    return climbed


async def look(platform: Platform, worker: Worker | None = None) -> int:
    """Let the scheduler look until it finds nothing more; give how much it did."""
    service = platform.service("inspection")
    done = 0
    while step := await (worker or service.workers[0]).round(service):
        done += step
    return done


def told(platform: Platform) -> list[DeadlineFact]:
    """Give what was published of clocks, in order."""
    facts = platform.events(DeadlineApproaching, DeadlineMissed)
    return [fact for fact in facts if isinstance(fact, DeadlineFact)]


async def rows(platform: Platform, key: str | None = None) -> list[Mapping[str, Any]]:
    query = "select * from deadlines where :key::text is null or key = :key order by key, starts_at"
    return await platform.rows("inspection", query.replace(":key::text", "cast(:key as text)"), key=key)


async def changes(platform: Platform, what: str | None = None) -> list[Mapping[str, Any]]:
    query = (
        "select c.*, d.key from deadline_changes c join deadlines d on d.id = c.deadline_id"
        " where cast(:what as text) is null or what = :what order by c.id"
    )
    return await platform.rows("inspection", query, what=what)
