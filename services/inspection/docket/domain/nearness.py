"""How near two claims are, in metres and in words; without it duplicates would be looked for by eye."""

import re
import unicodedata
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

_EARTH_M = 6_371_000
_METRES_PER_DEGREE = 111_320


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give the distance of two (longitude, latitude) points on the sphere, in metres."""
    lon1, lat1, lon2, lat2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * asin(sqrt(h))


def box(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """Give (west, south, east, north) around a point: what an index can look up before distances are measured."""
    high = radius_m / _METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    return lon - wide, lat - high, lon + wide, lat + high


MOST_COMPARED = 500
"""Characters of a text that are compared: what a matter is about stands at its beginning."""
_HAN = re.compile("([\u3400-\u9fff])")


def likeness(what: str) -> str:
    """Write a text as it is compared: one form of each letter, each Chinese character as a word, and each word once.

    Trigrams are compared as sets, so that a word that is repeated says nothing more and only costs time.
    """
    plain = unicodedata.normalize("NFKC", what[:MOST_COMPARED]).casefold()
    return " ".join(dict.fromkeys(_HAN.sub(r" \1 ", plain).split()))


class Why(StrEnum):
    """Why an entry is suggested as the same matter."""

    SAME_ENTERPRISE = "same_enterprise"
    NEAR = "near"
    ALIKE_WORDS = "alike_words"
    SAME_CATEGORY = "same_category"
