"""Self-checks: an enterprise declares what it found, once, and sees how far each hazard is."""

from asyncio import gather
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from registry_county import (
    BAKER,
    BAKERY,
    EMERGENCY,
    MANAGER,
    MILL,
    OFFICER,
    TOWN_CLERK,
    VILLAGE,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    ClaimRef,
    HazardState,
    ReportState,
)
from shared.contracts.registry import SelfCheckSubmitted
from shared.contracts.values import Category, Channel
from shared.testing import START, OpenPlatform, Platform

DUST, EXIT = UUID(int=500), UUID(int=501)
ENTRY, HAZARD = UUID(int=600), UUID(int=601)


def _check(**changes: Any) -> dict[str, Any]:
    dust = {"id": str(DUST), "category": "dust", "what": "Dust lies on the beams", "suspected_grade": "major"}
    blocked = {
        "id": str(EXIT),
        "category": "fire",
        "what": "A pallet stands before the exit",
        "place": {"area_code": VILLAGE, "address": "Store 2"},
    }
    return {"date": "2026-09-30", "items": [dust, blocked], **changes}


def _docket(fact: type[facts.DocketFact], state: ReportState, claim_id: UUID, **more: Any) -> facts.DocketFact:
    return fact(
        at=START,
        area_code=VILLAGE,
        entry_id=ENTRY,
        number="F2026-1",
        state=state,
        claim=ClaimRef(service="registry", claim_id=claim_id, source_party_id=MILL),
        channel=Channel.SELF_CHECK,
        reporter_ref=uuid4(),
        category=Category.DUST,
        claimed_at=START,
        **more,
    )


def _hazard(fact: type[facts.HazardFact], state: HazardState, claims: Sequence[ClaimRef], **more: Any) -> Any:
    return fact(
        at=START,
        area_code=VILLAGE,
        hazard_id=HAZARD,
        number="H2026-1",
        state=state,
        category=Category.DUST,
        what="Dust on beams",
        claims=tuple(claims),
        **more,
    )


async def _progress(platform: Platform, address: str) -> list[str]:
    async with platform.client("registry", MANAGER) as http:
        return [item["progress"] for item in (await http.get(address)).json()["items"]]


