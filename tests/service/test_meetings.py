"""Meetings from the notice to the minutes: who is called, who reads what, and what is refused."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from committee_stages import AT_THE_MEETING, CALLED, CAME, MEETING, MINUTES, convened, held, minuted, other_committee
from inspection_county import get, post, put, slug
from visit_stages import known_county, walker

from shared.contracts.inspection.meetings import (
    MeetingCancelled,
    MeetingConvened,
    MeetingHeld,
    MeetingMinuted,
    MeetingMoved,
)
from shared.contracts.values import Role
from shared.testing import OpenPlatform

LATER = {"starts_at": "2026-10-12T09:00:00+08:00", "place": "Town hall", "reason": "The hall is being painted."}


def clocks(shown: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(clock["key"], clock["owed_by"], clock["due_at"]) for clock in shown["deadlines"]]


async def test_a_meeting_goes_from_the_notice_to_the_minutes_and_every_step_is_told_once(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        meeting = await convened(platform)
        address = f"/meetings/{meeting['id']}"
        assert (meeting["number"], meeting["state"]) == ("安委办会议〔2026〕000001号", "convened")
        assert meeting["offers"] == ["move", "cancel"]
        assert clocks(meeting) == [("meeting.minutes", None, "2026-10-16T15:59:59Z")]
        assert slug(await post(platform, county.committee, f"{address}/hold", 409, lines=CAME)) == "meeting-not-begun"
        platform.travel(**AT_THE_MEETING)
        shown = await post(platform, county.committee, f"{address}/hold", lines=CAME)
        assert (shown["state"], shown["offers"]) == ("held", ["minute"])
        assert {call["party_id"]: (call["attendance"], call["came"], call["remark"]) for call in shown["called"]} == {
            each["party_id"]: (each["attendance"], each.get("came", ""), each.get("remark", "")) for each in CAME
        }
        shown = await post(platform, county.committee, f"{address}/minute", **MINUTES)
        assert (shown["state"], shown["offers"], shown["deadlines"]) == ("minuted", [], [])
        assert [(each["ordinal"], each["text"]) for each in shown["resolutions"]] == list(
            enumerate(MINUTES["resolutions"], 1)
        )
        assert [step["verb"] for step in shown["history"]] == ["convene", "hold", "minute"]
        assert slug(await post(platform, county.committee, f"{address}/minute", 409, **MINUTES)) == "illegal-transition"
        await platform.settle(redeliver=3)
        told = platform.events(MeetingConvened, MeetingHeld, MeetingMinuted)
        assert [(type(event), event.state) for event in told] == [
            (MeetingConvened, "convened"),
            (MeetingHeld, "held"),
            (MeetingMinuted, "minuted"),
        ]
        offices = {county.EMERGENCY, county.FIRE, county.TOWNSHIP}
        assert {(frozenset(event.office_ids), event.enterprise_ids) for event in told} == {
            (frozenset(offices), (county.MILL,))
        }
        assert (told[1].absent_ids, told[2].resolutions) == ((county.MILL,), 2)
        assert await platform.dead_letters() == []


async def test_a_meeting_that_is_moved_takes_its_clock_along_and_one_that_is_called_off_owes_nothing(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{(await convened(platform))['id']}"
        moved = await post(platform, county.committee, f"{address}/move", **LATER)
        assert (moved["place"], moved["starts_at"], moved["state"]) == ("Town hall", "2026-10-12T01:00:00Z", "convened")
        assert clocks(moved) == [("meeting.minutes", None, "2026-10-19T15:59:59Z")]
        assert moved["history"][-1]["facts"]["was_in"] == MEETING["place"]
        off = await post(platform, county.committee, f"{address}/cancel", reason="The matter is settled.")
        assert (off["state"], off["deadlines"], off["offers"]) == ("cancelled", [], [])
        platform.travel(days=20)
        assert slug(await post(platform, county.committee, f"{address}/hold", 409, lines=CAME)) == "illegal-transition"
        await platform.settle()
        told = [(type(event), event.reason) for event in platform.events(MeetingMoved, MeetingCancelled)]
        assert told == [(MeetingMoved, LATER["reason"]), (MeetingCancelled, "The matter is settled.")]


async def test_a_meeting_that_nobody_recorded_is_overdue_by_itself(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{(await convened(platform))['id']}"
        platform.travel(days=17)
        [clock] = (await get(platform, county.committee, address))["deadlines"]
        assert (clock["key"], clock["due_at"] < f"{platform.now:%Y-%m-%dT%H:%M}") == ("meeting.minutes", True)


async def test_each_of_those_who_were_called_is_recorded_once_and_nobody_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{(await convened(platform))['id']}"
        platform.travel(**AT_THE_MEETING)
        stranger = {"party_id": str(county.MARKET), "attendance": "present"}
        for lines in (CAME[:3], [*CAME, CAME[0]], [*CAME, stranger], [*CAME[:3], stranger]):
            refused = await post(platform, county.committee, f"{address}/hold", 422, lines=lines)
            assert slug(refused) == "attendance-incomplete"
        missing = await post(platform, county.committee, f"{address}/hold", 422, lines=[*CAME[:3], stranger])
        assert (missing["missing"], missing["not_called"]) == ([str(county.MILL)], [str(county.MARKET)])


async def test_offices_that_were_called_read_the_minutes_and_an_enterprise_only_its_own_call(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{await minuted(platform)}"
        for who in (county.committee, county.desk, county.li, county.fire_head, county.township):
            shown = await get(platform, who, address)
            assert (shown["minutes"], len(shown["called"])) == (MINUTES["text"], len(CALLED))
            assert [each["id"] for each in (await get(platform, who, "/meetings"))["items"]] == [shown["id"]]
        for who in (county.principal, county.manager):
            shown = await get(platform, who, address)
            assert shown["own"] == {"attendance": "absent", "came": "", "remark": ""}
            assert not {"minutes", "called", "resolutions", "history", "deadlines"} & set(shown)
            assert str(county.EMERGENCY) not in str(shown)
        for who in (county.market_desk, county.other_principal):
            assert slug(await get(platform, who, address, 404)) == "not-found"
            assert (await get(platform, who, "/meetings"))["items"] == []
        for who in (county.worker, county.agency, county.volunteer, walker):
            assert slug(await get(platform, who, address, 403)) == "role-may-not"


async def test_only_who_convened_a_meeting_goes_on_with_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{(await convened(platform))['id']}"
        assert (await get(platform, other_committee, address))["offers"] == []
        asks: tuple[tuple[str, dict[str, Any]], ...] = (("move", LATER), ("cancel", {"reason": "No."}))
        for verb, ask in asks:
            assert slug(await post(platform, other_committee, f"{address}/{verb}", 403, **ask)) == "not-your-meeting"
            for who in (county.head, county.township, county.principal):
                assert slug(await post(platform, who, f"{address}/{verb}", 403, **ask)) == "role-may-not"
        platform.travel(**AT_THE_MEETING)
        assert slug(await post(platform, other_committee, f"{address}/hold", 403, lines=CAME)) == "not-your-meeting"
        await post(platform, county.committee, f"{address}/hold", lines=CAME)
        assert slug(await post(platform, other_committee, f"{address}/minute", 403, **MINUTES)) == "not-your-meeting"


async def test_the_same_meeting_again_is_the_same_and_another_under_its_id_is_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/meetings/{uuid4()}"
        both = await asyncio.gather(*(put(platform, county.committee, address, **MEETING) for _ in range(2)))
        assert both[0]["number"] == both[1]["number"]
        other = {**MEETING, "place": "Elsewhere"}
        assert slug(await put(platform, county.committee, address, 409, **other)) == "meeting-id-taken"
        assert slug(await put(platform, other_committee, address, 404, **MEETING)) == "not-found"
        await platform.settle()
        assert len(platform.events(MeetingConvened)) == 1
        assert (await convened(platform))["number"] == "安委办会议〔2026〕000002号"


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"starts_at": "2026-09-30T00:59:59Z"}, "meeting-time"),
    ({"starts_at": "2027-03-29T01:00:01Z"}, "meeting-time"),
    ({"starts_at": "2026-10-10T09:00:00"}, "invalid-request"),
    ({"starts_at": 0}, "invalid-request"),
    ({"called": []}, "invalid-request"),
    ({"called": [str(county.EMERGENCY), str(county.AGENCY)]}, "unknown-party"),
    ({"called": [str(county.COMMITTEE)]}, "unknown-party"),
    ({"called": [str(UUID(int=77))]}, "unknown-party"),
    ({"called": [str(uuid4()) for _ in range(201)]}, "invalid-request"),
    ({"agenda": []}, "invalid-request"),
    ({"title": " "}, "invalid-request"),
    ({"convener_id": str(county.FIRE)}, "invalid-request"),
]


async def test_what_cannot_be_meant_is_refused_and_nobody_is_called(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for changes, why in HOSTILE:
            assert slug(await convened(platform, 422, **changes)) == why, changes
        abroad = county.actor(Role.COMMITTEE, party=UUID(int=98), area="110101")
        assert slug(await put(platform, abroad, f"/meetings/{uuid4()}", 422, **MEETING)) == "unknown-party"
        homeless = county.actor(Role.COMMITTEE)
        assert slug(await put(platform, homeless, f"/meetings/{uuid4()}", 403, **MEETING)) == "no-organisation"
        await platform.settle()
        assert platform.events(MeetingConvened) == []


async def test_meetings_are_narrowed_by_state_and_time(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        first = (await held(platform)).rpartition("/")[2]
        second = (await convened(platform, starts_at="2026-11-10T09:00:00+08:00"))["id"]
        for query, expected in (
            ("", [second, first]),
            ("?state=held", [first]),
            ("?from=2026-10-11", [second]),
            ("?from=2026-10-10&to=2026-10-10", [first]),
            ("?to=2026-11-09", [first]),
            ("?from=0001-01-01&to=9999-12-31", [second, first]),
            ("?limit=1", [second]),
        ):
            page = await get(platform, county.committee, f"/meetings{query}")
            assert [each["id"] for each in page["items"]] == expected, query
