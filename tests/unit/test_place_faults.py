"""What is wrong with areas, parties and enterprises is told of every row, and of no row that is right."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.registry.areas import domain as areas
from services.registry.domain import MAX_TOLD, Fault, refuse
from services.registry.parties.domain import enterprises, organisations
from services.registry.parties.domain.industry import industries, is_industry
from services.registry.parties.shapes import KeepEnterprise, KeepParty
from shared.contracts.uscc import check_character
from shared.contracts.values import PartyKind
from shared.errors import BadInput, Conflict

FILE = Path(__file__).parent.parent / "data" / "areas-150221.csv"
TODAY = date(2026, 9, 30)
TOWN, VILLAGE = "999901001", "999901001201"
KNOWN = enterprises.Known({TOWN, VILLAGE})


def ask(nth: int, **changes: Any) -> tuple[UUID, KeepEnterprise]:
    first17 = f"9115022100{nth:07}"
    whole = {
        "uscc": first17 + check_character(first17),
        "name_zh": f"企业{nth}",
        "industry_code": "C1310",
        "place": {"area_code": VILLAGE},
        "employees": 5,
        **changes,
    }
    return UUID(int=nth + 1), KeepEnterprise.model_validate(whole)


def told(found: Iterable[Fault]) -> list[tuple[int, str, str]]:
    return [(fault.index, fault.field, fault.slug) for fault in found]


def test_a_real_county_has_no_fault_and_every_planted_one_is_told() -> None:
    with FILE.open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert told(areas.faults(codes, set())) == []
    assert told(areas.faults([*codes, codes[5], "150222001", "150221000", "150200", "000001"], set())) == [
        (226, "code", "listed-twice"),
        (227, "code", "unknown-area"),
        (228, "code", "no-division"),
        (229, "code", "no-division"),
        (230, "code", "no-division"),
    ]
    assert told(areas.faults(["150222001"], {"150222"})) == []


def test_exactly_the_planted_faults_of_a_long_list_are_told() -> None:
    draw = Random(7)
    asks = [ask(nth) for nth in range(3000)]
    faulty: dict[int, tuple[dict[str, Any], str, str]] = {}
    ways: list[tuple[dict[str, Any], str, str]] = [
        ({"uscc": "91330106MA27XL1A0B"}, "uscc", "uscc-mistyped"),
        ({"uscc": "X9999020001"}, "uscc", "temporary-code-elsewhere"),
        ({"industry_code": "C47"}, "industry_code", "unknown-industry"),
        ({"place": {"area_code": "999901"}}, "place.area_code", "place-too-wide"),
        ({"place": {"area_code": "999901009"}}, "place.area_code", "unknown-area"),
        ({"established_on": "2026-10-01"}, "established_on", "not-yet-established"),
    ]
    for nth, index in enumerate(draw.sample(range(3000), 200)):
        change, field, slug = ways[nth % len(ways)]
        if field == "uscc" and nth >= len(ways):
            change, field, slug = {"uscc": f"9133{nth}"}, "uscc", "uscc-malformed"
        faulty[index] = (change, field, slug)
        asks[index] = ask(index, **change)
    assert told(enterprises.faults(asks, KNOWN, TODAY)) == [(index, *faulty[index][1:]) for index in sorted(faulty)]


def test_a_row_with_three_faults_tells_three() -> None:
    site = {"id": UUID(int=9), "name": "库房", "area_code": "999901"}
    bad = ask(0, uscc="91", industry_code="T01", sites=[site])
    assert told(enterprises.faults([bad], KNOWN, TODAY)) == [
        (0, "uscc", "uscc-malformed"),
        (0, "industry_code", "unknown-industry"),
        (0, "sites.0.area_code", "place-too-wide"),
    ]


def test_a_number_is_held_once_in_the_register_and_in_the_list() -> None:
    first, second = ask(0), ask(1)
    same_code = ask(2, uscc=first[1].uscc)
    found = list(enterprises.faults([first, second, same_code, second], KNOWN, TODAY))
    assert told(found) == [(2, "uscc", "listed-twice"), (3, "id", "listed-twice"), (3, "uscc", "listed-twice")]
    held = enterprises.Known({VILLAGE}, holders={first[1].uscc: UUID(int=99), second[1].uscc: second[0]})
    [fault] = enterprises.faults([first, second], held, TODAY)
    assert (fault.index, fault.slug, fault.taken) == (0, "already-exists", True)


def test_a_temporary_code_gives_way_to_a_real_one_and_never_the_other_way() -> None:
    each, real = ask(0)
    _, temporary = ask(0, uscc="X9999010007")
    was_temporary = enterprises.Known({VILLAGE}, {"X9999010007": each}, {each: "X9999010007"})
    was_real = enterprises.Known({VILLAGE}, {real.uscc: each}, {each: real.uscc})
    assert told(enterprises.faults([(each, real)], was_temporary, TODAY)) == []
    assert told(enterprises.faults([(each, temporary)], was_temporary, TODAY)) == []
    assert told(enterprises.faults([(each, temporary)], was_real, TODAY)) == [(0, "uscc", "code-goes-back")]


def test_a_site_is_of_one_enterprise() -> None:
    site = {"id": UUID(int=9), "name": "库房", "area_code": TOWN}
    one, other = ask(0, sites=[site]), ask(1, sites=[site])
    assert told(enterprises.faults([one, other], KNOWN, TODAY)) == [(1, "sites.0.id", "listed-twice")]
    known = enterprises.Known({TOWN, VILLAGE}, sites={UUID(int=9): one[0]})
    assert told(enterprises.faults([one], known, TODAY)) == []
    assert told(enterprises.faults([other], known, TODAY)) == [(0, "sites.0.id", "site-of-another")]
    own_id = ask(2, sites=[{**site, "id": UUID(int=3)}])
    assert told(enterprises.faults([own_id], KNOWN, TODAY)) == [(0, "sites.0.id", "site-of-another")]


def test_the_table_of_industries_is_whole() -> None:
    codes = list(industries())
    letters = [code for code in codes if len(code) == 1]
    assert "".join(letters) == "ABCDEFGHIJKLMNOPQRST"
    assert [code[1:] for code in codes if len(code) == 3] == [f"{nth:02}" for nth in range(1, 98)]
    assert all(zh and en and zh != en for zh, en in industries().values())


def test_a_letter_and_its_division_fit_together() -> None:
    for code in ("C", "C13", "C131", "C1310", "B12", "T97", "G60"):
        assert is_industry(code), code
    for code in ("", "C1", "C12", "U01", "13", "H60", "S98"):
        assert not is_industry(code), code


def test_parties_stand_under_each_other_without_a_ring() -> None:
    def party(**changes: Any) -> KeepParty:
        return KeepParty.model_validate({"kind": PartyKind.AUTHORITY, "name_zh": "局", "area_code": TOWN, **changes})

    one, two, three, far = (UUID(int=n) for n in range(1, 5))
    known = organisations.Known({TOWN}, {"91110108551385082Q": far}, {far: None})
    rows = [(one, party(parent_id=far)), (two, party(parent_id=one))]
    assert told(organisations.faults(rows, known)) == []
    ring = [(one, party(parent_id=two)), (two, party(parent_id=three)), (three, party(parent_id=one))]
    assert {slug for _, _, slug in told(organisations.faults(ring, known))} == {"party-above-itself"}
    upwards = organisations.Known({TOWN}, {}, {two: one, one: None})
    assert told(organisations.faults([(one, party(parent_id=two))], upwards)) == [
        (0, "parent_id", "party-above-itself")
    ]
    bad = [
        (one, party(parent_id=UUID(int=9), area_code="999902")),
        (two, party(uscc="91110108551385082Q")),
        (three, party(uscc="91330106MA27XL1A0B")),
        (three, party()),
    ]
    assert told(organisations.faults(bad, known)) == [
        (0, "area_code", "unknown-area"),
        (0, "parent_id", "unknown-party"),
        (1, "uscc", "already-exists"),
        (2, "uscc", "uscc-mistyped"),
        (3, "id", "listed-twice"),
    ]


def test_a_refusal_names_the_first_fault_and_counts_all() -> None:
    bad = [Fault(index, "uscc", "uscc-malformed", "en", "zh") for index in range(MAX_TOLD + 5)]
    with pytest.raises(BadInput) as told_bad:
        refuse([Fault(0, "uscc", "already-exists", "en", "zh", taken=True), *bad])
    assert told_bad.value.slug == "uscc-malformed"
    assert told_bad.value.facts["faults"] == MAX_TOLD + 6
    errors: Any = told_bad.value.facts["errors"]
    assert len(errors) == MAX_TOLD
    with pytest.raises(Conflict):
        refuse([Fault(0, "uscc", "already-exists", "en", "zh", taken=True)])
    refuse([])
