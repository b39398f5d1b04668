"""The same county under OSHA's rules: order, certification and follow-up run by its clocks, zone and holidays."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from conftest import ALL, OPERATOR
from county import County, founded, ok
from to_an_order import judged, ordered

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform


@pytest.fixture
async def osha(services_here: OpenPlatform) -> AsyncIterator[County]:
    settings = {"operator_secret": OPERATOR, "sign_ins_per_minute": 1000, "anonymous_per_minute": 1000}
    async with services_here(*ALL, profile="us-osha", **settings) as platform, founded(platform, OPERATOR) as county:
        yield county


async def _clock(county: County, hazard: str, key: str) -> dict[str, Any]:
    [row] = await county.platform.rows(
        "inspection",
        "select * from deadlines where object_id = :id and key = :key order by starts_at desc limit 1",
        id=hazard.rpartition("/")[2],
        key=key,
    )
    return dict(row)


async def _days_later(county: County, days: int) -> None:
    county.platform.travel(days=days)
    for name in ("li", "wang", "desk", "miller"):
        await county.sign_in(name)


async def test_an_order_its_certification_and_the_follow_up_run_by_oshas_clocks(osha: County) -> None:
    """It begins on 29 September 2026, 21:00 in New York; in the east it is the 30th already, and a week of holidays."""
    hazard = await ordered(osha)
    [taken] = osha.platform.events(facts.ReportReceived)
    assert isinstance(taken, facts.ReportReceived)
    assert taken.decide_by.isoformat() == "2026-10-07T03:59:59+00:00", "five working days; nobody rests on 1 October"

    # The order's limit is the abatement date; the certificate is owed ten calendar days later.
    certified = await _clock(osha, hazard, "hazard.limit")
    assert (certified["due_at"].isoformat(), certified["state"]) == ("2026-10-31T03:59:59+00:00", "open")
    assert certified["explanation_en"].startswith(
        "Set by decision: to the end of 2026-10-30. 10 calendar days from 2026-"
    )
    assert "(America/New_York). Seen in a secondary text, to be checked: 29 CFR 1903.19" in certified["explanation_en"]
    plan = await _clock(osha, hazard, "hazard.plan")
    assert plan["due_at"].isoformat() == "2026-10-25T03:59:59+00:00", "25 days for an abatement plan"
    shown = await ok(osha.miller.get(hazard))
    assert {clock["key"]: clock["due_at"] for clock in shown["deadlines"]}["hazard.limit"] == "2026-10-31T03:59:59Z"
    await ok(osha.miller.post(f"{hazard}/start-rectification", json={}))

    # Certified on the fifth day after the abatement date: that is in time.
    await _days_later(osha, 26)
    proof = await osha.proof("miller", "inspection")
    done = [{"item_id": item["id"], "after": [proof]} for item in shown["items"]]
    await ok(osha.miller.post(f"{hazard}/request-recheck", json={"items": done}))
    met = await _clock(osha, hazard, "hazard.limit")
    assert met["state"] == "met"
    assert met["ended_at"] <= met["due_at"]

    # The follow-up inspection: ten days through the night on which clocks are put back.
    follow_up = await _clock(osha, hazard, "hazard.recheck")
    assert follow_up["due_at"].isoformat() == "2026-11-05T04:59:59+00:00"
    assert "by 2026-11-04 23:59:59 (America/New_York). Default of this platform, not law" in follow_up["explanation_en"]
    await ok(osha.wang.post(f"{hazard}/open-recheck", json={}))
    await ok(osha.wang.post(f"{hazard}/pass-recheck", json=await judged(osha, hazard)))
    assert (await _clock(osha, hazard, "hazard.recheck"))["state"] == "met"

    # Five working days to close it, from Sunday evening.
    closing = await _clock(osha, hazard, "hazard.close")
    assert closing["due_at"].isoformat() == "2026-10-31T03:59:59+00:00"
    assert (await ok(osha.desk.post(f"{hazard}/close", json={})))["state"] == "closed"
    await osha.settle()
    sentences = await osha.platform.rows("inspection", "select explanation_en, explanation_zh from deadlines")
    assert not [row for row in sentences if any("\u4e00" <= letter <= "\u9fff" for letter in row["explanation_en"])]
    assert not [row for row in sentences if "Asia/Shanghai" in row["explanation_en"] or "WSL" in row["explanation_en"]]
    told = (await osha.inbox("miller"))[0]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in told["subject"])


async def test_a_certificate_that_never_comes_is_late_only_after_its_own_days(osha: County) -> None:
    hazard = await ordered(osha)
    await _days_later(osha, 26)
    late = "select count(*) as n from deadlines where key = 'hazard.limit' and state = 'open' and due_at < :now"
    [none] = await osha.platform.rows("inspection", late, now=osha.platform.now)
    assert none["n"] == 0, "the abatement date has passed, and the certificate is not owed yet"
    await ok(osha.wang.post(f"{hazard}/open-recheck", json={}))
    assert (await _clock(osha, hazard, "hazard.recheck"))["starts_at"].isoformat() == "2026-10-21T03:59:59+00:00"
