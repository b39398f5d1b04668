"""Reports of deaths: told upwards at once, and ended by nobody before the county has decided (WSL art. 73)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day
from services.inspection.docket.actions import concluding
from services.inspection.docket.actions.moving import Step, begin, finish, follow
from services.inspection.docket.domain import DOCKET, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import EscalateFatality, RecordCountyVerdict
from services.inspection.hazards.actions import consequences
from shared.auth import Actor
from shared.contracts.inspection import (
    CountyFinding,
    CountyVerdictRecorded,
    FatalityEscalated,
)
from shared.errors import BadInput

SUMMON = "summon"
"""Where a transaction knows who calls the leader of a unit in which people died."""
Summon = Callable[[AsyncSession, Report, date, datetime], Awaitable[None]]
"""Given the claim, the day of the finding, and the time. The ladder builds on claims, so `main` puts it here."""


async def escalate(tx: AsyncSession, who: Actor, entry_id: UUID, ask: EscalateFatality, now: datetime) -> Report:
    """Say that a claim is about deaths, when its claimant did not."""
    step = await begin(tx, who, entry_id, Verb.ESCALATE_FATALITY, now)
    return await _escalate(tx, who, step, now, ask.explanation)


async def escalate_claim(tx: AsyncSession, claim_id: UUID, now: datetime) -> Report:
    """Draw the consequence of a claim that speaks of deaths itself."""
    entry = await entries.by_claim(tx, claim_id, lock=True)
    assert entry is not None, "it was received before it is escalated"
    step = follow(entry, Verb.ESCALATE_FATALITY, DOCKET.moves[Verb.ESCALATE_FATALITY].clock)
    return await _escalate(tx, None, step, now)


async def record_verdict(
    tx: AsyncSession, who: Actor, entry_id: UUID, ask: RecordCountyVerdict, now: datetime
) -> Report:
    """Put on record what the county found; what only waited for that goes on."""
    step = await begin(tx, who, entry_id, Verb.RECORD_COUNTY_VERDICT, now)
    entry = step.entry
    if not local_day(tx, entry.claimed_at) <= ask.decided_on <= local_day(tx, now):
        raise BadInput(
            "not-the-day",
            "The county decided after the report and not after today.",
            "核查结论日期须在报告之后，且不晚于今天。",
            earliest=local_day(tx, entry.claimed_at),
            latest=local_day(tx, now),
        )
    entry.county_finding = ask.finding
    await _let_go(tx, entry)
    fact = partial(CountyVerdictRecorded, finding=ask.finding, decided_on=ask.decided_on, statement=ask.statement)
    await finish(tx, who, step, fact, now, reason=ask.statement)
    await concluding.conclude_entry(tx, entry, now)
    if ask.finding is CountyFinding.DEATHS_CONFIRMED:
        summon: Summon = tx.info[SUMMON]
        await summon(tx, entry, ask.decided_on, now)
    return entry


async def _escalate(tx: AsyncSession, who: Actor | None, step: Step, now: datetime, reason: str = "") -> Report:
    step.entry.fatal = True
    hazards = await entries.hazards_behind(tx, step.entry)
    await consequences.hold(tx, [hazard.id for hazard in hazards], county_decides=True)
    return await finish(tx, who, step, partial(FatalityEscalated, escalated_at=now), now, reason=reason)


async def _let_go(tx: AsyncSession, entry: Report) -> None:
    """Free the hazards behind a claim, as far as no other claim of deaths holds them."""
    await tx.flush()
    ids = [hazard.id for hazard in await entries.hazards_behind(tx, entry)]
    held = await entries.held_by_the_county(tx, ids)
    await consequences.hold(tx, set(ids) - held, county_decides=False)
