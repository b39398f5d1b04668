"""What makes an enterprise's number and place acceptable. Pure."""

import re

from services.registry.areas.domain import Level, level_of
from shared.contracts.uscc import is_uscc, is_well_formed
from shared.contracts.values import Place
from shared.errors import BadInput, Problem

_TEMPORARY = re.compile(r"X[0-9]{6}[0-9]{1,11}")


def is_temporary(code: str) -> bool:
    """Tell whether this stands in (X, division, serial) for the code of an unregistered or illegal enterprise (D)."""
    return _TEMPORARY.fullmatch(code) is not None


def uscc_fault(code: str, index: int) -> Problem | None:
    """Say what is wrong with a unified social credit code (GB 32100-2015), or None."""
    if is_uscc(code) or is_temporary(code):
        return None
    if not is_well_formed(code):
        return BadInput(
            "uscc-malformed",
            f"“{code}” is not a unified social credit code: 18 characters, no I, O, S, V, Z.",
            f"“{code}”不是有效的统一社会信用代码：应为18位，不含 I、O、S、V、Z。",
            index=index,
        )
    return BadInput(
        "uscc-mistyped",
        f"The unified social credit code “{code}” is mistyped: its check character does not fit.",
        f"统一社会信用代码“{code}”有误：校验码不符。",
        index=index,
    )


def place_fault(place: Place, index: int) -> Problem | None:
    """An enterprise stands in a township or village, or nobody on the ground would be near it."""
    if level_of(place.area_code) is not Level.COUNTY:
        return None
    return BadInput(
        "place-too-wide",
        "Give the township or village of the enterprise, not only its county.",
        "请填写企业所在的乡镇（街道）或村（社区），不能只到县级。",
        index=index,
    )
