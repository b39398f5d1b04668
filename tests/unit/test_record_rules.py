"""Records: what each kind must say, when it holds, and what an enterprise of a size and sector lacks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.dossiers.domain import Known, detail_of, is_valid, lacks, record_fault
from services.registry.dossiers.shapes import KeepRecord
from services.registry.parties.domain.industry import is_industry
from shared.contracts.dossiers import Organisation, Project, RecordKind
from shared.contracts.enterprises import Sector
from shared.profile import load

CN = load("cn", Path(__file__).parents[2] / "profiles")
DAY = date(2026, 9, 30)
TOMORROW = date(2026, 10, 1)

DETAILS: dict[RecordKind, dict[str, Any]] = {
    RecordKind.LICENCE: {"licence": "安全生产许可证", "scope": "Flour", "issuer": "County"},
    RecordKind.ORGANISATION: {"full_time_staff": 2},
    RecordKind.MAJOR_SOURCE: {"level": 2, "substance": "ammonia", "quantity_t": 12.5, "location": "Store 2"},
    RecordKind.KEY_PROCESS: {"regulated": "process", "name": "Chlorination", "location": "Hall 1"},
    RecordKind.FEATURES: {"dust": True},
    RecordKind.STANDARDISATION: {"grade": 2, "issued_on": "2025-01-01"},
    RecordKind.DUAL_PREVENTION: {"status": "running", "maturity": 70},
    RecordKind.INSURANCE: {"insurer": "People's", "cover_fen": 100_000_000},
    RecordKind.EMERGENCY_PLAN: {"filed_on": "2025-01-01", "filed_with": "County"},
    RecordKind.DRILL: {"held_on": "2026-06-16", "form": "full_scale", "participants": 40, "summary": "Went well"},
    RecordKind.PROJECT: {"name": "Silo 3"},
    RecordKind.CONTRACTOR: {"relation": "tenant", "name": "Snack Bar", "work": "Cooking"},
    RecordKind.PENALTY: {"decided_on": "2026-01-05", "reason": "No guard", "amount_fen": 2_000_000},
    RecordKind.ACCIDENT: {"happened_on": "2026-01-05", "deaths": 1, "what": "A fall"},
}


def asked(kind: RecordKind, **more: Any) -> KeepRecord:
    said = {"kind": kind, **DETAILS[kind], **more.pop("detail", {})}
    term = {"number": "No. 1", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    return KeepRecord.model_validate({**term, **more, "detail": said})


def fault(ask: KeepRecord, today: date = DAY) -> str | None:
    found = record_fault(ask.detail, ask.number, ask.valid_from, ask.valid_to, today)
    return found and found.slug


@pytest.mark.parametrize("kind", RecordKind)
def test_every_kind_is_kept_as_it_is_said_and_a_misspelt_field_is_told(kind: RecordKind):
    ask = asked(kind)
    assert ask.detail.kind == kind
    assert fault(ask) is None
    with pytest.raises(ValidationError):
        asked(kind, detail={"gradee": 1})


@pytest.mark.parametrize("kind", RecordKind)
def test_what_is_read_of_an_event_ignores_what_a_newer_owner_adds(kind: RecordKind):
    read = detail_of({"kind": kind, **DETAILS[kind], "new_field": 1})
    assert read.kind == kind
    assert "new_field" not in read.model_dump()


@pytest.mark.parametrize("kind", RecordKind)
def test_papers_have_numbers_and_what_always_ends_has_a_last_day(kind: RecordKind):
    numbered = {"licence", "standardisation", "insurance", "emergency_plan", "penalty"}
    assert fault(asked(kind, number=None)) == ("record-number" if kind in numbered else None)
    ends = {"standardisation", "insurance", "emergency_plan"}
    assert fault(asked(kind, valid_to=None)) == ("record-last-day" if kind in ends else None)
    assert fault(asked(kind, valid_to="2025-12-31")) == "record-term"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (RecordKind.STANDARDISATION, "issued_on"),
        (RecordKind.MAJOR_SOURCE, "filed_on"),
        (RecordKind.EMERGENCY_PLAN, "filed_on"),
        (RecordKind.DRILL, "held_on"),
        (RecordKind.PROJECT, "design_reviewed_on"),
        (RecordKind.PROJECT, "accepted_on"),
        (RecordKind.PENALTY, "decided_on"),
        (RecordKind.ACCIDENT, "happened_on"),
    ],
)
def test_nothing_was_done_tomorrow(kind: RecordKind, field: str):
    assert fault(asked(kind, detail={field: str(DAY)})) is None
    assert fault(asked(kind, detail={field: str(TOMORROW)})) == "date-ahead"


def test_the_first_and_the_last_day_count():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    days = {date(2025, 12, 31): False, first: True, last: True, date(2027, 1, 1): False}
    assert {day: is_valid(first, last, day) for day in days} == days
    assert is_valid(None, None, DAY)


NOBODY = Organisation(kind=RecordKind.ORGANISATION)
FULL = Organisation(kind=RecordKind.ORGANISATION, full_time_staff=1)
PART = Organisation(kind=RecordKind.ORGANISATION, part_time_staff=1)
HOUSE = Organisation(kind=RecordKind.ORGANISATION, has_department=True)


# Work Safety Law art. 24: more than 100 people or a dangerous trade, exhaustively.
@pytest.mark.parametrize(
    ("employees", "industry", "high_hazard", "enough"),
    [
        (100, "C1310", False, [FULL, PART, HOUSE]),
        (101, "C1310", False, [FULL, HOUSE]),
        (5, "B0610", False, [FULL, HOUSE]),
        (5, "C3110", False, [FULL, HOUSE]),
        (5, "E4710", False, [FULL, HOUSE]),
        (5, "G5430", False, [FULL, HOUSE]),
        (5, "S9000", True, [FULL, HOUSE]),
        (5, "S9000", False, [FULL, PART, HOUSE]),
    ],
)
def test_who_needs_full_time_safety_staff(employees: int, industry: str, high_hazard: bool, enough: list[Organisation]):
    for organisation in (None, NOBODY, FULL, PART, HOUSE):
        known = Known(employees, industry, None, high_hazard, organisation, RecordKind)
        codes = {each.code for each in lacks(known, CN, DAY)}
        assert ("safety-staff" in codes) == (organisation not in enough)


def codes(industry: str, kinds: set[RecordKind], *projects: Project) -> set[str]:
    named = Organisation(
        kind=RecordKind.ORGANISATION,
        full_time_staff=1,
        responsibility_list=True,
        principal_id="00000000-0000-0000-0000-000000000001",
    )
    return {each.code for each in lacks(Known(5, industry, None, False, named, kinds, projects), CN, DAY)}


def test_the_sector_under_which_an_enterprise_is_supervised_obliges_it_as_its_trade_does():
    for sector in Sector:
        known = Known(5, "S9000", sector, False, FULL, set())
        obliged = {each.code for each in lacks(known, CN, DAY)} & {"insurance", "licence"}
        licensed = sector in CN.listing("licence.obligatory_sectors", DAY)
        assert ("licence" in obliged) == licensed
        assert not licensed or "insurance" in obliged
    lists = ("licence.obligatory_sectors", "insurance.obligatory_sectors", "organisation.high_hazard_sectors")
    for key in (*lists, "risk.sector.grave", "risk.sector.raised"):
        words = {word for word in CN.listing(key, DAY) if word.islower()}
        assert words, key
        assert words <= set(Sector), key
        assert {word for word in CN.listing(key, DAY) if not is_industry(word)} == words


def test_dangerous_trades_need_a_licence_and_insurance_and_others_do_not():
    assert codes("B0610", set()) == {"insurance", "licence"}
    assert codes("B0610", {RecordKind.LICENCE}) == {"insurance"}
    assert codes("A0411", set()) == {"insurance"}
    assert codes("B0610", {RecordKind.LICENCE, RecordKind.INSURANCE}) == set()
    assert codes("S9000", set()) == set()


def test_safety_comes_before_building_and_before_use():
    reviewed = {"name": "Silo 3", "design_reviewed_on": date(2026, 2, 1)}
    assert codes("S9000", set(), Project(kind=RecordKind.PROJECT, name="Silo 3")) == set()
    assert codes("S9000", set(), Project(kind=RecordKind.PROJECT, **reviewed, started_on=date(2026, 2, 1))) == set()
    assert codes("S9000", set(), Project(kind=RecordKind.PROJECT, **reviewed, started_on=date(2026, 1, 31))) == {
        "design-review"
    }
    assert codes("S9000", set(), Project(kind=RecordKind.PROJECT, name="Silo 3", started_on=DAY)) == {"design-review"}
    assert codes("S9000", set(), Project(kind=RecordKind.PROJECT, **reviewed, in_use_from=DAY)) == {"acceptance"}
    assert (
        codes("S9000", set(), Project(kind=RecordKind.PROJECT, **reviewed, in_use_from=DAY, accepted_on=DAY)) == set()
    )


def test_what_is_lacking_says_by_whose_rule_and_only_law_is_called_law():
    found = lacks(Known(500, "B0610", None, False, None, set()), CN, DAY)
    marks = {each.code: each.mark for each in found}
    assert marks == {
        "safety-staff": "L",
        "principal": "L",
        "responsibility-list": "L",
        "insurance": "S",
        "licence": "K",
    }
    assert all(each.source and each.en and each.zh for each in found)


def test_that_a_trade_is_dangerous_by_its_code_alone_is_not_called_law():
    by_size, by_flag, by_code = (
        next(each for each in lacks(Known(*of, None, set()), CN, DAY) if each.code == "safety-staff")
        for of in ((101, "S9000", None, False), (5, "S9000", None, True), (5, "B0610", None, False))
    )
    assert (by_size.mark, by_flag.mark, by_code.mark) == ("L", "L", "K")
