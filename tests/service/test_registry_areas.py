"""Areas: a real county is loaded at once, and told once."""

import csv
from pathlib import Path
from typing import Any

from registry_county import AREAS, COUNTY, OPERATOR, THE_MILL, TOWN, VILLAGE, VOLUNTEER, settle_in, slug

from shared.contracts.registry import AreaRegistered
from shared.contracts.values import area_id
from shared.testing import OpenPlatform

FILE = Path(__file__).parent.parent / "data" / "areas-150221.csv"


async def test_a_real_county_is_loaded_in_one_request_and_told_once(services_here: OpenPlatform) -> None:
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    asks = [{"code": row["code"], "name_zh": row["name"]} for row in rows]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        first = await http.put("/areas", json=asks)
        assert first.json() == {"received": 226, "changed": 226}
        again = await http.put("/areas", json=asks)
        assert again.json() == {"received": 226, "changed": 0}
        await platform.settle(redeliver=3)

        told = [event for event in platform.events(AreaRegistered) if isinstance(event, AreaRegistered)]
        assert [event.code for event in told] == [row["code"] for row in rows]
        for event, row in zip(told[1:], rows[1:], strict=True):
            assert (event.parent_code, event.level) == (row["parent_code"], row["level"])
        assert (told[0].parent_code, told[0].level) == (None, "county")

        townships = (await http.get("/areas", params={"parent": "150221"})).json()
        assert [area["name_zh"] for area in townships["items"]][:2] == ["萨拉齐镇", "双龙镇"]
        assert (len(townships["items"]), townships["next"]) == (9, None)


async def test_a_changed_name_is_the_next_version_of_the_same_area(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        ask = {"name_zh": "东街道", "name_en": "East Street"}
        for _ in range(3):
            answer = await http.put(f"/areas/{TOWN}", json=ask)
            assert answer.json() == {
                "id": str(area_id(TOWN)),
                "code": TOWN,
                "parent_code": COUNTY,
                "level": "township",
                **ask,
            }
        await platform.settle(redeliver=3)
        told = [row for row in platform.bus.stored if row.aggregate_id == area_id(TOWN)]
        assert [row.headers["ce-sequence"].lstrip("0") for row in told] == ["1", "2"]
        assert (await http.get(f"/areas/{TOWN}")).json()["name_en"] == "East Street"


async def test_an_area_lies_in_one_that_exists_or_nothing_of_the_list_is_kept(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        orphan = {"code": "999902001", "name_zh": "孤镇"}
        answer = await http.put("/areas", json=[*AREAS, orphan])
        assert (answer.status_code, slug(answer), answer.json()["index"]) == (422, "unknown-area", 4)
        wrong = await http.put("/areas", json=[*AREAS, {"code": "99", "name_zh": "短"}])
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["at"] == ["body", 4, "code"]
        assert (await http.get("/areas")).json() == {"items": [], "next": None}
        assert (await http.put("/areas", json=[])).status_code == 422
        twice = await http.put("/areas", json=[*AREAS, AREAS[1]])
        assert (twice.status_code, slug(twice), twice.json()["index"]) == (422, "listed-twice", 4)
        assert (await http.put(f"/areas/{'１' * 6}", json={"name_zh": "全角"})).status_code == 422


async def test_everybody_reads_areas_page_by_page(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry") as anyone:
        await settle_in(platform)
        first = (await anyone.get("/areas", params={"limit": 3})).json()
        rest = (await anyone.get("/areas", params={"limit": 3, "after": first["next"]})).json()
        assert sorted(area["code"] for area in AREAS) == [area["code"] for area in first["items"] + rest["items"]]
        assert rest["next"] is None
        assert (await anyone.get(f"/areas/{VILLAGE}")).json()["parent_code"] == TOWN
        assert (await anyone.get("/areas/999902")).status_code == 404
        lost = await anyone.get("/areas", params={"after": str(area_id("999902"))})
        assert (lost.status_code, slug(lost)) == (400, "bad-cursor")


async def test_only_an_operator_writes(services_here: OpenPlatform) -> None:
    some = str(area_id("some"))
    writes: dict[str, tuple[str, dict[str, Any]]] = {
        "/areas": (COUNTY, {"name_zh": "县"}),
        "/parties": (some, {"kind": "authority", "name_zh": "局", "area_code": COUNTY}),
        "/enterprises": (some, THE_MILL),
        "/people": (some, {"name": "Ada", "area_code": COUNTY}),
        "/memberships": (some, {"person_id": some, "role": "public", "area_code": COUNTY}),
        "/competence": (some, {"by": "category", "key": "fire", "authority_id": some, "area_code": COUNTY}),
        "/criteria": (some, {"document": "D", "item": "1", "text_zh": "文", "valid_from": "2024-01-01"}),
    }
    async with (
        services_here("registry") as platform,
        platform.client("registry", VOLUNTEER) as volunteer,
        platform.client("registry") as anyone,
    ):
        for address, (name, ask) in writes.items():
            listed = [{"code" if address == "/areas" else "id": name, **ask}]
            for path, body in ((address, listed), (f"{address}/{name}", ask)):
                refused = await volunteer.put(path, json=body)
                assert (refused.status_code, slug(refused)) == (403, "role-may-not"), path
                assert (await anyone.put(path, json=body)).status_code == 401
        assert (await volunteer.delete(f"/memberships/{some}")).status_code == 403
        assert await platform.rows("registry", "select id from outbox") == []
