import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from case_stages import due
from hazard_stages import (
    CERTAINTIES,
    LIMIT,
    ORDER,
    assigned,
    clocks,
    delivered,
    ordered,
    passing,
    proofs,
    rechecking,
    suspected,
    verdicts,
)
from inspection_county import OFFICERS, TODAY, get, post, report, settle, slug

from services.inspection.hazards.domain import HAZARD, SUSPENSION, Verb
from services.inspection.hazards.domain.guards import is_certified
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.registry import CertificateKind, CertificateRecorded, CertificateStatus, MembershipGranted
from shared.contracts.values import Category, Role
from shared.testing import OpenPlatform, Platform

EQUIPMENT = "hazard.recheck.special_equipment"
Stage = Callable[[Platform], Awaitable[tuple[str, dict[str, dict[str, Any]]]]]
"""Leads to a hazard, and gives the commands of enforcement that are open there."""


async def _told_of(platform: Platform, *certificates: tuple[UUID, dict[str, Any]]) -> None:
    """Let the registry tell of enforcement certificates: (holder, what differs from a valid one)."""
    told: list[tuple[UUID, int, Event]] = []
    for holder, changes in certificates:
        given: dict[str, Any] = {
            "at": platform.now,
            "area_code": county.COUNTY,
            "certificate_id": uuid4(),
            "person_id": holder,
            "kind": CertificateKind.ENFORCEMENT,
            "number": f"F-{holder.int}",
            "issuer": "County",
            "valid_from": TODAY - timedelta(days=400),
            "valid_to": TODAY + timedelta(days=400),
            "status": CertificateStatus.VALID,
            **changes,
        }
        told.append((given["certificate_id"], 1, CertificateRecorded(**given)))
    await platform.announce(*told)
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"valid_to": None}, True),
        ({"valid_to": TODAY}, True),
        ({"valid_to": TODAY - timedelta(days=1)}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_from": TODAY + timedelta(days=1)}, False),
        ({"status": CertificateStatus.SUSPENDED}, False),
        ({"status": CertificateStatus.REVOKED}, False),
        ({"kind": CertificateKind.EVALUATOR}, None),
    ],
)
async def test_only_a_certificate_that_is_valid_today_orders(
    services_here: OpenPlatform, change: dict[str, Any], valid: bool | None
) -> None:
    """RM-5 and RM-7 with suspended and not yet valid certificates; the last day itself is valid."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await _told_of(platform, (county.WANG, change))
        held = valid is not False  # what is no enforcement certificate leaves things as they were
        answer = await post(platform, county.li, f"{hazard}/order", 200 if held else 403, **ORDER)
        assert held or (slug(answer), answer["officers"]) == ("certificate-expired", [str(county.WANG)])
        wang = county.actor("authority.officer", county.WANG, county.EMERGENCY)
        if not held:
            assert (await get(platform, wang, hazard))["offers"] == []
            assert slug(await post(platform, wang, f"{hazard}/order", 403, **ORDER)) == "certificate-expired"


async def test_of_several_certificates_one_that_is_valid_is_enough(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await _told_of(
            platform,
            (county.LI, {"status": CertificateStatus.SUSPENDED}),
            (county.LI, {"valid_to": TODAY}),
            (county.LI, {"valid_from": TODAY + timedelta(days=1)}),
            (county.EXPIRED, {"valid_from": TODAY}),
        )
        officers = [str(county.LI), str(county.EXPIRED)]
        ordering = {**ORDER, "officers": officers}
        assert (await post(platform, county.expired, f"{hazard}/order", **ordering))["state"] == "ordered"


async def test_two_suspended_officers_are_not_two_officers(services_here: OpenPlatform) -> None:
    """RM-7: whose certificate holds makes up for nobody's whose does not."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        suspended = {"status": CertificateStatus.SUSPENDED}
        await _told_of(platform, (county.WANG, suspended), (county.HEAD, suspended))
        three = {**ORDER, "officers": [str(county.LI), str(county.WANG), str(county.HEAD)]}
        refused = await post(platform, county.li, f"{hazard}/order", 403, **three)
        assert set(refused["officers"]) == {str(county.WANG), str(county.HEAD)}
        alone = {**ORDER, "officers": [str(county.LI)]}
        assert slug(await post(platform, county.li, f"{hazard}/order", 422, **alone)) == "two-officers"


