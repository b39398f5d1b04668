"""A partner agency hears what concerns it: by signed webhook, and by a stream that loses nothing when it breaks."""

import json
from collections.abc import Callable
from uuid import uuid4

import httpx

from demo.county.enterprises import enterprise_of
from demo.gateway import Caller, until
from demo.scene import Scene
from demo.stories.casework import Matter, officers
from demo.stream import Heard, following
from demo.webhook import Received, Receiver, receiving

CLIENT = "demo-gas-company"
DESK, FIRST, SECOND = "housing.desk", "housing.officer-1", "housing.officer-2"
RECEIVED, ACCEPTED, CONFIRMED = (
    "inspection.report.received",
    "inspection.report.accepted",
    "inspection.hazard.confirmed",
)
HOTEL = enterprise_of("H6110")


async def partner_story(scene: Scene) -> None:
    company = await scene.client(CLIENT, "System of the town gas company")
    async with receiving() as receiver:
        subscription = await _subscribed(scene, company, receiver)
        async with following(company) as stream:
            entry = await _claimed(scene, company, receiver)
            async with scene.stage.step(company, "hears the same on its event stream") as step:
                await stream.until(_all_of(RECEIVED), "the claim on the stream")
                step.flowed("own events:", [event.name for event in stream.heard])
            last_id = stream.last_id
        hazard = await _goes_on(scene, entry)
        await _comes_back(scene, company, last_id)
        await _delivered(scene, company, receiver, subscription, hazard)


async def _comes_back(scene: Scene, company: Caller, last_id: str) -> None:
    async with (
        scene.stage.step(company, "comes back after a break, with Last-Event-ID") as step,
        following(company, last_id) as stream,
    ):
        await stream.until(_all_of(ACCEPTED, CONFIRMED), "what happened meanwhile")
        step.flowed("own events:", [event.name for event in stream.heard])
        step.check(len({one.id for one in stream.heard}) == len(stream.heard), "nothing twice, nothing missed")


async def _subscribed(scene: Scene, company: Caller, receiver: Receiver) -> str:
    subscription = str(uuid4())
    async with scene.stage.step(company, "subscribes its own web server to events") as step:
        made = await company.put(f"subscriptions/{subscription}", {"url": receiver.url})
        receiver.secret = made["secret"]
        step.check(made["secret"].startswith("whsec_"), "it is given a secret, once")
        again = await company.get(f"subscriptions/{subscription}")
        step.check(not again["secret"], "nobody can read the secret again")
        forged = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,forged"}
        async with httpx.AsyncClient(trust_env=False) as somebody:
            answer = await somebody.post(receiver.url, content=b"{}", headers=forged)
        step.check(answer.status_code == 401, "its server refuses what is not signed with it")
    return subscription


async def _claimed(scene: Scene, company: Caller, receiver: Receiver) -> Matter:
    claim_id = str(uuid4())
    async with scene.stage.step(company, "passes on a gas leak that its fitters found") as step:
        claim = {
            "place": HOTEL.place,
            "category": "gas",
            "what": f"Gas hose of the hotel kitchen leaks, mark {claim_id[:6]}.",
            "enterprise_id": str(HOTEL.id),
            "imminent_danger": True,
        }
        receipt = await company.put(f"docket/claims/{claim_id}", claim)
        entry = Matter(scene, "docket", receipt["entry_id"])
        await entry.flowed(step, "received")
        await entry.told(step, DESK, "report_received")

        async def look() -> list[Received]:
            return [one for one in receiver.received if one.body["data"].get("claim_id") == claim_id]

        [delivery] = await until(look, bool, "the webhook")
        step.check(delivery.body["type"] == f"commonwatch.{RECEIVED}.v1", "a signed webhook says that it was received")
        step.check("reporter" not in json.dumps(delivery.body), "it holds nothing but what this partner may know")
    return entry


async def _goes_on(scene: Scene, entry: Matter) -> Matter:
    async with scene.stage.step(await scene.person(DESK), "accepts it, and two officers confirm it") as step:
        told = await entry.move(DESK, "accept", what="Leaking gas hose · 燃气软管泄漏")
        hazard = Matter(scene, "hazards", told["hazard_id"])
        what = "A gas hose in the kitchen leaks · 厨房燃气软管泄漏"
        await hazard.move(FIRST, "confirm", grade="general", what=what, officers=officers(FIRST, SECOND))
        await hazard.flowed(step, "registered", "confirmed")
    return hazard


async def _delivered(scene: Scene, company: Caller, receiver: Receiver, subscription: str, hazard: Matter) -> None:
    async with scene.stage.step(company, "looks at what was delivered to it, and unsubscribes") as step:

        async def look() -> list[str]:
            return [one.body["type"] for one in receiver.received if one.body["data"].get("hazard_id") == hazard.id]

        await until(look, lambda types: f"commonwatch.{CONFIRMED}.v1" in types, "the confirmation by webhook")
        ids = [one.id for one in receiver.received]
        step.check(len(ids) == len(set(ids)), f"{len(ids)} webhooks came, each once, each genuine")
        page = await company.get(f"subscriptions/{subscription}/deliveries")
        answers = {attempt["status"] for one in page["items"] for attempt in one["attempts"]}
        step.check(answers <= {204}, f"the platform keeps every attempt: {len(page['items'])} deliveries answered 204")
        await company.ask("DELETE", f"subscriptions/{subscription}")
        step.check((await company.get("subscriptions")) == [], "no subscription is left")


def _all_of(*names: str) -> Callable[[list[Heard]], bool]:
    """Tell whether events of all these names were heard."""
    return lambda heard: {event.name for event in heard} >= set(names)
