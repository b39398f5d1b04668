"""What an enterprise is registered with, what it may put right itself, and how it is found by whom."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from registry_county import (
    AUDITOR,
    BAKER,
    BAKERY,
    COUNTY,
    EMERGENCY,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    THE_BAKERY,
    THE_MILL,
    TOWN,
    TOWN_CLERK,
    VILLAGE,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)
from sqlalchemy import event, text

from services.registry.actions import keep
from services.registry.parties.actions import registered
from services.registry.parties.models import Enterprise
from shared.contracts.registry import EnterpriseRegistered
from shared.errors import Conflict
from shared.testing import START, OpenPlatform

WHOLE: dict[str, Any] = {
    **THE_MILL,
    "legal_rep": "王五",
    "registered_capital_fen": 500_000_000,
    "established_on": "2010-05-01",
    "standing": "active",
    "registered_addr": "2 Bridge Road",
    "sector": "light_industry",
    "scale": "medium",
    "phone": "0472-8881234",
    "dispatched_workers": 12,
    "output_value_fen": 9_900_000_000,
    "shifts": 3,
    "high_hazard": True,
    "crowded": False,
    "mixed_living": True,
    "sites": [
        {
            "id": str(UUID(int=401)),
            "name": "Silo",
            "area_code": TOWN,
            "address": "Silo Road",
            "lon": 110.4,
            "lat": 40.4,
        },
        {"id": str(UUID(int=402)), "name": "Shop", "area_code": OTHER_TOWN, "address": "", "lon": None, "lat": None},
    ],
}


async def test_all_that_is_registered_is_told_and_read(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        for _ in range(2):
            shown = (await http.put(f"/enterprises/{MILL}", json=WHOLE)).json()
            assert {key: shown[key] for key in WHOLE} == WHOLE
        assert shown["division_code"] == VILLAGE
        assert (await http.get(f"/enterprises/{MILL}")).json() == shown
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(EnterpriseRegistered) if isinstance(each, EnterpriseRegistered)]
        assert len(told) == 3, "the same again is no new fact"
        assert (told[-1].sector, told[-1].scale, told[-1].high_hazard) == ("light_industry", "medium", True)
        assert [site.name for site in told[-1].sites] == ["Silo", "Shop"]
        assert "8881234" not in str(told[-1])

        less = {**WHOLE, "sites": [WHOLE["sites"][1]]}
        assert [site["name"] for site in (await http.put(f"/enterprises/{MILL}", json=less)).json()["sites"]] == [
            "Shop"
        ]
        again = (await http.put(f"/enterprises/{MILL}", json=WHOLE)).json()["sites"]
        assert [site["name"] for site in again] == ["Silo", "Shop"]
        stolen = {**THE_BAKERY, "sites": [WHOLE["sites"][0]]}
        refused = await http.put(f"/enterprises/{BAKERY}", json=stolen)
        assert (refused.status_code, slug(refused)) == (422, "site-of-another")


async def test_a_workshop_keeps_its_identity_when_it_is_registered_at_last(services_here: OpenPlatform) -> None:
    shed = uuid4()
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        unregistered = {**THE_BAKERY, "uscc": f"X{COUNTY}0001"}
        assert (await http.put(f"/enterprises/{shed}", json=unregistered)).json()["unregistered"] is True
        same_serial = await http.put(f"/enterprises/{uuid4()}", json=unregistered)
        assert (same_serial.status_code, slug(same_serial)) == (409, "already-exists")
        registered = await http.put(f"/enterprises/{shed}", json={**THE_BAKERY, "uscc": "91110108551385082Q"})
        assert (registered.json()["id"], registered.json()["unregistered"]) == (str(shed), False)
        back = await http.put(f"/enterprises/{shed}", json=unregistered)
        assert (back.status_code, slug(back)) == (422, "code-goes-back")
        elsewhere = await http.put(f"/enterprises/{uuid4()}", json={**THE_BAKERY, "uscc": "X1502210001"})
        assert slug(elsewhere) == "temporary-code-elsewhere"


async def test_an_enterprise_puts_its_own_figures_right_and_nothing_else(services_here: OpenPlatform) -> None:
    figures = {"phone": "13900000000", "employees": 130, "dispatched_workers": 3, "shifts": 2, "output_value_fen": 7}
    async with services_here("registry") as platform:
        await settle_in(platform)
        async with platform.client("registry", MANAGER) as manager:
            for _ in range(2):
                answer = await manager.put(f"/enterprises/{MILL}/figures", json=figures)
                assert {key: answer.json()[key] for key in figures} == figures
            for more in ("standing", "uscc", "name_zh", "high_hazard", "risk_colour", "version", "id"):
                assert (await manager.put(f"/enterprises/{MILL}/figures", json={**figures, more: 1})).status_code == 422
            assert (await manager.put(f"/enterprises/{BAKERY}/figures", json=figures)).status_code == 404
            assert (await manager.put(f"/enterprises/{MILL}", json=THE_MILL)).status_code == 403
        for who in (WORKER, OFFICER, OPERATOR, VOLUNTEER):
            async with platform.client("registry", who) as other:
                refused = await other.put(f"/enterprises/{MILL}/figures", json=figures)
                assert (refused.status_code, slug(refused)) == (403, "role-may-not"), who
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(EnterpriseRegistered) if isinstance(each, EnterpriseRegistered)]
        assert [(each.enterprise_id, each.employees) for each in told[2:]] == [(MILL, 130)]


async def test_names_are_found_by_any_part_as_people_type_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        odd = {
            **THE_BAKERY,
            "uscc": "91110108551385082Q",
            "name_zh": "ＡＢＣ（包头）100%_烟花",
            "name_en": "Abc Fireworks",
        }
        third = uuid4()
        assert (await http.put(f"/enterprises/{third}", json=odd)).is_success
        async with platform.client("registry") as anyone:
            for words, expected in {
                "abc(包头)": {third},
                "烟花": {third},
                "100%": {third},
                "0%_": {third},
                "FIREWORKS": {third},
                "flour m": {MILL},
                "花abc": set[UUID](),
                "粉面": set[UUID](),
                "91110108551385082q": {third},
                "9111010855": set[UUID](),
            }.items():
                found = (await anyone.get("/enterprises", params={"q": words})).json()["items"]
                assert {UUID(each["id"]) for each in found} == expected, words
        beginning = (await http.get("/enterprises", params={"q": "9111010855"})).json()["items"]
        assert [each["id"] for each in beginning] == [str(third)]


async def test_by_what_not_everybody_sees_each_finds_only_what_is_theirs(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        assert (await http.put(f"/enterprises/{MILL}", json=WHOLE)).is_success
        assert (await http.put(f"/enterprises/{BAKERY}", json={**THE_BAKERY, "sector": "light_industry"})).is_success
        async with platform.service("registry").database.transaction() as tx:
            await tx.execute(text("update enterprises set risk_colour = 'red' where id = :id"), {"id": MILL})
        by: list[tuple[dict[str, Any], set[UUID]]] = [
            ({"industry": "C"}, {MILL, BAKERY}),
            ({"industry": "C13"}, {MILL}),
            ({"sector": "light_industry"}, {MILL, BAKERY}),
            ({"scale": "medium"}, {MILL}),
            ({"colour": "red"}, {MILL}),
            ({"high_hazard": True}, {MILL}),
            ({"standing": "active", "area": OTHER_TOWN}, {BAKERY}),
            ({}, {MILL, BAKERY}),
        ]
        sees = {OPERATOR: {MILL, BAKERY}, OFFICER: {MILL, BAKERY}, AUDITOR: {MILL, BAKERY}, TOWN_CLERK: {MILL}}
        sees |= {MANAGER: {MILL}, WORKER: {MILL}, BAKER: {BAKERY}}
        for who, theirs in sees.items():
            async with platform.client("registry", who) as client:
                for params, expected in by:
                    found = (await client.get("/enterprises", params=params)).json()
                    assert {UUID(each["id"]) for each in found["items"]} == expected & theirs, (who, params)
                    assert found["next"] is None
                named = (await client.get("/enterprises", params={"q": "面", "industry": "C"})).json()["items"]
                assert {UUID(each["id"]) for each in named} == theirs
        for who in (VOLUNTEER, None):
            async with platform.client("registry", who) as client:
                for params, _ in by:
                    found = await client.get("/enterprises", params={**params, "q": "面粉"})
                    items = {UUID(each["id"]) for each in found.json()["items"]}
                    assert items == (set() if set(params) - {"area"} else {MILL}), (who, params)
                unknown = await client.get("/enterprises", params={"q": "面粉", "employees": 3})
                assert unknown.status_code == 422


async def test_a_search_takes_at_most_three_statements(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OFFICER) as officer:
        await settle_in(platform)
        said: list[str] = []
        engine = platform.service("registry").database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda *facts: said.append(facts[2]))
        first = (await officer.get("/enterprises", params={"area": COUNTY, "limit": 1})).json()
        assert len(said) == 2
        said.clear()
        await officer.get("/enterprises", params={"area": COUNTY, "limit": 1, "after": first["next"]})
        assert len(said) == 3
        said.clear()
        await officer.get("/enterprises", params={"q": "面粉", "industry": "C"})
        assert len(said) == 2


@pytest.mark.parametrize("who", [VOLUNTEER, MANAGER, None])
async def test_the_line_of_a_party_is_for_those_who_work_with_it(services_here: OpenPlatform, who: Any) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        bureau = {
            "kind": "authority", "name_zh": "应急管理局", "area_code": COUNTY, "uscc": "91110000600037341L",
            "address": "1 Hall Street", "phone": "0472-1234567",
        }  # fmt: skip
        assert (await http.put(f"/parties/{EMERGENCY}", json=bureau)).json()["phone"] == "0472-1234567"
        brigade = {"kind": "authority", "name_zh": "大队", "area_code": COUNTY, "parent_id": str(EMERGENCY)}
        under = uuid4()
        assert (await http.put(f"/parties/{under}", json=brigade)).is_success
        ring = await http.put(f"/parties/{EMERGENCY}", json={**bureau, "parent_id": str(under)})
        assert (ring.status_code, slug(ring)) == (422, "party-above-itself")
        below = (await http.get("/parties", params={"under": str(EMERGENCY)})).json()["items"]
        assert [each["id"] for each in below] == [str(under)]
        async with platform.client("registry", who) as client:
            assert "phone" not in (await client.get(f"/parties/{EMERGENCY}")).json()
            assert "1234567" not in (await client.get("/parties")).text
        for colleague in (OFFICER, TOWN_CLERK):
            async with platform.client("registry", colleague) as client:
                assert (await client.get(f"/parties/{EMERGENCY}")).json()["phone"] == "0472-1234567"


async def test_the_classes_of_industry_are_there_for_forms(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry") as anyone:
        listed = (await anyone.get("/industries")).json()
        assert len(listed) == 117
        assert {"code": "C13", "name_zh": "农副食品加工业", "name_en": "Processing of farm and sideline food"} in listed


async def test_of_a_list_that_lost_a_race_the_row_is_named(services_here: OpenPlatform) -> None:
    """The rules saw nobody with that code; by the time the list is written somebody has it."""

    def state(uscc: str) -> dict[str, Any]:
        names = dict.fromkeys(("name_en", "name_zh", "searched", "address"), "x")
        return {**names, "uscc": uscc, "industry_code": "C13", "area_code": VILLAGE, "employees": 1}

    def fact(row: Enterprise) -> EnterpriseRegistered:
        return registered(row, [], START)

    async with services_here("registry") as platform:
        await settle_in(platform)
        wanted = [(uuid4(), state("91110108551385082Q")), (uuid4(), state(THE_BAKERY["uscc"])), (uuid4(), state("Y"))]
        with pytest.raises(Conflict) as lost:
            async with platform.service("registry").database.transaction() as tx:
                await keep(tx, Enterprise, wanted, fact)
        assert lost.value.facts == {"index": 1}
        assert len(await platform.rows("registry", "select id from enterprises")) == 2
        async with platform.service("registry").database.transaction() as tx:
            kept = await keep(tx, Enterprise, [wanted[0], wanted[2]], fact)
        assert (kept.received, kept.changed) == (2, 2)
