"""What an authority holds (§4.3): seized goods for 30 days, once 30 more; preserved evidence for seven working days."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from case_stages import clock, due
from hazard_stages import clocks, confirmed, ordered, suspected, verified
from inspection_county import EMERGENCY, HEAD, OFFICERS, OFFICERS_PICTURE, PICTURE, TODAY, get, post, put, slug

from shared.contracts import inspection as facts
from shared.testing import START, OpenPlatform, Platform

SEIZING: dict[str, Any] = {
    "kind": "seizure",
    "things": ["40 sacks of flour", "Motor 2"],
    "kept_at": "Yard of the bureau",
    "reason": "They may explode",
    "basis": "Compulsion Law art. 22",
    "officers": OFFICERS,
    "evidence": [OFFICERS_PICTURE],
    "approved_by": str(HEAD),
    "approved_at": str(START),
}
PRESERVING = {**SEIZING, "kind": "preservation", "things": ["Log of line 2"], "basis": "Penalty Law art. 56"}


async def _held(platform: Platform, hazard: str, **changes: Any) -> str:
    path = f"{hazard}/measures/{uuid4()}"
    await put(platform, county.li, path, **{**SEIZING, **changes})
    return path


async def _only(platform: Platform, hazard: str) -> dict[str, Any]:
    [item] = (await get(platform, county.head, f"{hazard}/measures"))["items"]
    return item


async def test_two_officers_seize_for_thirty_days_and_the_head_once_for_thirty_more(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        assert (await get(platform, county.li, f"{hazard}/measures"))["offers"] == ["take"]
        path = f"{hazard}/measures/{uuid4()}"
        for said, status, who, changes in (
            ("two-officers", 422, county.li, {"officers": OFFICERS[:1]}),
            ("certificate-expired", 403, county.expired, {}),
            ("role-may-not", 403, county.committee, {}),
            ("role-may-not", 403, county.principal, {}),
            ("not-found", 404, county.fire_officer, {}),
            ("unknown-evidence", 422, county.li, {"evidence": [PICTURE]}),
        ):
            assert slug(await put(platform, who, path, status, **{**SEIZING, **changes})) == said
        await put(platform, county.li, path, 422, **{**SEIZING, "things": []})
        await put(platform, county.li, path, **SEIZING)
        await put(platform, county.li, path, **SEIZING)
        assert slug(await put(platform, county.li, path, 409, **{**SEIZING, "things": ["Other"]})) == "id-taken"
        assert (await due(platform, "seizure")) == (str(TODAY + timedelta(days=30)), "open")
        assert (await clocks(platform, hazard))["seizure"] == str(EMERGENCY)
        assert slug(await post(platform, county.desk, f"{path}/extend", 403, reason="x")) == "role-may-not"
        platform.travel(days=30)
        assert (await _only(platform, hazard))["offers"] == ["extend", "send_for_appraisal", "end"], (
            "the last day itself is in time"
        )
        await post(platform, county.head, f"{path}/extend", reason="The test is not finished")
        assert await due(platform, "seizure.extension") == (str(TODAY + timedelta(days=60)), "open")
        assert (await due(platform, "seizure"))[1] == "met"
        twice = await post(platform, county.head, f"{path}/extend", 409, reason="x")
        assert slug(twice) == "illegal-transition"
        shown = await _only(platform, hazard)
        assert (shown["state"], shown["until"], shown["overdue"]) == (
            "extended",
            str(TODAY + timedelta(days=60)),
            False,
        )
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events() if ".measure_" in event.subject]
        assert told == ["measure_taken", "measure_extended"]


async def test_what_was_held_too_long_is_given_back(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        path = await _held(platform, hazard)
        platform.travel(days=31)
        assert (await clock(platform, "seizure"))["due_at"] < platform.now
        assert (await _only(platform, hazard))["overdue"]
        assert slug(await post(platform, county.head, f"{path}/extend", 409, reason="x")) == "limit-passed"
        for outcome in ("confiscated", "destroyed", "transferred"):
            refused = await post(platform, county.head, f"{path}/end", 409, outcome=outcome, reason="x")
            assert slug(refused) == "held-too-long"
        await post(platform, county.head, f"{path}/end", outcome="returned", reason="Time is over")
        row = await clock(platform, "seizure")
        assert (row["state"], row["ended_at"] > row["due_at"]) == ("met", True), "met, and late"
        again = await post(platform, county.head, f"{path}/end", 409, outcome="returned", reason="x")
        assert slug(again) == "illegal-transition"


async def test_on_preserved_evidence_it_is_decided_within_seven_working_days(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        path = await _held(platform, hazard, **PRESERVING)
        assert await due(platform, "evidence.preserve") == ("2026-10-15", "open")
        assert slug(await post(platform, county.head, f"{path}/extend", 409, reason="x")) == "not-a-seizure"
        platform.travel(days=15)
        await post(platform, county.desk, f"{path}/end", outcome="seized", reason="It proves the matter")
        assert (await due(platform, "evidence.preserve"))[1] == "met"
        seized = await _held(platform, hazard)
        refused = await post(platform, county.desk, f"{seized}/end", 409, outcome="seized", reason="x")
        assert slug(refused) == "seized-already"


async def test_several_things_are_held_each_with_its_own_clock(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        first, second = await _held(platform, hazard), await _held(platform, hazard, things=["Motor 3"])
        await post(platform, county.desk, f"{first}/end", outcome="returned", reason="Fit")
        open_ones = await platform.rows(
            "inspection", "select part_id from deadlines where key = 'seizure' and state = 'open'"
        )
        assert [str(row["part_id"]) for row in open_ones] == [second.rpartition("/")[2]]
        proof = {"reason": "Pulled down", "proof": [OFFICERS_PICTURE]}
        void = await post(platform, county.head, f"{hazard}/void", **proof)
        assert "seizure" in {each["key"] for each in void["deadlines"]}, "what is held is still to be given back"
        await post(platform, county.desk, f"{second}/end", outcome="returned", reason="Gone")
        assert slug(await put(platform, county.li, f"{hazard}/measures/{uuid4()}", 409, **SEIZING)) == "nothing-to-hold"


@pytest.mark.parametrize("stage", [suspected, verified])
async def test_nothing_is_held_of_what_is_not_verified_or_no_danger_any_more(
    services_here: OpenPlatform, stage: Any
) -> None:
    async with services_here("inspection") as platform:
        hazard = await stage(platform)
        assert slug(await put(platform, county.li, f"{hazard}/measures/{uuid4()}", 409, **SEIZING)) == "nothing-to-hold"


async def test_the_enterprise_sees_what_is_held_of_it_and_who_reported_nobody_sees(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await confirmed(platform)
        assert slug(await get(platform, county.principal, f"{hazard}/measures", 404)) == "not-found"
        await _held(platform, hazard)
        [own] = (await get(platform, county.principal, f"{hazard}/measures"))["items"]
        assert (own["things"], own["kept_at"]) == (SEIZING["things"], "Yard of the bureau")
        assert not {"officers", "evidence", "taken_by", "offers", "authority_id"} & set(own)
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [(move["verb"], move["reason"]) for move in history] == [("measure_take", "They may explode")]
        assert slug(await get(platform, county.other_principal, f"{hazard}/measures", 404)) == "not-found"
        assert slug(await get(platform, county.agency, f"{hazard}/measures", 403)) == "role-may-not"
        await platform.settle(redeliver=3)
        [event] = platform.events(facts.MeasureTaken)
        assert isinstance(event, facts.MeasureTaken)
        assert (event.things, str(event.until)) == (("40 sacks of flour", "Motor 2"), "2026-10-30")
