"""The law of campaigns: a draw that can be repeated, counts with empty denominators, and every cell of the tables."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.campaigns.domain import asked
from services.inspection.campaigns.domain.counting import of_looks, of_measures
from services.inspection.campaigns.domain.drawing import (
    Entry,
    Lots,
    canonical,
    commitment_to,
    draw,
    hash_of,
    share_of_the_general,
    size_of,
)
from services.inspection.campaigns.domain.machine import (
    CAMPAIGN,
    LOOK,
    MEASURE,
    Case,
    ItemCase,
    LookVerb,
    MeasureVerb,
    Verb,
)
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
    Carried,
    LookState,
    PolicyMeasureState,
)
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

OURS, THEIRS = UUID(int=1), UUID(int=2)
TODAY = date(2026, 9, 30)
LIST = [Entry(UUID(int=n), "major" if n % 10 == 0 else "general") for n in range(1, 101)]
SHARES = {"general": 0.1, "major": 1.0}
SEED, ORDER = "f1fb59bbb8e39312eb49448996b6ecbee97255f6d1443c391d2752100798428e", [2, 4, 3, 5, 1]
CAMPAIGN_PROMISE: dict[Verb, tuple[set[str | None], set[str]]] = {
    Verb.OPEN: ({None}, {"opened", "under_way"}),
    Verb.DRAW: ({"opened"}, {"under_way"}),
    Verb.CLOSE: ({"under_way"}, {"closed"}),
    Verb.WITHDRAW: ({"opened", "under_way"}, {"withdrawn"}),
}
"""The states of a campaign, written out again: the table is checked against it, not against itself."""


def lots(**changes: Any) -> Lots:
    given: dict[str, Any] = {
        "campaign_id": OURS,
        "list_hash": hash_of(LIST),
        "secret": "s" * 64,
        "public_value": "08 14 22 27 31 33 + 05",
        **changes,
    }
    return Lots(**given)


def test_the_same_list_and_seed_give_the_same_sample_whatever_order_the_list_has() -> None:
    sample = draw(LIST, SHARES, lots().seed)
    assert draw(list(reversed(LIST)), SHARES, lots().seed) == sample
    assert hash_of(list(reversed(LIST))) == hash_of(LIST)
    assert [entry.stratum for entry in sample].count("major") == 10
    assert [entry.stratum for entry in sample].count("general") == 9


def test_a_draw_is_written_down_for_ever() -> None:
    """A vector: whoever changes how it is drawn makes every published draw a lie."""
    few = [Entry(UUID(int=n), "general") for n in range(1, 6)]
    assert canonical(few[:1]) == '[["00000000-0000-0000-0000-000000000001","general"]]'
    seed = lots(list_hash=hash_of(few)).seed
    assert seed == SEED
    assert [entry.id.int for entry in draw(few, {"general": 1.0}, seed)] == ORDER


@pytest.mark.parametrize("changed", ["campaign_id", "list_hash", "secret", "public_value"])
def test_everything_that_a_draw_depends_on_moves_it(changed: str) -> None:
    other: object = THEIRS if changed == "campaign_id" else "f" * 64
    assert lots(**{changed: other}).seed != lots().seed
    assert draw(LIST, SHARES, lots(**{changed: other}).seed) != draw(LIST, SHARES, lots().seed)


def test_every_candidate_of_a_stratum_has_the_same_chance() -> None:
    general = [entry for entry in LIST if entry.stratum == "general"]
    times = dict.fromkeys(general, 0)
    for n in range(300):
        for entry in draw(general, SHARES, lots(public_value=str(n)).seed):
            times[entry] += 1
    assert sum(times.values()) == 300 * 9
    assert all(4 < drawn < 56 for drawn in times.values()), "30 are expected; 5 standard deviations are 26"


def test_a_commitment_binds_and_tells_nothing() -> None:
    assert commitment_to("a") != commitment_to("b")
    assert "secret" not in commitment_to("secret")


@pytest.mark.parametrize(
    ("share", "among", "drawn"),
    [(0.1, 1, 1), (0.1, 9, 1), (0.1, 10, 1), (0.1, 11, 2), (0.1, 30, 3), (1, 7, 7), (0.3, 10, 3), (0.1, 0, 0)],
)
def test_at_least_the_share_is_drawn(share: float, among: int, drawn: int) -> None:
    assert size_of(share, among) == drawn


def test_a_campaign_may_draw_more_than_the_profile_and_never_less() -> None:
    assert share_of_the_general(None, 0.1) == 0.1
    assert share_of_the_general(0.5, 0.1) == 0.5
    with pytest.raises(BadInput) as refused:
        share_of_the_general(0.05, 0.1)
    assert refused.value.slug == "sample-too-small"


def test_the_tables_of_tunxi_add_up() -> None:
    """Domain reference §14.2: 515 items of which 479 done, and 61 of which 56."""
    for items, done, not_done in ((515, 479, 36), (61, 56, 5)):
        count = of_looks([LookState.PASSED] * done + [LookState.WAITING] * not_done)
        assert (count.items, count.done, count.not_done) == (items, done, not_done)
        assert count.done_rate == round(done / items, 4)


def test_nothing_due_is_no_rate() -> None:
    empty = of_looks([])
    assert (empty.done_rate, empty.failed_rate) == (None, None)
    unseen = of_looks([LookState.UNDONE, LookState.MISSED])
    assert (unseen.done_rate, unseen.failed_rate, unseen.undone) == (0, None, 1)
    seen = of_looks([LookState.PASSED, LookState.FAILED, LookState.FAILED, LookState.UNDONE])
    assert (seen.done_rate, seen.failed_rate) == (0.75, 0.6667)


def test_of_a_policy_only_what_was_wholly_carried_out_holds() -> None:
    count = of_measures(
        [
            (PolicyMeasureState.JUDGED, Carried.CARRIED_OUT),
            (PolicyMeasureState.JUDGED, Carried.PARTLY),
            (PolicyMeasureState.JUDGED, Carried.NOT_CARRIED_OUT),
            (PolicyMeasureState.REPORTED, None),
            (PolicyMeasureState.ASKED, None),
            (PolicyMeasureState.MISSED, None),
        ]
    )
    assert (count.items, count.done, count.failed, count.waiting) == (6, 3, 2, 2)


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def case(**changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    given: dict[str, Any] = {
        "party_id": OURS,
        "in_our_area": True,
        "kind": CampaignKind.FIRST_LOOK,
        "open_items": 0,
        "time_is_up": False,
        **changes,
    }
    return Case(**given)


def item_case(**changes: Any) -> ItemCase:
    given: dict[str, Any] = {"party_id": OURS, "owed_by": OURS, "under_way": True, **changes}
    return ItemCase(**given)


def refusal(machine: Any, verb: Any, state: Any, role: str, given: Any, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        machine.permit(verb, state, parts(role), given)
    return refused.value.slug


@pytest.mark.parametrize("verb", Verb)
def test_only_the_committee_organises_a_campaign_and_only_from_the_states_that_were_promised(verb: Verb) -> None:
    sources, targets = CAMPAIGN_PROMISE[verb]
    for state, role in product([None, *CampaignState], Role):
        if role is not Role.COMMITTEE:
            assert refusal(CAMPAIGN, verb, state, role, case(), Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(CAMPAIGN, verb, state, role, case(), Conflict) == "illegal-transition"
        else:
            move = CAMPAIGN.permit(verb, state, parts(role), case())
            assert {move.target, move.otherwise} - {None} == targets


def test_what_is_drawn_is_answered_by_authorities_and_judged_by_the_committee_alone() -> None:
    offices = {"authority.desk", "authority.head", "township"}
    promise: list[tuple[Any, Any, Any, set[str]]] = [
        (LOOK, LookVerb.REPORT_UNDONE, LookState.WAITING, {"authority"}),
        (MEASURE, MeasureVerb.REPORT, PolicyMeasureState.ASKED, offices),
        (MEASURE, MeasureVerb.JUDGE, PolicyMeasureState.REPORTED, {"committee"}),
    ]
    for machine, verb, source, roles in promise:
        for state, role in product(list(type(source)), Role):
            if not parts(role) & roles:
                assert refusal(machine, verb, state, role, item_case(), Forbidden) == "role-may-not"
            elif state is not source:
                assert refusal(machine, verb, state, role, item_case(), Conflict) == "illegal-transition"
            else:
                assert verb in machine.offers(state, parts(role), item_case())
    assert {verb for _, verb, _, _ in promise} == {*LookVerb, *MeasureVerb}


@pytest.mark.parametrize(
    ("verb", "state", "changes", "kind", "slug"),
    [
        (Verb.OPEN, None, {"party_id": None}, Forbidden, "no-organisation"),
        (Verb.OPEN, None, {"in_our_area": False}, Forbidden, "not-your-area"),
        (Verb.DRAW, CampaignState.OPENED, {"kind": CampaignKind.POLICY}, Conflict, "nothing-to-draw"),
        (Verb.DRAW, CampaignState.OPENED, {"in_our_area": False}, Forbidden, "not-your-area"),
        (Verb.CLOSE, CampaignState.UNDER_WAY, {"open_items": 1}, Conflict, "looks-still-due"),
    ],
)
def test_what_refuses_a_campaign(
    verb: Verb, state: CampaignState | None, changes: dict[str, Any], kind: type[Problem], slug: str
) -> None:
    assert refusal(CAMPAIGN, verb, state, "committee", case(**changes), kind) == slug


def test_a_campaign_is_closed_when_all_came_in_or_its_time_is_over() -> None:
    late = case(open_items=3, time_is_up=True)
    assert CAMPAIGN.permit(Verb.CLOSE, CampaignState.UNDER_WAY, {"committee"}, late).target is CampaignState.CLOSED


def test_an_item_is_answered_by_whom_it_was_asked_of_while_the_campaign_is_under_way() -> None:
    for machine, verb, state, role in (
        (LOOK, LookVerb.REPORT_UNDONE, LookState.WAITING, "authority.desk"),
        (MEASURE, MeasureVerb.REPORT, PolicyMeasureState.ASKED, "township"),
    ):
        theirs, over, nobody = item_case(owed_by=THEIRS), item_case(under_way=False), item_case(party_id=None)
        assert refusal(machine, verb, state, role, theirs, Forbidden) == "not-your-item"
        assert refusal(machine, verb, state, role, nobody, Forbidden) == "not-your-item"
        assert refusal(machine, verb, state, role, over, Conflict) == "campaign-over"
    over = item_case(under_way=False)
    assert (
        refusal(MEASURE, MeasureVerb.JUDGE, PolicyMeasureState.REPORTED, "committee", over, Conflict) == "campaign-over"
    )


def test_a_policy_names_measures_and_the_others_name_closures() -> None:
    for kind, closures, measures in product(CampaignKind, [True, False], [True, False]):
        fits = (measures and not closures) if kind is CampaignKind.POLICY else (closures and not measures)
        if fits:
            asked.says_what_is_looked_at(kind, closures=closures, measures=measures)
            continue
        with pytest.raises(BadInput) as refused:
            asked.says_what_is_looked_at(kind, closures=closures, measures=measures)
        assert refused.value.slug == "what-is-looked-at"


@pytest.mark.parametrize(
    ("first", "last", "fair"), [(0, 0, True), (-365, 0, True), (-366, 0, False), (0, 1, False), (0, -1, False)]
)
def test_a_period_ends_today_at_the_latest(first: int, last: int, fair: bool) -> None:
    days = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    if fair:
        asked.period_is_fair(*days, TODAY, 366)
        return
    with pytest.raises(BadInput) as refused:
        asked.period_is_fair(*days, TODAY, 366)
    assert refused.value.slug == "period"


@pytest.mark.parametrize(("away", "fair"), [(0, False), (1, True), (180, True), (181, False)])
def test_the_day_for_results_lies_ahead_and_not_too_far(away: int, fair: bool) -> None:
    if fair:
        asked.results_day_is_fair(TODAY + timedelta(days=away), TODAY, 180)
        return
    with pytest.raises(BadInput) as refused:
        asked.results_day_is_fair(TODAY + timedelta(days=away), TODAY, 180)
    assert refused.value.slug == "results-day"
