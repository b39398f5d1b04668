"""Whether a number by which an organisation goes can be one; without it typing errors would become organisations."""

import re

from shared.contracts.uscc import is_uscc, is_well_formed

_TEMPORARY = re.compile(r"X([0-9]{6})[0-9]{1,11}")

Words = tuple[str, str, str]
"""Slug, English, Chinese."""


def is_temporary(code: str) -> bool:
    """Tell whether this stands in (X, division, serial) for the code of an unregistered or illegal enterprise (D)."""
    return _TEMPORARY.fullmatch(code) is not None


def division_of(code: str) -> str:
    """Give the county in whose name a temporary code was made."""
    made = _TEMPORARY.fullmatch(code)
    assert made is not None, code
    return made[1]


def code_fault(code: str) -> Words | None:
    """Say what is wrong with a unified social credit code (GB 32100-2015), or None."""
    if is_uscc(code):
        return None
    if not is_well_formed(code):
        return (
            "uscc-malformed",
            f"“{code}” is not a unified social credit code: 18 characters, no I, O, S, V, Z.",
            f"“{code}”不是有效的统一社会信用代码：应为18位，不含 I、O、S、V、Z。",
        )
    return (
        "uscc-mistyped",
        f"The unified social credit code “{code}” is mistyped: its check character does not fit.",
        f"统一社会信用代码“{code}”有误：校验码不符。",
    )
