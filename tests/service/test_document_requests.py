"""Documents that somebody asks for: who may, of what, and what they must not tell."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import hazard_stages as stages
import inspection_county as county
import letter_stages as letters
import visit_stages as visits
from inspection_county import get, post, slug
from press_jobs import job, text_of

from services.inspection.documents.clients.printing import printed
from services.inspection.documents.domain import paper_of
from shared.testing import OpenPlatform, Platform

INTERVIEW = {
    "kind": "interview_notice",
    "addressee_id": str(county.MILL),
    "person": "主要负责人",
    "at": "2026-10-12T14:30:00+08:00",
    "place": "第二会议室",
    "facts": "督办函未按期回复",
    "basis": "安委〔2018〕2号",
    "demand": "汇报整改情况",
}


async def issue(platform: Platform, who: Any, status: int = 201, **ask: Any) -> dict[str, Any]:
    return await post(platform, who, "/documents", status, **ask)


async def listed(platform: Platform) -> str:
    hazard = await stages.ordered(platform, grade="major", criterion_ids=[str(county.CRITERION)])
    await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
    limit = str(county.TODAY + timedelta(days=200))
    await post(platform, county.committee, f"{hazard}/list", level=2, limit=limit, reason="So decided")
    return hazard


async def test_an_inspection_that_is_finished_has_one_record_and_a_patrol_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await visits.known_county(platform)
        address = await visits.under_way(platform)
        ask = {"kind": "inspection_record", "visit_id": address.rpartition("/")[2]}
        assert slug(await issue(platform, county.li, 409, **ask)) == "no-inspection-to-record"
        await post(platform, county.li, f"{address}/finish", **visits.FOUND)
        record = await issue(platform, county.li, **ask)
        assert record["number"] == "应急检记〔2026〕000001号"
        assert record["data"]["findings"] == visits.FOUND["findings"]
        assert "ground" not in record["data"], "why they came could tell that somebody complained"
        assert (await issue(platform, county.li, **ask))["id"] == record["id"], "asked twice it is one record"
        assert slug(await issue(platform, county.fire_officer, 404, **ask)) == "not-found"
        assert slug(await issue(platform, county.township, 403, **ask)) == "role-may-not"
        patrol = await visits.patrol(platform, on=str(county.TODAY))
        for verb, said in (("start", {}), ("finish", visits.FOUND)):
            await post(platform, visits.walker, f"/visits/{patrol['id']}/{verb}", **said)
        refused = await issue(platform, county.committee, 403, kind="inspection_record", visit_id=patrol["id"])
        assert slug(refused) == "not-your-act"


async def test_a_letter_has_one_document_under_the_number_of_the_letter(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await visits.known_county(platform)
        hazard = await letters.hazard(platform)
        letter = await letters.sent(platform, hazard_ids=[hazard])
        ask = {"kind": "warning_letter", "letter_id": letter["id"]}
        document = await issue(platform, county.committee, **ask)
        assert (document["number"], document["letter_id"]) == (letter["number"], letter["id"])
        assert document["data"]["hazards"] == [f"H-{hazard}"]
        other = await issue(platform, county.committee, 422, kind="reminder_letter", letter_id=letter["id"])
        assert slug(other) == "not-such-a-letter"
        assert slug(await issue(platform, county.li, 403, **ask)) == "not-your-act"
        assert slug(await issue(platform, county.fire_officer, 404, **ask)) == "not-found"


async def test_whoever_may_write_to_an_organisation_may_summon_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await visits.known_county(platform)
        notice = await issue(platform, county.committee, **INTERVIEW)
        assert (notice["number"], notice["data"]["at"]) == ("安委办约谈〔2026〕000001号", "2026-10-12 14:30")
        assert (await issue(platform, county.desk, **INTERVIEW))["number"] == "应急约谈〔2026〕000001号"
        assert (await issue(platform, county.desk, **INTERVIEW))["number"] == "应急约谈〔2026〕000002号"
        past = {**INTERVIEW, "at": "2026-09-29T14:30:00+08:00"}
        assert slug(await issue(platform, county.desk, 422, **past)) == "interview-time"
        fire = {**INTERVIEW, "addressee_id": str(county.FIRE)}
        assert slug(await issue(platform, county.desk, 403, **fire)) == "not-your-addressee"
        nobody = {**INTERVIEW, "addressee_id": str(UUID(int=999))}
        assert slug(await issue(platform, county.committee, 422, **nobody)) == "unknown-addressee"
        assert slug(await issue(platform, county.principal, 403, **INTERVIEW)) == "role-may-not"


async def test_notice_of_listing_is_the_committees_and_a_transfer_is_for_its_parties_alone(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = (await listed(platform)).rpartition("/")[2]
        ask = {"kind": "listing_notice", "hazard_id": hazard, "demand": "Stop and rectify", "basis": "WSL art. 41"}
        assert slug(await issue(platform, county.head, 403, **ask)) == "committee-only"
        notice = await issue(platform, county.committee, **ask)
        assert (notice["number"], notice["data"]["level"]) == ("安委办挂督〔2026〕000001号", 2)
        assert (await issue(platform, county.committee, **ask))["id"] == notice["id"]

        transfer = {
            "kind": "transfer_letter",
            "hazard_id": hazard,
            "to_zh": "县公安局",
            "to_en": "Public Security Bureau",
            "facts": "Refused to stop",
            "grounds": "May be a crime",
            "basis": "WSL art. 69",
        }
        assert slug(await issue(platform, county.committee, 403, **transfer)) == "not-your-hazard"
        letter = await issue(platform, county.head, **transfer)
        assert letter["data"]["addressee"]["zh"] == "县公安局"
        at = f"/documents/{letter['id']}"
        for reader, status in (
            (county.li, 200), (county.committee, 200), (county.township, 404), (county.principal, 404)
        ):  # fmt: skip
            await get(platform, reader, at, status)
        await get(platform, county.township, f"/documents/{notice['id']}")


async def test_who_reported_is_in_no_document_and_in_nothing_it_was_made_from(services_here: OpenPlatform) -> None:
    """Whatever a reporter said, with everything that could find them, is planted; the whole life is printed."""
    planted = "张三举报电话13912345678"
    claim = county.report(planted, claim_id=UUID(int=0xABCDEF), reporter_ref=UUID(int=0xFEDCBA))
    async with services_here("inspection") as platform:
        hazard = await stages.rechecking(platform, claim, grade="major", criterion_ids=[str(county.CRITERION)])
        await post(platform, county.head, f"{hazard}/order-stop", kind="full_stop", reason="Dust", basis="WSL 65(3)")
        passing = await stages.passing(platform, hazard)
        await post(platform, county.li, f"{hazard}/pass-recheck", **passing)
        transfer = {"to_zh": "公安局", "to_en": "Police", "facts": "x", "grounds": "x", "basis": "x"}
        await issue(platform, county.head, kind="transfer_letter", hazard_id=hazard.rpartition("/")[2], **transfer)
        rows = await platform.rows("inspection", "select * from documents")
        assert {row["kind"] for row in rows} == {
            "rectification_order", "onsite_measure", "recheck_opinion", "transfer_letter"
        }  # fmt: skip
        for row in rows:
            paper = paper_of(row["data"])
            files = [text_of(printed(job(paper, language)).pdf) for language in ("zh", "en")]
            for words in (json.dumps(row["data"], ensure_ascii=False), *files):
                flat = "".join(words.split())
                for secret in (planted, "13912345678", "张三", "举报", str(claim.claim_id), str(claim.reporter_ref)):
                    assert secret not in flat
