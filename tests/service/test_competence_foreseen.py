"""Whom a matter would lead to, for whom nobody answers, and which rules lead nowhere: known before a hazard is."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from registry_county import (
    AREAS,
    BAKERY,
    COUNTY,
    EMERGENCY,
    FIRE,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    THE_BAKERY,
    TOWN,
    TOWN_CLERK,
    TOWN_HALL,
    VOLUNTEER,
    settle_in,
    slug,
)

from shared.raw import connect
from shared.testing import START, OpenPlatform, Platform

TODAY = START.date()
DAY = timedelta(days=1)


def rule(by: str, key: str, authority: UUID, area: str = COUNTY, **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "by": by, "key": key, "authority_id": str(authority), "area_code": area, **changes}


async def keep(http: httpx.AsyncClient, *rules: dict[str, Any]) -> None:
    answer = await http.put("/competence", json=rules)
    assert answer.status_code == 200, answer.text


async def decided(http: httpx.AsyncClient, **ask: Any) -> dict[str, Any]:
    answer = await http.post("/competence/decide", json=ask)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_decision_names_its_rule_and_those_that_were_passed_over(services_here: OpenPlatform) -> None:
    own = rule("enterprise", str(MILL), FIRE, valid_from=str(TODAY), valid_to=str(TODAY + DAY))
    trade = rule("industry", "C", EMERGENCY, co_authority_ids=[str(FIRE)], township_id=str(TOWN_HALL))
    town = rule("township", TOWN, TOWN_HALL)
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await keep(http, own, trade, town)
        mill = {"enterprise_id": str(MILL), "category": "dust"}
        told = await decided(http, **mill)
        assert (told["authority_id"], told["routing_rule"], told["rule_id"]) == (str(FIRE), "enterprise", own["id"])
        assert [(each["rule"]["id"], each["standing"]) for each in told["considered"]] == [
            (own["id"], "fired"),
            (trade["id"], "later_step"),
            (town["id"], "later_step"),
        ]
        before = await decided(http, **mill, on=str(TODAY - DAY))
        assert (before["authority_id"], before["routing_rule"]) == (str(EMERGENCY), "industry")
        assert before["considered"][0]["rule"]["co_authority_ids"] == [str(FIRE)]
        assert before["considered"][-1] == {**before["considered"][-1], "standing": "not_in_force"}
        nowhere = await decided(http, area_code=OTHER_TOWN, category="dust")
        assert (nowhere["authority_id"], nowhere["routing_rule"], nowhere["considered"]) == (None, "arbitration", [])
        by_trade = await decided(http, area_code=OTHER_TOWN, category="dust", industry_code="C1310")
        assert by_trade["rule_id"] == trade["id"]


async def test_what_is_foretold_is_what_inspection_decides(services_here: OpenPlatform) -> None:
    rules = [rule("industry", "C", EMERGENCY), rule("category", "fire", FIRE), rule("township", OTHER_TOWN, TOWN_HALL)]
    async with services_here("registry", "inspection") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await keep(http, *rules)
        await platform.settle(redeliver=3)
        for enterprise, category in ((MILL, "dust"), (MILL, "fire"), (BAKERY, "other"), (None, "other")):
            claim_id = uuid4()
            claim: dict[str, Any] = {
                "what": "Something is wrong",
                "category": category,
                "place": {"area_code": TOWN if enterprise != BAKERY else OTHER_TOWN},
                "enterprise_id": str(enterprise) if enterprise else None,
            }
            async with platform.client("inspection", OFFICER) as officer:
                answer = await officer.put(f"/docket/claims/{claim_id}", json=claim)
                assert answer.is_success, answer.text
            foretold = await decided(
                http,
                category=category,
                area_code=claim["place"]["area_code"],
                **({"enterprise_id": str(enterprise)} if enterprise else {}),
            )
            [entry] = await platform.rows(
                "inspection",
                "select d.authority_id, d.routing_rule, h.facts ->> 'rule_id' as rule_id from docket_entries d"
                " join history h on h.object_id = d.id and h.verb = 'receive' where d.claim_id = :claim",
                claim=claim_id,
            )
            authority = UUID(foretold["authority_id"]) if foretold["authority_id"] else None
            assert dict(entry) == {
                "authority_id": authority,
                "routing_rule": foretold["routing_rule"],
                "rule_id": foretold["rule_id"],
            }


async def test_only_who_supervises_may_ask_and_asks_something(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        ask = {"area_code": TOWN, "category": "dust"}
        for who, status in {OPERATOR: 200, OFFICER: 200, TOWN_CLERK: 200, VOLUNTEER: 403, None: 401}.items():
            async with platform.client("registry", who) as http:
                assert (await http.post("/competence/decide", json=ask)).status_code == status
                assert (await http.get("/competence/gaps")).status_code == status
                assert (await http.get("/competence/gaps/places")).status_code == status
                assert (await http.get("/competence/conflicts")).status_code == status
        async with platform.client("registry", OPERATOR) as http:
            unknown = await http.post("/competence/decide", json={"enterprise_id": str(uuid4()), "category": "dust"})
            assert (unknown.status_code, slug(unknown)) == (404, "not-found")
            for nonsense in ({"category": "dust"}, {**ask, "industry_code": "C", "enterprise_id": str(MILL)}):
                assert (await http.post("/competence/decide", json=nonsense)).status_code == 422


async def test_enterprises_without_a_department_are_found_before_a_hazard_is(services_here: OpenPlatform) -> None:
    async def found(**query: Any) -> dict[str, str]:
        items = (await http.get("/competence/gaps", params=query)).json()["items"]
        return {item["id"]: item["gap"] for item in items}

    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        assert await found() == {str(MILL): "nobody", str(BAKERY): "nobody"}
        town = rule("township", TOWN, TOWN_HALL, valid_from=str(TODAY))
        await keep(http, town, rule("category", "fire", FIRE), rule("industry", "C131", EMERGENCY, OTHER_TOWN))
        assert await found() == {str(MILL): "fallback", str(BAKERY): "nobody"}
        assert await found(gap="fallback") == {str(MILL): "fallback"}
        assert await found(area=OTHER_TOWN) == {str(BAKERY): "nobody"}
        assert (await found(on=str(TODAY - DAY)))[str(MILL)] == "nobody"
        first = (await http.get("/competence/gaps", params={"limit": 1})).json()
        rest = (await http.get("/competence/gaps", params={"limit": 1, "after": first["next"]})).json()
        assert ([first["items"][0]["id"], rest["items"][0]["id"]], rest["next"]) == ([str(MILL), str(BAKERY)], None)
        assert slug(await http.get("/competence/gaps", params={"after": str(uuid4())})) == "bad-cursor"
        gone = {**THE_BAKERY, "standing": "deregistered"}
        assert (await http.put(f"/enterprises/{BAKERY}", json=gone)).status_code == 200
        assert await found() == {str(MILL): "fallback"}
        await http.put(f"/enterprises/{BAKERY}", json=THE_BAKERY)
        await keep(http, rule("industry", "C13", EMERGENCY), rule("enterprise", str(BAKERY), FIRE))
        assert await found() == {}
        assert await found(on=str(TODAY - DAY)) == {}


async def test_a_township_hears_of_its_own_gaps_only(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        async with platform.client("registry", TOWN_CLERK) as http:
            listed = (await http.get("/competence/gaps", params={"limit": 1})).json()
            assert ([item["id"] for item in listed["items"]], listed["next"]) == ([str(MILL)], None)
            assert (await http.get("/competence/gaps", params={"area": OTHER_TOWN})).json()["items"] == []
            places = (await http.get("/competence/gaps/places")).json()["items"]
            assert {place["area_code"] for place in places} == {TOWN}


async def test_places_tell_which_categories_have_no_department(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await keep(
            http,
            rule("category", "fire", FIRE),
            rule("category", "gas", FIRE, TOWN),
            rule("category", "dust", FIRE),
            rule("township", TOWN, TOWN_HALL),
        )
        places = (await http.get("/competence/gaps/places")).json()["items"]
        assert [(place["area_code"], place["category"], place["gap"]) for place in places] == [
            (TOWN, "special_equipment", "fallback"),
            (TOWN, None, "fallback"),
            (OTHER_TOWN, "gas", "nobody"),
            (OTHER_TOWN, "special_equipment", "nobody"),
            (OTHER_TOWN, None, "nobody"),
        ]


async def test_rules_that_lead_to_two_outside_or_nowhere_are_listed(services_here: OpenPlatform) -> None:
    one = rule("industry", "C", EMERGENCY, valid_to=str(TODAY + DAY))
    two = rule("industry", "C", FIRE, valid_from=str(TODAY + DAY))
    later = rule("industry", "B", FIRE, valid_from=str(TODAY + DAY))
    earlier = rule("industry", "B", EMERGENCY, valid_to=str(TODAY))
    nested = rule("industry", "C", FIRE, TOWN)
    outside = rule("industry", "D", TOWN_HALL, OTHER_TOWN)
    idle = rule("category", "dust", FIRE)
    missed = rule("enterprise", str(MILL), EMERGENCY, OTHER_TOWN)
    fine = [rule("township", TOWN, TOWN_HALL), rule("enterprise", str(MILL), TOWN_HALL)]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await keep(http, one, two, later, earlier, nested, outside, idle, missed, *fine)
        faulty: dict[str, Any] = {}
        after: dict[str, str] = {}
        while True:
            page = (await http.get("/competence/conflicts", params={"limit": 2, **after})).json()
            faulty |= {item["rule"]["id"]: (item["faults"], item["tied_with"]) for item in page["items"]}
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert faulty == {
            one["id"]: (["tied"], [two["id"]]),
            two["id"]: (["tied"], [one["id"]]),
            outside["id"]: (["outside"], []),
            idle["id"]: (["idle"], []),
            missed["id"]: (["idle"], []),
        }
        told = await decided(http, area_code=OTHER_TOWN, industry_code="C13", category="dust", on=str(TODAY + DAY))
        assert (told["authority_id"], {each["standing"] for each in told["considered"]}) == (None, {"tied"})
        late = (await http.get("/competence/conflicts", params={"on": str(TODAY + 2 * DAY)})).json()["items"]
        assert one["id"] not in {item["rule"]["id"] for item in late}
        gone = {"kind": "authority", "name_zh": "应急管理局", "area_code": COUNTY, "dissolved": True}
        assert (await http.put(f"/parties/{EMERGENCY}", json=gone)).status_code == 200
        found = (await http.get("/competence/conflicts")).json()["items"]
        told = {item["rule"]["id"]: item["faults"] for item in found}
        assert (told[earlier["id"]], told[one["id"]]) == (["dissolved"], ["tied", "dissolved"])


async def test_whoever_a_rule_names_exists(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        for changes, told in (
            ({"co_authority_ids": [str(uuid4())]}, "not-an-authority"),
            ({"township_id": str(FIRE)}, "not-a-township"),
            ({"leader_id": str(uuid4())}, "unknown-person"),
        ):
            answer = await http.put("/competence", json=[rule("industry", "C", EMERGENCY, **changes)])
            assert (answer.status_code, slug(answer)) == (422, told)
        for nonsense in (
            {"co_authority_ids": [str(EMERGENCY)]},
            {"co_authority_ids": [str(FIRE)] * 2},
            {"valid_from": "2026-02-01", "valid_to": "2026-01-31"},
        ):
            answer = await http.put("/competence", json=[rule("industry", "C", EMERGENCY, **nonsense)])
            assert answer.status_code == 422


MANY = 100_000
_FOUND_MANY = """
insert into enterprises (id, version, area_code, uscc, name_en, name_zh, searched, standing, industry_code, address,
                         employees)
