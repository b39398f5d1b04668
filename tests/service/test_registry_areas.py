"""Areas: a real county is loaded at once, and told once."""

import csv
from pathlib import Path
from typing import Any

from registry_county import (
    AREAS,
    COUNTY,
    OPERATOR,
    OTHER_TOWN,
    THE_MILL,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    settle_in,
    slug,
)

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
                "retired": False,
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


def square(west: float, south: float, size: float) -> dict[str, Any]:
    east, north = west + size, south + size
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


async def test_a_subtree_a_path_and_counts_are_read_of_a_real_county(services_here: OpenPlatform) -> None:
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await http.put("/areas", json=[{"code": row["code"], "name_zh": row["name"]} for row in rows])
        counts = (await http.get("/areas/counts", params={"within": "150221"})).json()
        assert counts == {"county": 1, "township": 9, "village": 216}
        town = [row["code"] for row in rows if row["code"].startswith("150221104")]
        subtree = (await http.get("/areas", params={"within": "150221104", "limit": 500})).json()["items"]
        assert [area["code"] for area in subtree] == sorted(town)
        villages = await http.get("/areas", params={"within": "150221", "level": "village", "limit": 500})
        assert len(villages.json()["items"]) == 216
        path = (await http.get(f"/areas/{town[-1]}/path")).json()
        assert [area["code"] for area in path] == ["150221", "150221104", town[-1]]
        assert (await http.get("/areas/150221999/path")).status_code == 404
        assert (await http.get("/areas/counts", params={"within": "999901"})).json()["village"] == 0


async def test_every_faulty_area_of_a_list_is_told(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        faulty = [*AREAS, {"code": "999902001", "name_zh": "孤"}, {"code": "999901000", "name_zh": "零"}, AREAS[0]]
        told = (await http.put("/areas", json=faulty)).json()
        assert [(fault["at"][1], fault["what"]) for fault in told["errors"]] == [
            (4, "unknown-area"),
            (5, "no-division"),
            (6, "listed-twice"),
        ]
        assert told["faults"] == 3
        assert all(fault["message_en"] and fault["message_zh"] for fault in told["errors"])


async def test_a_place_lies_in_the_deepest_area_that_is_drawn(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        drawn = {COUNTY: (110, 40, 1.0), TOWN: (110, 40, 0.5), OTHER_TOWN: (110.5, 40, 0.5), VILLAGE: (110, 40, 0.25)}
        for code, (west, south, size) in drawn.items():
            for _ in range(2):
                answer = await http.put(f"/areas/{code}/boundary", json=square(west, south, size))
                assert answer.status_code == 200, answer.text
        await platform.settle(redeliver=3)
        told = [event for event in platform.events(AreaRegistered) if isinstance(event, AreaRegistered)]
        assert len(told) == len(AREAS) + len(drawn), "the same boundary again is no new fact"
        assert told[-1].bounds == (110, 40, 110.25, 40.25)
        async with platform.client("registry") as anyone:
            for (lon, lat), expected in {
                (110.1, 40.1): [COUNTY, TOWN, VILLAGE],
                (110.25, 40.1): [COUNTY, TOWN, VILLAGE],
                (110.3, 40.1): [COUNTY, TOWN],
                (110.5, 40.4): [COUNTY, TOWN],
                (110.6, 40.4): [COUNTY, OTHER_TOWN],
                (110.6, 40.9): [COUNTY],
                (111.1, 40.1): [],
            }.items():
                found = (await anyone.get("/areas/at", params={"lon": lon, "lat": lat})).json()
                assert [area["code"] for area in found] == expected, (lon, lat)
            assert (await anyone.get("/areas/at", params={"lon": 181, "lat": 40})).status_code == 422
            shown = (await anyone.get(f"/areas/{TOWN}/boundary")).json()
            assert shown["type"] == "Polygon"
            assert (await anyone.get("/areas/999901003/boundary")).status_code == 404


async def test_what_is_no_boundary_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    good = square(110, 40, 1.0)
    [ring] = good["coordinates"]
    bow_tie = [[110, 40], [111, 41], [111, 40], [110, 41], [110, 40]]
    fine = [[110 + n / 50_000, 40] for n in range(20_001)] + [[110.2, 41], [110, 40]]
    bad: dict[str, tuple[dict[str, Any], str]] = {
        "open": ({**good, "coordinates": [ring[:-1]]}, "boundary-open"),
        "crossed": ({**good, "coordinates": [bow_tie]}, "boundary-invalid"),
        "too fine": ({**good, "coordinates": [fine]}, "boundary-too-fine"),
        "half the world": (square(0, 0, 80), "boundary-too-wide"),
        "axes mixed up": ({**good, "coordinates": [[[lat, lon] for lon, lat in ring]]}, "invalid-request"),
        "a point": ({"type": "Point", "coordinates": [110, 40]}, "invalid-request"),
        "empty": ({**good, "coordinates": []}, "invalid-request"),
        "another system": ({**good, "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, "boundary-crs"),
        "far from its county": (square(100, 30, 0.5), "boundary-outside"),
    }
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    several = {"type": "MultiPolygon", "coordinates": [[ring], square(111.5, 40, 0.5)["coordinates"]], "crs": named}
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        assert (await http.put(f"/areas/{COUNTY}/boundary", json=several)).status_code == 200
        for what, (body, told) in bad.items():
            refused = await http.put(f"/areas/{TOWN}/boundary", json=body)
            assert (refused.status_code, slug(refused)) == (422, told), what
        assert (await http.put("/areas/999901003/boundary", json=good)).status_code == 404
        assert await platform.rows("registry", "select code from boundaries") == [{"code": COUNTY}]
