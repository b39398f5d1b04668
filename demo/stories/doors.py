"""Two more doors to the same docket: an enterprise's self-check, and what an officer finds in passing.

What an enterprise finds itself and calls general, it removes itself; it comes to nobody's desk.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from demo.county.people import RESTAURANT, principal_of
from demo.gateway import until
from demo.scene import Scene, today, upload
from demo.stories.casework import Matter, officers, proofs
from demo.stories.docket import entry_about

PRINCIPAL = principal_of(RESTAURANT).key
MANAGER = PRINCIPAL.replace("principal", "manager")
DESK = "housing.desk"
OFFICER, COLLEAGUE = "fire.officer-1", "fire.officer-2"


async def doors_story(scene: Scene) -> None:
    await _self_check(scene)
    await _own_hazard(scene)
    await _own_finding(scene)


async def _self_check(scene: Scene) -> None:
    principal = await scene.person(PRINCIPAL)
    check_id, item_id = str(uuid4()), str(uuid4())
    words = f"The gas alarm of our kitchen is out of order, mark {item_id[:6]}."
    async with scene.stage.step(principal, "declares in a self-check what the enterprise itself found") as step:
        picture = await upload(principal, "registry")
        item = {"id": item_id, "category": "gas", "what": words, "evidence": [picture["id"]]}
        check = {"date": str(today()), "items": [item]}
        for _ in ("once", "again"):
            await principal.put(f"self-checks/{check_id}", check)
        desk = await scene.person(DESK)
        found = await entry_about(desk, words)
        step.check(found["channel"] == "self_check", "sent twice, it is one entry on the docket of the gas authority")
        entry = Matter(scene, "docket", found["id"])
        await entry.flowed(step, "received")
    async with scene.stage.step(desk, "accepts it, and the enterprise reads so in its self-check") as step:
        await entry.move(DESK, "accept", what=words)
        await entry.flowed(step, "accepted")
        await entry.told(step, PRINCIPAL, "claim_accepted")

        async def look() -> dict[str, Any]:
            return (await principal.get(f"self-checks/{check_id}"))["items"][0]

        declared = await until(look, lambda item: item["hazard_number"], "the self-check's progress")
        step.note(f"declared hazard {declared['hazard_number']} is {declared['progress']}")


async def _own_hazard(scene: Scene) -> None:
    principal, manager, desk = [await scene.person(key) for key in (PRINCIPAL, MANAGER, DESK)]
    mark = f"mark {uuid4().hex[:6]}"
    async with scene.stage.step(
        principal, "declares a general hazard, which is the enterprise's own to remove"
    ) as step:
        item = {"id": str(uuid4()), "category": "gas", "what": f"A gas hose is cracked, {mark}."}
        check = {"date": str(today()), "items": [{**item, "suspected_grade": "general"}]}
        await principal.put(f"self-checks/{uuid4()}", check)

        async def look() -> list[dict[str, Any]]:
            return (await principal.get("hazards", q=mark))["items"]

        [found] = await until(look, bool, "the enterprise's own hazard")
        hazard = Matter(scene, "hazards", found["id"])
        step.check(found["offers"] == ["confirm_own"], f"hazard {found['number']} waits for the enterprise itself")
        await hazard.flowed(step, "registered")
        await hazard.told(step, PRINCIPAL, "own_hazard")
    async with scene.stage.step(desk, "has nothing to decide: the platform accepted it") as step:
        entry = await entry_about(desk, mark)
        step.check((entry["state"], entry["deadlines"]) == ("accepted", []), "the entry is accepted, and no clock runs")
    async with scene.stage.step(manager, "confirms it, sets a limit, and proves that it is put right") as step:
        await hazard.move(MANAGER, "confirm-own")
        start = {"items": [{"text": "Change the hose · 更换软管"}], "limit": str(today() + timedelta(days=7))}
        await hazard.move(MANAGER, "start-own", **start, responsible="Head chef (demo) · 厨师长（演示）")
        await hazard.move(MANAGER, "finish-own", items=await proofs(hazard, MANAGER))
        await hazard.refused(step, MANAGER, "close-own", 409, "closer-is-rechecker")
        await hazard.flowed(step, "confirmed", "rectification_started", "own_fix_verified")
    async with scene.stage.step(
        principal, "closes it; found by itself and put right in time, it is not penalised"
    ) as step:
        seen = await hazard.move(PRINCIPAL, "close-own")
        step.check(seen["state"] == "closed", "the enterprise struck it off itself")
        await hazard.flowed(step, "closed")


async def _own_finding(scene: Scene) -> None:
    officer = await scene.person(OFFICER)
    claim_id = str(uuid4())
    async with scene.stage.step(
        officer, "puts on the docket what they see in passing, and confirms it the same day"
    ) as step:
        claim = {
            "place": RESTAURANT.place,
            "category": "fire",
            "what": f"Extinguishers are out of date, mark {claim_id[:6]}.",
            "enterprise_id": str(RESTAURANT.id),
        }
        receipt = await officer.put(f"docket/claims/{claim_id}", claim)
        entry = Matter(scene, "docket", receipt["entry_id"])
        told = await entry.move("fire.desk", "accept", what="Extinguishers out of date · 灭火器过期")
        await entry.flowed(step, "received", "accepted")
        step.check(told["channel"] == "inspection", f"entry {told['number']} came by inspection")
        hazard = Matter(scene, "hazards", told["hazard_id"])
        found = {
            "grade": "general",
            "what": "Extinguishers out of date · 灭火器过期",
            "officers": officers(OFFICER, COLLEAGUE),
            "another_matter": True,  # than the blocked exit, which is of fire and of this place as well
        }
        await hazard.move(OFFICER, "confirm", **found)
        await hazard.flowed(step, "registered", "confirmed")
