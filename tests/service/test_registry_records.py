"""Records: an enterprise declares, an authority verifies, time ends them, and nobody else may look."""

from asyncio import gather
from typing import Any
from uuid import UUID, uuid4

from registry_county import (
    AUDITOR,
    BAKER,
    BAKERY,
    COUNTY,
    EMERGENCY,
    ENTERPRISES,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    TOWN_CLERK,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts.registry import RecordEnded, RecordExpired, RecordKept
from shared.testing import OpenPlatform, Platform

LICENCE, GRADE, STAFF = UUID(int=700), UUID(int=701), UUID(int=702)
OTHER_OFFICER = Actor(UUID(int=9), "authority.officer", EMERGENCY, OTHER_TOWN, "en", "Officer of the west")


def licence(**changes: Any) -> dict[str, Any]:
    detail = {"kind": "licence", "licence": "安全生产许可证", "scope": "Flour", "issuer": "County"}
    return {"number": "L-1", "valid_from": "2024-01-01", "valid_to": "2026-12-31", "detail": detail, **changes}


def grade(held: int = 2, **changes: Any) -> dict[str, Any]:
    detail = {"kind": "standardisation", "grade": held, "issued_on": "2024-01-01"}
    return {"number": "S-1", "valid_from": "2024-01-01", "valid_to": "2026-12-31", "detail": detail, **changes}


def staff(**says: Any) -> dict[str, Any]:
    return {"detail": {"kind": "organisation", **says}}


def of(enterprise_id: UUID, record_id: UUID) -> str:
    return f"/enterprises/{enterprise_id}/records/{record_id}"


async def put(platform: Platform, who: Actor | None, address: str, body: dict[str, Any]) -> Any:
    async with platform.client("registry", who) as http:
        return await http.put(address, json=body)


async def get(platform: Platform, who: Actor | None, address: str, **query: Any) -> Any:
    async with platform.client("registry", who) as http:
        return await http.get(address, params=query)


async def post(platform: Platform, who: Actor | None, address: str, body: dict[str, Any] | None = None) -> Any:
    async with platform.client("registry", who) as http:
        return await http.post(address, json=body)


async def listed(platform: Platform, who: Actor, address: str = "/records", **query: Any) -> list[str]:
    answer = await get(platform, who, address, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_what_an_enterprise_declares_is_verified_by_an_authority_once(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        declared = await gather(*(put(platform, MANAGER, of(MILL, LICENCE), licence()) for _ in range(3)))
        assert [answer.status_code for answer in declared] == [200] * 3
        assert declared[0].json()["state"] == "declared"
        for _ in range(2):
            verified = await post(platform, OFFICER, f"/records/{LICENCE}/verify")
            assert (verified.json()["state"], verified.json()["verified_on"]) == ("verified", "2026-09-30")
        again = await put(platform, MANAGER, of(MILL, LICENCE), licence())
        assert again.json()["state"] == "verified"
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(RecordKept) if isinstance(each, RecordKept)]
        assert [(each.state, each.number, each.detail.kind) for each in told] == [
            ("declared", "L-1", "licence"),
            ("verified", "L-1", "licence"),
        ]
        assert await platform.dead_letters() == []


async def test_what_an_authority_verified_an_enterprise_neither_changes_nor_ends(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        assert (await put(platform, OFFICER, of(MILL, LICENCE), licence())).json()["state"] == "verified"
        refused = [
            await put(platform, MANAGER, of(MILL, LICENCE), licence(valid_to="2099-12-31")),
            await post(platform, MANAGER, f"/records/{LICENCE}/end", {"reason": "tired of it"}),
        ]
        assert [(answer.status_code, slug(answer)) for answer in refused] == [(409, "record-verified")] * 2
        ended = await post(platform, OFFICER, f"/records/{LICENCE}/end", {"reason": "revoked"})
        assert (ended.json()["state"], ended.json()["ended_on"]) == ("ended", "2026-09-30")
        assert (await post(platform, OFFICER, f"/records/{LICENCE}/end", {"reason": "again"})).json() == ended.json()
        for answer in (
            await put(platform, OFFICER, of(MILL, LICENCE), licence()),
            await post(platform, OFFICER, f"/records/{LICENCE}/verify"),
        ):
            assert (answer.status_code, slug(answer)) == (409, "record-ended")
        await platform.settle(redeliver=3)
        [told] = platform.events(RecordEnded)
        assert isinstance(told, RecordEnded)
        assert (told.reason, told.enterprise_id, str(told.ended_on)) == ("revoked", MILL, "2026-09-30")


async def test_an_enterprise_has_one_statement_about_its_safety_people_and_may_correct_it(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await put(platform, MANAGER, of(MILL, STAFF), staff(full_time_staff=2))
        second = await put(platform, MANAGER, of(MILL, uuid4()), staff(full_time_staff=9))
        assert (second.status_code, slug(second)) == (409, "already-exists")
        await post(platform, OFFICER, f"/records/{STAFF}/verify")
        corrected = await put(platform, MANAGER, of(MILL, STAFF), staff(full_time_staff=3))
        assert (corrected.status_code, corrected.json()["state"]) == (200, "declared")
        other = await put(platform, BAKER, of(BAKERY, uuid4()), staff(part_time_staff=1))
        assert other.status_code == 200
        await post(platform, MANAGER, f"/records/{STAFF}/end", {"reason": "written anew"})
        assert (await put(platform, MANAGER, of(MILL, uuid4()), staff(full_time_staff=4))).status_code == 200


async def test_penalties_and_accidents_are_never_the_enterprises_own_word(services_here: OpenPlatform) -> None:
    penalty = {"number": "P-1", "detail": {"kind": "penalty", "decided_on": "2026-01-05", "reason": "No guard"}}
    accident = {"detail": {"kind": "accident", "happened_on": "2026-01-05", "what": "A fall"}}
    async with services_here("registry") as platform:
        await settle_in(platform)
        for body in (penalty, accident):
            refused = await put(platform, MANAGER, of(MILL, uuid4()), body)
            assert (refused.status_code, slug(refused)) == (403, "official-record")
            kept = await put(platform, OFFICER, of(MILL, uuid4()), body)
            assert (kept.status_code, kept.json()["state"]) == (200, "verified")


async def test_every_party_reaches_what_is_its_business_and_nothing_else(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        writers = {None: 401, VOLUNTEER: 403, WORKER: 403, AUDITOR: 403, TOWN_CLERK: 403, BAKER: 404}
        writers |= {OTHER_OFFICER: 404, MANAGER: 200, OFFICER: 200, OPERATOR: 200}
        for who, status in writers.items():
            assert (await put(platform, who, of(MILL, LICENCE), licence())).status_code == status
        await put(platform, BAKER, of(BAKERY, GRADE), grade())
        readers = {OPERATOR: [GRADE, LICENCE], OFFICER: [GRADE, LICENCE], TOWN_CLERK: [LICENCE]}
        readers |= {OTHER_OFFICER: [GRADE], MANAGER: [LICENCE], BAKER: [GRADE]}
        for who, seen in readers.items():
            assert await listed(platform, who) == [str(each) for each in seen]
            assert sorted(await listed(platform, who, "/records/ending", within_days=365)) == sorted(map(str, seen))
            mill = await get(platform, who, f"/enterprises/{MILL}/records")
            assert mill.status_code == (200 if LICENCE in seen else 404)
            assert (await get(platform, who, f"/records/{LICENCE}")).status_code == (200 if LICENCE in seen else 404)
            assert (await get(platform, who, f"/enterprises/{MILL}/lacks")).status_code == mill.status_code
        for who in (None, VOLUNTEER, WORKER, AUDITOR):
            for address in ("/records", "/records/ending", "/records/expired", f"/records/{LICENCE}"):
                answer = await get(platform, who, address)
                assert answer.status_code == (401 if who is None else 403)
        verifiers = {MANAGER: 403, OPERATOR: 403, TOWN_CLERK: 403, OTHER_OFFICER: 404, OFFICER: 200}
        for who, status in verifiers.items():
            assert (await post(platform, who, f"/records/{LICENCE}/verify")).status_code == status
        for who, status in {VOLUNTEER: 403, TOWN_CLERK: 403, BAKER: 404, OTHER_OFFICER: 404, OPERATOR: 200}.items():
            answer = await post(platform, who, f"/records/{LICENCE}/end", {"reason": "-"})
            assert answer.status_code == status
        for who in (MANAGER, VOLUNTEER):
            assert (await get(platform, who, "/records/grades")).status_code == 403


async def test_a_record_stays_with_its_enterprise_and_its_kind(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await put(platform, MANAGER, of(MILL, LICENCE), licence())
        for answer in (
            await put(platform, OFFICER, of(BAKERY, LICENCE), licence()),
            await put(platform, OFFICER, of(MILL, LICENCE), grade()),
            await put(platform, OFFICER, of(uuid4(), uuid4()), grade()),
        ):
            assert (answer.status_code, slug(answer)) == (404, "not-found")


async def test_a_licence_that_expired_is_told_once_and_again_only_after_it_was_renewed(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await put(platform, MANAGER, of(MILL, LICENCE), licence(valid_to="2026-10-02"))
        await put(platform, BAKER, of(BAKERY, GRADE), grade(valid_to="2026-11-01"))
        await platform.settle(redeliver=3)
        assert platform.events(RecordExpired) == []
        assert await listed(platform, OFFICER, "/records/ending", within_days=2) == [str(LICENCE)]
        assert await listed(platform, OFFICER, "/records/ending", within_days=1) == []

        platform.travel(days=2, hours=14)  # 23:00 in the county on its last day
        await platform.settle(redeliver=3)
        assert platform.events(RecordExpired) == []
        platform.travel(hours=2)
        for _ in range(3):
            await platform.settle(redeliver=3)
        [told] = platform.events(RecordExpired)
        assert isinstance(told, RecordExpired)
        assert (told.record_id, told.enterprise_id, told.industry_code) == (LICENCE, MILL, "C1310")
        assert (str(told.valid_to), told.detail.kind, told.name_en) == ("2026-10-02", "licence", "Dawn Flour Mill")
        assert await listed(platform, OFFICER, "/records/expired") == [str(LICENCE)]
        assert await listed(platform, OFFICER, "/records/expired", area=OTHER_TOWN) == []
        assert await listed(platform, OFFICER, "/records/expired", area=COUNTY, kind="licence") == [str(LICENCE)]
        assert await listed(platform, OFFICER, "/records/expired", kind="insurance") == []

        await put(platform, MANAGER, of(MILL, LICENCE), licence(valid_to="2026-10-20"))
        await platform.settle(redeliver=3)
        assert await listed(platform, OFFICER, "/records/expired") == []
        platform.travel(days=60)
        await platform.settle(redeliver=3)
        assert len(platform.events(RecordExpired)) == 3
        assert await platform.dead_letters() == []


async def test_an_ended_record_does_not_expire(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await put(platform, OFFICER, of(MILL, LICENCE), licence(valid_to="2026-10-02"))
        await post(platform, OFFICER, f"/records/{LICENCE}/end", {"reason": "revoked"})
        platform.travel(days=10)
        await platform.settle()
        assert platform.events(RecordExpired) == []
        assert await listed(platform, OFFICER, "/records/expired") == []


async def test_of_an_enterprise_that_is_gone_nothing_expires_and_nothing_is_counted(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        await put(platform, MANAGER, of(MILL, LICENCE), licence(valid_to="2026-10-02"))
        gone = await http.put("/enterprises", json=[{**ENTERPRISES[0], "standing": "moved_out"}])
        assert gone.status_code == 200, gone.text
        platform.travel(days=10)
        await platform.settle()
        assert platform.events(RecordExpired) == []
        assert await listed(platform, OFFICER, "/records/expired") == []
        assert (await get(platform, OFFICER, "/records/grades")).json()["none"] == 1


async def test_a_grade_past_its_expiry_counts_as_no_grade(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await put(platform, OFFICER, of(MILL, GRADE), grade(2, valid_to="2026-10-02"))
        await put(platform, OFFICER, of(MILL, uuid4()), grade(3, number="S-2"))
        await put(platform, BAKER, of(BAKERY, uuid4()), grade(1))  # declared, verified by nobody
        counts = (await get(platform, OFFICER, "/records/grades")).json()
        assert counts == {"on": "2026-09-30", "grade_1": 0, "grade_2": 1, "grade_3": 0, "none": 1}
        later = (await get(platform, OFFICER, "/records/grades", on="2026-10-03")).json()
        assert later == {"on": "2026-10-03", "grade_1": 0, "grade_2": 0, "grade_3": 1, "none": 1}
        never = (await get(platform, OFFICER, "/records/grades", on="2030-01-01")).json()
        assert (never["grade_3"], never["none"]) == (0, 2)
        assert (await get(platform, OFFICER, "/records/grades", area=OTHER_TOWN)).json()["none"] == 1
        own = (await get(platform, TOWN_CLERK, "/records/grades")).json()
        assert (own["grade_2"], own["none"]) == (1, 0)


async def test_an_enterprise_reads_what_it_lacks_and_by_whose_rule(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        lacking = (await get(platform, MANAGER, f"/enterprises/{MILL}/lacks")).json()
        assert [(each["code"], each["mark"]) for each in lacking["items"]] == [
            ("safety-staff", "L"),
            ("principal", "L"),
            ("responsibility-list", "L"),
        ]
        said = staff(full_time_staff=2, principal_id=str(MANAGER.id), responsibility_list=True)
        await put(platform, MANAGER, of(MILL, STAFF), said)
        project = {"detail": {"kind": "project", "name": "Silo 3", "started_on": "2026-09-01"}}
        await put(platform, MANAGER, of(MILL, uuid4()), project)
        lacking = (await get(platform, OFFICER, f"/enterprises/{MILL}/lacks")).json()
        assert [each["code"] for each in lacking["items"]] == ["design-review"]


async def test_a_record_that_cannot_be_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        faults: list[tuple[dict[str, Any], str]] = [
            (licence(number=None), "record-number"),
            (grade(valid_to=None), "record-last-day"),
            (licence(valid_to="2023-01-01"), "record-term"),
            (licence(detail={**licence()["detail"], "scpe": "?"}), "invalid-request"),
            (licence(detail={**licence()["detail"], "kind": "permission"}), "invalid-request"),
            (licence(valid_to=0), "invalid-request"),
            (grade(4), "invalid-request"),
        ]
        for body, told in faults:
            answer = await put(platform, MANAGER, of(MILL, uuid4()), body)
            assert (answer.status_code, slug(answer)) == (422, told), body
        assert await platform.rows("registry", "select id from records") == []
