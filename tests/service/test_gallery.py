"""A hazard's files side by side: all of them and their doubts to those who verify; to the enterprise its items."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from hazard_stages import CERTAINTIES, ORDER, assigned, verdicts
from inspection_county import OFFICERS, TODAY, get, post, put, slug
from photographs import DECLARED, hand_in, photo, taken
from sqlalchemy import event

from shared.auth import Actor
from shared.contracts.values import Category
from shared.testing import START, OpenPlatform, Platform

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
SEEN_BY_ALL = {"id", "owner", "media_type", "size_bytes", "sha256", "width", "height", "thumbnail"}


def at(hours: float = 0, **changes: Any) -> dict[str, Any]:
    """Say what a device declares some hours after the beginning, ten minutes earlier than it is sent."""
    return {**DECLARED, "taken_at": (START + timedelta(hours=hours, minutes=-10)).isoformat(), **changes}


def codes(file: dict[str, Any]) -> list[str]:
    return [doubt["code"] for doubt in file["doubts"]]


def ids(files: list[dict[str, Any]]) -> list[str]:
    return [file["id"] for file in files]


async def under_order(platform: Platform, *before: dict[str, Any]) -> str:
    """Bring a hazard to an order with two items, the first of which shows what was found."""
    hazard = await assigned(platform)
    items = [{"text": "Clean the motors", "before": before}, {"text": "Fit an extractor"}]
    await post(platform, county.li, f"{hazard}/order", **{**ORDER, "items": items})
    await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
    return hazard


async def prove(platform: Platform, hazard: str, *files: dict[str, Any]) -> None:
    """Ask for a re-check; every open item shows the same files."""
    items = [item["id"] for item in (await get(platform, county.principal, hazard))["items"] if not item["passed"]]
    proofs = [{"item_id": item, "after": list(files)} for item in items]
    await post(platform, county.principal, f"{hazard}/request-recheck", items=proofs)


@asynccontextmanager
async def counting(platform: Platform) -> AsyncIterator[list[str]]:
    """Hear every statement that inspection sends to its database."""
    told: list[str] = []
    engine = platform.service("inspection").database.engine.sync_engine

    def heard(*given: Any) -> None:
        told.append(given[2])

    event.listen(engine, "before_cursor_execute", heard)
    yield told
    event.remove(engine, "before_cursor_execute", heard)


async def test_before_and_after_stand_side_by_side_with_all_that_officials_must_know(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        before = await hand_in(platform, county.li, photo("red"), **at())
        hazard = await under_order(platform, before)
        platform.travel(hours=2)
        after = await hand_in(platform, county.principal, photo("green"), **at(hours=2))
        bill = await hand_in(platform, county.principal, PDF)
        await prove(platform, hazard, after, bill)
        for who in (county.li, county.desk, county.committee, county.township):
            shown = await get(platform, who, f"{hazard}/gallery")
            assert [(item["ordinal"], item["text"]) for item in shown["items"]] == [
                (1, "Clean the motors"),
                (2, "Fit an extractor"),
            ]
            first, second = shown["items"]
            assert (ids(first["before"]), ids(first["after"])) == ([before["id"]], [after["id"], bill["id"]])
            assert (ids(second["before"]), ids(second["after"])) == ([], [after["id"], bill["id"]])
            assert (shown["acts"], shown["others"]) == ([], [])
        picture, paper = first["after"]
        assert set(picture) == SEEN_BY_ALL | {"original_sha256", "kept_by", "handed_in_at", "captured", "doubts"}
        assert (picture["width"], picture["height"], picture["kept_by"]) == (640, 480, str(county.MILL))
        assert picture["original_sha256"] not in {None, picture["sha256"]}
        assert (paper["thumbnail"], paper["width"], paper["original_sha256"]) == (None, None, paper["sha256"])
        [captured] = picture["captured"]
        assert (captured["source"], captured["lon"], captured["device"]) == ("declared", 117.0, "body camera 12")
        assert [codes(file) for file in (*first["before"], picture, paper)] == [[], [], []]
        async with platform.client("inspection", county.li) as http:
            small = await http.get(picture["thumbnail"])
        assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")


async def test_a_picture_of_another_day_place_or_case_is_flagged_to_those_who_verify(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await under_order(platform)
        platform.travel(hours=2)
        files = {
            "fine": await hand_in(platform, county.principal, photo("green"), **at(hours=2)),
            "old": await hand_in(platform, county.principal, photo("blue"), **at(hours=-1)),
            "far": await hand_in(platform, county.principal, photo("gold"), **at(hours=2, lat=36.1)),
            "mute": await hand_in(platform, county.principal, photo("gray")),
            "placeless": await hand_in(
                platform, county.principal, photo("pink"), **at(hours=2, lon=None, lat=None, accuracy_m=None)
            ),
            "told": await hand_in(
                platform, county.principal, photo("navy", exif=taken("2026:09:29 09:00:00", 118.0)), **at(hours=2)
            ),
        }
        await prove(platform, hazard, *files.values())
        item = (await get(platform, county.li, f"{hazard}/gallery"))["items"][0]
        assert dict(zip(files, map(codes, item["after"]), strict=True)) == {
            "fine": [],
            "old": ["taken_before_order"],
            "far": ["far_from_site"],
            "mute": ["no_capture", "no_place"],
            "placeless": ["no_place"],
            "told": ["taken_before_order", "far_from_site"],
        }
        assert item["after"][1]["doubts"] == [
            {
                "code": "taken_before_order",
                "en": "It was taken before the order that it answers.",
                "zh": "拍摄时间早于所对应的整改指令。",
            }
        ]
        assert [one["source"] for one in item["after"][5]["captured"]] == ["declared", "embedded"]


async def test_the_same_bytes_in_another_case_are_flagged_in_both_and_twice_in_one_are_not(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await under_order(platform)
        platform.travel(hours=2)
        pictures = [await hand_in(platform, county.principal, photo("green"), **at(hours=2)) for _ in range(2)]
        await prove(platform, hazard, *pictures)

        async def flagged() -> list[list[str]]:
            return [codes(file) for file in (await get(platform, county.li, f"{hazard}/gallery"))["items"][0]["after"]]

        assert await flagged() == [[], []]
        claim_id = uuid4()
        own = await hand_in(platform, county.li, photo("green"))
        claim = {
            "place": county.PLACE,
            "category": Category.DUST,
            "what": "Dust again",
            "enterprise_id": str(county.MILL),
        }
        await put(platform, county.li, f"/docket/claims/{claim_id}", **claim, evidence=[own])
        assert await flagged() == [["used_elsewhere"]] * 2
        [entry] = [
            each for each in (await get(platform, county.desk, "/docket"))["items"] if each["what"] == "Dust again"
        ]
        into = [each for each in (await get(platform, county.desk, "/docket"))["items"] if each["hazard_id"]]
        await post(platform, county.desk, f"/docket/{entry['id']}/merge", into_entry_id=into[0]["id"])
        assert await flagged() == [[], []], "the claim is behind this hazard now"


async def test_files_of_every_act_are_shown_with_it_and_what_was_replaced_is_not_lost(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await under_order(platform)
        platform.travel(hours=1)
        first = await hand_in(platform, county.principal, photo("green"), **at(hours=1))
        await prove(platform, hazard, first)
        await post(platform, county.li, f"{hazard}/open-recheck")
        platform.travel(hours=1)
        seen = await hand_in(platform, county.li, photo("gray"), **at(hours=2))
        failing = {
            "officers": OFFICERS,
            "opinion": "Still dusty",
            "attachments": [seen],
            "consequence": "new_order",
            "limit": str(TODAY + timedelta(days=5)),
            "basis": "Work Safety Law art. 65",
        }
        judged = await verdicts(platform, hazard, 2)
        await post(platform, county.li, f"{hazard}/fail-recheck", **failing, verdicts=judged)
        shown = await get(platform, county.li, f"{hazard}/gallery")
        assert [codes(file) for item in shown["items"] for file in item["after"]] == [[], ["taken_before_order"]]

        platform.travel(hours=1)
        second = await hand_in(platform, county.principal, photo("lime"), **at(hours=3))
        await prove(platform, hazard, second)
        await post(platform, county.li, f"{hazard}/open-recheck")
        opinion = await hand_in(platform, county.li, PDF)
        passing = {
            "officers": OFFICERS,
            "opinion": "All clean",
            "attachments": [opinion],
            "unit_refused": "Nobody signs",
        }
        await post(platform, county.li, f"{hazard}/pass-recheck", **passing, verdicts=await verdicts(platform, hazard))
        await post(platform, county.head, f"{hazard}/close", workers_told=True)
        platform.travel(days=30)
        look = await hand_in(platform, county.li, photo("white"), **at(hours=-5))
        looked = {"ordinal": 1, "passed": True, "remark": "Clean", "evidence": [look]}
        await post(platform, county.li, f"{hazard}/look-back", **looked)

        shown = await get(platform, county.li, f"{hazard}/gallery")
        after = [ids(item["after"]) for item in shown["items"]]
        assert after == [[first["id"]], [second["id"]]]
        assert [(act["verb"], ids(act["files"])) for act in shown["acts"]] == [
            ("fail_recheck", [seen["id"]]),
            ("pass_recheck", [opinion["id"]]),
            ("look_back", [look["id"]]),
        ]
        assert [codes(act["files"][0]) for act in shown["acts"]] == [[], [], ["taken_before_order"]]
        assert shown["others"] == []


async def test_a_picture_that_no_item_names_any_more_is_still_shown_to_officials(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await under_order(platform)
        platform.travel(hours=1)
        first = await hand_in(platform, county.principal, photo("green"))
        await prove(platform, hazard, first)
        await post(platform, county.li, f"{hazard}/open-recheck")
        failing = {
            "officers": OFFICERS,
            "opinion": "Still dusty",
            "verdicts": await verdicts(platform, hazard, 1, 2),
            "consequence": "new_order",
            "limit": str(TODAY + timedelta(days=5)),
            "basis": "Work Safety Law art. 65",
        }
        await post(platform, county.li, f"{hazard}/fail-recheck", **failing)
        second = await hand_in(platform, county.principal, photo("lime"))
        await prove(platform, hazard, second)
        shown = await get(platform, county.li, f"{hazard}/gallery")
        assert ids(shown["items"][0]["after"]) == [second["id"]]
        assert ids(shown["others"]) == [first["id"]]
        own = await get(platform, county.principal, f"{hazard}/gallery")
        assert first["id"] not in repr(own), "the enterprise sees what its items show"


async def test_the_enterprise_sees_what_its_items_show_and_nothing_of_what_is_thought_of_it(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        before = await hand_in(platform, county.li, photo("red"), **at())
        hazard = await under_order(platform, before)
        after = await hand_in(platform, county.principal, photo("green"), **at(hours=-2, lat=37.0))
        await prove(platform, hazard, after)
        await post(platform, county.li, f"{hazard}/open-recheck")
        secret = await hand_in(platform, county.li, photo("black"), **at())
        passing = {"officers": OFFICERS, "opinion": "Clean", "attachments": [secret], "unit_refused": "Nobody signs"}
        judged = await verdicts(platform, hazard)
        await post(platform, county.li, f"{hazard}/pass-recheck", **passing, verdicts=judged)
        shown = await get(platform, county.principal, f"{hazard}/gallery")
        assert set(shown) == {"items"}
        assert [(ids(item["before"]), ids(item["after"])) for item in shown["items"]] == [
            ([before["id"]], [after["id"]]),
            ([], [after["id"]]),
        ]
        files = [file for item in shown["items"] for file in (*item["before"], *item["after"])]
        assert {name for file in files for name in file} == SEEN_BY_ALL
        assert secret["id"] not in repr(shown)
        async with platform.client("inspection", county.principal) as http:
            for file in files:
                assert (await http.get(file["thumbnail"])).status_code == 200
                assert (await http.get(f"/evidence/inspection/{file['id']}")).status_code == 200
            assert (await http.get(f"/evidence/inspection/{secret['id']}/thumbnail")).status_code == 404


async def test_whoever_may_not_know_of_the_hazard_finds_no_gallery(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        finding = county.finding()
        hazard = await assigned(platform, finding)
        expected: list[tuple[Actor, int, str]] = [
            (county.principal, 404, "not-found"),  # it was not ordered yet
            (county.other_principal, 404, "not-found"),
            (county.other_agency, 404, "not-found"),
            (county.market_desk, 404, "not-found"),
            (county.worker, 403, "role-may-not"),
            (county.volunteer, 403, "role-may-not"),
        ]
        for who, status, told in expected:
            assert slug(await get(platform, who, f"{hazard}/gallery", status)) == told, who
        assert await get(platform, county.agency, f"{hazard}/gallery") == {"items": []}
        assert await get(platform, county.li, f"{hazard}/gallery") == {"items": [], "acts": [], "others": []}


async def test_a_page_of_many_pictures_takes_four_statements(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        pictures = [await hand_in(platform, county.li, photo(f"#0{n}0000"), **at()) for n in range(10)]
        hazard = await under_order(platform, *pictures)
        await prove(
            platform, hazard, *[await hand_in(platform, county.principal, photo(f"#00{n}000")) for n in range(10)]
        )
        for who, most in ((county.li, 4), (county.principal, 3)):
            async with counting(platform) as told:
                shown = await get(platform, who, f"{hazard}/gallery")
            assert len(shown["items"][0]["before"]) == len(shown["items"][0]["after"]) == 10
            assert len(told) == most, told
