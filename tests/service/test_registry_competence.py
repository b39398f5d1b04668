"""Competence and criteria: who is responsible for what, and what makes a hazard major."""

from typing import Any
from uuid import uuid4

from registry_county import (
    AGENCY,
    COUNTY,
    EMERGENCY,
    FIRE,
    MILL,
    OFFICER,
    OPERATOR,
    TOWN,
    TOWN_CLERK,
    TOWN_HALL,
    VOLUNTEER,
    settle_in,
    slug,
)

from shared.contracts.registry import CompetenceChanged, CriterionListed
from shared.testing import OpenPlatform


def _rule(**changes: Any) -> dict[str, Any]:
    rule = {
        "id": str(uuid4()),
        "by": "category",
        "key": "fire",
        "authority_id": str(FIRE),
        "area_code": COUNTY,
        "in_force": True,
        "basis": "Fire Protection Law art. 4",
        "valid_from": None,
        "valid_to": None,
        "co_authority_ids": [],
        "township_id": None,
        "leader_id": None,
    }
    return {**rule, **changes}


RULES = [
    _rule(),
    _rule(by="industry", key="C", authority_id=str(EMERGENCY)),
    _rule(by="enterprise", key=str(MILL), authority_id=str(EMERGENCY)),
    _rule(by="township", key=TOWN, authority_id=str(TOWN_HALL)),
]


async def test_the_table_of_competence_is_told_once_row_by_row(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        assert (await http.put("/competence", json=RULES)).json() == {"received": 4, "changed": 4}
        assert (await http.put("/competence", json=RULES)).json() == {"received": 4, "changed": 0}
        await platform.settle(redeliver=3)
        told = [event.model_dump(mode="json", exclude={"at"}) for event in platform.events(CompetenceChanged)]
        assert told == [{**{k: v for k, v in rule.items() if k != "id"}, "rule_id": rule["id"]} for rule in RULES]


async def test_one_key_leads_to_one_authority_until_the_rule_is_taken_out_of_force(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await http.put("/competence", json=RULES)
        second = _rule(authority_id=str(EMERGENCY))
        refused = await http.put("/competence", json=[RULES[1], second])
        assert (refused.status_code, slug(refused), refused.json()["index"]) == (409, "already-exists", 1)
        ended = {key: value for key, value in RULES[0].items() if key != "id"} | {"in_force": False}
        assert (await http.put(f"/competence/{RULES[0]['id']}", json=ended)).json()["in_force"] is False
        assert (await http.put("/competence", json=[second])).json()["changed"] == 1
        await platform.settle(redeliver=3)
        fire = [event for event in platform.events(CompetenceChanged) if getattr(event, "key", None) == "fire"]
        assert [getattr(event, "in_force", None) for event in fire] == [True, False, True]


async def test_no_rule_leads_from_nothing_or_to_nobody(services_here: OpenPlatform) -> None:
    faults = [
        (_rule(key="water"), "competence-key"),
        (_rule(by="enterprise", key=str(uuid4())), "unknown-key"),
        (_rule(by="enterprise", key=str(FIRE)), "unknown-key"),
        (_rule(by="township", key="999901009"), "unknown-key"),
        (_rule(key="gas", authority_id=str(uuid4())), "not-an-authority"),
        (_rule(key="gas", authority_id=str(AGENCY)), "not-an-authority"),
        (_rule(key="gas", area_code="999909"), "unknown-area"),
    ]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        for rule, told in faults:
            answer = await http.put("/competence", json=[RULES[0], rule])
            assert (answer.status_code, slug(answer), answer.json()["index"]) == (422, told, 1)
        assert await platform.rows("registry", "select id from competence") == []


async def test_supervisors_read_the_table_of_competence(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        async with platform.client("registry", OPERATOR) as http:
            await http.put("/competence", json=RULES)
        for who, status in {OPERATOR: 200, OFFICER: 200, TOWN_CLERK: 200, VOLUNTEER: 403, None: 401}.items():
            async with platform.client("registry", who) as http:
                assert (await http.get("/competence")).status_code == status
        async with platform.client("registry", OFFICER) as http:
            assert (await http.get("/competence", params={"by": "township"})).json()["items"] == [RULES[3]]
            own = (await http.get("/competence", params={"authority_id": str(EMERGENCY)})).json()["items"]
            assert sorted(rule["by"] for rule in own) == ["enterprise", "industry"]


async def test_criteria_are_public_and_are_asked_for_by_category_and_day(services_here: OpenPlatform) -> None:
    def criterion(item: str, categories: list[str], valid_from: str, valid_to: str | None) -> dict[str, Any]:
        text = {"text_zh": "判定标准", "text_en": "A criterion"}
        term = {"valid_from": valid_from, "valid_to": valid_to}
        whole = {"id": str(uuid4()), "document": "GB 35181", "item": item, **text, "categories": categories, **term}
        return whole | {"basis_id": None}

    listed = [
        criterion("old", ["fire"], "2017-01-01", "2023-12-31"),
        criterion("new", ["fire", "gas"], "2024-01-01", None),
        criterion("any", [], "2020-01-01", None),
    ]
    async with services_here("registry", county_code=COUNTY) as platform:
        async with platform.client("registry", OPERATOR) as http:
            assert (await http.put("/criteria", json=listed)).json()["changed"] == 3
            assert (await http.put("/criteria", json=listed)).json()["changed"] == 0
            backwards = await http.put("/criteria", json=[listed[0], {**listed[1], "valid_to": "2023-01-01"}])
            assert backwards.status_code == 422
            assert backwards.json()["errors"][0]["at"][:2] == ["body", 1]
        await platform.settle(redeliver=3)
        told = platform.events(CriterionListed)
        assert [event.area_code for event in told] == [COUNTY] * 3
        asked = {
            ("fire", "2023-12-31"): {"old", "any"},
            ("fire", "2024-01-01"): {"new", "any"},
            ("gas", "2026-09-30"): {"new", "any"},
            ("dust", "2026-09-30"): {"any"},
            (None, "2018-01-01"): {"old"},
            (None, None): {"old", "new", "any"},
        }
        async with platform.client("registry") as anyone:
            for (category, on), items in asked.items():
                params = {key: value for key, value in {"category": category, "on": on}.items() if value}
                found = (await anyone.get("/criteria", params=params)).json()["items"]
                assert {each["item"] for each in found} == items, (category, on)
                assert all(each in listed for each in found)
