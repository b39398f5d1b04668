"""How text is spelt for searching, and how an index finds parts of it that are two characters long.

Most Chinese words have two characters, and an index of trigrams finds nothing shorter than three. There are two ways:

* Each character twice: of 粉粉 文文 trigrams know something. A text holds a word exactly when the doubled text holds
  the doubled word.
* The pairs of neighbouring characters, as numbers: a set that an index of arrays looks up together with what else is
  asked for. A text that holds a word holds all its pairs; the other way round it need not be so, so that what was found
  is compared once more.
"""

from itertools import pairwise
from unicodedata import normalize

SHORTEST = 2
"""Characters. What is shorter has no pair."""
_FIRST, _SECOND, _SHIFT = 0x7FFF, 0xFFFF, 16


def folded(text: str) -> str:
    """Give the text without what people type differently: width, case, space at the ends."""
    return normalize("NFKC", text).lower().strip()


def doubled(text: str) -> str:
    return "".join(character * 2 for character in text)


def pairs(text: str) -> list[int]:
    """Give each pair of neighbouring characters of a folded text once, as a number that an `int` column holds.

    In SQL: `((ascii(first) & 32767) << 16) | (ascii(second) & 65535)`.
    """
    found = {(ord(first) & _FIRST) << _SHIFT | ord(second) & _SECOND for first, second in pairwise(text)}
    return sorted(found)
