"""The citizen's identity number: known by its check digit, with python-stdnum as oracle, so that it can be kept out."""

from random import Random

import pytest
from stdnum.cn import ric as oracle
from stdnum.exceptions import InvalidComponent

from services.registry.people.domain import faults
from services.registry.people.shapes import KeepPerson
from shared.contracts.gb11643 import check_digit, holds_id_number, is_id_number, masked

BEIJING = "11010519491231002X"


def test_known_numbers_hold_and_their_neighbours_do_not() -> None:
    for number in (BEIJING, "440524188001010014", "360426199101010071"):
        assert is_id_number(number)
        assert check_digit(number[:17]) == number[17]
        for digit in range(17):
            wrong = str((int(number[digit]) + 1) % 10)
            assert not is_id_number(number[:digit] + wrong + number[digit + 1 :]), "any one wrong digit shows"


@pytest.mark.parametrize(
    "number",
    ["", "1101051949123100", "11010519491231002x", "110105194912310020", "１１0105194912310021", "11010519491331002X"],
)
def test_what_is_no_number_is_none(number: str) -> None:
    assert not is_id_number(number)


def test_a_day_that_never_was_is_nobodys_birthday() -> None:
    first17 = "11010520230229001"
    assert not is_id_number(first17 + check_digit(first17))


def test_sixteen_digits_have_no_check_digit() -> None:
    with pytest.raises(ValueError, match="17 digits"):
        check_digit("1" * 16)


def _oracle(number: str) -> bool:
    """Ask all but the place: python-stdnum refuses a division in a year in which it had another name."""
    try:
        oracle.get_birth_date(number)
    except InvalidComponent:
        return False
    return oracle.calc_check_digit(number) == number[17]


def test_the_oracle_says_the_same_of_ten_thousand_numbers() -> None:
    random = Random(11643)
    held = 0
    for _ in range(10_000):
        born = f"{random.randrange(1930, 2020)}{random.randrange(1, 13):02d}{random.randrange(1, 33):02d}"
        number = f"{random.randrange(110101, 659005)}{born}{random.randrange(1000):03d}{random.choice('0123456789X')}"
        assert is_id_number(number) == _oracle(number), number
        held += is_id_number(number)
    assert 700 < held < 1100, "about one in eleven"


def test_a_number_is_found_and_masked_wherever_it_stands() -> None:
    assert masked(f"T{BEIJING}") == "T**************002X"
    assert masked(f"证号 {BEIJING.lower()}, 副本") == "证号 **************002X, 副本"
    assert holds_id_number(f"+86 {BEIJING}")
    for harmless in ("F-2026-000042", "9" * 30, f"1{BEIJING}", "11010519491231002A"):
        assert masked(harmless) == harmless
        assert not holds_id_number(harmless)


def test_every_field_that_holds_an_identity_number_is_named() -> None:
    people = [
        KeepPerson(name="Li", area_code="999901"),
        KeepPerson(
            name=f"Li {BEIJING}", area_code="999901", email=f"{BEIJING}@example.org", phone="110105194912310021"
        ),
    ]
    assert [(fault.index, fault.field, fault.slug) for fault in faults(people)] == [
        (1, "name", "identity-number-not-kept"),
        (1, "email", "identity-number-not-kept"),
    ], "the telephone's check digit does not hold, so it may be one"
