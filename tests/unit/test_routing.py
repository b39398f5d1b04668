from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from shared.contracts.inspection import RoutingRule
from shared.contracts.registry import CompetenceBy
from shared.contracts.routing import Competence, Matter, Routing, route
from shared.contracts.values import Category

EMERGENCY, MARKET, FIRE, TEXTILE, TOWN, OTHER_COUNTY = (UUID(int=n) for n in range(1, 7))
MILL, SHOP = UUID(int=11), UUID(int=12)
COUNTY = "990101"
TODAY = date(2026, 9, 30)


def rule(by: CompetenceBy, key: str, authority: UUID, area: str = COUNTY) -> Competence:
    return Competence(by=by, key=key, authority_id=authority, area_code=area)


RULES = [
    rule(CompetenceBy.TOWNSHIP, "990101001", TOWN),
    rule(CompetenceBy.INDUSTRY, "C", EMERGENCY),
    rule(CompetenceBy.INDUSTRY, "C17", TEXTILE),
    rule(CompetenceBy.CATEGORY, "fire", FIRE),
    rule(CompetenceBy.CATEGORY, "special_equipment", MARKET),
    rule(CompetenceBy.CATEGORY, "dust", MARKET),
    rule(CompetenceBy.ENTERPRISE, str(SHOP), MARKET),
    rule(CompetenceBy.INDUSTRY, "C17", OTHER_COUNTY, "990102"),
]


@pytest.mark.parametrize(
    ("enterprise", "industry", "category", "area", "authority", "fired"),
    [
        (SHOP, "C1711", Category.FIRE, "990101001", MARKET, RoutingRule.ENTERPRISE),
        (MILL, "C1711", Category.FIRE, "990101001", FIRE, RoutingRule.CATEGORY),
        (None, None, Category.SPECIAL_EQUIPMENT, "990101002", MARKET, RoutingRule.CATEGORY),
        (MILL, "C1711", Category.DUST, "990101001", TEXTILE, RoutingRule.INDUSTRY),
        (MILL, "C1711", Category.GAS, "990101001", TEXTILE, RoutingRule.INDUSTRY),
        (MILL, "C3031", Category.DUST, "990101001", EMERGENCY, RoutingRule.INDUSTRY),
        (MILL, "P8210", Category.DUST, "990101001", TOWN, RoutingRule.TOWNSHIP),
        (None, None, Category.DUST, "990101001005", TOWN, RoutingRule.TOWNSHIP),
        (MILL, "P8210", Category.DUST, "990101002", None, RoutingRule.ARBITRATION),
        (MILL, "C1711", Category.DUST, "990102001", OTHER_COUNTY, RoutingRule.INDUSTRY),
        (MILL, "C3031", Category.FIRE, "990103", None, RoutingRule.ARBITRATION),
    ],
)
def test_the_first_matching_step_names_the_authority(
    enterprise: UUID | None,
    industry: str | None,
    category: Category,
    area: str,
    authority: UUID | None,
    fired: RoutingRule,
) -> None:
    matter = Matter(area_code=area, category=category, enterprise_id=enterprise, industry_code=industry)
    for rules in (RULES, RULES[::-1]):
        routing = route(rules, matter, TODAY)
        assert (routing.authority_id, routing.rule) == (authority, fired)
        assert (routing.fired is None) == (authority is None)


MATTER = Matter(area_code="990101001", category=Category.DUST, industry_code="C1711")


def standings(routing: Routing) -> list[tuple[UUID, str]]:
    return [(each.rule.authority_id, each.standing.value) for each in routing.considered]


def test_within_a_step_the_narrower_area_wins_and_is_no_conflict() -> None:
    rules = [
        rule(CompetenceBy.INDUSTRY, "C", EMERGENCY),
        rule(CompetenceBy.INDUSTRY, "C", TOWN, "990101001"),
    ]
    assert standings(route(rules, MATTER, TODAY)) == [(TOWN, "fired"), (EMERGENCY, "wider_area")]


def test_every_rule_that_speaks_of_the_matter_says_why_it_did_not_decide() -> None:
    last_year = replace(rule(CompetenceBy.INDUSTRY, "C171", MARKET), valid_to=TODAY - timedelta(days=1))
    matter = Matter(area_code="990101001", category=Category.FIRE, enterprise_id=MILL, industry_code="C1711")
    routing = route([*RULES, last_year], matter, TODAY)
    assert standings(routing) == [
        (FIRE, "fired"),
        (TEXTILE, "later_step"),
        (EMERGENCY, "later_step"),
        (TOWN, "later_step"),
        (MARKET, "not_in_force"),
    ]
    dust = route([*RULES, last_year], replace(matter, category=Category.DUST), TODAY)
    assert standings(dust)[:2] == [(TEXTILE, "fired"), (EMERGENCY, "shorter_key")]


def test_a_rule_of_last_year_explains_last_years_decision() -> None:
    new_year = date(2026, 1, 1)
    old = replace(rule(CompetenceBy.INDUSTRY, "C", EMERGENCY), valid_to=new_year - timedelta(days=1))
    new = replace(rule(CompetenceBy.INDUSTRY, "C", MARKET), valid_from=new_year)
    for on, authority in ((new_year - timedelta(days=1), EMERGENCY), (new_year, MARKET)):
        assert route([old, new], MATTER, on).authority_id == authority
    assert route([old], MATTER, new_year) == Routing(
        None, RoutingRule.ARBITRATION, route([old], MATTER, new_year).considered
    )


def test_two_rules_of_one_specificity_that_lead_apart_name_nobody() -> None:
    rules = [rule(CompetenceBy.INDUSTRY, "C", EMERGENCY), rule(CompetenceBy.INDUSTRY, "C", MARKET)]
    for given in (rules, rules[::-1]):
        routing = route(given, MATTER, TODAY)
        assert (routing.authority_id, routing.rule, routing.fired) == (None, RoutingRule.ARBITRATION, None)
        assert standings(routing) == [(EMERGENCY, "tied"), (MARKET, "tied")]
    settled = route([*rules, rule(CompetenceBy.INDUSTRY, "C17", TEXTILE)], MATTER, TODAY)
    assert (settled.authority_id, standings(settled)[1:]) == (
        TEXTILE,
        [(EMERGENCY, "shorter_key"), (MARKET, "shorter_key")],
    )


def test_a_rule_that_only_repeats_another_is_no_conflict() -> None:
    first, second = (replace(rule(CompetenceBy.INDUSTRY, "C", EMERGENCY), rule_id=UUID(int=n)) for n in (1, 2))
    routing = route([second, first], MATTER, TODAY)
    assert (routing.authority_id, routing.rule_id) == (EMERGENCY, UUID(int=1))
    assert standings(routing) == [(EMERGENCY, "fired"), (EMERGENCY, "repeats")]


def test_nobody_is_responsible_without_rules() -> None:
    matter = Matter(area_code=COUNTY, category=Category.OTHER)
    assert route([], matter, TODAY) == Routing(None, RoutingRule.ARBITRATION)
