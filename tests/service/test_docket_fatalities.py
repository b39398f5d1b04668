"""Reports of deaths (Work Safety Law art. 73): told upwards at once, and ended by no authority alone."""

from typing import Any
from uuid import uuid4

import inspection_county as county
from inspection_county import OFFICERS, get, post, put, report, settle, slug

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.volunteer import EvidenceAdded
from shared.testing import OpenPlatform, Platform

REJECT = {"reason": "insufficient_after_enquiry", "explanation": "Nobody could be asked."}
DISMISS = {"reason": "Nothing of the kind was found.", "officers": OFFICERS}
VERDICT = {"finding": "no_deaths", "decided_on": "2026-09-30", "statement": "Nobody died."}


async def opened(platform: Platform, *claims: Event) -> list[str]:
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    await settle(platform, *claims)
    return [f"/docket/{entry['id']}" for entry in (await get(platform, county.desk, "/docket"))["items"]]


async def refused(platform: Platform, who: Any, address: str, **ask: Any) -> str:
    return slug(await post(platform, who, address, 409, **ask))


async def test_a_report_of_deaths_is_escalated_at_once_however_often_it_arrives(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report(fatalities=True))
        shown = await get(platform, county.committee, entry)
        assert shown["fatal"] is True
        assert [(clock["key"], clock["owed_by"]) for clock in shown["deadlines"]] == [
            ("report.fatality", None),
            ("report.decide_acceptance", str(county.EMERGENCY)),
        ]
        assert shown["offers"] == ["record_county_verdict"]
        assert [move["verb"] for move in shown["history"]] == ["receive", "escalate_fatality"]
        received, escalated = platform.events(facts.ReportReceived, facts.FatalityEscalated)
        assert isinstance(escalated, facts.FatalityEscalated)
        assert isinstance(received, facts.ReportReceived)
        assert escalated.entry_id == received.entry_id
        assert len((await get(platform, county.desk, "/docket?fatal=true"))["items"]) == 1
        assert (await get(platform, county.desk, "/docket?fatal=false"))["items"] == []


async def test_no_desk_ends_it_alone_until_the_county_has_decided(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, other = await opened(platform, report(fatalities=True), report())
        if not (await get(platform, county.desk, entry))["fatal"]:
            entry, other = other, entry
        assert await refused(platform, county.desk, f"{entry}/reject", **REJECT) == "county-decides"
        assert await refused(platform, county.desk, f"{entry}/merge", into_entry_id=other[8:]) == "county-decides"
        assert (await get(platform, county.desk, entry))["offers"] == ["accept", "transfer"]
        verdict = f"{entry}/record-county-verdict"
        for stranger in (county.head, county.township, county.volunteer):
            assert slug(await post(platform, stranger, verdict, 403, **VERDICT)) == "role-may-not"
        for day in ("2026-09-29", "2026-10-01", "0001-01-01", "9999-12-31"):
            wrong = await post(platform, county.committee, verdict, 422, **{**VERDICT, "decided_on": day})
            assert slug(wrong) == "not-the-day", day
        not_fatal = f"{other}/record-county-verdict"
        assert await refused(platform, county.committee, not_fatal, **VERDICT) == "not-escalated"
        decided = await post(platform, county.committee, verdict, **VERDICT)
        assert (decided["county_finding"], decided["offers"]) == ("no_deaths", [])
        assert [clock["key"] for clock in decided["deadlines"]] == ["report.decide_acceptance"]
        assert await refused(platform, county.committee, verdict, **VERDICT) == "verdict-recorded"
        assert (await post(platform, county.desk, f"{entry}/reject", **REJECT))["state"] == "rejected"
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.CountyVerdictRecorded)
        assert isinstance(told, facts.CountyVerdictRecorded)
        assert told.finding is facts.CountyFinding.NO_DEATHS


