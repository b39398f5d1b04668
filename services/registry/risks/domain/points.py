"""How dangerous a single point is: D = L·E·C, or R = L×S, and the colour of either. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.contracts.registry import Colour
from shared.errors import BadInput
from shared.profile import Profile

GRAVEST_FIRST = (Colour.RED, Colour.ORANGE, Colour.YELLOW)
"""Those that begin at a bound; blue is all the rest."""

LIKELIHOOD = tuple(map(Decimal, ("10", "6", "3", "1", "0.5", "0.2", "0.1")))
EXPOSURE = tuple(map(Decimal, ("10", "6", "3", "2", "1", "0.5")))
CONSEQUENCE = tuple(map(Decimal, ("100", "40", "15", "7", "3", "1")))
"""The only values that the method knows (domain reference §6.4 [S])."""
STEPS = tuple(range(1, 6))


@dataclass(frozen=True, slots=True)
class Value:
    """What a method came to."""

    value: float
    colour: Colour


def lec(likelihood: float, exposure: float, consequence: float, rules: Profile, on: date) -> Value:
    """Grade a point by L·E·C; raises `BadInput` for a factor that the method does not know."""
    factors = (
        _one_of("likelihood", likelihood, LIKELIHOOD),
        _one_of("exposure", exposure, EXPOSURE),
        _one_of("consequence", consequence, CONSEQUENCE),
    )
    product = factors[0] * factors[1] * factors[2]
    inclusive = rules.flag("risk.lec.lower_bound_inclusive", on)
    bounds = {colour: Decimal(str(rules.number(f"risk.lec.{colour}", on))) for colour in GRAVEST_FIRST}
    return Value(float(product), colour_by(product, bounds, inclusive=inclusive))


def ls(likelihood: int, severity: int, rules: Profile, on: date) -> Value:
    """Grade a point by the matrix of likelihood and severity, 1 to 5 each."""
    product = likelihood * severity
    bounds = {colour: Decimal(str(rules.number(f"risk.ls.{colour}", on))) for colour in GRAVEST_FIRST}
    return Value(float(product), colour_by(Decimal(product), bounds))


def colour_by(value: Decimal, bounds: Mapping[Colour, Decimal], *, inclusive: bool = True) -> Colour:
    """Give the gravest colour whose bound the value reaches or, when bounds are not included, passes."""
    for colour in GRAVEST_FIRST:
        if value > bounds[colour] or (inclusive and value == bounds[colour]):
            return colour
    return Colour.BLUE


def _one_of(
    factor: Literal["likelihood", "exposure", "consequence"], given: float, known: tuple[Decimal, ...]
) -> Decimal:
    value = Decimal(str(given))
    if value in known:
        return value
    words = ", ".join(map(str, known))
    raise BadInput(
        "unknown-factor",
        f"The factor {factor} of L·E·C is one of {words}.",
        f"LEC 法的因素 {factor} 只能取：{words}。",
        factor=factor,
    )
