"""A hazard that is only numbers: what each permitted move makes of it, so that walks of any length can be judged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.inspection.copies.domain import Scope
from services.inspection.hazards.domain import HAZARD, OVERLAYS, Case, Officer, Verb, overlay_of
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Listing,
    PowerCut,
    Stay,
    Suspension,
)
from shared.contracts.values import Category, Grade, Role
from shared.errors import Problem
from shared.machine import Machine

LEAD, OTHER, _, COMMITTEE, _, MILL, BAKERY, AGENCY = (UUID(int=n) for n in range(1, 9))
START = date(2026, 9, 30)


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Somebody who tries. `certified` is what the enforcement certificate says today."""

    name: str
    id: UUID
    role: Role
    party: UUID | None
    certified: bool = False

    def __repr__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        words = self.role.split(".")
        return frozenset(".".join(words[: n + 1]) for n in range(len(words)))


PEOPLE = (
    Person("desk", UUID(int=101), Role.AUTHORITY_DESK, LEAD),
    Person("head", UUID(int=102), Role.AUTHORITY_HEAD, LEAD, certified=True),
    Person("deputy", UUID(int=128), Role.AUTHORITY_HEAD, LEAD),
    Person("li", UUID(int=103), Role.AUTHORITY_OFFICER, LEAD, certified=True),
    Person("wang", UUID(int=104), Role.AUTHORITY_OFFICER, LEAD, certified=True),
    Person("lapsed", UUID(int=105), Role.AUTHORITY_OFFICER, LEAD),
    Person("stranger", UUID(int=108), Role.AUTHORITY_OFFICER, OTHER, certified=True),
    Person("secretary", UUID(int=121), Role.COMMITTEE, COMMITTEE),
    Person("principal", UUID(int=122), Role.ENTERPRISE_PRINCIPAL, MILL),
    Person("manager", UUID(int=123), Role.ENTERPRISE_MANAGER, MILL),
    Person("baker", UUID(int=124), Role.ENTERPRISE_PRINCIPAL, BAKERY),
    Person("worker", UUID(int=125), Role.ENTERPRISE_WORKER, MILL),
    Person("auditor", UUID(int=126), Role.AGENCY, AGENCY),
    Person("ada", UUID(int=127), Role.VOLUNTEER, None),
)


