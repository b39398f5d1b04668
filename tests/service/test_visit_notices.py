"""What people and programs of the enterprise hear of visits and letters; nothing of it says why somebody comes."""

import json
from typing import Any
from uuid import UUID

import inspection_county as county
from inspection_county import FIRE_OFFICERS, TODAY, post
from letter_stages import sent
from visit_stages import FOUND, planned

from shared.auth import Actor
from shared.contracts.registry import MembershipGranted, PersonRegistered
from shared.testing import START, OpenPlatform, Platform


async def told_county(platform: Platform) -> None:
    """Let inspection and notify hear of the county, and of the principal of the mill."""
    person = {"at": START, "area_code": county.TOWN, "person_id": county.principal.id}
    known = PersonRegistered(**person, name="Principal", language="en")
    answers_for = {"membership_id": UUID(int=1999), "party_id": county.MILL, "role": county.principal.role}
    granted = MembershipGranted(**person, **answers_for)
    facts = ((county.principal.id, 1, known), (UUID(int=1999), 1, granted))
    await platform.announce(*county.registry_facts(), *facts)
    await platform.settle()


async def told(platform: Platform, who: Actor) -> list[str]:
    """Settle, and give the subjects of the messages that the person has, the newest first."""
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []
    async with platform.client("notify", who) as http:
        return [message["subject"] for message in (await http.get("/inbox")).json()["items"]]


async def seen(platform: Platform, who: Actor) -> list[dict[str, Any]]:
    async with platform.client("notify", who) as http:
        events: list[dict[str, Any]] = (await http.get("/events")).json()["items"]
        return [event for event in events if ".visit." in event["type"] or ".letter." in event["type"]]


async def test_the_enterprise_is_told_of_an_announced_visit_and_of_no_other(services_here: OpenPlatform) -> None:
    async with services_here("inspection", "notify") as platform:
        await told_county(platform)
        secret = await planned(platform, ground="complaint", unannounced=True, on=str(TODAY))
        assert await told(platform, county.principal) == []
        assert await seen(platform, county.principal) == []
        joint = {"joint_authority_ids": [str(county.FIRE)], "joint_officers": FIRE_OFFICERS}
        visit = await planned(platform, ground="complaint", purpose="举报核查", **joint)
        assert await told(platform, county.principal) == ["应急 will come on 2026-10-06"]
        for who in (county.li, county.fire_officer, county.fire_desk):
            assert "2026-10-06 到访：面粉厂" in await told(platform, who)
        assert await told(platform, county.market_desk) == []
        platform.travel(minutes=1)
        await post(platform, county.li, f"/visits/{visit['id']}/cancel", reason="举报人撤回")
        assert len(await told(platform, county.principal)) == 2
        await post(platform, county.li, f"/visits/{secret['id']}/start")
        await post(platform, county.li, f"/visits/{secret['id']}/finish", **FOUND)
        assert len(await told(platform, county.principal)) == 2
        facts = await seen(platform, county.principal)
        kinds = [(fact["type"].split(".")[3], fact["data"]["visit_id"]) for fact in facts]
        assert kinds == [("planned", visit["id"]), ("cancelled", visit["id"]), ("finished", secret["id"])]
        hints = ("complaint", "举报", "ground", "reason", "unannounced")
        assert not [hint for hint in hints if hint in json.dumps(facts, ensure_ascii=False)]


async def test_a_letter_is_told_to_the_enterprise_and_its_answer_to_the_sender(services_here: OpenPlatform) -> None:
    async with services_here("inspection", "notify") as platform:
        await told_county(platform)
        letter = await sent(platform, county.desk, kind="supervision", facts="内部措辞")
        number = letter["number"]
        assert await told(platform, county.principal) == [f"Letter {number} (supervision) from 应急"]
        await post(platform, county.principal, f"/letters/{letter['id']}/reply", text="Done.")
        assert await told(platform, county.head) == [f"函件 {number} 已收到复函"]
        platform.travel(minutes=1)
        await post(platform, county.desk, f"/letters/{letter['id']}/judge", accepted=True, reason="Seen.")
        assert (await told(platform, county.principal))[0] == f"Your answer to letter {number} was accepted"
        assert [fact["type"].split(".")[3] for fact in await seen(platform, county.principal)] == ["sent", "judged"]
        assert await seen(platform, county.other_principal) == []
        assert await seen(platform, county.fire_desk) == []
