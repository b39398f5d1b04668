from datetime import timedelta
from uuid import uuid4

import inspection_county as county
from hazard_stages import assigned, rechecking, suspected, verdicts
from inspection_county import FIRE_OFFICERS, OFFICERS, TODAY, get, post, put, slug
from parts_asked import OPINION, asked, owed, part, states

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform

TOMORROW = TODAY + timedelta(days=1)
CALL = {
    "authority_ids": [str(county.FIRE), str(county.MARKET)],
    "what": "Look at line 2 together.",
    "on": str(TOMORROW),
}
WITH_FIRE = [{"authority_id": str(county.FIRE), "officers": FIRE_OFFICERS}]


async def test_a_lead_calls_several_bodies_for_a_day_and_each_answers_with_its_officers(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        call = f"{hazard}/joint-inspections/{uuid4()}"
        called = await put(platform, county.li, call, **CALL)
        assert await put(platform, county.li, call, **CALL) == called
        fire, market = (f"{hazard}/parts/{item['id']}" for item in called["items"])
        # Whoever must come tomorrow must say so by then, not in two working days.
        assert await owed(platform, fire) == {"part.acknowledge": "fire", "part.answer": "fire"}
        clocks = {
            clock["due_at"] for clock in (await get(platform, county.desk, hazard))["deadlines"] if clock["part_id"]
        }
        assert clocks == {f"{TOMORROW}T15:59:59Z"}
        found = {"answer": "No spark arrester.", "officers": FIRE_OFFICERS}
        for desk, path in ((county.fire_desk, fire), (county.market_desk, market)):
            await post(platform, desk, f"{path}/acknowledge")
        assert slug(await post(platform, county.fire_desk, f"{fire}/answer", 409, **found)) == "day-not-come"
        assert (await part(platform, fire, county.fire_desk))["offers"] == ["decline"]
        platform.travel(days=1)
        alone = {**found, "officers": FIRE_OFFICERS[:1]}
        assert slug(await post(platform, county.fire_desk, f"{fire}/answer", 422, **alone)) == "two-officers"
        lent = {**found, "officers": [FIRE_OFFICERS[0], OFFICERS[0]]}
        assert slug(await post(platform, county.fire_officer, f"{fire}/answer", 422, **lent)) == "not-an-officer-here"
        uncertified = {**found, "officers": [str(county.MARKET_DESK), str(county.FIRE_ONE)]}
        assert (
            slug(await post(platform, county.market_desk, f"{market}/answer", 422, **uncertified))
            == "not-an-officer-here"
        )
        await post(platform, county.fire_desk, f"{fire}/answer", **found)
        record = (await get(platform, county.committee, f"{hazard}/parts"))["items"]
        assert [(item["on"], item["answer"], item["officers"]) for item in record] == [
            (str(TOMORROW), "No spark arrester.", FIRE_OFFICERS),
            (str(TOMORROW), "", []),
        ]
        await platform.settle(redeliver=3)
        assert [len(event.officers) for event in platform.events(facts.PartAnswered)] == [2]


async def test_all_are_called_or_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        call = f"{hazard}/joint-inspections/{uuid4()}"
        for named, told in (
            ([str(county.FIRE), str(county.TOWNSHIP)], "not-for-a-township"),
            ([str(county.FIRE), str(county.MILL)], "cannot-assist"),
            ([str(county.FIRE), str(county.EMERGENCY)], "lead-does-it-itself"),
            ([str(county.FIRE), str(county.FIRE)], "called-twice"),
            ([], "invalid-request"),
        ):
            assert slug(await put(platform, county.desk, call, 422, **{**CALL, "authority_ids": named})) == told
        past = {**CALL, "on": str(TODAY - timedelta(days=1))}
        assert slug(await put(platform, county.desk, call, 422, **past)) == "joint-day-not-possible"
        assert await states(platform, hazard) == []
        await platform.settle(redeliver=3)
        assert platform.events(facts.PartAsked) == []


async def test_a_joint_inspection_that_was_disputed_beyond_its_day_gets_another(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path = await asked(platform, hazard, task="joint_inspection", on=str(TODAY))
        refusing = {"code": "other_area", "reason": "The next town's.", "suggested_authority_id": str(county.MARKET)}
        await post(platform, county.fire_desk, f"{path}/decline", **refusing)
        platform.travel(days=1)
        asking = {"authority_id": str(county.MARKET), "reason": "So be it."}
        assert slug(await post(platform, county.desk, f"{path}/reask", 422, **asking)) == "joint-day-not-possible"
        assert (await part(platform, path))["state"] == "declined"
        await post(platform, county.desk, f"{path}/insist", reason="It lies in your area.")
        deciding = {"authority_id": str(county.FIRE), "explanation": "By the map."}
        late = await post(platform, county.committee, f"{path}/arbitrate", 422, **deciding)
        assert slug(late) == "joint-day-not-possible"
        day = str(TOMORROW + timedelta(days=1))
        await post(platform, county.committee, f"{path}/arbitrate", **deciding, on=day)
        again = await part(platform, path)
        assert (again["state"], again["on"], again["due"]) == ("asked", day, f"{day}T15:59:59Z")


async def test_officers_of_others_are_recorded_and_replace_nobody(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        passing = {
            "verdicts": await verdicts(platform, hazard),
            "opinion": "All clean.",
            "unit_refused": "Nobody signs.",
            "joint_officers": WITH_FIRE,
        }
        alone = {**passing, "officers": [str(county.LI)]}
        assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", 422, **alone)) == "two-officers"
        for named, status, told in (
            ([{"authority_id": str(county.EMERGENCY), "officers": OFFICERS}], 422, "joint-officers-of-others"),
            (WITH_FIRE * 2, 422, "joint-officers-of-others"),
            ([{"authority_id": str(county.TOWNSHIP), "officers": FIRE_OFFICERS}], 422, "not-an-authority"),
            ([{"authority_id": str(county.MARKET), "officers": FIRE_OFFICERS}], 422, "not-an-officer-here"),
            ([{"authority_id": str(county.MARKET), "officers": [str(county.MARKET_DESK)]}], 403, "certificate-expired"),
            ([{"authority_id": str(county.FIRE), "officers": []}], 422, "invalid-request"),
        ):
            ask = {**passing, "officers": OFFICERS, "joint_officers": named}
            assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", status, **ask)) == told, named
        shown = await post(platform, county.li, f"{hazard}/pass-recheck", **passing, officers=OFFICERS)
        [recheck] = shown["rechecks"]
        assert (recheck["officers"], recheck["joint_officers"]) == (OFFICERS, WITH_FIRE)


async def test_who_verified_together_stands_in_the_history(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        found = {"grade": "general", "what": "Dust", "officers": OFFICERS, "joint_officers": WITH_FIRE}
        await post(platform, county.li, f"{hazard}/confirm", **found)
        told = (await get(platform, county.desk, f"{hazard}/history"))["items"][-1]
        assert (told["verb"], told["facts"]["joint_officers"]) == ("confirm", WITH_FIRE)
        refused = await put(platform, county.desk, f"{hazard}/parts/{uuid4()}", 409, **OPINION)
        assert slug(refused) == "not-in-hand"