async def _suspected(platform: Platform) -> tuple[str, dict[str, dict[str, Any]]]:
    return await suspected(platform), {
        "confirm": {"grade": "general", "what": "Dust", "officers": OFFICERS},
        "dismiss": {"reason": "none", "officers": OFFICERS},
    }


async def _assigned(platform: Platform) -> tuple[str, dict[str, dict[str, Any]]]:
    return await assigned(platform), {"order": ORDER}


async def _rechecking(platform: Platform) -> tuple[str, dict[str, dict[str, Any]]]:
    hazard = await rechecking(platform, report(), county.finding())
    told = await passing(platform, hazard)
    failing = {**told, "verdicts": await verdicts(platform, hazard, 1), "basis": "x", "limit": str(LIMIT)}
    return hazard, {"pass-recheck": told, "fail-recheck": {**failing, "consequence": "open_case"}}


@pytest.mark.parametrize("stage", [_suspected, _assigned, _rechecking])
async def test_a_certificate_that_ended_yesterday_is_refused_on_every_enforcement_command(
    services_here: OpenPlatform, stage: Stage
) -> None:
    """D12: what is offered on the certificate's last day is refused on the day after."""
    async with services_here("inspection") as platform:
        hazard, commands = await stage(platform)
        await _told_of(platform, (county.LI, {"valid_to": TODAY}))
        asked = {command.replace("-", "_") for command in commands}
        assert asked <= set((await get(platform, county.li, hazard))["offers"]), "the last day itself is valid"
        platform.travel(days=1)
        assert not asked & set((await get(platform, county.li, hazard))["offers"])
        for command, ask in commands.items():
            refused = await post(platform, county.li, f"{hazard}/{command}", 403, **ask)
            assert slug(refused) == "certificate-expired", command


def test_the_commands_of_enforcement_are_those_that_ask_for_a_certificate() -> None:
    guarded = {verb for verb, move in (*HAZARD, *SUSPENSION) if is_certified in move.guards}
    tried = {Verb.CONFIRM, Verb.DISMISS, Verb.ORDER, Verb.PASS_RECHECK, Verb.FAIL_RECHECK}
    assert guarded == tried | {Verb.LOOK_BACK, Verb.ORDER_STOP, Verb.SITE_CHECK, Verb.TAKE_OVER}


async def test_an_officer_whose_term_is_over_is_no_colleague_any_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        office = MembershipGranted(
            at=platform.now,
            area_code=county.COUNTY,
            membership_id=UUID(int=county.WANG.int + 1000),
            person_id=county.WANG,
            party_id=county.EMERGENCY,
            role=Role.AUTHORITY_OFFICER,
            valid_to=TODAY,
        )
        await platform.announce((office.membership_id, 2, office))
        await platform.settle(redeliver=3)
        wrong_limit = {**ORDER, "limit": str(TODAY - timedelta(days=1))}
        on_the_last_day = await post(platform, county.li, f"{hazard}/order", 422, **wrong_limit)
        assert slug(on_the_last_day) == "limit-not-lawful", "the officers were in order"
        platform.travel(days=1)
        refused = await post(platform, county.li, f"{hazard}/order", 422, **ORDER)
        assert (slug(refused), refused["officers"]) == ("not-an-officer-here", [str(county.WANG)])


