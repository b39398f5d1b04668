"""Certificates, training and staffing: recorded, decided about, expired, and seen by those who need them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from registry_county import (
    BAKER,
    COUNTY,
    EMERGENCY,
    FIRE,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    TOWN,
    TOWN_CLERK,
    TOWN_HALL,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)
from sqlmodel import select

from services.registry.certificates.domain import Standing, standing
from services.registry.certificates.models import Certificate
from services.registry.certificates.queries.certificates import stands
from shared.auth import Actor
from shared.contracts.registry import (
    CertificateExpired,
    CertificateKind,
    CertificateRecorded,
    CertificateStatus,
    PersonRegistered,
    StaffingRequired,
    TrainingRecorded,
)
from shared.testing import OpenPlatform, Platform

TODAY = date(2026, 9, 30)
LICENCE = UUID(int=500)
COMMITTEE = Actor(UUID(int=30), "committee", UUID(int=130), COUNTY, "en", "Committee")
HEAD = Actor(UUID(int=20), "authority.head", EMERGENCY, COUNTY, "en", "Head")
SECOND = Actor(UUID(int=23), "authority.officer", EMERGENCY, COUNTY, "en", "Second officer")
HIDDEN = "T**************002X"
MEMBERS = (OFFICER, SECOND, HEAD, MANAGER, WORKER, TOWN_CLERK)


def _enforcement(who: Actor = OFFICER, **changes: Any) -> dict[str, Any]:
    return {
        "person_id": str(who.id),
        "kind": "enforcement",
        "number": f"F-{who.id.int}",
        "issuer": "County government",
        "scope": "work safety",
        "issued_on": "2024-01-01",
        "valid_from": "2024-01-01",
        "valid_to": "2026-12-31",
        **changes,
    }


async def _with_officers(platform: Platform) -> None:
    await settle_in(platform)
    people = [{"id": str(who.id), "name": who.name, "area_code": who.area_code} for who in MEMBERS]
    memberships = [
        {
            "id": str(UUID(int=400 + who.id.int)),
            "person_id": str(who.id),
            "party_id": str(who.party_id),
            "role": who.role,
            "area_code": who.area_code,
        }
        for who in MEMBERS
    ]
    async with platform.client("registry", OPERATOR) as http:
        for address, entries in {"/people": people, "/memberships": memberships}.items():
            assert (await http.put(address, json=entries)).status_code == 200
        assert (await http.put(f"/certificates/{LICENCE}", json=_enforcement())).status_code == 200
    await platform.settle()


def _last_days(platform: Platform, who: Actor = OFFICER) -> list[date | None]:
    """Give what the person's facts said of the certificate, in order."""
    told = [fact for fact in platform.events(PersonRegistered) if isinstance(fact, PersonRegistered)]
    return [fact.certificate_valid_to for fact in told if fact.person_id == who.id]


