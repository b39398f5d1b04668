"""What missed clocks cause, once for each step; without it ladders would be configured and never climbed.

A hundred thousand clocks may run out with one day. Each batch of them is looked up together, planned, and written
together; the numbers of letters, for which others may wait, are drawn last.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import UniqueViolationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.deadlines.rungs import Rung
from services.inspection.hazards.actions.moving import said_of as said_of_hazard
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.knowing import claims_of_many
from services.inspection.history.actions import Done, record, record_many
from services.inspection.ladder.actions.deciding import said_of
from services.inspection.ladder.actions.drafting import drafts_of
from services.inspection.ladder.actions.planning import Fall, Taken, plan, presses
from services.inspection.ladder.domain.proposals import DECIDE_BY, Verb
from services.inspection.ladder.models import Climb, Proposal
from services.inspection.ladder.queries.matters import Matter, matters_of
from services.inspection.ladder.queries.standing import one_at_a_time, standing_of
from services.inspection.letters.actions.writing import issue
from services.inspection.letters.models import PREPARED, Letter
from shared.contracts.inspection import HazardEscalated, ProposalMade
from shared.errors import Conflict
from shared.observe import logger
from shared.outbox import emit, emit_of_kept
from shared.rows import copy_rows

ESCALATE = "escalate"
_MAY_CALL = (Rung.MISSED, Rung.SUPERVISION)
log = logger("ladder")


async def climb(tx: AsyncSession, fallen: Sequence[tuple[Deadline, Rung]], now: datetime) -> None:
    """Do what the ladder says at these rungs, in the transaction that fires them. Doing it again does nothing.

    Raises `hazard-busy` or `letter-busy` (409) when somebody moves one at this moment, and `step-taken` (409) when
    another replica has just climbed for the same thing: the clocks are then fired again.
    """
    rules, today = rules_of(tx), local_day(tx, now)
    pressing = [(clock, rung) for clock, rung in fallen if presses(rules, clock, rung, today)]
    if not pressing:
        return
    matters = await matters_of(tx, [clock for clock, _ in pressing])
    known = [(clock, matters[clock.id]) for clock, _ in pressing if clock.id in matters]
    await one_at_a_time(tx, _may_be_called(pressing, matters))
    standing = await standing_of(tx, known, now)
    falls = [
        Fall(clock, rung, matter, party)
        for clock, rung in pressing
        if (matter := matters.get(clock.id)) is not None and (party := standing.addressed(clock, matter)) is not None
    ]
    taken = list(plan(rules, standing, falls, today, now))
    if not taken:
        return
    await _claim(tx, taken, now)
    for each in taken:
        if each.proposal_id is not None:
            await _propose(tx, each.fall, each.proposal_id, now)
        elif each.letter_id is None and not each.passed_over:
            party = str(each.fall.party.id)
            log.warning("nobody to write for", rule=each.step.rule, area=each.fall.matter.area_code, party=party)
    await _escalate(tx, taken, now)
    drafts, more = await drafts_of(tx, taken)
    await _take_up(tx, more)
    await issue(tx, drafts, now)


def _may_be_called(pressing: Sequence[tuple[Deadline, Rung]], matters: Mapping[UUID, Matter]) -> set[UUID]:
    """Give the parties of which letters are counted, or whose leaders may be called: by a reply or a long miss."""
    grave = [matters.get(clock.id) for clock, rung in pressing if rung in _MAY_CALL]
    owing = {clock.owed_by for clock, rung in pressing if rung in _MAY_CALL and clock.owed_by is not None}
    return owing | {each.overseer_id for each in grave if each is not None and each.overseer_id is not None}


async def _claim(tx: AsyncSession, taken: Sequence[Taken], now: datetime) -> None:
    """Take the steps for these things, in one order whoever takes them, or find that one of them was taken."""
    rows = sorted((_row(each, now) for each in taken), key=lambda row: (row["root_id"], row["instrument"]))
    try:
        await copy_rows(tx, Climb, rows)
    except UniqueViolationError as taken_already:
        raise Conflict(
            "step-taken", "This step of the ladder was just taken.", "该督办步骤刚刚已执行。"
        ) from taken_already


def _row(taken: Taken, now: datetime) -> dict[str, object]:
    clock, matter = taken.fall.clock, taken.fall.matter
    return {
        "id": uuid4(),
        "root_id": matter.root_id,
        "instrument": taken.step.instrument,
        "level": taken.step.level,
        "object_kind": matter.kind,
        "object_id": matter.object_id,
        "area_code": matter.area_code,
        "cycle": matter.hazard.cycle if matter.hazard else 1,
        "deadline_id": clock.id,
        "key": clock.key,
        "due_at": clock.due_at,
        "explanation_en": clock.explanation_en,
        "explanation_zh": clock.explanation_zh,
        "owed_by": clock.owed_by,
        "rule": taken.step.rule,
        "to_id": taken.to.id if taken.to else None,
        "letter_id": taken.letter_id,
        "proposal_id": taken.proposal_id,
        "joined": taken.joined,
        "at": now,
    }


async def _take_up(tx: AsyncSession, more: dict[UUID, list[str]]) -> None:
    """Let interviews that are still being prepared be about these hazards too; never wait for whoever moves one."""
    if not more:
        return
    query = (
        select(Letter)
        .where(col(Letter.id).in_(more), text(PREPARED))
        .order_by(col(Letter.id))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    letters = (await tx.execute(query)).scalars().all()
    if len(letters) < len(more):
        raise Conflict("letter-busy", "The interview is just being worked on.", "该约谈正在办理中。")
    for letter in letters:
        letter.hazard_ids = list(dict.fromkeys([*letter.hazard_ids, *more[letter.id]]))


async def _propose(tx: AsyncSession, fall: Fall, proposal_id: UUID, now: datetime) -> None:
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
    await emit(tx, proposal, ProposalMade(decide_by=decide_by, **said_of(None, proposal, now)))


async def _escalate(tx: AsyncSession, taken: Iterable[Taken], now: datetime) -> None:
    """Raise hazards to the steps that were climbed; never lower them. One that climbs twice is told of twice."""
    waves: defaultdict[int, list[tuple[Hazard, Taken]]] = defaultdict(list)
    climbed: defaultdict[UUID, int] = defaultdict(int)
    for each in taken:
        if (hazard := each.fall.matter.hazard) is not None:
            climbed[hazard.id] += 1
            waves[climbed[hazard.id]].append((hazard, each))
    heights = {hazard.id: hazard.escalation for hazard, _ in waves[1]}
    claims = await claims_of_many(tx, heights)
    for nth, wave in waves.items():
        for hazard, each in wave:
            heights[hazard.id] = max(heights[hazard.id], each.step.level)
        own = {hazard.id: _own(each, heights[hazard.id]) for hazard, each in wave}
        done = [
            Done(
                about=hazard.about,
                moved=(ESCALATE, hazard.state, hazard.state),
                reason=each.step.rule,
                facts=own[hazard.id],
            )
            for hazard, each in wave
        ]
        await record_many(tx, done, now)
        stated = [
            (
                {"id": hazard.id, "version": hazard.version + nth, "escalation": heights[hazard.id]},
                said_of_hazard(None, hazard, claims[hazard.id], now) | own[hazard.id],
            )
            for hazard, _ in wave
        ]
        await emit_of_kept(tx, Hazard, HazardEscalated, stated)


def _own(taken: Taken, level: int) -> dict[str, object]:
    """Give what the fact says beyond what every fact of a hazard says, in the order of `HazardEscalated`."""
    clock = taken.fall.clock
    return {
        "level": level,
        "instrument": taken.step.instrument,
        "deadline_id": clock.id,
        "key": clock.key,
        "due_at": clock.due_at,
        "owed_by": clock.owed_by,
        "letter_id": taken.letter_id,
    }
