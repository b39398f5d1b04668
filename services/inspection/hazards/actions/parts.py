"""The frame of every move of one party's part, and what parts follow from: an assignment, a new lead, an end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.copies.domain import all_enforce
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.actions.listed import keep_for_lists
from services.inspection.hazards.actions.moving import common
from services.inspection.hazards.domain.assisting import each_another_body
from services.inspection.hazards.domain.parts import ENDS, LIVE, PART, PartVerb
from services.inspection.hazards.models import Hazard, HazardPart
from services.inspection.hazards.queries import assisting, seeing
from services.inspection.hazards.shapes.asks import JointOfficers
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import (
    PartAsked,
    PartFact,
    PartReleased,
    PartState,
    PartTask,
    ReleaseCause,
)
from shared.errors import BadInput, Conflict
from shared.outbox import emit

_OWES_NOTHING = frozenset({PartState.ANSWERED, PartState.DECLINED, PartState.INSISTED, PartState.RELEASED})


@dataclass(frozen=True, slots=True)
class PartStep:
    """A permitted move: the part already stands in its new state."""

    hazard: Hazard
    part: HazardPart
    verb: PartVerb
    before: PartState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of whom."""

    part_id: UUID
    authority_id: UUID
    task: PartTask
    what: str
    required: bool
    on: date | None = None
    replaces: HazardPart | None = None
    """The part that another party declined."""
    arbitrated: bool = False


