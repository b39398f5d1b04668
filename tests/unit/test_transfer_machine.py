"""The law of transfers, cell by cell: every state × verb × role, and everything that refuses."""

from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.transfers.domain import GIVES_TO, GROUNDS, TRANSFER, Case, Verb, number_of
from shared.contracts.inspection import HazardState
from shared.contracts.inspection.transfers import (
    TransferGround,
    TransferState,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

OURS, THEIRS = UUID(int=1), UUID(int=2)
DESK = {"authority.desk", "authority.head"}
SENDERS = DESK | {"committee"}
RECEIVERS = DESK | {"police", "procurator", "discipline"}
PROMISE: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.SEND: ({None}, {"sent"}, SENDERS),
    Verb.ACKNOWLEDGE: ({"sent"}, {"acknowledged"}, RECEIVERS),
    Verb.REFUSE: ({"sent"}, {"refused"}, RECEIVERS),
    Verb.SEND_AGAIN: ({"refused"}, {"sent"}, SENDERS),
    Verb.ANSWER: ({"acknowledged"}, {"answered"}, RECEIVERS),
    Verb.WITHDRAW: ({"sent", "refused"}, {"withdrawn"}, SENDERS),
    Verb.ARBITRATE: ({"refused"}, {"acknowledged", "kept"}, {"committee"}),
}
"""The states of a transfer, written out again: the table is checked against it, not against itself."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def case(verb: Verb, **changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    receives = verb in {Verb.ACKNOWLEDGE, Verb.REFUSE, Verb.ANSWER}
    given: dict[str, Any] = {
        "party_id": OURS,
        "committee": False,
        "head": True,
        "sender_id": THEIRS if receives else OURS,
        "receiver_id": OURS if receives else THEIRS,
        "receiver_kind": PartyKind.PROCURATOR,
        "ground": TransferGround.PUBLIC_INTEREST,
        "hazard_state": HazardState.ORDERED,
        "hazard_is_ours": True,
    }
    if verb is Verb.ARBITRATE:
        given |= {"receiver_kind": PartyKind.AUTHORITY, "ground": TransferGround.NOT_COMPETENT, "refusals": 2}
    return Case(**{**given, **changes})


def refusal(verb: Verb, state: TransferState | None, role: str, given: Case, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        TRANSFER.permit(verb, state, parts(role), given)
    return refused.value.slug


def test_every_verb_has_one_row() -> None:
    assert set(TRANSFER.moves) == set(Verb) == set(PROMISE)


@pytest.mark.parametrize("verb", Verb)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, targets, roles = PROMISE[verb]
    for state, role in product([None, *TransferState], Role):
        if not parts(role) & roles:
            assert refusal(verb, state, role, case(verb), Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(verb, state, role, case(verb), Conflict) == "illegal-transition"
        else:
            move = TRANSFER.permit(verb, state, parts(role), case(verb))
            assert {move.target, move.otherwise} - {None} == targets
            assert state is None or verb in TRANSFER.offers(state, parts(role), case(verb))


def test_only_what_was_answered_taken_back_or_kept_is_at_its_end() -> None:
    ends = {state for state in TransferState if not any(state in move.sources for move in TRANSFER.moves.values())}
    assert ends == TRANSFER.final == {"answered", "withdrawn", "kept"}


@pytest.mark.parametrize(("kind", "committee"), list(product(PartyKind, [True, False])))
def test_who_hands_over_to_whom(kind: PartyKind, committee: bool) -> None:
    to = {"procurator", "discipline"} if committee else {"authority", "police", "procurator", "discipline"}
    role = "committee" if committee else "authority.head"
    for ground in TransferGround:
        given = case(Verb.SEND, receiver_kind=kind, committee=committee, ground=ground)
        if kind not in to:
            assert refusal(Verb.SEND, None, role, given, Forbidden) == "not-your-receiver"
        elif ground in GROUNDS[kind]:
            assert TRANSFER.permit(Verb.SEND, None, parts(role), given).target == "sent"
        else:
            assert refusal(Verb.SEND, None, role, given, BadInput) == "ground-not-theirs"


def test_every_ground_leads_to_somebody_and_everybody_has_a_ground() -> None:
    assert frozenset[TransferGround]().union(*GROUNDS.values()) == set(TransferGround)
    assert set(GROUNDS) == GIVES_TO[True] | GIVES_TO[False]


SENDING: tuple[tuple[dict[str, Any], type[Problem], str], ...] = (
    ({"party_id": None}, Forbidden, "no-organisation"),
    ({"receiver_id": OURS}, BadInput, "to-yourself"),
    ({"committee": True, "hands_over_a_file": True}, Forbidden, "letter-only"),
    ({"hazard_state": None}, BadInput, "name-the-hazard"),
    ({"hazard_is_ours": False}, Forbidden, "not-your-hazard"),
    ({"hazard_state": HazardState.DISMISSED}, Conflict, "nothing-to-transfer"),
    ({"hazard_state": HazardState.VOID}, Conflict, "nothing-to-transfer"),
    ({"hazard_state": HazardState.MERGED}, Conflict, "nothing-to-transfer"),
)


@pytest.mark.parametrize(("changes", "kind", "slug"), SENDING)
def test_what_is_not_handed_over(changes: dict[str, Any], kind: type[Problem], slug: str) -> None:
    role = "committee" if changes.get("committee") else "authority.head"
    assert refusal(Verb.SEND, None, role, case(Verb.SEND, **changes), kind) == slug


def test_the_committee_may_write_without_a_hazard_of_its_own() -> None:
    for changes in ({"hazard_state": None}, {"hazard_is_ours": False}):
        given = case(Verb.SEND, committee=True, **changes)
        assert TRANSFER.permit(Verb.SEND, None, {"committee"}, given).target == "sent"


def test_a_suspected_crime_is_the_heads_to_hand_over() -> None:
    crime = {"receiver_kind": PartyKind.POLICE, "ground": TransferGround.SUSPECTED_CRIME}
    desk = case(Verb.SEND, head=False, **crime)
    assert refusal(Verb.SEND, None, "authority.desk", desk, Forbidden) == "head-decides"
    assert TRANSFER.permit(Verb.SEND, None, parts("authority.head"), case(Verb.SEND, **crime)).target == "sent"


@pytest.mark.parametrize(
    ("verb", "state", "slug"),
    [
        (Verb.ACKNOWLEDGE, TransferState.SENT, "not-sent-to-you"),
        (Verb.REFUSE, TransferState.SENT, "not-sent-to-you"),
        (Verb.ANSWER, TransferState.ACKNOWLEDGED, "not-sent-to-you"),
        (Verb.SEND_AGAIN, TransferState.REFUSED, "not-your-transfer"),
        (Verb.WITHDRAW, TransferState.SENT, "not-your-transfer"),
    ],
)
def test_each_side_does_its_own(verb: Verb, state: TransferState, slug: str) -> None:
    for party in (UUID(int=3), None):
        assert refusal(verb, state, "authority.head", case(verb, party_id=party), Forbidden) == slug


@pytest.mark.parametrize("kind", [PartyKind.AUTHORITY, PartyKind.POLICE])
@pytest.mark.parametrize("refusals", [1, 2, 3])
def test_only_between_authorities_and_only_from_the_second_refusal_on_the_committee_decides(
    kind: PartyKind, refusals: int
) -> None:
    told = {"receiver_kind": kind, "refusals": refusals}
    arbitrate, again = case(Verb.ARBITRATE, **told), case(Verb.SEND_AGAIN, **told)
    if kind is PartyKind.AUTHORITY and refusals > 1:
        assert TRANSFER.permit(Verb.ARBITRATE, TransferState.REFUSED, {"committee"}, arbitrate).otherwise == "kept"
        assert refusal(Verb.SEND_AGAIN, TransferState.REFUSED, "authority.head", again, Conflict) == "refused-twice"
        return
    assert refusal(Verb.ARBITRATE, TransferState.REFUSED, "committee", arbitrate, Conflict) == "not-for-arbitration"
    assert TRANSFER.permit(Verb.SEND_AGAIN, TransferState.REFUSED, parts("authority.head"), again).target == "sent"


def test_a_number_tells_a_case_from_a_letter() -> None:
    assert number_of("应急", 2026, 7, case=True) == "应急案件移送书〔2026〕000007号"
    assert number_of("安委办", 2026, 7, case=False) == "安委办移送函〔2026〕000007号"
