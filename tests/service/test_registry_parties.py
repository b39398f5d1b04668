"""Parties and enterprises: registered once, under numbers that hold, seen by each as far as each may see."""

import copy
from uuid import UUID, uuid4

import pytest
from registry_county import (
    AUDITOR,
    BAKER,
    BAKERY,
    ENTERPRISES,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    PARTIES,
    THE_BAKERY,
    THE_MILL,
    TOWN,
    TOWN_CLERK,
    VILLAGE,
    VOLUNTEER,
    settle_in,
    slug,
)

from shared.contracts.registry import EnterpriseRegistered, PartyRegistered
from shared.testing import OpenPlatform


async def test_parties_and_enterprises_are_told_once_with_their_whole_state(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        for _ in range(2):
            await settle_in(platform)
        await platform.settle(redeliver=3)
        assert len(platform.events(PartyRegistered)) == len(PARTIES)
        [mill, bakery] = platform.events(EnterpriseRegistered)
        assert isinstance(mill, EnterpriseRegistered)
        assert mill.model_dump(mode="json", exclude={"at"}) == {
            "area_code": VILLAGE,
            "enterprise_id": str(MILL),
            **THE_MILL,
            **dict.fromkeys(("crowded", "high_hazard", "mixed_living"), False),
            **dict.fromkeys(("established_on", "sector", "scale")),
            "dispatched_workers": 0,
            "standing": "active",
            "sites": [],
        }
        assert bakery.area_code == OTHER_TOWN

        moved = copy.deepcopy(THE_MILL)
        moved["place"]["lon"] = 110.6
        assert (await http.put(f"/enterprises/{MILL}", json=moved)).json()["place"]["lon"] == 110.6
        await platform.settle(redeliver=3)
        assert len(platform.events(EnterpriseRegistered)) == 3
        assert (await platform.rows("registry", "select version from enterprises where id = :id", id=MILL)) == [
            {"version": 2}
        ]


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"uscc": "91330106MA27XL1A0B"}, 422, "uscc-mistyped"),
        ({"uscc": "9133"}, 422, "uscc-malformed"),
        ({"uscc": "911502210000001740"}, 409, "already-exists"),
        ({"place": {"area_code": "999901"}}, 422, "place-too-wide"),
        ({"place": {"area_code": "999901009"}}, 422, "unknown-area"),
        ({"industry_code": "Z9"}, 422, "invalid-request"),
        ({"employees": -1}, 422, "invalid-request"),
        ({"colour": "red"}, 422, "invalid-request"),
    ],
)
async def test_a_fault_names_its_entry_and_keeps_the_whole_list_out(
    services_here: OpenPlatform, change: dict[str, object], status: int, told: str
) -> None:
    good = {"id": str(uuid4()), **THE_MILL, "uscc": "91110108551385082Q"}
    faulty = {"id": str(uuid4()), **THE_BAKERY, "uscc": "91110000600037341L", **change}
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        answer = await http.put("/enterprises", json=[good, faulty])
        assert (answer.status_code, slug(answer)) == (status, told)
        problem = answer.json()
        assert problem.get("index") == 1 or [error["at"][1] for error in problem["errors"]] == [1]
        assert len(await platform.rows("registry", "select id from enterprises")) == len(ENTERPRISES)


async def test_a_code_is_read_as_people_type_it_and_a_workshop_without_one_is_told_apart(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        typed = await http.put(f"/enterprises/{MILL}", json={**THE_MILL, "uscc": " 91110108551385082q "})
        assert (typed.json()["uscc"], typed.json()["unregistered"]) == ("91110108551385082Q", False)
        shed = await http.put(f"/enterprises/{uuid4()}", json={**THE_MILL, "uscc": "X9999010001"})
        assert shed.json()["unregistered"] is True


async def test_an_enterprise_is_not_registered_as_a_party(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        ask = {"kind": "enterprise", "name_zh": "厂", "area_code": TOWN}
        assert (await http.put(f"/parties/{uuid4()}", json=ask)).status_code == 422


async def test_each_sees_of_an_enterprise_what_is_theirs_to_see(services_here: OpenPlatform) -> None:
    whole = {OPERATOR: {MILL, BAKERY}, OFFICER: {MILL, BAKERY}, AUDITOR: {MILL, BAKERY}, TOWN_CLERK: {MILL}}
    whole |= {MANAGER: {MILL}, BAKER: {BAKERY}, VOLUNTEER: set[UUID](), None: set[UUID]()}
    glimpse = {"id", "name_en", "name_zh", "address", "area_code"}
    async with services_here("registry") as platform:
        await settle_in(platform)
        for who, seen_whole in whole.items():
            async with platform.client("registry", who) as http:
                for each in (MILL, BAKERY):
                    shown = (await http.get(f"/enterprises/{each}")).json()
                    assert ("uscc" in shown) == (each in seen_whole), (who, each)
                    assert glimpse <= set(shown) if each in seen_whole else glimpse == set(shown)
                found = (await http.get("/enterprises", params={"q": "面"})).json()
                if who in (OPERATOR, OFFICER, AUDITOR, TOWN_CLERK, MANAGER, BAKER):
                    assert {UUID(each["id"]) for each in found["items"]} == seen_whole
                    assert all("uscc" in each for each in found["items"])
                else:
                    assert found["title"] == "search too short"


async def test_the_public_finds_an_enterprise_by_name_and_cannot_walk_through_all(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry") as anyone:
        await settle_in(platform)
        for words, expected in {
            "面粉": [MILL],
            "flour": [MILL],
            THE_MILL["uscc"].lower(): [MILL],
            "%%": [],
            "__": [],
        }.items():
            found = (await anyone.get("/enterprises", params={"q": words})).json()
            assert [UUID(each["id"]) for each in found["items"]] == expected, words
        for params in ({}, {"q": " "}, {"q": "面"}, {"area": TOWN}):
            assert (await anyone.get("/enterprises", params=params)).status_code == 422
        assert (await anyone.get(f"/enterprises/{uuid4()}")).status_code == 404


async def test_supervisors_go_through_the_enterprises_of_an_area(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OFFICER) as officer:
        await settle_in(platform)
        in_town = (await officer.get("/enterprises", params={"area": TOWN})).json()
        assert [UUID(each["id"]) for each in in_town["items"]] == [MILL]
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await officer.get("/enterprises", params={"limit": 1, **after})).json()
            seen += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert sorted(seen) == sorted(each["id"] for each in ENTERPRISES)


async def test_text_that_no_database_can_hold_is_the_askers_fault(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        ask = {key: value for key, value in PARTIES[0].items() if key != "id"}
        for answer in (
            await http.put(f"/parties/{PARTIES[0]['id']}", json={**ask, "name_zh": "a\0b"}),
            await http.get("/enterprises", params={"q": "a\0b"}),
        ):
            assert (answer.status_code, slug(answer)) == (422, "unstorable-text")


async def test_everybody_reads_parties_by_kind(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry") as anyone:
        await settle_in(platform)
        found = (await anyone.get("/parties", params={"kind": "authority"})).json()["items"]
        assert {each["name_en"] for each in found} == {"Emergency", "Fire Rescue"}
        more = {"uscc": None, "parent_id": None, "address": "", "dissolved": False}
        assert (await anyone.get(f"/parties/{PARTIES[3]['id']}")).json() == {**PARTIES[3], **more}
        assert (await anyone.get(f"/parties/{MILL}")).status_code == 404
