"""More time (T09): asked early, decided by whoever ordered; an undecided request changes nothing and hangs nowhere."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import inspection_county as county
import pytest
from case_stages import due
from hazard_stages import CERTAINTIES, LIMIT, ORDER, assigned, clocks, closed, ordered, proofs
from inspection_county import TODAY, get, post, report, slug

from services.inspection.hazards.models import Hazard
from shared.contracts import inspection as facts
from shared.testing import START, OpenPlatform, Platform

LATER = LIMIT + timedelta(days=10)
ASK = {
    "ground": "force_majeure",
    "reason": "The flood cut the road",
    "interim_measures": "Line 2 stands still",
    "until": str(LATER),
    "evidence": [county.PICTURE],
}
MAJOR = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}


async def _due(platform: Platform, hazard: str) -> tuple[str, str]:
    [clock] = [c for c in (await get(platform, county.desk, hazard))["deadlines"] if c["key"] == "hazard.limit"]
    return clock["due_at"], clock["explanation_en"]


async def test_a_granted_extension_moves_the_limit_and_its_clock_which_does_not_start_anew(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        before = await _due(platform, hazard)
        shown = await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        assert (shown["extension"], shown["limit"], shown["delivered"]) == ("requested", str(LIMIT), True)
        assert await _due(platform, hazard) == before, "asking moves nothing"
        assert (await clocks(platform, hazard))["hazard.extension.decide"] == str(county.EMERGENCY)
        assert slug(await post(platform, county.principal, f"{hazard}/request-extension", 409, **ASK))
        platform.travel(days=2)
        decide = f"{hazard}/decide-extension"
        beyond = {"granted": True, "until": str(LATER + timedelta(days=1)), "reason": "x"}
        assert slug(await post(platform, county.desk, decide, 422, **beyond)) == "extension-not-lawful"
        assert slug(await post(platform, county.li, decide, 403, granted=True, reason="x")) == "role-may-not"
        less = str(LATER - timedelta(days=1))
        granted = await post(platform, county.desk, decide, granted=True, until=less, reason="The road is cut.")
        assert (granted["extension"], granted["extensions"], granted["limit"]) == ("granted", 1, less)
        due, why = await _due(platform, hazard)
        assert due == f"{less}T15:59:59Z"
        assert why.endswith(f"Extended by decision of 2026-10-02: to the end of {less}.")
        [row] = await platform.rows("inspection", "select starts_at from deadlines where key = 'hazard.limit'")
        assert row["starts_at"] == START, "extended, not restarted"
        assert "hazard.extension.decide" not in await clocks(platform, hazard)
        own = (await get(platform, county.principal, hazard))["extension_requests"]
        assert [(each["until_granted"], each["decision"]) for each in own] == [(less, "The road is cut.")]
        assert "decided_by" not in own[0]
        again = await post(platform, county.principal, f"{hazard}/request-extension", 409, **ASK)
        assert slug(again) == "no-extension-left"
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ExtensionDecided)
        assert isinstance(told, facts.ExtensionDecided)
        assert (told.granted, str(told.limit)) == (True, less)


async def test_a_refused_extension_leaves_everything_as_it_was(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        before = await _due(platform, hazard)
        await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        decide = f"{hazard}/decide-extension"
        assert slug(await post(platform, county.desk, decide, 403, granted=False, reason="No.")) == "head-only"
        refused = await post(platform, county.head, decide, granted=False, reason="It can be done.")
        assert (refused["extension"], refused["extensions"], refused["limit"]) == ("refused", 0, str(LIMIT))
        assert await _due(platform, hazard) == before
        told = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [(move["verb"], move["reason"]) for move in told][-1] == ("decide_extension", "It can be done.")
        shown = await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        assert [each["granted"] for each in shown["extension_requests"]] == [False, None]


@pytest.mark.parametrize(
    ("told", "days", "changes"),
    [
        ("asked-too-late", 1, {}),
        ("extension-not-lawful", 0, {"until": str(LIMIT)}),
        ("extension-not-lawful", 0, {"until": str(TODAY + timedelta(days=31))}),
        ("unknown-evidence", 0, {"evidence": [county.OFFICERS_PICTURE]}),
    ],
)
async def test_more_time_is_asked_early_and_within_what_an_order_may_set(
    services_here: OpenPlatform, told: str, days: int, changes: dict[str, Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        platform.travel(days=days)
        status = 409 if told == "asked-too-late" else 422
        refused = await post(platform, county.principal, f"{hazard}/request-extension", status, **{**ASK, **changes})
        assert slug(refused) == told
        assert (await get(platform, county.principal, hazard))["extension"] == "none"


async def test_imminent_danger_gets_no_more_time(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, report(imminent_danger=True))
        assert "request_extension" not in (await get(platform, county.principal, hazard))["offers"]
        refused = await post(platform, county.principal, f"{hazard}/request-extension", 409, **ASK)
        assert slug(refused) == "imminent-danger"


async def test_a_request_that_nobody_decided_lapses_with_the_recheck_and_was_never_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
        await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        items = await proofs(platform, hazard)
        shown = await post(platform, county.principal, f"{hazard}/request-recheck", items=items)
        assert (shown["state"], shown["extension"], shown["limit"]) == ("recheck_requested", "none", str(LIMIT))
        assert shown["extension_requests"][0]["lapsed_at"] is not None
        assert await clocks(platform, hazard) == {"hazard.recheck": str(county.EMERGENCY)}
        late = await post(platform, county.desk, f"{hazard}/decide-extension", 409, granted=True, reason="x")
        assert slug(late) == "illegal-transition"
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ExtensionLapsed)) == 1


async def test_a_request_lapses_when_the_limit_passes_or_the_danger_is_gone(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        platform.travel(days=11)
        opened = await post(platform, county.li, f"{hazard}/open-recheck")
        assert (opened["state"], opened["extension"]) == ("rechecking", "none")
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/request-extension", **ASK)
        gone = await post(
            platform, county.head, f"{hazard}/void", reason="Pulled down", proof=[county.OFFICERS_PICTURE]
        )
        assert (gone["state"], gone["extension"], gone["deadlines"]) == ("void", "none", [])


async def test_a_new_cycle_counts_its_extensions_anew(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await closed(platform)
        async with platform.service("inspection").database.transaction() as tx:  # as if it had been given more time
            row = await tx.get_one(Hazard, UUID(hazard.rpartition("/")[2]))
            row.extensions, row.extension = 1, facts.Extension.GRANTED
        await post(platform, county.head, f"{hazard}/reopen", reason="Seen again")
        await post(platform, county.desk, f"{hazard}/assign")
        shown = await post(platform, county.li, f"{hazard}/order", **ORDER)
        assert (shown["extensions"], shown["extension"], shown["delivered"]) == (0, "none", False)
        assert "request_extension" in (await get(platform, county.principal, hazard))["offers"]


async def test_a_listed_hazard_has_clocks_of_its_own(services_here: OpenPlatform) -> None:
    """Qingdao's rule: twenty working days before the limit, ten to decide; a year at the longest."""
    async with services_here("inspection") as platform:
        hazard = await assigned(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
        listing = {"level": 1, "limit": str(TODAY + timedelta(days=300)), "reason": "So decided"}
        await post(platform, county.committee, f"{hazard}/list", **listing)
        limit = date(2026, 11, 3)
        shown = await post(platform, county.li, f"{hazard}/order", **{**ORDER, "limit": str(limit)})
        assert shown["limit"] == str(limit)
        platform.travel(days=8)
        asking = {**ASK, "until": str(TODAY + timedelta(days=360))}
        late = await post(platform, county.principal, f"{hazard}/request-extension", 409, **asking)
        assert (slug(late), late["earliest_limit"]) == ("asked-too-late", "2026-11-04")
        platform.travel(days=-8)
        await post(platform, county.principal, f"{hazard}/request-extension", **asking)
        assert "listing.extension.decide" in await clocks(platform, hazard)
        assert await due(platform, "listing.extension.decide") == ("2026-10-20", "open")
        assert "hazard.extension.decide" not in await clocks(platform, hazard)
        shown = await post(platform, county.head, f"{hazard}/decide-extension", granted=True, reason="Agreed")
        assert await due(platform, "listing.extension.decide") == ("2026-10-20", "met")
        assert shown["listings"][0]["limit"] == shown["limit"] == asking["until"], "the listing's limit is the hazard's"
