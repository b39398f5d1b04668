from uuid import UUID

import pytest

from services.inspection.copies.domain import Competence, Matter, Routing, route
from shared.contracts.inspection import RoutingRule
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import Category

EMERGENCY, MARKET, FIRE, TEXTILE, TOWN, OTHER_COUNTY = (UUID(int=n) for n in range(1, 7))
MILL, SHOP = UUID(int=11), UUID(int=12)
COUNTY = "990101"


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
    assert route(RULES, matter) == Routing(authority, fired)
    assert route(reversed(RULES), matter) == Routing(authority, fired)


def test_within_a_step_the_narrower_area_wins() -> None:
    rules = [
        rule(CompetenceBy.INDUSTRY, "C", EMERGENCY),
        rule(CompetenceBy.INDUSTRY, "C", TOWN, "990101001"),
    ]
    matter = Matter(area_code="990101001", category=Category.DUST, industry_code="C1711")
    assert route(rules, matter).authority_id == TOWN


def test_nobody_is_responsible_without_rules() -> None:
    matter = Matter(area_code=COUNTY, category=Category.OTHER)
    assert route([], matter) == Routing(None, RoutingRule.ARBITRATION)
