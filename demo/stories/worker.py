"""An anonymous worker in a new trade that nobody supervises: passed on, sent back, decided by the committee.

Wrong hands are refused on the way, and the enterprise never learns that somebody reported.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from demo.county.parties import PARTIES
from demo.county.people import BATTERY_EXCHANGE, principal_of
from demo.gateway import Caller, until
from demo.scene import Scene
from demo.stories.casework import Matter, officers, order
from demo.stories.docket import entry_about

OFFICE = "office.secretary"
EMERGENCY, MARKET = "emergency.desk", "market.desk"
FIRST, SECOND = "market.officer-1", "market.officer-2"
PRINCIPAL = principal_of(BATTERY_EXCHANGE).key
HINTS = ("report", "举报", "反映", "worker", "职工", "public", "群众", "anonym", "匿名")


@dataclass(frozen=True, slots=True)
class _Anonymous:
    """Somebody who has nothing but a tracking code."""

    caller: Caller
    report_id: str
    code: str
    words: str


async def worker_story(scene: Scene) -> None:
    worker = await _reported(scene)
    entry = await _nobody_is_responsible(scene, worker)
    await _wrong_hands(scene, entry)
    await _passed_around(scene, entry)
    await _more_words(scene, worker)
    hazard = await _confirmed(scene, entry)
    await _enterprise_knows_nothing_of_it(scene, entry, hazard)
    await _worker_hears(scene, worker)


async def _reported(scene: Scene) -> _Anonymous:
    stranger = scene.stranger("A worker, not signed in,")
    words = f"Batteries are charged beside the stairs, two have burnt already, mark {uuid4().hex[:6]}."
    report_id, secret = str(uuid4()), uuid4().hex
    body = {
        "place": BATTERY_EXCHANGE.place,
        "category": "electricity",
        "what": words,
        "enterprise_id": str(BATTERY_EXCHANGE.id),
        "secret": secret,
    }
    async with scene.stage.step(stranger, "reports the own employer; the phone retries") as step:
        told = await stranger.put(f"reports/{report_id}", body)
        code: str = told["tracking_code"]
        again = await stranger.put(f"reports/{report_id}", body)
        step.check(again["tracking_code"] == code, "the retry gets the same tracking code")
        other = await stranger.ask("PUT", f"reports/{report_id}", json={**body, "secret": uuid4().hex})
        step.check(other.status == 403, f"another phone with the same id is refused: {other.slug}")
    return _Anonymous(stranger, report_id, code, words)


async def _nobody_is_responsible(scene: Scene, worker: _Anonymous) -> Matter:
    office = await scene.person(OFFICE)
    async with scene.stage.step(office, "finds it in the queue for arbitration") as step:
        found = await entry_about(office, worker.words)
        entry = Matter(scene, "docket", found["id"])
        await entry.flowed(step, "received")
        step.check(found["authority_id"] is None, "nobody's trade, and this township has no fallback")
        step.check(found["offers"] == ["arbitrate"], "the committee is offered one thing: to say who is responsible")
        await entry.told(step, OFFICE, "report_unrouted")
        step.check(worker.code not in json.dumps(found), "the tracking code is nowhere on the docket")
    return entry


async def _wrong_hands(scene: Scene, entry: Matter) -> None:
    async with scene.stage.step("Wrong hands", "try the docket and are refused") as step:
        await entry.refused(step, OFFICE, "accept", 403, "role-may-not", what="we take it")
        await entry.refused(step, MARKET, "accept", 404, "not-found", what="we take it")
        await entry.refused(step, "market.officer-1", "accept", 403, "role-may-not", what="we take it")
        await entry.refused(step, "grid-worker-1", "accept", 403, "role-may-not", what="I take it")
        principal = await scene.person(PRINCIPAL)
        answer = await principal.ask("GET", f"docket/{entry.id}")
        step.check(answer.status == 403, f"{principal.title}: reading → {answer.status} {answer.slug}")


async def _passed_around(scene: Scene, entry: Matter) -> None:
    emergency, market = (str(PARTIES[key].id) for key in ("emergency", "market"))
    async with scene.stage.step(await scene.person(OFFICE), "asks the emergency bureau to take it") as step:
        await entry.move(OFFICE, "arbitrate", authority_id=emergency, explanation="Closest business · 业务相近")
        await entry.flowed(step, "received")
        await entry.told(step, EMERGENCY, "report_received")
    async with scene.stage.step(await scene.person(EMERGENCY), "passes it to market regulation") as step:
        await entry.move(EMERGENCY, "transfer", to_authority_id=market, explanation="Product quality · 产品质量")
        await entry.flowed(step, "transferred")
        await entry.told(step, MARKET, "report_transferred")
    async with scene.stage.step(await scene.person(MARKET), "sends it back: not ours either") as step:
        await entry.move(MARKET, "bounce", explanation="Charging is not product quality · 充电场所不属产品质量")
        await entry.flowed(step, "bounced")
        await entry.told(step, OFFICE, "report_bounced")
    async with scene.stage.step(await scene.person(OFFICE), "decides: market regulation leads, for good") as step:
        explanation = "Decided by the committee · 安委会裁定"
        seen = await entry.move(OFFICE, "arbitrate", authority_id=market, explanation=explanation)
        step.check(seen["routing_rule"] == "arbitration", "the rule that decided is kept: arbitration")
        await entry.flowed(step, "received")
        await entry.told(step, MARKET, "report_received")
        await entry.refused(step, EMERGENCY, "accept", 403, "not-your-docket", what="we take it")


async def _more_words(scene: Scene, worker: _Anonymous) -> None:
    async with scene.stage.step(worker.caller, "adds a word by the tracking code, typed as people type") as step:
        typed = worker.code.lower()
        more = {"what": "It happened again last night.", "tracking_code": typed}
        await worker.caller.post(f"reports/{worker.report_id}/additions", more)
        guess = await worker.caller.ask("POST", "tracking", json={"tracking_code": "0" * len(worker.code)})
        step.check(guess.status == 404, "a guessed code leads nowhere")


async def _confirmed(scene: Scene, entry: Matter) -> Matter:
    async with scene.stage.step(await scene.person(MARKET), "accepts it in its own words") as step:
        told = await entry.move(MARKET, "accept", what="Charging next to the stairs · 楼梯旁充电")
        hazard = Matter(scene, "hazards", told["hazard_id"])
        await entry.flowed(step, "accepted")
    async with scene.stage.step(await scene.person(FIRST), "confirms it with a second officer") as step:
        what = "Batteries are charged beside the only stairs · 唯一楼梯旁集中充电"
        seen = await hazard.move(FIRST, "confirm", grade="general", what=what, officers=officers(FIRST, SECOND))
        step.check(seen["lead_authority_id"] is None, "still nobody's trade: the lead is again the committee's to name")
        await hazard.flowed(step, "registered", "confirmed")
        await hazard.told(step, OFFICE, "hazard_arbitration")
    async with scene.stage.step(await scene.person(OFFICE), "names the lead, and may itself not order") as step:
        seen = await hazard.move(OFFICE, "assign", lead_authority_id=str(PARTIES["market"].id))
        await hazard.flowed(step, "assigned")
        await hazard.told(step, FIRST, "hazard_assigned")
        await hazard.refused(step, OFFICE, "order", 403, "role-may-not", **order(["x"], FIRST, SECOND, days=5))
    return hazard


async def _enterprise_knows_nothing_of_it(scene: Scene, entry: Matter, hazard: Matter) -> None:
    principal = await scene.person(PRINCIPAL)

    async def messages() -> list[dict[str, Any]]:
        inbox = (await principal.get("inbox", limit=100))["items"]
        return [one for one in inbox if one["about_id"] in {entry.id, hazard.id}]

    async with scene.stage.step(principal, "does not know of it before the order") as step:
        answer = await principal.ask("GET", f"hazards/{hazard.id}")
        step.check(answer.status == 404, "its page does not exist for the enterprise")
        step.check(await messages() == [], "no message speaks of it")
    async with scene.stage.step(await scene.person(FIRST), "orders the charging to be moved") as step:
        items = ["Move the charging outdoors · 充电移至室外"]
        await hazard.move(FIRST, "order", **order(items, FIRST, SECOND, days=5))
        await hazard.flowed(step, "ordered")
        await hazard.told(step, PRINCIPAL, "order_issued")
    async with scene.stage.step(principal, "reads what came of it: it was “found in inspection”") as step:
        seen = await hazard.seen_by(PRINCIPAL)
        words = json.dumps([await messages(), seen], ensure_ascii=False).lower()
        step.check(not any(hint in words for hint in HINTS), "neither inbox nor page holds a hint of a report")
        told = (await principal.get(f"hazards/{hazard.id}/history"))["items"]
        step.check([one["verb"] for one in told] == ["order"], "its history begins with the order")


async def _worker_hears(scene: Scene, worker: _Anonymous) -> None:
    async with scene.stage.step(worker.caller, "follows the report by its tracking code") as step:

        async def look() -> dict[str, Any]:
            return await worker.caller.post("tracking", {"tracking_code": worker.code})

        def ordered(seen: dict[str, Any]) -> bool:
            return any(told["fact"] == "inspection.hazard.ordered" for told in seen["told"])

        seen = await until(look, ordered, "the worker sees that an order was issued")
        step.told("by tracking code", " → ".join(told["en"] for told in seen["told"]))
