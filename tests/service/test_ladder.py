"""A missed clock climbs its ladder once: letter by letter, to the right party, with its reason, never in a flood."""

from datetime import timedelta
from uuid import UUID

import inspection_county as county
from inspection_county import get, post, put, slug
from ladder_stages import (
    CALLED,
    CLOCK,
    MISSED,
    REMINDED,
    SUPERVISED,
    WARNED,
    climbs,
    day_by_day,
    height,
    kinds,
    late,
    letters,
    met,
    until,
)
from letter_stages import MILL, sent
from sqlalchemy import select
from visit_stages import known_county

from services.inspection.hazards.models import Hazard
from services.inspection.ladder.actions import climbing
from shared.contracts.inspection import (
    HazardEscalated,
    LetterPrepared,
    LetterSent,
    Listing,
)
from shared.contracts.values import Grade
from shared.testing import OpenPlatform

BUREAU, OFFICE, WORKS = county.EMERGENCY, county.COMMITTEE, county.MILL


async def test_an_authority_is_reminded_warned_and_supervised_once_each_and_then_its_leader_is_called(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        await until(platform, MISSED)
        assert await letters(platform) == []
        expected: list[tuple[str, UUID, UUID]] = []
        for level, (at, kind) in enumerate(
            ((REMINDED, "reminder"), (WARNED, "warning"), (SUPERVISED, "supervision")), 1
        ):
            await until(platform, at)
            expected.append((kind, OFFICE, BUREAU))
            assert await kinds(platform) == sorted(expected)
            assert await height(platform, hazard_id) == level
        await until(platform, CALLED)
        assert [letter["kind"] for letter in await letters(platform)] == [
            "reminder", "warning", "supervision", "interview",
        ]  # fmt: skip
        assert await height(platform, hazard_id) == 4
        steps = await climbs(platform, hazard_id)
        assert [(step["instrument"], step["level"], step["key"], step["rule"]) for step in steps] == [
            ("reminder", 1, CLOCK, "ladder.reminder"),
            ("warning", 2, CLOCK, "ladder.warning"),
            # Due by the clock itself and by the unanswered warning in the same second: written once.
            ("supervision", 3, "letter.reply.warning", "letter.reply.warning"),
            ("interview", 4, "letter.reply.supervision", "letter.reply.supervision"),
        ]
        told = platform.events(HazardEscalated)
        assert [(fact.instrument, fact.level) for fact in told] == [  # type: ignore[attr-defined]
            ("reminder", 1), ("warning", 2), ("supervision", 3), ("interview", 4),
        ]  # fmt: skip
        assert len(platform.events(LetterSent)) == 3
        assert len(platform.events(LetterPrepared)) == 1


async def test_whoever_gets_a_letter_reads_which_clock_by_which_rule_and_how_it_was_counted(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        await day_by_day(platform, MISSED, REMINDED, WARNED)
        reminder, warning = await letters(platform, county.head)
        assert (reminder["capacity"], reminder["rule"], reminder["due_at"]) == (
            "system", "ladder.reminder", "2026-10-13T15:59:59Z",
        )  # fmt: skip
        [clock] = [each["deadline_id"] for each in await climbs(platform, hazard_id, county.desk)][:1]
        assert reminder["deadline_id"] == clock
        assert "5 working days from 2026-09-30" in reminder["explanation_en"]
        for each in ("Dust on the motors", "应急", "2026-10-13 23:59", reminder["explanation_zh"]):
            assert each in reminder["facts"]
        assert (reminder["leader"], reminder["unaddressed"]) == ("Officer", False)
        assert (reminder["reply_by"], warning["reply_by"]) == (None, "2026-10-27")
        assert reminder["hazard_ids"] == [hazard_id]
        whole = await get(platform, county.desk, f"/letters/{warning['id']}")
        assert [(step["verb"], step["capacity"]) for step in whole["history"]] == [("send", "system")]
        steps = (await get(platform, county.committee, f"/hazards/{hazard_id}/history"))["items"]
        assert [(step["verb"], step["capacity"], step["reason"]) for step in steps] == [
            ("escalate", "system", "ladder.reminder"),
            ("escalate", "system", "ladder.warning"),
        ]
        [told, _] = platform.events(LetterSent)
        assert isinstance(told, LetterSent)
        assert (str(told.deadline_id), told.rule, told.by_id) == (clock, "ladder.reminder", None)
        assert told.explanation_en == reminder["explanation_en"]


async def test_a_major_hazard_is_warned_where_a_general_one_is_reminded(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform, grade=Grade.MAJOR)
        await day_by_day(platform, MISSED, REMINDED, WARNED)
        [letter] = await letters(platform)
        assert (letter["kind"], letter["rule"]) == ("warning", "ladder.warning.major")
        assert await height(platform, hazard_id) == 2
        await until(platform, SUPERVISED)
        assert await height(platform, hazard_id) == 3
        assert [each["kind"] for each in await letters(platform)] == ["warning", "supervision"]


async def test_an_enterprise_is_pressed_by_who_leads_and_that_authority_by_the_committee(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform, WORKS, key="hazard.plan")
        await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED)
        assert await kinds(platform) == [
            ("reminder", BUREAU, WORKS), ("supervision", OFFICE, BUREAU), ("warning", BUREAU, WORKS),
        ]  # fmt: skip
        theirs = await letters(platform, county.principal)
        assert [letter["kind"] for letter in theirs] == ["reminder", "warning"]
        assert all(letter["hazard_ids"] == [hazard_id] for letter in theirs)
        assert [step["instrument"] for step in await climbs(platform, hazard_id, county.principal)] == [
            "reminder", "warning",
        ]  # fmt: skip
        assert (
            slug(await get(platform, county.other_principal, f"/hazards/{hazard_id}/escalations", 404)) == "not-found"
        )
        assert slug(await get(platform, county.volunteer, f"/hazards/{hazard_id}/escalations", 403)) == "role-may-not"


async def test_an_enterprise_that_does_not_know_the_hazard_is_sent_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform, WORKS, key="hazard.plan", ordered=False)
        await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED)
        assert (await letters(platform), await climbs(platform, hazard_id)) == ([], [])


