from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.letters.domain import (
    LETTER,
    WORDS,
    Case,
    Verb,
    held_before_now,
    interview_is_ahead,
    no_next_reply,
    number_of,
    reply_clock,
    reply_day_is_fair,
    says_what_its_kind_says,
)
from shared.catalogue.machines import machines_page
from shared.contracts.inspection import (
    LetterKind,
    LetterState,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

OURS, THEIRS, OTHERS = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 9, 30)
DESK = {"authority.desk", "authority.head"}
SENDERS = DESK | {"committee"}
ANSWERING = DESK | {"township", "enterprise.principal", "enterprise.manager"}
PROMISE: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.SEND: ({None}, {"sent"}, SENDERS),
    Verb.PREPARE: ({None}, {"prepared"}, set()),
    Verb.SUMMON: ({"prepared"}, {"sent"}, SENDERS),
    Verb.SET_ASIDE: ({"prepared"}, {"set_aside"}, SENDERS),
    Verb.HOLD: ({"sent"}, {"held"}, SENDERS),
    Verb.REPLY: ({"sent", "held", "insufficient"}, {"answered"}, ANSWERING),
    Verb.JUDGE: ({"answered"}, {"accepted", "insufficient"}, SENDERS),
}
"""The states of a letter, written out again: the table is checked against it, not against itself."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def case(**changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    given: dict[str, Any] = {
        "party_id": OURS,
        "committee": False,
        "sender_id": OURS,
        "addressee_id": OURS,
        "addressee_kind": PartyKind.ENTERPRISE,
        "kind": LetterKind.INTERVIEW,
        "held": True,
        **changes,
    }
    return Case(**given)


def refusal(verb: Verb, state: LetterState | None, role: str, given: Case, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        LETTER.permit(verb, state, parts(role), given)
    return refused.value.slug


def test_every_verb_has_one_row() -> None:
    assert set(LETTER.moves) == set(Verb) == set(PROMISE)


@pytest.mark.parametrize("verb", Verb)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, targets, roles = PROMISE[verb]
    for state, role in product([None, *LetterState], Role):
        if not parts(role) & roles:
            assert refusal(verb, state, role, case(), Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(verb, state, role, case(), Conflict) == "illegal-transition"
        else:
            move = LETTER.permit(verb, state, parts(role), case())
            assert {move.target, move.otherwise} - {None} == targets
            assert state is None or verb in LETTER.offers(state, parts(role), case())


def test_both_judgements_are_drawn_and_only_an_accepted_letter_is_at_its_end() -> None:
    assert {state for state in LetterState if not any(state in move.sources for move in LETTER.moves.values())} == (
        LETTER.final
    )
    assert "answered --> accepted: judge" in machines_page()
    assert "answered --> insufficient: judge" in machines_page()


@pytest.mark.parametrize(("kind", "committee"), list(product(PartyKind, [True, False])))
def test_the_committee_writes_to_offices_and_enterprises_and_an_authority_to_enterprises(
    kind: PartyKind, committee: bool
) -> None:
    to = {"authority", "township", "enterprise"} if committee else {"enterprise"}
    role = "committee" if committee else "authority.desk"
    given = case(addressee_kind=kind, committee=committee)
    if kind in to:
        assert LETTER.permit(Verb.SEND, None, parts(role), given).target == "sent"
    else:
        assert refusal(Verb.SEND, None, role, given, Forbidden) == "not-your-addressee"


def test_a_letter_is_written_in_an_organisations_name() -> None:
    assert refusal(Verb.SEND, None, "committee", case(party_id=None), Forbidden) == "no-organisation"


def test_only_the_addressee_answers_and_only_the_sender_judges() -> None:
    theirs = case(sender_id=OTHERS, addressee_id=THEIRS)
    assert refusal(Verb.REPLY, LetterState.SENT, "authority.head", theirs, Forbidden) == "not-sent-to-you"
    assert refusal(Verb.JUDGE, LetterState.ANSWERED, "committee", theirs, Forbidden) == "not-your-letter"
    nobodys = case(party_id=None, sender_id=None)
    assert refusal(Verb.REPLY, LetterState.SENT, "township", nobodys, Forbidden) == "not-sent-to-you"
    assert refusal(Verb.JUDGE, LetterState.ANSWERED, "committee", nobodys, Forbidden) == "not-your-letter"


def test_only_an_interview_is_held_and_its_result_comes_after_it() -> None:
    letter = case(kind=LetterKind.SUPERVISION, held=False)
    assert refusal(Verb.HOLD, LetterState.SENT, "committee", letter, Conflict) == "no-interview"
    assert LETTER.permit(Verb.REPLY, LetterState.SENT, parts("township"), letter).target == "answered"
    called = case(held=False)
    assert refusal(Verb.REPLY, LetterState.SENT, "township", called, Conflict) == "interview-not-held"
    assert Verb.REPLY not in LETTER.offers(LetterState.SENT, parts("township"), called)
    assert Verb.REPLY in LETTER.offers(LetterState.HELD, parts("township"), case())


@pytest.mark.parametrize("kind", LetterKind)
def test_only_the_committee_circulates_and_tells_of_listing(kind: LetterKind) -> None:
    ours = case(kind=kind, committee=True)
    assert LETTER.permit(Verb.SEND, None, parts("committee"), ours).target == "sent"
    if kind in {LetterKind.CIRCULAR, LetterKind.LISTING_NOTICE}:
        theirs = case(kind=kind)
        assert refusal(Verb.SEND, None, "authority.head", theirs, Forbidden) == "only-the-committee-sends"
    else:
        assert LETTER.permit(Verb.SEND, None, parts("authority.head"), case(kind=kind)).target == "sent"


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_says_what_its_kind_says_and_nothing_else(kind: LetterKind) -> None:
    for interview, circular in product((True, False), repeat=2):
        fits = interview is (kind is LetterKind.INTERVIEW) and circular is (kind is LetterKind.CIRCULAR)
        if fits:
            says_what_its_kind_says(kind, interview=interview, circular=circular)
            continue
        with pytest.raises(BadInput) as refused:
            says_what_its_kind_says(kind, interview=interview, circular=circular)
        assert refused.value.slug in {
            "interview-wanted",
            "interview-not-wanted",
            "circular-wanted",
            "circular-not-wanted",
        }


@pytest.mark.parametrize(("days", "fair"), [(-1, False), (0, False), (1, True), (90, True), (91, False)])
def test_nobody_is_called_into_the_past_or_too_far_ahead(days: int, fair: bool) -> None:
    now = datetime(2026, 9, 30, 1, tzinfo=UTC)
    if fair:
        interview_is_ahead(now + timedelta(days=days), now, 90)
        return
    with pytest.raises(BadInput) as refused:
        interview_is_ahead(now + timedelta(days=days), now, 90)
    assert refused.value.slug == "interview-time"


@pytest.mark.parametrize(("held", "fair"), [(-2, False), (-1, True), (0, True), (1, False)])
def test_a_record_tells_of_what_took_place_after_the_call(held: int, fair: bool) -> None:
    now = datetime(2026, 9, 30, 1, tzinfo=UTC)
    given = (now + timedelta(days=held), now - timedelta(days=1), now)
    if fair:
        held_before_now(*given)
        return
    with pytest.raises(BadInput) as refused:
        held_before_now(*given)
    assert refused.value.slug == "held-at"


REPLIES: dict[tuple[LetterKind, bool, bool], str] = {
    (LetterKind.WARNING, True, False): "letter.reply.warning",
    (LetterKind.INTERVIEW, True, False): "letter.reply.interview",
    (LetterKind.INTERVIEW, False, False): "letter.reply.interview",
    (LetterKind.SUPERVISION, True, False): "letter.reply.supervision",
    (LetterKind.SUPERVISION, False, False): "letter.reply.supervision",
    (LetterKind.SUPERVISION, True, True): "letter.reply.supervision",
    (LetterKind.SUPERVISION, False, True): "letter.reply.supervision",
}
"""(kind, by the platform, after a reply that did not suffice) -> the clock where no day was set."""


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_waits_for_its_reply_as_promised(kind: LetterKind) -> None:
    for by_platform, again in product((True, False), repeat=2):
        otherwise = "letter.reply.insufficient" if again else None
        assert reply_clock(kind, by_platform=by_platform, again=again) == REPLIES.get(
            (kind, by_platform, again), otherwise
        )


@pytest.mark.parametrize(("away", "fair"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_day_for_the_reply_lies_between_today_and_the_furthest(away: int, fair: bool) -> None:
    if fair:
        reply_day_is_fair(TODAY + timedelta(days=away), TODAY, 90)
        return
    with pytest.raises(BadInput) as refused:
        reply_day_is_fair(TODAY + timedelta(days=away), TODAY, 90)
    assert refused.value.slug == "reply-day"


def test_an_accepted_reply_waits_for_no_other() -> None:
    no_next_reply(accepted=True, reply_by=None)
    no_next_reply(accepted=False, reply_by=TODAY)
    with pytest.raises(BadInput) as refused:
        no_next_reply(accepted=True, reply_by=TODAY)
    assert refused.value.slug == "no-next-reply"


def test_a_number_names_sender_kind_year_and_place_in_it() -> None:
    assert number_of("县安委办", LetterKind.SUPERVISION, 2026, 7) == "县安委办督办函〔2026〕000007号"
    assert set(WORDS) == set(LetterKind)
    assert len(set(WORDS.values())) == len(LetterKind)
