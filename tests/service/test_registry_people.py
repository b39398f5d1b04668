"""People and memberships: who acts as what, told once, known to those who must know."""

from uuid import UUID, uuid4

from registry_county import (
    COUNTY,
    EMERGENCY,
    FIRE,
    MILL,
    OFFICER,
    OPERATOR,
    TOWN,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.testing import OpenPlatform, Platform

LI = {
    "name": "李",
    "language": "zh",
    "area_code": COUNTY,
    "email": "li@example.org",
    "certificate_no": "F-1",
    "certificate_valid_to": "2027-12-31",
}
ADA = {"name": "Ada", "language": "en", "area_code": TOWN}
DESK = {"person_id": str(OFFICER.id), "party_id": str(EMERGENCY), "role": "authority.officer", "area_code": COUNTY}
MEMBERSHIP = UUID(int=300)


async def _with_people(platform: Platform) -> None:
    await settle_in(platform)
    async with platform.client("registry", OPERATOR) as http:
        people = [{"id": str(OFFICER.id), **LI}, {"id": str(VOLUNTEER.id), **ADA}]
        assert (await http.put("/people", json=people)).json() == {"received": 2, "changed": 2}
        assert (await http.put(f"/memberships/{MEMBERSHIP}", json=DESK)).json() == {
            "id": str(MEMBERSHIP),
            **DESK,
            "revoked": False,
        }


async def test_people_and_memberships_are_told_once_with_their_whole_state(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        assert (await http.put(f"/people/{OFFICER.id}", json=LI)).status_code == 200
        assert (await http.put("/memberships", json=[{"id": str(MEMBERSHIP), **DESK}])).json()["changed"] == 0
        await platform.settle(redeliver=3)
        [li, _] = platform.events(PersonRegistered)
        assert li.model_dump(mode="json", exclude={"at"}) == {"person_id": str(OFFICER.id), **LI}
        [granted] = platform.events(MembershipGranted)
        assert granted.model_dump(mode="json", exclude={"at"}) == {"membership_id": str(MEMBERSHIP), **DESK}

        renewed = await http.put(f"/people/{OFFICER.id}", json={**LI, "certificate_valid_to": "2030-12-31"})
        assert renewed.json()["certificate_valid_to"] == "2030-12-31"
        await platform.settle()
        assert len(platform.events(PersonRegistered)) == 3


async def test_a_revoked_membership_is_told_once_and_stays_revoked(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        for _ in range(2):
            assert (await http.delete(f"/memberships/{MEMBERSHIP}")).status_code == 204
        await platform.settle(redeliver=3)
        [revoked] = platform.events(MembershipRevoked)
        assert revoked.model_dump(mode="json", exclude={"at"}) == {"membership_id": str(MEMBERSHIP), **DESK}
        again = await http.put("/memberships", json=[{"id": str(uuid4()), **DESK}, {"id": str(MEMBERSHIP), **DESK}])
        assert (again.status_code, slug(again), again.json()["index"]) == (409, "membership-revoked", 1)
        assert (await http.put(f"/memberships/{uuid4()}", json=DESK)).status_code == 200
        assert (await http.delete(f"/memberships/{uuid4()}")).status_code == 404


async def test_a_membership_joins_a_person_and_a_party_that_exist_and_fit(services_here: OpenPlatform) -> None:
    faults = {
        "unknown-person": {"person_id": str(uuid4())},
        "unknown-party": {"party_id": str(uuid4())},
        "unknown-area": {"area_code": "999909"},
        "role-does-not-fit-party": {"role": "agency"},
    }
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        for told, change in faults.items():
            asks = [{"id": str(uuid4()), **DESK}, {"id": str(uuid4()), **DESK, **change}]
            answer = await http.put("/memberships", json=asks)
            assert (answer.status_code, slug(answer), answer.json()["index"]) == (422, told, 1)
        alone = {**DESK, "party_id": None}
        assert slug(await http.put(f"/memberships/{uuid4()}", json=alone)) == "role-does-not-fit-party"
        assert (await http.put(f"/memberships/{uuid4()}", json={**alone, "role": "volunteer"})).status_code == 200
        works = {**DESK, "party_id": str(MILL), "role": "enterprise.worker", "area_code": TOWN}
        assert (await http.put(f"/memberships/{uuid4()}", json=works)).status_code == 200
        assert (await http.put(f"/people/{uuid4()}", json={**ADA, "email": "no address"})).status_code == 422


async def test_a_person_is_shown_to_an_operator_and_to_themself_only(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_people(platform)
        for who, status in {OPERATOR: 200, OFFICER: 200, VOLUNTEER: 404, WORKER: 404, None: 401}.items():
            async with platform.client("registry", who) as http:
                answer = await http.get(f"/people/{OFFICER.id}")
                assert answer.status_code == status
                if status == 200:
                    assert answer.json() == {"id": str(OFFICER.id), **LI}


async def test_officers_find_their_own_colleagues_without_their_private_data(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OFFICER) as officer:
        await _with_people(platform)
        found = await officer.get("/people", params={"party_id": str(EMERGENCY)})
        line = {"id": str(OFFICER.id), "name": "李", "certificate_valid_to": "2027-12-31"}
        assert found.json() == {"items": [line], "next": None}
        elsewhere = await officer.get("/people", params={"party_id": str(FIRE)})
        assert (elsewhere.status_code, slug(elsewhere)) == (403, "own-colleagues-only")
        async with platform.client("registry", OPERATOR) as operator:
            assert (await operator.get("/people", params={"party_id": str(FIRE)})).json()["items"] == []
            await operator.delete(f"/memberships/{MEMBERSHIP}")
        async with platform.client("registry", WORKER) as worker:
            assert (await worker.get("/people", params={"party_id": str(MILL)})).status_code == 403
        assert (await officer.get("/people", params={"party_id": str(EMERGENCY)})).json()["items"] == []
