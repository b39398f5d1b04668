"""One report names several hazards, one hazard is found to be several, several are found to be one."""

import asyncio
from typing import Any
from uuid import UUID

import hazard_stages as stages
import inspection_county as county
from inspection_county import OFFICERS, get, post, report, settle, slug

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.values import Category
from shared.testing import OpenPlatform, Platform

CONFIRM = {"grade": "general", "what": "Dust deposits on motors", "officers": OFFICERS}
DISMISS = {"reason": "Nothing of the kind was found.", "officers": OFFICERS}
SEVERAL = {
    "what": "Dust deposits on motors",
    "further": [{"what": "Exit of the hall is blocked", "category": "fire"}, {"what": "Guard of saw 3 is missing"}],
}


async def entries(platform: Platform, *claims: Event) -> list[str]:
    """Bring these claims to the docket, an hour apart; give their addresses in that order."""
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    for claim in claims:
        await settle(platform, claim.model_copy(update={"at": platform.now}))
        platform.travel(hours=1)
    found = (await get(platform, county.desk, "/docket"))["items"]
    return [f"/docket/{entry['id']}" for entry in found]


async def hazards_of(platform: Platform, entry: str) -> list[str]:
    return [f"/hazards/{each}" for each in (await get(platform, county.desk, entry))["hazard_ids"]]


async def accepted(platform: Platform, entry: str, **ask: Any) -> list[str]:
    await post(platform, county.desk, f"{entry}/accept", **(ask or {"what": "Dust deposits on motors"}))
    return await hazards_of(platform, entry)


async def state(platform: Platform, address: str) -> str:
    return (await get(platform, county.desk, address))["state"]


async def claims(platform: Platform, hazard: str) -> list[str]:
    return [claim["claim_id"] for claim in (await get(platform, county.desk, hazard))["claims"]]


async def test_one_report_may_name_several_hazards_each_with_the_claim_behind_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        [entry] = await entries(platform, claim)
        hazards = await accepted(platform, entry, **SEVERAL)
        shown = [await get(platform, county.desk, hazard) for hazard in hazards]
        assert [(each["what"], each["category"]) for each in shown] == [
            ("Dust deposits on motors", "dust"),
            ("Exit of the hall is blocked", "fire"),
            ("Guard of saw 3 is missing", "dust"),
        ]
        assert [await claims(platform, hazard) for hazard in hazards] == [[str(claim.claim_id)]] * 3
        assert [[clock["key"] for clock in each["deadlines"]] for each in shown] == [
            [],
            ["hazard.verify.further"],
            ["hazard.verify.further"],
        ]
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ReportAccepted)
        assert isinstance(told, facts.ReportAccepted)
        assert told.hazard_ids == tuple(UUID(hazard.rpartition("/")[2]) for hazard in hazards)
        assert told.hazard_id == told.hazard_ids[0]
        assert len(platform.events(facts.HazardRegistered)) == 3


