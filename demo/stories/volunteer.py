"""A volunteer's report on its whole way: from a photograph to a closed hazard that is looked at twice again."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from demo.county.people import EXPIRED, PEOPLE, RESTAURANT, principal_of
from demo.gateway import Caller, until
from demo.photo import MARKS
from demo.scene import Scene, upload
from demo.stories.casework import Matter, officers, order, proofs, signed, verdicts
from demo.stories.docket import entry_about

DESK, HEAD = "fire.desk", "fire.head"
FIRST, SECOND, THIRD = "fire.officer-1", "fire.officer-2", "fire.officer-3"
PRINCIPAL = principal_of(RESTAURANT).key
MANAGER = PRINCIPAL.replace("principal", "manager")
ITEMS = ["Clear the second exit · 清理第二安全出口", "Keep its door unlocked while open · 营业期间不得上锁"]


@dataclass(frozen=True, slots=True)
class _Report:
    """What somebody says, and under which id."""

    id: str
    body: dict[str, Any]


def _about_the_exit(words: str, *evidence: str) -> _Report:
    said = {"place": RESTAURANT.place, "category": "fire", "what": words, "enterprise_id": str(RESTAURANT.id)}
    return _Report(str(uuid4()), {**said, "evidence": list(evidence)})


async def volunteer_story(scene: Scene) -> None:
    ada, ben = await scene.person("volunteer-1"), await scene.person("grid-worker-1")
    run = uuid4().hex[:6]
    first = await _report(scene, ada, f"The second exit of the restaurant is blocked by boxes, mark {run}.")
    entry = await _on_the_docket(scene, first)
    hazard = await _accepted(scene, entry)
    second = await _the_same_again(scene, ben, entry, f"Boxes block the second exit of the restaurant, mark {run}.")
    await _confirmed(scene, hazard)
    await _answered(scene, entry)
    await _ordered(scene, hazard)
    await _put_right(scene, hazard)
    await _closed(scene, hazard)
    await _reporters_hear(scene, [(ada, first), (ben, second)])
    await _looked_at_again(scene, hazard)


async def _report(scene: Scene, who: Caller, words: str) -> _Report:
    async with scene.stage.step(
        who, "reports a blocked exit with a photograph; the phone sends everything twice"
    ) as step:
        picture = await upload(who, "volunteer")
        report = _about_the_exit(words, picture["id"])
        await who.put(f"reports/{report.id}", report.body)
        again = await who.ask("PUT", f"reports/{report.id}", json=report.body)
        step.check(again.status in {200, 201}, "the second sending is answered like the first")
        own = (await who.get("reports", limit=100))["items"]
        step.check([one["id"] for one in own].count(report.id) == 1, "there is one report")
    return report


async def _on_the_docket(scene: Scene, report: _Report) -> Matter:
    desk = await scene.person(DESK)
    async with scene.stage.step(desk, "finds it on the docket") as step:
        found = await entry_about(desk, report.body["what"])
        entry = Matter(scene, "docket", found["id"])
        await entry.flowed(step, "received")
        await entry.told(step, DESK, "report_received")
        step.check(found["routing_rule"] == "category", "fire leads to the fire brigade, whatever the trade")
        step.check("accept" in found["offers"], f"the desk is offered: {', '.join(found['offers'])}")
        seen = json.dumps(await entry.seen_by(DESK), ensure_ascii=False)
        ada = PEOPLE["volunteer-1"]
        hints = [ada.name, ada.email, str(ada.id)]
        step.check(not any(hint in seen for hint in hints), "nothing in it says who reported")
        picture = await desk.get(f"evidence/volunteer/{report.body['evidence'][0]}")
        step.check(picture[:2] == b"\xff\xd8", "the desk can look at the photograph")
        step.check(not any(mark in picture for mark in MARKS), "its place and camera are gone from the file")
    return entry


async def _accepted(scene: Scene, entry: Matter) -> Matter:
    async with scene.stage.step(await scene.person(DESK), "accepts the report: two officers shall look") as step:
        told = await entry.move(DESK, "accept", what="Second exit blocked · 第二安全出口被堵")
        await entry.flowed(step, "accepted")
        hazard = Matter(scene, "hazards", told["hazard_id"])
        await hazard.flowed(step, "registered")
    return hazard


async def _the_same_again(scene: Scene, who: Caller, entry: Matter, words: str) -> _Report:
    report = _about_the_exit(words)
    desk = await scene.person(DESK)
    async with scene.stage.step(who, "reports the same exit") as step:
        await who.put(f"reports/{report.id}", report.body)
        found = await entry_about(desk, words)
        again = Matter(scene, "docket", found["id"])
        await again.flowed(step, "received")
    async with scene.stage.step(desk, "is shown the similar entry nearby and merges the two") as step:
        similar = (await desk.get(f"docket/{again.id}/similar"))["items"]
        step.check(entry.id in {one["id"] for one in similar}, f"{len(similar)} similar entries nearby are suggested")
        await again.move(DESK, "merge", into_entry_id=entry.id)
        await again.flowed(step, "merged")
    return report


async def _confirmed(scene: Scene, hazard: Matter) -> None:
    general = {
        "grade": "general",
        "what": "The second exit is blocked by boxes · 第二安全出口被杂物堵塞",
        "another_matter": True,  # shown again, it would otherwise go on with the hazard that was closed last time
    }
    async with scene.stage.step(await scene.person(FIRST), "goes there alone and cannot confirm alone") as step:
        await hazard.refused(step, FIRST, "confirm", 422, "two-officers", **general, officers=officers(FIRST))
    async with scene.stage.step(await scene.person(EXPIRED), "tries with an expired certificate") as step:
        both = officers(EXPIRED, FIRST)
        await hazard.refused(step, EXPIRED, "confirm", 403, "certificate-expired", **general, officers=both)
    async with scene.stage.step(await scene.person(FIRST), "confirms a general hazard with a second officer") as step:
        seen = await hazard.move(FIRST, "confirm", **general, officers=officers(FIRST, SECOND))
        step.check(seen["state"] == "confirmed", f"hazard {seen['number']} is confirmed; rule: {seen['routing_rule']}")
        await hazard.flowed(step, "confirmed")
    async with scene.stage.step(await scene.person(DESK), "takes the lead") as step:
        await hazard.move(DESK, "assign")
        await hazard.flowed(step, "assigned")
        await hazard.told(step, FIRST, "hazard_assigned")


async def _answered(scene: Scene, entry: Matter) -> None:
    async with scene.stage.step(await scene.person(DESK), "answers the reporter, without knowing who it is") as step:
        await entry.move(DESK, "answer", answer="You were right; it will be put right. · 情况属实，将责令整改。")
        await entry.flowed(step, "substantiated", "answered")


async def _ordered(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(await scene.person(FIRST), "orders two things to be put right within ten days") as step:
        seen = await hazard.move(FIRST, "order", **order(ITEMS, FIRST, SECOND, days=10))
        step.note(f"order {seen['orders'][0]['number']}")
        await hazard.flowed(step, "ordered")
        message = await hazard.told(step, PRINCIPAL, "order_issued")
        words = f"{message['subject']} {message['body']}".lower()
        step.check(
            not any(hint in words for hint in ("report", "举报", "反映")), "it does not say that somebody reported"
        )


async def _put_right(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(await scene.person(PRINCIPAL), "begins to put it right") as step:
        seen = await hazard.move(PRINCIPAL, "start-rectification")
        step.check("claims" not in seen, "the enterprise sees no claim behind the order")
        step.check(seen["delivered"], "whoever begins has received the order")
        await hazard.flowed(step, "rectification_started", "order_delivered")
    async with scene.stage.step(await scene.person(MANAGER), "asks for the re-check") as step:
        proven = await proofs(hazard, MANAGER)
        await hazard.refused(step, MANAGER, "request-recheck", 422, "every-item-once", items=proven[:1])
        await hazard.move(MANAGER, "request-recheck", items=proven)
        await hazard.flowed(step, "recheck_requested")
        await hazard.told(step, FIRST, "recheck_requested")
    async with scene.stage.step(await scene.person(SECOND), "re-checks together with the head: all is right") as step:
        await hazard.move(SECOND, "open-recheck")
        judged = {"verdicts": await verdicts(hazard, SECOND), "opinion": "Both exits are free · 两处出口畅通"}
        judged |= {"officers": officers(SECOND, HEAD), **await signed(hazard, SECOND)}
        seen = await hazard.move(SECOND, "pass-recheck", **judged)
        step.check(seen["state"] == "verified", "the hazard is verified")
        await hazard.flowed(step, "recheck_opened", "recheck_passed")
        await hazard.told(step, PRINCIPAL, "recheck_passed")


async def _closed(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(
        await scene.person(HEAD), "may not close what they re-checked, nor may an officer"
    ) as step:
        await hazard.refused(step, HEAD, "close", 409, "closer-is-rechecker")
        await hazard.refused(step, SECOND, "close", 403, "role-may-not")
    async with scene.stage.step(await scene.person(DESK), "closes it: another person than the re-checkers") as step:
        seen = await hazard.move(DESK, "close", remark="all items verified · 整改项目全部合格")
        step.check(seen["state"] == "closed", "the hazard is struck off the list")
        clocks = {clock["key"]: clock["due_at"][:10] for clock in seen["deadlines"]}
        due = [clocks.get(f"hazard.lookback.{which}") for which in ("first", "second")]
        step.check(all(due), f"two look-backs are due: {due[0]} and {due[1]}")
        await hazard.flowed(step, "closed")
        await hazard.told(step, PRINCIPAL, "hazard_closed")


async def _reporters_hear(scene: Scene, reports: list[tuple[Caller, _Report]]) -> None:
    for who, report in reports:
        async with scene.stage.step(who, "follows their own report") as step:

            async def look(who: Caller = who, report: _Report = report) -> dict[str, Any]:
                return await who.get(f"reports/{report.id}")

            seen = await until(look, lambda seen: seen["state"] == "closed", "the reporter sees that it is closed")
            step.told(who.title, " → ".join(told[who.language] for told in seen["told"]))


async def _looked_at_again(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(
        await scene.person(THIRD), "looks back twice: is it still closed, is the root gone?"
    ) as step:
        for ordinal, remark in ((1, "Exit free · 出口畅通"), (2, "Storage moved, staff trained · 已另设库房并培训")):
            await hazard.move(THIRD, "look-back", ordinal=ordinal, passed=True, remark=remark)
        await hazard.flowed(step, "looked_back", "looked_back")
        told = (await (await scene.person(THIRD)).get(f"hazards/{hazard.id}/history"))["items"]
        step.check(len(told) >= 10, f"its history holds {len(told)} moves, each with who and why")
