"""What a log tells of a fault: its kind and its place in our code, and none of its words."""

from pathlib import Path

import pytest

from shared.observe import told_of
from shared.profile import BadProfile, load


def test_the_place_in_our_code_is_told_and_no_word_that_somebody_wrote() -> None:
    with pytest.raises(BadProfile) as fault:
        load("13812345678 of Wang", Path("/nowhere"))
    told = told_of(fault.value)
    assert told["error"] == "BadProfile"
    assert told["where"].startswith("shared/profile/written.py:")
    assert "Wang" not in str(told)


def test_what_was_raised_elsewhere_says_so() -> None:
    with pytest.raises(ZeroDivisionError) as fault:
        _ = 1 / 0
    assert told_of(fault.value) == {"error": "ZeroDivisionError", "where": "elsewhere"}
