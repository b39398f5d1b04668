"""The frame of every move of a hazard: may it happen, which clocks turn, what is recorded and told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies.domain import Letter
from services.inspection.deadlines import actions as deadlines
from services.inspection.hazards.actions.listed import keep_for_lists
from services.inspection.hazards.domain import (
    DROPS,
    ENDS,
    HAZARD,
    PAUSES,
    REACHES_THE_ENTERPRISE,
    RESUMES,
    Deed,
    Verb,
    overlay_of,
)
from services.inspection.hazards.domain.pausing import WHY
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import knowing, seeing
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import HazardFact
from shared.contracts.registry import Power
from shared.outbox import emit

PAPERS = "papers"
"""Where a transaction knows who issues the document that an act takes."""
Papers = Callable[[AsyncSession, Actor | None, Hazard, HazardFact, str, datetime], Awaitable[None]]
"""Given who acted, on what, the fact, its basis and the time. Documents build on hazards, so `main` puts them here."""

_CANCELS = frozenset({Verb.DISMISS, Verb.VOID, Verb.MERGE, Verb.REOPEN, Verb.TAKE_OVER})
_GOING_ON = ("case.", "court.", "listing.", "seizure", "evidence.preserve")
"""Penalty cases, listed supervision and what is held outlive the cycle, and even what was dangerous."""
_BY_POWER = {**{Verb(power): power for power in Power}, Verb.DELIVER: Power.ORDER}
"""What a letter of delegation may allow: whoever may order may hand the order over."""
_OF_THE_ENTERPRISE = frozenset(
    {
        *("hazard.plan", "hazard.limit", "hazard.register_major", "hazard.confirm_own"),
        *("case.hearing.ask", "case.statement", "case.pay", "court.apply.after_demand"),
    }
)
_OF_THE_COMMITTEE = frozenset(
    {
        "listing.decide",
        "listing.publish",
        "listing.file_upward",
        "listing.acceptance",
        "listing.publish_delisting",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted move: the hazard already stands in its new state."""

    hazard: Hazard
    verb: Verb | Deed
    before: str | None
    clock: str | None
    letter: Letter | None = None
    """The letter by which a delegate acts in the lead authority's name."""
    begins: datetime | None = None
    """From when the clock is counted, or paused, where that is not the instant at which it is told."""

    @property
    def after(self) -> str:
        beside = overlay_of(self.verb)
        return self.hazard.state if beside is None else getattr(self.hazard, beside.field)


def aside(hazard: Hazard, deed: Verb | Deed) -> Step:
    """Give the step of what is done about a hazard without a row of its own: nothing moves, but it is told."""
    return Step(hazard, deed, hazard.state, None)


def open_with(hazard: Hazard) -> Step:
    """Give the step that has no machine row: the docket's accepting is what makes a hazard (T01)."""
    return Step(hazard, Verb.REGISTER, None, None)


async def begin(
    tx: AsyncSession,
    who: Actor,
    hazard_id: UUID,
    verb: Verb,
    now: datetime,
    *,
    officers: tuple[UUID, ...] | None = None,
    enterprise: UUID | None = None,
    bases: tuple[UUID, ...] | None = None,
) -> Step:
    """Lock the hazard and let its machine decide; raises 403, 404, 409 or the guard's own refusal.

    `officers`, `enterprise` and `bases` are those that the command names; bases must hold today.
    """
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    case = knowing.case_of(
        who,
        hazard,
        await knowing.standing_of(tx, who, [hazard.enterprise_id, enterprise], now),
        officers=None if officers is None else await knowing.officers(tx, who.party_id, hazard.id, officers, now),
        named=enterprise,
        cited=bases,
    )
    if (beside := overlay_of(verb)) is not None:
        stood = getattr(hazard, beside.field)
        row = beside.machine.permit(verb, stood, who.roles, case)
        setattr(hazard, beside.field, row.after(stood))
        return Step(hazard, verb, stood, row.clock)
    move = HAZARD.permit(verb, hazard.state, who.roles, case)
    before, hazard.state = hazard.state, move.after(hazard.state)
    letter = case.letter_for(_BY_POWER[verb]) if verb in _BY_POWER else None
    return Step(hazard, verb, before, move.clock, letter)


async def finish(
    tx: AsyncSession,
    who: Actor | None,
    step: Step,
    fact: Callable[..., HazardFact],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
    **kept: Any,
) -> Hazard:
    """Turn the clocks, write history and state the fact (given with all but what every fact says).

    History holds what the fact says of its own, and `kept`, which nobody outside is told.
    """
    hazard = step.hazard
    if step.verb in _CANCELS:
        await deadlines.cancel_all(tx, hazard.about, now, but=_GOING_ON)
    await deadlines.meet(tx, hazard.about, ENDS.get(step.verb, ()), now)
    await deadlines.cancel(tx, hazard.about, DROPS.get(step.verb, ()), now)
    if step.verb in PAUSES:
        await deadlines.pause(tx, hazard.about, PAUSES[step.verb], now, WHY[step.verb], since=step.begins)
    if step.verb in RESUMES:
        await deadlines.resume(tx, hazard.about, RESUMES[step.verb], now, WHY[step.verb])
    if step.clock is not None:
        deadlines.start(tx, hazard.about, step.clock, owed_by(hazard, step.clock), step.begins or now)
    if step.verb in REACHES_THE_ENTERPRISE:
        hazard.ordered_at = hazard.ordered_at or now
    said = await common(tx, who, hazard, now) | _by(step.letter)
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason", "basis"})
    await keep_for_lists(tx, hazard, getattr(event, "officers", None) or kept.get("officers"))
    moved = (step.verb, step.before, step.after)
    record(tx, who, hazard.about, moved, now, reason=reason, basis=basis, **own, **kept, **_by(step.letter))
    await emit(tx, hazard, event)
    papers: Papers | None = tx.info.get(PAPERS)
    if papers is not None:
        await papers(tx, who, hazard, event, basis, now)
    return hazard


def owed_by(hazard: Hazard, key: str) -> UUID | None:
    """Name the party on whom a clock presses; None is the committee."""
    if key in _OF_THE_ENTERPRISE or (hazard.self_governed and key == "hazard.close"):
        return hazard.enterprise_id
    if key in _OF_THE_COMMITTEE or (key == "hazard.assign" and hazard.lead_authority_id is None):
        return None
    return hazard.lead_authority_id or hazard.handling_authority_id


def _by(letter: Letter | None) -> dict[str, Any]:
    """Say in whose name and by which letter a delegate acted; nothing when an authority acted itself."""
    if letter is None:
        return {}
    return {"in_name_of": letter.authority_id, "delegation_id": letter.id, "letter_no": letter.letter_no}


async def common(tx: AsyncSession, who: Actor | None, hazard: Hazard, now: datetime) -> dict[str, Any]:
    """Give what every fact about a hazard says."""
    return said_of(who, hazard, await knowing.claims_of(tx, hazard.id), now)


def said_of(who: Actor | None, hazard: Hazard, claims: Sequence[Any], now: datetime) -> dict[str, Any]:
    """Give the same for given claims, in the order of `HazardFact`."""
    return {
        "at": now,
        "area_code": hazard.area_code,
        "hazard_id": hazard.id,
        "number": hazard.number,
        "state": hazard.state,
        "category": hazard.category,
        "what": hazard.what,
        "grade": hazard.grade,
        "enterprise_id": hazard.enterprise_id,
        "lead_authority_id": hazard.lead_authority_id,
        "suspension": hazard.suspension,
        "cycle": hazard.cycle,
        "claims": claims,
        "by_id": who.id if who else None,
    }
