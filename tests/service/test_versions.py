"""Whoever acts on what they read long ago is told so, and whoever has read it is not sent it again."""

from typing import Any

import hazard_stages as stages
import inspection_county as county
import pytest
from registry_county import COUNTY, FIRE, OPERATOR, TOWN, settle_in, slug

from shared.testing import OpenPlatform, Platform

AREA = f"/areas/{TOWN}"
NAMED = {"name_zh": "东镇", "name_en": "East"}


async def tag_of(platform: Platform, address: str = AREA) -> str:
    async with platform.client("registry", OPERATOR) as http:
        etag: str = (await http.get(address)).headers["etag"]
        return etag


async def keep(platform: Platform, **headers: str) -> tuple[int, str]:
    async with platform.client("registry", OPERATOR) as http:
        answer = await http.put(AREA, json=NAMED, headers=headers)
        return answer.status_code, "" if answer.is_success else slug(answer)


async def test_an_object_carries_a_tag_and_is_not_sent_twice_while_it_stands(services_here: OpenPlatform):
    async with services_here("registry") as platform:
        await settle_in(platform)
        async with platform.client("registry", OPERATOR) as http:
            first = await http.get(AREA)
            assert first.headers["etag"].startswith('"1.')
            for known in (first.headers["etag"], f'"0.x", W/{first.headers["etag"]}', "*"):
                again = await http.get(AREA, headers={"if-none-match": known})
                assert (again.status_code, again.content) == (304, b"")
                assert again.headers["etag"] == first.headers["etag"]
                assert "content-length" not in again.headers
            await http.put(AREA, json=NAMED)
            changed = await http.get(AREA, headers={"if-none-match": first.headers["etag"]})
            assert changed.status_code == 200
            assert changed.headers["etag"].startswith('"2.')
            assert "etag" not in (await http.get("/areas")).headers


async def test_of_two_who_read_the_same_the_second_to_act_is_told(services_here: OpenPlatform):
    async with services_here("registry") as platform:
        await settle_in(platform)
        seen = await tag_of(platform)
        assert await keep(platform, **{"if-match": seen}) == (200, "")
        assert await keep(platform, **{"if-match": seen}) == (412, "changed-meanwhile")
        assert (await tag_of(platform)).startswith('"2.')
        assert await keep(platform) == (200, "")


@pytest.mark.parametrize(
    ("precondition", "outcome"),
    [
        ('"1"', (200, "")),
        ('"1.whatever"', (200, "")),
        ('"7", "1"', (200, "")),
        ("*", (200, "")),
        ('"2"', (412, "changed-meanwhile")),
        ('W/"1"', (412, "changed-meanwhile")),
        ('""', (412, "changed-meanwhile")),
        ("1", (400, "bad-precondition")),
        ('"1', (400, "bad-precondition")),
        ('"1" "2"', (400, "bad-precondition")),
        ('"1", *', (400, "bad-precondition")),
    ],
)
async def test_a_precondition_is_a_list_of_strong_tags_or_any(
    services_here: OpenPlatform, precondition: str, outcome: tuple[int, str]
):
    async with services_here("registry") as platform:
        await settle_in(platform)
        assert await keep(platform, **{"if-match": precondition}) == outcome


async def test_what_does_not_exist_matches_nothing_and_is_not_made(services_here: OpenPlatform):
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        answer = await http.put(f"/areas/{COUNTY}", json=NAMED, headers={"if-match": "*"})
        assert (answer.status_code, slug(answer)) == (412, "changed-meanwhile")
        assert (await http.get(f"/areas/{COUNTY}")).status_code == 404


async def test_nobody_learns_of_an_object_by_guessing_its_version(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        hazard = await stages.assigned(platform)
        async with platform.client("inspection", county.principal) as http:  # who hears of it from the order on
            for guess in ('"1"', '"3"', "*"):
                read = await http.get(hazard, headers={"if-none-match": guess})
                moved = await http.post(f"{hazard}/order", json=stages.ORDER, headers={"if-match": guess})
                assert (read.status_code, slug(read)) == (404, "not-found")
                assert "etag" not in read.headers
                assert moved.status_code in {403, 404}


async def test_a_move_that_the_new_state_forbids_is_told_as_a_change_to_whoever_named_the_old_one(
    services_here: OpenPlatform,
):
    async with services_here("inspection") as platform:
        hazard = await stages.assigned(platform)
        async with platform.client("inspection", county.li) as http:
            seen = await http.get(hazard)
            ordered = await http.post(f"{hazard}/order", json=stages.ORDER, headers={"if-match": seen.headers["etag"]})
            assert ordered.status_code == 200, ordered.text
            for headers, outcome in (
                ({"if-match": seen.headers["etag"]}, (412, "changed-meanwhile")),
                ({}, (409, "illegal-transition")),
            ):
                answer = await http.post(f"{hazard}/order", json=stages.ORDER, headers=headers)
                assert (answer.status_code, slug(answer)) == outcome


async def test_a_view_that_changes_without_its_object_has_another_tag(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        hazard = await stages.ordered(platform)
        tags: dict[Any, str] = {}
        for who in (county.li, county.principal):
            async with platform.client("inspection", who) as http:
                tags[who.id] = (await http.get(hazard)).headers["etag"]
        one, other = tags.values()
        assert one != other
        assert one.split(".")[0] == other.split(".")[0]


async def test_a_rule_of_competence_and_a_retired_area_are_acted_on_as_they_were_seen(services_here: OpenPlatform):
    rule = "/competence/00000000-0000-0000-0000-000000000009"
    body = {"by": "category", "key": "fire", "authority_id": str(FIRE), "area_code": COUNTY}
    async with services_here("registry") as platform:
        await settle_in(platform)
        async with platform.client("registry", OPERATOR) as http:
            assert (await http.get(rule)).status_code == 404
            assert (await http.put(rule, json=body)).status_code == 200
            seen = await http.get(rule)
            assert seen.json()["key"] == "fire"
            tag = seen.headers["etag"]
            assert (await http.get(rule, headers={"if-none-match": tag})).status_code == 304
            ended = {**body, "valid_to": "2030-01-01"}
            for status in (200, 412):
                assert (await http.put(rule, json=ended, headers={"if-match": tag})).status_code == status
            empty = "/areas/999901003"
            assert (await http.put(empty, json=NAMED)).status_code == 200
            area = await tag_of(platform, empty)
            for tag, status in (('"9"', 412), (area, 200)):
                answer = await http.put(f"{empty}/retirement", headers={"if-match": tag})
                assert answer.status_code == status, answer.text
