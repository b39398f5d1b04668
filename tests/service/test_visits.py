"""Visits from the plan to the end: who is told what, what the sheet shows, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import hazard_stages as stages
import inspection_county as county
from inspection_county import FIRE_OFFICERS, OFFICERS, TODAY, get, post, put, slug
from visit_stages import FOUND, PLAN, SOON, finished, known_county, other_walker, patrol, planned, under_way, walker

from shared.auth import Actor
from shared.contracts.inspection import (
    Undone,
    VisitCancelled,
    VisitFinished,
    VisitPlanned,
    VisitStarted,
)
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


async def listed(platform: Platform, who: Actor, query: str = "") -> list[str]:
    return [visit["id"] for visit in (await get(platform, who, f"/visits{query}"))["items"]]


async def test_a_visit_goes_from_plan_to_result_and_every_step_is_told_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        visit = await planned(platform, on=str(TODAY))
        address = f"/visits/{visit['id']}"
        assert (visit["state"], visit["offers"], visit["counts"]) == ("planned", ["start", "cancel"], True)
        assert (await post(platform, county.li, f"{address}/start"))["offers"] == ["finish"]
        ended = await post(platform, county.li, f"{address}/finish", **FOUND)
        assert (ended["state"], ended["hazards_found"], ended["offers"]) == ("finished", 1, [])
        assert [(step["verb"], step["state_from"], step["state_to"]) for step in ended["history"]] == [
            ("plan", None, "planned"),
            ("start", "planned", "under_way"),
            ("finish", "under_way", "finished"),
        ]
        assert {step["who_id"] for step in ended["history"]} == {str(county.LI)}
        await platform.settle(redeliver=3)
        told = platform.events(VisitPlanned, VisitStarted, VisitFinished, VisitCancelled)
        assert [type(event) for event in told] == [VisitPlanned, VisitStarted, VisitFinished]
        assert [str(officer) for officer in told[0].officers] == OFFICERS
        assert {(event.visit_id, event.area_code, event.by_id) for event in told} == {
            (UUID(visit["id"]), county.TOWN, county.LI)
        }
        assert await platform.dead_letters() == []


async def test_the_same_plan_again_is_the_same_visit_and_another_under_its_id_is_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        first = await planned(platform)
        address = f"/visits/{first['id']}"
        assert (await put(platform, county.li, address, **PLAN, unannounced=False))["id"] == first["id"]
        other = await put(platform, county.li, address, 409, **{**PLAN, "purpose": "Something else"})
        assert slug(other) == "visit-id-taken"
        theirs = {**PLAN, "officers": FIRE_OFFICERS}
        assert slug(await put(platform, county.fire_officer, address, 404, **theirs)) == "not-found"
        await platform.settle()
        assert len(platform.events(VisitPlanned)) == 1
        await post(platform, county.li, f"{address}/cancel", reason="Joined to the fire inspection.")
        assert (await put(platform, county.li, address, **PLAN))["state"] == "cancelled"


async def test_who_acts_on_an_old_view_is_told(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/visits/{(await planned(platform, on=str(TODAY)))['id']}"
        async with platform.client("inspection", county.li) as http:
            seen = (await http.get(address)).headers["etag"]
            assert (await http.post(f"{address}/start", headers={"if-match": seen})).status_code == 200
            late = await http.post(f"{address}/cancel", json={"reason": "Late"}, headers={"if-match": seen})
            assert (late.status_code, slug(late.json())) == (412, "changed-meanwhile")


async def test_where_nothing_could_be_inspected_a_code_says_why_and_the_year_keeps_its_place(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for undone in ("closed", "refused_entry", "moved", "other"):
            address = await under_way(platform)
            ended = await post(platform, county.li, f"{address}/finish", undone=undone, remark="The gate was locked.")
            assert (ended["state"], ended["undone"], ended["hazards_found"]) == ("not_done", undone, None)
            assert ended["cap"]["counted"] == []
        await platform.settle(redeliver=3)
        facts = platform.events(VisitFinished)
        assert [(fact.state, fact.undone) for fact in facts] == [("not_done", undone) for undone in Undone]


async def test_half_a_result_is_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await under_way(platform)
        for half in ({}, {"findings": "Fine."}, {**FOUND, "undone": "closed"}):
            assert slug(await post(platform, county.li, f"{address}/finish", 422, **half)) == "visit-result"
        assert slug(await post(platform, county.li, f"{address}/finish", 422, undone="other")) == "undone-needs-words"
        assert (await get(platform, county.li, address))["state"] == "under_way"


async def test_a_visit_begins_on_its_day_by_one_of_those_who_go(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        joint = {"joint_authority_ids": [str(county.FIRE)], "joint_officers": FIRE_OFFICERS}
        start = f"/visits/{(await planned(platform, **joint))['id']}/start"
        assert slug(await post(platform, county.li, start, 409)) == "visit-not-today"
        assert slug(await post(platform, county.desk, start, 403)) == "not-on-this-visit"
        platform.travel(days=6)
        assert (await post(platform, county.fire_officer, start))["state"] == "under_way"
        assert slug(await post(platform, county.li, start, 409)) == "illegal-transition"


async def test_a_certificate_must_hold_on_the_day_of_the_visit(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        platform.travel(days=1)
        last_day = await planned(platform, on=str(TODAY + timedelta(days=400)))
        assert last_day["state"] == "planned"
        refused = await planned(platform, status=403, on=str(TODAY + timedelta(days=401)), ground="recheck")
        assert (slug(refused), set(refused["officers"])) == ("certificate-expired", set(OFFICERS))


async def test_others_visits_near_the_day_are_shown_to_whoever_plans(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        near = await planned(platform, county.fire_officer, on=str(SOON + timedelta(days=14)))
        await planned(platform, county.fire_officer, on=str(SOON + timedelta(days=15)), ground="recheck")
        await planned(platform, county.fire_officer, enterprise_id=str(county.BAKERY))
        off = await planned(platform, county.fire_officer, ground="accident")
        await post(platform, county.fire_officer, f"/visits/{off['id']}/cancel", reason="Not needed.")
        await patrol(platform)
        await planned(platform, ground="complaint")
        mine = await planned(platform)
        assert [(each["id"], each["party_id"]) for each in mine["overlaps"]] == [(near["id"], str(county.FIRE))]
        assert {"ground", "purpose"} & set(mine["overlaps"][0]) == set()
        joined = await planned(
            platform, county.fire_officer, joint_authority_ids=[str(county.EMERGENCY)], ground="superior_assigned"
        )
        again = await get(platform, county.li, f"/visits/{mine['id']}")
        assert joined["id"] not in {each["id"] for each in again["overlaps"]}


async def test_the_sheet_shows_what_is_open_at_the_enterprise_and_how_the_last_visits_ended(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await stages.confirmed(platform)
        hazard_id = hazard.removeprefix("/hazards/")
        last = (await finished(platform)).removeprefix("/visits/")
        concerning = await planned(platform, hazard_ids=[hazard_id])
        assert concerning["hazard_ids"] == [hazard_id]
        [waiting] = concerning["open_hazards"]
        assert (waiting["id"], waiting["state"], waiting["what"]) == (hazard_id, "confirmed", "Dust deposits on motors")
        assert [(each["id"], each["hazards_found"]) for each in concerning["last_visits"]] == [(last, 1)]
        theirs = await planned(platform, county.fire_officer, ground="complaint")
        assert theirs["open_hazards"] == [], "another authority's case is its own until the enterprise knows of it"
        assert [each["id"] for each in theirs["last_visits"]] == [last]
        await post(platform, county.desk, f"{hazard}/assign")
        await post(platform, county.li, f"{hazard}/order", **stages.ORDER)
        again = await get(platform, county.fire_officer, f"/visits/{theirs['id']}")
        assert [each["number"] for each in again["open_hazards"]] == [waiting["number"]]
        assert (await patrol(platform))["open_hazards"] == []


async def test_a_visit_names_only_hazards_of_its_enterprise_that_the_planner_may_see(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard_id = (await stages.confirmed(platform)).removeprefix("/hazards/")
        unknown = str(uuid4())
        refused = await planned(platform, status=422, hazard_ids=[hazard_id, unknown])
        assert (slug(refused), refused["hazards"]) == ("unknown-hazard", [unknown])
        for who, more in (
            (county.li, {"enterprise_id": str(county.BAKERY)}),
            (county.fire_officer, {"officers": FIRE_OFFICERS}),
            (walker, {"kind": "grid_patrol", "officers": []}),
        ):
            refused = await planned(platform, who, 422, hazard_ids=[hazard_id], **more)
            assert (slug(refused), refused["hazards"]) == ("unknown-hazard", [hazard_id])


async def test_the_enterprise_knows_of_what_is_announced_or_finished_and_never_why(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        announced = await planned(platform, ground="complaint", purpose="举报核查 a complaint")
        secret = await planned(platform, ground="complaint", unannounced=True, on=str(TODAY))
        afterwards = await planned(platform, ground="accident", on=str(TODAY - timedelta(days=1)))
        assert await listed(platform, county.principal) == [announced["id"]]
        for hidden in (secret, afterwards):
            assert slug(await get(platform, county.principal, f"/visits/{hidden['id']}", 404)) == "not-found"
        await post(platform, county.li, f"/visits/{secret['id']}/start")
        assert await listed(platform, county.principal) == [announced["id"]]
        await post(platform, county.li, f"/visits/{secret['id']}/finish", **FOUND)
        assert await listed(platform, county.principal) == [announced["id"], secret["id"]]
        await post(platform, county.li, f"/visits/{announced['id']}/cancel", reason="The complaint was withdrawn.")
        for visit in (announced, secret):
            async with platform.client("inspection", county.principal) as http:
                answer = await http.get(f"/visits/{visit['id']}")
            inner = {"ground", "purpose", "counts", "unannounced", "hazard_ids", "history", "cap", "overlaps", "remark"}
            assert not inner & set(answer.json())
            for hint in ("complaint", "举报", "withdrawn"):
                assert hint not in answer.text
        refused = await get(platform, county.principal, "/visits?ground=complaint", 403)
        assert slug(refused) == "ground-not-shown"
        assert await listed(platform, county.other_principal) == []
        assert slug(await get(platform, county.worker, "/visits", 403)) == "role-may-not"


async def test_what_could_not_be_made_unannounced_stays_unknown_to_the_enterprise(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for unannounced, shown in ((True, 0), (False, 1)):
            address = await under_way(platform, unannounced=unannounced)
            await post(platform, county.li, f"{address}/finish", undone="closed")
            assert len(await listed(platform, county.principal)) == shown


async def test_everybody_lists_what_is_theirs_to_know(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        mine = await planned(platform)
        joint = await planned(
            platform,
            county.fire_officer,
            joint_authority_ids=[str(county.MARKET)],
            unannounced=True,
            on=str(SOON + timedelta(days=1)),
        )
        walk = await patrol(platform, on=str(SOON + timedelta(days=2)))
        everything = [walk["id"], joint["id"], mine["id"]]
        elsewhere = county.actor(Role.COMMITTEE, party=county.COMMITTEE, area="110101")
        for who, expected in (
            (county.committee, everything),
            (county.township, everything),
            (county.li, [mine["id"]]),
            (county.fire_desk, [joint["id"]]),
            (county.market_desk, [joint["id"]]),
            (walker, [walk["id"]]),
            (other_walker, []),
            (county.principal, [walk["id"], mine["id"]]),
            (elsewhere, []),
        ):
            assert await listed(platform, who) == expected, who
        for stranger in (county.agency, county.volunteer, county.partner):
            assert slug(await get(platform, stranger, "/visits", 403)) == "role-may-not"
        assert slug(await get(platform, other_walker, f"/visits/{walk['id']}", 404)) == "not-found"
        assert slug(await post(platform, county.market_desk, f"/visits/{joint['id']}/cancel", 403, reason="No.")) == (
            "not-your-visit"
        )


async def test_a_list_is_narrowed_and_turned_page_by_page(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        visits = [
            await planned(platform, county.fire_officer, ground="recheck", on=str(SOON + timedelta(days=n)))
            for n in range(3)
        ]
        other = await planned(platform, enterprise_id=str(county.BAKERY), on=str(SOON + timedelta(days=3)))
        walk = await patrol(platform, on=str(SOON + timedelta(days=4)))
        ids = [visit["id"] for visit in visits]
        for query, expected in (
            (f"?enterprise={county.BAKERY}", [other["id"]]),
            (f"?authority={county.FIRE}", ids[::-1]),
            (f"?from={SOON}&to={SOON + timedelta(days=1)}", [ids[1], ids[0]]),
            ("?kind=grid_patrol", [walk["id"]]),
            ("?ground=recheck&limit=100", ids[::-1]),
            ("?ground=complaint", []),
        ):
            assert await listed(platform, county.committee, query) == expected, query
        seen: list[str] = []
        following: str | None = ""
        while following is not None:
            page = await get(platform, county.committee, f"/visits?limit=2{following and f'&after={following}'}")
            seen += [visit["id"] for visit in page["items"]]
            following = page["next"]
        assert seen == [walk["id"], other["id"], *ids[::-1]]
        assert slug(await get(platform, county.committee, f"/visits?after={uuid4()}", 400)) == "bad-cursor"


async def test_a_grid_worker_patrols_alone_or_with_people_of_the_same_township(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        walk = await patrol(platform, on=str(TODAY))
        assert (walk["officers"], walk["counts"], walk["cap"]) == ([str(walker.id)], False, None)
        with_stranger = {"kind": "grid_patrol", "officers": [str(walker.id), str(county.LI)]}
        assert slug(await planned(platform, walker, 422, **with_stranger)) == "not-a-colleague"
        await post(platform, walker, f"/visits/{walk['id']}/start")
        ended = await post(platform, walker, f"/visits/{walk['id']}/finish", findings="Exit is clear.", hazards_found=0)
        assert ended["state"] == "finished"
        assert slug(await planned(platform, county.li, 403, kind="grid_patrol")) == "not-a-patrol"


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"on": "0001-01-01"}, "visit-day"),
    ({"on": "9999-12-31"}, "visit-day"),
    ({"on": "2026-02-30"}, "invalid-request"),
    ({"on": 0}, "invalid-request"),
    ({"enterprise_id": str(UUID(int=77))}, "unknown-enterprise"),
    ({"enterprise_id": str(county.EMERGENCY)}, "unknown-enterprise"),
    ({"kind": "third_party_audit"}, "invalid-request"),
    ({"kind": "observation"}, "invalid-request"),
    ({"ground": "mood"}, "invalid-request"),
    ({"purpose": "  "}, "invalid-request"),
    ({"purposes": "misspelt"}, "invalid-request"),
    ({"officers": OFFICERS * 6}, "invalid-request"),
    ({"officers": []}, "two-officers"),
    ({"hazard_ids": [str(uuid4()) for _ in range(51)]}, "invalid-request"),
    ({"joint_authority_ids": [str(county.TOWNSHIP)]}, "not-another-authority"),
    ({"joint_authority_ids": [str(county.EMERGENCY)]}, "not-another-authority"),
    ({"joint_officers": FIRE_OFFICERS}, "not-an-officer-here"),
    ({"joint_authority_ids": [str(county.MARKET)], "joint_officers": FIRE_OFFICERS}, "not-an-officer-here"),
]


async def test_what_cannot_be_meant_is_refused_and_nothing_is_planned(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for changes, why in HOSTILE:
            assert slug(await planned(platform, status=422, **changes)) == why, changes
        abroad = county.actor(Role.AUTHORITY_OFFICER, county.LI, county.EMERGENCY, "110101")
        assert slug(await planned(platform, abroad, 422)) == "unknown-enterprise"
        homeless = county.actor(Role.GRID_WORKER, area=county.TOWN)
        assert slug(await planned(platform, homeless, 403, kind="grid_patrol", officers=[])) == "no-organisation"
        assert await listed(platform, county.committee) == []
        await platform.settle()
        assert platform.events(VisitPlanned) == []
