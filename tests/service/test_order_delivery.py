"""An order binds whom it reached (WSL art. 68): delivered on the spot, later, against a refusal, or taken in hand."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from delegation_letters import BRIGADE, delegated, letter, zhao
from hazard_stages import (
    LIMIT,
    ORDER,
    assigned,
    clocks,
    delivered,
    ordered,
    passing,
    rechecking,
    verdicts,
)
from inspection_county import OFFICERS, OFFICERS_PICTURE, get, post, slug

from shared.contracts import inspection as facts
from shared.contracts.registry import Power
from shared.testing import OpenPlatform, Platform

SIGNED = {"how": "in_person", "received_by": "Gatekeeper", "evidence": [OFFICERS_PICTURE]}
REFUSED: dict[str, Any] = {
    "how": "left_at_premises",
    "refused": {"reason": "The manager would not sign", "witnesses": ["Zhou Yi", "Wu Er"]},
    "evidence": [OFFICERS_PICTURE],
}


async def _order_of(platform: Platform, hazard: str) -> str:
    return (await get(platform, county.li, hazard))["orders"][-1]["id"]


async def test_an_order_handed_over_on_the_spot_is_issued_and_delivered_in_one_move(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        no_paper = {**ORDER, "delivery": {**SIGNED, "evidence": []}}
        refused = await post(platform, county.li, f"{hazard}/order", 422, **no_paper)
        assert (slug(refused), refused["missing"]) == ("evidence-missing", [{"piece": "signature"}])
        assert (await get(platform, county.li, hazard))["state"] == "assigned", "nothing was issued either"
        shown = await post(platform, county.li, f"{hazard}/order", **ORDER, delivery=SIGNED)
        assert (shown["state"], shown["delivered"]) == ("ordered", True)
        assert "deliver" not in shown["offers"]
        assert "order.deliver" not in await clocks(platform, hazard)
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events(facts.OrderIssued, facts.OrderDelivered)]
        assert told == ["ordered", "order_delivered"]
        [delivery] = platform.events(facts.OrderDelivered)
        assert isinstance(delivery, facts.OrderDelivered)
        assert (str(delivery.order_id), delivery.how, delivery.signature_refused) == (
            shown["orders"][0]["id"],
            "in_person",
            False,
        )


async def test_a_refused_signature_is_recorded_with_witnesses_and_counts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        assert (await clocks(platform, hazard))["order.deliver"] == str(county.EMERGENCY)
        path, order_id = f"{hazard}/deliver", await _order_of(platform, hazard)
        one = {**REFUSED, "refused": {"reason": "No", "witnesses": ["Zhou Yi"]}}
        for told, ask in (
            ("evidence-missing", one),
            ("refused-is-left", {**SIGNED, "refused": REFUSED["refused"]}),
            ("not-a-delivery", {"how": "taken_in_hand"}),
            ("delivery-time", {**REFUSED, "at": str(platform.now + timedelta(hours=1))}),
            ("unknown-evidence", {**REFUSED, "evidence": [county.PICTURE]}),
        ):
            assert slug(await post(platform, county.li, path, 422, order_id=order_id, **ask)) == told
        assert slug(await post(platform, county.li, path, 409, order_id=str(uuid4()), **REFUSED)) == "not-newest-order"
        assert (await post(platform, county.li, path, order_id=order_id, **REFUSED))["delivered"] is True
        again = await post(platform, county.li, path, 409, order_id=order_id, **SIGNED)
        assert slug(again) == "already-delivered"
        seen, own = [(await get(platform, who, hazard))["deliveries"] for who in (county.desk, county.principal)]
        assert [seen[0]["witnesses"], seen[0]["by_id"]] == [["Zhou Yi", "Wu Er"], str(county.LI)]
        assert set(own[0]) == {"order_id", "how", "received_by", "refused", "at"}, "no witness is named to the unit"
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [(move["verb"], move["reason"]) for move in history][-1] == ("deliver", "The manager would not sign")
        await platform.settle(redeliver=3)
        [told_of] = platform.events(facts.OrderDelivered)
        assert isinstance(told_of, facts.OrderDelivered)
        assert told_of.signature_refused


async def test_a_limit_that_nobody_was_told_of_does_not_pass(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        platform.travel(days=11)
        assert "open_recheck" not in (await get(platform, county.li, hazard))["offers"]
        assert slug(await post(platform, county.li, f"{hazard}/open-recheck", 409)) == "order-not-delivered"
        await delivered(platform, hazard, how="posted")
        assert (await post(platform, county.li, f"{hazard}/open-recheck"))["state"] == "rechecking"


async def test_an_enterprise_that_begins_has_received_the_order(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        shown = await post(platform, county.principal, f"{hazard}/start-rectification")
        assert (shown["delivered"], shown["deliveries"][0]["how"]) == (True, "taken_in_hand")
        assert "order.deliver" not in await clocks(platform, hazard)
        assert slug(await post(platform, county.li, f"{hazard}/deliver", 409, order_id=str(uuid4()), **SIGNED))
        await platform.settle(redeliver=3)
        assert [event.how for event in platform.events(facts.OrderDelivered)] == ["taken_in_hand"]


async def test_every_new_order_is_delivered_anew_and_only_the_newest(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        first = await _order_of(platform, hazard)
        failing: dict[str, Any] = {
            "officers": OFFICERS,
            "verdicts": await verdicts(platform, hazard, 1),
            "opinion": "Dust is left.",
            "basis": "WSL art. 65",
            "limit": str(LIMIT),
        }
        case = {**failing, "consequence": "open_case", "delivery": SIGNED}
        assert slug(await post(platform, county.li, f"{hazard}/fail-recheck", 422, **case)) == "no-order-to-deliver"
        shown = await post(platform, county.li, f"{hazard}/fail-recheck", **failing, consequence="new_order")
        assert (shown["delivered"], "deliver" in shown["offers"]) == (False, True)
        refused = await post(platform, county.li, f"{hazard}/deliver", 409, order_id=first, **SIGNED)
        assert slug(refused) == "not-newest-order"
        await delivered(platform, hazard, how="electronic")
        assert "order.deliver" not in await clocks(platform, hazard)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=await _proof(platform, hazard))
        await post(platform, county.li, f"{hazard}/open-recheck")
        again = {**failing, "verdicts": await verdicts(platform, hazard, 1), "delivery": SIGNED}
        on_the_spot = await post(platform, county.li, f"{hazard}/fail-recheck", **again, consequence="new_order")
        assert (on_the_spot["delivered"], len(on_the_spot["deliveries"])) == (True, 3)


async def test_the_limit_of_a_new_order_binds_only_when_that_order_was_delivered(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await delivered(platform, hazard)
        platform.travel(days=11)
        await post(platform, county.li, f"{hazard}/open-recheck")
        failing = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard, 1, 2), "opinion": "Nothing done."}
        failing |= {"basis": "WSL art. 65", "limit": str(LIMIT + timedelta(days=5)), "consequence": "new_order"}
        await post(platform, county.li, f"{hazard}/fail-recheck", **failing)
        platform.travel(days=6)
        assert slug(await post(platform, county.li, f"{hazard}/open-recheck", 409)) == "order-not-delivered"
        await delivered(platform, hazard)
        await post(platform, county.li, f"{hazard}/open-recheck")
        bare = await passing(platform, hazard)
        lacking = await post(platform, county.li, f"{hazard}/pass-recheck", 422, **bare)
        assert lacking["missing"] == [{"piece": "after", "item": 1}, {"piece": "after", "item": 2}]
        photographed = [{**verdict, "after": [OFFICERS_PICTURE]} for verdict in bare["verdicts"]]
        await post(platform, county.li, f"{hazard}/pass-recheck", **{**bare, "verdicts": photographed})
        assert await clocks(platform, hazard) == {"hazard.close": str(county.EMERGENCY)}
        ended = await platform.rows("inspection", "select state from deadlines where key = 'order.deliver'")
        assert [row["state"] for row in ended] == ["met", "met"]


async def test_a_delegate_hands_over_what_its_letter_lets_it_order(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        own = await county.hand_in(platform, {**county.PICTURE, "id": str(uuid4())}, BRIGADE)
        ask = {**SIGNED, "order_id": await _order_of(platform, hazard), "evidence": [own]}
        await delegated(platform, letter(powers=(Power.CONFIRM,)))
        assert slug(await post(platform, zhao, f"{hazard}/deliver", 403, **ask)) == "delegation-without-power"
        await delegated(platform, letter(delegation_id=uuid4()))
        assert (await post(platform, zhao, f"{hazard}/deliver", **ask))["delivered"] is True
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.OrderDelivered)
        assert isinstance(told, facts.OrderDelivered)
        assert (told.in_name_of, told.letter_no) == (county.EMERGENCY, "应急委〔2026〕1号")


async def _proof(platform: Platform, hazard: str) -> list[dict[str, Any]]:
    items = (await get(platform, county.principal, hazard))["items"]
    return [{"item_id": item["id"], "after": [county.PICTURE]} for item in items if not item["passed"]]