async def begin(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, verb: PartVerb, now: datetime
) -> PartStep:
    """Lock the hazard, which all its parts wait for, and let the table decide; raises 403, 404 or 409."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    part = await assisting.part_of(tx, hazard, part_id)
    if (late := _over(part)) is not None:
        raise late
    move = PART.permit(verb, part.state, who.roles, assisting.case_of(who, hazard, part, local_day(tx, now)))
    before, part.state = part.state, move.after(part.state)
    return PartStep(hazard, part, verb, before)


async def finish(
    tx: AsyncSession,
    who: Actor,
    step: PartStep,
    fact: Callable[..., PartFact],
    now: datetime,
    *,
    reason: str = "",
    **kept: Any,
) -> HazardPart:
    """Turn the part's clocks, keep the hazard in step, write history and state the fact.

    `fact` is given with all but what every fact about a part says. Clocks of whoever acts next are started before.
    """
    hazard, part = step.hazard, step.part
    part.by_id = who.id
    put_in_step(hazard, await assisting.parts_of(tx, hazard))
    await keep_for_lists(tx, hazard, None)
    said = await common(tx, who, hazard, now) | {
        "part_id": part.id,
        "assisting_id": part.authority_id,
        "task": part.task,
        "required": part.required,
        "part_state": part.state,
        "on": part.on,
        "due": part.due,
    }
    event = fact(**said)
    which = {"part_id": part.id, "assisting_id": part.authority_id, "task": part.task}
    own = event.model_dump(exclude={*said, "reason"})
    moved = (f"part_{step.verb}", step.before, part.state)
    record(tx, who, hazard.about, moved, now, reason=reason, **which, **own, **kept)
    await emit(tx, hazard, event)
    return part


async def turn_clocks(tx: AsyncSession, step: PartStep, now: datetime) -> None:
    """End what the move meets; nothing more is owed by a party that need not answer any more."""
    about = step.hazard.about_part(step.part)
    await deadlines.meet(tx, about, ENDS.get(step.verb, ()), now)
    if step.part.state in _OWES_NOTHING:
        await deadlines.cancel_all(tx, about, now)


def start_clocks(tx: AsyncSession, hazard: Hazard, part: HazardPart, now: datetime) -> datetime:
    """Let the party's own clocks run: to acknowledge, and to answer. Return when it must have acknowledged.

    Both begin with the asking, so that silence gains nobody time. A joint inspection is answered on its day. Of what
    is told only for information, and not required, no answer is owed.
    """
    about, owed_by = hazard.about_part(part), part.authority_id
    if part.on is not None:
        part.due = deadlines.start_until(tx, about, "part.answer", owed_by, part.on, now)
        if part.due < rules_of(tx).due("part.acknowledge", now).at:
            return deadlines.start_until(tx, about, "part.acknowledge", owed_by, part.on, now)
    elif part.required or part.task != PartTask.INFORMATION:
        part.due = deadlines.start(tx, about, "part.answer", owed_by, now)
    return deadlines.start(tx, about, "part.acknowledge", owed_by, now)


def put_in_step(hazard: Hazard, parts: Sequence[HazardPart]) -> None:
    """Count what keeps the hazard open, and name who co-operates: all who were asked, but for the released."""
    present = [part for part in parts if part.cycle == hazard.cycle]
    hazard.open_parts = sum(part.required and part.state in LIVE for part in present)
    asked = {str(part.authority_id) for part in present}
    assists = [str(part.authority_id) for part in present if part.state != PartState.RELEASED]
    stays = [each for each in hazard.co_authority_ids if each in assists or each not in asked]
    hazard.co_authority_ids = list(dict.fromkeys([*stays, *assists]))


async def open_part(tx: AsyncSession, who: Actor, hazard: Hazard, wanted: Wanted, now: datetime) -> HazardPart:
    """Ask a party; it learns of it by the fact. Whether it may be asked was looked at before."""
    before = wanted.replaces
    asked_by_id = hazard.lead_authority_id or (before.asked_by_id if before else None)
    assert asked_by_id is not None, "a lead asks, and what it asked for is given to another"
    part = HazardPart(
        id=wanted.part_id,
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        authority_id=wanted.authority_id,
        asked_by_id=asked_by_id,
        task=wanted.task,
        what=wanted.what,
        required=wanted.required,
        on=wanted.on,
        asked_at=now,
        by_id=who.id,
        replaces_id=before.id if before else None,
        arbitrated_at=now if wanted.arbitrated else None,
    )
    acknowledge_by = start_clocks(tx, hazard, part, now)
    hazard.involved = sorted({*hazard.involved, str(part.authority_id)})
    tx.add(part)
    step = PartStep(hazard, part, PartVerb.ASK, None)
    fact = partial(PartAsked, acknowledge_by=acknowledge_by, replaces_part_id=part.replaces_id)
    return await finish(tx, who, step, fact, now, reason=wanted.what)


async def taking_part(tx: AsyncSession, hazard: Hazard) -> list[str]:
    """Name the parties that were asked in this cycle and not released."""
    parts = await assisting.parts_of(tx, hazard)
    return [str(part.authority_id) for part in parts if part.cycle == hazard.cycle and part.state != PartState.RELEASED]


async def inform(tx: AsyncSession, who: Actor, hazard: Hazard, named: Sequence[str], now: datetime) -> None:
    """Tell those who co-operate by the assignment (T04), each once in a cycle; nobody need answer that."""
    known = set(await taking_part(tx, hazard))
    for each in [each for each in dict.fromkeys(named) if each not in known]:
        wanted = Wanted(
            part_id=uuid4(),
            authority_id=UUID(each),
            task=PartTask.INFORMATION,
            what=hazard.what,
            required=False,
        )
        await open_part(tx, who, hazard, wanted, now)


async def follow_the_lead(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> None:
    """After the lead changed: what it was asked for it now does as lead, and what others declined it must settle."""
    for part in await _live(tx, hazard):
        if part.authority_id == hazard.lead_authority_id:
            await _release(tx, who, hazard, part, ReleaseCause.LEADS_NOW, "", now)
        elif part.state == PartState.DECLINED and hazard.lead_authority_id is not None:
            about = hazard.about_part(part)
            await deadlines.cancel_all(tx, about, now)
            deadlines.start(tx, about, "part.settle", hazard.lead_authority_id, now)
            await keep_for_lists(tx, hazard, None)


async def end_all(tx: AsyncSession, who: Actor, hazard: Hazard, reason: str, now: datetime) -> None:
    """The hazard is over: nobody answers any more for what nobody waited for."""
    for part in await _live(tx, hazard):
        if part.due is not None or part.state != PartState.ACKNOWLEDGED:  # who had to take note has done all
            await _release(tx, who, hazard, part, ReleaseCause.CASE_OVER, reason, now)


async def joint_officers(
    tx: AsyncSession, hazard: Hazard, who: Actor, named: Sequence[JointOfficers], now: datetime
) -> list[dict[str, Any]]:
    """Give what is recorded of the officers of other authorities who were there; raises 422 or 403 for wrong names."""
    own = {who.party_id, hazard.handling_authority_id, hazard.lead_authority_id}
    each_another_body([each.authority_id for each in named], own)
    for each in named:
        if await copies.authority(tx, each.authority_id) is None:
            raise BadInput("not-an-authority", "Only authorities can be named here.", "只能指定监管部门。")
        officers = await copies.named_officers(tx, each.officers, each.authority_id, local_day(tx, now))
        if (problem := all_enforce(officers)) is not None:
            raise problem
    return [each.model_dump(mode="json") for each in named]


async def _live(tx: AsyncSession, hazard: Hazard) -> list[HazardPart]:
    parts = await assisting.parts_of(tx, hazard)
    return [part for part in parts if part.cycle == hazard.cycle and part.state in LIVE]


async def _release(
    tx: AsyncSession, who: Actor, hazard: Hazard, part: HazardPart, cause: ReleaseCause, reason: str, now: datetime
) -> None:
    """Release a part as the consequence of another move."""
    step = PartStep(hazard, part, PartVerb.RELEASE, part.state)
    part.state = PartState.RELEASED
    await turn_clocks(tx, step, now)
    await finish(tx, who, step, partial(PartReleased, cause=cause, reason=reason), now, reason=reason)


def _over(part: HazardPart) -> Conflict | None:
    """Tell whoever comes too late what happened; of two desks that answer at once, the second reads this."""
    if part.state == PartState.ANSWERED:
        return Conflict(
            "part-answered",
            "This part was answered already. Read the answer; what is missing can be asked for anew.",
            "该协办事项已反馈，请查阅反馈内容；如需补充，由牵头部门另行商请。",
            answered_at=part.answered_at,
            by_id=part.by_id,
        )
    if part.state == PartState.RELEASED:
        return Conflict(
            "part-released",
            "This part is no longer asked for.",
            "该协办事项已不再需要办理。",
            by_id=part.by_id,
        )
    return None
