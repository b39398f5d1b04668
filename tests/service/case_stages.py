"""Brings a penalty case to any stage of its way over HTTP, for the tests that begin there."""

from datetime import timedelta
from typing import Any

import inspection_county as county
from hazard_stages import ordered
from inspection_county import HEAD, LI, OFFICERS, OFFICERS_PICTURE, PICTURE, get, post

from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import Platform

FILED = {"ground": "The dust was left where it was", "basis": "WSL art. 102", "officers": OFFICERS}
SERVED = {"how": "in_person", "received_by": "The principal", "evidence": [OFFICERS_PICTURE]}
LEFT = {
    "how": "left_at_premises",
    "refused": {"reason": "Would not sign", "witnesses": ["Zhao", "Qian"]},
    "evidence": [OFFICERS_PICTURE],
}
TOLD = {
    "facts": "Dust of 5 mm on the motors of line 2, on two days",
    "reasons": "It was ordered to be removed and was not",
    "basis": "WSL art. 102",
    "penalty": "A fine of 30 000 yuan",
    "kinds": ["fine"],
    "amount_yuan": 30_000,
    "service": SERVED,
}
GRAVE = {**TOLD, "penalty": "Work is stopped, with a fine of 60 000 yuan", "kinds": ["fine", "stop_work"]}
GRAVE["amount_yuan"] = 60_000
DECIDED = {"penalty": "A fine of 30 000 yuan", "kinds": ["fine"], "amount_yuan": 30_000, "basis": "WSL art. 102"}
DISCUSSED = {"on": str(county.TODAY), "members": [str(HEAD), str(LI)], "opinion": "All agree"}
AGREED = {"agrees": True, "opinion": "Facts, basis and procedure hold"}
SAID = {"words": "The extractor was on its way"}
ON_PAPER = {**SAID, "evidence": [OFFICERS_PICTURE]}
BANK = {"evidence": [OFFICERS_PICTURE]}

deputy = Actor(LI, Role.AUTHORITY_HEAD, county.EMERGENCY, county.COUNTY)
"""Another head of the same authority."""


async def filed(platform: Platform) -> str:
    hazard = await ordered(platform)
    await post(platform, county.li, f"{hazard}/open-case", **FILED)
    return hazard


async def told(platform: Platform, **changes: Any) -> str:
    """File a case and tell the party its rights; give the hazard's address."""
    hazard = await filed(platform)
    await post(platform, county.li, f"{hazard}/tell-rights", **{**TOLD, **changes})
    return hazard


async def reviewed(platform: Platform, **changes: Any) -> str:
    """The same, with the party's statement, and with the desk's review."""
    hazard = await told(platform, **changes)
    if (await newest(platform, hazard))["hearing_right"]:
        await post(platform, county.principal, f"{hazard}/waive-hearing", **SAID)
    else:
        await post(platform, county.principal, f"{hazard}/state-defence", **SAID)
    await post(platform, county.desk, f"{hazard}/review-case", **AGREED)
    return hazard


async def decided(platform: Platform) -> str:
    hazard = await reviewed(platform)
    await post(platform, county.head, f"{hazard}/decide-case", **DECIDED)
    return hazard


async def served(platform: Platform) -> str:
    hazard = await decided(platform)
    await post(platform, county.li, f"{hazard}/serve-case", **SERVED)
    return hazard


async def demanded(platform: Platform) -> str:
    """The same, not paid in time and called upon to pay, sixteen days later."""
    hazard = await served(platform)
    platform.travel(days=16)
    await post(platform, county.li, f"{hazard}/serve-demand", demand="Pay 30 000 yuan", service=SERVED)
    return hazard


async def newest(platform: Platform, hazard: str) -> dict[str, Any]:
    """Give the newest case as the desk sees it."""
    cases: list[dict[str, Any]] = (await get(platform, county.desk, hazard))["cases"]
    return cases[-1]


async def clock(platform: Platform, key: str) -> dict[str, Any]:
    """Give the newest clock that bears this key, whether it runs or has ended."""
    query = "select * from deadlines where key = :key order by starts_at desc, ended_at desc nulls first limit 1"
    [row] = await platform.rows("inspection", query, key=key)
    return dict(row)


async def due(platform: Platform, key: str) -> tuple[str, str]:
    """Give (last local day, state) of the newest clock that bears this key."""
    row = await clock(platform, key)
    return str((row["due_at"] + timedelta(hours=8)).date()), row["state"]


assert PICTURE != OFFICERS_PICTURE
