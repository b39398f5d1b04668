"""Results are contested and reviewed (N01): heard in time, refused with a reason, and never lost."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import hazard_stages as stages
import inspection_county as county
import pytest
from inspection_county import OFFICERS, get, post, put, report, settle, slug

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.volunteer import ReportContested, ReportSubmitted
from shared.testing import OpenPlatform, Platform

REJECT = {"reason": "insufficient_after_enquiry", "explanation": "Nobody could be asked."}
UPHOLD = {"explanation": "The objection is right."}
GAS = {"place": county.PLACE, "category": "dust", "what": "Gas smell at the valve", "enterprise_id": str(county.MILL)}


class Contester:
    """A reporter who contests: each time the next fact of the report's own aggregate."""

    def __init__(self, platform: Platform, claim: ReportSubmitted) -> None:
        self.platform, self.claim, self.version = platform, claim, 1

    async def contests(self, statement: str = "It is not fixed", at: datetime | None = None, **changes: Any) -> UUID:
        self.version += 1
        self.platform.travel(minutes=1)
        told = {"at": at or self.platform.now, "area_code": county.TOWN, "claim_id": self.claim.claim_id}
        fact = ReportContested(**{**told, "contest_id": uuid4(), "statement": statement, **changes})
        await self.platform.announce((self.claim.claim_id, self.version, fact))
        await self.platform.settle(redeliver=3)
        assert await self.platform.dead_letters() == []
        return fact.contest_id


async def entry_of(platform: Platform, claim: Event) -> str:
    rows = await platform.rows("inspection", "select id, claim_id from docket_entries")
    return next(f"/docket/{row['id']}" for row in rows if row["claim_id"] == getattr(claim, "claim_id", None))


async def rejected(platform: Platform, *more: ReportSubmitted) -> tuple[str, Contester]:
    """Bring reports to the docket and turn away the first, into which the others were merged."""
    claim = report()
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    await settle(platform, claim, *more)
    entry = await entry_of(platform, claim)
    for each in more:
        await post(platform, county.desk, f"{await entry_of(platform, each)}/merge", into_entry_id=entry[8:])
    await post(platform, county.desk, f"{entry}/reject", **REJECT)
    await platform.settle(redeliver=3)
    return entry, Contester(platform, claim)


async def closed(platform: Platform) -> tuple[str, str, Contester]:
    """Bring a report to the closing of its hazard; the report itself is not answered."""
    claim = report()
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    await settle(platform, claim)
    entry = await entry_of(platform, claim)
    hazard = f"/hazards/{(await post(platform, county.desk, f'{entry}/accept', what='Dust deposits'))['hazard_id']}"
    await to_its_closing(platform, hazard)
    return entry, hazard, Contester(platform, claim)


async def to_its_closing(platform: Platform, hazard: str) -> None:
    if (await get(platform, county.desk, hazard))["state"] == "suspected":
        confirming = {"grade": "general", "what": "Dust deposits", "officers": OFFICERS}
        await post(platform, county.li, f"{hazard}/confirm", **confirming)
    await post(platform, county.desk, f"{hazard}/assign")
    order = {**stages.ORDER, "limit": str((platform.now + timedelta(days=10)).date())}
    await post(platform, county.li, f"{hazard}/order", **order)
    await post(platform, county.principal, f"{hazard}/start-rectification")
    await post(platform, county.principal, f"{hazard}/request-recheck", items=await stages.proofs(platform, hazard))
    await post(platform, county.li, f"{hazard}/open-recheck")
    passing = {"officers": OFFICERS, "verdicts": await stages.verdicts(platform, hazard), "opinion": "All clean."}
    await post(platform, county.li, f"{hazard}/pass-recheck", **passing)
    await post(platform, county.head, f"{hazard}/close")
    await platform.settle(redeliver=3)


def refusals(platform: Platform) -> list[str]:
    return [event.reason for event in platform.events(facts.ReviewRefused) if isinstance(event, facts.ReviewRefused)]


