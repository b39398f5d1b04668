"""One batch of 1,000 real inspection results: every one stored, each low score one docket entry, twice is once.

The results are real, the places are not: each is shown as an enterprise of the demo county.
"""

import csv
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from demo.county.codes import COUNTY
from demo.county.enterprises import all_enterprises
from demo.county.parties import PARTIES
from demo.gateway import Caller, until
from demo.scene import Scene, today
from demo.stories.docket import count_of

RESULTS = Path(__file__).parents[2] / "tests" / "data" / "restaurant-inspections-extract.csv"
CLIENT, AUTHORITY = "demo-agency-1", "commerce"


async def batch_story(scene: Scene) -> None:
    system = await scene.client(CLIENT, "System of the First Safety Technology Agency")
    mark = f"batch {uuid4().hex[:6]}"
    rows = _rows(mark)
    audit_id = str(uuid4())
    audit, kept = await _submitted(scene, system, audit_id, rows)
    claims = await _findings(scene, system, kept, rows)
    await _entries(scene, system, claims, mark)
    async with scene.stage.step(system, "submits the same batch again") as step:
        again = await system.put(f"audits/{audit_id}", audit)
        step.check({**again, "by_state": 0} == {**kept, "by_state": 0}, "the answer is the same, nothing was added")
        desk = await scene.person(f"{AUTHORITY}.desk")
        step.check(await count_of(desk, mark) == len(claims), f"there are still {len(claims)} docket entries")


async def _submitted(
    scene: Scene, system: Caller, audit_id: str, rows: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    async with scene.stage.step(system, f"submits {len(rows):,} inspection results in one request") as step:
        engagement_id = str(uuid4())
        engagement = {
            "client_id": str(PARTIES[AUTHORITY].id),
            "kind": "expert_support",
            "valid_from": str(today() - timedelta(days=30)),
            "valid_to": str(today() + timedelta(days=330)),
            "area_code": COUNTY,
        }
        await system.put(f"engagements/{engagement_id}", engagement)
        audit = {
            "engagement_id": engagement_id,
            "performed_on": str(today()),
            "results": rows,
            "conclusion": "Catering inspections of the county · 全县餐饮检查",
            "summary_public": "Catering inspections, demo · 餐饮检查（演示）",
        }
        began = time.perf_counter()
        kept = await system.put(f"audits/{audit_id}", audit)
        step.note(f"stored in {time.perf_counter() - began:.1f} s")
        step.check(kept["results"] == len(rows), f"{kept['results']:,} results are stored")
        sums = kept["findings"] + kept["satisfactory"] == kept["results"]
        step.check(sums, f"{kept['findings']} findings + {kept['satisfactory']} satisfactory = {kept['results']:,}")
    return audit, kept


async def _findings(scene: Scene, system: Caller, kept: dict[str, Any], rows: list[dict[str, Any]]) -> set[str]:
    limit = kept["finding_below_score"]
    low = {row["result_id"] for row in rows if row["score"] < limit}
    async with scene.stage.step(system, f"reads which results lay under {limit:g}, the profile's limit") as step:
        found = (await system.get("findings", audit_id=kept["id"], limit=100))["items"]
        step.check({one["result_id"] for one in found} == low, f"exactly the {len(low)} low scores became findings")
        step.check(kept["findings"] == len(found) == len(low), "the audit's own count agrees")
    return {one["id"] for one in found}


async def _entries(scene: Scene, system: Caller, claims: set[str], mark: str) -> None:
    desk = await scene.person(f"{AUTHORITY}.desk")
    async with scene.stage.step(desk, "finds each of them once on the docket") as step:

        async def look() -> int:
            return await count_of(desk, mark)

        count = await until(look, lambda count: count >= len(claims), "every finding on the docket")
        step.check(count == len(claims), f"{count} docket entries for {len(claims)} findings")

        async def told() -> list[str]:
            page: dict[str, Any] = {"next": None, "more": True}
            heard: list[str] = []
            while page["more"]:
                after = {"after": page["next"]} if page["next"] else {}
                page = await system.get("events", limit=500, **after)
                heard += [
                    one["data"]["claim_id"]
                    for one in page["items"]
                    if one["type"] == "commonwatch.inspection.report.received.v1" and one["data"]["claim_id"] in claims
                ]
            return heard

        heard = await until(told, lambda heard: len(heard) >= len(claims), "the agency's own feed")
        step.check(sorted(heard) == sorted(claims), "the agency's own event feed names each finding once")
        step.flowed("inspection.report", ["received"])


def _rows(mark: str) -> list[dict[str, Any]]:
    """Read the results; each of the premises is always the same catering enterprise."""
    catering = [one for one in all_enterprises() if one.trade.industry_code.startswith("H62")]
    with RESULTS.open(encoding="utf-8") as file:
        return [
            {
                "result_id": f"{number:04d}",
                "enterprise_id": str(catering[int(row["premises"].split()[-1]) % len(catering)].id),
                "score": float(row["inspection_score"]),
                "category": "food_premises",
                "note": f"{mark}, result {number:04d}",
            }
            for number, row in enumerate(csv.DictReader(file), 1)
        ]
