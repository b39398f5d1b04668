"""What may be the same matter is laid side by side, whichever channel it came by, so that a desk can judge (N07)."""

from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from inspection_county import get, post, report, settle

from shared.contracts.base import Event
from shared.contracts.values import Category, Channel, EvidenceRef, Place
from shared.contracts.volunteer import EvidenceAdded
from shared.testing import OpenPlatform, Platform

BOX = "配电箱没有盖，电线裸露"
ALIKE = "配电箱无盖，裸露的电线"
NOWHERE = Place(area_code=county.TOWN)


def at(metres_east: float, address: str = "") -> Place:
    return Place(area_code=county.TOWN, address=address, lon=117.0 + metres_east / 90_064, lat=36.0)


async def opened(platform: Platform, *claims: Event) -> dict[UUID, str]:
    await platform.announce(*county.registry_facts())
    await settle(platform, *claims)
    rows = await platform.rows("inspection", "select id, claim_id from docket_entries")
    return {row["claim_id"]: str(row["id"]) for row in rows}


async def suggested(platform: Platform, entry: str, who: Any = county.desk) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await get(platform, who, f"/docket/{entry}/similar"))["items"]
    return items


async def test_both_are_shown_with_place_pictures_distance_and_reasons(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        ref = {"owner": "volunteer", "sha256": "a" * 64}
        shots = [EvidenceRef(id=UUID(int=n), media_type="image/jpeg", **ref) for n in range(1, 6)]
        film = EvidenceRef(id=UUID(int=9), media_type="video/mp4", **ref)
        here = report(BOX, place=at(0, "North gate"))
        other = report(ALIKE, place=at(90, "East gate"), evidence=(film, *shots), imminent_danger=True)
        entries = await opened(platform, here, other)
        answer = await get(platform, county.desk, f"/docket/{entries[here.claim_id]}/similar")
        assert (answer["entry"]["what"], answer["entry"]["place"]["address"]) == (BOX, "North gate")
        [found] = answer["items"]
        assert (found["id"], found["what"], found["place"]["address"]) == (
            entries[other.claim_id],
            ALIKE,
            "East gate",
        )
        assert found["why"] == ["same_enterprise", "near", "alike_words", "same_category"]
        assert found["distance_m"] == pytest.approx(90, abs=1)
        assert found["imminent_danger"] is True
        assert [photo["thumbnail"] for photo in found["photos"]] == [
            f"/evidence/volunteer/{UUID(int=n)}/thumbnail" for n in (1, 2, 3)
        ]
        assert "reporter_ref" not in found


async def test_every_channel_is_compared_with_every_other(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        person = report(BOX)
        agency = county.finding(what=ALIKE)
        grid = report(ALIKE, channel=Channel.GRID_PATROL, category=Category.ELECTRICITY, enterprise_id=None)
        entries = await opened(platform, person, agency, grid)
        grids = entries[grid.claim_id]
        await post(
            platform, county.committee, f"/docket/{grids}/arbitrate",
            authority_id=str(county.EMERGENCY), explanation="Theirs",
        )  # fmt: skip
        found = {each["channel"]: each["why"] for each in await suggested(platform, entries[person.claim_id])}
        assert found == {
            "third_party_audit": ["same_enterprise", "near", "alike_words", "same_category"],
            "grid_patrol": ["near", "alike_words"],
        }
        assert {each["channel"] for each in await suggested(platform, grids)} == {"volunteer", "third_party_audit"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"place": at(5000)}, ["same_enterprise", "alike_words", "same_category"]),
        ({"place": NOWHERE}, ["same_enterprise", "alike_words", "same_category"]),
        ({"enterprise_id": None, "place": at(199)}, ["near", "alike_words", "same_category"]),
        ({"enterprise_id": None, "place": at(201)}, None),
        ({"enterprise_id": None, "place": NOWHERE}, None),
        ({"what": "楼梯被货物堵住"}, None),
    ],
    ids=["far", "placeless", "near", "too far", "unknown", "other words"],
)
async def test_near_or_of_one_enterprise_and_alike_in_words(
    services_here: OpenPlatform, changes: dict[str, Any], why: list[str] | None
) -> None:
    async with services_here("inspection") as platform:
        # Fire, so that one desk has them all, with and without an enterprise.
        here = report(BOX, category=Category.FIRE, place=at(0))
        other = report(**{"what": ALIKE, "category": Category.FIRE, **changes})
        entries = await opened(platform, here, other)
        found = await suggested(platform, entries[here.claim_id], county.fire_desk)
        assert [each["why"] for each in found] == ([] if why is None else [why])


async def test_what_is_over_old_or_anothers_is_not_suggested(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        here, over, theirs = report(BOX), report(ALIKE), report(ALIKE, category=Category.FIRE)
        entries = await opened(platform, here, over, theirs)
        mine = entries[here.claim_id]
        assert [each["id"] for each in await suggested(platform, mine)] == [entries[over.claim_id]]
        both = {each["id"] for each in await suggested(platform, mine, county.committee)}
        assert both == {entries[over.claim_id], entries[theirs.claim_id]}
        rejecting = {"reason": "withdrawn", "explanation": "as asked"}
        await post(platform, county.desk, f"/docket/{entries[over.claim_id]}/reject", **rejecting)
        assert await suggested(platform, mine) == []
        platform.travel(days=181)
        assert await suggested(platform, mine, county.committee) == []


async def test_words_that_were_added_are_compared_too(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        here, other = report(BOX), report("没有说明")
        entries = await opened(platform, here, other)
        assert await suggested(platform, entries[here.claim_id]) == []
        more = EvidenceAdded(**{**other.model_dump(), "what": f"没有说明\n{ALIKE}"})
        await platform.announce((other.claim_id, 2, more))
        await platform.settle(redeliver=3)
        assert len(await suggested(platform, entries[here.claim_id])) == 1


async def test_the_likest_stand_first_and_ten_are_enough(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        here, same = report(BOX), report(BOX)
        entries = await opened(platform, here, *(report(ALIKE, claim_id=uuid4()) for _ in range(11)), same)
        found = await suggested(platform, entries[here.claim_id])
        assert len(found) == 10
        assert (found[0]["id"], found[0]["similarity"]) == (entries[same.claim_id], 1.0)
        assert all(0.3 <= each["similarity"] < 1 for each in found[1:])
