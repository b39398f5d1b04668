"""An agency's system finds a major hazard: stop-work, five certainties, a failed re-check, resumption, closing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from demo.county.criteria import criterion_id
from demo.county.enterprises import enterprise_of
from demo.county.people import POLISHING_WORKS, principal_of
from demo.gateway import Caller, until
from demo.scene import Scene, today, upload
from demo.stories.casework import BASIS, Matter, handed_over, officers, order, proofs, signed, verdicts
from demo.stories.docket import entry_about

CLIENT = "demo-agency-1"
HEAD, DESK = "emergency.head", "emergency.desk"
FIRST, SECOND = "emergency.officer-1", "emergency.officer-2"
PRINCIPAL = principal_of(POLISHING_WORKS).key
ITEMS = [
    "Fit spark detection to the dust collector · 除尘系统加装火花探测",
    "Clean the ducts each shift · 每班清理管道积尘",
]
ADVISED = enterprise_of("C2110")
"""The agency advises this one, so it may not evaluate it."""


async def agency_story(scene: Scene) -> None:
    system = await scene.client(CLIENT, "System of the First Safety Technology Agency")
    await _conflict(scene, system)
    words = f"Dust of aluminium polishing is collected without explosion control, mark {uuid4().hex[:6]}."
    audit_id, finding_id = await _audit(scene, system, words)
    hazard = await _confirmed(scene, words)
    await _stopped(scene, hazard)
    await _planned(scene, hazard)
    await _failed_then_passed(scene, hazard)
    await _resumed_and_closed(scene, hazard)
    await _agency_hears(scene, system, hazard, audit_id, finding_id)


async def _conflict(scene: Scene, system: Caller) -> None:
    async with scene.stage.step(system, "wants to evaluate an enterprise that the agency advises") as step:
        await system.put(f"engagements/{uuid4()}", _engagement(ADVISED.id, "consulting"))
        ask = _engagement(ADVISED.id, "status_evaluation")
        answer = await system.ask("PUT", f"engagements/{uuid4()}", json=ask)
        step.check(answer.status == 409 and answer.slug == "conflict-of-interest", f"refused: {answer.sentence}")


async def _audit(scene: Scene, system: Caller, words: str) -> tuple[str, str]:
    engagement_id, audit_id, finding_id = str(uuid4()), str(uuid4()), str(uuid4())
    async with scene.stage.step(system, "submits an audit with a finding; its system repeats everything") as step:
        await system.put(f"engagements/{engagement_id}", _engagement(POLISHING_WORKS.id, "status_evaluation"))
        picture = await upload(system, "thirdparty")
        finding = {
            "finding_id": finding_id,
            "enterprise_id": str(POLISHING_WORKS.id),
            "category": "dust",
            "what": words,
            "suspected_grade": "major",
            "evidence": [picture["id"]],
        }
        audit = {
            "engagement_id": engagement_id,
            "performed_on": str(today()),
            "findings": [finding],
            "conclusion": "One major hazard suspected · 疑似重大隐患一项",
            "summary_public": "Status evaluation, demo · 安全现状评价（演示）",
        }
        kept = await system.put(f"audits/{audit_id}", audit)
        step.check((kept["results"], kept["findings"]) == (1, 1), "one finding is stored")
        again = await system.put(f"audits/{audit_id}", audit)
        step.check(again["at"] == kept["at"], "sent again, nothing is added")
    return audit_id, finding_id


async def _confirmed(scene: Scene, words: str) -> Matter:
    desk = await scene.person(DESK)
    async with scene.stage.step(desk, "accepts the agency's finding: an agency reports, it does not decide") as step:
        found = await entry_about(desk, words)
        step.check(found["routing_rule"] == "industry", "manufacturing leads to the emergency bureau")
        entry = Matter(scene, "docket", found["id"])
        await entry.told(step, DESK, "report_received")
        told = await entry.move(DESK, "accept", what="Dust collector without explosion control · 除尘系统无防爆措施")
        hazard = Matter(scene, "hazards", told["hazard_id"])
        await entry.flowed(step, "received", "accepted")
    major: dict[str, Any] = {
        "grade": "major",
        "what": "Combustible dust is collected without explosion control · 可燃性粉尘收集无防爆措施",
        "officers": officers(FIRST, SECOND),
        "another_matter": True,  # shown again, it would otherwise go on with the hazard that was closed last time
    }
    async with scene.stage.step(await scene.person(FIRST), "confirms a major hazard with a second officer") as step:
        await hazard.refused(step, FIRST, "confirm", 422, "major-needs-a-reason", **major)
        seen = await hazard.move(FIRST, "confirm", **major, criterion_ids=[criterion_id("dust-collector")])
        step.check(seen["grade"] == "major", "with a criterion of MEM Order 10 it is major")
        await hazard.flowed(step, "registered", "confirmed")
        await hazard.told(step, HEAD, "hazard_major")
        await hazard.told(step, "office.secretary", "hazard_major")
    return hazard


async def _stopped(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(await scene.person(DESK), "takes the lead, and two officers order the removal") as step:
        await hazard.move(DESK, "assign")
        ordered = await handed_over(hazard, order(ITEMS, FIRST, SECOND, days=20), FIRST)
        seen = await hazard.move(FIRST, "order", **ordered)
        step.check(seen["delivered"], "the order is handed over on the spot, and its receipt is signed")
        await hazard.flowed(step, "assigned", "ordered", "order_delivered")
        await hazard.told(step, PRINCIPAL, "order_issued")
    stop = {"kind": "partial_stop", "reason": "The polishing line is unsafe until then · 打磨线停产", "basis": BASIS}
    async with scene.stage.step(await scene.person(HEAD), "stops the polishing line; the desk may not") as step:
        await hazard.refused(step, DESK, "order-stop", 403, "role-may-not", **stop)
        seen = await hazard.move(HEAD, "order-stop", **stop)
        step.check(seen["suspension"] == "partial_stop", "work on the line is stopped")
        await hazard.flowed(step, "suspended")
        await hazard.told(step, PRINCIPAL, "suspension_imposed")


async def _planned(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(await scene.person(PRINCIPAL), "names the five certainties and begins") as step:
        await hazard.refused(step, PRINCIPAL, "start-rectification", 422, "five-certainties")
        certainties = {
            "responsible_person": "Principal of the works (demo) · 主要负责人（演示）",
            "measures": "Fit spark detection and isolation · 加装火花探测与隔离",
            "funds_yuan": 180_000,
            "limit": str(today() + timedelta(days=15)),
            "contingency_plan": "Line stays stopped and wetted down · 停产并喷水抑尘",
        }
        await hazard.move(PRINCIPAL, "start-rectification", certainties=certainties)
        await hazard.flowed(step, "rectification_started")
        register = {
            "state_and_cause": "Dust is collected without explosion control · 除尘系统无防爆措施",
            "harm_and_difficulty": "It may explode; parts must be ordered · 可能爆炸，设备需采购",
            "plan": certainties["measures"],
        }
        await hazard.move(PRINCIPAL, "report-major", **register)
        await hazard.flowed(step, "major_registered")
        await hazard.told(step, FIRST, "rectification_started")


async def _failed_then_passed(scene: Scene, hazard: Matter) -> None:
    both = officers(FIRST, SECOND)
    async with scene.stage.step(await scene.person(FIRST), "re-checks: the second thing is not right yet") as step:
        await hazard.move(PRINCIPAL, "request-recheck", items=await proofs(hazard, PRINCIPAL))
        await hazard.move(FIRST, "open-recheck")
        judged = {
            "officers": both,
            "verdicts": await verdicts(hazard, FIRST, failing=1),
            "opinion": "Dust still lies in the ducts · 管道仍有积尘",
            "consequence": "new_order",
            "limit": str(today() + timedelta(days=10)),
            "basis": BASIS,
        }
        seen = await hazard.move(FIRST, "fail-recheck", **judged)
        step.check(seen["state"] == "rectifying", "the re-check fails with a new order and a new limit")
        step.check(len(seen["orders"]) == 2, f"second order {seen['orders'][-1]['number']} for what is left")
        await hazard.flowed(step, "recheck_requested", "recheck_opened", "recheck_failed")
        step.check(not seen["delivered"], "the new order is to be delivered, too")
        await hazard.told(step, PRINCIPAL, "recheck_failed")
    async with scene.stage.step(await scene.person(SECOND), "re-checks what was left: now it is right") as step:
        left = await proofs(hazard, PRINCIPAL)
        step.check(len(left) == 1, "only the item that failed is proven again")
        await hazard.move(PRINCIPAL, "request-recheck", items=left)
        await hazard.move(SECOND, "open-recheck")
        judged: dict[str, Any] = {"verdicts": await verdicts(hazard, SECOND), "opinion": "Ducts are clean · 管道已清理"}
        judged["officers"] = both
        await hazard.refused(step, SECOND, "pass-recheck", 422, "evidence-missing", **judged)
        await hazard.move(SECOND, "pass-recheck", **judged, **await signed(hazard, SECOND))
        await hazard.flowed(step, "recheck_requested", "order_delivered", "recheck_opened", "recheck_passed")
        await hazard.told(step, PRINCIPAL, "recheck_passed")


async def _resumed_and_closed(scene: Scene, hazard: Matter) -> None:
    async with scene.stage.step(await scene.person(HEAD), "may not close while work is stopped") as step:
        await hazard.refused(step, HEAD, "close", 409, "still-suspended", workers_told=True)
    async with scene.stage.step(await scene.person(PRINCIPAL), "asks to resume work, and the head agrees") as step:
        asked = {
            "statement": "All put right · 已全部整改",
            "plan": "Spark detection and clean ducts · 火花探测与管道清理",
            "items": ITEMS,
            "evaluation": "Fit for work · 具备安全生产条件",
            "evaluation_files": [await upload(await scene.person(PRINCIPAL), "inspection")],
        }
        await hazard.move(PRINCIPAL, "request-resumption", **asked)
        granting = {"granted": True, "reason": "Reviewed on site · 现场核查合格"}
        await hazard.refused(step, HEAD, "decide-resumption", 422, "no-site-review", **granting)
        review = {
            "officers": officers(FIRST, SECOND),
            "remarks": [{"ordinal": n, "fit": True, "remark": "Seen and tried · 已查验"} for n in (1, 2)],
            "photos": [await upload(await scene.person(FIRST), "inspection")],
        }
        await hazard.move(HEAD, "decide-resumption", **granting, review=review)
        await hazard.flowed(step, "resumption_requested", "resumption_decided")
        await hazard.told(step, PRINCIPAL, "resumption_decided")
    async with scene.stage.step(await scene.person(HEAD), "closes it, after the workers were told") as step:
        await hazard.refused(step, DESK, "close", 403, "head-only", workers_told=True)
        await hazard.refused(step, HEAD, "close", 422, "workers-first")
        seen = await hazard.move(HEAD, "close", workers_told=True)
        step.check(seen["state"] == "closed", "the major hazard is struck off the list")
        await hazard.flowed(step, "closed")


async def _agency_hears(scene: Scene, system: Caller, hazard: Matter, audit_id: str, finding_id: str) -> None:
    async with scene.stage.step(system, "reads how its finding ended") as step:

        async def look() -> list[dict[str, Any]]:
            return (await system.get("findings", audit_id=audit_id))["items"]

        [finding] = await until(look, lambda found: found[0]["state"] == "closed", "the finding's end")
        step.check(finding["id"] == finding_id, f"the finding is {finding['state']}, graded {finding['grade']}")
        await hazard.told(step, "agency-1.auditor", "hazard_closed_claim")


def _engagement(client_id: object, kind: str) -> dict[str, Any]:
    return {
        "client_id": str(client_id),
        "kind": kind,
        "valid_from": str(today() - timedelta(days=30)),
        "valid_to": str(today() + timedelta(days=330)),
        "area_code": POLISHING_WORKS.area_code[:6],
    }
