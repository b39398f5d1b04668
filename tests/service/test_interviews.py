"""The last steps of the ladder: interviews and results, circulars, notices of listing, what the committee decides."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from hazard_stages import confirmed
from inspection_county import get, post, put, settle, slug
from ladder_stages import CALLED, MISSED, REMINDED, SUPERVISED, WARNED, climbs, day_by_day, late, letters, until
from letter_stages import hazard, sent
from visit_stages import PLAN, known_county

from services.inspection.hazards.models import Hazard
from shared.contracts.inspection import (
    InterviewHeld,
    LetterAnswered,
    LetterSent,
    LetterSetAside,
    Listing,
    ProposalDecided,
    ProposalMade,
)
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

ROOM = {"place": "Room 301", "called": ["Director of the emergency bureau"]}
REPLY, YES, NO = (
    {"text": "It is done."},
    {"accepted": True, "reason": "Seen."},
    {"accepted": False, "reason": "No proof."},
)
OUTSIDERS = (
    county.desk, county.li, county.township, county.principal, county.agency, county.volunteer, county.partner,
)  # fmt: skip


async def called(platform: Platform) -> str:
    """Let a hazard's ladder be climbed to the interview that is prepared; give the letter's address."""
    await known_county(platform)
    await late(platform)
    await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED, CALLED)
    [prepared] = [letter for letter in await letters(platform) if letter["kind"] == "interview"]
    return f"/letters/{prepared['id']}"


def when(platform: Platform, **ahead: float) -> str:
    return (platform.now + timedelta(**ahead)).isoformat()


async def test_an_interview_is_prepared_called_held_answered_and_judged(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address = await called(platform)
        prepared = await get(platform, county.committee, address)
        assert (prepared["state"], prepared["interview"], prepared["capacity"]) == ("prepared", None, "system")
        assert set(prepared["offers"]) == {"summon", "set_aside"}
        assert [clock["key"] for clock in prepared["deadlines"]] == ["ladder.summon"]
        assert slug(await get(platform, county.head, address, 404)) == "not-found", "nobody hears before the call"
        at = when(platform, days=2)
        sent_off = await post(platform, county.committee, f"{address}/summon", **ROOM, at=at)
        assert (sent_off["state"], sent_off["interview"]["place"]) == ("sent", "Room 301")
        assert [clock["key"] for clock in sent_off["deadlines"]] == ["letter.reply.interview"]
        early = await post(platform, county.head, f"{address}/reply", 409, **REPLY)
        assert slug(early) == "interview-not-held"
        platform.travel(days=2, hours=3)
        record = {"held_at": at, "record": "The delay was explained.", "demanded": "Close it by Friday."}
        held = await post(platform, county.committee, f"{address}/hold", **record)
        assert (held["state"], held["interview"]["record"]) == ("held", record["record"])
        assert (await get(platform, county.head, address))["offers"] == ["reply"]
        await post(platform, county.head, f"{address}/reply", **REPLY)
        refused = await post(platform, county.committee, f"{address}/judge", **NO)
        assert [clock["key"] for clock in refused["deadlines"]] == ["letter.reply.insufficient"]
        await post(platform, county.head, f"{address}/reply", **REPLY)
        assert (await post(platform, county.committee, f"{address}/judge", **YES))["state"] == "accepted"
        await platform.settle(redeliver=3)
        assert len(platform.events(InterviewHeld)) == 1
        last = platform.events(LetterSent)[-1]
        assert isinstance(last, LetterSent)
        assert (last.interview_at is not None, last.rule) == (True, "letter.reply.supervision")


@pytest.mark.parametrize("took_place", [True, False])
async def test_an_interview_without_result_is_put_to_the_committee_which_decides_once(
    services_here: OpenPlatform, took_place: bool
) -> None:
    async with services_here("inspection") as platform:
        address = await called(platform)
        at = when(platform, days=1)
        await post(platform, county.committee, f"{address}/summon", **ROOM, at=at)
        platform.travel(days=1, hours=1)
        if took_place:
            record = {"held_at": at, "record": "-", "demanded": "Close it."}
            by = (platform.now + timedelta(days=3)).date()
            await post(platform, county.committee, f"{address}/hold", **record, reply_by=str(by))
        await until(platform, platform.now + timedelta(days=20))
        [proposal] = (await get(platform, county.committee, "/proposals?state=open"))["items"]
        assert (proposal["about_id"], proposal["letter_id"]) == (str(county.EMERGENCY), address.split("/")[-1])
        [hazard_id] = proposal["hazard_ids"]
        assert (await get(platform, county.committee, f"/hazards/{hazard_id}"))["escalation"] == 5
        last = (await climbs(platform, hazard_id))[-1]
        assert (last["instrument"], last["proposal_id"], last["letter_id"]) == ("proposal", proposal["id"], None)
        assert not [letter for letter in await letters(platform) if letter["kind"] == "circular"], "never by itself"
        where = f"/proposals/{proposal['id']}"
        for who in OUTSIDERS:
            assert slug(await get(platform, who, where, 403)) == "role-may-not"
            assert slug(await post(platform, who, f"{where}/decide", 403, reason="x")) == "role-may-not"
        decided = await post(platform, county.committee, f"{where}/decide", measure="circular", reason="No result.")
        assert (decided["state"], decided["measure"], decided["offers"]) == ("decided", "circular", [])
        again = await post(platform, county.committee, f"{where}/decide", 409, reason="No.")
        assert slug(again) == "illegal-transition"
        await until(platform, platform.now + timedelta(days=60))
        assert len(platform.events(ProposalMade)) == len(platform.events(ProposalDecided)) == 1


async def test_what_is_proposed_may_be_dismissed_and_without_a_hazard_nothing_is_listed(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await sent(platform, kind="interview", interview={**ROOM, "at": when(platform, hours=2)})
        await until(platform, platform.now + timedelta(days=30))
        [proposal] = (await get(platform, county.committee, "/proposals"))["items"]
        where = f"/proposals/{proposal['id']}/decide"
        refused = await post(platform, county.committee, where, 422, measure="listing", reason="x")
        assert slug(refused) == "nothing-to-list"
        dismissed = await post(platform, county.committee, where, reason="It was settled by telephone.")
        assert (dismissed["state"], dismissed["measure"]) == ("dismissed", None)
        assert slug(await get(platform, county.committee, f"/proposals/{uuid4()}", 404)) == "not-found"


async def test_a_prepared_interview_may_be_set_aside_with_a_reason(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address = await called(platform)
        where = f"{address}/set-aside"
        assert slug(await post(platform, county.committee, where, 422)) == "invalid-request"
        aside = await post(platform, county.committee, where, reason="The director was changed.")
        assert (aside["state"], aside["deadlines"], aside["offers"]) == ("set_aside", [], [])
        again = await post(platform, county.committee, f"{address}/summon", 409, **ROOM, at=when(platform, days=1))
        assert slug(again) == "illegal-transition"
        assert slug(await get(platform, county.head, address, 404)) == "not-found"
        await until(platform, platform.now + timedelta(days=40))
        assert len(platform.events(LetterSetAside)) == 1
        assert (await get(platform, county.committee, "/proposals"))["items"] == []


async def test_only_its_sender_calls_and_holds_an_interview(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        address = await called(platform)
        at = when(platform, days=1)
        for who, status, why in (
            (county.head, 404, "not-found"),
            (county.fire_head, 404, "not-found"),
            (county.township, 403, "role-may-not"),
            (county.principal, 403, "role-may-not"),
            (county.li, 403, "role-may-not"),
        ):
            assert slug(await post(platform, who, f"{address}/summon", status, **ROOM, at=at)) == why
        await post(platform, county.committee, f"{address}/summon", **ROOM, at=at)
        record = {"held_at": at, "record": "-", "demanded": "-"}
        theirs = await post(platform, county.head, f"{address}/hold", 403, **record)
        assert slug(theirs) == "not-your-letter"
        for who, wrong in ((county.committee, at), (county.committee, when(platform, days=-2))):
            assert slug(await post(platform, who, f"{address}/hold", 422, **{**record, "held_at": wrong})) == "held-at"
        plain = await sent(platform, kind="supervision")
        no = await post(platform, county.committee, f"/letters/{plain['id']}/hold", 409, **record)
        assert slug(no) == "no-interview"


ASKS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "interview"}, "interview-wanted"),
    ({"kind": "warning", "interview": {**ROOM, "at": "2026-10-09T01:00:00Z"}}, "interview-not-wanted"),
    ({"kind": "interview", "interview": {**ROOM, "at": "2026-09-29T01:00:00Z"}}, "interview-time"),
    ({"kind": "interview", "interview": {**ROOM, "at": "2027-09-29T01:00:00Z"}}, "interview-time"),
    ({"kind": "interview", "interview": {**ROOM, "at": "2026-10-09T01:00:00"}}, "invalid-request"),
    ({"kind": "interview", "interview": {**ROOM, "at": "2026-10-09T01:00:00Z", "called": []}}, "invalid-request"),
    ({"kind": "circular"}, "circular-wanted"),
    ({"kind": "warning", "circular": {"text": "x", "named_ids": [str(county.FIRE)]}}, "circular-not-wanted"),
    ({"kind": "circular", "circular": {"text": "x", "named_ids": []}}, "invalid-request"),
    ({"kind": "listing_notice"}, "not-listed"),
]


@pytest.mark.parametrize(("ask", "why"), ASKS, ids=[f"{why}-{n}" for n, (_, why) in enumerate(ASKS)])
async def test_a_letter_that_lacks_what_its_kind_says_is_refused(
    services_here: OpenPlatform, ask: dict[str, Any], why: str
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        assert slug(await sent(platform, status=422, **ask)) == why
        assert await letters(platform) == []


async def test_a_circular_is_read_by_everybody_in_the_county_and_written_by_the_committee(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        text = {"text": "Two bureaus closed nothing in time.", "named_ids": [str(county.EMERGENCY), str(county.FIRE)]}
        letter = await sent(platform, kind="circular", circular=text)
        assert letter["number"] == "安委办通报〔2026〕000001号"
        for who in (county.committee, county.fire_desk, county.township, county.principal, county.other_principal):
            [shown] = (await get(platform, who, "/letters/circulars"))["items"]
            assert (shown["published"], shown["named_ids"]) == (text["text"], text["named_ids"])
            assert set(shown) == {"id", "number", "sender_id", "published", "named_ids", "sent_at"}
        abroad = county.actor(Role.AUTHORITY_DESK, party=UUID(int=98), area="110101")
        assert (await get(platform, abroad, "/letters/circulars"))["items"] == []
        assert slug(await get(platform, county.fire_desk, f"/letters/{letter['id']}", 404)) == "not-found"
        for who in (county.volunteer, county.agency, county.worker):
            assert slug(await get(platform, who, "/letters/circulars", 403)) == "role-may-not"
        refused = await sent(platform, county.desk, 403, kind="circular", circular=text)
        assert slug(refused) == "only-the-committee-sends"


async def test_a_notice_of_listing_names_hazards_that_are_listed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        listed, plain = await hazard(platform), await hazard(platform)
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get(Hazard, UUID(listed))
            assert row is not None
            row.listing = Listing.LISTED
        letter = await sent(platform, kind="listing_notice", hazard_ids=[listed])
        assert letter["number"] == "安委办挂牌督办通知书〔2026〕000001号"
        refused = await sent(platform, status=422, kind="listing_notice", hazard_ids=[listed, plain])
        assert (slug(refused), refused["hazards"]) == ("not-listed", [plain])
        theirs = await sent(platform, county.desk, 403, kind="listing_notice", hazard_ids=[listed])
        assert slug(theirs) == "only-the-committee-sends"


async def test_an_answer_after_its_limit_is_taken_and_marked_late(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        letter = await sent(platform, kind="supervision", reply_by="2026-10-13")
        platform.now = MISSED
        in_time = await sent(platform, kind="supervision")
        platform.travel(seconds=1)
        answered = await post(platform, county.desk, f"/letters/{letter['id']}/reply", **REPLY)
        assert [answer["late"] for answer in answered["answers"]] == [True]
        answered = await post(platform, county.desk, f"/letters/{in_time['id']}/reply", **REPLY)
        assert [answer["late"] for answer in answered["answers"]] == [False]
        await platform.settle(redeliver=3)
        assert [fact.late for fact in platform.events(LetterAnswered) if isinstance(fact, LetterAnswered)] == [
            True,
            False,
        ]


MAY_NOT = (
    "confirm", "dismiss", "order", "order-stop", "deliver", "open-recheck", "pass-recheck", "fail-recheck", "close",
    "decide-extension", "decide-resumption", "open-case", "decide-case", "apply-to-court", "cut-power",
)  # fmt: skip


async def test_the_committee_writes_calls_and_circulates_and_neither_inspects_nor_orders(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await hazard(platform)
        for verb in MAY_NOT:
            refused = await post(platform, county.committee, f"/hazards/{hazard_id}/{verb}", 403)
            assert slug(refused) == "role-may-not", verb
        plan = {**PLAN, "kind": "admin_inspection"}
        refused = await put(platform, county.committee, f"/visits/{uuid4()}", 403, **plan)
        assert slug(refused) == "role-may-not"
        async with platform.client("inspection", county.committee) as http:
            assert "reporter" not in (await http.get(f"/hazards/{hazard_id}")).text


@pytest.mark.parametrize("finding", ["deaths_confirmed", "no_deaths"])
async def test_a_death_that_the_county_confirmed_calls_the_leader_and_tells_nothing_of_who_reported(
    services_here: OpenPlatform, finding: str
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        claims = [county.report("Two fell from the silo", fatalities=True) for _ in range(2)]
        await settle(platform, *claims)
        entries = [each["id"] for each in (await get(platform, county.desk, "/docket?fatal=true"))["items"]]
        assert len(entries) == 2
        for entry in entries:
            found: dict[str, Any] = {
                "finding": finding,
                "decided_on": "2026-09-30",
                "statement": "As the hospital told.",
            }
            await post(platform, county.committee, f"/docket/{entry}/record-county-verdict", **found)
            await platform.settle(redeliver=3)
        if finding == "no_deaths":
            assert await letters(platform) == []
            return
        interview, second = await letters(platform)
        assert second["rule"] == "ladder.interview.death", "two claims that nobody has verified may be two accidents"
        await post(platform, county.committee, f"/letters/{second['id']}/set-aside", reason="The same accident.")
        assert (interview["kind"], interview["state"], interview["rule"]) == (
            "interview", "prepared", "ladder.interview.death",
        )  # fmt: skip
        assert (interview["sender_id"], interview["addressee_id"]) == (str(county.COMMITTEE), str(county.MILL))
        assert await letters(platform, county.principal) == [], "nobody is called before time and place are set"
        room: dict[str, Any] = {"at": (platform.now + timedelta(days=3)).isoformat(), "place": "Room 301"}
        room["called"] = ["Principal"]
        await post(platform, county.committee, f"/letters/{interview['id']}/summon", **room)
        [theirs] = await letters(platform, county.principal)
        whole = json.dumps(await get(platform, county.principal, f"/letters/{theirs['id']}"), ensure_ascii=False)
        assert "On 2026-09-30 the government confirmed" in whole
        assert "经政府于 2026-09-30 核实" in whole
        numbers = [(await get(platform, county.desk, f"/docket/{entry}"))["number"] for entry in entries]
        for hint in ("silo", "hospital", *entries, *numbers, *(str(claim.claim_id) for claim in claims)):
            assert hint not in whole
        await until(platform, platform.now + timedelta(days=40))
        [proposal] = (await get(platform, county.committee, "/proposals"))["items"]
        assert proposal["about_id"] == str(county.MILL), "an interview without result is put to the committee"


async def test_the_unit_that_officers_found_is_called_and_not_the_one_that_a_reporter_guessed(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        found_there = await confirmed(platform, county.report(fatalities=True), enterprise_id=str(county.BAKERY))
        [claim] = (await get(platform, county.desk, "/docket?fatal=true"))["items"]
        entry, hazard_id = f"/docket/{claim['id']}", found_there.rpartition("/")[2]
        found: dict[str, Any] = {"finding": "deaths_confirmed", "decided_on": "2026-09-30", "statement": "Confirmed."}
        await post(platform, county.committee, f"{entry}/record-county-verdict", **found)
        await platform.settle(redeliver=3)
        [interview] = await letters(platform)
        assert interview["addressee_id"] == str(county.BAKERY)
        [step] = await climbs(platform, hazard_id)
        assert (step["instrument"], step["level"], step["rule"]) == ("interview", 4, "ladder.interview.death")
