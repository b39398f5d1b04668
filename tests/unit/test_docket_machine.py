from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.inspection.docket.domain import (
    DOCKET,
    ENDS,
    SYSTEM,
    Behind,
    Case,
    Contest,
    Verb,
    Verdict,
    Why,
    box,
    channel_for,
    contest,
    likeness,
    verdict,
)
from services.inspection.domain import distance_m
from shared.contracts.inspection import (
    HazardState,
    RejectReason,
    ReportState,
)
from shared.contracts.values import Channel, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

OURS, THEIRS = UUID(int=1), UUID(int=2)
DESK = {"authority.desk", "authority.head"}
HEAD = {"authority.head"}
EVERY = {str(state) for state in ReportState}
NOW = datetime(2026, 9, 30, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
PROMISE: dict[Verb, tuple[set[str], str | None, set[str]]] = {
    Verb.ACCEPT: ({"received"}, "accepted", DESK | {"system"}),
    Verb.REJECT: ({"received"}, "rejected", DESK),
    Verb.TRANSFER: ({"received"}, "transferred", DESK),
    Verb.ACKNOWLEDGE: ({"transferred"}, "received", DESK),
    Verb.BOUNCE: ({"transferred"}, "received", DESK),
    Verb.ARBITRATE: ({"received"}, "received", {"committee"}),
    Verb.MERGE: ({"received"}, "merged", DESK),
    Verb.SUBSTANTIATE: ({"accepted", "merged"}, "substantiated", {"system"}),
    Verb.FIND_UNFOUNDED: ({"accepted", "merged"}, "unfounded", {"system"}),
    Verb.ANSWER: ({"substantiated", "unfounded"}, "answered", DESK),
    Verb.EXTEND_VERIFICATION: ({"accepted"}, None, HEAD),
    Verb.REQUEST_REVIEW: (
        {"rejected", "substantiated", "unfounded", "answered", "closed"},
        "review_requested",
        {"system"},
    ),
    Verb.UPHOLD_REVIEW: ({"review_requested"}, "accepted", HEAD),
    Verb.DISMISS_REVIEW: ({"review_requested"}, "answered", HEAD),
    Verb.ESCALATE_FATALITY: (EVERY - {"closed"}, None, DESK),
    Verb.RECORD_COUNTY_VERDICT: (EVERY, None, {"committee"}),
    Verb.CLOSE: ({"rejected", "answered"}, "closed", DESK),
}
"""Domain reference §3.2, written out again: the table is checked against it, not against itself."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def willing(verb: Verb) -> Case:
    """Give the case in which only state and role can refuse."""
    match verb:
        case Verb.ARBITRATE:
            return Case(party_id=OURS, authority_id=None)
        case Verb.ACKNOWLEDGE | Verb.BOUNCE:
            return Case(party_id=OURS, authority_id=THEIRS, to_authority_id=OURS)
        case Verb.REQUEST_REVIEW:
            return Case(party_id=None, authority_id=OURS, contest=Contest(LATER, NOW))
        case Verb.RECORD_COUNTY_VERDICT:
            return Case(party_id=THEIRS, authority_id=OURS, fatal=True)
        case _:
            return Case(party_id=OURS, authority_id=OURS)


def test_every_verb_has_its_row_and_its_clocks() -> None:
    assert set(DOCKET.moves) == set(Verb) == set(PROMISE)
    assert {verb for verb in Verb if verb != Verb.ARBITRATE} <= set(ENDS)


@pytest.mark.parametrize("verb", Verb)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, target, roles = PROMISE[verb]
    for state, role in product(ReportState, [*Role, SYSTEM]):
        held = parts(role)
        if not held & roles:
            with pytest.raises(Forbidden):
                DOCKET.permit(verb, state, held, willing(verb))
        elif state not in sources:
            with pytest.raises(Conflict):
                DOCKET.permit(verb, state, held, willing(verb))
        else:
            assert DOCKET.permit(verb, state, held, willing(verb)).after(state) == (target or state)
            assert verb in DOCKET.offers(state, held, willing(verb))


@pytest.mark.parametrize(
    "verb", [verb for verb in Verb if PROMISE[verb][2] & DESK and PROMISE[verb][2] <= DESK | {"system"}]
)
def test_another_authoritys_desk_does_nothing(verb: Verb) -> None:
    [state, *_] = sorted(PROMISE[verb][0])
    stranger = Case(party_id=UUID(int=9), authority_id=OURS, to_authority_id=THEIRS)
    with pytest.raises(Forbidden):
        DOCKET.permit(verb, ReportState(state), parts("authority.head"), stranger)
    assert DOCKET.offers(ReportState(state), parts("authority.head"), stranger) == []


def test_the_committee_decides_only_where_nobody_is_responsible() -> None:
    with pytest.raises(Forbidden):
        DOCKET.permit(Verb.ARBITRATE, ReportState.RECEIVED, {"committee"}, Case(party_id=OURS, authority_id=THEIRS))


@pytest.mark.parametrize("reason", RejectReason)
def test_out_of_scope_is_the_one_reason_that_does_not_reject(reason: RejectReason) -> None:
    case = Case(party_id=OURS, authority_id=OURS, reason=reason)
    if reason == RejectReason.NOT_IN_SCOPE:
        with pytest.raises(BadInput):
            DOCKET.permit(Verb.REJECT, ReportState.RECEIVED, parts("authority.desk"), case)
    else:
        assert DOCKET.permit(Verb.REJECT, ReportState.RECEIVED, parts("authority.desk"), case)


def test_the_buttons_of_a_received_entry() -> None:
    offers = DOCKET.offers(ReportState.RECEIVED, parts("authority.desk"), Case(party_id=OURS, authority_id=OURS))
    assert offers == ["accept", "reject", "transfer", "merge", "escalate_fatality"]


def test_organisations_claim_by_their_own_channels_and_people_elsewhere() -> None:
    assert channel_for(frozenset(parts("authority.officer")), None) == Channel.INSPECTION
    assert channel_for(frozenset({"partner"}), None) == Channel.TRANSFER_IN
    assert channel_for(frozenset({"committee"}), Channel.MEDIA) == Channel.MEDIA
    with pytest.raises(BadInput):
        channel_for(frozenset({"partner"}), Channel.INSPECTION)
    for role in (Role.VOLUNTEER, Role.PUBLIC, Role.GRID_WORKER, Role.ENTERPRISE_WORKER, Role.AGENCY):
        with pytest.raises(Forbidden):
            channel_for(frozenset(parts(role)), None)


def test_distances_are_metres_on_the_sphere() -> None:
    assert distance_m((117.0, 36.0), (117.0, 36.0)) == 0
    assert distance_m((117.0, 36.0), (117.0, 36.001)) == pytest.approx(111.19, abs=0.1)
    assert distance_m((117.0, 36.0), (117.001, 36.0)) == pytest.approx(89.96, abs=0.1)
    assert distance_m((179.9995, 0.0), (-179.9995, 0.0)) == pytest.approx(111.19, abs=0.1)
    assert distance_m((117.0, 36.0), (-63.0, -36.0)) == pytest.approx(20_015_087, abs=1)


def test_the_box_holds_the_circle() -> None:
    west, south, east, north = box(117.0, 36.0, 200)
    for edge in ((west, 36.0), (east, 36.0), (117.0, south), (117.0, north)):
        assert distance_m((117.0, 36.0), edge) >= 199.5


REFUSALS: list[tuple[Verb, str, Case]] = [
    *(
        (verb, "county-decides", Case(party_id=OURS, authority_id=OURS, fatal=True))
        for verb in (Verb.REJECT, Verb.MERGE, Verb.CLOSE)
    ),
    (Verb.EXTEND_VERIFICATION, "no-extension-left", Case(party_id=OURS, authority_id=OURS, extensions_left=0)),
    (Verb.ESCALATE_FATALITY, "already-escalated", Case(party_id=OURS, authority_id=OURS, fatal=True)),
    (Verb.RECORD_COUNTY_VERDICT, "not-escalated", Case(party_id=THEIRS, authority_id=OURS)),
    (
        Verb.RECORD_COUNTY_VERDICT,
        "verdict-recorded",
        Case(party_id=THEIRS, authority_id=OURS, fatal=True, county_decided=True),
    ),
    (Verb.REQUEST_REVIEW, "case-still-open", Case(party_id=None, authority_id=OURS)),
    (
        Verb.REQUEST_REVIEW,
        "contest-too-late",
        Case(party_id=None, authority_id=OURS, contest=Contest(NOW - timedelta(seconds=1), NOW)),
    ),
    (
        Verb.REQUEST_REVIEW,
        "already-reviewed",
        Case(party_id=None, authority_id=OURS, contest=Contest(LATER, NOW, reviewed=True)),
    ),
    (Verb.CLOSE, "review-still-possible", Case(party_id=OURS, authority_id=OURS, contest=Contest(NOW, NOW))),
    (Verb.CLOSE, "hazard-still-open", Case(party_id=OURS, authority_id=OURS, hazard_open=True)),
]


@pytest.mark.parametrize(("verb", "slug", "case"), REFUSALS)
def test_each_condition_refuses_in_its_own_words(verb: Verb, slug: str, case: Case) -> None:
    [state, *_] = sorted(PROMISE[verb][0])
    role = min(PROMISE[verb][2])
    with pytest.raises(Problem) as told:
        DOCKET.permit(verb, ReportState(state), parts(role), case)
    assert told.value.slug == slug
    assert told.value.en.isascii()
    assert not told.value.zh.isascii()


def test_what_the_county_has_decided_may_be_turned_away() -> None:
    decided = Case(party_id=OURS, authority_id=OURS, fatal=True, county_decided=True)
    assert DOCKET.permit(Verb.REJECT, ReportState.RECEIVED, parts("authority.desk"), decided)


def test_what_was_reviewed_or_is_too_old_to_contest_may_be_archived() -> None:
    for over in (Contest(LATER, NOW, reviewed=True), Contest(NOW - timedelta(seconds=1), NOW)):
        case = Case(party_id=OURS, authority_id=OURS, contest=over)
        assert DOCKET.permit(Verb.CLOSE, ReportState.ANSWERED, parts("authority.desk"), case)


def test_the_newest_result_can_be_contested_once() -> None:
    def in_a_month(at: datetime) -> datetime:
        return at + timedelta(days=30)

    hour = timedelta(hours=1)
    assert contest(None, [], None, in_a_month, NOW) is None
    assert contest(NOW - hour, [NOW], None, in_a_month, NOW) == Contest(LATER, NOW)
    assert contest(NOW, [NOW - hour], None, in_a_month, NOW) == Contest(LATER, NOW)
    assert contest(None, [NOW - hour], NOW, in_a_month, NOW) == Contest(LATER, NOW, reviewed=True)
    closed_again = contest(None, [NOW - hour, NOW], NOW - hour, in_a_month, NOW)
    assert closed_again is not None
    assert not closed_again.reviewed
    assert closed_again.in_time
    assert not Contest(NOW, NOW + timedelta(microseconds=1)).in_time


def behind(state: HazardState, *, verified: bool = False) -> Behind:
    return Behind(id=UUID(int=3), state=state, verified=verified)


DISMISSED, VOID = behind(HazardState.DISMISSED), behind(HazardState.VOID)
SUSPECTED, CONFIRMED = behind(HazardState.SUSPECTED), behind(HazardState.CONFIRMED, verified=True)


@pytest.mark.parametrize(
    ("hazards", "judged"),
    [
        ([], Verdict.UNDECIDED),
        ([SUSPECTED], Verdict.UNDECIDED),
        ([DISMISSED, SUSPECTED], Verdict.UNDECIDED),
        ([DISMISSED, VOID, behind(HazardState.MERGED)], Verdict.UNFOUNDED),
        ([DISMISSED, CONFIRMED], Verdict.TRUE),
        ([SUSPECTED, CONFIRMED], Verdict.TRUE),
        ([behind(HazardState.VOID, verified=True)], Verdict.TRUE),
        ([behind(HazardState.REOPENED, verified=True), DISMISSED], Verdict.TRUE),
        ([behind(HazardState.DISMISSED, verified=True)], Verdict.UNFOUNDED),
    ],
)
def test_one_true_hazard_makes_a_claim_true_and_only_all_false_ones_make_it_unfounded(
    hazards: list[Behind], judged: Verdict
) -> None:
    assert verdict(hazards) == judged


def test_texts_are_compared_without_their_dress() -> None:
    assert likeness("配电箱　ＮＯ.3 冒烟") == "配 电 箱 no.3 冒 烟"
    assert likeness("  Dust\n on MOTORS ") == "dust on motors"
    assert likeness("") == ""
    assert likeness("尘" * 4000) == "尘"
    assert {*Why} == {"same_enterprise", "near", "alike_words", "same_category"}
