"""The demo county has the shape of a real one, is the same everywhere, and cannot be mistaken for a real one."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from stdnum.cn import uscc as reference

from demo.county import content_version, registrations
from demo.county.areas import TOWNSHIPS
from demo.county.codes import COUNTY
from demo.county.competence import NO_FALLBACK
from demo.county.people import BATTERY_EXCHANGE, EXPIRED, PEOPLE, STAFFED_AUTHORITIES
from shared.contracts.registry import CompetenceBy
from shared.contracts.uscc import is_uscc
from shared.contracts.values import Category, PartyKind, Role

ROOT = Path(__file__).parents[2]
REGISTERED = registrations()


def test_the_county_has_the_shape_of_a_real_one():
    with (ROOT / "tests/data/areas-150221.csv").open(encoding="utf-8") as file:
        real = [row["code"][6:] for row in csv.DictReader(file)]
    invented = [area["code"][6:] for area in REGISTERED["areas"]]

    assert Counter(map(len, invented)) == Counter(map(len, real)) == {0: 1, 3: 9, 6: 216}
    assert sorted(Counter(code[:3] for code in invented if len(code) == 6).values()) == sorted(
        Counter(code[:3] for code in real if len(code) == 6).values()
    )


def test_every_code_is_below_its_parent_and_no_real_division_can_have_it():
    codes = [area["code"] for area in REGISTERED["areas"]]

    assert len(set(codes)) == len(codes)
    assert all(code.startswith(COUNTY) for code in codes)
    assert COUNTY[:2] == "99", "GB/T 2260 assigns provinces from 11 to 82"
    assert all(code[:-3] in codes for code in codes[1:])


def test_the_county_holds_as_many_of_each_kind_as_the_stories_need():
    kinds = Counter(party["kind"] for party in REGISTERED["parties"])

    assert kinds[PartyKind.COMMITTEE] == 2
    assert kinds[PartyKind.AUTHORITY] >= 12
    assert kinds[PartyKind.TOWNSHIP] == 9
    assert kinds[PartyKind.AGENCY] == 3
    assert kinds[PartyKind.ASSOCIATION] == 2
    assert kinds[PartyKind.INSURER] == 1
    assert kinds[PartyKind.PARTNER] == 2
    assert len(REGISTERED["enterprises"]) >= 300
    assert 8 <= len(REGISTERED["criteria"]) <= 10
    roles = Counter(person.role for person in PEOPLE.values())
    assert (roles[Role.VOLUNTEER], roles[Role.GRID_WORKER], roles[Role.ENTERPRISE_WORKER]) == (6, 6, 2)
    assert roles[Role.AUTHORITY_OFFICER] == 4 * len(STAFFED_AUTHORITIES)


def test_every_list_fits_one_request_and_no_id_comes_twice():
    for noun, bodies in REGISTERED.items():
        ids = [body.get("id", body.get("code")) for body in bodies]
        assert len(set(ids)) == len(ids) <= 500, noun


def test_every_enterprise_has_a_valid_credit_code_of_the_county():
    codes = [enterprise["uscc"] for enterprise in REGISTERED["enterprises"]]

    assert len(set(codes)) == len(codes)
    assert {code[0] for code in codes} == {"9", "N"}
    assert all(is_uscc(code) and code[2:8] == COUNTY for code in codes)
    assert all(reference.calc_check_digit(code[:-1]) == code[-1] for code in codes)


def test_enterprises_stand_in_registered_villages():
    villages = {area["code"] for area in REGISTERED["areas"] if len(area["code"]) == 12}

    assert {enterprise["place"]["area_code"] for enterprise in REGISTERED["enterprises"]} <= villages


def test_everything_says_that_it_is_a_demo():
    for noun in ("areas", "parties", "enterprises"):
        for body in REGISTERED[noun]:
            assert "demo" in body["name_en"].lower(), body
            assert "示范" in body["name_zh"], body
    assert all("demo" in person["name"] or "演示" in person["name"] for person in REGISTERED["people"])
    assert all(person["email"].endswith(".example") for person in REGISTERED["people"])


def test_both_languages_are_spoken():
    assert {person["language"] for person in REGISTERED["people"]} == {"zh", "en"}


def test_one_officer_has_an_expired_certificate_and_all_other_officers_a_valid_one():
    officers = {key: person for key, person in PEOPLE.items() if person.role == Role.AUTHORITY_OFFICER}

    assert officers[EXPIRED].certified_until == "2025-06-30"
    assert {person.certified_until for key, person in officers.items() if key != EXPIRED} == {"2031-12-31"}


@pytest.mark.parametrize(
    ("category", "authority"),
    [(Category.SPECIAL_EQUIPMENT, "Market"), (Category.FIRE, "Fire"), (Category.GAS, "Housing")],
)
def test_three_categories_go_before_the_industry(category: Category, authority: str):
    [rule] = [rule for rule in REGISTERED["competence"] if rule["key"] == category]
    names = {party["id"]: party["name_en"] for party in REGISTERED["parties"]}

    assert authority in names[rule["authority_id"]]


def test_the_gap_is_where_it_is_meant_to_be_and_nowhere_else():
    prefixes = [rule["key"] for rule in REGISTERED["competence"] if rule["by"] == CompetenceBy.INDUSTRY]
    fallbacks = {rule["key"] for rule in REGISTERED["competence"] if rule["by"] == CompetenceBy.TOWNSHIP}
    uncovered = {
        enterprise["industry_code"]
        for enterprise in REGISTERED["enterprises"]
        if not enterprise["industry_code"].startswith(tuple(prefixes))
    }

    assert uncovered == {"L7119"}
    assert {township.code for township in TOWNSHIPS if township.letter in NO_FALLBACK}.isdisjoint(fallbacks)
    assert len(fallbacks) == 7
    assert BATTERY_EXCHANGE.area_code[:9] not in fallbacks


def test_the_county_is_the_same_in_every_process():
    program = "from demo.county import content_version; print(content_version())"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )

    assert elsewhere.stdout.strip() == content_version()
