"""The frame of every move of a docket entry: may it happen, which clocks turn, what is recorded and told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.docket.domain import DOCKET, ENDS, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import (
    DocketFact,
    RejectReason,
    ReportState,
)
from shared.outbox import emit


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted move: the entry already stands in its new state."""

    entry: Report
    verb: Verb
    before: ReportState
    clock: str | None


_TELLS_A_RESULT = frozenset({Verb.REJECT, Verb.FIND_UNFOUNDED, Verb.ANSWER})
_REVIEWS = frozenset({Verb.UPHOLD_REVIEW, Verb.DISMISS_REVIEW})


async def begin(
    tx: AsyncSession,
    who: Actor,
    entry_id: UUID,
    verb: Verb,
    now: datetime,
    *,
    reason: RejectReason | None = None,
) -> Step:
    """Lock the entry and let the machine decide; raises 403, 404, 409 or the guard's own refusal."""
    entry = await entries.visible(tx, who, entry_id, lock=True)
    case = entries.case_of(tx, who, entry, await entries.hazards_behind(tx, entry), now)
    move = DOCKET.permit(verb, entry.state, who.roles, replace(case, reason=reason))
    return follow(entry, verb, move.clock)


def follow(entry: Report, verb: Verb, clock: str | None = None) -> Step:
    """Let the entry go where the verb leads, as its own move or as the consequence of another's."""
    before, entry.state = entry.state, DOCKET.moves[verb].after(entry.state)
    return Step(entry, verb, before, clock)


async def finish(
    tx: AsyncSession,
    who: Actor | None,
    step: Step,
    fact: Callable[..., DocketFact],
    now: datetime,
    *,
    reason: str = "",
    **kept: Any,
) -> Report:
    """Turn the clocks, write history and state the fact, which is given with all but what every fact says."""
    entry = step.entry
    if step.verb in _TELLS_A_RESULT:
        entry.result_at = now
    if step.verb in _REVIEWS:
        entry.result_at = None
        entry.reviewed_at = now if step.verb is Verb.DISMISS_REVIEW else None
    await deadlines.meet(tx, entry.about, ENDS[step.verb], now)
    if step.clock is not None:
        deadlines.start(tx, entry.about, step.clock, owed_by(entry, step.clock), now)
    if step.clock == "report.decide_acceptance" and entry.imminent_danger:
        deadlines.start(tx, entry.about, "hazard.danger_call", owed_by(entry), now)
    said = common(entry, now)
    event = fact(**said)
    own = event.model_dump(exclude={*said, "explanation", "answer", "reason"})
    record(tx, who, entry.about, (step.verb, step.before, entry.state), now, reason=reason, **own, **kept)
    await emit(tx, entry, event)
    return entry


def owed_by(entry: Report, key: str = "") -> UUID | None:
    """Name who must act: the one it was passed to, or the one it belongs to; None is the committee."""
    return None if key == "report.fatality" else entry.to_authority_id or entry.authority_id


def common(entry: Report, now: datetime) -> dict[str, Any]:
    """Give what every fact about an entry says."""
    return {
        "at": now,
        "area_code": entry.area_code,
        "entry_id": entry.id,
        "number": entry.number,
        "state": entry.state,
        "claim": entry.claim,
        "channel": entry.channel,
        "reporter_ref": entry.reporter_ref,
        "category": entry.category,
        "authority_id": entry.authority_id,
        "enterprise_id": entry.enterprise_id,
        "imminent_danger": entry.imminent_danger,
        "claimed_at": entry.claimed_at,
    }
