"""Letters of delegation: who may write them, that they bind only once published, and how they end."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from registry_county import (
    AUDITOR,
    COUNTY,
    EMERGENCY,
    FIRE,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    TOWN,
    TOWN_CLERK,
    TOWN_HALL,
    VOLUNTEER,
    settle_in,
    slug,
)

from services.registry.delegations.workers import expire_letters
from shared.auth import Actor
from shared.contracts import registry as facts
from shared.testing import START, OpenPlatform, Platform

BRIGADE = UUID(int=110)
HEAD = Actor(UUID(int=21), "authority.head", EMERGENCY, COUNTY, "en", "Head")
DESK = Actor(UUID(int=22), "authority.desk", EMERGENCY, COUNTY, "en", "Desk")
FIRE_HEAD = Actor(UUID(int=23), "authority.head", FIRE, COUNTY, "en", "Head of Fire")
BRIGADIER = Actor(UUID(int=24), "delegate", BRIGADE, TOWN, "en", "Brigadier")
OTHER_CLERK = Actor(UUID(int=25), "township", UUID(int=199), OTHER_TOWN, "en", "Clerk of another town")
TODAY = START.date()
DAY = timedelta(days=1)
PUBLISHED = {"publication_url": "https://county.example/letters/1"}


def letter(**changes: Any) -> dict[str, Any]:
    given = {
        "authority_id": str(EMERGENCY),
        "delegate_id": str(BRIGADE),
        "kind": "entrusted",
        "powers": ["order", "confirm"],
        "categories": ["dust"],
        "industries": ["C13"],
        "area_code": TOWN,
        "valid_from": str(TODAY),
        "valid_to": str(TODAY + 30 * DAY),
        "letter_no": "应急委〔2026〕1号",
        "conditions": "Reports monthly.",
        "evaluations": [str(TODAY + 15 * DAY)],
        "lawfully_established": True,
        "certified_staff": True,
        "technical_means": True,
    }
    return {**given, **changes}


async def begin(platform: Platform) -> None:
    await settle_in(platform)
    brigade = {"kind": "delegate", "name_zh": "东镇执法大队", "area_code": TOWN}
    rules = [
        {"id": str(uuid4()), "by": by, "key": key, "authority_id": str(authority), "area_code": COUNTY}
        for by, key, authority in (("industry", "C", EMERGENCY), ("category", "fire", FIRE))
    ]
    async with platform.client("registry", OPERATOR) as http:
        assert (await http.put(f"/parties/{BRIGADE}", json=brigade)).status_code == 200
        assert (await http.put("/competence", json=rules)).status_code == 200


async def drafted(http: httpx.AsyncClient, **changes: Any) -> str:
    address = f"/delegations/{uuid4()}"
    answer = await http.put(address, json=letter(**changes))
    assert answer.status_code == 200, answer.text
    return address


async def published(http: httpx.AsyncClient, **changes: Any) -> str:
    address = await drafted(http, **changes)
    answer = await http.post(f"{address}/publish", json=PUBLISHED)
    assert answer.status_code == 200, answer.text
    return address


async def test_a_letter_binds_nobody_before_it_is_published_and_then_tells_its_whole_state(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await begin(platform)
        async with platform.client("registry", HEAD) as http, platform.client("registry") as anyone:
            address = await drafted(http)
            assert (await http.put(address, json=letter())).json()["state"] == "draft"
            assert (await anyone.get("/delegations")).json()["items"] == []
            assert (await anyone.get(address)).status_code == 404
            for unpublished in ({}, {"publication_url": ""}, {"publication_url": "in the hall"}):
                assert (await http.post(f"{address}/publish", json=unpublished)).status_code == 422
            told = (await http.post(f"{address}/publish", json=PUBLISHED)).json()
            assert (told["state"], told["in_force"], told["offers"]) == ("published", True, ["suspend", "revoke"])
            [shown] = (await anyone.get("/delegations")).json()["items"]
            assert shown == (await anyone.get(address)).json()
            assert {"conditions", "supervisor_id", "state"}.isdisjoint(shown)
            again = await http.put(address, json=letter(letter_no="2"))
            assert (again.status_code, slug(again)) == (409, "not-a-draft")
            assert (await http.put(address, json=letter())).json()["state"] == "published"
        await platform.settle(redeliver=3)
        [fact] = platform.events(facts.DelegationPublished)
        said = fact.model_dump(mode="json", include={*letter(), "publication_url", "state"})
        kept = {name: value for name, value in letter().items() if name in said}
        assert said == {**kept, **PUBLISHED, "powers": ["confirm", "order"], "state": "published"}


async def test_only_who_has_a_power_gives_it_away(services_here: OpenPlatform) -> None:
    faults = [
        ({"categories": ["fire"]}, "power-not-held"),
        ({"industries": ["B"]}, "power-not-held"),
        ({"authority_id": str(TOWN_HALL)}, "no-sub-delegation"),
        ({"authority_id": str(BRIGADE)}, "no-sub-delegation"),
        ({"authority_id": str(uuid4())}, "not-an-authority"),
        ({"delegate_id": str(FIRE)}, "delegate-kind"),
        ({"kind": "assigned"}, "delegate-kind"),
        ({"delegate_id": str(uuid4())}, "delegate-kind"),
        ({"area_code": "999901009"}, "unknown-area"),
        ({"valid_to": str(TODAY + 6 * 366 * DAY)}, "term-too-long"),
        ({"basis_ids": [str(uuid4())]}, "unknown-basis"),
        ({"supervisor_id": str(uuid4())}, "unknown-person"),
    ]
    async with services_here("registry") as platform:
        await begin(platform)
        async with platform.client("registry", OPERATOR) as http:
            for changes, told in faults:
                answer = await http.put(f"/delegations/{uuid4()}", json=letter(**changes))
                assert (answer.status_code, slug(answer)) == (422, told), answer.text
            address = await drafted(http)
        assert await platform.rows("registry", "select state from delegations") == [{"state": "draft"}]
        refusals = {
            FIRE_HEAD: "not-your-delegation",
            OFFICER: "role-may-not",
            BRIGADIER: "role-may-not",
            TOWN_CLERK: "role-may-not",
        }
        for who, told in refusals.items():
            async with platform.client("registry", who) as http:
                answer = await http.put(f"/delegations/{uuid4()}", json=letter())
                assert (answer.status_code, slug(answer)) == (403, told)
        for who in (OPERATOR, DESK, FIRE_HEAD, BRIGADIER):
            async with platform.client("registry", who) as http:
                answer = await http.post(f"{address}/publish", json=PUBLISHED)
                assert answer.status_code == 403, (who, answer.text)
        async with platform.client("registry", FIRE_HEAD) as http:
            stolen = await http.put(address, json=letter(authority_id=str(FIRE), categories=["fire"], industries=[]))
            assert (stolen.status_code, slug(stolen)) == (403, "not-your-delegation")


async def test_what_an_authority_lost_meanwhile_it_cannot_publish(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await begin(platform)
        async with platform.client("registry", HEAD) as http, platform.client("registry", OPERATOR) as operator:
            address = await drafted(http)
            unlawful = await drafted(http, technical_means=False)
            answer = await http.post(f"{unlawful}/publish", json=PUBLISHED)
            assert (answer.status_code, slug(answer)) == (422, "delegate-not-lawful")
            [rule] = (await operator.get("/competence", params={"by": "industry"})).json()["items"]
            ended = {key: value for key, value in rule.items() if key != "id"} | {"valid_to": str(TODAY - DAY)}
            assert (await operator.put(f"/competence/{rule['id']}", json=ended)).status_code == 200
            answer = await http.post(f"{address}/publish", json=PUBLISHED)
            assert (answer.status_code, slug(answer), answer.json()["matters"]) == (
                422,
                "power-not-held",
                ["dust", "C13"],
            )


async def test_a_letter_is_suspended_taken_up_again_and_revoked_with_a_reason(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await begin(platform)
        async with platform.client("registry", HEAD) as http, platform.client("registry") as anyone:
            address = await published(http)
            assert (await http.post(f"{address}/suspend", json={"reason": " "})).status_code == 422
            suspended = (await http.post(f"{address}/suspend", json={"reason": "Under review"})).json()
            assert (suspended["in_force"], suspended["offers"]) == (False, ["resume", "revoke"])
            assert (await anyone.get("/delegations")).json()["items"] == []
            assert (await http.post(f"{address}/resume")).json()["in_force"] is True
            assert (await http.post(f"{address}/revoke", json={"reason": "Misused"})).json()["state"] == "revoked"
            refused = await http.post(f"{address}/resume")
            assert (refused.status_code, slug(refused)) == (409, "illegal-transition")
            assert (await anyone.get(address)).status_code == 404
        await platform.settle(redeliver=3)
        told = [event for event in platform.events() if isinstance(event, facts.DelegationFact)]
        assert [(type(event).__name__, event.reason) for event in told] == [
            ("DelegationPublished", ""),
            ("DelegationSuspended", "Under review"),
            ("DelegationPublished", ""),
            ("DelegationRevoked", "Misused"),
        ]


async def test_a_letter_that_ran_out_is_told_once_and_was_out_of_force_before(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await begin(platform)
        service = platform.service("registry")
        async with platform.client("registry", HEAD) as http:
            over, lasting = await published(http, valid_to=str(TODAY), evaluations=[]), await published(http)
            suspended = await published(http, valid_to=str(TODAY), evaluations=[])
            await http.post(f"{suspended}/suspend", json={"reason": "Under review"})
        assert await expire_letters(service) == 0
        platform.travel(hours=15)
        async with platform.client("registry") as anyone:
            [left] = (await anyone.get("/delegations")).json()["items"]
            assert left["id"] == lasting.rpartition("/")[2]
            assert (await anyone.get(over)).status_code == 404
        async with platform.client("registry", HEAD) as http:
            late = await http.post(f"{suspended}/resume")
            assert (late.status_code, slug(late)) == (409, "delegation-over")
        assert [await expire_letters(service) for _ in range(2)] == [2, 0]
        await platform.settle(redeliver=3)
        told = [event for event in platform.events(facts.DelegationExpired) if isinstance(event, facts.DelegationFact)]
        assert {str(event.delegation_id) for event in told} == {a.rpartition("/")[2] for a in (over, suspended)}
        assert {event.state for event in told} == {"expired"}
        async with platform.client("registry", HEAD) as http:
            assert (await http.get(over)).json()["offers"] == []


async def test_the_register_shows_each_reader_the_letters_that_concern_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await begin(platform)
        async with platform.client("registry", HEAD) as http:
            draft, whole = await drafted(http), await drafted(http, area_code=COUNTY)
            abroad = await drafted(http, area_code=OTHER_TOWN, delegate_id=str(TOWN_HALL))
        everything = {each.rpartition("/")[2] for each in (draft, whole, abroad)}
        sees = {
            OPERATOR: everything,
            OFFICER: everything,
            TOWN_CLERK: {draft.rpartition("/")[2], abroad.rpartition("/")[2]},
            OTHER_CLERK: {abroad.rpartition("/")[2]},
            BRIGADIER: {draft.rpartition("/")[2], whole.rpartition("/")[2]},
        }
        for who, expected in sees.items():
            async with platform.client("registry", who) as http:
                listed = (await http.get("/delegations/register")).json()["items"]
                assert {item["id"] for item in listed} == expected, who
                for address in (draft, whole, abroad):
                    status = 200 if address.rpartition("/")[2] in expected else 404
                    assert (await http.get(address)).status_code == status
        for who, status in {AUDITOR: 403, VOLUNTEER: 403, None: 401}.items():
            async with platform.client("registry", who) as http:
                assert (await http.get("/delegations/register")).status_code == status
                assert (await http.get(draft)).status_code == 404
