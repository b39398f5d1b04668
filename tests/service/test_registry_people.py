"""People and memberships: who acts as what, told once, seen by those who must, named by those who may."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from registry_county import (
    AUDITOR,
    BAKER,
    BAKERY,
    COUNTY,
    EMERGENCY,
    FIRE,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    TOWN,
    TOWN_CLERK,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.testing import OpenPlatform, Platform

LI = {
    "name": "李",
    "language": "zh",
    "area_code": COUNTY,
    "email": "li@example.org",
    "phone": "+86 471 555 0101",
    "state": "active",
}
ADA = {"name": "Ada", "language": "en", "area_code": TOWN}
TERM = {"valid_from": None, "valid_to": None}
DESK = {
    "person_id": str(OFFICER.id),
    "party_id": str(EMERGENCY),
    "role": "authority.officer",
    "area_code": COUNTY,
    **TERM,
}
MEMBERSHIP = UUID(int=300)
HEAD = Actor(UUID(int=20), "authority.head", EMERGENCY, COUNTY, "en", "Head")
OTHER_HEAD = Actor(UUID(int=21), "authority.head", EMERGENCY, COUNTY, "en", "Other head")
PRINCIPAL = Actor(UUID(int=22), "enterprise.principal", MILL, TOWN, "en", "Principal")
SECOND = Actor(UUID(int=23), "authority.officer", EMERGENCY, COUNTY, "en", "Second officer")
CERTIFICATE = {"certificate_no": None, "certificate_valid_to": None}


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


async def _with_everybody(platform: Platform) -> None:
    """Give each of the actors the person and the membership that they speak as."""
    await _with_people(platform)
    everybody = (HEAD, OTHER_HEAD, PRINCIPAL, SECOND, MANAGER, WORKER, BAKER, TOWN_CLERK)
    people = [
        {"id": str(who.id), "name": who.name, "area_code": who.area_code, "email": f"{who.id.int}@example.org"}
        for who in everybody
    ]
    memberships = [{"id": str(UUID(int=400 + who.id.int)), **_membership(who)} for who in everybody]
    async with platform.client("registry", OPERATOR) as http:
        assert (await http.put("/people", json=people)).status_code == 200
        assert (await http.put("/memberships", json=memberships)).status_code == 200


def _membership(who: Actor, **changes: Any) -> dict[str, Any]:
    party = str(who.party_id) if who.party_id else None
    return {"person_id": str(who.id), "party_id": party, "role": who.role, "area_code": who.area_code, **changes}


async def test_people_and_memberships_are_told_once_with_their_whole_state(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        assert (await http.put(f"/people/{OFFICER.id}", json=LI)).status_code == 200
        assert (await http.put("/memberships", json=[{"id": str(MEMBERSHIP), **DESK}])).json()["changed"] == 0
        await platform.settle(redeliver=3)
        [li, _] = platform.events(PersonRegistered)
        told = {name: said for name, said in LI.items() if name not in {"phone", "state"}}
        assert li.model_dump(mode="json", exclude={"at"}) == {
            "person_id": str(OFFICER.id),
            **told,
            **CERTIFICATE,
            "active": True,
        }, "the telephone stays here"
        [granted] = platform.events(MembershipGranted)
        assert granted.model_dump(mode="json", exclude={"at"}) == {"membership_id": str(MEMBERSHIP), **DESK}

        moved = await http.put(f"/people/{OFFICER.id}", json={**LI, "phone": None})
        assert moved.json() == {"id": str(OFFICER.id), **LI, "phone": None, **CERTIFICATE}
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
        "ends-before-it-begins": {"valid_from": "2026-10-02", "valid_to": "2026-10-01"},
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "no address"}, "invalid-request"),
        ({"phone": "call me"}, "invalid-request"),
        ({"phone": "1"}, "invalid-request"),
        ({"state": "dead"}, "invalid-request"),
        ({"registered_by": str(MILL)}, "invalid-request"),
        ({"certificate_no": "F-1"}, "invalid-request"),
        ({"name": "Ada 11010519491231002X"}, "identity-number-not-kept"),
    ],
)
async def test_what_may_not_stand_in_the_register_is_refused(
    services_here: OpenPlatform, change: dict[str, str], told: str
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        answer = await http.put(f"/people/{VOLUNTEER.id}", json={**ADA, **change})
        assert (answer.status_code, slug(answer)) == (422, told)
        assert (await http.get(f"/people/{VOLUNTEER.id}")).json()["name"] == "Ada"


async def test_what_is_seen_of_a_person_depends_on_who_looks(services_here: OpenPlatform) -> None:
    """§7.3, ASVS 8.2.3: the person and the operator see all, those who must reach them the addresses, others a name."""
    whole = {"id", *LI, *CERTIFICATE}
    contact = {"id", "name", "email", "phone", "certificate_valid_to"}
    colleague = {"id", "name", "certificate_valid_to"}
    seen: dict[tuple[UUID, Actor], set[str] | None] = {
        (OFFICER.id, OPERATOR): whole,
        (OFFICER.id, OFFICER): whole,
        (OFFICER.id, HEAD): contact,
        (OFFICER.id, SECOND): colleague,
        (OFFICER.id, TOWN_CLERK): None,
        (OFFICER.id, MANAGER): None,
        (OFFICER.id, VOLUNTEER): None,
        (VOLUNTEER.id, VOLUNTEER): whole,
        (VOLUNTEER.id, HEAD): None,
        (VOLUNTEER.id, PRINCIPAL): None,
        (WORKER.id, PRINCIPAL): contact,
        (WORKER.id, MANAGER): contact,
        (WORKER.id, WORKER): whole,
        (WORKER.id, TOWN_CLERK): None,
        (MANAGER.id, WORKER): None,
        (MANAGER.id, TOWN_CLERK): contact,
        (MANAGER.id, SECOND): contact,
        (MANAGER.id, BAKER): None,
        (MANAGER.id, AUDITOR): None,
        (BAKER.id, TOWN_CLERK): None,
        (BAKER.id, HEAD): contact,
    }
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        for (person, who), fields in seen.items():
            async with platform.client("registry", who) as http:
                answer = await http.get(f"/people/{person}")
                assert answer.status_code == (404 if fields is None else 200), (person, who)
                listed = {line["id"]: line for line in (await http.get("/people?limit=500")).json()["items"]}
                assert (set(answer.json()) if fields else None) == fields, (person, who)
                assert listed.get(str(person)) == (answer.json() if fields else None), "a list shows the same"
        async with platform.client("registry") as nobody:
            assert (await nobody.get("/people")).status_code == 401
            assert (await nobody.get(f"/people/{OFFICER.id}")).status_code == 401


async def test_a_list_of_another_party_is_empty_and_counts_nobody(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        for who, party, shown in (
            (OFFICER, EMERGENCY, {OFFICER.id, SECOND.id, HEAD.id, OTHER_HEAD.id}),
            (OFFICER, FIRE, set[UUID]()),
            (WORKER, MILL, {WORKER.id}),
            (BAKER, MILL, set()),
            (TOWN_CLERK, BAKERY, set()),
            (TOWN_CLERK, MILL, {PRINCIPAL.id, MANAGER.id}),
        ):
            async with platform.client("registry", who) as http:
                page = (await http.get("/people", params={"party_id": str(party)})).json()
                assert {UUID(line["id"]) for line in page["items"]} == shown, (who, party)
                assert page["next"] is None
        async with platform.client("registry", OFFICER) as http:
            first = (await http.get("/people", params={"party_id": str(EMERGENCY), "limit": 3})).json()
            rest = (
                await http.get("/people", params={"party_id": str(EMERGENCY), "limit": 3, "after": first["next"]})
            ).json()
            assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 1, None)


async def test_memberships_are_listed_to_the_person_the_own_head_and_the_operator(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        async with platform.client("registry", OPERATOR) as http:
            await http.delete(f"/memberships/{UUID(int=400 + SECOND.id.int)}")
            everybody = (await http.get("/memberships")).json()["items"]
            assert len(everybody) == 8
            assert len((await http.get("/memberships?ended=true")).json()["items"]) == 9
        for who, shown in (
            (OFFICER, {OFFICER.id}),
            (HEAD, {OFFICER.id, HEAD.id, OTHER_HEAD.id}),
            (PRINCIPAL, {PRINCIPAL.id, MANAGER.id, WORKER.id}),
            (SECOND, set[UUID]()),
            (MANAGER, {MANAGER.id}),
        ):
            async with platform.client("registry", who) as http:
                lines = (await http.get("/memberships")).json()["items"]
                assert {UUID(line["person_id"]) for line in lines} == shown, who
                assert (await http.get(f"/memberships?party_id={BAKERY}")).json()["items"] == []
                assert (await http.get(f"/memberships?person_id={BAKER.id}")).json()["items"] == []


async def test_a_principal_names_and_removes_the_own_managers_and_workers(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", PRINCIPAL) as http:
        await _with_everybody(platform)
        new, office = uuid4(), uuid4()
        eve = {"name": "Eve", "area_code": TOWN, "phone": "13800138000"}
        works = {"person_id": str(new), "party_id": str(MILL), "role": "enterprise.worker", "area_code": TOWN}
        assert (await http.put(f"/people/{new}", json=eve)).status_code == 200
        assert (await http.put(f"/memberships/{office}", json=works)).status_code == 200
        raised = await http.put(f"/memberships/{office}", json={**works, "role": "enterprise.manager"})
        assert raised.json()["role"] == "enterprise.manager"
        assert (await http.put(f"/people/{new}", json={**eve, "name": "Eva"})).json()["name"] == "Eva"
        assert (await http.delete(f"/memberships/{office}")).status_code == 204
        assert (await http.delete(f"/memberships/{UUID(int=400 + WORKER.id.int)}")).status_code == 204
        anew = await http.put(f"/memberships/{uuid4()}", json=_membership(WORKER))
        assert anew.status_code == 200, "who once worked here may be named again"
        await platform.settle()
        assert len(platform.events(MembershipRevoked)) == 2


async def test_a_head_names_nobody_above_outside_or_unknown(services_here: OpenPlatform) -> None:
    mine = {"party_id": str(EMERGENCY), "role": "authority.officer", "area_code": COUNTY}
    refused: list[tuple[Actor, dict[str, Any], int, str]] = [
        (HEAD, {**mine, "person_id": str(OFFICER.id), "role": "authority.head"}, 403, "role-not-yours-to-give"),
        (HEAD, {**mine, "person_id": str(OFFICER.id), "role": "operator"}, 403, "role-not-yours-to-give"),
        (HEAD, {**mine, "person_id": str(OFFICER.id), "role": "authority"}, 403, "role-not-yours-to-give"),
        (HEAD, {**mine, "person_id": str(OFFICER.id), "party_id": str(FIRE)}, 403, "another-party"),
        (HEAD, {**mine, "person_id": str(OFFICER.id), "party_id": None}, 403, "another-party"),
        (HEAD, {**mine, "person_id": str(OFFICER.id), "area_code": "999902"}, 403, "outside-your-area"),
        (HEAD, {**mine, "person_id": str(WORKER.id)}, 422, "unknown-person"),
        (HEAD, {**mine, "person_id": str(uuid4())}, 422, "unknown-person"),
        (PRINCIPAL, _membership(WORKER, role="enterprise.principal"), 403, "role-not-yours-to-give"),
        (PRINCIPAL, _membership(WORKER, role="authority.officer"), 403, "role-not-yours-to-give"),
        (PRINCIPAL, _membership(WORKER, area_code=OTHER_TOWN), 403, "outside-your-area"),
        (PRINCIPAL, _membership(WORKER, person_id=str(OFFICER.id)), 422, "unknown-person"),
        (PRINCIPAL, _membership(WORKER, party_id=str(BAKERY)), 403, "another-party"),
        (MANAGER, _membership(WORKER), 403, "role-may-not"),
        (OFFICER, _membership(SECOND), 403, "role-may-not"),
        (VOLUNTEER, _membership(VOLUNTEER), 403, "role-may-not"),
    ]
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        for who, ask, status, told in refused:
            async with platform.client("registry", who) as http:
                answer = await http.put(f"/memberships/{uuid4()}", json=ask)
                assert (answer.status_code, slug(answer)) == (status, told), (who, ask)
        async with platform.client("registry", HEAD) as http:
            raised = await http.put(f"/memberships/{UUID(int=400 + OTHER_HEAD.id.int)}", json=_membership(SECOND))
            assert slug(raised) == "role-not-yours-to-give", "whom one may not name one may not lower either"
            taken = await http.put(f"/memberships/{UUID(int=400 + WORKER.id.int)}", json=_membership(SECOND))
            assert taken.status_code == 404
        await platform.settle()
        assert len(platform.events(MembershipGranted)) == 9, "nothing was half done"


async def test_a_head_corrects_only_people_whom_the_own_party_registered(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        new = uuid4()
        async with platform.client("registry", PRINCIPAL) as http:
            assert (await http.put(f"/people/{new}", json={"name": "Eve", "area_code": TOWN})).status_code == 200
            for person in (OFFICER.id, WORKER.id, PRINCIPAL.id):
                taken = await http.put(f"/people/{person}", json={"name": "Mallory", "area_code": TOWN})
                assert taken.status_code == 404, "whom the operator registered the operator corrects"
            far = await http.put(f"/people/{uuid4()}", json={"name": "Far", "area_code": OTHER_TOWN})
            assert slug(far) == "outside-your-area"
        async with platform.client("registry", BAKER) as http:
            assert (await http.put(f"/people/{new}", json={"name": "M", "area_code": OTHER_TOWN})).status_code == 404
        async with platform.client("registry", OPERATOR) as http:
            alone = {"person_id": str(new), "party_id": None, "role": "volunteer", "area_code": TOWN}
            assert (await http.put(f"/memberships/{uuid4()}", json=alone)).status_code == 200
        async with platform.client("registry", PRINCIPAL) as http:
            answer = await http.put(f"/people/{new}", json={"name": "Eve", "area_code": TOWN, "state": "left"})
            assert answer.status_code == 404, "who acts elsewhere too is not one party's to change"


async def test_the_last_head_stays_and_of_two_who_go_at_once_one_does(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        own = {who: f"/memberships/{UUID(int=400 + who.id.int)}" for who in (HEAD, OTHER_HEAD, PRINCIPAL)}
        async with platform.client("registry", PRINCIPAL) as http:
            alone = await http.delete(own[PRINCIPAL])
            assert (alone.status_code, slug(alone)) == (409, "last-head")
        async with platform.client("registry", HEAD) as http:
            other = await http.delete(own[OTHER_HEAD])
            assert (other.status_code, slug(other)) == (403, "role-not-yours-to-give")
            assert (await http.delete(own[PRINCIPAL])).status_code == 404
        async with platform.client("registry", HEAD) as one, platform.client("registry", OTHER_HEAD) as two:
            answers = await asyncio.gather(one.delete(own[HEAD]), two.delete(own[OTHER_HEAD]))
        assert sorted(answer.status_code for answer in answers) == [204, 409]
        async with platform.client("registry", OPERATOR) as http:
            for membership in own.values():
                assert (await http.delete(membership)).status_code == 204, "the operator may end any"


async def test_whoever_left_acts_for_nobody_any_more(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await _with_people(platform)
        for _ in range(2):
            assert (await http.put(f"/people/{OFFICER.id}", json={**LI, "state": "left"})).status_code == 200
        assert slug(await http.put(f"/memberships/{uuid4()}", json=DESK)) == "person-left"
        await platform.settle(redeliver=3)
        [ended] = platform.events(MembershipRevoked)
        assert ended.model_dump(mode="json")["membership_id"] == str(MEMBERSHIP)
        assert [fact.model_dump()["active"] for fact in platform.events(PersonRegistered)] == [True, True, False]


async def test_a_term_that_is_over_is_told_once_and_counts_nowhere_before_it_is_told(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await _with_everybody(platform)
        tomorrow, today = "2026-10-01", "2026-09-30"
        async with platform.client("registry", OPERATOR) as http:
            short = {**_membership(SECOND), "valid_from": today, "valid_to": today}
            assert (await http.put(f"/memberships/{UUID(int=400 + SECOND.id.int)}", json=short)).status_code == 200
            later = {**_membership(OTHER_HEAD), "valid_from": tomorrow, "valid_to": None}
            await http.put(f"/memberships/{UUID(int=400 + OTHER_HEAD.id.int)}", json=later)
        await platform.settle()
        assert platform.events(MembershipRevoked) == []

        async def colleagues() -> set[UUID]:
            async with platform.client("registry", HEAD) as http:
                page = (await http.get("/people", params={"party_id": str(EMERGENCY)})).json()
                return {UUID(line["id"]) for line in page["items"]}

        assert await colleagues() == {OFFICER.id, HEAD.id, SECOND.id}
        platform.travel(hours=14, minutes=59)
        assert await colleagues() == {OFFICER.id, HEAD.id, SECOND.id}, "the whole last day, by the county's clock"
        platform.travel(minutes=1)
        assert await colleagues() == {OFFICER.id, HEAD.id, OTHER_HEAD.id}, "no worker ran"
        await platform.settle(redeliver=3)
        [ended] = platform.events(MembershipRevoked)
        assert ended.model_dump(mode="json")["person_id"] == str(SECOND.id)