select gen_random_uuid(), 1, $1 || lpad((n % 40 + 1)::text, 3, '0') || lpad((n % 9 + 1)::text, 3, '0'),
       'T' || lpad(n::text, 17, '0'), 'Works ' || n, '企业' || n, '企业' || n, 'active',
       chr(65 + n % 20) || lpad((n % 9000)::text, 4, '0'), '', 10
from generate_series(1, $2::int) as n
"""


async def test_gaps_among_a_hundred_thousand_enterprises_are_found_within_two_seconds(
    services_here: OpenPlatform,
) -> None:
    """Measured on two shared cores: a first page 0.13 s, a later one 0.19 s."""
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await http.put("/areas", json=[AREAS[0]])
        await _fill(platform)
        letters = [chr(65 + n) for n in range(19)]
        await keep(
            http, *(rule("industry", f"{letter}{digit}", EMERGENCY) for letter in letters for digit in range(10))
        )
        await keep(http, *(rule("industry", f"{letter}{n:02}", FIRE, TOWN) for letter in letters for n in range(11)))
        began = time.perf_counter()
        page = (await http.get("/competence/gaps", params={"limit": 200})).json()
        first_s = time.perf_counter() - began
        began = time.perf_counter()
        page_two = (await http.get("/competence/gaps", params={"limit": 200, "after": page["next"]})).json()
        second_s = time.perf_counter() - began
        assert {item["industry_code"][0] for item in page["items"] + page_two["items"]} <= {"T", "C"}
        assert len({item["id"] for item in page["items"] + page_two["items"]}) == 400
        assert (first_s < 2, second_s < 2) == (True, True), (first_s, second_s)


async def _fill(platform: Platform) -> None:
    connection = await connect(platform.service("registry").database.url)
    try:
        await connection.execute(_FOUND_MANY, COUNTY, MANY)
        await connection.execute("analyze enterprises")
    finally:
        await connection.close()
