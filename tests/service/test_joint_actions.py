"""Joint actions: what the committee co-ordinates, what each authority does, and what the targets never hear."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from committee_stages import (
    ACTION,
    EMERGENCYS,
    FIRES,
    REPORT_BY,
    asked,
    joined,
    opened,
    other_committee,
)
from inspection_county import TODAY, get, post, put, slug
from letter_stages import hazard
from visit_stages import finished, known_county, patrol, planned

from services.inspection.hazards.models import Order
from shared.contracts.inspection.joint_actions import (
    JointActionCancelled,
    JointActionClosed,
    JointActionOpened,
    JointPartAsked,
    JointPartDeclined,
    JointPartReleased,
    JointPartReported,
    JointTargetsChosen,
    JointVisitRecorded,
)
from shared.contracts.values import Role
from shared.testing import START, OpenPlatform, Platform

BOTH = [str(county.MILL), str(county.BAKERY)]
REPORT = {"text": "Our officers went each day."}
CLOSING = {"report": "Two enterprises were visited. One had dust on its motors."}


def clocks(shown: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(clock["key"], clock["owed_by"]) for clock in shown["deadlines"]]


async def ordered(platform: Platform, hazard_id: str, authority: UUID = county.EMERGENCY, days: int = 0) -> None:
    """Put an order for a hazard into the table, issued some days after the start."""
    async with platform.service("inspection").database.transaction() as tx:
        tx.add(
            Order(
                hazard_id=UUID(hazard_id),
                cycle=1,
                number=f"O-{uuid4()}",
                authority_id=authority,
                kind="rectify_by",
                basis="Work Safety Law art. 65",
                items=["Clean the motors"],
                limit=TODAY + timedelta(days=9),
                officers=[],
                issued_at=START + timedelta(days=days),
            )
        )


async def test_a_part_is_asked_accepted_and_reported_and_the_committee_closes_when_nobody_is_waited_for(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        shown = await opened(platform)
        action = f"/joint-actions/{shown['id']}"
        assert (shown["number"], shown["state"]) == ("安委办联合行动〔2026〕000001号", "open")
        assert shown["offers"] == ["choose", "close", "cancel"]
        part = await asked(platform, action, county.EMERGENCY)
        shown = await get(platform, county.desk, action)
        assert (clocks(shown), shown["parts"][0]["offers"]) == (
            [("joint_action.accept", str(county.EMERGENCY))],
            ["accept", "decline"],
        )
        shown = await post(platform, county.desk, f"{part}/accept")
        assert (clocks(shown), shown["offers"]) == (
            [("joint_action.report", str(county.EMERGENCY))],
            ["choose", "record"],
        )
        assert shown["deadlines"][0]["due_at"] == f"{REPORT_BY}T15:59:59Z"
        refused = await post(platform, county.committee, f"{action}/close", 409, **CLOSING)
        assert (slug(refused), refused["authorities"]) == ("parts-open", [str(county.EMERGENCY)])
        shown = await post(platform, county.head, f"{part}/report", **REPORT)
        assert (shown["parts"][0]["state"], shown["parts"][0]["late"]) == ("reported", False)
        assert clocks(shown) == [("joint_action.close", None)]
        shown = await post(platform, county.committee, f"{action}/close", **CLOSING)
        assert (shown["state"], shown["report"], clocks(shown), shown["offers"]) == (
            "closed",
            CLOSING["report"],
            [],
            [],
        )
        assert [step["verb"] for step in shown["history"]] == [
            *("open", "part_ask", "part_accept", "part_report", "close")
        ]
        assert slug(await post(platform, county.committee, f"{action}/cancel", 409, reason="No.")) == (
            "illegal-transition"
        )
        refused = await put(
            platform,
            county.committee,
            f"{action}/parts/{uuid4()}",
            409,
            authority_id=str(county.FIRE),
            what="x",
            report_by=REPORT_BY,
        )
        assert slug(refused) == "action-over"


async def test_an_authority_may_decline_and_then_reads_no_targets_and_another_is_asked(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, _ = await joined(platform, EMERGENCYS)
        part = await asked(platform, action, county.FIRE)
        again = {"authority_id": str(county.FIRE), "what": "x", "report_by": REPORT_BY}
        twice = await put(platform, county.committee, f"{action}/parts/{uuid4()}", 409, **again)
        assert slug(twice) == "part-exists"
        assert slug(await post(platform, county.desk, f"{part}/accept", 403)) == "not-your-part"
        await post(platform, county.fire_desk, f"{part}/decline", reason="Every officer is at the harbour.")
        assert slug(await get(platform, county.fire_desk, action, 404)) == "not-found"
        assert slug(await post(platform, county.fire_desk, f"{part}/accept", 404)) == "not-found"
        anew = await asked(platform, action, county.FIRE)
        await post(platform, county.committee, f"{anew}/release", reason="We do without.")
        other = await asked(platform, action, county.MARKET)
        await post(platform, county.market_desk, f"{other}/accept")
        parts = (await get(platform, county.committee, action))["parts"]
        assert sorted((each["state"], each["answer"]) for each in parts) == [
            ("accepted", ""),
            ("accepted", ""),
            ("declined", "Every officer is at the harbour."),
            ("released", "We do without."),
        ]
        await platform.settle(redeliver=3)
        told = platform.events(JointPartAsked, JointPartDeclined, JointPartReleased)
        assert [(type(event), event.asked_id) for event in told] == [
            (JointPartAsked, county.EMERGENCY),
            (JointPartAsked, county.FIRE),
            (JointPartDeclined, county.FIRE),
            (JointPartAsked, county.FIRE),
            (JointPartReleased, county.FIRE),
            (JointPartAsked, county.MARKET),
        ]
        assert set(told[-1].authority_ids) == {county.EMERGENCY, county.MARKET}
        assert await platform.dead_letters() == []


async def test_the_clock_of_the_closing_runs_only_while_nobody_is_waited_for(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, [part] = await joined(platform, EMERGENCYS)
        assert clocks(await post(platform, county.desk, f"{part}/report", **REPORT)) == [("joint_action.close", None)]
        late = await asked(platform, action, county.FIRE)
        assert clocks(await get(platform, county.committee, action)) == [("joint_action.accept", str(county.FIRE))]
        shown = await post(platform, county.committee, f"{late}/release", reason="Not needed.")
        assert clocks(shown) == [("joint_action.close", None)]


async def test_visits_are_the_authorities_own_and_what_came_of_them_is_counted_and_kept(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, [ours, fires] = await joined(platform, EMERGENCYS, FIRES)
        shown = await post(platform, county.committee, f"{action}/choose", add=BOTH)
        assert [each["chosen_by"] for each in shown["targets"]] == [str(county.COMMITTEE)] * 2
        first, second = (await finished(platform)).rpartition("/")[2], await hazard(platform)
        await ordered(platform, second)
        await ordered(platform, second, days=-1)
        shown = await put(platform, county.li, f"{action}/visits/{first}", 200, hazard_ids=[second, second])
        assert shown["results"] == {
            "targets": 2,
            "visited": 1,
            "visits": 1,
            "not_done": 0,
            "hazards_found": 1,
            "hazards_on_file": 1,
            "orders": 1,
            "by_authority": [
                {
                    "authority_id": str(county.EMERGENCY),
                    "visits": 1,
                    "not_done": 0,
                    "hazards_found": 1,
                    "hazards_on_file": 1,
                    "orders": 1,
                }
            ],
        }
        await put(platform, county.li, f"{action}/visits/{first}", 200, hazard_ids=[second])
        joint = await finished(
            platform,
            county.fire_officer,
            enterprise_id=str(county.BAKERY),
            joint_authority_ids=[str(county.EMERGENCY)],
        )
        fires_visit = joint.rpartition("/")[2]
        shown = await put(platform, county.fire_officer, f"{action}/visits/{fires_visit}", 200)
        assert (shown["results"]["visited"], shown["results"]["hazards_found"]) == (2, 2)
        counted = await put(platform, county.li, f"{action}/visits/{fires_visit}", 409)
        assert slug(counted) == "visit-counted"
        for who, part in ((county.desk, ours), (county.fire_desk, fires)):
            await post(platform, who, f"{part}/report", **REPORT)
        shown = await post(platform, county.committee, f"{action}/close", **CLOSING)
        await ordered(platform, second)
        after = await get(platform, county.committee, action)
        assert after["results"] == shown["results"], "what happens later does not change what was reported"
        await platform.settle(redeliver=3)
        assert [len(event.hazard_ids) for event in platform.events(JointVisitRecorded)] == [1, 0]
        [closed] = platform.events(JointActionClosed)
        assert (closed.targets, closed.visited, closed.visits, closed.hazards_found, closed.orders) == (2, 2, 2, 2, 1)
        assert await platform.dead_letters() == []


async def test_only_an_own_inspection_of_a_target_within_the_period_counts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, _ = await joined(platform, EMERGENCYS, FIRES, until=str(TODAY + timedelta(days=3)))
        await post(platform, county.desk, f"{action}/choose", add=[str(county.MILL)])

        async def refused(visit: dict[str, Any] | str, status: int, **ask: Any) -> str:
            visit_id = visit if isinstance(visit, str) else visit["id"]
            return slug(await put(platform, county.li, f"{action}/visits/{visit_id}", status, **ask))

        soon = {"on": str(TODAY + timedelta(days=2))}
        mine = await planned(platform, **soon)
        assert await refused(await planned(platform, **soon, enterprise_id=str(county.BAKERY)), 422) == "not-a-target"
        assert await refused(await planned(platform, on=str(TODAY + timedelta(days=4))), 422) == "outside-period"
        assert await refused(await planned(platform, county.fire_officer, ground="complaint"), 404) == "not-found"
        assert await refused(str(uuid4()), 404) == "not-found"
        bakers = await hazard(platform, enterprise=county.BAKERY)
        assert await refused(mine, 422, hazard_ids=[bakers]) == "unknown-hazard"
        assert await refused(mine, 422, hazard_ids=[await hazard(platform, county.FIRE)]) == "unknown-hazard"
        walk = await patrol(platform)
        assert await refused(walk, 404) == "not-found"
        for who in (county.committee, county.township, county.principal):
            told = await put(platform, who, f"{action}/visits/{mine['id']}", 403)
            assert slug(told) == "role-may-not"
        shown = await put(platform, county.li, f"{action}/visits/{mine['id']}", 200)
        assert (shown["results"]["visits"], shown["results"]["visited"]) == (0, 0), "it is planned, and not made yet"
        other, _ = await joined(platform, EMERGENCYS)
        await post(platform, county.desk, f"{other}/choose", add=[str(county.MILL)])
        assert slug(await put(platform, county.li, f"{other}/visits/{mine['id']}", 409)) == "visit-counted"


async def test_targets_are_chosen_together_and_what_was_visited_stays_among_them(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, [part] = await joined(platform, EMERGENCYS)
        late = await asked(platform, action, county.FIRE)
        refused = await post(platform, county.fire_desk, f"{action}/choose", 403, add=BOTH)
        assert slug(refused) == "not-taking-part", "it was asked and has not accepted"
        await post(platform, county.fire_desk, f"{late}/accept")
        await post(platform, county.fire_officer, f"{action}/choose", add=BOTH)
        await post(platform, county.li, f"{action}/choose", add=BOTH, drop=[str(county.BAKERY)])
        visit = (await finished(platform)).rpartition("/")[2]
        await put(platform, county.li, f"{action}/visits/{visit}", 200)
        kept = await post(platform, county.committee, f"{action}/choose", 409, drop=[str(county.MILL)])
        assert slug(kept) == "target-visited"
        for strange in (county.AGENCY, county.EMERGENCY, UUID(int=77)):
            refused = await post(platform, county.li, f"{action}/choose", 422, add=[str(strange)])
            assert slug(refused) == "unknown-enterprise"
        await post(platform, county.desk, f"{part}/report", **REPORT)
        assert slug(await post(platform, county.desk, f"{action}/choose", 403, add=BOTH)) == "not-taking-part"
        await platform.settle()
        assert [(event.party_id, event.targets) for event in platform.events(JointTargetsChosen)] == [
            (county.FIRE, 2),
            (county.EMERGENCY, 1),
        ]


async def test_no_enterprise_hears_of_a_joint_action_and_no_other_office_does(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, _ = await joined(platform, EMERGENCYS)
        await post(platform, county.committee, f"{action}/choose", add=BOTH)
        for who in (county.principal, county.manager, county.township, county.agency, county.worker):
            assert slug(await get(platform, who, action, 403)) == "role-may-not"
            assert slug(await get(platform, who, "/joint-actions", 403)) == "role-may-not"
        assert slug(await get(platform, county.market_desk, action, 404)) == "not-found"
        assert (await get(platform, county.market_desk, "/joint-actions"))["items"] == []
        assert len((await get(platform, county.li, "/joint-actions"))["items"]) == 1
        visit = (await finished(platform)).rpartition("/")[2]
        await put(platform, county.li, f"{action}/visits/{visit}", 200)
        seen = await get(platform, county.principal, f"/visits/{visit}")
        assert "action" not in str(seen)
        assert ACTION["title"] not in str(seen)


async def test_a_late_report_says_so_and_whoever_is_silent_is_overdue(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, [part] = await joined(platform, EMERGENCYS)
        platform.travel(days=26)
        [listed] = (await get(platform, county.committee, "/joint-actions"))["items"]
        assert listed["overdue"] is True
        shown = await post(platform, county.desk, f"{part}/report", **REPORT)
        assert (shown["parts"][0]["late"], shown["overdue"]) == (True, False)
        await platform.settle()
        assert [event.late for event in platform.events(JointPartReported)] == [True]
        assert action


async def test_a_joint_action_that_is_called_off_owes_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        action, [part] = await joined(platform, EMERGENCYS)
        await asked(platform, action, county.FIRE)
        assert slug(await post(platform, other_committee, f"{action}/cancel", 403, reason="x")) == "not-your-action"
        shown = await post(platform, county.committee, f"{action}/cancel", reason="A typhoon comes.")
        assert (shown["state"], shown["deadlines"], shown["offers"]) == ("cancelled", [], [])
        assert slug(await post(platform, county.desk, f"{part}/report", 409, **REPORT)) == "action-over"
        await platform.settle()
        [event] = platform.events(JointActionCancelled)
        assert (event.reason, set(event.authority_ids)) == ("A typhoon comes.", {county.EMERGENCY, county.FIRE})


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"until": str(TODAY - timedelta(days=1))}, "action-period"),
    ({"since": str(TODAY + timedelta(days=21))}, "action-period"),
    ({"until": str(TODAY + timedelta(days=367))}, "action-period"),
    ({"until": "9999-12-31"}, "action-period"),
    ({"area_code": "110101"}, "action-area"),
    ({"area_code": "99"}, "invalid-request"),
    ({"categories": []}, "invalid-request"),
    ({"categories": ["ghosts"]}, "invalid-request"),
    ({"purpose": " "}, "invalid-request"),
    ({"targets": BOTH}, "invalid-request"),
]


async def test_what_cannot_be_meant_is_refused_and_nothing_is_opened(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for changes, why in HOSTILE:
            assert slug(await opened(platform, 422, **changes)) == why, changes
        homeless = county.actor(Role.COMMITTEE)
        assert slug(await put(platform, homeless, f"/joint-actions/{uuid4()}", 403, **ACTION)) == "no-organisation"
        address = f"/joint-actions/{uuid4()}"
        first = await put(platform, county.committee, address, **ACTION)
        assert (await put(platform, county.committee, address, **ACTION))["number"] == first["number"]
        other = {**ACTION, "title": "Something else"}
        assert slug(await put(platform, county.committee, address, 409, **other)) == "action-id-taken"
        assert slug(await put(platform, other_committee, address, 404, **ACTION)) == "not-found"
        for changes, why in (
            ({"authority_id": str(county.TOWNSHIP)}, "not-an-authority"),
            ({"authority_id": str(county.MILL)}, "not-an-authority"),
            ({"report_by": str(TODAY + timedelta(days=19))}, "report-day"),
            ({"report_by": str(TODAY + timedelta(days=81))}, "report-day"),
        ):
            ask = {"authority_id": str(county.FIRE), "what": "Two officers.", "report_by": REPORT_BY, **changes}
            assert slug(await put(platform, county.committee, f"{address}/parts/{uuid4()}", 422, **ask)) == why
        await platform.settle()
        assert len(platform.events(JointActionOpened)) == 1
        assert platform.events(JointPartAsked) == []
