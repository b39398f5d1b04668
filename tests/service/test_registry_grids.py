"""Grids: everything that is supervised stands in exactly one, and three people answer for it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from registry_county import (
    BAKERY,
    COUNTY,
    EMERGENCY,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    THE_BAKERY,
    THE_MILL,
    TOWN,
    TOWN_CLERK,
    TOWN_HALL,
    VILLAGE,
    VOLUNTEER,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts.registry import AreaRegistered, GridObjectPlaced, GridRegistered
from shared.contracts.values import derived_id
from shared.testing import START, OpenPlatform, Platform

GRID, SECOND, WEST = f"{VILLAGE}001", f"{VILLAGE}002", f"{OTHER_TOWN}000001"
LI, WANG, ZHAO, SUN = (UUID(int=300 + n) for n in range(4))
TODAY = str(START.date())
GRID_WORKER = Actor(LI, "grid_worker", None, VILLAGE, "en", "Li")
NAMES = {LI: "李网格", WANG: "王监管", ZHAO: "赵领导", SUN: "孙网格"}
MEMBERSHIPS = [
    (UUID(int=310), LI, "grid_worker", None, VILLAGE),
    (UUID(int=311), WANG, "township", TOWN_HALL, TOWN),
    (UUID(int=312), ZHAO, "authority.head", EMERGENCY, COUNTY),
    (UUID(int=313), SUN, "grid_worker", None, TOWN),
]


def square(west: float, south: float, size: float = 0.1) -> dict[str, Any]:
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


async def with_grids(platform: Platform, http: httpx.AsyncClient) -> None:
    await settle_in(platform)
    grids = [{"code": code, "name_zh": f"网格{code[-3:]}"} for code in (GRID, SECOND, WEST)]
    assert (await http.put("/grids", json=grids)).json() == {"received": 3, "changed": 3}
    people = [{"id": str(each), "name": name, "area_code": COUNTY} for each, name in NAMES.items()]
    assert (await http.put("/people", json=people)).status_code == 200
    held = [
        {"id": str(each), "person_id": str(person), "role": role, "party_id": party and str(party), "area_code": area}
        for each, person, role, party, area in MEMBERSHIPS
    ]
    answer = await http.put("/memberships", json=held)
    assert answer.status_code == 200, answer.text


async def staff(http: httpx.AsyncClient, grid: str = GRID) -> None:
    for post, person in {"worker": LI, "supervisor": WANG, "leader": ZHAO}.items():
        answer = await http.put(f"/grids/{grid}/posts/{post}", json={"person_id": str(person), "since": TODAY})
        assert answer.status_code == 200, answer.text


async def test_a_grid_is_told_with_the_three_who_answer_for_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        await staff(http)
        await staff(http)
        await platform.settle(redeliver=3)
        told = [event for event in platform.events(GridRegistered) if isinstance(event, GridRegistered)]
        assert [event.code for event in told] == [GRID, SECOND, WEST, GRID, GRID, GRID]
        last = told[-1]
        assert (last.grid_worker_id, last.safety_supervisor_id, last.contact_leader_id) == (LI, WANG, ZHAO)
        assert (last.grid_id, last.area_code, last.name_en) == (derived_id("grid", GRID), VILLAGE, "网格001")
        assert told[2].area_code == OTHER_TOWN


async def test_whoever_leaves_a_post_stays_in_its_history(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        await staff(http)
        platform.travel(days=30)
        later = str((START + timedelta(days=10)).date())
        # the sign-in of thirty days ago is over
        async with platform.client("registry", TOWN_CLERK) as clerk:
            changed = await clerk.put(f"/grids/{GRID}/posts/worker", json={"person_id": str(SUN), "since": later})
            workers = [each for each in changed.json() if each["post"] == "worker"]
            assert [(each["name"], each["since"], each["until"]) for each in workers] == [
                ("孙网格", later, None),
                ("李网格", TODAY, later),
            ]
            early = await clerk.put(f"/grids/{GRID}/posts/worker", json={"person_id": str(LI), "since": TODAY})
            assert (early.status_code, slug(early)) == (422, "before-present-holder")
            ahead = await clerk.put(f"/grids/{GRID}/posts/worker", json={"person_id": str(LI), "since": "2027-01-01"})
            assert (ahead.status_code, slug(ahead)) == (422, "not-yet-in-post")
            mistaken = await clerk.put(f"/grids/{GRID}/posts/worker", json={"person_id": str(LI), "since": later})
            assert [each["name"] for each in mistaken.json() if each["post"] == "worker"] == ["李网格", "李网格"]


async def test_only_who_is_fit_there_gets_a_post(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        for grid, post, person in (
            (GRID, "worker", WANG),
            (GRID, "supervisor", LI),
            (GRID, "leader", LI),
            (WEST, "worker", LI),
            (WEST, "supervisor", WANG),
            (GRID, "worker", UUID(int=999)),
        ):
            refused = await http.put(f"/grids/{grid}/posts/{post}", json={"person_id": str(person), "since": TODAY})
            assert (refused.status_code, slug(refused)) == (422, "unfit-for-post"), (grid, post, person)
        assert (await http.put(f"/grids/{WEST}/posts/leader", json={"person_id": str(ZHAO), "since": TODAY})).is_success


async def test_nothing_stands_in_two_grids(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        mill = {"object_id": str(MILL)}
        for _ in range(2):
            assert (await http.put(f"/grids/{GRID}/objects", json=[mill])).json()["received"] == 1
        refused = await http.put(f"/grids/{SECOND}/objects", json=[mill])
        assert (refused.status_code, slug(refused)) == (409, "object-in-grid")
        assert GRID in refused.json()["detail_en"]
        assert "网格001" in refused.json()["detail_zh"]
        wrong = await http.put(f"/grids/{SECOND}/objects", json=[{**mill, "moved_from": WEST}])
        assert wrong.status_code == 409
        moved = await http.put(f"/grids/{SECOND}/objects", json=[{**mill, "moved_from": GRID}])
        assert moved.json() == {"received": 1, "changed": 1}
        both = await http.put(f"/grids/{GRID}/objects", json=[{"object_id": str(BAKERY)}, {"object_id": str(LI)}, mill])
        assert [(fault["at"][1], fault["what"]) for fault in both.json()["errors"]] == [
            (0, "grid-elsewhere"),
            (1, "unknown-object"),
            (2, "object-in-grid"),
        ]
        await platform.settle(redeliver=3)
        told = [event for event in platform.events(GridObjectPlaced) if isinstance(event, GridObjectPlaced)]
        assert [(event.object_id, event.grid_code) for event in told] == [(MILL, GRID), (MILL, SECOND)]
        there = (await http.get(f"/grids/{SECOND}/objects")).json()["items"]
        assert [each["object_id"] for each in there] == [str(MILL)]
        assert (await http.get(f"/grids/{GRID}/objects")).json()["items"] == []


async def test_what_stands_in_no_grid_is_listed_until_it_does(services_here: OpenPlatform) -> None:
    shed = {"id": str(UUID(int=400)), "name": "Shed", "area_code": OTHER_TOWN}
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        with_site = {**THE_MILL, "sites": [shed]}
        assert (await http.put(f"/enterprises/{MILL}", json=with_site)).json()["sites"][0]["name"] == "Shed"

        async def gaps(**params: str) -> list[tuple[str, str | None, str]]:
            found = (await http.get("/grids/gaps/objects", params=params)).json()["items"]
            return [(each["object_id"], each["site"], each["why"]) for each in found]

        assert await gaps() == [
            (str(MILL), None, "no_grid"),
            (str(BAKERY), None, "no_grid"),
            (shed["id"], "Shed", "no_grid"),
        ]
        assert await gaps(within=TOWN) == [(str(MILL), None, "no_grid")]
        first = (await http.get("/grids/gaps/objects", params={"limit": 2})).json()
        rest = (await http.get("/grids/gaps/objects", params={"limit": 2, "after": first["next"]})).json()
        assert [each["object_id"] for each in rest["items"]] == [shed["id"]]
        assert rest["next"] is None
        await http.put(f"/grids/{GRID}/objects", json=[{"object_id": str(MILL)}])
        await http.put(f"/grids/{WEST}/objects", json=[{"object_id": shed["id"]}, {"object_id": str(BAKERY)}])
        assert await gaps() == []
        elsewhere = {**with_site, "place": {"area_code": OTHER_TOWN}}
        assert (await http.put(f"/enterprises/{MILL}", json=elsewhere)).is_success
        assert await gaps() == [(str(MILL), None, "grid_elsewhere")]
        gone = {**elsewhere, "standing": "deregistered"}
        assert (await http.put(f"/enterprises/{MILL}", json=gone)).is_success
        assert await gaps() == []


async def test_a_post_is_a_gap_when_vacant_and_when_its_holder_is_no_longer_fit(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        await staff(http)

        async def gaps(code: str) -> list[tuple[str, str]]:
            found = (await http.get("/grids/gaps/posts")).json()["items"]
            return [(gap["post"], gap["why"]) for each in found if each["code"] == code for gap in each["gaps"]]

        assert await gaps(GRID) == []
        assert await gaps(WEST) == [("worker", "vacant"), ("supervisor", "vacant"), ("leader", "vacant")]
        await http.put(f"/grids/{GRID}/objects", json=[{"object_id": str(MILL)}])
        coverage = {each["area_code"]: each for each in (await http.get("/grids/coverage")).json()}
        assert {key: coverage[TOWN][key] for key in ("grids", "staffed", "objects", "placed", "share")} == {
            "grids": 2, "staffed": 1, "objects": 1, "placed": 1, "share": 1.0,
        }  # fmt: skip
        assert (coverage[OTHER_TOWN]["share"], coverage[OTHER_TOWN]["placed"]) == (0.0, 0)
        assert (await http.delete(f"/memberships/{UUID(int=310)}")).status_code == 204
        assert await gaps(GRID) == [("worker", "unfit")]
        assert {each["area_code"]: each["staffed"] for each in (await http.get("/grids/coverage")).json()}[TOWN] == 0


async def test_a_township_with_nothing_to_supervise_has_no_share(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        await http.put(f"/enterprises/{BAKERY}", json={**THE_BAKERY, "standing": "moved_out"})
        [west] = (await http.get("/grids/coverage", params={"within": OTHER_TOWN})).json()
        assert (west["objects"], west["share"], west["grids"]) == (0, None, 1)


async def test_a_point_finds_its_grid_and_an_object_is_offered_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        for code, west in ((GRID, 110.4), (SECOND, 110.5)):
            drawn = await http.put(f"/grids/{code}/boundary", json=square(west, 40.45))
            assert drawn.status_code == 200, drawn.text
        async with platform.client("registry") as anyone:
            inside = await anyone.get("/grids/at", params={"lon": 110.55, "lat": 40.5})
            assert inside.json()["code"] == SECOND
            on_the_line = await anyone.get("/grids/at", params={"lon": 110.5, "lat": 40.5})
            assert on_the_line.json()["code"] == GRID
            assert (await anyone.get("/grids/at", params={"lon": 111, "lat": 40.5})).status_code == 404
            shown = (await anyone.get(f"/grids/{GRID}/boundary")).json()
            assert shown["coordinates"][0][0] == [110.4, 40.45]
        offered = (await http.get("/grids/suggestion", params={"object_id": str(MILL)})).json()
        assert (offered["grid"]["code"], offered["why"]) == (GRID, "point")
        offered = (await http.get("/grids/suggestion", params={"object_id": str(BAKERY)})).json()
        assert (offered["grid"]["code"], offered["why"]) == (WEST, "only_one")
        assert (await http.get("/grids/suggestion", params={"object_id": str(LI)})).status_code == 404
        await platform.settle()
        told = [event for event in platform.events(GridRegistered) if isinstance(event, GridRegistered)]
        assert told[-1].bounds == pytest.approx((110.5, 40.45, 110.6, 40.55))


async def test_an_area_is_retired_when_nothing_lies_in_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        await http.put(f"/grids/{GRID}/objects", json=[{"object_id": str(MILL)}])

        async def told(address: str) -> tuple[int, str]:
            answer = await http.put(f"{address}/retirement")
            return answer.status_code, slug(answer) if answer.status_code == 409 else ""

        assert await told(f"/areas/{VILLAGE}") == (409, "still-in-use")
        assert await told(f"/grids/{GRID}") == (409, "still-in-use")
        await http.put(f"/enterprises/{MILL}", json={**THE_MILL, "standing": "deregistered"})
        assert await told(f"/areas/{VILLAGE}") == (409, "still-in-use")
        for grid in (GRID, SECOND):
            assert await told(f"/grids/{grid}") == (204, "")
        assert await told(f"/areas/{TOWN}") == (409, "still-in-use")
        for _ in range(2):
            assert await told(f"/areas/{VILLAGE}") == (200, "")
        assert await told("/areas/999909") == (404, "")
        await platform.settle(redeliver=3)
        areas = [event for event in platform.events(AreaRegistered) if isinstance(event, AreaRegistered)]
        assert [event.code for event in areas if event.retired] == [VILLAGE]
        listed = (await http.get("/areas", params={"within": TOWN})).json()["items"]
        assert [area["code"] for area in listed] == [TOWN]
        everything = (await http.get("/areas", params={"within": TOWN, "retired": True})).json()["items"]
        assert [area["retired"] for area in everything] == [False, True]
        refused = await http.put(f"/enterprises/{MILL}", json=THE_MILL)
        assert (refused.status_code, slug(refused)) == (422, "unknown-area")
        placing = await http.put(f"/grids/{GRID}/objects", json=[{"object_id": str(BAKERY)}])
        assert placing.status_code == 404
        assert (await http.put(f"/areas/{VILLAGE}", json={"name_zh": "桥村"})).json()["retired"] is False
        assert (await http.put(f"/enterprises/{MILL}", json=THE_MILL)).is_success


async def test_every_faulty_grid_of_a_list_is_told(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        codes = [GRID, f"{VILLAGE}000", "999901009000001", GRID]
        refused = await http.put("/grids", json=[{"code": code, "name_zh": "格"} for code in codes])
        assert [(fault["at"][1], fault["what"]) for fault in refused.json()["errors"]] == [
            (1, "no-grid"),
            (2, "unknown-area"),
            (3, "listed-twice"),
        ]
        assert (await http.get("/grids")).json()["items"] == []


async def test_who_and_what_is_in_a_grid_is_for_those_who_supervise_there(services_here: OpenPlatform) -> None:
    west_clerk = Actor(UUID(int=20), "township", UUID(int=21), OTHER_TOWN, "en", "West clerk")
    inside = (f"/grids/{GRID}/posts", f"/grids/{GRID}/objects")
    gaps = ("/grids/gaps/objects", "/grids/gaps/posts", "/grids/coverage")
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await with_grids(platform, http)
        expected = {
            OPERATOR: (200, 200), OFFICER: (200, 200), TOWN_CLERK: (200, 200), GRID_WORKER: (200, 403),
            west_clerk: (404, 200), VOLUNTEER: (403, 403), None: (401, 401),
        }  # fmt: skip
        for who, (of_grid, of_gaps) in expected.items():
            async with platform.client("registry", who) as client:
                for address in inside:
                    assert (await client.get(address)).status_code == of_grid, (who, address)
                for address in gaps:
                    assert (await client.get(address)).status_code == of_gaps, (who, address)
                assert (await client.get(f"/grids/{GRID}")).json()["name_zh"] == "网格001"
        async with platform.client("registry", west_clerk) as west:
            assert [each["object_id"] for each in (await west.get(gaps[0])).json()["items"]] == [str(BAKERY)]
            assert [each["code"] for each in (await west.get(gaps[1])).json()["items"]] == [WEST]
            assert [each["area_code"] for each in (await west.get(gaps[2])).json()] == [OTHER_TOWN]
            mine = {"object_id": str(MILL)}
            assert (await west.put(f"/grids/{GRID}/objects", json=[mine])).status_code == 404
            assert (await west.get("/grids/suggestion", params=mine)).status_code == 404
            ask = {"person_id": str(LI), "since": TODAY}
            assert (await west.put(f"/grids/{GRID}/posts/worker", json=ask)).status_code == 404
        async with platform.client("registry", OFFICER) as officer:
            assert slug(await officer.put(f"/grids/{GRID}/objects", json=[mine])) == "role-may-not"
