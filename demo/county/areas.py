"""The divisions of the demo county, in the shape of a real one: 5 towns, 3 townships, 1 zone, 216 villages."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.county.codes import COUNTY, Body


@dataclass(frozen=True, slots=True)
class Township:
    """`letter` numbers it in English as the heavenly stem in its Chinese name does."""

    code: str
    letter: str
    name_en: str
    name_zh: str
    communities: int
    villages: int


def _township(tail: str, letter: str, stem: str, kind: tuple[str, str], communities: int, villages: int) -> Township:
    return Township(
        f"{COUNTY}{tail}", letter, f"Demo {kind[0]} {letter}", f"示范{stem}{kind[1]}", communities, villages
    )


_TOWN, _RURAL, _ZONE = ("Town", "镇"), ("Township", "乡"), ("Zone", "管理区")

TOWNSHIPS = (
    _township("101", "A", "甲", _TOWN, 12, 22),
    _township("102", "B", "乙", _TOWN, 0, 31),
    _township("103", "C", "丙", _TOWN, 0, 21),
    _township("104", "D", "丁", _TOWN, 1, 14),
    _township("105", "E", "戊", _TOWN, 0, 47),
    _township("206", "F", "己", _RURAL, 0, 22),
    _township("207", "G", "庚", _RURAL, 0, 19),
    _township("208", "H", "辛", _RURAL, 0, 20),
    _township("509", "J", "壬", _ZONE, 0, 7),
)


def areas() -> list[Body]:
    """The county first, then downwards."""
    county = {"code": COUNTY, "name_en": "Demo County F", "name_zh": "示范县F（演示）"}
    townships = [{"code": one.code, "name_en": one.name_en, "name_zh": one.name_zh} for one in TOWNSHIPS]
    return [county, *townships, *_villages()]


def village_codes(township: Township) -> list[str]:
    """Communities count from 001, villages from 200, as in the official code."""
    ordinals = [*range(1, township.communities + 1), *range(200, 200 + township.villages)]
    return [f"{township.code}{ordinal:03d}" for ordinal in ordinals]


def _villages() -> Iterator[Body]:
    for township in TOWNSHIPS:
        stem = township.name_zh[2]
        for ordinal, code in enumerate(village_codes(township), 1):
            community = ordinal <= township.communities
            number = f"{ordinal if community else ordinal - township.communities:02d}"
            kind_en, kind_zh = ("Community", "社区") if community else ("Village", "村")
            yield {
                "code": code,
                "name_en": f"Demo {kind_en} {township.letter}-{number}",
                "name_zh": f"示范{stem}{number}{kind_zh}",
            }