async def test_nobody_presses_the_committee_and_no_letter_goes_to_a_partner(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for owed_by in (None, county.PARTNER, county.AGENCY):
            await late(platform, owed_by)
        await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED, CALLED)
        assert await letters(platform) == []


async def test_after_an_outage_only_the_highest_step_that_is_due_is_written(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        await until(platform, SUPERVISED)
        assert [letter["kind"] for letter in await letters(platform)] == ["supervision"]
        assert [(step["instrument"], step["letter_id"] is None) for step in await climbs(platform, hazard_id)] == [
            ("reminder", True), ("warning", True), ("supervision", False),
        ]  # fmt: skip
        assert len(platform.events(HazardEscalated)) == 3


async def test_two_clocks_of_one_thing_that_run_out_together_write_one_letter(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get(Hazard, UUID(hazard_id))
            assert row is not None
            climbing.deadlines.start(tx, row.about, "hazard.site_check", BUREAU, platform.now)
        await day_by_day(platform, MISSED, REMINDED)
        [letter] = await letters(platform)
        steps = await climbs(platform, hazard_id)
        assert [(step["letter_id"], step["joined"]) for step in sorted(steps, key=lambda step: step["joined"])] == [
            (letter["id"], False), (letter["id"], True),
        ]  # fmt: skip
        assert {step["key"] for step in steps} == {CLOCK, "hazard.site_check"}


async def test_what_was_done_late_climbs_no_further_even_if_the_letter_stays_unanswered(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        await day_by_day(platform, MISSED, REMINDED, WARNED)
        await met(platform, hazard_id)
        await day_by_day(platform, SUPERVISED, CALLED)
        assert [letter["kind"] for letter in await letters(platform)] == ["reminder", "warning"]


async def test_a_third_supervision_letter_of_a_quarter_calls_the_leader_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazards = [await late(platform) for _ in range(4)]
        await until(platform, SUPERVISED)
        written = [letter["kind"] for letter in await letters(platform)]
        assert (written.count("supervision"), written.count("interview")) == (4, 1)
        [interview] = [letter for letter in await letters(platform) if letter["kind"] == "interview"]
        assert interview["rule"] == "ladder.interview.supervisions"
        assert set(interview["hazard_ids"]) < set(hazards)
        assert len(interview["hazard_ids"]) == 2, "the third and the fourth"
        assert sorted([await height(platform, each) for each in hazards]) == [3, 3, 4, 4]


async def test_an_interview_about_several_things_goes_on_for_what_is_not_done(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazards = [await late(platform) for _ in range(4)]
        await until(platform, SUPERVISED)
        [interview] = [letter for letter in await letters(platform) if letter["kind"] == "interview"]
        steps = {each: [s for s in await climbs(platform, each) if s["instrument"] == "interview"] for each in hazards}
        [first] = [each for each, found in steps.items() if found and not found[0]["joined"]]
        [joined] = [each for each, found in steps.items() if found and found[0]["joined"]]
        room = {"at": (platform.now + timedelta(hours=9)).isoformat(), "place": "Room 301", "called": ["Director"]}
        await post(platform, county.committee, f"/letters/{interview['id']}/summon", **room)
        await met(platform, first)
        await until(platform, platform.now + timedelta(days=20))
        assert (await height(platform, first), await height(platform, joined)) == (4, 5)
        [proposal] = (await get(platform, county.committee, "/proposals"))["items"]
        assert set(proposal["hazard_ids"]) == {first, joined}


async def test_a_listed_hazard_past_its_limit_calls_the_leader_at_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        listed = await late(platform, WORKS, key="hazard.limit", listing=Listing.LISTED, grade=Grade.MAJOR)
        plain = await late(platform, WORKS, key="hazard.limit", grade=Grade.MAJOR)
        await until(platform, MISSED)
        [letter] = await letters(platform)
        assert (letter["kind"], letter["state"], letter["addressee_id"], letter["rule"]) == (
            "interview", "prepared", str(WORKS), "ladder.interview.listed",
        )  # fmt: skip
        assert (await height(platform, listed), await height(platform, plain)) == (4, 0)
        assert await letters(platform, county.principal) == [], "nobody is called before time and place are set"


async def test_a_letter_by_hand_that_stays_unanswered_climbs_between_the_same_two(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        letter = await sent(platform, county.desk, reply_by="2026-10-13")
        await until(platform, MISSED)
        assert await kinds(platform) == [("supervision", BUREAU, WORKS), ("warning", BUREAU, WORKS)]
        [_, next_one] = await letters(platform, county.principal)
        assert letter["number"] in next_one["facts"]
        assert (next_one["rule"], next_one["capacity"]) == ("letter.reply", "system")
        await until(platform, WARNED)
        assert [each["kind"] for each in await letters(platform)] == ["warning", "supervision", "interview"]
        assert [each["kind"] for each in await letters(platform, county.principal)] == ["warning", "supervision"]


async def test_while_somebody_moves_the_hazard_its_clock_waits_and_is_not_lost(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        hazard_id = await late(platform)
        await day_by_day(platform, MISSED, REMINDED, WARNED)
        service = platform.service("inspection")
        async with service.database.transaction() as held:
            await held.execute(select(Hazard).where(Hazard.id == UUID(hazard_id)).with_for_update())  # type: ignore[arg-type]
            await until(platform, SUPERVISED)
            assert len(await letters(platform)) == 2
        platform.travel(minutes=5)
        await until(platform, platform.now)
        assert [letter["kind"] for letter in await letters(platform)] == ["reminder", "warning", "supervision"]


async def test_a_county_without_a_committee_is_escalated_and_nobody_is_written_to(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        async with platform.service("inspection").database.transaction() as tx:
            await (await tx.connection()).exec_driver_sql("delete from parties where kind = 'committee'")
        hazard_id = await late(platform)
        await day_by_day(platform, MISSED, REMINDED)
        assert await letters(platform) == []
        assert await height(platform, hazard_id) == 1
        assert [step["letter_id"] for step in await climbs(platform, hazard_id)] == [None]


async def test_an_addressee_without_a_leader_is_written_to_and_marked(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await late(platform, county.MARKET, lead=county.MARKET)
        await day_by_day(platform, MISSED, REMINDED)
        [letter] = await letters(platform, county.market_desk)
        assert (letter["leader"], letter["unaddressed"]) == ("", True)
        [told] = platform.events(LetterSent)
        assert isinstance(told, LetterSent)
        assert told.unaddressed
        by_hand = await put(platform, county.desk, f"/letters/{county.LI}", **MILL)
        assert by_hand["unaddressed"], "the mill has no principal that the registry told of"
        assert await post(platform, county.principal, f"/letters/{by_hand['id']}/reply", text="Done.")