async def test_each_declared_hazard_becomes_one_claim_however_often_it_is_sent(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        address = f"/self-checks/{uuid4()}"
        answers = await gather(*(http.put(address, json=_check()) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200] * 3
        assert answers[0].json() == answers[2].json() == (await http.get(address)).json()
        await platform.settle(redeliver=3)
        [dust, blocked] = (each for each in platform.events(SelfCheckSubmitted) if isinstance(each, SelfCheckSubmitted))
        assert (dust.claim_id, blocked.claim_id) == (DUST, EXIT)
        assert (dust.channel, dust.source_party_id, dust.enterprise_id) == (Channel.SELF_CHECK, MILL, MILL)
        assert (dust.place.address, blocked.place.address) == ("1 Bridge Road", "Store 2")
        assert (dust.suspected_grade, blocked.suspected_grade) == ("major", None)
        assert MANAGER.id not in {dust.reporter_ref, blocked.reporter_ref}
        assert dust.reporter_ref != blocked.reporter_ref


async def test_another_content_under_the_same_id_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        address = f"/self-checks/{uuid4()}"
        await http.put(address, json=_check())
        for other in (_check(date="2026-09-29"), _check(items=[]), _check(items=_check()["items"][::-1])):
            refused = await http.put(address, json=other)
            assert (refused.status_code, slug(refused)) == (409, "self-check-id-taken")
        taken = await http.put(f"/self-checks/{uuid4()}", json=_check())
        assert (taken.status_code, slug(taken)) == (409, "already-exists")
        assert len(await platform.rows("registry", "select id from self_checks")) == 1


async def test_only_those_who_answer_for_an_enterprise_submit_and_only_for_their_own(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        address = f"/self-checks/{uuid4()}"
        for who, status in {WORKER: 403, OFFICER: 403, VOLUNTEER: 403, None: 401, MANAGER: 200, BAKER: 404}.items():
            async with platform.client("registry", who) as http:
                assert (await http.put(address, json=_check())).status_code == status
        readers = {MANAGER: (200, 1), OFFICER: (200, 1), TOWN_CLERK: (200, 1)}
        readers |= {BAKER: (404, 0), WORKER: (403, None), VOLUNTEER: (403, None)}
        for who, (status, listed) in readers.items():
            async with platform.client("registry", who) as http:
                assert (await http.get(address)).status_code == status
                found = await http.get("/self-checks")
                assert found.status_code == (403 if listed is None else 200)
                assert listed is None or len(found.json()["items"]) == listed


async def test_a_self_check_that_cannot_be_true_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    [dust, blocked] = _check()["items"]
    faults: list[tuple[dict[str, Any], str]] = [
        (_check(date="2026-10-01"), "date-ahead"),
        (_check(items=[dust, {**blocked, "place": {"area_code": "999909001"}}]), "unknown-area"),
        (_check(items=[dust, {**blocked, "evidence": [str(uuid4())]}]), "unknown-evidence"),
        (_check(items=[dust, dust]), "invalid-request"),
    ]
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        for ask, told in faults:
            answer = await http.put(f"/self-checks/{uuid4()}", json=ask)
            assert (answer.status_code, slug(answer)) == (422, told)
            assert answer.json().get("index", 1) == 1


async def test_the_day_of_a_self_check_is_the_countys_own(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        platform.travel(hours=15)  # 16:00 UTC: in the county the next day has begun
        async with platform.client("registry", MANAGER) as http:
            assert (await http.put(f"/self-checks/{uuid4()}", json=_check(date="2026-10-01"))).status_code == 200


async def test_looking_and_finding_nothing_is_recorded_and_claims_nothing(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        answer = await http.put(f"/self-checks/{uuid4()}", json={"date": "2026-09-30"})
        assert (answer.status_code, answer.json()["items"]) == (200, [])
        await platform.settle()
        assert platform.events(SelfCheckSubmitted) == []


async def test_the_enterprise_sees_how_far_each_declared_hazard_is(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        address = f"/self-checks/{uuid4()}"
        await http.put(address, json=_check())
        assert await _progress(platform, address) == ["submitted", "submitted"]

        due = {"routing_rule": facts.RoutingRule.INDUSTRY, "decide_by": START}
        await platform.announce((ENTRY, 1, _docket(facts.ReportReceived, ReportState.RECEIVED, DUST, **due)))
        await platform.settle(redeliver=3)
        assert await _progress(platform, address) == ["received", "submitted"]

        ours = ClaimRef(service="registry", claim_id=DUST, source_party_id=MILL)
        another = ClaimRef(service="volunteer", claim_id=EXIT)
        assigned = {"routing_rule": facts.RoutingRule.INDUSTRY, "lead_authority_id": EMERGENCY}
        answer = "Thank you"
        await platform.announce(
            (ENTRY, 2, _docket(facts.ReportAccepted, ReportState.ACCEPTED, DUST, hazard_id=HAZARD)),
            (HAZARD, 1, _hazard(facts.HazardRegistered, HazardState.SUSPECTED, [ours, another])),
            (HAZARD, 2, _hazard(facts.HazardAssigned, HazardState.ASSIGNED, [another, ours], **assigned)),
            (ENTRY, 3, _docket(facts.ReportAnswered, ReportState.ANSWERED, DUST, answer=answer)),
        )
        await platform.settle(redeliver=3)
        assert await _progress(platform, address) == ["assigned", "submitted"]
        shown = (await http.get(address)).json()["items"]
        assert [item["hazard_number"] for item in shown] == ["H2026-1", None]
        assert await platform.dead_letters() == []


async def test_an_enterprise_is_not_told_that_somebody_reported_the_same(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        address = f"/self-checks/{uuid4()}"
        await http.put(address, json=_check())
        merged = _docket(facts.ReportMerged, ReportState.MERGED, EXIT, into_entry_id=uuid4(), order=2)
        await platform.announce((ENTRY, 1, merged))
        await platform.settle(redeliver=3)
        assert await _progress(platform, address) == ["submitted", "accepted"]
        assert "merge" not in (await http.get(address)).text


async def test_pictures_are_handed_in_first_and_travel_with_the_claim(services_here: OpenPlatform) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    file = f"/evidence/registry/{uuid4()}"
    async with (
        services_here("registry") as platform,
        platform.client("registry", MANAGER) as manager,
        platform.client("registry", BAKER) as baker,
        platform.client("registry", OFFICER) as officer,
    ):
        await settle_in(platform)
        kept = (await manager.put(file, content=picture.getvalue())).json()
        [dust, _] = _check()["items"]
        shown_by = {**dust, "evidence": [kept["id"]]}
        stolen = await baker.put(f"/self-checks/{uuid4()}", json=_check(items=[shown_by]))
        assert (stolen.status_code, slug(stolen)) == (422, "unknown-evidence")
        address = f"/self-checks/{uuid4()}"
        for _ in range(2):
            assert (await manager.put(address, json=_check(items=[shown_by]))).status_code == 200
        await platform.settle(redeliver=3)
        [claim] = platform.events(SelfCheckSubmitted)
        assert isinstance(claim, SelfCheckSubmitted)
        assert [(ref.owner, str(ref.id), ref.sha256) for ref in claim.evidence] == [
            ("registry", kept["id"], kept["sha256"])
        ]
        assert [(await each.get(file)).status_code for each in (manager, officer, baker)] == [200, 200, 404]
        assert claim.enterprise_id != BAKERY
