"""A seizure is approved by a head of the authority before it is made, or within a day where it could not wait (K)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from case_stages import due
from hazard_stages import closed, ordered
from inspection_county import DESK, FIRE_HEAD, HEAD, get, post, put, report, slug
from test_hazards_that_return import suspected_again
from test_measures import PRESERVING, SEIZING

from shared.contracts import inspection as facts
from shared.testing import START, OpenPlatform, Platform

URGENT: dict[str, Any] = {key: value for key, value in SEIZING.items() if not key.startswith("approved")} | {
    "urgent": "It smoulders"
}
_HALF: dict[str, Any] = {"urgent": "It smoulders", "approved_by": None}


async def _urgent(platform: Platform) -> tuple[str, str]:
    hazard = await ordered(platform)
    path = f"{hazard}/measures/{uuid4()}"
    await put(platform, county.li, path, **URGENT)
    return hazard, path


async def _only(platform: Platform, hazard: str) -> dict[str, Any]:
    [item] = (await get(platform, county.head, f"{hazard}/measures"))["items"]
    return item


def _told(platform: Platform) -> list[str]:
    return [each.subject.rpartition(".measure_")[2] for each in platform.events() if ".measure_" in each.subject]


@pytest.mark.parametrize(
    ("said", "status", "changes"),
    [
        ("approval-missing", 422, {"approved_by": None, "approved_at": None}),
        ("approval-incomplete", 422, {"approved_at": None}),
        ("approval-incomplete", 422, {"approved_by": None}),
        ("approval-incomplete", 422, {**PRESERVING, "approved_at": None}),
        ("approval-incomplete", 422, {**PRESERVING, "approved_by": None, "approved_at": "0001-01-01T00:00:00+14:00"}),
        ("approved-or-urgent", 422, {"urgent": "It smoulders"}),
        ("approved-or-urgent", 422, {"urgent": "It smoulders", "approved_at": None}),
        ("approved-or-urgent", 422, {**_HALF, "approved_at": "0001-01-01T00:00:00+14:00"}),
        ("approved-or-urgent", 422, {**_HALF, "approved_at": "9999-12-31T23:59:59-14:00"}),
        ("approved-or-urgent", 422, {**_HALF, "approved_at": "9999-12-31T23:59:59Z"}),
        ("not-a-head-here", 422, {"approved_by": str(DESK)}),
        ("not-a-head-here", 422, {"approved_by": str(FIRE_HEAD)}),
        ("not-a-head-here", 422, {"approved_by": str(uuid4())}),
        ("approval-time", 422, {"approved_at": str(START + timedelta(hours=1))}),
        ("approval-time", 422, {"approved_at": str(START - timedelta(hours=1))}),
        ("approval-time", 422, {"approved_at": "0001-01-01T00:00:00+14:00"}),
        ("approval-time", 422, {"approved_at": "9999-12-31T23:59:59-14:00"}),
        ("approval-time", 422, {**PRESERVING, "approved_at": "9999-12-31T23:59:59-14:00"}),
        ("not-a-head-here", 422, {**PRESERVING, "approved_by": str(DESK)}),
        ("not-a-seizure", 422, {**PRESERVING, "approved_by": None, "approved_at": None, "urgent": "x"}),
    ],
)
async def test_a_seizure_names_a_head_of_the_own_authority_who_approved_it(
    services_here: OpenPlatform, said: str, status: int, changes: dict[str, Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        refused = await put(platform, county.li, f"{hazard}/measures/{uuid4()}", status, **{**SEIZING, **changes})
        assert slug(refused) == said


async def test_no_head_approved_before_the_hazard_came_back(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        platform.travel(days=50)
        reopened = platform.now
        await post(platform, county.head, f"{hazard}/reopen", reason="It is there again")
        path = f"{hazard}/measures/{uuid4()}"
        early: dict[str, Any] = {**SEIZING, "approved_at": str(reopened - timedelta(seconds=1))}
        assert slug(await put(platform, county.li, path, 422, **early)) == "approval-time"
        await put(platform, county.li, path, **{**SEIZING, "approved_at": str(reopened)})


async def test_of_a_hazard_that_was_found_again_the_head_heard_when_it_was_told_of(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        platform.travel(days=50)
        second = await suspected_again(platform, report("Dust once more", at=platform.now))
        told_of = platform.now
        platform.travel(hours=3)
        ask = {"grade": "general", "what": "Dust again", "officers": county.OFFICERS}
        again = await post(platform, county.li, f"{second}/confirm", **ask)
        assert f"/hazards/{again['id']}" == hazard
        path = f"{hazard}/measures/{uuid4()}"
        early: dict[str, Any] = {**SEIZING, "approved_at": str(told_of - timedelta(days=1))}
        assert slug(await put(platform, county.li, path, 422, **early)) == "approval-time"
        await put(platform, county.li, path, **{**SEIZING, "approved_at": str(told_of)})


async def test_who_stepped_aside_approves_no_seizure(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.head, f"{hazard}/recusals", 201, reason="My brother owns the mill")
        assert slug(await put(platform, county.li, f"{hazard}/measures/{uuid4()}", 409, **SEIZING)) == "officer-recused"


async def test_what_was_approved_before_waits_for_nobody(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        path = f"{hazard}/measures/{uuid4()}"
        await put(platform, county.li, path, **SEIZING)
        held = await _only(platform, hazard)
        assert (held["approved_by"], held["approved_at"], held["approve_by"]) == (
            str(HEAD),
            "2026-09-30T01:00:00Z",
            None,
        )
        assert "approve" not in held["offers"]
        refused = await post(platform, county.head, f"{path}/approve", 409, approved=True, reason="x")
        assert slug(refused) == "nothing-to-approve"
        await put(platform, county.li, f"{hazard}/measures/{uuid4()}", **PRESERVING)
        await platform.settle(redeliver=3)
        taken, _ = platform.events(facts.MeasureTaken)
        assert isinstance(taken, facts.MeasureTaken)
        assert (taken.approved_by, taken.approve_by) == (HEAD, None)


async def test_what_could_not_wait_is_approved_within_a_day(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _urgent(platform)
        row = await due(platform, "seizure.approval")
        assert row == ("2026-10-01", "open")
        assert (await _only(platform, hazard))["approve_by"] == "2026-10-01T01:00:00Z", "24 hours, to the second"
        approval = {"approved": True, "reason": "It may explode"}
        for said, status, who in (
            ("role-may-not", 403, county.desk),
            ("role-may-not", 403, county.li),
            ("role-may-not", 403, county.principal),
            ("not-found", 404, county.actor("authority.head", FIRE_HEAD, county.FIRE)),
        ):
            assert slug(await post(platform, who, f"{path}/approve", status, **approval)) == said
        assert slug(await post(platform, county.head, f"{path}/extend", 409, reason="x")) == "approval-awaited"
        platform.travel(hours=25)
        await platform.settle(redeliver=3)
        [late] = [
            each
            for each in platform.events(facts.DeadlineMissed)
            if isinstance(each, facts.DeadlineMissed) and each.key == "seizure.approval"
        ]
        assert late.owed_by == county.EMERGENCY
        await post(platform, county.head, f"{path}/approve", **approval)
        assert (await due(platform, "seizure.approval"))[1] == "met"
        held = await _only(platform, hazard)
        assert (held["state"], held["approved_by"], held["approve_by"]) == ("standing", str(HEAD), None)
        assert held["why_urgent"] == "It smoulders"
        twice = await post(platform, county.head, f"{path}/approve", 409, **approval)
        assert slug(twice) == "nothing-to-approve"
        await post(platform, county.head, f"{path}/extend", reason="The test is not finished")
        await platform.settle(redeliver=3)
        assert _told(platform) == ["taken", "approval_decided", "extended"]


async def test_what_the_head_refuses_is_given_back_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _urgent(platform)
        await post(platform, county.li, f"{path}/send-for-appraisal", **_TEST)
        await post(platform, county.head, f"{path}/approve", approved=False, reason="A broom is enough")
        held = await _only(platform, hazard)
        assert (held["state"], held["outcome"], held["decision"]) == ("ended", "returned", "A broom is enough")
        assert (held["approved_by"], held["offers"]) == (None, [])
        assert (await due(platform, "seizure.approval"))[1] == "met"
        assert (await due(platform, "seizure"))[1] == "met", "also while its days rested"
        assert (await due(platform, "seizure.appraisal"))[1] == "cancelled"
        [own] = (await get(platform, county.principal, f"{hazard}/measures"))["items"]
        assert own["outcome"] == "returned"
        await platform.settle(redeliver=3)
        assert _told(platform) == ["taken", "sent_for_appraisal", "approval_decided", "ended"]


async def test_what_is_given_back_needs_no_approval_any_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        _, path = await _urgent(platform)
        await post(platform, county.desk, f"{path}/end", outcome="returned", reason="Cooled down")
        assert (await due(platform, "seizure.approval"))[1] == "cancelled"
        platform.travel(days=3)
        await platform.settle(redeliver=3)
        missed = {each.key for each in platform.events(facts.DeadlineMissed) if isinstance(each, facts.DeadlineMissed)}
        assert "seizure.approval" not in missed


@pytest.mark.parametrize("outcome", ["confiscated", "destroyed", "transferred"])
async def test_what_no_head_approved_is_only_given_back(services_here: OpenPlatform, outcome: str) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _urgent(platform)
        for days in (0, 3):  # also when the head has let the day go by
            platform.travel(days=days)
            refused = await post(platform, county.desk, f"{path}/end", 409, outcome=outcome, reason="x")
            assert (slug(refused), bool(refused["detail_zh"])) == ("approval-awaited", True)
        assert (await _only(platform, hazard))["state"] == "standing"
        await post(platform, county.head, f"{path}/approve", approved=True, reason="It may explode")
        await post(platform, county.desk, f"{path}/end", outcome=outcome, reason="So decided")
        assert (await _only(platform, hazard))["outcome"] == outcome


_TEST = {"appraiser": "Test house", "question": "Explosive?", "reason": "To know", "until": "2026-10-20"}
