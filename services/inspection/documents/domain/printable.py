"""Makes what somebody wrote fit to be printed; without it a line could vanish, turn round or leave the page. Pure.

Nothing is left out in silence: what no font can show, and what would make text look like other text (controls that
turn the direction of writing), is printed by its code point.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Any

SHOWN_AS_NOTHING = frozenset({0x200B, 0x200C, 0x200D, 0xFE0E, 0xFE0F})
"""Joiners and selectors, which belong to the character before them."""
_TURNING = frozenset({0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)})
_LONG = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{41,}")
_STEP = 20
_LINES = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")


def printable(written: Any, covered: AbstractSet[int]) -> Any:
    """Give the same data with every text in it fit to be printed; `covered` are the characters that the fonts have."""
    match written:
        case str():
            return _text(written, covered)
        case dict():
            return {key: printable(value, covered) for key, value in written.items()}  # pyright: ignore[reportUnknownVariableType] — JSON
        case list() | tuple():
            return [printable(value, covered) for value in written]  # pyright: ignore[reportUnknownVariableType] — JSON
        case _:
            return written


def missing(text: str, covered: AbstractSet[int]) -> list[str]:
    """List the characters of a text that would have to be printed by their code points."""
    return sorted({letter for letter in text if not _is_shown(letter, covered)})


def _text(text: str, covered: AbstractSet[int]) -> str:
    text = _LINES.sub("\n", text).replace("\t", "    ")
    shown = "".join(letter if _is_shown(letter, covered) else f"〔U+{ord(letter):04X}〕" for letter in text)
    return _LONG.sub(_breakable, unicodedata.normalize("NFC", shown))


def _is_shown(letter: str, covered: AbstractSet[int]) -> bool:
    code = ord(letter)
    return letter == "\n" or code in SHOWN_AS_NOTHING or (code in covered and code not in _TURNING)


def _breakable(run: re.Match[str]) -> str:
    """Let a run without a place to break be broken: an address, or somebody's forgotten key."""
    return "\u200b".join(run[0][at : at + _STEP] for at in range(0, len(run[0]), _STEP))
