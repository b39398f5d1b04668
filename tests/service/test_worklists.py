"""Everybody finds what waits for them: each filter, each role, page after page."""

from datetime import timedelta
from typing import Any

import hazard_stages as stages
import inspection_county as county
from sqlalchemy import event
from worklist_stages import asked, clock, hazard, plant, serials

from services.inspection.deadlines.models import Deadline
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Listing,
    PowerCut,
    Suspension,
)
from shared.contracts.values import Category, Channel, Grade
from shared.testing import START, OpenPlatform, Platform

ELSEWHERE = "990101002201"
OFFICERS = [county.LI, county.WANG]


def world() -> tuple[list[Hazard], list[Deadline]]:
    """Nine hazards, each of another kind."""
    hazards = [
        hazard(1, what="Wiring under the roof"),
        hazard(
            2, state=HazardState.RECTIFYING, grade=Grade.MAJOR, category=Category.FIRE, what="消防通道被杂物堵塞",
            lead_authority_id=county.FIRE, suspension=Suspension.PARTIAL_STOP, listing=Listing.LISTED, escalation=3,
            officer_ids=[county.FIRE_ONE],
        ),
        hazard(
            3, state=HazardState.RECHECK_REQUESTED, co_authority_ids=[str(county.FIRE)], extension=Extension.GRANTED,
            enforcement=Enforcement.CASE_OPEN, power=PowerCut.ANNOUNCED, officer_ids=OFFICERS,
            what="除尘器 ＤＵＳＴ 积尘",
        ),
        hazard(4, state=HazardState.CLOSED, recurrent=True, closed_at=START, officer_ids=[county.LI]),
        hazard(5, state=HazardState.DISMISSED),
        hazard(6, state=HazardState.SUSPECTED, imminent_danger=True, channel=Channel.VOLUNTEER, ordered_at=None),
        hazard(
            7, state=HazardState.VERIFIED, self_governed=True, area_code=ELSEWHERE, enterprise_id=county.BAKERY,
            handling_authority_id=county.MARKET, lead_authority_id=county.MARKET, channel=Channel.SELF_CHECK,
        ),
        hazard(8, state=HazardState.MERGED, channel=Channel.THIRD_PARTY_AUDIT, ordered_at=None),
        hazard(9, state=HazardState.VOID, ordered_at=None),
    ]  # fmt: skip
    clocks = [
        clock(1, "hazard.return_assignment", START + timedelta(days=5)),
        clock(2, "hazard.plan", START - timedelta(days=2), county.MILL),
        clock(2, "hazard.limit", START + timedelta(days=9), county.MILL),
        clock(3, "hazard.recheck", START - timedelta(days=1)),
        clock(3, "hazard.limit", START - timedelta(hours=1), county.MILL),
        clock(4, "hazard.lookback.first", START + timedelta(days=1)),
    ]
    return hazards, clocks


