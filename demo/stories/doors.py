"""Two more doors to the same docket: an enterprise's self-check, and what an officer finds in passing."""

from typing import Any
from uuid import uuid4

from demo.county.people import RESTAURANT, principal_of
from demo.gateway import until
from demo.scene import Scene, today, upload
from demo.stories.casework import Matter, officers
from demo.stories.docket import entry_about

PRINCIPAL = principal_of(RESTAURANT).key
DESK = "housing.desk"
OFFICER, COLLEAGUE = "fire.officer-1", "fire.officer-2"


async def doors_story(scene: Scene) -> None:
    await _self_check(scene)
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
        }
        await hazard.move(OFFICER, "confirm", **found)
        await hazard.flowed(step, "registered", "confirmed")
