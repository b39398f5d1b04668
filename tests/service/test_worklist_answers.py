"""What lists answer besides rows: how many there are, the ledger to take home, and the docket's own list."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import openpyxl
from inspection_county import finding, report, settle
from test_worklists import world
from worklist_stages import asked, clock, hazard, plant

from services.inspection.copies.models import Criterion
from services.inspection.hazards.models import Recheck
from services.inspection.worklists.queries import counting, ledger
from shared.auth import Actor
from shared.contracts.inspection import (
    Extension,
    HazardState,
    Listing,
)
from shared.contracts.values import Channel, Grade
from shared.testing import START, OpenPlatform, Platform


async def test_boards_count_what_lists_show(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        counted = await asked(platform, county.desk, "/hazards/counts")
        assert counted == {
            "unfinished": 4,
            "states": {"suspected": 1, "assigned": 1, "rectifying": 1, "recheck_requested": 1},
            "grades": {"general": 2, "major": 1, "ungraded": 1},
            "overdue": 2,
            "suspensions": {"none": 3, "partial_stop": 1},
            "clocks": {
                "hazard.limit": {"running": 2, "overdue": 1},
                "hazard.lookback.first": {"running": 1, "overdue": 0},
                "hazard.plan": {"running": 1, "overdue": 1},
                "hazard.recheck": {"running": 1, "overdue": 1},
                "hazard.return_assignment": {"running": 1, "overdue": 0},
            },
            "archive": {state: {"count": 1, "at_least": False} for state in ("closed", "dismissed", "merged", "void")},
        }
        for params in ({"grade": "major"}, {"overdue": True}, {"clock": "hazard.limit"}, {"q": "dust"}, {"mine": True}):
            counted = await asked(platform, county.li, "/hazards/counts", **params)
            listed = (await asked(platform, county.li, **params))["items"]
            archive = sum(each["count"] for each in counted["archive"].values())
            assert counted["unfinished"] + archive == len(listed), params
        assert (await asked(platform, county.desk, "/hazards/counts", type="open"))["archive"] == {}


async def test_everybody_counts_their_own_and_an_enterprise_its_own_clocks(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *world())
        mill = await asked(platform, county.principal, "/hazards/counts")
        assert mill["states"] == {"assigned": 1, "rectifying": 1, "recheck_requested": 1}
        assert (mill["overdue"], set(mill["clocks"])) == (2, {"hazard.plan", "hazard.limit"})
        assert set(mill["archive"]) == {"closed", "dismissed", "merged", "void"}
        assert mill["archive"]["void"]["count"] == 0
        agency = await asked(platform, county.agency, "/hazards/counts")
        assert (agency["overdue"], agency["clocks"], agency["suspensions"]) == (None, {}, {})
        assert agency["archive"]["merged"] == {"count": 1, "at_least": False}
        assert (await asked(platform, county.fire_desk, "/hazards/counts"))["unfinished"] == 2


async def test_the_archive_is_counted_up_to_a_bound(services_here: OpenPlatform, monkeypatch: Any) -> None:
    monkeypatch.setattr(counting, "COUNTED", 2)
    async with services_here("inspection") as platform:
        await plant(platform, [hazard(nth, state=HazardState.CLOSED) for nth in range(1, 4)] + [hazard(4), hazard(5)])
        counted = await asked(platform, county.desk, "/hazards/counts")
        assert counted["archive"]["closed"] == {"count": 2, "at_least": True}
        assert counted["archive"]["void"] == {"count": 0, "at_least": False}
        assert counted["unfinished"] == 2


async def taken(platform: Platform, who: Actor, language: str = "zh", **params: Any) -> list[list[str]]:
    """Take a ledger home and read it as a spreadsheet program would."""
    async with platform.client("inspection", who, language) as http:
        answer = await http.get("/hazards/export", params=params)
    assert answer.status_code == 200, answer.text
    if params.get("format") == "csv":
        assert answer.headers["content-type"].startswith("text/csv")
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


async def rich(platform: Platform) -> None:
    """One hazard about which everything is known, its words hostile to spreadsheets, and one of which nothing is."""
    certainties = {"responsible_person": "厂长", "measures": "加装联锁", "funds_yuan": 20000, "limit": "2026-10-10",
                   "contingency_plan": "停产撤人"}  # fmt: skip
    known = hazard(
        1, what='=HYPERLINK("http://x","y")\n除尘', grade=Grade.MAJOR, criterion_ids=[str(county.CRITERION)],
        officer_ids=[county.LI, county.WANG], certainties=certainties, limit=START.date(), extensions=1,
        extension=Extension.GRANTED, listing=Listing.LISTED, closed_at=START + timedelta(hours=15),
        state=HazardState.CLOSED, channel=Channel.VOLUNTEER, place={**county.PLACE, "address": "+1 Mill Lane"},
    )  # fmt: skip
    await plant(platform, [known, hazard(2, state=HazardState.SUSPECTED, ordered_at=None, enterprise_id=None)])
    async with platform.service("inspection").database.transaction() as tx:
        tx.add(Criterion(id=county.CRITERION, document="部令第10号", item="1", text_en="No dust extraction",
                         text_zh="未设除尘", categories=[], valid_from=START.date()))  # fmt: skip
        for day, passed in ((1, False), (3, True)):
            at = START + timedelta(days=day)
            tx.add(Recheck(hazard_id=known.id, cycle=1, opened_at=at, opened_by=county.LI, decided_at=at, passed=passed,
                           officers=[], verdicts=[]))  # fmt: skip
        tx.add(Recheck(hazard_id=known.id, cycle=1, opened_at=START + timedelta(days=5), opened_by=county.LI,
                       officers=[], verdicts=[]))  # fmt: skip


async def test_the_ledger_has_the_columns_of_the_countys_own(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await rich(platform)
        headings, first, second = await taken(
            platform, county.desk, sort="newest", type=["open", "fixed"], format="csv"
        )
        assert headings == [
            "编号", "状态", "单位", "地点", "隐患内容", "类别", "等级", "判定依据", "发现来源", "发现日期", "牵头部门",
            "责任人", "五落实", "整改期限", "延期", "复查日期", "复查结果", "销号日期", "挂牌督办",
        ]  # fmt: skip
        line = dict(zip(headings, second, strict=True))
        assert line == {
            "编号": "H2026-000001",
            "状态": "已销号",
            "单位": "面粉厂",
            "地点": "990101001 +1 Mill Lane",
            "隐患内容": '\'=HYPERLINK("http://x","y")\n除尘',
            "类别": "粉尘涉爆",
            "等级": "重大",
            "判定依据": "部令第10号 1 未设除尘",
            "发现来源": "志愿者",
            "发现日期": "2026-09-30",
            "牵头部门": "应急局",
            "责任人": "李、王",
            "五落实": "责任人: 厂长；措施: 加装联锁；资金（元）: 20000；时限: 2026-10-10；应急预案: 停产撤人",
            "整改期限": "2026-09-30",
            "延期": "已准予 (1)",
            "复查日期": "2026-10-03",
            "复查结果": "合格",
            "销号日期": "2026-10-01",
            "挂牌督办": "已挂牌",
        }
        empty = dict(zip(headings, first, strict=True))
        assert (empty["编号"], empty["等级"], empty["单位"], empty["五落实"], empty["延期"]) == (
            "H2026-000002", "", "", "", "",
        )  # fmt: skip
        english = await taken(platform, county.desk, "en", grade="major")
        assert english[0][:3] == ["Number", "State", "Unit"]
        assert dict(zip(*english, strict=True)) | {"Result of the re-check": "passed", "Grade": "major"} == dict(
            zip(*english, strict=True)
        )
        assert english[1][4].startswith("'=HYPERLINK")


async def test_a_ledger_shows_its_reader_no_more_than_the_list_does(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await rich(platform)
        own = await taken(platform, county.principal, "en", format="csv")
        assert len(own) == 2
        assert not {"Found by", "Found on", "Place", "Criterion", "Leader"} & set(own[0])
        assert "volunteer" not in str(own)
        agency = await taken(platform, county.agency, "en", format="csv")
        assert agency == [["Number", "State", "Unit", "Content", "Category", "Grade", "Lead department"]]
        assert len(await taken(platform, county.fire_desk, format="csv")) == 1
        for who, params in ((county.principal, {"channel": "volunteer"}), (county.desk, {"format": "pdf"})):
            await asked(platform, who, "/hazards/export", 422, **params)
        await asked(platform, county.desk, "/hazards/export", 404, view=str(uuid4()))


async def test_a_ledger_that_is_cut_short_says_so(services_here: OpenPlatform, monkeypatch: Any) -> None:
    monkeypatch.setattr(ledger, "MOST", 3)
    monkeypatch.setattr(ledger, "AT_ONCE", 2)
    async with services_here("inspection") as platform:
        await plant(platform, [hazard(nth) for nth in range(1, 5)])
        rows = await taken(platform, county.desk, "en", format="csv")
        assert [row[0] for row in rows[1:4]] == ["H2026-000001", "H2026-000002", "H2026-000003"]
        assert rows[4] == ["Cut short: only the first 3 hazards are given. Narrow the list."]
        assert len(rows) == 5
        whole = await taken(platform, county.desk, format="csv", q="line 1")
        assert len(whole) == 2


async def test_the_docket_is_narrowed_and_turned_as_hazards_are(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        claims = [
            report("粉尘积在电机上"),
            report("A loose rail", imminent_danger=True),
            finding(),
            report("rejected later", at=START + timedelta(hours=1)),
        ]
        await settle(platform, *claims)
        [rejected] = (await asked(platform, county.desk, "/docket", q="rejected"))["items"]
        turned_away = {"reason": "not_a_report", "explanation": "A question."}
        await county.post(platform, county.desk, f"/docket/{rejected['id']}/reject", **turned_away)
        by_number = {"q": rejected["number"].lower()}
        cases: list[tuple[dict[str, Any], int]] = [
            ({}, 4), ({"type": "open"}, 3), ({"type": "closed"}, 1), ({"state": ["received", "rejected"]}, 4),
            ({"state": "accepted"}, 0), ({"channel": "third_party_audit"}, 1), ({"category": ["dust", "fire"]}, 4),
            ({"q": "积在"}, 1), ({"q": "RAIL"}, 1), ({"q": "%a"}, 0), (by_number, 1), ({"imminent_danger": True}, 1),
            ({"clock": "report.decide_acceptance"}, 3), ({"clock": "hazard.danger_call", "overdue": False}, 1),
            ({"overdue": True}, 0), ({"due_before": "2026-12-01T00:00:00Z"}, 3), ({"grade": "major"}, 0),
            ({"area": county.TOWN}, 4), ({"area": "990101002"}, 0), ({"authority": str(county.EMERGENCY)}, 4),
            ({"enterprise": str(county.BAKERY)}, 0), ({"registered_from": "2026-10-01"}, 0), ({"sort": "due"}, 3),
        ]  # fmt: skip
        for params, expected in cases:
            assert len((await asked(platform, county.desk, "/docket", **params))["items"]) == expected, params
        for params in ({"suspension": "none"}, {"mine": True}, {"state": "closing"}, {"q": "粉"}, {"type": "fixed"}):
            await asked(platform, county.desk, "/docket", 422, **params)
        for sort in ("waiting", "due", "newest"):
            seen: list[str] = []
            following: dict[str, Any] = {}
            while True:
                page = await asked(platform, county.desk, "/docket", sort=sort, limit=1, **following)
                seen += [item["id"] for item in page["items"]]
                if page["next"] is None:
                    break
                following = {"after": page["next"]}
            assert len(set(seen)) == len(seen) == (3 if sort == "due" else 4)
            assert (seen[-1] == rejected["id"]) is (sort == "waiting")
        platform.travel(days=40)
        late = await asked(platform, county.desk, "/docket", overdue=True, clock="report.decide_acceptance")
        assert len(late["items"]) == 3


async def test_a_clock_that_several_parties_owe_is_late_when_the_first_is(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        late, later = START - timedelta(hours=1), START + timedelta(days=3)
        clocks = [clock(1, "hazard.part", later), clock(1, "hazard.part", late, county.FIRE)]
        await plant(platform, [hazard(1)], clocks)
        assert len((await asked(platform, county.desk, clock="hazard.part", overdue=True))["items"]) == 1
        counted = await asked(platform, county.desk, "/hazards/counts")
        assert counted["clocks"] == {"hazard.part": {"running": 2, "overdue": 1}}