async def test_two_officers_who_order_at_once_issue_one_order(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        wang = county.actor("authority.officer", county.WANG, county.EMERGENCY)
        async with platform.client("inspection", county.li) as one, platform.client("inspection", wang) as two:
            answers = await asyncio.gather(*(http.post(f"{hazard}/order", json=ORDER) for http in (one, two)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.OrderIssued)) == 1


async def test_a_major_grade_names_a_valid_criterion_or_two_experts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        ask = {"grade": "major", "what": "Dust", "officers": OFFICERS}
        path = f"{hazard}/confirm"
        assert slug(await post(platform, county.li, path, 422, **ask)) == "major-needs-a-reason"
        ended = {**ask, "criterion_ids": [str(county.OLD_CRITERION)]}
        assert slug(await post(platform, county.li, path, 422, **ended)) == "criterion-not-valid"
        one = {**ask, "expert_opinion": {"experts": ["Dr Sun", "Dr Sun"], "opinion": "Explosive."}}
        assert slug(await post(platform, county.li, path, 422, **one)) == "major-needs-a-reason"
        two = {**ask, "expert_opinion": {"experts": ["Dr Sun", "Dr Qian"], "opinion": "Explosive."}}
        assert (await post(platform, county.li, path, **two))["grade"] == "major"


async def test_a_dismissed_suspicion_is_told_as_unfounded(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        await post(platform, county.li, f"{hazard}/dismiss", reason="Flour, not dust.", officers=OFFICERS)
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ReportUnfounded)
        assert told.explanation == "Flour, not dust."
        [entry] = (await get(platform, county.desk, "/docket"))["items"]
        assert entry["offers"] == ["answer", "escalate_fatality"]
        assert await clocks(platform, hazard) == {}


async def test_what_was_found_to_be_another_category_goes_to_its_authority(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await settle(platform, report())
        [entry] = (await get(platform, county.desk, "/docket"))["items"]
        ask = {"what": "Blocked exit", "category": "fire"}
        accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", **ask)
        hazard = f"/hazards/{accepted['hazard_id']}"
        await post(platform, county.li, f"{hazard}/confirm", grade="general", what="Blocked exit", officers=OFFICERS)
        assert slug(await post(platform, county.desk, f"{hazard}/assign", 403)) == "not-your-hazard"
        taken = await post(platform, county.fire_desk, f"{hazard}/assign")
        assert (taken["lead_authority_id"], taken["routing_rule"]) == (str(county.FIRE), "category")
        assert (await get(platform, county.fire_officer, hazard))["offers"] == ["order", "open_case"]


async def test_a_second_return_goes_to_the_committee(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        suggestion = {"reason": "Fire is nearer.", "suggested_authority_id": str(county.FIRE), "code": "other_category"}
        await post(platform, county.desk, f"{hazard}/return-assignment", **suggestion)
        assert (await get(platform, county.fire_desk, hazard))["offers"] == ["assign", "return_assignment"]
        back = {"reason": "It is not.", "suggested_authority_id": str(county.EMERGENCY), "code": "not_in_scope"}
        await post(platform, county.fire_desk, f"{hazard}/return-assignment", **back)
        disputed = await get(platform, county.committee, hazard)
        assert disputed["lead_authority_id"] is None
        assert disputed["offers"] == ["assign"]
        assert slug(await post(platform, county.committee, f"{hazard}/assign", 422)) == "name-a-lead"
        named = await post(platform, county.committee, f"{hazard}/assign", lead_authority_id=str(county.MARKET))
        assert named["routing_rule"] == "arbitration"
        again = await post(platform, county.committee, f"{hazard}/assign", 403, lead_authority_id=str(county.EMERGENCY))
        assert slug(again) == "not-in-arbitration"


async def test_who_was_suggested_may_order_at_once_and_no_clock_is_left_behind(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        suggestion = {"reason": "Fire is nearer.", "suggested_authority_id": str(county.FIRE), "code": "other_category"}
        await post(platform, county.desk, f"{hazard}/return-assignment", **suggestion)
        assert await clocks(platform, hazard) == {"hazard.assign": str(county.FIRE)}
        ordering = {**ORDER, "items": [{"text": "Clean the motors"}], "officers": county.FIRE_OFFICERS}
        shown = await post(platform, county.fire_officer, f"{hazard}/order", **ordering)
        assert {clock["key"] for clock in shown["deadlines"]} == {"hazard.plan", "hazard.limit", "order.deliver"}


async def test_a_limit_stays_within_the_profile(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        for kind, limit in (
            ("rectify_by", TODAY + timedelta(days=31)),
            ("rectify_by", TODAY - timedelta(days=1)),
            ("remove_at_once", TODAY + timedelta(days=1)),
        ):
            ask = {**ORDER, "kind": kind, "limit": str(limit)}
            assert slug(await post(platform, county.li, f"{hazard}/order", 422, **ask)) == "limit-not-lawful"
        at_once = {**ORDER, "kind": "remove_at_once", "limit": str(TODAY)}
        assert (await post(platform, county.li, f"{hazard}/order", **at_once))["limit"] == str(TODAY)


async def test_a_major_hazard_is_taken_in_hand_with_five_certainties(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        path = f"{hazard}/start-rectification"
        assert slug(await post(platform, county.principal, path, 422)) == "five-certainties"
        longer = {**CERTAINTIES, "limit": str(LIMIT + timedelta(days=1))}
        assert slug(await post(platform, county.principal, path, 422, certainties=longer)) == "plan-too-long"
        assert (await post(platform, county.principal, path, certainties=CERTAINTIES))["state"] == "rectifying"


async def test_a_recheck_speaks_of_every_item(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        proven = await proofs(platform, hazard)
        refused = await post(platform, county.principal, f"{hazard}/request-recheck", 422, items=proven[:1])
        assert slug(refused) == "every-item-once"
        unproven = [{**proof, "after": []} for proof in proven]
        await post(platform, county.principal, f"{hazard}/request-recheck", 422, items=unproven)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=proven)
        await post(platform, county.li, f"{hazard}/open-recheck")
        half = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard, 1), "opinion": "half"}
        assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", 422, **half)) == "items-fail"
        full = {**half, "verdicts": await verdicts(platform, hazard), "basis": "x", "limit": str(LIMIT)}
        refused = await post(platform, county.li, f"{hazard}/fail-recheck", 422, consequence="open_case", **full)
        assert slug(refused) == "no-item-fails"
        await post(platform, county.li, f"{hazard}/fail-recheck", 422, **full)


async def test_an_expired_limit_opens_the_recheck_unasked(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        assert slug(await post(platform, county.li, f"{hazard}/open-recheck", 409)) == "limit-not-passed"
        platform.travel(days=11)
        [late] = (await get(platform, county.principal, "/hazards?overdue=true"))["items"]
        assert late["overdue"] is True
        assert (await post(platform, county.li, f"{hazard}/open-recheck"))["state"] == "rechecking"
        assert list(await clocks(platform, hazard)) == ["hazard.recheck"]


async def test_special_equipment_is_looked_at_sooner_by_a_clock_of_its_own(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, report(category=Category.SPECIAL_EQUIPMENT))
        await post(platform, county.principal, f"{hazard}/start-rectification")
        platform.travel(days=5)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
        assert await clocks(platform, hazard) == {EQUIPMENT: str(county.EMERGENCY)}
        assert await due(platform, EQUIPMENT) == ("2026-10-10", "open"), "three working days, of which one a Saturday"
        await platform.settle(redeliver=3)
        [asked] = platform.events(facts.RecheckRequested)
        assert isinstance(asked, facts.RecheckRequested)
        assert str(asked.recheck_by.date()) == "2026-10-10"
        await post(platform, county.li, f"{hazard}/open-recheck")
        failing = {
            "officers": OFFICERS,
            "verdicts": await verdicts(platform, hazard, 1, 2),
            "opinion": "Not put right",
            "consequence": "new_order",
            "limit": "2026-10-12",
            "basis": "Work Safety Law art. 65",
        }
        await post(platform, county.li, f"{hazard}/fail-recheck", **failing)
        assert (await due(platform, EQUIPMENT))[1] == "met"
        await delivered(platform, hazard)
        platform.travel(days=14)
        await post(platform, county.li, f"{hazard}/open-recheck")
        assert await due(platform, EQUIPMENT) == ("2026-10-15", "open"), "from the expiry of the limit"
        await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
        assert (await due(platform, EQUIPMENT))[1] == "met"
