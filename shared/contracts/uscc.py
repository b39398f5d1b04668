"""The unified social credit code (GB 32100-2015), by which every list in the country names an enterprise."""

import re
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: no I, O, S, V, Z."""

_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUES = bytes.maketrans(ALPHABET.encode(), bytes(range(len(ALPHABET))))
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first17: str) -> str:
    """Give the 18th character for the first 17; raises ValueError when they are not 17 of the alphabet."""
    if len(first17) != len(_WEIGHTS):
        raise ValueError(f"a credit code has {len(_WEIGHTS)} characters before its check character")
    if not set(first17) <= set(ALPHABET):
        raise ValueError("a credit code has no I, O, S, V, Z and nothing else that the alphabet lacks")
    return _check_character(first17)


def _check_character(first17: str) -> str:
    total = sum(map(mul, first17.encode().translate(_VALUES), _WEIGHTS))
    # The outer remainder matters: without it a code whose check character is 0 has none.
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """Give the check character of an organisation code (GB 11714), which is the 17th of the whole."""
    weighted = zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(_ORGANISATION_ALPHABET.index(character) * weight for character, weight in weighted)
    return "0123456789X"[(11 - total % 11) % 11]


def is_well_formed(code: str) -> bool:
    """Tell whether the characters stand where they may. Any registrar will do: N and A begin codes met every day."""
    return _SHAPE.fullmatch(code) is not None


def is_uscc(code: str) -> bool:
    """Tell whether the code is well formed and its check character holds. The inner one, the 17th, is not asked for."""
    return is_well_formed(code) and _check_character(code[:17]) == code[17]
