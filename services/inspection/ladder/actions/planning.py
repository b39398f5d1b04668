"""Which steps a batch of missed clocks climbs; without it each clock would ask the database for itself.

Nothing here asks or writes: what is known was looked up before, and what is planned joins what is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.rungs import Clock, Rung
from services.inspection.deadlines.rungs import steps as rungs_of
from services.inspection.domain import Kind
from services.inspection.ladder.domain.steps import LETTERS, Missed, Step, Whom, steps
from services.inspection.ladder.queries.matters import Matter
from services.inspection.ladder.queries.standing import LISTED, Standing
from services.inspection.letters.domain import REPLY_CLOCKS
from services.inspection.letters.queries.knowing import Addressee
from shared.contracts.inspection import Instrument
from shared.contracts.values import Grade, PartyKind
from shared.profile import Profile


@dataclass(frozen=True, slots=True)
class Fall:
    """One missed clock at one rung, what it is about, and which party it presses on."""

    clock: Deadline
    rung: Rung
    matter: Matter
    party: Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One step that is climbed, and what comes of it."""

    fall: Fall
    step: Step
    by: UUID | None
    to: Addressee | None
    passed_over: bool = False
    """A higher rung of the same clock has fallen due too, as after an outage: only that one writes."""
    letter_id: UUID | None = None
    joined: bool = False
    """The letter is there already, about the same thing or the same leader."""
    proposal_id: UUID | None = None

    @property
    def writes(self) -> bool:
        return self.letter_id is not None and not self.joined


def presses(rules: Profile, clock: Deadline, rung: Rung, today: date) -> bool:
    """Tell whether the ladder has anything to do with this rung of a clock.

    What comes near is told by the clock's own fact; what the committee owes nobody here may press for; and who does
    not speak owes nothing.
    """
    if rung is Rung.APPROACHING or clock.owed_by is None or clock.key in rules.listing("ladder.rights", today):
        return False
    reply = clock.object_kind is Kind.LETTER and clock.key in REPLY_CLOCKS
    return rung is not Rung.MISSED or reply or _calls_the_leader(rules, clock, today)


def plan(rules: Profile, standing: Standing, falls: Iterable[Fall], today: date, now: datetime) -> Iterator[Taken]:
    """Give the steps that are climbed now, in the order of the falls; `standing` learns of each."""
    most = rules.number("ladder.interview.supervisions", today)
    for fall in falls:
        for step in steps(_missed(rules, standing, fall, today), most):
            taken = _taken(rules, standing, fall, step, now)
            _remember(standing, taken)
            yield taken


def _missed(rules: Profile, standing: Standing, fall: Fall, today: date) -> Missed:
    matter, hazard = fall.matter, fall.matter.hazard
    overseen = not matter.by_hand and matter.overseer_id is not None
    pressed = matter.overseer_id if overseen and fall.party.kind is PartyKind.ENTERPRISE else fall.party.id
    assert pressed is not None, "who oversees is known here"
    return Missed(
        key=fall.clock.key,
        rung=fall.rung,
        party=fall.party.kind,
        grade=hazard.grade or Grade.GENERAL if hazard else Grade.GENERAL,
        listed=hazard is not None and hazard.listing in LISTED and _calls_the_leader(rules, fall.clock, today),
        overseen=overseen,
        letter=matter.letter.kind if matter.letter else None,
        by_hand=matter.by_hand,
        reached=frozenset(standing.reached[matter.root_id]),
        supervisions=standing.supervisions[pressed],
    )


def _calls_the_leader(rules: Profile, clock: Deadline, today: date) -> bool:
    """Tell whether missing this clock of a listed hazard calls for an interview at once."""
    return clock.object_kind is Kind.HAZARD and clock.key in rules.listing("ladder.interview.listed", today)


def _taken(rules: Profile, standing: Standing, fall: Fall, step: Step, now: datetime) -> Taken:
    matter, overseer = fall.matter, fall.matter.overseer_id
    by = overseer if step.by is Whom.OVERSEER else standing.committees[matter.area_code]
    known = standing.parties.get(overseer) if overseer is not None else None
    to = fall.party if step.to is not Whom.OVERSEER else known and known.party
    if step.instrument is Instrument.PROPOSAL:
        return Taken(fall=fall, step=step, by=by, to=to, proposal_id=uuid4())
    if _is_passed_over(rules, fall, now):
        return Taken(fall=fall, step=step, by=by, to=to, passed_over=True)
    if by is None or to is None or step.instrument not in LETTERS:
        return Taken(fall=fall, step=step, by=by, to=to)
    there = (
        standing.interviews.get((by, to.id))
        if step.instrument is Instrument.INTERVIEW
        else standing.just_written.get((matter.object_id, step.instrument, to.id))
    )
    return Taken(fall=fall, step=step, by=by, to=to, letter_id=there or uuid4(), joined=there is not None)


def _is_passed_over(rules: Profile, fall: Fall, now: datetime) -> bool:
    if fall.matter.letter is not None or fall.rung is Rung.MISSED:
        return False
    hazard, order = fall.matter.hazard, list(Rung)
    measured = Clock(fall.clock.starts_at, fall.clock.due_at, major=hazard is not None and hazard.grade is Grade.MAJOR)
    later = (each for each in rungs_of(rules, measured) if order.index(each.rung) > order.index(fall.rung))
    return any(each.at <= now for each in later)


def _remember(standing: Standing, taken: Taken) -> None:
    matter, instrument = taken.fall.matter, taken.step.instrument
    standing.reached[matter.root_id].add(instrument)
    if taken.letter_id is None or taken.by is None or taken.to is None:
        return
    standing.just_written.setdefault((matter.object_id, instrument, taken.to.id), taken.letter_id)
    if taken.writes and instrument is Instrument.INTERVIEW:
        standing.interviews[taken.by, taken.to.id] = taken.letter_id
    if taken.writes and instrument is Instrument.SUPERVISION:
        standing.supervisions[taken.to.id] += 1
