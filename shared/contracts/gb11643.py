"""The citizen's identity number (GB 11643): known by its check digit, so that it can be kept out of what is stored."""

import re
from datetime import date

_SHAPE = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_WITHIN = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", re.ASCII)
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_SHOWN = 4


def check_digit(first17: str) -> str:
    """Give the 18th character for the first 17; raises ValueError when they are not 17 digits."""
    if len(first17) != len(_WEIGHTS):
        raise ValueError(f"an identity number has {len(_WEIGHTS)} digits before its check digit")
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_id_number(number: str) -> bool:
    """Tell whether the check digit holds and the day of birth exists. Whether the division ever was is not asked."""
    return _SHAPE.fullmatch(number) is not None and _is_day(number[6:14]) and check_digit(number[:17]) == number[17]


def holds_id_number(text: str) -> bool:
    """Tell whether an identity number stands anywhere in the text."""
    return any(is_id_number(found.upper()) for found in _WITHIN.findall(text))


def masked(text: str) -> str:
    """Give the text with all but the last four characters of every identity number in it hidden."""

    def hide(found: re.Match[str]) -> str:
        number = found.group().upper()
        return "*" * (len(number) - _SHOWN) + number[-_SHOWN:] if is_id_number(number) else found.group()

    return _WITHIN.sub(hide, text)


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