async def test_whoever_was_turned_away_is_heard_by_the_head_within_a_clock(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, ada = await rejected(platform)
        assert (await get(platform, county.desk, entry))["contest_until"] == "2026-10-30T15:59:59Z"
        contest_id = await ada.contests("The dust is still there. ［…］")
        shown = await get(platform, county.desk, entry)
        assert shown["state"] == "review_requested"
        [review] = shown["reviews"]
        assert (review["id"], review["contested"], review["outcome"]) == (str(contest_id), "rejected", "under_review")
        assert review["statement"] == "The dust is still there. ［…］"
        [clock] = shown["deadlines"]
        assert (clock["key"], clock["owed_by"]) == ("report.review.decide", str(county.EMERGENCY))
        assert shown["offers"] == ["escalate_fatality"]
        assert (await get(platform, county.head, entry))["offers"] == [
            *("uphold_review", "dismiss_review", "escalate_fatality"),
        ]
        [told] = platform.events(facts.ReviewRequested)
        assert isinstance(told, facts.ReviewRequested)
        assert "dust is still" not in told.model_dump_json()
        assert told.decide_by.isoformat() == "2026-10-30T15:59:59+00:00"


async def test_a_rejected_report_whose_review_is_upheld_gets_its_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, ada = await rejected(platform)
        await ada.contests()
        path = f"{entry}/uphold-review"
        assert slug(await post(platform, county.desk, path, 403, **UPHOLD)) == "role-may-not"
        await post(platform, county.fire_head, path, 404, **UPHOLD)
        assert slug(await post(platform, county.head, path, 422, **UPHOLD)) == "name-the-hazard"
        copied = {**UPHOLD, "what": ada.claim.what}
        assert slug(await post(platform, county.head, path, 422, **copied)) == "in-your-own-words"
        stranger = {**UPHOLD, "what": "Dust", "hazard_ids": [str(uuid4())]}
        assert slug(await post(platform, county.head, path, 422, **stranger)) == "not-a-closed-hazard"
        upheld = await post(platform, county.head, path, **UPHOLD, what="Dust deposits on motors")
        assert (upheld["state"], len(upheld["hazard_ids"])) == ("accepted", 1)
        assert [clock["key"] for clock in upheld["deadlines"]] == ["report.verify"]
        assert [(each["outcome"], each["decision"]) for each in upheld["reviews"]] == [
            ("upheld", "The objection is right.")
        ]
        again = await post(platform, county.head, path, 409, **UPHOLD, what="Dust")
        assert slug(again) == "illegal-transition"
        confirming = {"grade": "general", "what": "Dust", "officers": OFFICERS}
        await post(platform, county.li, f"/hazards/{upheld['hazard_id']}/confirm", **confirming)
        await platform.settle(redeliver=3)
        assert (await get(platform, county.desk, entry))["state"] == "substantiated"


async def test_all_that_was_turned_away_together_is_taken_in_hand_together(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        other, third = report(), report()
        entry, ada = await rejected(platform, other, third)
        ben = Contester(platform, other)
        await ada.contests()
        await ben.contests()
        await post(platform, county.head, f"{entry}/uphold-review", **UPHOLD, what="Dust deposits")
        await platform.settle(redeliver=3)
        entries = [entry, await entry_of(platform, other), await entry_of(platform, third)]
        shown = [await get(platform, county.desk, each) for each in entries]
        assert [each["state"] for each in shown] == ["accepted"] * 3
        assert len({each["hazard_id"] for each in shown}) == 1
        assert [[each["outcome"] for each in entry["reviews"]] for entry in shown] == [["upheld"], ["upheld"], []]
        assert len((await get(platform, county.desk, f"/hazards/{shown[0]['hazard_id']}"))["claims"]) == 3
        told = [event for event in platform.events(facts.ReportAccepted) if isinstance(event, facts.DocketFact)]
        assert [event.claim.claim_id for event in told] == [third.claim_id], "who contested nothing is only accepted"
        assert len(platform.events(facts.ReviewUpheld)) == 2


async def test_a_closing_that_is_contested_in_time_begins_the_hazard_again(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, hazard, ada = await closed(platform)
        assert (await get(platform, county.desk, entry))["state"] == "substantiated"
        platform.travel(days=29)
        await ada.contests()
        upheld = await post(platform, county.head, f"{entry}/uphold-review", **UPHOLD)
        assert upheld["state"] == "substantiated"
        assert [clock["key"] for clock in upheld["deadlines"]] == ["report.feedback"]
        again = await get(platform, county.desk, hazard)
        assert (again["state"], again["cycle"], again["closed_at"]) == ("reopened", 2, None)
        assert {clock["key"] for clock in again["deadlines"]} == {"hazard.assign"}
        assert "assign" in again["offers"]
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.HazardReopened)
        assert isinstance(told, facts.HazardReopened)
        [claim] = told.claims
        assert claim.claim_id == ada.claim.claim_id
        assert [move["verb"] for move in (await get(platform, county.desk, entry))["history"]][-2:] == [
            *("request_review", "uphold_review"),
        ]
        await ada.contests("Too early now")
        await to_its_closing(platform, hazard)
        await ada.contests("Still not")
        assert refusals(platform) == ["case_still_open"]
        assert len(platform.events(facts.ReviewRequested)) == 2


async def test_everybody_who_contests_the_same_closing_is_decided_on_together(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, hazard, ada = await closed(platform)
        late = report()
        await settle(platform, late)
        other = await entry_of(platform, late)
        await post(platform, county.desk, f"{other}/merge", into_entry_id=entry[8:])
        await ada.contests()
        await Contester(platform, late).contests()
        await post(platform, county.head, f"{other}/uphold-review", **UPHOLD)
        await platform.settle(redeliver=3)
        assert [(await get(platform, county.desk, each))["state"] for each in (entry, other)] == ["substantiated"] * 2
        assert (await get(platform, county.desk, hazard))["cycle"] == 2
        assert len(platform.events(facts.HazardReopened)) == 1


async def test_an_unfounded_report_whose_review_is_upheld_gets_a_new_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        hazard = await stages.suspected(platform, claim)
        entry = await entry_of(platform, claim)
        await post(platform, county.li, f"{hazard}/dismiss", reason="The motors are clean.", officers=OFFICERS)
        await platform.settle(redeliver=3)
        await post(platform, county.desk, f"{entry}/answer", answer="We found nothing.")
        ada = Contester(platform, claim)
        await ada.contests("You looked at line 1")
        upheld = await post(platform, county.head, f"{entry}/uphold-review", **UPHOLD, what="Dust on line 2")
        assert (upheld["state"], len(upheld["hazard_ids"])) == ("accepted", 2)
        assert f"/hazards/{upheld['hazard_ids'][0]}" == hazard
        assert upheld["hazard_id"] == upheld["hazard_ids"][1]
        assert (await get(platform, county.desk, hazard))["state"] == "dismissed"
        reason = {"reason": "Clean as well.", "officers": OFFICERS}
        await post(platform, county.li, f"/hazards/{upheld['hazard_id']}/dismiss", **reason)
        await platform.settle(redeliver=3)
        assert (await get(platform, county.desk, entry))["state"] == "unfounded"
        assert (await get(platform, county.desk, entry))["contest_until"] is not None


async def test_a_result_is_reviewed_once_and_archived_afterwards(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, ada = await rejected(platform)
        assert slug(await post(platform, county.desk, f"{entry}/close", 409)) == "review-still-possible"
        await ada.contests()
        dismissed = await post(platform, county.head, f"{entry}/dismiss-review", explanation="Asked twice, no trace.")
        assert (dismissed["state"], dismissed["answer"]) == ("answered", "Asked twice, no trace.")
        assert (dismissed["deadlines"], dismissed["contest_until"]) == ([], None)
        await ada.contests("Again")
        assert refusals(platform) == ["already_reviewed"]
        assert (await post(platform, county.desk, f"{entry}/close"))["state"] == "closed"
        await ada.contests("And again")
        assert refusals(platform) == ["already_reviewed", "already_reviewed"]
        shown = await get(platform, county.desk, entry)
        assert [each["outcome"] for each in shown["reviews"]] == ["dismissed", "refused", "refused"]
        refused = [move for move in shown["history"] if "refused" in move["facts"]]
        assert [(move["state_from"], move["state_to"]) for move in refused] == [
            ("answered", "answered"),
            ("closed", "closed"),
        ]


@pytest.mark.parametrize(("days", "reason"), [(30, None), (31, "too_late")])
async def test_a_contest_counts_when_it_was_made_not_when_it_came(
    services_here: OpenPlatform, days: int, reason: str | None
) -> None:
    async with services_here("inspection") as platform:
        entry, ada = await rejected(platform)
        made = platform.now + timedelta(days=days)
        platform.travel(days=100)
        await post(platform, county.desk, f"{entry}/close")
        await ada.contests(at=made)
        assert refusals(platform) == ([] if reason is None else [reason])
        expected = "review_requested" if reason is None else "closed"
        assert (await get(platform, county.desk, entry))["state"] == expected


async def test_a_contest_of_an_open_case_or_of_one_under_review_is_refused_and_recorded(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        await platform.announce(*county.registry_facts())
        await settle(platform, claim)
        entry, ada = await entry_of(platform, claim), Contester(platform, claim)
        await ada.contests("I changed my mind")
        await post(platform, county.desk, f"{entry}/reject", **REJECT)
        await ada.contests("No")
        await ada.contests("No, no")
        assert refusals(platform) == ["case_still_open", "under_review"]
        shown = await get(platform, county.head, entry)
        assert [(each["statement"], each["refusal"]) for each in shown["reviews"]] == [
            ("I changed my mind", "case_still_open"),
            ("No", None),
            ("No, no", "under_review"),
        ]


async def test_contests_in_any_order_of_arrival_find_their_report(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        told = {"area_code": county.TOWN, "claim_id": claim.claim_id, "contest_id": uuid4(), "statement": "No"}
        early = ReportContested(at=platform.now, **told)
        await platform.announce(*county.registry_facts())
        await platform.settle()
        await platform.announce((claim.claim_id, 2, early), (claim.claim_id, 1, claim))
        await platform.settle(redeliver=3, shuffle=Random(3))
        assert await platform.dead_letters() == []
        assert refusals(platform) == ["case_still_open"]
        [row] = await platform.rows("inspection", "select outcome from reviews")
        assert row["outcome"] == "refused"


async def test_an_organisation_contests_the_result_of_its_own_claim(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await county.hand_in_pictures(platform)
        await platform.settle()
        claim = f"/docket/claims/{uuid4()}"
        await put(platform, county.partner, claim, **GAS)
        contest = {"statement": "The valve still leaks"}
        open_case = await post(platform, county.partner, f"{claim}/contest", 409, **contest)
        assert slug(open_case) == "case-still-open"
        entry = (await get(platform, county.partner, claim))["entry_id"]
        await post(platform, county.desk, f"/docket/{entry}/reject", **REJECT)
        await post(platform, county.li, f"{claim}/contest", 404, **contest)
        assert slug(await post(platform, county.volunteer, f"{claim}/contest", 403, **contest)) == "role-may-not"
        strange = {**contest, "evidence": [county.PICTURE]}
        assert slug(await post(platform, county.partner, f"{claim}/contest", 422, **strange)) == "unknown-evidence"
        assert (await post(platform, county.partner, f"{claim}/contest", **contest))["state"] == "review_requested"
        twice = await post(platform, county.partner, f"{claim}/contest", 409, **contest)
        assert slug(twice) == "already-contested"
        await post(platform, county.head, f"/docket/{entry}/dismiss-review", explanation="It was replaced.")
        assert slug(await post(platform, county.partner, f"{claim}/contest", 409, **contest)) == "already-reviewed"
        await platform.settle(redeliver=3)
        assert platform.events(facts.ReviewRefused) == []


async def test_an_organisation_that_is_late_is_told_until_when_it_could(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await platform.settle()
        claim = f"/docket/claims/{uuid4()}"
        await put(platform, county.partner, claim, **GAS)
        entry = (await get(platform, county.partner, claim))["entry_id"]
        await post(platform, county.desk, f"/docket/{entry}/reject", **REJECT)
        platform.travel(days=31)
        late = await post(platform, county.partner, f"{claim}/contest", 409, statement="It leaks")
        assert slug(late) == "contest-too-late"
        assert late["until"].startswith("2026-10-30")


async def test_two_heads_who_decide_at_once_make_one_decision(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, ada = await rejected(platform)
        await ada.contests()
        async with platform.client("inspection", county.head) as one, platform.client("inspection", county.head) as two:
            answers = await asyncio.gather(
                one.post(f"{entry}/uphold-review", json={**UPHOLD, "what": "Dust deposits"}),
                two.post(f"{entry}/dismiss-review", json={"explanation": "No"}),
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ReviewUpheld, facts.ReviewDismissed)) == 1
