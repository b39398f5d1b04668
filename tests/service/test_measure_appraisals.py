"""Seized goods are tested: that time is not counted, is told to the owner, and is no longer than was told (K)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
from case_stages import due
from hazard_stages import ordered
from inspection_county import OFFICERS_PICTURE, TODAY, get, post, put, slug
from test_measures import PRESERVING, SEIZING

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform, Platform

SENT: dict[str, Any] = {
    "appraiser": "Test house",
    "question": "Is the dust explosive?",
    "reason": "The decision depends on it",
    "until": "2026-11-20",
}
FOUND: dict[str, Any] = {"result": "Explosive from 60 g/m³", "evidence": [OFFICERS_PICTURE]}


async def _seized(platform: Platform, **changes: Any) -> tuple[str, str]:
    """Seize on 30 September, until 30 October; give the addresses of hazard and measure."""
    hazard = await ordered(platform)
    path = f"{hazard}/measures/{uuid4()}"
    await put(platform, county.li, path, **{**SEIZING, **changes})
    return hazard, path


async def _only(platform: Platform, hazard: str) -> dict[str, Any]:
    [item] = (await get(platform, county.head, f"{hazard}/measures"))["items"]
    return item


def _missed(platform: Platform) -> set[str]:
    return {fact.key for fact in platform.events(facts.DeadlineMissed) if isinstance(fact, facts.DeadlineMissed)}


async def test_the_days_of_a_test_are_not_counted_in_the_seizure(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _seized(platform)
        platform.travel(days=5)
        await post(platform, county.li, f"{path}/send-for-appraisal", **SENT)
        assert await due(platform, "seizure") == ("2026-12-15", "open"), "what was left, and the 46 told days"
        assert await due(platform, "seizure.appraisal") == ("2026-11-20", "open")
        platform.travel(days=28)  # 2 November
        await platform.settle(redeliver=3)
        assert not {"seizure", "seizure.appraisal"} & _missed(platform)
        held = await _only(platform, hazard)
        assert (held["overdue"], held["until"]) == (False, "2026-12-15")
        assert held["offers"] == ["record_appraisal", "end"], "nothing is prolonged meanwhile"
        assert slug(await post(platform, county.head, f"{path}/extend", 409, reason="x")) == "in-appraisal"
        assert slug(await post(platform, county.li, f"{path}/send-for-appraisal", 409, **SENT)) == "in-appraisal"
        platform.travel(days=2)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        assert await due(platform, "seizure") == ("2026-11-29", "open"), "thirty days did not count"
        assert (await due(platform, "seizure.appraisal"))[1] == "met"
        held = await _only(platform, hazard)
        [test] = held["appraisals"]
        assert (held["until"], test["days"], test["result"]) == ("2026-11-29", 30, FOUND["result"])
        platform.travel(days=25)  # its last day
        await post(platform, county.head, f"{path}/extend", reason="To be decided with the case")
        await post(platform, county.li, f"{path}/send-for-appraisal", **{**SENT, "until": "2026-12-09"})
        assert await due(platform, "seizure.extension") == ("2027-01-08", "open")
        platform.travel(days=10)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        assert await due(platform, "seizure.extension") == ("2027-01-08", "open"), "also once it was prolonged"
        assert (await _only(platform, hazard))["until"] == "2027-01-08"
        platform.travel(days=31)
        await platform.settle(redeliver=3)
        assert "seizure.extension" in _missed(platform)


async def test_what_takes_longer_than_the_owner_was_told_counts_again(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _seized(platform)
        await post(platform, county.li, f"{path}/send-for-appraisal", **{**SENT, "until": "2026-10-10"})
        platform.travel(days=40)  # 9 November: told were ten days, so 9 November is the last day
        await platform.settle(redeliver=3)
        assert "seizure.appraisal" in _missed(platform), "the result is owed by the told day"
        assert not (await _only(platform, hazard))["overdue"]
        platform.travel(days=1)
        assert (await _only(platform, hazard))["overdue"], "also while nobody has recorded anything"
        assert await due(platform, "seizure") == ("2026-11-09", "open")
        late = await get(platform, county.desk, "/deadlines?overdue=true")
        assert {"seizure", "seizure.appraisal"} <= {each["key"] for each in late["items"]}
        await platform.settle(redeliver=3)
        assert "seizure" in _missed(platform), "and whoever supervises hears of it"
        refused = await post(platform, county.head, f"{path}/end", 409, outcome="confiscated", reason="x")
        assert slug(refused) == "held-too-long"
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        assert await due(platform, "seizure") == ("2026-11-09", "open")
        held = await _only(platform, hazard)
        assert (held["overdue"], held["until"], held["appraisals"][0]["days"]) == (True, "2026-11-09", 10)


async def test_tests_that_follow_one_another_are_no_longer_than_one_may_be(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        _, path = await _seized(platform)
        sending = f"{path}/send-for-appraisal"
        await post(platform, county.li, sending, **{**SENT, "until": str(TODAY + timedelta(days=100))})
        platform.travel(days=70)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        again = {**SENT, "until": str(TODAY + timedelta(days=70 + 111))}
        refused = await post(platform, county.li, sending, 422, **again)
        assert (slug(refused), refused["latest"]) == ("appraisal-time", str(TODAY + timedelta(days=70 + 110)))
        again["until"] = refused["latest"]
        await post(platform, county.li, sending, **again)
        platform.travel(days=110)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        platform.travel(days=1)
        assert slug(await post(platform, county.li, sending, 409, **SENT)) == "tested-long-enough"
        assert await due(platform, "seizure") == (str(TODAY + timedelta(days=30 + 180)), "open")


async def test_what_is_given_back_during_the_test_ends_every_clock(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _seized(platform)
        await post(platform, county.li, f"{path}/send-for-appraisal", **SENT)
        platform.travel(days=45)  # its own days would be over; the test goes on
        await post(platform, county.head, f"{path}/end", outcome="transferred", reason="The police take it")
        assert (await due(platform, "seizure"))[1] == "met"
        assert (await due(platform, "seizure.appraisal"))[1] == "cancelled"
        held = await _only(platform, hazard)
        assert (held["appraisal_id"], held["appraisals"][0]["result"]) == (None, None), "broken off"
        refused = await post(platform, county.li, f"{path}/record-appraisal", 409, **FOUND)
        assert slug(refused) == "illegal-transition"


async def test_a_test_is_sent_by_who_may_of_what_is_seized_for_a_definite_time(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _seized(platform)
        preserved = f"{hazard}/measures/{uuid4()}"
        await put(platform, county.li, preserved, **PRESERVING)
        for said, status, who, where, changes in (
            ("role-may-not", 403, county.principal, path, {}),
            ("role-may-not", 403, county.committee, path, {}),
            ("certificate-expired", 403, county.expired, path, {}),
            ("not-found", 404, county.fire_officer, path, {}),
            ("not-a-seizure", 409, county.li, preserved, {}),
            ("appraisal-time", 422, county.li, path, {"until": str(TODAY - timedelta(days=1))}),
            ("appraisal-time", 422, county.li, path, {"until": str(TODAY + timedelta(days=181))}),
        ):
            refused = await post(platform, who, f"{where}/send-for-appraisal", status, **{**SENT, **changes})
            assert slug(refused) == said
        assert slug(await post(platform, county.li, f"{path}/record-appraisal", 409, **FOUND)) == "no-appraisal"
        await post(platform, county.li, f"{path}/send-for-appraisal", **SENT)
        await post(platform, county.li, f"{path}/record-appraisal", 422, **{**FOUND, "evidence": []})
        platform.travel(days=1)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        platform.travel(days=31)
        refused = await post(platform, county.li, f"{path}/send-for-appraisal", 409, **SENT)
        assert slug(refused) == "limit-passed", "what has run out is not tested back to life"


async def test_the_owner_is_told_that_and_how_long_and_of_no_officer(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard, path = await _seized(platform)
        await post(platform, county.li, f"{path}/send-for-appraisal", **SENT)
        platform.travel(days=20)
        await post(platform, county.li, f"{path}/record-appraisal", **FOUND)
        [own] = (await get(platform, county.principal, f"{hazard}/measures"))["items"]
        [test] = own["appraisals"]
        assert (test["appraiser"], test["until"], test["days"]) == ("Test house", "2026-11-20", 20)
        assert not {"sent_by", "recorded_by", "evidence"} & set(test)
        assert not {"approved_by", "why_urgent"} & set(own)
        verbs = [move["verb"] for move in (await get(platform, county.principal, f"{hazard}/history"))["items"]]
        assert verbs[-2:] == ["measure_send_for_appraisal", "measure_record_appraisal"]
        await platform.settle(redeliver=3)
        [sent] = platform.events(facts.MeasureSentForAppraisal)
        [back] = platform.events(facts.MeasureAppraised)
        assert isinstance(sent, facts.MeasureSentForAppraisal)
        assert isinstance(back, facts.MeasureAppraised)
        assert (str(sent.appraisal_until), str(sent.until)) == ("2026-11-20", "2026-12-20")
        assert (back.days, str(back.until)) == (20, "2026-11-19")
