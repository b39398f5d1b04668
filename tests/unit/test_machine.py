"""A machine refuses who may not, when it is not the time, and what the case forbids; it offers nothing else."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import MACHINES, Machine, Move


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Verb(StrEnum):
    BUILD = "build"
    SHUT = "shut"
    OPEN = "open"


@dataclass
class Case:
    blocked: bool = False
    reason: str = "draught"


def nothing_in_the_way(case: Case) -> Problem | None:
    return Conflict("blocked", "Something stands in the door.", "门口有障碍物。") if case.blocked else None


def reason_given(case: Case) -> Problem | None:
    return None if case.reason else BadInput("no-reason", "Say why.", "请说明理由。")


DOOR = Machine[Door, Verb, Case](
    "test door",
    {
        Verb.BUILD: Move(sources=frozenset(), target=Door.OPEN, roles=frozenset({"builder"})),
        Verb.SHUT: Move(
            sources=frozenset({Door.OPEN}),
            target=Door.SHUT,
            roles=frozenset({"guard"}),
            guards=(nothing_in_the_way,),
            checks=(reason_given,),
            source="house rules (D)",
        ),
        Verb.OPEN: Move(sources=frozenset({Door.SHUT}), target=Door.OPEN, roles=frozenset({"guard", "builder"})),
    },
)


@pytest.mark.parametrize("state", [None, *Door])
@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("role", ["guard", "builder", "stranger"])
def test_every_cell_of_state_verb_and_role_is_as_the_table_says(state: Door | None, verb: Verb, role: str) -> None:
    move = DOOR.moves[verb]
    if role not in move.roles:
        with pytest.raises(Forbidden, match="Your role may not"):
            DOOR.permit(verb, state, {role}, Case())
    elif state not in (move.sources or {None}):
        with pytest.raises(Conflict, match="is not possible while"):
            DOOR.permit(verb, state, {role}, Case())
    else:
        assert DOOR.permit(verb, state, {role}, Case()) is move


def test_a_guard_hides_the_button_and_a_check_only_refuses_the_request() -> None:
    assert DOOR.offers(Door.OPEN, {"guard"}, Case()) == [Verb.SHUT]
    assert DOOR.offers(Door.OPEN, {"guard"}, Case(blocked=True)) == []
    assert DOOR.offers(Door.OPEN, {"guard"}, Case(reason="")) == [Verb.SHUT]
    with pytest.raises(BadInput, match="Say why"):
        DOOR.permit(Verb.SHUT, Door.OPEN, {"guard"}, Case(reason=""))


def test_what_creates_is_never_offered_on_what_exists() -> None:
    assert DOOR.offers(Door.OPEN, {"builder"}, Case()) == []


def test_refusals_name_the_way_out_in_both_languages() -> None:
    with pytest.raises(Conflict) as refused:
        DOOR.permit(Verb.OPEN, Door.OPEN, {"guard"}, Case())
    assert refused.value.facts["allowed_from"] == ["shut"]
    assert "open" in refused.value.zh


def test_a_move_that_decides_has_two_ends_and_any_other_has_one() -> None:
    knock: Move[Door, Case] = Move(
        sources=frozenset({Door.SHUT}), target=Door.OPEN, otherwise=Door.SHUT, roles=frozenset({"guard"})
    )
    assert (knock.after(Door.SHUT), knock.after(Door.SHUT, yes=False)) == (Door.OPEN, Door.SHUT)
    with pytest.raises(AssertionError):
        DOOR.moves[Verb.OPEN].after(Door.SHUT, yes=False)


def test_whoever_may_not_is_told_the_rule_that_says_so() -> None:
    with pytest.raises(Forbidden) as refused:
        DOOR.permit(Verb.SHUT, Door.OPEN, {"stranger"}, Case())
    assert refused.value.facts["source"] == "house rules (D)"


def test_every_machine_is_found_by_its_name() -> None:
    assert MACHINES["test door"] is DOOR
    assert DOOR.states() == [Door.OPEN, Door.SHUT]
