"""Reporters contest results at their own channel: by account or by code, in time, once, and with masked words."""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
from PIL import Image

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    ClaimRef,
    ReportState,
)
from shared.contracts.values import Category, Channel
from shared.contracts.volunteer import EvidenceAdded, ReportContested, ReportSubmitted
from shared.testing import OpenPlatform, Platform

ADA = Actor(UUID(int=1), "volunteer", None, "999901", "en", "Ada")
BEN = Actor(UUID(int=2), "volunteer", None, "999901", "en", "Ben")
AREA = "999901001"
EXIT = {"place": {"area_code": AREA}, "category": "fire", "what": "The fire exit is chained."}
NOT_FIXED = {"statement": "Still chained. Call me: 13812345678"}


class Docket:
    """What inspection would tell of one report."""

    def __init__(self, platform: Platform, report_id: UUID) -> None:
        self.platform, self.entry_id = platform, uuid4()
        self.claim = ClaimRef(service="volunteer", claim_id=report_id)
        self.versions: Iterator[int] = iter(range(1, 100))
        self.hazard_versions: Iterator[int] = iter(range(1, 100))
        self.hazard_id = uuid4()

    async def says(self, kind: type[facts.DocketFact], **more: Any) -> None:
        told = {
            "at": self.platform.now, "area_code": AREA, "entry_id": self.entry_id, "number": "F2026-1",
            "state": ReportState.RECEIVED, "claim": self.claim, "channel": Channel.VOLUNTEER,
            "reporter_ref": uuid4(), "category": Category.FIRE, "claimed_at": self.platform.now,
        }  # fmt: skip
        await self._tell(self.entry_id, next(self.versions), kind(**{**told, **more}))

    async def hazard_says(self, kind: type[facts.HazardFact], **more: Any) -> None:
        told = {
            "at": self.platform.now, "area_code": AREA, "hazard_id": self.hazard_id, "number": "H2026-1",
            "state": facts.HazardState.CLOSED, "category": Category.FIRE, "what": "Exit blocked",
            "claims": (self.claim,),
        }  # fmt: skip
        await self._tell(self.hazard_id, next(self.hazard_versions), kind(**{**told, **more}))

    async def _tell(self, aggregate: UUID, version: int, fact: facts.DocketFact | facts.HazardFact) -> None:
        await self.platform.announce((aggregate, version, fact))
        await self.platform.settle(redeliver=3)
        assert await self.platform.dead_letters() == []
        self.platform.travel(minutes=1)


async def rejected(platform: Platform, phone: httpx.AsyncClient, **more: Any) -> tuple[str, Docket, dict[str, Any]]:
    report_id = uuid4()
    filed = (await phone.put(f"/reports/{report_id}", json={**EXIT, **more})).json()
    docket = Docket(platform, report_id)
    await docket.says(facts.ReportRejected, reason="withdrawn", explanation="Seen: it is open.")
    return f"/reports/{report_id}", docket, filed


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


async def picture(phone: httpx.AsyncClient) -> str:
    out = BytesIO()
    Image.new("RGB", (4, 3), "orange").save(out, "JPEG")
    return (await phone.put(f"/evidence/volunteer/{uuid4()}", content=out.getvalue())).json()["id"]


