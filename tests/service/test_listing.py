"""Listed supervision 挂牌督办 (T18, T19, G04): on grounds that hold, with certainties, ended only by the committee."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from hazard_stages import (
    CERTAINTIES,
    LIMIT,
    clocks,
    delivered,
    ordered,
    passing,
    proofs,
)
from inspection_county import COMMITTEE, OFFICERS, OFFICERS_PICTURE, PICTURE, TODAY, get, post, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform, Platform

MAJOR = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
LISTING = {"level": 2, "limit": str(TODAY + timedelta(days=200)), "reason": "The committee so decides"}


async def _proposed(platform: Platform, **changes: Any) -> str:
    hazard = await ordered(platform, **MAJOR, **changes)
    await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
    return hazard


async def _closed(platform: Platform, hazard: str) -> None:
    await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
    await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
    await post(platform, county.li, f"{hazard}/open-recheck")
    await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
    await post(platform, county.head, f"{hazard}/close", workers_told=True)


async def test_a_ground_is_held_against_the_facts(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        path = f"{hazard}/propose-listing"
        for ground in ("major", "recurrent", "overdue_major"):
            assert slug(await post(platform, county.head, path, 409, ground=ground, reason="x")) == "ground-not-met"
        unproven = await post(platform, county.head, path, 422, ground="public_impact", reason="x")
        assert unproven["missing"] == [{"piece": "reach"}]
        proven = {"ground": "public_impact", "reason": "A school is beside it", "evidence": [OFFICERS_PICTURE]}
        assert slug(await post(platform, county.desk, path, 403, **proven)) == "role-may-not"
        shown = await post(platform, county.head, path, **proven)
        assert (shown["listing"], (await clocks(platform, hazard))["listing.decide"]) == ("proposed", None)
        own = await get(platform, county.principal, hazard)
        assert own["listings"] == [], "what was only proposed is not told"
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert "propose_listing" not in {move["verb"] for move in history}
        refused = await post(platform, county.committee, f"{hazard}/refuse-listing", reason="The lead copes")
        assert (refused["listing"], "listing.decide" in await clocks(platform, hazard)) == ("none", False)


async def test_a_listed_hazard_bears_its_level_and_limit_and_is_taken_in_hand_with_five_certainties(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        reach = {"ground": "public_impact", "reason": "A school is beside it", "evidence": [OFFICERS_PICTURE]}
        await post(platform, county.head, f"{hazard}/propose-listing", **reach)
        path = f"{hazard}/list"
        for changes in ({"limit": str(TODAY + timedelta(days=366))}, {"limit": str(TODAY - timedelta(days=1))}):
            refused = await post(platform, county.committee, path, 422, **{**LISTING, **changes})
            assert slug(refused) == "limit-not-lawful"
        for level in (0, 5):
            await post(platform, county.committee, path, 422, **{**LISTING, "level": level})
        assert slug(await post(platform, county.head, path, 403, **LISTING)) == "role-may-not"
        shown = await post(platform, county.committee, path, **LISTING)
        assert (shown["listing"], shown["listing_level"], shown["limit"]) == ("listed", 2, LISTING["limit"])
        held = await clocks(platform, hazard)
        assert {key: held[key] for key in ("listing.publish", "listing.file_upward")} == {
            "listing.publish": None,
            "listing.file_upward": None,
        }
        [limit] = [c for c in (await get(platform, county.desk, hazard))["deadlines"] if c["key"] == "hazard.limit"]
        assert limit["due_at"].startswith(str(LISTING["limit"]))
        own = await get(platform, county.principal, hazard)
        assert [(each["level"], "reason" in each) for each in own["listings"]] == [(2, False)]
        start = f"{hazard}/start-rectification"
        assert slug(await post(platform, county.principal, start, 422)) == "five-certainties"
        assert (await post(platform, county.principal, start, certainties=CERTAINTIES))["state"] == "rectifying"
        for what in ("listing", "listing_filed"):
            notice = {"what": what, "where": "County gazette", "on": str(TODAY)}
            assert slug(await post(platform, county.head, f"{hazard}/publications", 403, **notice)) == "committee-only"
            await post(platform, county.committee, f"{hazard}/publications", **notice)
        assert not {"listing.publish", "listing.file_upward"} & set(await clocks(platform, hazard))
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.HazardListed)
        assert isinstance(told, facts.HazardListed)
        assert (told.level, str(told.limit), told.tier) == (2, LISTING["limit"], "public")


async def test_the_lead_closes_but_only_the_committee_delists_after_acceptance_on_site(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await _proposed(platform)
        await post(platform, county.committee, f"{hazard}/list", **LISTING)
        asking = {"statement": "Removed and closed", "evidence": [OFFICERS_PICTURE]}
        assert slug(await post(platform, county.head, f"{hazard}/request-delisting", 409, **asking)) == "not-closed"
        await _closed(platform, hazard)
        shown = await get(platform, county.head, hazard)
        assert (shown["state"], shown["listing"]) == ("closed", "listed"), "closed is not delisted"
        await post(platform, county.head, f"{hazard}/request-delisting", **asking)
        assert (await clocks(platform, hazard))["listing.acceptance"] is None
        kept = await post(platform, county.committee, f"{hazard}/refuse-delisting", reason="The duct leaks")
        assert kept["listing"] == "listed"
        await post(platform, county.head, f"{hazard}/request-delisting", **asking)
        picture = await county.hand_in(platform, {**PICTURE, "id": str(uuid4())}, COMMITTEE)
        accepting: dict[str, Any] = {
            "acceptors": OFFICERS,
            "accepted_on": str(TODAY),
            "acceptance": "The duct is tight",
            "evidence": [picture],
        }
        path = f"{hazard}/delist"
        for told, status, changes in (
            ("two-officers", 422, {"acceptors": OFFICERS[:1]}),
            ("not-an-officer-here", 422, {"acceptors": [OFFICERS[0], str(county.FIRE_ONE)]}),
            ("acceptance-time", 422, {"accepted_on": str(TODAY + timedelta(days=1))}),
            ("acceptance-time", 422, {"accepted_on": str(TODAY - timedelta(days=1))}),
            ("unknown-evidence", 422, {"evidence": [OFFICERS_PICTURE]}),
        ):
            assert slug(await post(platform, county.committee, path, status, **{**accepting, **changes})) == told
        await post(platform, county.committee, path, 422, **{**accepting, "evidence": []})
        assert slug(await post(platform, county.head, path, 403, **accepting)) == "role-may-not"
        off = await post(platform, county.committee, path, **accepting)
        assert (off["listing"], off["listing_level"], off["listings"][0]["acceptors"]) == ("delisted", None, OFFICERS)
        notice = {"what": "delisting", "where": "County gazette", "on": str(TODAY)}
        await post(platform, county.committee, f"{hazard}/publications", **notice)
        assert "listing.publish_delisting" not in await clocks(platform, hazard)
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events() if ".hazard." in event.subject]
        told = [fact for fact in told if "list" in fact]
        assert told == [
            *("listing_proposed", "listed", "delisting_requested", "delisting_refused", "delisting_requested"),
            "delisted",
        ]


async def test_what_comes_back_before_it_is_accepted_stays_listed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await _proposed(platform)
        await post(platform, county.committee, f"{hazard}/list", **LISTING)
        await _closed(platform, hazard)
        await post(platform, county.head, f"{hazard}/request-delisting", statement="Removed")
        await post(platform, county.li, f"{hazard}/look-back", ordinal=1, passed=False, remark="Dust is back")
        back = await get(platform, county.committee, hazard)
        assert (back["state"], back["listing"]) == ("reopened", "listed")
        held = await clocks(platform, hazard)
        assert ("listing.acceptance" in held, "listing.publish" in held) == (False, True)


async def test_what_was_closed_meanwhile_is_not_listed_any_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await _proposed(platform)
        await _closed(platform, hazard)
        assert slug(await post(platform, county.committee, f"{hazard}/list", 409, **LISTING)) == "not-answered-for"
        assert (await get(platform, county.committee, hazard))["offers"] == ["refuse_listing"]


async def test_an_overdue_major_hazard_is_a_ground_once_its_limit_has_passed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        await delivered(platform, hazard)
        ask = {"ground": "overdue_major", "reason": "Nothing moves"}
        path = f"{hazard}/propose-listing"
        platform.travel(days=(LIMIT - TODAY).days)
        assert slug(await post(platform, county.head, path, 409, **ask)) == "ground-not-met"
        platform.travel(days=1)
        assert (await post(platform, county.head, path, **ask))["listing"] == "proposed"


async def test_a_major_hazard_is_registered_by_its_enterprise_the_same_day(services_here: OpenPlatform) -> None:
    """T25: state and cause, harm and difficulty, plan; told to the authority and no secret to the enterprise."""
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        assert (await clocks(platform, hazard))["hazard.register_major"] == str(county.MILL)
        told = {
            "state_and_cause": "Dust lies where it fell",
            "harm_and_difficulty": "May explode; the extractor is imported",
            "plan": "Extractor by October",
        }
        path = f"{hazard}/report-major"
        await post(platform, county.principal, path, 422, **{**told, "plan": ""})
        assert slug(await post(platform, county.li, path, 403, **told)) == "role-may-not"
        shown = await post(platform, county.principal, path, **told)
        assert shown["registrations"][0]["plan"] == "Extractor by October"
        assert "hazard.register_major" not in await clocks(platform, hazard)
        await platform.settle(redeliver=3)
        [event] = platform.events(facts.MajorRegistered)
        assert "Extractor" not in event.model_dump_json()
        other = await post(platform, county.principal, path, **{**told, "plan": "Extractor by November"})
        assert [each["plan"] for each in other["registrations"]] == ["Extractor by October", "Extractor by November"]


async def test_a_general_hazard_is_not_registered(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        assert "hazard.register_major" not in await clocks(platform, hazard)
        told = {"state_and_cause": "x", "harm_and_difficulty": "x", "plan": "x"}
        assert slug(await post(platform, county.principal, f"{hazard}/report-major", 409, **told)) == "not-major"


async def test_what_was_never_registered_is_not_owed_for_ever(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
        await post(platform, county.li, f"{hazard}/open-recheck")
        assert "hazard.register_major" in await clocks(platform, hazard)
        await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
        assert "hazard.register_major" not in await clocks(platform, hazard)
        [row] = await platform.rows("inspection", "select state from deadlines where key = 'hazard.register_major'")
        assert row["state"] == "cancelled", "it was not done, and nobody says that it was"