async def test_no_word_of_the_reporter_stands_in_any_of_the_hazards(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await entries(platform, report())
        copied = {"what": "Dust on motors", "further": [{"what": "dust lies THICK on the motors"}]}
        assert slug(await post(platform, county.desk, f"{entry}/accept", 422, **copied)) == "in-your-own-words"
        too_many = {"what": "Dust", "further": [{"what": f"Hazard {n}"} for n in range(11)]}
        assert slug(await post(platform, county.desk, f"{entry}/accept", 422, **too_many)) == "invalid-request"
        assert await state(platform, entry) == "received"


async def test_one_hazard_that_is_true_makes_the_report_true(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await entries(platform, report())
        first, second, third = await accepted(platform, entry, **SEVERAL)
        await post(platform, county.li, f"{first}/dismiss", **DISMISS)
        await platform.settle(redeliver=3)
        assert await state(platform, entry) == "accepted"
        await post(platform, county.li, f"{third}/confirm", **{**CONFIRM, "what": "Guard of saw 3 is missing"})
        await platform.settle(redeliver=3)
        assert await state(platform, entry) == "substantiated"
        assert await stages.clocks(platform, third) == {"hazard.assign": str(county.EMERGENCY)}
        await post(platform, county.li, f"{second}/dismiss", **DISMISS)
        await platform.settle(redeliver=3)
        assert await state(platform, entry) == "substantiated"
        [told] = platform.events(facts.ReportSubstantiated)
        assert isinstance(told, facts.ReportSubstantiated)
        assert f"/hazards/{told.hazard_id}" == third


async def test_a_report_is_unfounded_when_none_of_its_hazards_is_one(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await entries(platform, report())
        hazards = await accepted(platform, entry, **SEVERAL)
        for hazard, reason in zip(
            hazards, ("The motors are clean.", "The exit is free.", "The guard is there."), strict=True
        ):
            assert await state(platform, entry) == "accepted"
            await post(platform, county.li, f"{hazard}/dismiss", **{**DISMISS, "reason": reason})
            await platform.settle(redeliver=3)
        assert await state(platform, entry) == "unfounded"
        [told] = platform.events(facts.ReportUnfounded)
        assert isinstance(told, facts.ReportUnfounded)
        assert told.explanation == "The motors are clean.\nThe exit is free.\nThe guard is there."


async def test_what_is_merged_into_a_report_stands_behind_all_its_hazards(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        hazards = await accepted(platform, one, **SEVERAL)
        await post(platform, county.desk, f"{two}/merge", into_entry_id=one.rpartition("/")[2])
        assert await hazards_of(platform, two) == hazards
        await post(platform, county.li, f"{hazards[2]}/confirm", **CONFIRM)
        await platform.settle(redeliver=3)
        assert [await state(platform, one), await state(platform, two)] == ["substantiated"] * 2


async def test_a_split_hazard_keeps_its_claims_and_their_order_in_every_part(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        early, late = report(), report()
        one, two = await entries(platform, early, late)
        [hazard] = await accepted(platform, two)
        await post(platform, county.desk, f"{one}/merge", into_entry_id=two.rpartition("/")[2])
        parts = [{"what": "Exit blocked", "category": "fire"}, {"what": "No extinguisher"}]
        split = await post(platform, county.li, f"{hazard}/split", parts=parts, reason="Three matters")
        assert split["state"] == "suspected"
        _, first, second = await hazards_of(platform, one)
        order = [str(early.claim_id), str(late.claim_id)]
        assert [await claims(platform, each) for each in (hazard, first, second)] == [order] * 3
        seen = await get(platform, county.li, first)
        assert (seen["split_from_id"], seen["state"], seen["category"]) == (split["id"], "suspected", "fire")
        assert [clock["key"] for clock in seen["deadlines"]] == ["hazard.verify.further"]
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.HazardSplit)
        assert isinstance(told, facts.HazardSplit)
        assert [f"/hazards/{each}" for each in told.part_ids] == [first, second]
        assert len(platform.events(facts.HazardRegistered)) == 3
        history = (await get(platform, county.desk, f"{hazard}/history"))["items"]
        assert [(move["verb"], move["reason"]) for move in history][-1] == ("split", "Three matters")
        await post(platform, county.li, f"{hazard}/dismiss", **DISMISS)
        await post(platform, county.li, f"{second}/confirm", **CONFIRM)
        await platform.settle(redeliver=3)
        assert [await state(platform, one), await state(platform, two)] == ["substantiated"] * 2


async def test_a_part_of_a_confirmed_hazard_begins_as_a_suspicion(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await stages.confirmed(platform)
        assert (await post(platform, county.li, f"{hazard}/split", parts=[{"what": "Exit"}]))["state"] == "confirmed"
        [part] = (await get(platform, county.desk, "/hazards?state=suspected"))["items"]
        assert (part["grade"], part["enterprise_id"]) == (None, str(county.MILL))
        again = await post(platform, county.li, f"{hazard}/split", parts=[{"what": "Exit"}])
        assert again["state"] == "confirmed"
        assert len((await get(platform, county.desk, "/hazards?state=suspected"))["items"]) == 2


async def test_only_its_authority_splits_or_merges_and_only_before_it_is_assigned(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        [hazard], [other] = await accepted(platform, one), await accepted(platform, two)
        parts, into = [{"what": "Exit"}], other.rpartition("/")[2]
        for stranger in (county.principal, county.committee, county.agency, county.township):
            assert slug(await post(platform, stranger, f"{hazard}/split", 403, parts=parts)) == "role-may-not"
            assert slug(await post(platform, stranger, f"{hazard}/merge", 403, into_hazard_id=into)) == "role-may-not"
        await post(platform, county.fire_officer, f"{hazard}/split", 404, parts=parts)
        for wrong in ([], [{"what": "x"}] * 11, [{"what": " "}], [{"what": "x", "where": "there"}]):
            await post(platform, county.li, f"{hazard}/split", 422, parts=wrong)
        own = hazard.rpartition("/")[2]
        assert slug(await post(platform, county.li, f"{hazard}/merge", 422, into_hazard_id=own)) == "merge-with-another"
        unknown = str(UUID(int=77))
        await post(platform, county.li, f"{hazard}/merge", 404, into_hazard_id=unknown)
        await post(platform, county.li, f"{hazard}/confirm", **CONFIRM)
        await post(platform, county.desk, f"{hazard}/assign")
        assert slug(await post(platform, county.li, f"{hazard}/split", 409, parts=parts)) == "illegal-transition"
        assert (
            slug(await post(platform, county.li, f"{hazard}/merge", 409, into_hazard_id=into)) == "illegal-transition"
        )


async def test_merged_hazards_go_on_as_one_with_all_claims_in_the_order_of_reporting(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        reports = [report(imminent_danger=n == 0) for n in range(3)]
        one, two, three = await entries(platform, *reports)
        [late], [early] = await accepted(platform, three), await accepted(platform, one)
        await post(platform, county.desk, f"{two}/merge", into_entry_id=one.rpartition("/")[2])
        into = late.rpartition("/")[2]
        merged = await post(platform, county.li, f"{early}/merge", into_hazard_id=into, reason="The same dust")
        assert (merged["state"], merged["merged_into_id"], merged["offers"]) == ("merged", into, [])
        assert merged["claims"] == merged["deadlines"] == []
        survivor = await get(platform, county.li, late)
        assert [claim["claim_id"] for claim in survivor["claims"]] == [str(each.claim_id) for each in reports]
        assert survivor["imminent_danger"] is True
        await platform.settle(redeliver=3)
        [joined] = platform.events(facts.HazardClaimsJoined)
        assert isinstance(joined, facts.HazardClaimsJoined)
        assert [claim.claim_id for claim in joined.joined] == [each.claim_id for each in reports[:2]]
        assert [claim.claim_id for claim in joined.claims] == [each.claim_id for each in reports]
        [gone] = platform.events(facts.HazardMerged)
        assert isinstance(gone, facts.HazardMerged)
        assert (gone.claims, str(gone.into_hazard_id)) == ((), into)
        assert (await get(platform, county.desk, one))["hazard_id"] == into
        history = (await get(platform, county.desk, f"{early}/history"))["items"][-1]
        assert history["facts"]["claims"] == [str(each.claim_id) for each in reports[:2]]
        await post(platform, county.li, f"{late}/confirm", **CONFIRM)
        await platform.settle(redeliver=3)
        assert [await state(platform, entry) for entry in (one, two, three)] == ["substantiated"] * 3
        assert len(platform.events(facts.ReportSubstantiated)) == 3


async def test_what_joins_a_confirmed_hazard_is_found_true_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        [confirmed], [suspected] = await accepted(platform, one), await accepted(platform, two)
        await post(platform, county.li, f"{confirmed}/confirm", **CONFIRM)
        await platform.settle(redeliver=3)
        assert await state(platform, two) == "accepted"
        await post(platform, county.li, f"{suspected}/merge", into_hazard_id=confirmed.rpartition("/")[2])
        await platform.settle(redeliver=3)
        assert await state(platform, two) == "substantiated"


async def test_one_claim_behind_both_hazards_is_one_behind_the_survivor(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        [entry] = await entries(platform, claim)
        first, second = await accepted(platform, entry, what="Dust", further=[{"what": "More dust"}])
        await post(platform, county.li, f"{second}/merge", into_hazard_id=first.rpartition("/")[2])
        assert await claims(platform, first) == [str(claim.claim_id)]
        assert await hazards_of(platform, entry) == [first]
        await post(platform, county.li, f"{first}/dismiss", **DISMISS)
        await platform.settle(redeliver=3)
        assert await state(platform, entry) == "unfounded"


async def test_a_hazard_merges_only_into_an_open_one_of_the_same_authority(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        [hazard], [gone] = await accepted(platform, one), await accepted(platform, two)
        await settle(platform, report(category=Category.FIRE))
        [theirs] = (await get(platform, county.fire_desk, "/docket"))["items"]
        taken = await post(platform, county.fire_desk, f"/docket/{theirs['id']}/accept", what="Exit blocked")
        await post(platform, county.li, f"{hazard}/merge", 404, into_hazard_id=taken["hazard_id"])
        await post(platform, county.li, f"{gone}/dismiss", **DISMISS)
        refused = await post(platform, county.li, f"{hazard}/merge", 409, into_hazard_id=gone.rpartition("/")[2])
        assert (slug(refused), refused["state"]) == ("cannot-merge-into", "dismissed")


async def test_what_was_verified_does_not_vanish_in_less(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        addresses = await entries(platform, *(report() for _ in range(4)))
        major, general, elsewhere, suspected = [(await accepted(platform, entry))[0] for entry in addresses]
        grave = {**CONFIRM, "grade": "major", "criterion_ids": [str(county.CRITERION)]}
        await post(platform, county.li, f"{major}/confirm", **grave)
        await post(platform, county.li, f"{general}/confirm", **CONFIRM)
        await post(platform, county.li, f"{elsewhere}/confirm", **CONFIRM, enterprise_id=str(county.BAKERY))
        for hazard, into, told in (
            (general, suspected, "merge-into-the-verified"),
            (major, general, "merge-into-the-graver"),
        ):
            refused = await post(platform, county.li, f"{hazard}/merge", 409, into_hazard_id=into.rpartition("/")[2])
            assert slug(refused) == told
        away = elsewhere.rpartition("/")[2]
        lead = await get(platform, county.committee, elsewhere)
        assert lead["lead_authority_id"] is None, "nobody is competent for the bakery, so who handles it decides"
        assert slug(await post(platform, county.li, f"{general}/merge", 409, into_hazard_id=away)) == "other-enterprise"
        assert (await post(platform, county.li, f"{general}/merge", into_hazard_id=major.rpartition("/")[2]))["state"]


async def test_two_officers_who_merge_crosswise_leave_one_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        [a], [b] = await accepted(platform, one), await accepted(platform, two)
        async with (
            platform.client("inspection", county.li) as first,
            platform.client("inspection", county.head) as other,
        ):
            answers = await asyncio.gather(
                first.post(f"{a}/merge", json={"into_hazard_id": b.rpartition("/")[2]}),
                other.post(f"{b}/merge", json={"into_hazard_id": a.rpartition("/")[2]}),
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert sorted([await state(platform, a), await state(platform, b)]) == ["merged", "suspected"]
        assert await hazards_of(platform, one) == await hazards_of(platform, two)


async def test_an_agency_follows_the_hazard_that_goes_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, county.finding(), report())
        [theirs], [other] = await accepted(platform, one), await accepted(platform, two)
        await get(platform, county.agency, other, 404)
        await post(platform, county.li, f"{theirs}/merge", into_hazard_id=other.rpartition("/")[2])
        assert "claims" not in await get(platform, county.agency, other)
        await get(platform, county.agency, theirs, 404)


async def test_the_enterprise_sees_nothing_of_lineage(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await entries(platform, report(), report())
        [hazard], [other] = await accepted(platform, one), await accepted(platform, two)
        await post(platform, county.li, f"{other}/merge", into_hazard_id=hazard.rpartition("/")[2])
        await post(platform, county.li, f"{hazard}/split", parts=[{"what": "Exit"}])
        await post(platform, county.li, f"{hazard}/confirm", **CONFIRM)
        await post(platform, county.desk, f"{hazard}/assign")
        await post(platform, county.li, f"{hazard}/order", **stages.ORDER)
        seen = await get(platform, county.principal, hazard)
        assert not {"claims", "split_from_id", "merged_into_id", "county_decides", "channel"} & set(seen)
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["verb"] for move in history] == ["order"]
        assert len((await get(platform, county.principal, "/hazards"))["items"]) == 1
