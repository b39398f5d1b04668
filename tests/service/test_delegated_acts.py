"""A delegate acts in the authority's name exactly as far as its letter reaches, and never a day longer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from delegation_letters import (
    BASIS,
    BRIGADE,
    BRIGADES_OFFICERS,
    COMING_BASIS,
    CONFIRM,
    LETTER,
    OLD_BASIS,
    ORDER,
    SUN,
    TOWNS_OFFICERS,
    UNCERTIFIED,
    delegated,
    letter,
    stranger,
    sun,
    told_next,
    uncertified,
    zhao,
)
from hazard_stages import ORDER as OFFICERS_ORDER
from hazard_stages import assigned, passing, rechecking, suspected
from inspection_county import EMERGENCY, FIRE, TODAY, TOWNSHIP, get, post, slug

from shared.contracts import inspection as facts
from shared.contracts import registry
from shared.contracts.registry import DelegationState, Power
from shared.contracts.values import Category
from shared.testing import OpenPlatform

DAY = timedelta(days=1)


async def test_a_delegate_confirms_and_orders_in_the_authoritys_name_and_the_letter_is_told(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        await get(platform, zhao, hazard, 404)
        await delegated(platform, letter())
        assert (await get(platform, zhao, hazard))["offers"] == ["confirm"]
        await post(platform, zhao, f"{hazard}/confirm", **CONFIRM)
        await post(platform, county.desk, f"{hazard}/assign")
        assert [each["id"] for each in (await get(platform, zhao, "/hazards"))["items"]] == [hazard.split("/")[-1]]
        ordered = await post(platform, zhao, f"{hazard}/order", **ORDER, basis_ids=[str(BASIS)])
        [order] = ordered["orders"]
        assert (order["letter_no"], order["basis_ids"]) == ("应急委〔2026〕1号", [str(BASIS)])
        assert order["number"].startswith("应急责改")
        await platform.settle(redeliver=3)
        for kind in (facts.HazardConfirmed, facts.OrderIssued):
            [told] = platform.events(kind)
            assert isinstance(told, facts.HazardFact)
            assert (told.in_name_of, told.delegation_id, told.letter_no) == (EMERGENCY, LETTER, "应急委〔2026〕1号")
        [assigned_by_the_desk] = platform.events(facts.HazardAssigned)
        assert isinstance(assigned_by_the_desk, facts.HazardFact)
        assert assigned_by_the_desk.in_name_of is None
        history = (await get(platform, county.desk, f"{hazard}/history"))["items"]
        done = next(each for each in history if each["verb"] == "order")
        assert (done["capacity"], done["party_id"]) == ("delegate", str(BRIGADE))
        assert (done["in_name_of"], done["letter_no"]) == (str(EMERGENCY), "应急委〔2026〕1号")
        assert (done["delegation_id"], done["basis_ids"]) == (str(LETTER), [str(BASIS)])


async def test_a_township_with_a_letter_rechecks_and_without_one_only_watches(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        await delegated(platform)
        refused = {"attachments": [], "unit_signature": [], "unit_refused": "The manager went away"}
        ask = await passing(platform, hazard, officers=TOWNS_OFFICERS, **refused)
        assert (await get(platform, sun, hazard))["offers"] == []
        assert slug(await post(platform, sun, f"{hazard}/pass-recheck", 403, **ask)) == "no-delegation"
        await delegated(platform, letter(delegate_id=TOWNSHIP, kind=registry.DelegationKind.ASSIGNED))
        assert (await get(platform, sun, hazard))["offers"] == ["pass_recheck", "fail_recheck"]
        assert (await post(platform, sun, f"{hazard}/pass-recheck", **ask))["state"] == "verified"
        assert slug(await post(platform, sun, f"{hazard}/close", 403)) == "role-may-not"


NARROWER: list[tuple[str, dict[str, Any]]] = [
    ("delegation-not-in-force", {"valid_from": TODAY + DAY}),
    ("delegation-without-power", {"powers": tuple(set(Power) - {Power.ORDER})}),
    ("delegation-out-of-scope", {"categories": (Category.FIRE,)}),
    ("delegation-out-of-scope", {"area_code": "990101002"}),
    ("delegation-out-of-scope", {"industries": ("C14",)}),
    ("delegation-out-of-scope", {"basis_ids": (BASIS,)}),
]


@pytest.mark.parametrize(("told", "changes"), NARROWER)
async def test_outside_its_letter_a_delegate_orders_nothing(
    services_here: OpenPlatform, told: str, changes: dict[str, Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter(**changes))
        refused = await post(platform, zhao, f"{hazard}/order", 403, **ORDER)
        assert slug(refused) == told
        assert (refused["detail_en"] != refused["detail_zh"], bool(refused["letters"])) == (True, True)
        assert (await get(platform, county.desk, hazard))["state"] == "assigned"
        await delegated(platform, letter(delegation_id=uuid4(), industries=("C13",), area_code="990101001"))
        assert (await post(platform, zhao, f"{hazard}/order", **ORDER))["state"] == "ordered"


async def test_a_letter_binds_no_other_authority_and_is_nobody_elses(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter(authority_id=FIRE), letter(delegation_id=uuid4(), delegate_id=TOWNSHIP))
        await get(platform, zhao, hazard, 404)
        await get(platform, stranger, hazard, 404)
        assert (await get(platform, zhao, "/hazards"))["items"] == []
        other = {**ORDER, "officers": BRIGADES_OFFICERS}
        assert slug(await post(platform, sun, f"{hazard}/order", 422, **other)) == "you-are-not-among-them"
        mixed = {**ORDER, "officers": [str(SUN), BRIGADES_OFFICERS[0]]}
        assert slug(await post(platform, sun, f"{hazard}/order", 422, **mixed)) == "not-an-officer-here"


async def test_a_suspended_or_revoked_letter_is_refused_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter())
        platform.travel(minutes=1)
        suspended = letter(registry.DelegationSuspended, state=DelegationState.SUSPENDED, reason="Reviewed")
        await told_next(platform, 2, suspended)
        assert slug(await post(platform, zhao, f"{hazard}/order", 403, **ORDER)) == "delegation-not-in-force"
        assert (await get(platform, zhao, hazard))["offers"] == []
        await told_next(platform, 3, letter())
        assert (await get(platform, zhao, hazard))["offers"] == ["order"]
        revoked = letter(registry.DelegationRevoked, at=platform.now, state=DelegationState.REVOKED, reason="Misused")
        await told_next(platform, 4, revoked)
        assert slug(await post(platform, zhao, f"{hazard}/order", 403, **ORDER)) == "delegation-not-in-force"
        assert (await get(platform, zhao, hazard))["offers"] == []


async def test_what_became_known_after_the_end_of_a_letter_is_not_shown(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        before = await assigned(platform)
        await delegated(platform, letter(valid_to=TODAY))
        platform.travel(days=2)
        await county.settle(platform, county.report("A second one", at=platform.now))
        entry = next(e for e in (await get(platform, county.desk, "/docket"))["items"] if "accept" in e["offers"])
        accepted = await post(platform, county.desk, f"/docket/{entry['id']}/accept", what="Dust again")
        assert (await get(platform, zhao, before))["state"] == "assigned"
        await get(platform, zhao, f"/hazards/{accepted['hazard_id']}", 404)
        await get(platform, county.desk, f"/hazards/{accepted['hazard_id']}")


async def test_a_delegates_officers_hold_certificates_too(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter())
        both = {**ORDER, "officers": [BRIGADES_OFFICERS[0], str(UNCERTIFIED)]}
        for who in (zhao, uncertified):
            assert slug(await post(platform, who, f"{hazard}/order", 403, **both)) == "certificate-expired"


async def test_a_delegate_does_not_move_a_case_into_its_scope_by_naming_an_enterprise(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await suspected(platform)
        await delegated(platform, letter(industries=("C13",)))
        elsewhere = {**CONFIRM, "enterprise_id": str(county.BAKERY)}
        assert slug(await post(platform, zhao, f"{hazard}/confirm", 403, **elsewhere)) == "delegation-out-of-scope"
        assert (await post(platform, zhao, f"{hazard}/confirm", **CONFIRM))["state"] == "confirmed"


async def test_an_order_cites_only_bases_in_force_on_its_day(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform)
        for basis in (OLD_BASIS, COMING_BASIS, uuid4()):
            ask = {**OFFICERS_ORDER, "basis_ids": [str(BASIS), str(basis)]}
            refused = await post(platform, county.li, f"{hazard}/order", 422, **ask)
            assert (slug(refused), refused["bases"]) == ("basis-not-in-force", [str(basis)])
        platform.travel(days=1)
        ask = {**OFFICERS_ORDER, "basis_ids": [str(BASIS), str(COMING_BASIS)]}
        assert (await post(platform, county.li, f"{hazard}/order", **ask))["state"] == "ordered"
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.OrderIssued)
        assert isinstance(told, facts.OrderIssued)
        assert told.basis_ids == (BASIS, COMING_BASIS)
