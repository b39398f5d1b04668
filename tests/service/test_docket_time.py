"""More time to verify, the archive, and who has the case while it is passed on."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import hazard_stages as stages
import inspection_county as county
from inspection_county import OFFICERS, get, post, put, report, settle, slug

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.testing import OpenPlatform, Platform

WHY = {"explanation": "The laboratory needs three weeks."}
REJECT = {"reason": "insufficient_after_enquiry", "explanation": "Nobody could be asked."}


async def opened(platform: Platform, *claims: Event) -> list[str]:
    await platform.announce(*county.registry_facts())
    await settle(platform, *claims)
    return [f"/docket/{entry['id']}" for entry in (await get(platform, county.desk, "/docket"))["items"]]


async def clocks(platform: Platform, entry: str) -> list[tuple[str, str]]:
    shown = (await get(platform, county.desk, entry))["deadlines"]
    return [(clock["key"], clock["due_at"]) for clock in shown]


async def test_verifying_is_extended_once_by_the_head_and_the_clock_moves(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        one, two = await opened(platform, report(), report())
        await post(platform, county.desk, f"{two}/merge", into_entry_id=one[8:])
        path = f"{one}/extend-verification"
        assert slug(await post(platform, county.head, path, 409, **WHY)) == "illegal-transition"
        await post(platform, county.desk, f"{one}/accept", what="Dust deposits")
        assert await clocks(platform, one) == [("report.verify", "2026-11-29T15:59:59Z")]
        assert slug(await post(platform, county.desk, path, 403, **WHY)) == "role-may-not"
        await post(platform, county.fire_head, path, 404, **WHY)
        platform.travel(days=59)
        extended = await post(platform, county.head, path, **WHY)
        assert extended["state"] == "accepted"
        assert await clocks(platform, one) == [("report.verify", "2026-12-29T15:59:59Z")]
        [clock] = extended["deadlines"]
        assert "Extended: 30 calendar days" in clock["explanation_en"]
        assert "延长：" in clock["explanation_zh"]
        assert slug(await post(platform, county.head, path, 409, **WHY)) == "no-extension-left"
        assert "extend_verification" not in (await get(platform, county.head, one))["offers"]
        await platform.settle(redeliver=3)
        told = platform.events(facts.VerificationExtended)
        assert [
            event.verify_by.date().isoformat() for event in told if isinstance(event, facts.VerificationExtended)
        ] == [
            "2026-12-29",
            "2026-12-29",
        ], "whoever reported the same matter waits as long and is told as well"
        keys = await platform.rows("inspection", "select count(*) as n from deadlines where key = 'report.verify'")
        assert keys[0]["n"] == 1


async def test_what_is_late_is_not_made_punctual_afterwards(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report())
        await post(platform, county.desk, f"{entry}/accept", what="Dust deposits")
        platform.travel(days=61)
        late = await post(platform, county.head, f"{entry}/extend-verification", 409, **WHY)
        assert slug(late) == "limit-passed"
        assert (await get(platform, county.desk, entry))["overdue"] is True


async def test_an_officers_own_finding_has_no_time_to_extend(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await opened(platform)
        ask = {"place": county.PLACE, "category": "dust", "what": "Dust", "enterprise_id": str(county.MILL)}
        entry = f"/docket/{(await put(platform, county.li, f'/docket/claims/{uuid4()}', **ask))['entry_id']}"
        await post(platform, county.desk, f"{entry}/accept", what="Dust")
        refused = await post(platform, county.head, f"{entry}/extend-verification", 409, **WHY)
        assert slug(refused) == "no-such-clock"


async def test_what_was_turned_away_is_archived_once_nobody_can_contest_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report())
        assert slug(await post(platform, county.desk, f"{entry}/close", 409)) == "illegal-transition"
        await post(platform, county.desk, f"{entry}/reject", **REJECT)
        early = await post(platform, county.desk, f"{entry}/close", 409)
        assert (slug(early), early["until"]) == ("review-still-possible", "2026-10-30 15:59:59+00:00")
        platform.now = datetime.fromisoformat("2026-10-30T15:59:59+00:00")
        assert slug(await post(platform, county.desk, f"{entry}/close", 409)) == "review-still-possible"
        platform.travel(seconds=1)
        assert slug(await post(platform, county.committee, f"{entry}/close", 403)) == "role-may-not"
        archived = await post(platform, county.desk, f"{entry}/close")
        assert (archived["state"], archived["offers"], archived["deadlines"]) == ("closed", [], [])
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.ReportClosed)) == 1


async def test_an_answered_report_is_not_archived_while_its_hazard_is_open(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await stages.suspected(platform)
        [entry] = [f"/docket/{each['id']}" for each in (await get(platform, county.desk, "/docket"))["items"]]
        confirming = {"grade": "general", "what": "Dust deposits", "officers": OFFICERS}
        await post(platform, county.li, f"{hazard}/confirm", **confirming)
        await platform.settle(redeliver=3)
        await post(platform, county.desk, f"{entry}/answer", answer="You were right.")
        platform.travel(days=40)
        assert slug(await post(platform, county.desk, f"{entry}/close", 409)) == "hazard-still-open"
        gone = {"reason": "The mill was pulled down", "proof": [county.OFFICERS_PICTURE]}
        await post(platform, county.head, f"{hazard}/void", **gone)
        assert (await post(platform, county.desk, f"{entry}/close"))["state"] == "closed"


async def test_who_gives_a_transfer_back_may_say_who_is_responsible(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report())
        to_fire = {"to_authority_id": str(county.FIRE), "explanation": "theirs"}
        await post(platform, county.desk, f"{entry}/transfer", **to_fire)

        async def bounce(suggested: UUID) -> dict[str, Any]:
            ask = {"explanation": "Not ours.", "suggested_authority_id": str(suggested)}
            return await post(platform, county.fire_desk, f"{entry}/bounce", 422, **ask)

        assert slug(await bounce(county.AGENCY)) == "not-an-authority"
        assert slug(await bounce(county.FIRE)) == "suggest-another"
        theirs = {"explanation": "Food premises.", "suggested_authority_id": str(county.MARKET)}
        await post(platform, county.fire_desk, f"{entry}/bounce", **theirs)
        waiting = await get(platform, county.committee, entry)
        assert waiting["suggested_authority_id"] == str(county.MARKET)
        named = {"authority_id": str(county.MARKET), "explanation": "It is theirs."}
        await post(platform, county.committee, f"{entry}/arbitrate", **named)
        assert (await get(platform, county.market_desk, entry))["suggested_authority_id"] is None
        await platform.settle(redeliver=3)
        sent, bounced, *_ = platform.events(facts.ReportTransferred, facts.TransferBounced)
        assert isinstance(sent, facts.ReportTransferred)
        assert isinstance(bounced, facts.TransferBounced)
        assert (sent.holder, bounced.refused_by) == (facts.PartyName(en="消防", zh="消防"),) * 2
        assert bounced.suggested_authority_id == county.MARKET
        received = platform.events(facts.ReportReceived)[-1]
        assert isinstance(received, facts.ReportReceived)
        assert received.holder == facts.PartyName(en="市监", zh="市监")


async def test_who_takes_a_transfer_over_is_named(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        [entry] = await opened(platform, report())
        to_fire = {"to_authority_id": str(county.FIRE), "explanation": "theirs"}
        await post(platform, county.desk, f"{entry}/transfer", **to_fire)
        await post(platform, county.fire_desk, f"{entry}/acknowledge")
        await platform.settle(redeliver=3)
        [taken] = platform.events(facts.TransferAcknowledged)
        assert isinstance(taken, facts.TransferAcknowledged)
        assert taken.holder == facts.PartyName(en="消防", zh="消防")
