"""What a missed clock causes, once for each step; without it ladders would be configured and never climbed."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.deadlines.rungs import Clock, Rung
from services.inspection.deadlines.rungs import steps as rungs_of
from services.inspection.domain import Kind
from services.inspection.hazards.actions.moving import common
from services.inspection.history.actions import record
from services.inspection.ladder import queries
from services.inspection.ladder.domain import wording
from services.inspection.ladder.domain.proposals import DECIDE_BY, PROPOSAL, Verb, measure_is_possible
from services.inspection.ladder.domain.steps import LETTERS, Missed, Step, Whom, steps
from services.inspection.ladder.models import Climb, Proposal
from services.inspection.ladder.queries import Matter
from services.inspection.ladder.shapes import Decide
from services.inspection.letters.actions.writing import FIRST_STATE, Draft, Reason, issue
from services.inspection.letters.domain import REPLY_CLOCKS
from services.inspection.letters.queries.knowing import Addressee, may_know, party_of
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardEscalated,
    Instrument,
    ProposalDecided,
    ProposalMade,
)
from shared.contracts.values import Grade, PartyKind, derived_id
from shared.observe import logger
from shared.outbox import emit

ESCALATE = "escalate"
_MAY_SUPERVISE = (Rung.MISSED, Rung.SUPERVISION)
"""When a supervision letter may be due: by the clock itself, or because a warning has no answer."""
log = logger("ladder")


@dataclass(frozen=True, slots=True)
class _Fall:
    """One missed clock, what it is about, and which party it presses on."""

    clock: Deadline
    matter: Matter
    party: Addressee


async def climb(tx: AsyncSession, clock: Deadline, rung: Rung, now: datetime) -> None:
    """Do what the ladder says at this rung, in the transaction that fires it. Doing it again does nothing.

    Raises `hazard-busy` (409) when somebody moves the hazard at this moment: the clock is then fired again.
    """
    today = local_day(tx, now)
    reply = clock.object_kind is Kind.LETTER and clock.key in REPLY_CLOCKS
    listed_clock = clock.object_kind is Kind.HAZARD and clock.key in rules_of(tx).listing(
        "ladder.interview.listed", today
    )
    if rung is Rung.APPROACHING or clock.owed_by is None or (rung is Rung.MISSED and not (reply or listed_clock)):
        return  # told by the clock's own fact; what the committee owes nobody here may press for
    if clock.key in rules_of(tx).listing("ladder.rights", today):
        return  # who does not speak owes nothing
    if (matter := await queries.matter_of(tx, clock)) is None:
        return
    if (party := await queries.addressed(tx, clock, matter)) is None:
        return
    fall = _Fall(clock, matter, party)
    for step in await _due(tx, fall, rung, now, listed=listed_clock):
        await _take(tx, fall, step, rung, now)


async def decide(tx: AsyncSession, who: Actor, proposal_id: UUID, ask: Decide, now: datetime) -> Proposal:
    """Choose a measure, or none: what was chosen is then done by its own command, by whoever may."""
    proposal = await queries.proposal(tx, who, proposal_id, lock=True)
    move = PROPOSAL.permit(Verb.DECIDE, proposal.state, who.roles, None)
    measure_is_possible(ask.measure, len(proposal.hazard_ids))
    before, proposal.state = proposal.state, move.after(proposal.state, yes=ask.measure is not None)
    proposal.measure, proposal.reason, proposal.decided_by, proposal.decided_at = ask.measure, ask.reason, who.id, now
    await deadlines.meet(tx, proposal.about, [DECIDE_BY], now)
    moved = (Verb.DECIDE, before, proposal.state)
    record(tx, who, proposal.about, moved, now, reason=ask.reason, measure=ask.measure)
    fact = partial(ProposalDecided, measure=ask.measure, reason=ask.reason)
    await emit(tx, proposal, fact(**_said(proposal, who, now)))
    return proposal


async def _due(tx: AsyncSession, fall: _Fall, rung: Rung, now: datetime, *, listed: bool) -> tuple[Step, ...]:
    hazard, letter, rules, today = fall.matter.hazard, fall.matter.letter, rules_of(tx), local_day(tx, now)
    overseen = not fall.matter.by_hand and fall.matter.overseer_id is not None
    pressed = fall.matter.overseer_id if overseen and fall.party.kind is PartyKind.ENTERPRISE else fall.party.id
    assert pressed is not None, "who oversees is known here"
    missed = Missed(
        key=fall.clock.key,
        rung=rung,
        party=fall.party.kind,
        grade=hazard.grade or Grade.GENERAL if hazard else Grade.GENERAL,
        listed=listed and hazard is not None and hazard.listing in queries.LISTED,
        overseen=overseen,
        letter=letter.kind if letter else None,
        by_hand=fall.matter.by_hand,
        reached=await queries.reached(tx, fall.matter.root_id),
        supervisions=await queries.supervisions_of(tx, pressed, now) if rung in _MAY_SUPERVISE else 0,
    )
    return steps(missed, rules.number("ladder.interview.supervisions", today))


async def _take(tx: AsyncSession, fall: _Fall, step: Step, rung: Rung, now: datetime) -> None:
    """Climb one step: claim it, write what it asks for, and say so on the hazard."""
    matter = fall.matter
    over = _is_passed_over(tx, fall, rung, now)
    by, to = await _by(tx, fall, step), await _to(tx, fall, step)
    joins = None
    if not over and by is not None and to is not None and step.instrument in LETTERS:
        joins = await queries.written_just_now(tx, matter, step.instrument, (by, to.id), now)
    writes = not over and joins is None and by is not None and to is not None and step.instrument in LETTERS
    proposes = step.instrument is Instrument.PROPOSAL
    letter_id, proposal_id = joins or (uuid4() if writes else None), uuid4() if proposes else None
    if not await _claim(tx, fall, step, to, now, letter=letter_id, proposal=proposal_id, joined=joins is not None):
        return
    if writes and letter_id is not None and by is not None and to is not None:
        await _write(tx, fall, step, (by, to), letter_id, now)
    elif joins is not None and to is not None and step.instrument is Instrument.INTERVIEW:
        await _take_up(tx, joins, to, matter)
    elif proposal_id is not None:
        await _propose(tx, fall, proposal_id, now)
    elif not over:
        log.warning("nobody to write for", rule=step.rule, area=matter.area_code, party=str(fall.party.id))
    if matter.hazard is not None:
        await _escalate(tx, fall, step, letter_id, now)


def _is_passed_over(tx: AsyncSession, fall: _Fall, rung: Rung, now: datetime) -> bool:
    """Tell whether a higher rung of the same clock has fallen due too, as after an outage: only that one writes."""
    if fall.matter.letter is not None or rung is Rung.MISSED:
        return False
    hazard, order = fall.matter.hazard, list(Rung)
    measured = Clock(fall.clock.starts_at, fall.clock.due_at, major=hazard is not None and hazard.grade is Grade.MAJOR)
    later = (each for each in rungs_of(rules_of(tx), measured) if order.index(each.rung) > order.index(rung))
    return any(each.at <= now for each in later)


async def _by(tx: AsyncSession, fall: _Fall, step: Step) -> UUID | None:
    if step.by is Whom.OVERSEER:
        return fall.matter.overseer_id
    committee = await queries.committee_of(tx, fall.matter.area_code)
    return None if committee is None else committee.id


async def _to(tx: AsyncSession, fall: _Fall, step: Step) -> Addressee | None:
    if step.to is not Whom.OVERSEER:
        return fall.party
    overseer = fall.matter.overseer_id
    return None if overseer is None else await party_of(tx, overseer)


async def _claim(
    tx: AsyncSession,
    fall: _Fall,
    step: Step,
    to: Addressee | None,
    now: datetime,
    *,
    letter: UUID | None,
    proposal: UUID | None,
    joined: bool,
) -> bool:
    """Take the step for this thing, or find that it was taken: also by another replica at this very moment."""
    clock, matter = fall.clock, fall.matter
    row = Climb(
        root_id=matter.root_id,
        instrument=step.instrument,
        level=step.level,
        object_kind=matter.kind,
        object_id=matter.object_id,
        area_code=matter.area_code,
        cycle=matter.hazard.cycle if matter.hazard else 1,
        deadline_id=clock.id,
        key=clock.key,
        due_at=clock.due_at,
        explanation_en=clock.explanation_en,
        explanation_zh=clock.explanation_zh,
        owed_by=clock.owed_by,
        rule=step.rule,
        to_id=to.id if to else None,
        letter_id=letter,
        proposal_id=proposal,
        joined=joined,
        at=now,
    )
    taking = insert(Climb).values(row.model_dump()).on_conflict_do_nothing(index_elements=["root_id", "instrument"])
    return (await tx.execute(taking.returning(col(Climb.id)))).scalar() is not None


async def _write(
    tx: AsyncSession, fall: _Fall, step: Step, between: tuple[UUID, Addressee], letter_id: UUID, now: datetime
) -> None:
    clock, matter, (sender_id, to) = fall.clock, fall.matter, between
    owes_en, owes_zh = await queries.names_of(tx, fall.party.id)
    told = wording.Told(
        instrument=step.instrument,
        key=clock.key,
        rule=step.rule,
        due_at=clock.due_at,
        subject_en=matter.subject_en,
        subject_zh=matter.subject_zh,
        explanation_en=clock.explanation_en,
        explanation_zh=clock.explanation_zh,
        owes_en=owes_en,
        owes_zh=owes_zh,
    )
    hazard, kind = matter.hazard, LETTERS[step.instrument]
    draft = Draft(
        id=letter_id,
        kind=kind,
        state=FIRST_STATE[kind],
        sender_id=sender_id,
        to=to,
        basis=wording.basis(told),
        facts=wording.facts(told, rules_of(tx).timezone),
        demand=wording.demand(told),
        hazard_ids=matter.hazard_ids if hazard is None or may_know(to, hazard) else (),
        content_hash=str(derived_id("ladder", matter.root_id, step.instrument)),
        why=Reason(
            root_id=matter.root_id,
            deadline_id=clock.id,
            rule=step.rule,
            due_at=clock.due_at,
            explanation_en=clock.explanation_en,
            explanation_zh=clock.explanation_zh,
        ),
    )
    await issue(tx, draft, now)


async def _take_up(tx: AsyncSession, letter_id: UUID, to: Addressee, matter: Matter) -> None:
    """Let an interview that is still being prepared be about this too, as far as the addressee may know of it."""
    if matter.hazard is not None and not may_know(to, matter.hazard):
        return
    letter = await queries.prepared(tx, letter_id)
    known = set(letter.hazard_ids)
    letter.hazard_ids = [*letter.hazard_ids, *(str(each) for each in matter.hazard_ids if str(each) not in known)]


async def _propose(tx: AsyncSession, fall: _Fall, proposal_id: UUID, now: datetime) -> None:
    """Put circular, listing and transfer to the committee, whose own clock runs from now on."""
    clock, matter, letter = fall.clock, fall.matter, fall.matter.letter
    en, zh = matter.subject_en, matter.subject_zh
    proposal = Proposal(
        id=proposal_id,
        area_code=matter.area_code,
        about_id=fall.party.id,
        letter_id=letter.id if letter else None,
        hazard_ids=letter.hazard_ids if letter else [str(each) for each in matter.hazard_ids],
        facts=f"{zh}：{clock.explanation_zh}\n{en}: {clock.explanation_en}",
        made_at=now,
    )
    decide_by = deadlines.start(tx, proposal.about, DECIDE_BY, None, now)
    record(tx, None, proposal.about, (Verb.MAKE, None, proposal.state), now, deadline_id=clock.id)
    await emit(tx, proposal, ProposalMade(decide_by=decide_by, **_said(proposal, None, now)))


async def _escalate(tx: AsyncSession, fall: _Fall, step: Step, letter_id: UUID | None, now: datetime) -> None:
    """Raise the hazard to the step that was climbed; never lower it."""
    hazard, clock = fall.matter.hazard, fall.clock
    assert hazard is not None, "only hazards have a height"
    hazard.escalation = max(hazard.escalation, step.level)
    fact = partial(
        HazardEscalated,
        level=hazard.escalation,
        instrument=step.instrument,
        deadline_id=clock.id,
        key=clock.key,
        due_at=clock.due_at,
        owed_by=clock.owed_by,
        letter_id=letter_id,
    )
    said = await common(tx, None, hazard, now)
    event = fact(**said)
    own = event.model_dump(exclude=set(said))
    record(tx, None, hazard.about, (ESCALATE, hazard.state, hazard.state), now, reason=step.rule, **own)
    await emit(tx, hazard, event)


def _said(proposal: Proposal, who: Actor | None, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "area_code": proposal.area_code,
        "proposal_id": proposal.id,
        "state": proposal.state,
        "about_id": proposal.about_id,
        "letter_id": proposal.letter_id,
        "hazard_ids": tuple(map(UUID, proposal.hazard_ids)),
        "by_id": who.id if who else None,
    }