_DESK: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [6, 1, 2, 3, 9, 8, 5, 4]),
    ({"type": "open"}, [6, 1, 2, 3]),
    ({"type": "closed"}, [9, 8, 5]),
    ({"type": ["fixed", "closed"]}, [9, 8, 5, 4]),
    ({"state": ["closed", "rectifying"]}, [2, 4]),
    ({"type": "open", "state": "closed"}, []),
    ({"category": ["fire", "gas"]}, [2]),
    ({"channel": "volunteer"}, [6]),
    ({"grade": "major"}, [2]),
    ({"suspension": "partial_stop"}, [2]),
    ({"extension": ["granted", "refused"]}, [3]),
    ({"enforcement": "case_open"}, [3]),
    ({"listing": "listed"}, [2]),
    ({"power": "announced"}, [3]),
    ({"recurrent": True}, [4]),
    ({"recurrent": False, "type": "open"}, [6, 1, 2, 3]),
    ({"self_governed": True}, []),
    ({"escalation_at_least": 3}, [2]),
    ({"escalation_at_least": 0, "type": "open"}, [6, 1, 2, 3]),
    ({"clock": "hazard.limit"}, [2, 3]),
    ({"clock": "hazard.limit", "overdue": True}, [3]),
    ({"clock": "hazard.limit", "overdue": False}, [2]),
    ({"clock": "hazard.limit", "due_before": "2026-10-20T00:00:00Z"}, [2, 3]),
    ({"clock": "hazard.lookback.first", "due_before": "2026-10-02T02:00:00Z"}, [4]),
    ({"clock": "no.such.clock"}, []),
    ({"overdue": True}, [2, 3]),
    ({"overdue": False, "type": "open"}, [6, 1]),
    ({"due_before": "2026-10-01T02:00:00Z"}, [2, 3, 4]),
    ({"area": county.TOWN}, [6, 1, 2, 3, 9, 8, 5, 4]),
    ({"area": "990101002"}, []),
    ({"authority": str(county.FIRE)}, [2, 3]),
    ({"authority": str(county.FIRE), "part": "lead"}, [2]),
    ({"authority": str(county.FIRE), "part": "assisting"}, [3]),
    ({"authority": str(county.FIRE), "part": "handling"}, []),
    ({"part": "lead", "type": "open"}, [1, 3]),
    ({"part": "handling", "grade": "major"}, [2]),
    ({"enterprise": str(county.BAKERY)}, []),
    ({"enterprise": str(county.MILL), "state": "assigned"}, [1]),
    ({"q": "wiring"}, [1]),
    ({"q": "消防通道"}, [2]),
    ({"q": "dust 积"}, [3]),
    ({"q": "积尘器"}, []),
    ({"q": "h2026-000004"}, [4]),
    ({"q": "H2026-00000"}, []),
    ({"registered_from": "2026-09-30", "registered_to": "2026-09-30", "sort": "newest"}, [9, 8, 6, 5, 4, 3, 2, 1]),
    ({"registered_from": "2026-10-01"}, []),
    ({"registered_to": "2026-09-29"}, []),
    ({"registered_from": "1900-01-01", "registered_to": "2200-01-01", "type": "fixed"}, [4]),
    ({"sort": "newest"}, [9, 8, 6, 5, 4, 3, 2, 1]),
    ({"sort": "due"}, [2, 3, 4, 1]),
    ({"sort": "due", "overdue": True}, [2, 3]),
]  # fmt: skip


async def test_every_filter_finds_what_it_names_and_nothing_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        for params, expected in _DESK:
            assert await serials(platform, county.desk, **params) == expected, params
        assert await serials(platform, county.li, mine=True) == [3, 4]
        assert await serials(platform, county.li, mine=True, sort="due", overdue=True) == [3]
        assert await serials(platform, county.li, mine=False, type="open") == [6, 1, 2]


async def test_everybody_narrows_only_what_they_may_see(services_here: OpenPlatform) -> None:
    cases: list[tuple[Actor, dict[str, Any], list[int]]] = [
        (county.fire_desk, {}, [2, 3]),
        (county.fire_desk, {"q": "dust"}, [3]),
        (county.fire_desk, {"part": "assisting"}, [3]),
        (county.market_desk, {"self_governed": True}, [7]),
        (county.market_desk, {"state": "verified", "sort": "due"}, []),
        (county.committee, {}, [6, 1, 2, 3, 7, 9, 8, 5, 4]),
        (county.committee, {"area": ELSEWHERE}, [7]),
        (county.committee, {"authority": str(county.MARKET)}, [7]),
        (county.township, {"type": "open"}, [6, 1, 2, 3]),
        (county.township, {"area": "990101002"}, []),
        (county.township, {"type": "fixed"}, [4]),
        (county.principal, {}, [1, 2, 3, 5, 4]),
        (county.principal, {"type": "open", "sort": "newest"}, [3, 2, 1]),
        (county.principal, {"sort": "due"}, [2, 3]),
        (county.principal, {"overdue": True}, [2, 3]),
        (county.principal, {"clock": "hazard.limit", "overdue": True}, [3]),
        (county.principal, {"clock": "hazard.recheck"}, []),
        (county.principal, {"clock": "hazard.limit", "due_before": "2026-10-20T00:00:00Z"}, [2, 3]),
        (county.principal, {"authority": str(county.FIRE)}, [2]),
        (county.principal, {"q": "dust"}, [3, 5, 4]),
        (county.principal, {"recurrent": True}, [4]),
        (county.other_principal, {}, [7]),
        (county.agency, {}, [8]),
        (county.agency, {"state": "merged", "q": "dust"}, [8]),
        (county.other_agency, {}, []),
    ]
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        for who, params, expected in cases:
            assert await serials(platform, who, **params) == expected, (who.role, params)