@dataclass
class Walk:
    """One hazard on its way. `moves` is what happened, oldest first."""

    grade: Grade = Grade.GENERAL
    self_governed: bool = False
    imminent_danger: bool = False
    today: date = START
    state: HazardState = HazardState.SUSPECTED
    suspension: Suspension = Suspension.NONE
    stopped_as: Suspension = Suspension.FULL_STOP
    extension: Extension = Extension.NONE
    enforcement: Enforcement = Enforcement.NONE
    fined: bool = True
    """The case will be about a fine, and such a one as carries the right to a hearing."""
    answer_until: date | None = None
    hearing_right: bool = False
    hearing_on: date | None = None
    pay_until: date | None = None
    contested: bool = False
    listing: Listing = Listing.NONE
    power: PowerCut = PowerCut.NONE
    stay: Stay = Stay.NONE
    drawn: bool = False
    """A re-check from afar will be drawn for a look on site."""
    site_check_due: bool = False
    graded: bool = False
    lead: UUID | None = None
    limit: date | None = None
    extensions: int = 0
    delivered: bool = False
    open_items: int = 0
    rechecked_by: frozenset[UUID] = frozenset()
    looked_back: int = 0
    cycle: int = 1
    moves: list[tuple[Verb, Person]] = field(default_factory=list[tuple[Verb, Person]])

    def case(self, who: Person) -> Case:
        """Give what the rules look at when this person tries something; officers act in twos of the own office."""
        colleague = (
            next(each for each in PEOPLE if each.party == who.party and each.id != who.id and each.certified)
            if (who.certified and who.party == LEAD)
            else who
        )
        return Case(
            who_id=who.id,
            party_id=who.party,
            committee=who.role is Role.COMMITTEE,
            head=who.role is Role.AUTHORITY_HEAD,
            principal=who.role is Role.ENTERPRISE_PRINCIPAL,
            certified=who.certified,
            today=self.today,
            state=self.state,
            grade=self.grade if self.graded else None,
            suspension=self.suspension,
            handling_authority_id=LEAD,
            lead_authority_id=self.lead,
            enterprise_id=MILL,
            imminent_danger=self.imminent_danger,
            self_governed=self.self_governed,
            extension=self.extension,
            extensions=self.extensions,
            extensions_left=self._most_extensions() - self.extensions,
            enforcement=self.enforcement,
            answer_until=self.answer_until,
            hearing_right=self.hearing_right,
            hearing_on=self.hearing_on,
            pay_until=self.pay_until,
            contested=self.contested,
            listing=self.listing,
            power=self.power,
            stay=self.stay,
            site_check_due=self.site_check_due,
            delivered=self.delivered,
            limit=self.limit,
            looked_back=self.looked_back,
            rechecked_by=self.rechecked_by,
            open_items=self.open_items,
            officers=tuple(Officer(each.id, each.party == who.party, each.certified) for each in (who, colleague)),
            scope=Scope(area_code="990101001", category=Category.DUST),
        )

    def key(self) -> object:
        """Give what the rules can tell one walk from another by; of the limit only whether it has passed."""
        passed = None if self.limit is None else self.limit < self.today
        beside = (
            self.suspension,
            self.power,
            self.stay,
            self.site_check_due,
            self.drawn,
            self.extension,
            self.extensions,
            self.delivered,
            self.self_governed,
        )
        people = (self.rechecked_by, self.graded, self.lead)
        return self.state, self.grade, self.imminent_danger, *beside, *people, self.open_items, self.looked_back, passed

    def _most_extensions(self) -> int:
        return 2 if self.graded and self.grade is Grade.MAJOR else 1

    def offers(self, who: Person) -> list[Verb]:
        case = self.case(who)
        beside = [(overlay.machine, getattr(self, overlay.field)) for overlay in OVERLAYS]
        return [
            verb
            for machine, stands in ((HAZARD, self.state), *beside)
            for verb in machine.offers(stands, who.roles, case)
        ]

    def refusal(self, verb: Verb, who: Person) -> Problem | None:
        """Say why this person may not do it now; None: they may."""
        machine, stands = self._table(verb)
        try:
            machine.permit(verb, stands, who.roles, self.case(who))
        except Problem as refused:
            return refused
        return None

    def make(self, verb: Verb, who: Person) -> None:
        """Make a permitted move, with what its action does besides."""
        machine, stands = self._table(verb)
        reached: Any = machine.moves[verb].after(stands)
        beside = overlay_of(verb)
        setattr(self, "state" if beside is None else beside.field, reached)
        self.moves.append((verb, who))
        if (effect := _EFFECTS.get(verb)) is not None:
            effect(self, who)

    def _table(self, verb: Verb) -> tuple[Machine[Any, Verb, Case], Any]:
        beside = overlay_of(verb)
        return (HAZARD, self.state) if beside is None else (beside.machine, getattr(self, beside.field))


def _confirm(walk: Walk, who: Person) -> None:
    walk.graded, walk.lead = True, LEAD


def _order(walk: Walk, who: Person) -> None:
    walk.limit, walk.open_items, walk.delivered = walk.today + timedelta(days=20), 2, False


def _taken_in_hand(walk: Walk, who: Person) -> None:
    walk.delivered = True


def _asked_again(walk: Walk, who: Person) -> None:
    """A request for more time that nobody decided ends with what it was asked for."""
    if walk.extension is Extension.REQUESTED:
        walk.extension = Extension.GRANTED if walk.extensions else Extension.NONE


def _nothing_to_stay(walk: Walk, who: Person) -> None:
    """A stay ends with the order that it stayed, and so does a request for more time."""
    _asked_again(walk, who)
    if walk.stay is Stay.STAYED:
        walk.stay = Stay.LIFTED


def _proven(walk: Walk, who: Person) -> None:
    _taken_in_hand(walk, who)
    _nothing_to_stay(walk, who)


def _start_own(walk: Walk, who: Person) -> None:
    walk.limit, walk.open_items = walk.today + timedelta(days=10), 1


def _judge(passed: bool, walk: Walk, who: Person) -> None:
    walk.rechecked_by = frozenset({who.id, *(each.id for each in PEOPLE if each.name == "wang")})
    walk.open_items = 0 if passed else 1
    walk.site_check_due = passed and walk.drawn
    if not passed:
        walk.limit, walk.delivered = walk.today + timedelta(days=5), False


def _finish_own(walk: Walk, who: Person) -> None:
    walk.rechecked_by, walk.open_items = frozenset({who.id}), 0


def _begin_again(walk: Walk, who: Person) -> None:
    walk.cycle += 1
    walk.looked_back = walk.open_items = walk.extensions = 0
    walk.rechecked_by, walk.limit, walk.delivered = frozenset(), None, False
    walk.suspension, walk.extension, walk.site_check_due = Suspension.NONE, Extension.NONE, False
    walk.stay = Stay.NONE
    if walk.listing is Listing.DELIST_REQUESTED:
        walk.listing = Listing.LISTED
    walk.self_governed = False