async def test_a_certificate_is_told_once_with_its_whole_state_and_the_person_with_it(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        again = await http.put("/certificates", json=[{"id": str(LICENCE), **_enforcement()}])
        assert again.json() == {"received": 1, "changed": 0}
        await platform.settle(redeliver=3)
        [told] = platform.events(CertificateRecorded)
        assert told.model_dump(mode="json", exclude={"at"}) == {
            "area_code": COUNTY,
            "certificate_id": str(LICENCE),
            "status": "valid",
            **_enforcement(),
        }
        assert _last_days(platform) == [None, date(2026, 12, 31)]
        shown = (await http.get(f"/certificates/{LICENCE}")).json()
        assert (shown["standing"], shown["person_name"], shown["reason"]) == ("valid", "Officer", None)


async def test_a_suspended_certificate_is_none_until_it_is_reinstated(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        own = f"/certificates/{LICENCE}"
        assert slug(await http.post(f"{own}/reinstate", json={"reason": "none"})) == "illegal-transition"
        assert (await http.post(f"{own}/suspend", json={})).status_code == 422, "a reason is owed"
        suspended = await http.post(f"{own}/suspend", json={"reason": "Gifts."})
        assert (suspended.json()["standing"], suspended.json()["reason"]) == ("suspended", "Gifts.")
        repeated = await http.put(own, json=_enforcement(scope="all"))
        assert repeated.json()["standing"] == "suspended", "no list that is sent again undoes a decision"
        assert (await http.post(f"{own}/reinstate", json={"reason": "Unfounded."})).json()["standing"] == "valid"
        assert (await http.post(f"{own}/revoke", json={"reason": "Left."})).json()["standing"] == "revoked"
        assert slug(await http.post(f"{own}/reinstate", json={"reason": "?"})) == "illegal-transition"
        assert (await http.post(f"/certificates/{uuid4()}/suspend", json={"reason": "?"})).status_code == 404
        await platform.settle(redeliver=3)
        last = date(2026, 12, 31)
        assert _last_days(platform) == [None, last, None, last, None]
        facts = [fact.model_dump(mode="json") for fact in platform.events(CertificateRecorded)]
        assert [fact["status"] for fact in facts] == ["valid", "suspended", "suspended", "valid", "revoked"]
        assert "Gifts" not in str(facts)


async def test_nobody_but_the_operator_records_or_decides(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_officers(platform)
        for who in (HEAD, OFFICER, MANAGER, COMMITTEE, VOLUNTEER):
            async with platform.client("registry", who) as http:
                for answer in (
                    await http.put(f"/certificates/{uuid4()}", json=_enforcement(SECOND)),
                    await http.put("/certificates", json=[{"id": str(LICENCE), **_enforcement()}]),
                    await http.post(f"/certificates/{LICENCE}/reinstate", json={"reason": "mine"}),
                    await http.put(f"/training/{uuid4()}", json={}),
                    await http.put(f"/people/staffing/{EMERGENCY}", json={"required": 0}),
                ):
                    assert (answer.status_code, slug(answer)) == (403, "role-may-not"), (who, answer.url)


async def test_a_certificate_stays_that_of_one_person_and_of_one_kind(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        for change in ({"person_id": str(SECOND.id)}, {"kind": "evaluator"}):
            taken = await http.put(f"/certificates/{LICENCE}", json=_enforcement(**change))
            assert (taken.status_code, slug(taken)) == (409, "certificate-of-another")
        copied = await http.put(f"/certificates/{uuid4()}", json=_enforcement(SECOND, number="F-2"))
        assert (copied.status_code, slug(copied)) == (409, "already-exists")
        listed = [{"id": str(uuid4()), **_enforcement(SECOND)}, {"id": str(uuid4()), **_enforcement(valid_to=None)}]
        fault = await http.put("/certificates", json=listed)
        assert (slug(fault), fault.json()["errors"][0]["at"]) == ("last-day-missing", ["body", 1, "valid_to"])
        unknown = await http.put(f"/certificates/{uuid4()}", json=_enforcement(person_id=str(uuid4())))
        assert slug(unknown) == "unknown-person"
        await platform.settle()
        assert len(platform.events(CertificateRecorded)) == 1


async def test_no_identity_number_is_kept_within_a_certificates_number(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        card = _enforcement(WORKER, kind="special_operation", number="T11010519491231002X", scope="welding")
        for _ in range(2):
            kept = await http.put("/certificates", json=[{"id": str(UUID(int=501)), **card}])
        assert kept.json()["changed"] == 0, "what is sent again is the same"
        alike = await http.put(f"/certificates/{uuid4()}", json={**card, "person_id": str(MANAGER.id)})
        assert (alike.status_code, alike.json()["number"]) == (200, HIDDEN)
        await platform.settle()
        everything = str([fact.model_dump(mode="json") for fact in platform.events()])
        everything += str(await platform.rows("registry", "select to_jsonb(c)::text from certificates c"))
        assert HIDDEN in everything
        assert "1101051949" not in everything


async def test_an_expiry_is_told_once_on_the_day_after_the_last_one(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        short = _enforcement(valid_to=str(TODAY))
        assert (await http.put(f"/certificates/{LICENCE}", json=short)).json()["standing"] == "valid"
        platform.travel(hours=14, minutes=59)
        await platform.settle()
        assert platform.events(CertificateExpired) == [], "the last day itself is valid"
        platform.travel(minutes=1)
        for _ in range(2):
            await platform.settle(redeliver=3)
        [told] = platform.events(CertificateExpired)
        assert told.model_dump(mode="json")["certificate_id"] == str(LICENCE)
        async with platform.client("registry", OFFICER) as own:
            assert (await own.get(f"/certificates/{LICENCE}")).json()["standing"] == "expired"
        async with platform.client("registry", OPERATOR) as later:
            renewed = await later.put(f"/certificates/{LICENCE}", json=_enforcement(valid_to="2026-10-02"))
            assert renewed.json()["standing"] == "valid"
        platform.travel(days=3)
        await platform.settle()
        assert len(platform.events(CertificateExpired)) == 2, "a renewed one may expire again"


async def test_the_newest_certificate_is_told_on_the_day_it_begins(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        following = _enforcement(number="F-new", valid_from="2026-10-01", valid_to="2031-12-31")
        assert (await http.put(f"/certificates/{uuid4()}", json=following)).json()["standing"] == "not_yet_valid"
        await platform.settle()
        assert _last_days(platform)[-1] == date(2026, 12, 31)
        platform.travel(days=1)
        await platform.settle(redeliver=3)
        assert _last_days(platform) == [None, date(2026, 12, 31), date(2031, 12, 31)]


async def test_the_database_says_what_the_rule_says_of_every_certificate(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_officers(platform)
        near = [TODAY + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]
        rows = [
            Certificate(
                id=uuid4(),
                area_code=COUNTY,
                person_id=OFFICER.id,
                kind=CertificateKind.EVALUATOR,
                number=str(uuid4()),
                issuer="County",
                valid_from=begin,
                valid_to=end,
                status=status,
            )
            for status in CertificateStatus
            for begin in near
            for end in (*near, None)
            if end is None or begin <= end
        ]
        async with platform.service("registry").database.transaction() as tx:
            tx.add_all(rows)
            await tx.flush()
            for worth in Standing:
                found = {row.id for row in await _scalars(tx, worth)} - {LICENCE}
                assert found == {row.id for row in rows if standing(row, TODAY) is worth}, worth
                assert found


async def _scalars(tx: Any, worth: Standing) -> Any:
    return await tx.scalars(select(Certificate).where(stands(worth, TODAY)))


async def test_certificates_are_seen_by_holder_party_and_supervisors_and_listed_by_their_worth(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await _with_officers(platform)
        soon, over = UUID(int=510), UUID(int=511)
        async with platform.client("registry", OPERATOR) as http:
            card = _enforcement(MANAGER, kind="safety_manager", number="M-1", valid_to="2026-10-31")
            past = _enforcement(WORKER, kind="special_operation", number="W-1", valid_to="2026-09-29")
            listed = [{"id": str(soon), **card}, {"id": str(over), **past}]
            assert (await http.put("/certificates", json=listed)).status_code == 200
            await http.post(f"/certificates/{LICENCE}/suspend", json={"reason": "Gifts."})

        async def seen(who: Actor, **asked: Any) -> set[UUID]:
            async with platform.client("registry", who) as http:
                answer = await http.get("/certificates", params=asked)
                assert answer.status_code == 200, answer.text
                return {UUID(line["id"]) for line in answer.json()["items"]}

        for who, shown in {
            OPERATOR: {LICENCE, soon, over},
            OFFICER: {LICENCE, soon, over},
            SECOND: {LICENCE, soon, over},
            TOWN_CLERK: {soon, over},
            COMMITTEE: {soon, over},
            MANAGER: {soon, over},
            WORKER: {over},
            BAKER: set[UUID](),
            VOLUNTEER: set[UUID](),
        }.items():
            assert await seen(who) == shown, who
            async with platform.client("registry", who) as http:
                for each in (LICENCE, soon, over):
                    assert (await http.get(f"/certificates/{each}")).status_code == (200 if each in shown else 404)
        assert await seen(OPERATOR, standing="expiring") == {soon}
        assert await seen(OPERATOR, standing="expired") == {over}
        assert await seen(OPERATOR, standing="suspended") == {LICENCE}
        assert await seen(OPERATOR, party_id=str(MILL), standing="expired") == {over}
        assert await seen(OPERATOR, party_id=str(EMERGENCY), standing="expired") == set()
        assert await seen(OPERATOR, area=TOWN) == {soon, over}
        assert await seen(OPERATOR, kind="enforcement") == {LICENCE}
        assert await seen(TOWN_CLERK, person_id=str(OFFICER.id)) == set()
        for who, told in ((OPERATOR, True), (OFFICER, True), (SECOND, False), (HEAD, False)):
            async with platform.client("registry", who) as http:
                line = (await http.get(f"/certificates/{LICENCE}")).json()
                assert ("reason" in line) is told, who
                assert line["standing"] == "suspended"
        async with platform.client("registry") as nobody:
            assert (await nobody.get("/certificates")).status_code == 401


async def test_shortfalls_of_training_are_shown_to_those_who_can_help(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)

        def course(who: Actor, hours: float, **more: Any) -> dict[str, Any]:
            held = {"person_id": str(who.id), "course": "Dust", "held_on": "2026-05-05", "hours": hours, **more}
            return {"id": str(uuid4()), **held}

        records = [
            course(OFFICER, 40, passed=True, score=91),
            course(OFFICER, 15),
            course(OFFICER, 20, passed=False, score=41),
            course(OFFICER, 90, held_on="2025-12-31"),
            course(SECOND, 60),
            course(MANAGER, 12),
        ]
        assert (await http.put("/training", json=records)).json() == {"received": 6, "changed": 6}
        ahead = await http.put(f"/training/{uuid4()}", json={**course(OFFICER, 1, held_on="2026-10-01")} | {"id": None})
        assert ahead.status_code == 422
        ahead = await http.put("/training", json=[course(OFFICER, 1, held_on="2026-10-01")])
        assert slug(ahead) == "date-ahead"
        await platform.settle(redeliver=3)
        assert len(platform.events(TrainingRecorded)) == 6

        async def lacking(who: Actor, **asked: Any) -> dict[str, float]:
            async with platform.client("registry", who) as own:
                items = (await own.get("/training/shortfalls", params=asked)).json()["items"]
                return {line["name"]: line["missing_hours"] for line in items}

        everybody = {"Head": 60.0, "Officer": 5.0, "Town clerk": 40.0}
        assert await lacking(OPERATOR) == everybody
        assert list(await lacking(OPERATOR)) == sorted(everybody), "by name, which ranks nobody"
        assert await lacking(HEAD) == {"Head": 60.0, "Officer": 5.0}
        assert await lacking(OFFICER) == {"Officer": 5.0}
        assert await lacking(SECOND) == await lacking(MANAGER) == await lacking(COMMITTEE) == {}
        assert await lacking(OPERATOR, party_id=str(EMERGENCY), year=2025) == {"Head": 60.0, "Second officer": 60.0}
        async with platform.client("registry", SECOND) as own:
            assert len((await own.get("/training")).json()["items"]) == 1
            assert (await own.get(f"/training?person_id={OFFICER.id}")).json()["items"] == []
        async with platform.client("registry", HEAD) as own:
            assert len((await own.get("/training", params={"year": 2026})).json()["items"]) == 4


async def test_staffing_counts_members_with_a_certificate_that_is_valid_today(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_officers(platform)
        await http.put(f"/certificates/{uuid4()}", json=_enforcement(SECOND, valid_to=str(TODAY - timedelta(days=1))))
        await http.put(f"/certificates/{uuid4()}", json=_enforcement(HEAD, valid_from="2026-10-01"))
        await http.put(f"/certificates/{uuid4()}", json=_enforcement(MANAGER, number="not an officer's"))
        for _ in range(2):
            assert (await http.put(f"/people/staffing/{EMERGENCY}", json={"required": 3})).status_code == 200
        mill = await http.put(f"/people/staffing/{MILL}", json={"required": 3})
        assert mill.status_code == 404
        await platform.settle()
        assert len(platform.events(StaffingRequired)) == 1

        async def staffed(who: Actor) -> dict[UUID, tuple[Any, ...]]:
            async with platform.client("registry", who) as own:
                items = (await own.get("/people/staffing")).json()["items"]
                return {UUID(each["party_id"]): (each["required"], each["in_post"], each["missing"]) for each in items}

        everywhere = {EMERGENCY: (3, 1, 2), FIRE: (None, 0, None), TOWN_HALL: (None, 0, None)}
        assert await staffed(OPERATOR) == await staffed(COMMITTEE) == everywhere
        assert await staffed(OFFICER) == {EMERGENCY: (3, 1, 2)}
        assert await staffed(TOWN_CLERK) == {TOWN_HALL: (None, 0, None)}
        async with platform.client("registry", MANAGER) as own:
            assert slug(await own.get("/people/staffing")) == "role-may-not"
        platform.travel(days=1)
        assert (await staffed(OFFICER))[EMERGENCY] == (3, 2, 1), "the head's certificate has begun"
        async with platform.client("registry", OPERATOR) as later:
            assert (await later.put(f"/people/staffing/{EMERGENCY}", json={"required": None})).status_code == 200
        assert (await staffed(OFFICER))[EMERGENCY] == (None, 2, None)
