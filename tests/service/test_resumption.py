"""The chain of a stop (F08, G05): stopped, power cut after a notice, reviewed on site, lifted by consent."""

from datetime import timedelta
from typing import Any

import inspection_county as county
import pytest
from hazard_stages import RESUMPTION, REVIEW, assigned, clocks, ordered, passing, rechecking
from inspection_county import OFFICERS, get, post, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform, Platform

MAJOR = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
STOP = {"kind": "full_stop", "reason": "May explode", "basis": "WSL art. 65"}


async def _stopped(platform: Platform) -> str:
    hazard = await ordered(platform, **MAJOR)
    await post(platform, county.head, f"{hazard}/order-stop", **STOP)
    return hazard


@pytest.mark.parametrize(
    ("told", "status", "review"),
    [
        ("no-site-review", 422, None),
        ("two-officers", 422, {"officers": OFFICERS[:1]}),
        ("not-an-officer-here", 422, {"officers": [OFFICERS[0], str(county.FIRE_ONE)]}),
        ("certificate-expired", 403, {"officers": [OFFICERS[0], str(county.EXPIRED)]}),
        ("evidence-missing", 422, {"photos": []}),
        ("every-item-once", 422, {"remarks": REVIEW["remarks"][:1]}),
        ("items-fail", 422, {"remarks": [*REVIEW["remarks"][:1], {"ordinal": 2, "fit": False, "remark": "Loose"}]}),
    ],
)
async def test_work_begins_again_only_after_two_officers_saw_that_it_may(
    services_here: OpenPlatform, told: str, status: int, review: dict[str, Any] | None
) -> None:
    async with services_here("inspection") as platform:
        hazard = await _stopped(platform)
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        ask: dict[str, Any] = {"granted": True, "reason": "Reviewed"}
        if review is not None:
            ask["review"] = {**REVIEW, **review}
        refused = await post(platform, county.head, f"{hazard}/decide-resumption", status, **ask)
        assert slug(refused) == told
        assert (await get(platform, county.desk, hazard))["suspension"] == "resume_requested"


async def test_a_request_holds_plan_items_and_evaluation_and_its_decision_is_shown(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await _stopped(platform)
        path = f"{hazard}/request-resumption"
        for part in ("plan", "items", "evaluation", "evaluation_files"):
            await post(platform, county.principal, path, 422, **{**RESUMPTION, part: [] if part[-1] == "s" else ""})
        await post(platform, county.principal, path, **RESUMPTION)
        decide = f"{hazard}/decide-resumption"
        on_paper = await post(platform, county.head, decide, granted=False, reason="The report is old")
        assert on_paper["suspension"] == "full_stop"
        platform.travel(minutes=1)
        await post(platform, county.principal, path, **RESUMPTION)
        granted = await post(platform, county.head, decide, granted=True, reason="Seen and tried", review=REVIEW)
        assert granted["suspension"] == "resumed"
        assert [each["granted"] for each in granted["resumptions"]] == [False, True]
        assert granted["resumptions"][1]["reviewers"] == OFFICERS
        own = (await get(platform, county.principal, hazard))["resumptions"]
        assert [each["decision"] for each in own] == ["The report is old", "Seen and tried"]
        assert own[1]["remarks"] == REVIEW["remarks"]
        assert not {"reviewers", "photos", "decided_by"} & set(own[1])


async def test_power_is_cut_a_day_ahead_and_given_back_before_the_hazard_is_closed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform, **MAJOR)
        cut = {"cut_at": str(platform.now + timedelta(hours=23)), "reason": "Still working", "basis": "WSL art. 70"}
        path = f"{hazard}/cut-power"
        assert slug(await post(platform, county.head, path, 409, **cut)) == "not-suspended"
        await post(platform, county.head, f"{hazard}/order-stop", **STOP)
        assert slug(await post(platform, county.li, path, 403, **cut)) == "role-may-not"
        assert slug(await post(platform, county.head, path, 422, **cut)) == "notice-too-short"
        past = {**cut, "cut_at": str(platform.now - timedelta(hours=1)), "urgent": "It burns"}
        assert slug(await post(platform, county.head, path, 422, **past)) == "cut-in-the-past"
        urgent = await post(platform, county.head, path, **cut, urgent="It burns")
        assert (urgent["power"], urgent["power_cuts"][0]["urgent"]) == ("announced", "It burns")
        assert (await get(platform, county.principal, hazard))["power_cuts"][0]["reason"] == "Still working"
        await post(platform, county.head, f"{hazard}/restore-power", reason="They stopped")
        in_time = {**cut, "cut_at": str(platform.now + timedelta(hours=24))}
        again = await post(platform, county.head, path, **in_time)
        assert [each["lift_reason"] for each in again["power_cuts"]] == ["They stopped", None]
        await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        await post(platform, county.head, f"{hazard}/decide-resumption", granted=True, reason="Seen", review=REVIEW)
        closing = {"workers_told": True}
        assert slug(await post(platform, county.head, f"{hazard}/close", 409, **closing)) == "power-still-cut"
        await post(platform, county.head, f"{hazard}/restore-power", reason="Put right")
        assert (await post(platform, county.head, f"{hazard}/close", **closing))["state"] == "closed"
        assert "suspension.resumption_review" not in await clocks(platform, hazard)
        await platform.settle(redeliver=3)
        told = platform.events(facts.PowerCutAnnounced, facts.PowerRestored)
        assert [event.subject.rpartition(".")[2] for event in told] == [
            *("power_cut_announced", "power_restored", "power_cut_announced", "power_restored")
        ]


async def test_who_is_stopped_before_anything_is_ordered_may_ask_to_resume(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform, **MAJOR)
        await get(platform, county.principal, hazard, 404)
        await post(platform, county.head, f"{hazard}/order-stop", **STOP)
        seen = await get(platform, county.principal, hazard)
        assert (seen["suspension"], seen["offers"]) == ("full_stop", ["request_resumption"])
        told = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [row["verb"] for row in told] == ["order_stop"]
        asked = await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        assert asked["suspension"] == "resume_requested"