def _taken_over(walk: Walk, who: Person) -> None:
    walk.self_governed, walk.graded, walk.lead = False, False, None
    walk.limit, walk.open_items, walk.rechecked_by = None, 0, frozenset()


def _extended(walk: Walk, who: Person) -> None:
    assert walk.limit is not None
    walk.limit, walk.extensions = walk.limit + timedelta(days=10), walk.extensions + 1


def _nothing_awaited(walk: Walk, who: Person) -> None:
    walk.answer_until = walk.hearing_on = walk.pay_until = None
    walk.hearing_right = walk.contested = False


def _rights_told(walk: Walk, who: Person) -> None:
    walk.answer_until, walk.hearing_right, walk.hearing_on = walk.today + timedelta(days=7), walk.fined, None


def _stated(walk: Walk, who: Person) -> None:
    if not walk.hearing_right and walk.enforcement is Enforcement.RIGHTS_TOLD:
        walk.answer_until = None


def _waived(walk: Walk, who: Person) -> None:
    walk.answer_until = walk.hearing_on = None
    walk.hearing_right = False


def _pay_in(days: int) -> Callable[[Walk, Person], None]:
    def effect(walk: Walk, who: Person) -> None:
        walk.pay_until = walk.today + timedelta(days=days) if walk.fined else None

    return effect


_EFFECTS = {
    Verb.OPEN_CASE: _nothing_awaited,
    Verb.TELL_RIGHTS: _rights_told,
    Verb.STATE_DEFENCE: _stated,
    Verb.ASK_HEARING: lambda walk, who: setattr(walk, "answer_until", None),
    Verb.WAIVE_HEARING: _waived,
    Verb.CALL_HEARING: lambda walk, who: setattr(walk, "hearing_on", walk.today + timedelta(days=11)),
    Verb.HOLD_HEARING: _waived,
    Verb.DECIDE_CASE: _nothing_awaited,
    Verb.DROP_CASE: _nothing_awaited,
    Verb.SERVE_CASE: _pay_in(15),
    Verb.GRANT_TERMS: _pay_in(60),
    Verb.CONTEST_CASE: lambda walk, who: setattr(walk, "contested", True),
    Verb.END_CONTEST: lambda walk, who: setattr(walk, "contested", False),
    Verb.EXECUTE_CASE: _nothing_awaited,
    Verb.CONFIRM: _confirm,
    Verb.CONFIRM_OWN: _confirm,
    Verb.ORDER: _order,
    Verb.START_OWN: _start_own,
    Verb.PASS_RECHECK: lambda walk, who: _judge(True, walk, who),
    Verb.FAIL_RECHECK: lambda walk, who: _judge(False, walk, who),
    Verb.FINISH_OWN: _finish_own,
    Verb.REOPEN: _begin_again,
    Verb.TAKE_OVER: _taken_over,
    Verb.DELIVER: _taken_in_hand,
    Verb.START_RECTIFICATION: _taken_in_hand,
    Verb.REQUEST_EXTENSION: _taken_in_hand,
    Verb.REQUEST_RECHECK: _proven,
    Verb.OPEN_RECHECK: _asked_again,
    Verb.VOID: _nothing_to_stay,
    Verb.SITE_CHECK: lambda walk, who: setattr(walk, "site_check_due", False),
    Verb.DECIDE_EXTENSION: _extended,
    Verb.LOOK_BACK: lambda walk, who: setattr(walk, "looked_back", min(walk.looked_back + 1, 2)),
}


def beginnings() -> Iterator[Walk]:
    """Give every way in which a hazard may begin, and some half way: from there walks see the end more often."""
    yield from (Walk(), Walk(grade=Grade.MAJOR), Walk(imminent_danger=True), Walk(self_governed=True), Walk(drawn=True))
    ordered = Walk(graded=True, lead=LEAD, limit=START + timedelta(days=10), open_items=2)
    for state in (HazardState.ORDERED, HazardState.RECHECKING):
        yield replace(ordered, state=state, moves=[])
        yield replace(ordered, state=state, grade=Grade.MAJOR, suspension=Suspension.FULL_STOP, moves=[])
    yield replace(ordered, self_governed=True, state=HazardState.RECTIFYING, moves=[])
    for fined in (True, False):
        yield replace(ordered, state=HazardState.RECTIFYING, enforcement=Enforcement.CASE_OPEN, fined=fined, moves=[])
