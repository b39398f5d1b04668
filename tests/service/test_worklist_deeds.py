"""What people do to lists: keep how they look at them, decide about many rows, and see who else is at one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import hazard_stages as stages
import inspection_county as county
from inspection_county import get, post, put, slug
from parts_asked import asked as ask_for
from parts_asked import declined
from worklist_stages import asked, hazard, ident, plant, serials

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade, Role
from shared.testing import OpenPlatform, Platform


def told(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


async def save(platform: Platform, who: Actor, view_id: UUID, status: int = 200, **ask: Any) -> dict[str, Any]:
    given = {"list": "hazards", "name": "Late", "filters": {"type": ["open"], "category": ["fire"]}, **ask}
    return await put(platform, who, f"/views/{view_id}", status, **given)


async def delete(platform: Platform, who: Actor, path: str, status: int = 204) -> None:
    async with platform.client("inspection", who) as http:
        answer = await http.delete(path)
        assert answer.status_code == status, answer.text


async def test_a_saved_view_opens_a_list_and_what_is_asked_besides_goes_first(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, [hazard(1), hazard(2, category=Category.FIRE), hazard(3, state=HazardState.CLOSED)])
        view = uuid4()
        saved = await save(platform, county.desk, view)
        assert saved["filters"] == {"type": ["open"], "category": ["fire"]}
        assert (saved["mine"], saved["shared"]) == (True, False)
        assert await serials(platform, county.desk, view=str(view)) == [2]
        assert await serials(platform, county.desk, view=str(view), category="dust") == [1]
        assert await serials(platform, county.desk, view=str(view), type="fixed", category="dust") == [3]
        counted = await asked(platform, county.desk, "/hazards/counts", view=str(view))
        assert counted["states"] == {"assigned": 1}
        await save(platform, county.desk, view, name="Mine", filters={"mine": True})
        assert await serials(platform, county.desk, view=str(view)) == []
        assert [each["name"] for each in (await get(platform, county.desk, "/views"))["items"]] == ["Mine"]
        await delete(platform, county.desk, f"/views/{view}")
        await asked(platform, county.desk, status=404, view=str(view))
        await delete(platform, county.desk, f"/views/{view}", 404)


async def test_a_view_is_ones_own_unless_it_is_shared_with_colleagues(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        private, common = uuid4(), uuid4()
        await save(platform, county.desk, private)
        await save(platform, county.desk, common, name="Ours", shared=True)
        for stranger in (county.li, county.fire_desk, county.committee, county.principal):
            await get(platform, stranger, f"/views/{private}", 404)
            await asked(platform, stranger, status=404, view=str(private))
            await save(platform, stranger, private, 404, filters={"type": ["open"]})
            await delete(platform, stranger, f"/views/{private}", 404)
        seen = await get(platform, county.li, f"/views/{common}")
        assert (seen["name"], seen["mine"]) == ("Ours", False)
        assert await serials(platform, county.li, view=str(common)) == []
        assert slug(await save(platform, county.li, common, 403)) == "not-your-view"
        await delete(platform, county.li, f"/views/{common}", 403)
        await get(platform, county.fire_desk, f"/views/{common}", 404)
        assert slug(await save(platform, county.li, uuid4(), 403, shared=True)) == "role-may-not"
        assert slug(await save(platform, county.principal, uuid4(), 403, shared=True, filters={})) == "role-may-not"
        await get(platform, county.volunteer, "/views", 403)


async def test_a_view_holds_only_what_its_list_could_be_asked_by_its_owner(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        refused: list[tuple[Actor, dict[str, Any], int, str]] = [
            (county.desk, {"filters": {"colour": "red"}}, 422, "bad-filters"),
            (county.desk, {"filters": {"state": ["eaten"]}}, 422, "bad-filters"),
            (county.desk, {"filters": {"limit": 5}}, 422, "bad-filters"),
            (county.desk, {"filters": {"q": "尘"}}, 422, "search-too-short"),
            (county.desk, {"list": "docket", "filters": {"suspension": ["none"]}}, 422, "bad-filters"),
            (county.principal, {"filters": {"channel": ["web"]}}, 422, "filter-not-yours"),
            (county.principal, {"list": "docket", "filters": {}}, 403, "role-may-not"),
            (county.desk, {"name": " "}, 422, "invalid-request"),
        ]
        for who, ask, status, expected in refused:
            assert slug(await save(platform, who, uuid4(), status, **ask)) == expected, ask
        hazards, docket = uuid4(), uuid4()
        await save(platform, county.desk, hazards)
        await save(platform, county.desk, docket, list="docket", filters={"type": ["open"]})
        await asked(platform, county.desk, "/docket", 404, view=str(hazards))
        await asked(platform, county.desk, "/hazards", 404, view=str(docket))
        assert (await asked(platform, county.desk, "/docket", view=str(docket)))["items"] == []


async def test_nobody_keeps_more_views_than_the_profile_allows(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        most = int(platform.service("inspection").profile.number("view.max_per_person", platform.now.date()))
        first = uuid4()
        await save(platform, county.desk, first)
        for _ in range(most - 1):
            await save(platform, county.desk, uuid4())
        refused = await save(platform, county.desk, uuid4(), 409)
        assert (slug(refused), refused["most"]) == ("too-many-views", most)
        await save(platform, county.desk, first, name="Changed")
        await save(platform, county.li, uuid4())


async def test_many_are_assigned_at_once_and_each_has_its_own_answer(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        fire = {"handling_authority_id": county.FIRE, "lead_authority_id": county.FIRE}
        confirmed = [hazard(nth, state=HazardState.CONFIRMED) for nth in (1, 2)]
        await plant_more(platform, [*confirmed, hazard(3, state=HazardState.CLOSED), hazard(4, **fire)])
        ids = [ident(2), ident(1), ident(3), ident(4), ident(99), ident(2)]
        key = {"idempotency-key": "once"}
        ask = {"hazard_ids": [str(each) for each in ids], "co_authority_ids": [str(county.FIRE)]}
        async with platform.client("inspection", county.desk) as http:
            answer = await http.post("/hazards/assign-many", json=ask, headers=key)
            again = await http.post("/hazards/assign-many", json=ask, headers=key)
        assert answer.status_code == 200, answer.text
        assert again.json() == answer.json()
        items = {UUID(item["hazard_id"]): item for item in answer.json()["items"]}
        assert list(items) == [ident(2), ident(1), ident(3), ident(4), ident(99)]
        assert [items[ident(nth)]["ok"] for nth in (1, 2, 3, 4, 99)] == [True, True, False, False, False]
        assert items[ident(1)]["state"] == "assigned"
        assert items[ident(3)]["slug"] == "illegal-transition"
        assert "is not possible while" in items[ident(3)]["en"]
        assert "不能执行" in items[ident(3)]["zh"]
        assert items[ident(4)]["slug"] == items[ident(99)]["slug"] == "not-found"
        await platform.settle(redeliver=3)
        told = [event.hazard_id for event in platform.events(facts.HazardAssigned)]
        assert sorted(told) == [ident(1), ident(2)]
        [row] = await platform.rows("inspection", "select handlers, state from hazards where serial = 1")
        assert (row["state"], row["handlers"]) == ("assigned", [county.EMERGENCY, county.FIRE])
        [closed] = await platform.rows("inspection", "select state, version from hazards where serial = 3")
        assert (closed["state"], closed["version"]) == ("closed", 1)


async def test_many_are_not_too_many_and_only_for_those_who_assign(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await post(platform, county.desk, "/hazards/assign-many", 422, hazard_ids=[])
        await post(platform, county.desk, "/hazards/assign-many", 422, hazard_ids=[str(uuid4()) for _ in range(201)])
        one = {"hazard_ids": [str(uuid4())]}
        for who in (county.li, county.principal, county.township):
            assert slug(await post(platform, who, "/hazards/assign-many", 403, **one)) == "role-may-not"


async def test_a_colleague_sees_who_has_a_hazard_open_until_it_lapses(services_here: OpenPlatform) -> None:
    desk = Actor(county.DESK, Role.AUTHORITY_DESK, county.EMERGENCY, county.COUNTY, "zh", "赵敏")
    async with services_here("inspection") as platform:
        await plant(platform, [hazard(1, co_authority_ids=[str(county.FIRE)])])
        path = f"/hazards/{ident(1)}"
        held = await put(platform, desk, f"{path}/hold", 200)
        assert held["held_by"] is None
        began = platform.now
        for colleague in (county.li, county.head, county.committee):
            shown = await get(platform, colleague, path)
            assert shown["held_by"]["name"] == "赵敏"
            [line] = (await asked(platform, colleague))["items"]
            assert line["held_by"] == shown["held_by"]
        assert (await get(platform, desk, path))["held_by"] is None
        for other in (county.fire_desk, county.township):
            assert (await get(platform, other, path))["held_by"] is None
        for outside in (county.principal,):
            assert "held_by" not in await get(platform, outside, path)
            assert slug(await put(platform, outside, f"{path}/hold", 403)) == "role-may-not"
        platform.travel(minutes=2)
        assert (await put(platform, county.li, f"{path}/hold", 200))["held_by"]["name"] == "赵敏"
        await put(platform, desk, f"{path}/hold", 200)
        platform.travel(minutes=2)
        shown = (await get(platform, county.head, path))["held_by"]
        assert (shown["name"], shown["since"]) == ("赵敏", told(began))  # renewed in time, it is one hold
        platform.travel(minutes=2)
        assert (await get(platform, county.head, path))["held_by"] is None
        await put(platform, desk, f"{path}/hold", 200)
        again = (await get(platform, county.head, path))["held_by"]
        assert again["since"] == told(began + timedelta(minutes=6))
        await delete(platform, desk, f"{path}/hold")
        await delete(platform, desk, f"{path}/hold")
        assert (await get(platform, county.head, path))["held_by"] is None
        assert (await platform.rows("inspection", "select count(*) as n from holds"))[0]["n"] == 0


async def test_a_hold_needs_something_one_may_see_and_hinders_nobody(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await stages.assigned(platform)
        await put(platform, county.fire_desk, f"{path}/hold", 404)
        await delete(platform, county.fire_desk, f"{path}/hold", 404)
        await put(platform, county.desk, f"{path}/hold", 200)
        await post(platform, county.li, f"{path}/order", **stages.ORDER)  # held by a colleague, and done all the same
        [entry] = (await asked(platform, county.desk, "/docket"))["items"]
        await put(platform, county.desk, f"/docket/{entry['id']}/hold", 200)
        named = {"name": "Officer", "since": told(platform.now)}  # the token has no name, the register has
        assert (await get(platform, county.head, f"/docket/{entry['id']}"))["held_by"] == named
        [line] = (await asked(platform, county.committee, "/docket"))["items"]
        assert line["held_by"] == named
        await put(platform, county.principal, f"/docket/{entry['id']}/hold", 403)
        await put(platform, county.fire_desk, f"/docket/{entry['id']}/hold", 404)
        await delete(platform, county.desk, f"/docket/{entry['id']}/hold")
        assert (await get(platform, county.head, f"/docket/{entry['id']}"))["held_by"] is None


async def test_whoever_comes_second_is_told_which_colleague_was_first(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await stages.assigned(platform)
        async with platform.client("inspection", county.li) as http:
            seen = (await http.get(path)).headers["etag"]
        await post(platform, county.li, f"{path}/order", **stages.ORDER)
        async with platform.client("inspection", county.head, "zh") as http:
            stale = await http.post(f"{path}/void", json={"reason": "x", "proof": [county.OFFICERS_PICTURE]},
                                    headers={"if-match": seen})  # fmt: skip
            lost = await http.post(f"{path}/order", json=stages.ORDER)
        assert (stale.status_code, slug(stale.json())) == (412, "changed-meanwhile")
        assert stale.json()["changed_by"] == "Officer"
        assert stale.json()["change"] == "order"
        assert "最近由Officer修改" in stale.json()["detail"]
        assert (lost.status_code, slug(lost.json())) == (409, "illegal-transition")
        assert lost.json()["changed_by"] == "Officer"
        async with platform.client("inspection", county.li) as http:  # nobody is told of what they did themselves
            own = await http.post(f"{path}/order", json=stages.ORDER, headers={"if-match": seen})
        assert own.status_code == 412
        assert "changed_by" not in own.json()
        # To another organisation the same refusal names nobody.
        async with platform.client("inspection", county.principal) as http:
            foreign = await http.post(f"{path}/request-recheck", json={"items": []}, headers={"if-match": seen})
            refused = await http.post(f"{path}/report-major", json={})
        for answer in (foreign, refused):
            assert "changed_by" not in answer.json()
            assert "Officer" not in answer.text


async def plant_more(platform: Platform, hazards: list[Any]) -> None:
    """Write hazards beside what the registry has told already."""
    async with platform.service("inspection").database.transaction() as tx:
        for each in hazards:
            each.grade = Grade.GENERAL
            each.routing_rule = facts.RoutingRule.INDUSTRY
            tx.add(each)


async def test_what_a_party_owes_stands_in_its_list_until_it_is_done(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await stages.assigned(platform)

        async def found(who: Actor, clock: str) -> int:
            return len(await serials(platform, who, clock=clock))

        assert await found(county.fire_desk, "part.answer") == 0
        part = await ask_for(platform, path)
        assert await found(county.fire_desk, "part.answer") == await found(county.desk, "part.acknowledge") == 1
        await post(platform, county.fire_desk, f"{part}/acknowledge")
        assert await found(county.fire_desk, "part.acknowledge") == 0
        await post(platform, county.fire_desk, f"{part}/answer", answer="It may not.")
        assert await found(county.fire_desk, "part.answer") == 0
        await declined(platform, path)
        assert await found(county.desk, "part.settle") == 1
