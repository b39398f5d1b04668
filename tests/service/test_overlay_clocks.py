"""Clocks beside the main line start, are missed and stop: each is a row with a day, and late is told from in time."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from case_stages import clock, due
from hazard_stages import CERTAINTIES, RESUMPTION, ordered, passing, proofs
from inspection_county import OFFICERS, OFFICERS_PICTURE, PICTURE, get, hand_in, post

from shared.testing import OpenPlatform, Platform

MAJOR: dict[str, Any] = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}


def _today(platform: Platform) -> str:
    return str((platform.now + timedelta(hours=8)).date())


async def _missed(platform: Platform, hazard: str, key: str) -> bool:
    """Let the clock run out, to the second; tell whether everybody sees that it did."""
    ends = (await clock(platform, key))["due_at"]
    platform.travel(seconds=(ends - platform.now).total_seconds())
    running = {each["key"]: each for each in (await get(platform, county.desk, hazard))["deadlines"]}
    before = running[key]["due_at"] < platform.now.isoformat()
    platform.travel(seconds=1)
    return not before and (await clock(platform, key))["due_at"] < platform.now


async def _stopped_late(platform: Platform, key: str) -> bool:
    row = await clock(platform, key)
    return row["state"] == "met" and row["ended_at"] > row["due_at"]


async def test_every_clock_of_a_listing_starts_runs_out_and_stops(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
        assert await due(platform, "listing.decide") == ("2026-10-20", "open")
        assert await _missed(platform, hazard, "listing.decide")
        listing = {"level": 2, "limit": "2027-03-01", "reason": "So decided"}
        await post(platform, county.committee, f"{hazard}/list", **listing)
        assert await _stopped_late(platform, "listing.decide")
        assert await due(platform, "listing.file_upward") == ("2026-10-26", "open")
        assert await due(platform, "listing.publish") == ("2026-10-28", "open")
        for key, what in (("listing.file_upward", "listing_filed"), ("listing.publish", "listing")):
            assert await _missed(platform, hazard, key)
            notice = {"what": what, "where": "County gazette", "on": _today(platform)}
            await post(platform, county.committee, f"{hazard}/publications", **notice)
            assert await _stopped_late(platform, key)
        await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
        await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
        await post(platform, county.li, f"{hazard}/open-recheck")
        await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard))
        await post(platform, county.head, f"{hazard}/close", workers_told=True)
        await post(platform, county.head, f"{hazard}/request-delisting", statement="Removed")
        assert await due(platform, "listing.acceptance") == ("2026-11-08", "open"), "ten calendar days"
        assert await _missed(platform, hazard, "listing.acceptance")
        picture = await hand_in(platform, {**PICTURE, "id": str(uuid4())}, county.COMMITTEE)
        accepting = {
            "acceptors": OFFICERS,
            "accepted_on": _today(platform),
            "acceptance": "Tight",
            "evidence": [picture],
        }
        await post(platform, county.committee, f"{hazard}/delist", **accepting)
        assert await _stopped_late(platform, "listing.acceptance")
        assert await _missed(platform, hazard, "listing.publish_delisting")
        notice = {"what": "delisting", "where": "County gazette", "on": _today(platform)}
        await post(platform, county.committee, f"{hazard}/publications", **notice)
        assert await _stopped_late(platform, "listing.publish_delisting")


async def test_a_stop_is_reviewed_within_ten_days_of_the_request(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, **MAJOR)
        stop = {"kind": "full_stop", "reason": "May explode", "basis": "WSL art. 65"}
        await post(platform, county.head, f"{hazard}/order-stop", **stop)
        assert await platform.rows("inspection", "select 1 from deadlines where key like 'suspension%'") == []
        await post(platform, county.principal, f"{hazard}/request-resumption", **RESUMPTION)
        assert await due(platform, "suspension.resumption_review") == ("2026-10-10", "open")
        assert await _missed(platform, hazard, "suspension.resumption_review")
        await post(platform, county.head, f"{hazard}/decide-resumption", granted=False, reason="The report is old")
        assert await _stopped_late(platform, "suspension.resumption_review")


async def test_every_clock_of_a_penalty_decision_runs_out_and_stops(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        filed = {"ground": "Not removed", "basis": "WSL art. 102", "officers": OFFICERS}
        await post(platform, county.li, f"{hazard}/open-case", **filed)
        handed_over = {"how": "in_person", "received_by": "The principal", "evidence": [OFFICERS_PICTURE]}
        fine = {"penalty": "A fine", "kinds": ["fine"], "amount_yuan": 60_000, "basis": "WSL art. 102"}
        rights = {**fine, "facts": "Dust", "reasons": "Not removed", "service": handed_over}
        await post(platform, county.li, f"{hazard}/tell-rights", **rights)
        await post(platform, county.principal, f"{hazard}/ask-hearing", words="Hear us")
        assert await _missed(platform, hazard, "case.hearing.call")
        calling = {"at": str(platform.now + timedelta(days=20)), "place": "Room 3", "presider": str(county.DESK)}
        await post(platform, county.desk, f"{hazard}/call-hearing", **calling)
        assert await _stopped_late(platform, "case.hearing.call")
        assert await _missed(platform, hazard, "case.hearing.hold")
        record = {"attended": True, "record": "Heard", "evidence": [OFFICERS_PICTURE]}
        await post(platform, county.li, f"{hazard}/hold-hearing", **record)
        assert await _stopped_late(platform, "case.hearing.hold")
        assert await _missed(platform, hazard, "case.decision")
        await post(platform, county.desk, f"{hazard}/review-case", agrees=True, opinion="Sound")
        discussed = {"on": _today(platform), "members": [str(county.HEAD), str(county.DESK)], "opinion": "Agreed"}
        await post(platform, county.head, f"{hazard}/decide-case", **fine, discussion=discussed)
        assert await _stopped_late(platform, "case.decision")
        assert await _missed(platform, hazard, "case.service")
        await post(platform, county.li, f"{hazard}/serve-case", **handed_over)
        notice = {"what": "case_decision", "where": "County gazette", "on": _today(platform)}
        await post(platform, county.desk, f"{hazard}/publications", **notice)
        assert await _stopped_late(platform, "case.service")
        assert await _stopped_late(platform, "case.publicity")
        assert await _missed(platform, hazard, "case.pay")
        await post(platform, county.li, f"{hazard}/serve-demand", demand="Pay", service=handed_over)
        assert await _missed(platform, hazard, "court.apply.after_demand")
        assert await _missed(platform, hazard, "court.apply")
        await post(platform, county.head, f"{hazard}/apply-to-court", court="County court", reason="Not paid")
        assert await _stopped_late(platform, "court.apply")
        await post(platform, county.desk, f"{hazard}/execute-case", how="Taken by the court")
        assert await _stopped_late(platform, "case.pay")
