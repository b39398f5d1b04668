"""Tables of enterprises for tests: seeded, with credit codes that hold, and with faults of many sorts planted."""

import csv
import io
from collections.abc import Callable
from random import Random

from shared.contracts.uscc import ALPHABET, check_character

HEADINGS = ("uscc", "name_zh", "name_en", "industry_code", "area_code", "address", "lon", "lat", "employees")
VILLAGE = "150221104201"
Row = list[str]


def credit_code(number: int) -> str:
    """Give the valid code of the enterprise with this number; each number has its own."""
    number += 10**9
    places: list[str] = []
    for _ in range(9):
        number, rest = divmod(number, len(ALPHABET))
        places.append(ALPHABET[rest])
    first17 = f"91150221{''.join(reversed(places))}"
    return first17 + check_character(first17)


def enterprises(how_many: int, seed: int = 1, area: str = VILLAGE) -> list[Row]:
    random = Random(seed)
    return [
        [
            credit_code(number),
            f"示例第{number}号制造有限公司",
            f'Example Works No. {number}, "East"',
            random.choice(("C1310", "C14", "B06", "F5211", "H62")),
            area,
            f"工业路{random.randrange(1, 999)}号",
            f"{110 + random.random():.6f}",
            f"{40 + random.random():.6f}",
            str(random.randrange(1, 900)),
        ]
        for number in range(how_many)
    ]


def _set(column: str, value: str) -> Callable[[Row, list[Row]], None]:
    def change(row: Row, _: list[Row]) -> None:
        row[HEADINGS.index(column)] = value

    return change


def _mistype(row: Row, _: list[Row]) -> None:
    row[0] = row[0][:17] + ALPHABET[(ALPHABET.index(row[0][17]) + 1) % len(ALPHABET)]


def _repeat(row: Row, rows: list[Row]) -> None:
    row[0] = rows[0][0]


def _cut(row: Row, _: list[Row]) -> None:
    del row[6:]


def _surplus(row: Row, _: list[Row]) -> None:
    row.append("and more")


FAULTS: dict[str, tuple[str | None, str, Callable[[Row, list[Row]], None]]] = {
    "mistyped": ("uscc", "uscc-mistyped", _mistype),
    "short": ("uscc", "uscc-malformed", _set("uscc", "9115022")),
    "number": ("uscc", "number-lost-digits", _set("uscc", "9.1150221E+17")),
    "no code": ("uscc", "value-missing", _set("uscc", " ")),
    "half a temporary id": ("uscc", "uscc-malformed", _set("uscc", "X150221")),
    "twice": ("uscc", "listed-twice", _repeat),
    "nameless": ("name_zh", "value-missing", _set("name_zh", "")),
    "long name": ("name_zh", "text-too-long", _set("name_zh", "厂" * 201)),
    "nul": ("name_zh", "control-character", _set("name_zh", "示例\0厂")),
    "two lines": ("address", "control-character", _set("address", "工业路\n1 号")),
    "industry": ("industry_code", "industry-code-malformed", _set("industry_code", "1310")),
    "other industry": ("industry_code", "unknown-industry", _set("industry_code", "C9")),
    "nowhere": ("area_code", "unknown-area", _set("area_code", "150221999")),
    "whole county": ("area_code", "place-too-wide", _set("area_code", "150221")),
    "odd area": ("area_code", "area-code-malformed", _set("area_code", "1502-21")),
    "area as number": ("area_code", "number-lost-digits", _set("area_code", "1.50221E+11")),
    "east of east": ("lon", "degrees-out-of-range", _set("lon", "181")),
    "minutes": ("lat", "degrees-out-of-range", _set("lat", "40°33′")),
    "minus": ("employees", "number-out-of-range", _set("employees", "-1")),
    "words": ("employees", "number-malformed", _set("employees", "约120人")),
    "half": ("employees", "number-malformed", _set("employees", "12.5")),
    "cut off": (None, "ragged-row", _cut),
    "surplus": (None, "ragged-row", _surplus),
}


def planted(rows: list[Row], how_many: int, seed: int = 2) -> list[tuple[int, str | None, str]]:
    """Spoil some rows; give (line, column, slug) of each as a check must tell it. Line 1 is the headings."""
    random = Random(seed)
    told: list[tuple[int, str | None, str]] = []
    line_of = list(range(2, len(rows) + 2))
    for place, index in enumerate(sorted(random.sample(range(1, len(rows)), how_many))):
        name = list(FAULTS)[place % len(FAULTS)]
        column, slug, spoil = FAULTS[name]
        spoil(rows[index], rows)
        told.append((line_of[index], column, slug))
        if name == "two lines":  # one record on two lines of the file: what follows stands one line lower
            line_of[index + 1 :] = [line + 1 for line in line_of[index + 1 :]]
    return told


def as_csv(
    rows: list[Row], headings: tuple[str, ...] = HEADINGS, encoding: str = "utf-8", separator: str = ","
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([headings, *rows])
    return text.getvalue().encode(encoding)
