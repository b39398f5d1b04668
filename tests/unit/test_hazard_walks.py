"""Walks of any length through the hazard's tables, by people of every kind: what may never come true on any of them."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

from hazard_walk import COMMITTEE, LEAD, MILL, PEOPLE, Person, Walk, beginnings
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.inspection.hazards.domain import ENFORCEMENT, HAZARD, LISTING, POWER, SUSPENSION, Verb
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    PowerCut,
    Stay,
    Suspension,
)
from shared.contracts.values import Grade

VERBS = sorted(set(Verb) - {Verb.REGISTER, Verb.JOIN})


def judge_move(verb: Verb, who: Person, before: Walk, after: Walk) -> None:
    """An authority's powers are used by its own people alone, the enterprise's by its own."""
    assert who.party in {LEAD, MILL, COMMITTEE}, f"{who} did {verb}"
    assert who.name not in {"worker", "stranger"}, f"{who} did {verb}"
    if verb in {Verb.ORDER, Verb.PASS_RECHECK, Verb.FAIL_RECHECK, Verb.CONFIRM, Verb.ORDER_STOP, Verb.OPEN_CASE}:
        assert who.certified, f"{who} did {verb}"
    if before.state is HazardState.VERIFIED and after.state is HazardState.CLOSED:
        assert who.id not in before.rechecked_by or (who.name == "principal" and before.self_governed)
        assert before.grade is Grade.GENERAL or who.role == "authority.head"
    if before.limit is not None and after.limit != before.limit:
        assert verb in {Verb.DECIDE_EXTENSION, Verb.FAIL_RECHECK, Verb.REOPEN, Verb.TAKE_OVER, Verb.ORDER}
    if verb is Verb.REVIEW_CASE:
        heard = {Verb.WAIVE_HEARING, Verb.HOLD_HEARING, Verb.STATE_DEFENCE} & {made for made, _ in _of_the_case(before)}
        assert heard or before.answer_until is None or before.today > before.answer_until, "nobody was heard"
    if verb is Verb.DECIDE_CASE:
        done = [made for made, _ in _of_the_case(before)]
        assert Verb.TELL_RIGHTS in done
        assert Verb.REVIEW_CASE in done[done.index(Verb.TELL_RIGHTS) :]
        assert who.role == "authority.head"
    if verb in {Verb.APPLY_TO_COURT, Verb.EXECUTE_CASE, Verb.SERVE_DEMAND}:
        assert not before.contested, "what is not final is not enforced"
    if before.suspension is not after.suspension and after.suspension is Suspension.RESUMED:
        assert who.role == "authority.head"


def _of_the_case(walk: Walk) -> list[tuple[Verb, Person]]:
    """Give what happened since the newest case was filed."""
    filed = [n for n, (verb, _) in enumerate(walk.moves) if verb is Verb.OPEN_CASE]
    return walk.moves[filed[-1] if filed else 0 :]


def judge(walk: Walk) -> None:
    """Say what holds of a hazard wherever it stands."""
    if walk.state is HazardState.CLOSED:
        assert walk.open_items == 0
        assert walk.suspension in {Suspension.NONE, Suspension.RESUMED}
        assert walk.rechecked_by, "somebody saw that it was put right"
        assert walk.power is not PowerCut.ANNOUNCED
        assert not walk.site_check_due
    if walk.self_governed:
        assert walk.state not in {HazardState.ASSIGNED, HazardState.ORDERED, HazardState.RECHECK_REQUESTED}
        assert walk.state not in {HazardState.RECHECKING, HazardState.MERGED, HazardState.DISMISSED}
        assert walk.extension is Extension.NONE
    if walk.enforcement in {Enforcement.NONE, Enforcement.CASE_OPEN, Enforcement.EXECUTED}:
        awaited = (walk.answer_until, walk.hearing_right, walk.hearing_on, walk.pay_until, walk.contested)
        assert not any(awaited), "nobody waits for the party"
    elif walk.state is not HazardState.MERGED:
        later = replace(walk, today=walk.today + timedelta(days=90))
        assert any(set(ENFORCEMENT.moves) & set(each.offers(who)) for who in PEOPLE for each in (walk, later)), "stuck"
    if walk.imminent_danger:
        assert walk.extension is Extension.NONE
        assert walk.stay is Stay.NONE
    if walk.stay is Stay.STAYED:
        assert walk.state in {HazardState.ORDERED, HazardState.RECTIFYING}, "what is stayed is an order that waits"
    if walk.state not in HAZARD.final:
        later = replace(walk, today=walk.today + timedelta(days=60))
        onward = {*HAZARD.moves, *SUSPENSION.moves, *POWER.moves}
        assert any(onward & set(each.offers(who)) for who in PEOPLE for each in (walk, later)), "it sleeps for ever"


def test_every_state_that_can_be_reached_keeps_the_law() -> None:
    """All of them, not some: cases and listing are left out, which the main line does not look at."""
    beside = set(ENFORCEMENT.moves) | set(LISTING.moves)
    seen, waiting = set[object](), list(beginnings())
    reached = set[HazardState]()
    while waiting:
        walk = waiting.pop()
        walk.moves, walk.cycle = [], 1
        if walk.key() in seen:
            continue
        seen.add(walk.key())
        reached.add(walk.state)
        judge(walk)
        if walk.limit is not None and walk.limit >= walk.today:
            waiting.append(replace(walk, today=walk.limit + timedelta(days=1)))
        for who in PEOPLE:
            for verb in set(walk.offers(who)) - beside:
                after = deepcopy(walk)
                after.make(verb, who)
                judge_move(verb, who, walk, after)
                waiting.append(after)
    assert reached == set(HazardState)
    assert len(seen) > 1000


class HazardWalks(RuleBasedStateMachine):
    """Everybody tries everything; what is refused changes nothing, what is permitted was offered."""

    walk: Walk | None = None

    @initialize(beginning=st.sampled_from(list(beginnings())))
    def begin(self, beginning: Walk) -> None:
        self.walk = deepcopy(beginning)

    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from(PEOPLE))
    def somebody_tries(self, verb: Verb, who: Person) -> None:
        assert self.walk is not None
        before = deepcopy(self.walk)
        offered = verb in self.walk.offers(who)
        refused = self.walk.refusal(verb, who)
        if refused is not None:
            assert refused.en
            assert refused.zh
            assert self.walk == before
            return
        assert offered, "what is permitted was offered"
        self.walk.make(verb, who)
        judge_move(verb, who, before, self.walk)

    @rule(data=st.data())
    def somebody_takes_what_is_offered(self, data: st.DataObject) -> None:
        """Most tries are refused; walks go far only by what is offered."""
        assert self.walk is not None
        if offered := [(verb, who) for who in PEOPLE for verb in self.walk.offers(who)]:
            verb, who = data.draw(st.sampled_from(offered))
            before = deepcopy(self.walk)
            self.walk.make(verb, who)
            judge_move(verb, who, before, self.walk)

    @rule(days=st.integers(1, 15))
    def time_passes(self, days: int) -> None:
        assert self.walk is not None
        self.walk.today += timedelta(days=days)

    @invariant()
    def the_law_is_kept(self) -> None:
        if self.walk is not None:
            judge(self.walk)


HazardWalks.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a walk of forty steps is read sooner than it is shortened
)
test_no_walk_breaks_the_law = HazardWalks.TestCase
