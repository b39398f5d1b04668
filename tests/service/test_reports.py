"""A person reports: once, durably, without a trace of who it was."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.volunteer.domain import mask, normal_code
from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    ClaimRef,
    ReportState,
)
from shared.contracts.values import Category, Channel
from shared.contracts.volunteer import EvidenceAdded, ReportSubmitted
from shared.testing import START, OpenPlatform

ADA = Actor(UUID(int=1), "volunteer", None, "999901", "en", "Ada")
BEN = Actor(UUID(int=2), "volunteer", None, "999901", "en", "Ben")
CLERK = Actor(UUID(int=3), "agency", UUID(int=9), "999901", "en", "Clerk")
BLOCKED_EXIT = {
    "place": {"area_code": "999901001", "lon": 120.1, "lat": 30.2, "address": "East gate"},
    "category": "fire",
    "what": "The fire exit is chained. Call me: 13812345678, my name is Ada Liu",
}


def _received(report_id: UUID) -> facts.ReportReceived:
    return facts.ReportReceived(
        at=START,
        area_code="999901001",
        entry_id=UUID(int=77),
        number="F2026-1",
        state=ReportState.RECEIVED,
        claim=ClaimRef(service="volunteer", claim_id=report_id),
        channel=Channel.VOLUNTEER,
        reporter_ref=uuid4(),
        category=Category.FIRE,
        claimed_at=START,
        routing_rule=facts.RoutingRule.CATEGORY,
        decide_by=START,
    )


async def test_a_phone_that_retries_opens_one_report(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        address = f"/reports/{uuid4()}"
        answers = [await phone.put(address, json=BLOCKED_EXIT) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        assert answers[0].json() == answers[2].json()
        await platform.settle(redeliver=3)
        assert len(platform.events(ReportSubmitted)) == 1


async def test_nothing_outside_the_vault_tells_who_reported(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        await phone.put(f"/reports/{uuid4()}", json={**BLOCKED_EXIT, "contact": "ada@example.org"})
        await platform.settle()
        stored = b"".join(row.data + repr(row.headers).encode() for row in platform.bus.stored)
        tables = [await platform.rows("volunteer", f"select * from {name}") for name in ("reports", "outbox_sent")]
        for secret in ("13812345678", "Ada Liu", "ada@example.org", str(ADA.id), ADA.id.hex):
            assert secret.encode() not in stored
            assert secret not in repr(tables)
        [identity] = await platform.rows("volunteer", "select sealed from identities")
        assert b"Ada" not in identity["sealed"]


async def test_another_persons_report_cannot_be_overwritten_read_or_extended(services_here: OpenPlatform) -> None:
    async with (
        services_here("volunteer") as platform,
        platform.client("volunteer", ADA) as ada,
        platform.client("volunteer", BEN) as ben,
    ):
        report = f"/reports/{uuid4()}"
        await ada.put(report, json=BLOCKED_EXIT)
        stolen = await ben.put(report, json=BLOCKED_EXIT)
        assert (stolen.status_code, stolen.json()["type"]) == (403, "urn:commonwatch:problem:not-your-report")
        assert (await ben.get(report)).status_code == 404
        assert (await ben.post(f"{report}/additions", json={"what": "hm"})).status_code == 404
        other = await ada.put(report, json={**BLOCKED_EXIT, "category": "gas"})
        assert (other.status_code, other.json()["type"]) == (409, "urn:commonwatch:problem:report-id-taken")


async def test_an_anonymous_report_is_found_again_by_its_code_alone(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as anyone:
        report_id = uuid4()
        ask = {**BLOCKED_EXIT, "secret": "a phone's own random words"}
        first = (await anyone.put(f"/reports/{report_id}", json=ask)).json()
        again = (await anyone.put(f"/reports/{report_id}", json=ask)).json()
        code = first["tracking_code"]
        assert code == again["tracking_code"]
        assert len(code) == 16
        assert code not in repr(await platform.rows("volunteer", "select * from reports"))
        typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
        found = await anyone.post("/tracking", json={"tracking_code": typed})
        assert found.json()["id"] == str(report_id)
        assert (await anyone.post("/tracking", json={"tracking_code": "0" * 16})).status_code == 404
        stranger = await anyone.put(f"/reports/{report_id}", json={**ask, "secret": "somebody else's words"})
        assert stranger.status_code == 403
        assert (await anyone.get(f"/reports/{report_id}")).status_code == 401


async def test_the_reporter_hears_of_each_decision_once(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        await phone.put(f"/reports/{report_id}", json=BLOCKED_EXIT)
        await platform.announce((UUID(int=77), 1, _received(report_id)))
        await platform.settle(redeliver=3)
        shown = (await phone.get(f"/reports/{report_id}")).json()
        assert shown["state"] == "received"
        assert [told["fact"] for told in shown["told"]] == ["inspection.report.received"]
        listed = (await phone.get("/reports", params={"limit": 1})).json()
        assert [item["id"] for item in listed["items"]] == [str(report_id)]
        assert await platform.dead_letters() == []


async def test_an_older_fact_that_comes_late_is_told_but_does_not_turn_the_report_back(
    services_here: OpenPlatform,
) -> None:
    """The docket's facts and the hazard's are different aggregates: they come in any order beside each other."""
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        await phone.put(f"/reports/{report_id}", json=BLOCKED_EXIT)
        received = _received(report_id)
        later = {"at": START + timedelta(hours=1), "state": ReportState.REJECTED, "explanation": "Seen: it is open."}
        told = received.model_dump(exclude={"routing_rule", "decide_by"}) | later
        rejected = facts.ReportRejected(**told, reason=facts.RejectReason.WITHDRAWN)
        await platform.announce((UUID(int=78), 1, rejected), (UUID(int=77), 1, received))
        await platform.settle(redeliver=3)
        shown = (await phone.get(f"/reports/{report_id}")).json()
        assert (shown["state"], shown["answer"]) == ("rejected", "Seen: it is open.")
        assert len(shown["told"]) == 2


async def test_an_addition_repeats_the_claim_to_the_docket(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report = f"/reports/{uuid4()}"
        await phone.put(report, json=BLOCKED_EXIT)
        added = await phone.post(f"{report}/additions", json={"what": "Now two chains."})
        assert added.json()["what"].endswith("Now two chains.")
        assert (await phone.post(f"{report}/additions", json={})).status_code == 422
        await platform.settle()
        [event] = platform.events(EvidenceAdded)
        assert isinstance(event, EvidenceAdded)
        assert event.what.endswith("Now two chains.")
        resent = await phone.put(report, json=BLOCKED_EXIT)
        assert resent.status_code == 201


async def test_a_report_with_an_unknown_picture_or_from_an_organisation_is_refused(services_here: OpenPlatform) -> None:
    async with (
        services_here("volunteer") as platform,
        platform.client("volunteer", ADA) as phone,
        platform.client("volunteer", CLERK) as agency,
    ):
        missing = await phone.put(f"/reports/{uuid4()}", json={**BLOCKED_EXIT, "evidence": [str(uuid4())]})
        assert (missing.status_code, missing.json()["type"]) == (422, "urn:commonwatch:problem:unknown-evidence")
        refused = await agency.put(f"/reports/{uuid4()}", json=BLOCKED_EXIT)
        assert refused.status_code == 403
        assert await platform.rows("volunteer", "select id from reports") == []


async def test_malformed_reports_are_told_what_is_wrong(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA, "zh") as phone:
        address = f"/reports/{uuid4()}"
        json_type = {"content-type": "application/json"}
        broken = await phone.put(address, content=b'{"place": ', headers=json_type)
        assert (broken.status_code, broken.json()["detail"]) == (400, "请求不是有效的 JSON。")
        assert (await phone.put(address, json={**BLOCKED_EXIT, "whta": 1})).status_code == 422
        assert (await phone.put("/reports/not-an-id", json=BLOCKED_EXIT)).status_code == 422
        huge = await phone.put(address, content=b" " * 3_000_000, headers=json_type)
        assert (huge.status_code, huge.headers["content-type"]) == (413, "application/problem+json")


async def test_reports_are_accepted_while_the_broker_is_away_and_flow_when_it_returns(
    services_here: OpenPlatform,
) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        platform.bus.up = False
        for _ in range(3):
            assert (await phone.put(f"/reports/{uuid4()}", json=BLOCKED_EXIT)).status_code == 201
        await platform.settle()
        assert platform.events() == []
        platform.bus.up = True
        await platform.settle()
        assert len(platform.events(ReportSubmitted)) == 3


def test_masking_blots_numbers_and_names_and_leaves_the_danger_readable() -> None:
    text = "我叫王小明，电话 138 1234 5678，身份证11010519491231002X，二楼配电箱冒烟，3月5日 12:30"
    masked = mask(text)
    assert all(secret not in masked for secret in ("王小明", "5678", "1949"))
    assert "二楼配电箱冒烟，3月5日 12:30" in masked


def test_codes_are_read_as_people_type_them() -> None:
    assert normal_code(" abcd-o1il 23") == "ABCD011123"
