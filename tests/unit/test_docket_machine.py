from itertools import product
from uuid import UUID

import pytest

from services.inspection.docket.domain import (
    DOCKET,
    ENDS,
    SYSTEM,
    Case,
    Verb,
    box,
    channel_for,
)
from services.inspection.domain import distance_m
from shared.contracts.inspection import RejectReason, ReportState
from shared.contracts.values import Channel, Role
from shared.errors import BadInput, Conflict, Forbidden

OURS, THEIRS = UUID(int=1), UUID(int=2)
DESK = {"authority.desk", "authority.head"}
PROMISE: dict[Verb, tuple[set[str], str, set[str]]] = {
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
            assert DOCKET.permit(verb, state, held, willing(verb)).target == target
            assert verb in DOCKET.offers(state, held, willing(verb))


@pytest.mark.parametrize("verb", [verb for verb in Verb if PROMISE[verb][2] >= DESK])
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
    assert offers == ["accept", "reject", "transfer", "merge"]


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
