"""Look-back campaigns from opening to report: who organises, what is drawn, how looks at hazards come in."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import campaign_stages as stage
import inspection_county as county
from campaign_stages import OPENING, VALUE, WHEN, closed_hazards, drawn, items, known_county, looked, opened
from inspection_county import TODAY, get, post, put, slug

from services.inspection.campaigns.domain.drawing import Entry, Lots, commitment_to, draw, hash_of
from shared.contracts import inspection as facts
from shared.contracts.inspection import campaigns
from shared.contracts.values import Grade
from shared.testing import START, OpenPlatform

END = {"remark": "Dust is back where nobody sweeps."}
GONE = {"why": "enterprise_gone", "remark": "The works were pulled down."}


def numbers(detail: dict[str, Any]) -> tuple[Any, ...]:
    total = detail["results"]["total"]
    return tuple(total[key] for key in ("items", "done", "failed", "undone", "waiting", "done_rate", "failed_rate"))


async def test_one_general_hazard_in_ten_and_every_major_one_is_drawn_and_laid_before_its_lead(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform, 21)
        await closed_hazards(platform, 2, grade=Grade.MAJOR, lead=county.FIRE)
        campaign = await opened(platform)
        assert (campaign["number"], campaign["state"], campaign["candidates"]) == (
            "安委办回头看〔2026〕000001号",
            "opened",
            23,
        )
        assert campaign["offers"] == ["draw", "withdraw"]
        address = f"/campaigns/{campaign['id']}"
        assert (await get(platform, county.committee, f"{address}/draw"))["secret"] is None
        await get(platform, county.desk, address, 404)

        shown = await post(platform, county.committee, f"{address}/draw", **VALUE)
        assert (shown["state"], shown["results_by"]) == (
            "under_way",
            "2026-11-03",
        )  # 20 working days: the holiday, and a Saturday made up
        assert numbers(shown) == (5, 0, 0, 0, 5, 0, None)
        assert shown["results"]["by_grade"]["general"]["items"] == 3
        assert [each["grade"] for each in await items(platform, address, county.fire_desk)] == ["major", "major"]
        mine = await items(platform, address, county.desk)
        assert [each["offers"] for each in mine] == [["report_undone"]] * 3
        assert {each["next_due"] for each in mine} == {"2026-11-03T15:59:59Z"}
        assert numbers(await get(platform, county.desk, address))[0] == 3, "an authority reads its own part only"
        assert (await get(platform, county.fire_desk, address))["history"] == []
        assert slug(await post(platform, county.committee, f"{address}/draw", 409, **VALUE)) == "illegal-transition"

        await platform.settle(redeliver=3)
        told = {event.assisting_id: event.items for event in platform.events(campaigns.CampaignAssigned)}  # type: ignore[attr-defined]
        assert told == {county.EMERGENCY: 3, county.FIRE: 2}
        clocks = await platform.rows(
            "inspection", "select owed_by from deadlines where key = 'campaign.look' and state = 'open'"
        )
        assert sorted(str(row["owed_by"]) for row in clocks) == [str(county.EMERGENCY)] * 3 + [str(county.FIRE)] * 2


async def test_anybody_with_the_list_and_the_secret_comes_to_the_same_sample(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform, 12)
        campaign = await opened(platform, closures={**WHEN, "share": 0.25})
        address = f"/campaigns/{campaign['id']}"
        await closed_hazards(platform, 5)  # closed afterwards: the list is frozen
        await post(platform, county.committee, f"{address}/draw", **VALUE)
        told = await get(platform, county.desk, f"{address}/draw")
        entries = [Entry(UUID(each["id"]), each["stratum"]) for each in told["entries"]]
        assert (len(entries), hash_of(entries)) == (12, campaign["list_hash"])
        assert commitment_to(told["secret"]) == campaign["commitment"] == told["commitment"]
        lots = Lots(
            campaign_id=UUID(campaign["id"]),
            list_hash=told["list_hash"],
            secret=told["secret"],
            public_value=told["public_value"],
        )
        assert lots.seed == told["seed"]
        assert [str(entry.id) for entry in draw(entries, told["shares"], lots.seed)] == told["drawn"]
        assert sorted(told["drawn"]) == sorted(each["hazard_id"] for each in await items(platform, address))
        assert len(told["drawn"]) == 3
        await platform.settle(redeliver=3)
        [first], [second] = platform.events(campaigns.CampaignOpened), platform.events(campaigns.CampaignDrawn)
        assert "secret" not in first.model_dump()
        assert second.model_dump(mode="json")["seed"] == told["seed"]


async def test_only_what_was_asked_for_can_be_drawn(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        [fits] = await closed_hazards(platform)
        await closed_hazards(platform, closed_at=START - timedelta(days=91))
        await closed_hazards(platform, looked_back=1)
        await closed_hazards(platform, lead=None)
        await closed_hazards(platform, state=facts.HazardState.VERIFIED)
        await closed_hazards(platform, grade=Grade.MAJOR)
        await closed_hazards(platform, category="fire")
        await closed_hazards(platform, area_code="990202001")
        narrowed = await opened(platform, closures={**WHEN, "grade": "general", "category": "dust"})
        told = await get(platform, county.committee, f"/campaigns/{narrowed['id']}/draw")
        assert told["entries"] == [{"id": fits, "stratum": "general"}]
        second = await opened(platform, kind="second_look")
        assert second["candidates"] == 1, "the second look is of what passed the first"
        nothing = {**WHEN, "closed_to": WHEN["closed_from"]}
        assert slug(await opened(platform, status=422, closures=nothing)) == "no-candidates"


async def test_a_look_at_the_hazard_is_the_result_and_a_failed_one_opens_it_again(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        good, bad, gone = await closed_hazards(platform, 3, grade=Grade.MAJOR)
        address = await drawn(platform)
        twin = await drawn(platform, title="The same again")
        await looked(platform, good)
        await looked(platform, bad, passed=False, remark="Dust lies there again.")
        by_hazard = {each["hazard_id"]: each for each in await items(platform, address)}
        assert (by_hazard[good]["state"], by_hazard[bad]["state"], by_hazard[gone]["state"]) == (
            *("passed", "failed"),
            "waiting",
        )
        assert (await get(platform, county.desk, f"/hazards/{bad}"))["state"] == "reopened"
        assert numbers(await get(platform, county.committee, twin)) == (3, 2, 1, 0, 1, 0.6667, 0.5)

        waiting = by_hazard[gone]["id"]
        early = await post(platform, county.committee, f"{address}/close", 409, **END)
        assert (slug(early), early["waiting"]) == ("looks-still-due", 1)
        undone = await post(platform, county.desk, f"{address}/items/{waiting}/undone", **GONE)
        assert (undone["state"], undone["why"], undone["offers"], undone["next_due"]) == (
            *("undone", "enterprise_gone"),
            [],
            None,
        )
        closed = await post(platform, county.committee, f"{address}/close", **END)
        assert (closed["state"], closed["offers"]) == ("closed", [])
        report = closed["report"]
        assert (report["remark"], [each["remark"] for each in report["failed"]]) == (
            END["remark"],
            ["Dust lies there again."],
        )
        assert [each["remark"] for each in report["not_done"]] == [GONE["remark"]]
        assert [step["verb"] for step in closed["history"]] == [
            *("open", "draw", "look_back", "look_back", "report_undone", "close"),
        ]
        await platform.settle(redeliver=3)
        [summed] = platform.events(campaigns.CampaignClosed)
        assert isinstance(summed, campaigns.CampaignClosed)
        assert (summed.items, summed.done, summed.failed, summed.failed_rate) == (3, 2, 1, 0.5)
        results = [each for each in platform.events(campaigns.CampaignLooked) if str(each.campaign_id) in address]  # type: ignore[attr-defined]
        assert [each.result for each in results] == ["passed", "failed", "undone"]  # type: ignore[attr-defined]


async def test_a_look_that_was_had_after_all_counts_instead_of_the_excuse(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        [hazard] = await closed_hazards(platform)
        address = await drawn(platform)
        [item] = await items(platform, address)
        await post(platform, county.desk, f"{address}/items/{item['id']}/undone", **{**GONE, "why": "no_entry"})
        await looked(platform, hazard)
        [after] = await items(platform, address)
        assert (after["state"], after["why"], after["remark"]) == ("passed", None, "Clean.")


async def test_what_changed_between_the_list_and_the_draw_is_told_as_it_stands(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        seen, again = await closed_hazards(platform, 2, grade=Grade.MAJOR)
        address = f"/campaigns/{(await opened(platform))['id']}"
        await looked(platform, seen)
        await post(platform, county.head, f"/hazards/{again}/reopen", reason="It is back.")
        await post(platform, county.committee, f"{address}/draw", **VALUE)
        states = {each["hazard_id"]: (each["state"], each["why"]) for each in await items(platform, address)}
        assert states == {seen: ("passed", None), again: ("undone", "open_again")}


async def test_after_its_time_a_campaign_is_summed_up_without_what_never_came(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        [hazard] = await closed_hazards(platform)
        by = TODAY + timedelta(days=5)
        address = await drawn(platform, results_by=str(by))
        assert (await items(platform, address))[0]["next_due"] == f"{by}T15:59:59Z"
        platform.travel(days=5)
        assert slug(await post(platform, county.committee, f"{address}/close", 409, **END)) == "looks-still-due"
        platform.travel(days=1)
        assert (await items(platform, address))[0]["overdue"] is True
        closed = await post(platform, county.committee, f"{address}/close", **END)
        assert numbers(closed) == (1, 0, 0, 0, 0, 0, None)
        assert [each["state"] for each in await items(platform, address)] == ["missed"]
        await looked(platform, hazard)
        assert numbers(await get(platform, county.committee, address)) == numbers(closed), "what is summed up stands"
        assert (
            await platform.rows("inspection", "select id from deadlines where key like 'campaign%' and state = 'open'")
            == []
        )


async def test_a_withdrawn_campaign_owes_nothing_and_counts_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        [hazard] = await closed_hazards(platform)
        address = await drawn(platform)
        [item] = await items(platform, address)
        ended = await post(platform, county.committee, f"{address}/withdraw", remark="The plan was changed.")
        assert (ended["state"], ended["offers"]) == ("withdrawn", [])
        over = await post(platform, county.desk, f"{address}/items/{item['id']}/undone", 409, **GONE)
        assert slug(over) == "campaign-over"
        await looked(platform, hazard)
        assert (await items(platform, address))[0]["state"] == "waiting"
        assert (await items(platform, address))[0]["next_due"] is None


async def test_a_campaign_opened_twice_is_one_and_another_under_its_id_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform)
        address = f"/campaigns/{uuid4()}"
        async with platform.client("inspection", county.committee) as http:
            answers = await asyncio.gather(*(http.put(address, json=OPENING) for _ in range(3)))
        assert {(answer.status_code, answer.json()["number"]) for answer in answers} == {
            (201, "安委办回头看〔2026〕000001号")
        }
        other = await put(platform, county.committee, address, 409, **{**OPENING, "title": "Another"})
        assert slug(other) == "campaign-id-taken"
        theirs = {**OPENING, "area_code": stage.OTHER_COUNTY}
        assert slug(await put(platform, stage.other_committee, address, 404, **theirs)) == "not-found"


REFUSED: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"area_code": stage.OTHER_COUNTY}, 403, "not-your-area"),
    ({"closures": None}, 422, "what-is-looked-at"),
    ({"kind": "policy"}, 422, "what-is-looked-at"),
    ({"closures": {**WHEN, "share": 0.05}}, 422, "sample-too-small"),
    ({"closures": {**WHEN, "closed_to": str(TODAY + timedelta(days=1))}}, 422, "period"),
    ({"closures": {**WHEN, "closed_from": str(date(2025, 1, 1))}}, 422, "period"),
    ({"results_by": str(TODAY)}, 422, "results-day"),
    ({"results_by": str(TODAY + timedelta(days=181))}, 422, "results-day"),
    ({"area_code": "990101009"}, 422, "no-candidates"),
)


async def test_what_a_campaign_may_not_ask(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform)
        for changes, status, expected in REFUSED:
            assert slug(await opened(platform, status=status, **changes)) == expected, changes
        assert (await get(platform, county.committee, "/campaigns"))["items"] == []
        assert (await opened(platform))["number"].endswith("000001号"), "what was refused took no number"


async def test_another_bodys_item_is_nobody_elses_to_answer_or_to_know_of(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform)
        await closed_hazards(platform, lead=county.FIRE)
        address = await drawn(platform, closures={**WHEN, "share": 1})
        [theirs] = await items(platform, address, county.fire_desk)
        undone = f"{address}/items/{theirs['id']}/undone"
        assert slug(await post(platform, county.desk, undone, 404, **GONE)) == "not-found"
        assert slug(await post(platform, county.market_desk, undone, 404, **GONE)) == "not-found"
        assert slug(await post(platform, county.committee, undone, 403, **GONE)) == "role-may-not"
        assert (await get(platform, county.market_desk, "/campaigns"))["items"] == []
        assert (await get(platform, stage.other_committee, "/campaigns"))["items"] == []
        await get(platform, stage.other_committee, address, 404)
        assert len(await items(platform, address, query="?state=waiting&limit=1")) == 1
        assert await items(platform, address, query="?state=failed") == []


async def test_those_who_walk_there_supply_photos_and_nothing_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        [hazard] = await closed_hazards(platform)
        unasked = await drawn(platform, title="Without photos")
        address = await drawn(platform, photos_wanted=True)
        [item] = await items(platform, address)
        for walker in (stage.grid_worker, stage.helper):
            [asked] = (await get(platform, walker, "/campaigns/photo-requests"))["items"]
            assert (asked["id"], asked["category"], asked["place"]["address"]) == (item["id"], "dust", "1 Mill Lane")
            assert set(asked) == {"id", "campaign_id", "area_code", "place", "category"}, "nothing of the case"
        elsewhere = county.actor("volunteer", area="990101002")
        assert (await get(platform, elsewhere, "/campaigns/photo-requests"))["items"] == []

        theirs = await county.hand_in(platform, {**county.PICTURE, "id": str(uuid4())}, county.TOWNSHIP)
        supply, of_volunteers = f"{address}/items/{item['id']}/photos", {**county.PICTURE, "owner": "volunteer"}
        for _ in range(2):  # over a bad line
            taken = await post(platform, stage.grid_worker, supply, photos=[theirs], remark="Seen from the gate")
            assert taken["photos"] == 1
        assert (await post(platform, stage.helper, supply, photos=[of_volunteers]))["photos"] == 2
        for walker in (stage.grid_worker, stage.helper):
            wrong = await post(platform, walker, supply, 422, photos=[county.OFFICERS_PICTURE])
            assert slug(wrong) == "unknown-evidence"
        await post(platform, elsewhere, supply, 404, photos=[of_volunteers])
        [other] = await items(platform, unasked)
        await post(platform, stage.helper, f"{unasked}/items/{other['id']}/photos", 404, photos=[of_volunteers])

        [shown] = await items(platform, address, county.desk)
        assert [(each["capacity"], each["party_id"]) for each in shown["photos"]] == [
            ("grid_worker", str(county.TOWNSHIP)),
            ("volunteer", None),
        ]
        kept = repr(await platform.rows("inspection", "select * from campaign_photos"))
        assert str(stage.helper.id) not in kept, "who helps here may be who reported"
        flood = [{**of_volunteers, "id": str(uuid4())} for _ in range(10)]
        await post(platform, stage.helper, supply, photos=flood)
        assert (
            slug(
                await post(
                    platform,
                    stage.helper,
                    supply,
                    422,
                    photos=[{**of_volunteers, "id": str(uuid4())} for _ in range(9)],
                )
            )
            == "too-many-photos"
        )
        assert shown["state"] == "waiting", "photos decide nothing"
        for walker in (stage.grid_worker, stage.helper):
            assert (
                slug(await post(platform, walker, f"{address}/items/{item['id']}/undone", 403, **GONE))
                == "role-may-not"
            )
            assert (
                slug(await post(platform, walker, f"/hazards/{hazard}/look-back", 403, **stage.LOOKED))
                == "role-may-not"
            )
            await get(platform, walker, address, 403)
        await looked(platform, hazard)
        assert (await get(platform, stage.helper, "/campaigns/photo-requests"))["items"] == []


async def test_campaigns_are_listed_newest_first_by_kind_and_state(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await closed_hazards(platform)
        first = await opened(platform)
        platform.travel(minutes=1)
        second = await drawn(platform)

        async def listed(query: str = "") -> list[str]:
            return [each["id"] for each in (await get(platform, county.committee, f"/campaigns{query}"))["items"]]

        assert await listed() == [second.rpartition("/")[2], first["id"]]
        assert await listed("?state=opened") == [first["id"]]
        assert await listed("?kind=policy") == []
        page = await get(platform, county.committee, "/campaigns?limit=1")
        assert [
            each["id"] for each in (await get(platform, county.committee, f"/campaigns?after={page['next']}"))["items"]
        ] == [first["id"]]


async def test_a_look_that_is_had_while_it_is_drawn_is_never_lost(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for _ in range(3):
            [hazard] = await closed_hazards(platform)
            address = f"/campaigns/{(await opened(platform, closures={**WHEN, 'share': 1}))['id']}"
            await asyncio.gather(
                post(platform, county.committee, f"{address}/draw", **VALUE),
                post(platform, county.li, f"/hazards/{hazard}/look-back", **stage.LOOKED),
            )
            await platform.settle(redeliver=3)
            states = {each["hazard_id"]: each["state"] for each in await items(platform, address)}
            assert states == {hazard: "passed"}
        assert await platform.dead_letters() == []