async def test_a_reporter_contests_a_result_once_with_masked_words_and_pictures(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report, docket, _ = await rejected(platform, phone)
        shown = (await phone.get(report)).json()
        assert shown["contest_until"] == "2026-10-30T15:59:59Z"
        shot = await picture(phone)
        contested = (await phone.post(f"{report}/contest", json={**NOT_FIXED, "evidence": [shot]})).json()
        assert contested["contest_until"] is None
        assert [(each["statement"], each["outcome"]) for each in contested["contests"]] == [
            ("Still chained. Call me: ［…］", "sent")
        ]
        assert told(await phone.post(f"{report}/contest", json=NOT_FIXED)) == (409, "already-contested")
        await platform.settle(redeliver=3)
        [event] = platform.events(ReportContested)
        assert isinstance(event, ReportContested)
        assert (event.claim_id, event.statement) == (docket.claim.claim_id, "Still chained. Call me: ［…］")
        assert [str(each.id) for each in event.evidence] == [shot]
        await docket.says(facts.ReviewRequested, contest_id=event.contest_id, decide_by=platform.now)
        waiting = (await phone.get(report)).json()
        assert (waiting["state"], waiting["contests"][0]["outcome"]) == ("under_review", "under_review")
        assert told(await phone.post(f"{report}/contest", json=NOT_FIXED)) == (409, "already-contested")
        dismissed = {"contest_id": event.contest_id, "explanation": "It was open again."}
        await docket.says(facts.ReviewDismissed, **dismissed)
        decided = (await phone.get(report)).json()
        assert (decided["state"], decided["answer"]) == ("answered", "It was open again.")
        assert (decided["contests"][0]["outcome"], decided["contest_until"]) == ("dismissed", None)
        assert told(await phone.post(f"{report}/contest", json=NOT_FIXED)) == (409, "already-reviewed")


async def test_what_is_open_late_or_somebody_elses_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform:
        async with (
            platform.client("volunteer", ADA) as ada,
            platform.client("volunteer", BEN) as ben,
            platform.client("volunteer") as anyone,
        ):
            fresh = f"/reports/{uuid4()}"
            await ada.put(fresh, json=EXIT)
            assert told(await ada.post(f"{fresh}/contest", json=NOT_FIXED)) == (409, "case-still-open")
            report, _, _ = await rejected(platform, ada)
            assert told(await ben.post(f"{report}/contest", json=NOT_FIXED)) == (404, "not-found")
            assert told(await anyone.post(f"{report}/contest", json=NOT_FIXED)) == (401, "sign-in-first")
            for wrong in ({}, {"statement": " "}, {**NOT_FIXED, "tracking_code": "0" * 16}):
                assert told(await ada.post(f"{report}/contest", json=wrong)) == (422, "invalid-request")
            missing = {**NOT_FIXED, "evidence": [str(uuid4())]}
            assert told(await ada.post(f"{report}/contest", json=missing)) == (422, "unknown-evidence")
        platform.travel(days=31)
        async with platform.client("volunteer", ADA) as ada:
            assert told(await ada.post(f"{report}/contest", json=NOT_FIXED)) == (409, "contest-too-late")
        await platform.settle()
        assert platform.events(ReportContested) == []


async def test_the_last_moment_still_counts(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform:
        async with platform.client("volunteer", ADA) as phone:
            report, _, _ = await rejected(platform, phone)
            until = (await phone.get(report)).json()["contest_until"]
        platform.now = platform.now.fromisoformat(until)
        async with platform.client("volunteer", ADA) as phone:
            assert (await phone.post(f"{report}/contest", json=NOT_FIXED)).status_code == 200


async def test_whoever_reported_without_a_name_contests_by_the_code_alone(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as anyone:
        report, docket, filed = await rejected(platform, anyone, secret="random words of a phone")
        code = filed["tracking_code"]
        typed = {**NOT_FIXED, "tracking_code": f"{code[:8]}-{code[8:]}".lower()}
        wrong = {**NOT_FIXED, "tracking_code": "0" * 16}
        assert told(await anyone.post("/tracking/contest", json=wrong)) == (404, "not-found")
        contested = (await anyone.post("/tracking/contest", json=typed)).json()
        assert f"/reports/{contested['id']}" == report
        assert told(await anyone.post("/tracking/contest", json=typed)) == (409, "already-contested")
        await platform.settle(redeliver=3)
        [event] = platform.events(ReportContested)
        assert isinstance(event, ReportContested)
        assert code not in event.model_dump_json()
        refused = {"contest_id": event.contest_id, "reason": "too_late"}
        await docket.says(facts.ReviewRefused, **refused)
        shown = (await anyone.post("/tracking", json={"tracking_code": code})).json()
        assert (shown["state"], shown["contests"][0]["outcome"]) == ("rejected", "refused")
        assert shown["told"][-1]["fact"] == "inspection.report.review_refused.too_late"
        assert "too late" in shown["told"][-1]["en"]


async def test_a_closing_can_be_contested_and_a_reopened_case_cannot(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        report, docket = f"/reports/{report_id}", Docket(platform, report_id)
        await phone.put(report, json=EXIT)
        await docket.says(facts.ReportSubstantiated, hazard_id=docket.hazard_id)
        assert told(await phone.post(f"{report}/contest", json=NOT_FIXED)) == (409, "case-still-open")
        await docket.hazard_says(facts.HazardClosed, look_backs=())
        assert (await phone.post(f"{report}/contest", json=NOT_FIXED)).status_code == 200
        await platform.settle()
        [event] = platform.events(ReportContested)
        assert isinstance(event, ReportContested)
        upheld = {"contest_id": event.contest_id, "explanation": "Right.", "hazard_ids": (docket.hazard_id,)}
        await docket.says(facts.ReviewUpheld, **upheld)
        await docket.hazard_says(facts.HazardReopened, reason="upheld", state=facts.HazardState.REOPENED)
        shown = (await phone.get(report)).json()
        assert (shown["state"], shown["contests"][0]["outcome"]) == ("in_hand", "upheld")
        assert told(await phone.post(f"{report}/contest", json=NOT_FIXED)) == (409, "case-still-open")
        await docket.hazard_says(facts.HazardClosed, look_backs=())
        assert (await phone.post(f"{report}/contest", json=NOT_FIXED)).status_code == 200


async def test_the_reporter_reads_who_has_the_case_now(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        docket = Docket(platform, report_id)
        await phone.put(f"/reports/{report_id}", json=EXIT)
        fire = facts.PartyName(en="Fire and Rescue", zh="消防救援大队")
        market = facts.PartyName(en="Market Supervision", zh="市场监督管理局")
        sent = {"to_authority_id": uuid4(), "acknowledge_by": platform.now}
        await docket.says(facts.ReportTransferred, **sent, holder=fire)
        await docket.says(facts.TransferBounced, explanation="Not ours.", refused_by=fire)
        await docket.says(facts.ReportReceived, routing_rule="arbitration", decide_by=platform.now, holder=market)
        await docket.says(facts.ReportTransferred, **sent)
        lines = (await phone.get(f"/reports/{report_id}")).json()["told"]
        committee = "The safety committee is deciding which authority is responsible."
        assert [line["en"] for line in lines] == [
            "Your report was passed to another authority. It was sent to Fire and Rescue.",
            f"{committee} Fire and Rescue said that it is not responsible.",
            "Your report was registered and waits for a decision. Market Supervision has it now.",
            "Your report was passed to another authority.",
        ]
        assert lines[2]["zh"].endswith("现由市场监督管理局办理。")


async def test_delays_and_the_archive_are_told_and_leave_the_report_where_it_stood(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report, docket, _ = await rejected(platform, phone)
        await docket.says(facts.VerificationExtended, explanation="The laboratory.", verify_by=platform.now)
        await docket.says(facts.FatalityEscalated, escalated_at=platform.now)
        verdict = {"finding": "no_deaths", "decided_on": platform.now.date(), "statement": "Nobody died."}
        await docket.says(facts.CountyVerdictRecorded, **verdict)
        await docket.says(facts.ReportClosed)
        shown = (await phone.get(report)).json()
        assert (shown["state"], shown["answer"]) == ("rejected", "Seen: it is open.")
        assert [line["remark"] for line in shown["told"]] == ["Seen: it is open.", "The laboratory.", None, None, None]


async def test_only_those_who_joined_hear_that_matters_were_joined(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        mine, others = uuid4(), uuid4()
        for each in (mine, others):
            await phone.put(f"/reports/{each}", json=EXIT)
        docket = Docket(platform, mine)
        other = ClaimRef(service="volunteer", claim_id=others)
        both = {"claims": (docket.claim, other), "from_hazard_id": uuid4(), "joined": (docket.claim,)}
        await docket.hazard_says(facts.HazardClaimsJoined, **both, state=facts.HazardState.CONFIRMED)
        told = [(await phone.get(f"/reports/{each}")).json()["told"] for each in (mine, others)]
        assert [[line["fact"] for line in lines] for lines in told] == [["inspection.hazard.claims_joined"], []]


async def test_deaths_are_told_with_the_report_or_afterwards_and_numbers_to_ring_at_once(
    services_here: OpenPlatform,
) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        fatal, calm = f"/reports/{uuid4()}", f"/reports/{uuid4()}"
        for _ in range(2):
            filed = (await phone.put(fatal, json={**EXIT, "fatalities": True})).json()
            assert filed["call_now"] == ["110", "119", "120", "12350"]
        assert (await phone.put(calm, json=EXIT)).json()["call_now"] == []
        danger = (await phone.put(f"/reports/{uuid4()}", json={**EXIT, "imminent_danger": True})).json()
        assert danger["call_now"][1] == "119"
        assert (await phone.post(f"{calm}/additions", json={"fatalities": True})).json()["fatalities"] is True
        await platform.settle(redeliver=3)
        said = [event.fatalities for event in platform.events(ReportSubmitted) if isinstance(event, ReportSubmitted)]
        assert said == [True, False, False]
        [more] = platform.events(EvidenceAdded)
        assert isinstance(more, EvidenceAdded)
        assert more.fatalities


async def test_pictures_of_a_contest_are_shown_to_the_authorities_of_the_area(services_here: OpenPlatform) -> None:
    desk = Actor(UUID(int=5), "authority.desk", UUID(int=6), "999901", "en", "Desk")
    elsewhere = Actor(UUID(int=7), "authority.desk", UUID(int=8), "999902", "en", "Desk")
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report, _, _ = await rejected(platform, phone)
        shot = await picture(phone)
        for who, status in ((desk, 404), (elsewhere, 404)):
            async with platform.client("volunteer", who) as http:
                assert (await http.get(f"/evidence/volunteer/{shot}")).status_code == status
        await phone.post(f"{report}/contest", json={**NOT_FIXED, "evidence": [shot]})
        for who, status in ((desk, 200), (elsewhere, 404)):
            async with platform.client("volunteer", who) as http:
                assert (await http.get(f"/evidence/volunteer/{shot}")).status_code == status


async def test_two_phones_that_contest_at_once_contest_once(services_here: OpenPlatform) -> None:
    async with (
        services_here("volunteer") as platform,
        platform.client("volunteer", ADA) as one,
        platform.client("volunteer", ADA) as two,
    ):
        report, _, _ = await rejected(platform, one)
        answers = await asyncio.gather(*(http.post(f"{report}/contest", json=NOT_FIXED) for http in (one, two)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert len(platform.events(ReportContested)) == 1