async def test_its_hazards_are_neither_dismissed_voided_nor_merged_away(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        entry, other = await opened(platform, report(fatalities=True), report())
        if not (await get(platform, county.desk, entry))["fatal"]:
            entry, other = other, entry
        accepted = await post(platform, county.desk, f"{entry}/accept", what="Dust", further=[{"what": "Exit"}])
        into = (await post(platform, county.desk, f"{other}/accept", what="Dust"))["hazard_id"]
        first, second = (f"/hazards/{each}" for each in accepted["hazard_ids"])
        origin = (await post(platform, county.li, f"{first}/split", parts=[{"what": "Silo"}]))["id"]
        listed = (await get(platform, county.desk, "/hazards"))["items"]
        [part] = [f"/hazards/{each['id']}" for each in listed if each["split_from_id"] == origin]
        void = {"reason": "Gone", "proof": [county.OFFICERS_PICTURE]}
        for hazard in (first, second, part):
            assert (await get(platform, county.desk, hazard))["county_decides"] is True
            assert await refused(platform, county.li, f"{hazard}/dismiss", **DISMISS) == "county-decides"
            assert await refused(platform, county.head, f"{hazard}/void", **void) == "county-decides"
            assert await refused(platform, county.li, f"{hazard}/merge", into_hazard_id=into) == "county-decides"
            assert not {"dismiss", "void", "merge"} & set((await get(platform, county.head, hazard))["offers"])
        await post(platform, county.committee, f"{entry}/record-county-verdict", **VERDICT)
        for hazard in (first, second, part):
            await post(platform, county.li, f"{hazard}/dismiss", **DISMISS)
        await platform.settle(redeliver=3)
        assert (await get(platform, county.desk, entry))["state"] == "unfounded"


async def test_the_desk_escalates_what_its_reporter_did_not_say(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report("Somebody fell from the silo and is gone"))
        hazard = (await post(platform, county.desk, f"{entry}/accept", what="Silo without railing"))["hazard_id"]
        why = {"explanation": "The hospital says that he died."}
        await post(platform, county.fire_desk, f"{entry}/escalate-fatality", 404, **why)
        assert slug(await post(platform, county.li, f"{entry}/escalate-fatality", 403, **why)) == "role-may-not"
        escalated = await post(platform, county.desk, f"{entry}/escalate-fatality", **why)
        assert escalated["fatal"] is True
        assert escalated["history"][-1]["reason"] == why["explanation"]
        assert await refused(platform, county.desk, f"{entry}/escalate-fatality", **why) == "already-escalated"
        assert await refused(platform, county.li, f"/hazards/{hazard}/dismiss", **DISMISS) == "county-decides"


async def test_what_a_reporter_adds_later_escalates_too(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        [entry] = await opened(platform, claim)
        hazard = (await post(platform, county.desk, f"{entry}/accept", what="Dust"))["hazard_id"]
        more = EvidenceAdded(**{**claim.model_dump(), "fatalities": True, "what": f"{claim.what}\nOne has died"})
        await platform.announce((claim.claim_id, 2, more))
        await platform.settle(redeliver=3)
        assert (await get(platform, county.desk, entry))["fatal"] is True
        assert await refused(platform, county.li, f"/hazards/{hazard}/dismiss", **DISMISS) == "county-decides"
        assert len(platform.events(facts.FatalityEscalated)) == 1


async def test_a_dismissal_that_was_under_way_waits_for_the_county(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report())
        hazard = (await post(platform, county.desk, f"{entry}/accept", what="Dust"))["hazard_id"]
        await post(platform, county.li, f"/hazards/{hazard}/dismiss", **DISMISS)
        await post(platform, county.desk, f"{entry}/escalate-fatality", explanation="He died.")
        await platform.settle(redeliver=3)
        assert (await get(platform, county.desk, entry))["state"] == "accepted"
        decided = await post(platform, county.committee, f"{entry}/record-county-verdict", **VERDICT)
        assert decided["state"] == "unfounded"
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.ReportUnfounded)
        assert isinstance(told, facts.ReportUnfounded)
        assert told.explanation == DISMISS["reason"]


async def test_one_of_two_reports_of_deaths_still_holds_their_hazard(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await opened(platform, report(), report())
        await post(platform, county.desk, f"{two}/merge", into_entry_id=one[8:])
        hazard = f"/hazards/{(await post(platform, county.desk, f'{one}/accept', what='Dust'))['hazard_id']}"
        for entry in (one, two):
            await post(platform, county.desk, f"{entry}/escalate-fatality", explanation="He died.")
        await post(platform, county.committee, f"{one}/record-county-verdict", **VERDICT)
        assert await refused(platform, county.li, f"{hazard}/dismiss", **DISMISS) == "county-decides"
        await post(platform, county.committee, f"{two}/record-county-verdict", **VERDICT)
        await post(platform, county.li, f"{hazard}/dismiss", **DISMISS)


async def test_what_was_merged_holds_the_whole_matter(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await opened(platform, report(), report())
        await post(platform, county.desk, f"{two}/merge", into_entry_id=one[8:])
        await post(platform, county.desk, f"{two}/escalate-fatality", explanation="He died.")
        assert await refused(platform, county.desk, f"{one}/reject", **REJECT) == "county-decides"
        hazard = f"/hazards/{(await post(platform, county.desk, f'{one}/accept', what='Dust'))['hazard_id']}"
        assert await refused(platform, county.li, f"{hazard}/dismiss", **DISMISS) == "county-decides"


async def test_an_organisations_claim_says_it_too_and_the_enterprise_never_sees_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform)
        claim = {"place": county.PLACE, "category": "dust", "what": "Two died", "enterprise_id": str(county.MILL)}
        await put(platform, county.partner, f"/docket/claims/{uuid4()}", **claim, fatalities=True)
        await settle(platform, county.finding(fatalities=True))
        entries = (await get(platform, county.committee, "/docket?fatal=true"))["items"]
        assert {entry["channel"] for entry in entries} == {"transfer_in", "third_party_audit"}
        assert len(platform.events(facts.FatalityEscalated)) == 2
