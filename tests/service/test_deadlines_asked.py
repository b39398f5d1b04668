"""Who may see which clock, how a list of them is narrowed and turned, and the answer to "why was I reminded?"."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import worklist_stages as stages
from clock_stages import about, look, plant_others, watched
from worklist_stages import asked

from services.inspection.deadlines import actions as deadlines
from services.inspection.domain import About, Kind
from shared.auth import Actor
from shared.testing import START, OpenPlatform, Platform

ENTRY = About(Kind.ENTRY, UUID(int=0xE1), county.TOWN)
LETTER = About(Kind.LETTER, UUID(int=0xE2), county.TOWN)


NARROWED: list[tuple[dict[str, Any], list[str]]] = [
    ({"key": "hazard.plan"}, ["hazard.plan"]),
    (
        {"overdue": True},
        ["hazard.close", "hazard.plan", "hazard.recheck", "letter.reply.supervision"],
    ),
    ({"overdue": False}, ["listing.decide", "report.verify"]),
    ({"owed_by": str(county.FIRE)}, ["hazard.recheck"]),
    ({"due_before": "2026-10-12T00:00:00Z"}, ["hazard.recheck"]),
    ({"rung": "missed"}, ["hazard.close", "hazard.plan", "letter.reply.supervision"]),
    ({"rung": "reminder"}, ["hazard.recheck"]),
    ({"kind": "entry"}, ["report.verify"]),
]


async def world(platform: Platform) -> None:
    """Two hazards, one of each lead, with clocks of several parties; an entry and a letter in the same town."""
    watched(platform)
    first = stages.hazard(1, lead_authority_id=county.EMERGENCY)
    await stages.plant(platform, [first, stages.hazard(2, lead_authority_id=county.FIRE)])
    await plant_others(platform, ENTRY.id, LETTER.id)
    async with platform.service("inspection").database.transaction() as tx:
        for thing, key, owed_by in (
            (about(1), "hazard.plan", county.MILL),
            (about(1), "hazard.close", county.EMERGENCY),
            (about(2), "hazard.recheck", county.FIRE),
            (about(2), "listing.decide", None),
            (ENTRY, "report.verify", county.EMERGENCY),
            (LETTER, "letter.reply.supervision", county.TOWNSHIP),
        ):
            deadlines.start(tx, thing, key, owed_by, platform.now)


async def keys(platform: Platform, who: Actor, **params: Any) -> list[str]:
    return sorted(line["key"] for line in (await asked(platform, who, "/deadlines", **params))["items"])


async def test_everybody_sees_what_presses_on_them_or_on_whom_they_supervise(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        assert await keys(platform, county.committee) == [
            "hazard.close",
            "hazard.plan",
            "hazard.recheck",
            "letter.reply.supervision",
            "listing.decide",
            "report.verify",
        ]
        assert await keys(platform, county.desk) == ["hazard.close", "hazard.plan", "report.verify"]
        assert await keys(platform, county.fire_desk) == ["hazard.recheck", "listing.decide"]
        assert await keys(platform, county.market_desk) == []
        assert await keys(platform, county.township) == [
            "hazard.close",
            "hazard.plan",
            "hazard.recheck",
            "letter.reply.supervision",
            "listing.decide",
        ]
        assert await keys(platform, county.principal) == ["hazard.plan"]
        assert await keys(platform, county.other_principal) == []
        nobody = county.actor("authority.desk")
        assert await keys(platform, nobody) == []
        for outsider in (county.worker, county.volunteer, county.agency):
            refused = await asked(platform, outsider, "/deadlines", 403)
            assert county.slug(refused) == "role-may-not"


async def test_one_clock_is_found_by_the_same_condition(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        lines = (await asked(platform, county.committee, "/deadlines"))["items"]
        entry = next(line for line in lines if line["key"] == "report.verify")
        own = next(line for line in lines if line["key"] == "hazard.plan")
        for who, line in ((county.township, entry), (county.principal, entry), (county.fire_desk, own)):
            assert county.slug(await asked(platform, who, f"/deadlines/{line['id']}", 404)) == "not-found"
        assert county.slug(await asked(platform, county.committee, f"/deadlines/{uuid4()}", 404)) == "not-found"
        seen = await asked(platform, county.principal, f"/deadlines/{own['id']}")
        assert (seen["number"], seen["owed_by"], seen["what_en"]) == (
            "H2026-000001",
            str(county.MILL),
            "hand in the plan of rectification",
        )
        assert seen["explanation_en"].startswith("5 working days from 2026-09-30 09:00, 8 days off not counted")


async def test_a_list_is_narrowed(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        platform.now = datetime(2026, 10, 14, 1, tzinfo=UTC)
        await look(platform)
        for params, expected in NARROWED:
            assert await keys(platform, county.committee, **params) == expected, params


async def test_a_list_is_turned_page_by_page(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        seen: list[str] = []
        after: str | None = None
        while True:
            found = await asked(
                platform, county.committee, "/deadlines", limit=2, **({"after": after} if after else {})
            )
            seen += [line["due_at"] for line in found["items"]]
            after = found["next"]
            if after is None:
                break
        assert len(seen) == 6
        assert seen == sorted(seen)
        bad = await asked(platform, county.committee, "/deadlines", 400, after="x")
        assert county.slug(bad) == "bad-cursor"


async def test_a_clock_says_why_somebody_was_reminded_and_what_follows(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        [line] = (await asked(platform, county.principal, "/deadlines"))["items"]
        platform.now = datetime(2026, 10, 10, 1, tzinfo=UTC)
        await look(platform)
        async with platform.service("inspection").database.transaction() as tx:
            why = ("Extended by decision", "经决定延期")
            await deadlines.extend(
                tx, about(1), "hazard.plan", platform.now.date() + timedelta(days=20), why, platform.now
            )
        seen = await asked(platform, county.principal, f"/deadlines/{line['id']}")
        reminded, extended = seen["changes"]
        assert (reminded["what"], reminded["rung"]) == ("fired", "approaching")
        assert reminded["reason_en"] == "The end was near: 2026-10-09 23:59:59."
        assert reminded["reason_zh"] == "期限将至：2026-10-09 23:59:59。"
        assert (extended["what"], extended["due_before"], extended["reason_en"]) == (
            "extended",
            reminded["due_at"],
            "Extended by decision",
        )
        assert [(step["rung"], step["fired_at"]) for step in seen["rungs"]] == [
            ("approaching", None),
            ("missed", None),
            ("reminder", None),
            ("warning", None),
            ("supervision", None),
        ]
        assert datetime.fromisoformat(seen["rungs"][0]["at"]) == datetime(2026, 10, 27, 15, 59, 59, tzinfo=UTC)
        assert seen["starts_at"] == START.isoformat().replace("+00:00", "Z")


async def test_a_paused_clock_is_listed_and_not_overdue(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        await world(platform)
        async with platform.service("inspection").database.transaction() as tx:
            await deadlines.pause(tx, about(1), ["hazard.plan"], platform.now)
        platform.travel(days=30)
        [line] = (await asked(platform, county.principal, "/deadlines"))["items"]
        assert (line["state"], line["overdue"], line["next_at"]) == ("paused", False, None)
        assert await keys(platform, county.principal, overdue=True) == []
        seen = await asked(platform, county.principal, f"/hazards/{stages.ident(1)}")
        [shown] = seen["deadlines"]
        assert shown["id"] == line["id"]
        assert datetime.fromisoformat(shown["paused_at"]) == START
        assert (seen["overdue"], seen["next_due"]) == (False, None)
