"""Golden vectors of the unified social credit code, with python-stdnum as oracle where it can be one."""

from random import Random

import pytest
from stdnum.cn import uscc as oracle

from services.registry.parties.domain.codes import code_fault, division_of, is_temporary
from shared.contracts.uscc import ALPHABET, check_character, is_uscc, organisation_check_character


@pytest.mark.parametrize(
    "code",
    [
        "91110108551385082Q",
        "91110000600037341L",
        "911100004JURQ283F0",  # its inner check character does not hold
        "911502210000001740",
        "N21502210000000193",
    ],
)
def test_a_code_whose_check_character_holds_is_valid(code: str) -> None:
    assert is_uscc(code)
    assert code_fault(code) is None


@pytest.mark.parametrize("code", ["911100004JURQ283F0", "911502210000001740"])
def test_a_check_character_of_zero_is_one(code: str) -> None:
    assert check_character(code[:17]) == "0"


def test_a_mistyped_code_is_told_apart_from_what_is_no_code() -> None:
    assert check_character("91330106MA27XL1A0") == "J"
    mistyped = code_fault("91330106MA27XL1A0B")
    assert mistyped is not None
    assert mistyped[0] == "uscc-mistyped"
    for code in (
        "",
        "9111010855138508",
        "91110108551385082QQ",
        "9111010I551385082Q",
        "９1110108551385082Q",
        "X",
        "X12345",
    ):
        fault = code_fault(code)
        assert fault is not None, code
        assert fault[0] == "uscc-malformed", code
        assert not is_temporary(code), code


def test_an_enterprise_without_a_code_has_a_temporary_one() -> None:
    for code in ("X1502211", "X1502210001", "X15022112345678901"):
        assert is_temporary(code)
        assert division_of(code) == "150221"
        assert not is_uscc(code)
    for code in ("X150221", "X150221123456789012", "x1502210001", "X15022１0001", "1502210001", "X1502210001 "):
        assert not is_temporary(code), code


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("91110108551385082Q", True),
        ("91110000600037341L", True),
        ("911502210000001740", True),
        ("N21502210000000193", True),
        ("911100004JURQ283F0", False),
    ],
)
def test_the_inner_check_character_is_that_of_the_organisation_code(code: str, holds: bool) -> None:
    assert (organisation_check_character(code[8:16]) == code[16]) is holds


def test_the_oracle_agrees_on_codes_of_the_registrars_it_knows() -> None:
    draw = Random(32100)
    remainders = set()
    for _ in range(2000):
        first17 = draw.choice("159") + draw.choice("123") + f"{draw.randrange(10**6):06}"
        first17 += "".join(draw.choices(ALPHABET, k=9))
        right = check_character(first17)
        remainders.add(right)
        assert oracle.is_valid(first17 + right)
        typed = first17 + draw.choice(ALPHABET)
        assert is_uscc(typed) == oracle.is_valid(typed)
    assert remainders == set(ALPHABET)


def test_every_single_wrong_character_is_noticed() -> None:
    code = "N21502210000000193"
    for place, right in enumerate(code):
        for wrong in set(ALPHABET) - {right}:
            assert not is_uscc(code[:place] + wrong + code[place + 1 :])


def test_too_few_characters_have_no_check_character() -> None:
    with pytest.raises(ValueError, match="17 characters"):
        check_character("9111")