async def test_nobody_finds_out_by_a_filter_what_they_are_not_shown(services_here: OpenPlatform) -> None:
    hidden: list[tuple[Actor, dict[str, Any]]] = [
        (county.principal, {"channel": "volunteer"}),
        (county.principal, {"area": county.TOWN}),
        (county.principal, {"registered_from": "2026-01-01"}),
        (county.principal, {"escalation_at_least": 1}),
        (county.principal, {"mine": True}),
        (county.principal, {"part": "handling", "authority": str(county.EMERGENCY)}),
        (county.agency, {"overdue": True}),
        (county.agency, {"sort": "due"}),
        (county.agency, {"channel": "third_party_audit"}),
        (county.agency, {"suspension": "none"}),
    ]
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        for who, params in hidden:
            refused = await asked(platform, who, status=422, **params)
            assert refused["type"].endswith(":filter-not-yours"), (who.role, params)
            assert refused["filters"], params
        for path in ("/hazards", "/hazards/counts", "/hazards/export"):
            await asked(platform, county.volunteer, path, 403)
            await asked(platform, county.worker, path, 403)


async def test_an_enterprises_marks_and_lines_tell_nothing_of_when_it_was_reported(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        for sort in ("waiting", "newest", "due"):
            page = await asked(platform, county.principal, limit=1, sort=sort)
            assert not {"claimed_at", "registered_at", "channel", "held_by", "officers", "next_owed_by"} & set(
                page["items"][0]
            )
            number, _, place = page["next"].partition(".")
            assert number == "0"
            assert (await asked(platform, county.desk, after=page["next"], sort=sort, status=400))["type"].endswith(
                "bad-cursor"
            ), place
        [first] = (await asked(platform, county.principal, limit=1, sort="due"))["items"]
        assert (first["next_due_key"], first["overdue"]) == ("hazard.plan", True)
        [own] = (await asked(platform, county.principal, q="积尘"))["items"]
        assert own["next_due_key"] == "hazard.limit"  # the re-check is owed by the authority, and runs out earlier


NO_FILTERS: list[dict[str, Any]] = [
    {"state": "eaten"}, {"type": ""}, {"grade": "1"}, {"category": ["fire", "'; drop table hazards"]},
    {"escalation_at_least": 6}, {"escalation_at_least": -1}, {"clock": "hazard"}, {"clock": "%"},
    {"overdue": "perhaps"}, {"due_before": "2026-10-01"}, {"due_before": "2026-10-01T00:00:00"},
    {"area": "99%"}, {"area": "990101;"}, {"authority": "me"}, {"enterprise": "x" * 40},
    {"registered_from": "0"}, {"registered_from": "0001-01-01"}, {"due_before": "9999-12-31T23:59:59Z"},
    {"registered_to": "2026-02-30"}, {"q": ""}, {"q": "尘"}, {"q": "x" * 101},
    {"q": "a\x00b"}, {"sort": "random"}, {"limit": 0}, {"limit": 101}, {"colour": "red"}, {"view": "mine"},
    {"state": ["closed"] * 21},
]  # fmt: skip


async def test_what_is_no_filter_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        for params in NO_FILTERS:
            await asked(platform, county.desk, status=422, **params)
        assert (await asked(platform, county.desk, status=422, q="尘"))["type"].endswith(":search-too-short")


async def test_a_part_needs_an_authority_and_a_mark_its_own_list(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        refused = await asked(platform, county.committee, status=422, part="lead")
        assert refused["type"].endswith(":part-of-whom")
        first = await asked(platform, county.desk, limit=1)
        for mark in ("nonsense", "9.x", f"1.{first['next'][2:]}", "0.", "-1.x", "٠.x"):
            refused = await asked(platform, county.desk, status=400, after=mark)
            assert refused["type"].endswith(":bad-cursor"), mark
        huge = "0.WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ=="  # a serial that no database holds
        assert (await asked(platform, county.principal, status=400, after=huge))["type"].endswith(":bad-cursor")


async def test_pages_follow_each_other_also_while_hazards_come_and_go(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, [hazard(nth) for nth in range(10, 20)] + [hazard(5, state=HazardState.CLOSED)])
        first = await asked(platform, county.desk, limit=4)
        assert [item["number"][-2:] for item in first["items"]] == ["10", "11", "12", "13"]
        async with platform.service("inspection").database.transaction() as tx:
            tx.add(hazard(1))  # before the page that was read
            tx.add(hazard(30))  # after it
            gone = await tx.get(Hazard, hazard(13).id)
            assert gone is not None
            await tx.delete(gone)  # the very row that the mark names
        rest = await asked(platform, county.desk, limit=100, after=first["next"])
        assert [item["number"][-2:] for item in rest["items"]] == ["14", "15", "16", "17", "18", "19", "30", "05"]
        assert rest["next"] is None


async def test_a_list_takes_three_statements_whatever_is_asked(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        said: list[str] = []
        engine = platform.service("inspection").database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda *facts: said.append(facts[2]))
        questions = [params for params, _ in _DESK]
        for who in (county.desk, county.township):
            for params in questions:
                if "part" in params and "authority" not in params:
                    continue
                said.clear()
                await asked(platform, who, **params)
                assert len(said) <= 3, (who.role, params, said)
        for who, params in ((county.principal, {"sort": "due"}), (county.agency, {})):
            said.clear()
            await asked(platform, who, **params)
            assert len(said) <= 3


async def test_a_line_says_whose_it_is_by_name_and_in_whose_charge(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        [line] = (await asked(platform, county.desk, state="recheck_requested"))["items"]
        assert line["lead_name"] == {"en": "Authority", "zh": "应急局"}
        assert line["enterprise_name"] == {"en": "Mill", "zh": "面粉厂"}
        assert sorted(each["name"] for each in line["officers"]) == ["李", "王"]
        assert (line["next_due_key"], line["overdue"], line["held_by"]) == ("hazard.recheck", True, None)
        assert line["offers"] == ["open_recheck", "deliver"]
        [mine] = (await asked(platform, county.desk, state="assigned"))["items"]
        assert mine["offers"] == ["assign", "return_assignment"]
        assert (mine["officers"], mine["overdue"]) == ([], False)


async def test_what_lists_look_up_is_kept_by_whoever_moves_a_hazard(services_here: OpenPlatform) -> None:
    """From the order to the closing, over the API: clocks, charge, authorities and words are those of the hazard."""
    async with services_here("inspection") as platform:
        path = await stages.ordered(platform)
        assert await _kept(platform) == (
            ["hazard.limit", "hazard.plan", "order.deliver"],
            "order.deliver",
            [county.EMERGENCY],
            sorted([county.LI, county.WANG]),
        )
        assert len((await asked(platform, county.li, mine=True))["items"]) == 1
        assert len((await asked(platform, county.desk, q="deposits ON"))["items"]) == 1
        await county.post(platform, county.principal, f"{path}/start-rectification", certainties=stages.CERTAINTIES)
        assert (await _kept(platform))[0] == ["hazard.limit"]
        proofs = await stages.proofs(platform, path)
        await county.post(platform, county.principal, f"{path}/request-recheck", items=proofs)
        assert (await _kept(platform))[:2] == (["hazard.recheck"], "hazard.recheck")
        assert len((await asked(platform, county.township, clock="hazard.recheck"))["items"]) == 1


async def _kept(platform: Platform) -> tuple[list[str], str, list[Any], list[Any]]:
    [row] = await platform.rows("inspection", "select clocks, next_due_key, handlers, officer_ids from hazards")
    return row["clocks"], row["next_due_key"], row["handlers"], row["officer_ids"]
