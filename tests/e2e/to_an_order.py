"""The way from a report to an order that reached the mill, where stories of what follows begin."""

from typing import Any
from uuid import uuid4

from county import CRITERION, County, ok, order, report, uid

OFFICERS = [uid("li"), uid("wang")]
MAJOR = {"grade": "major", "criterion_ids": [CRITERION]}


async def ordered(county: County, *items: str, said: dict[str, Any] | None = None, **confirmed: Any) -> str:
    """Report, accept, confirm, assign, order and hand over on the spot; give the hazard's address.

    `said` is what Ada reports besides or otherwise.
    """
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report(**(said or {}))))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust deposits, line 2"}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    confirming = {"grade": "general", "what": "Dust deposits, line 2", "officers": OFFICERS, **confirmed}
    await ok(county.li.post(f"{hazard}/confirm", json=confirming))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    seen = await county.proof("li", "inspection")
    ordering = order(*(items or ("Clean the motors", "Fit an extractor")))
    shown = [{**item, "before": [seen]} for item in ordering["items"]]
    handed_over = {"how": "in_person", "received_by": "The miller", "evidence": [seen]}
    await ok(county.li.post(f"{hazard}/order", json={**ordering, "items": shown, "delivery": handed_over}))
    await county.settle()
    return hazard


async def proven(county: County, hazard: str) -> None:
    """Let the miller photograph every open item and ask for the re-check, which is opened."""
    proof = await county.proof("miller", "inspection")
    items = (await ok(county.miller.get(hazard)))["items"]
    done = [{"item_id": item["id"], "after": [proof]} for item in items if not item["passed"]]
    await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": done}))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    await county.settle()


async def judged(county: County, hazard: str, *failing: str) -> dict[str, Any]:
    """Say of every open item whether it is put right, with the unit's signature and an officer's own photo."""
    photo = await county.proof("wang", "inspection")
    items = (await ok(county.wang.get(hazard)))["items"]
    verdicts = [{"item_id": item["id"], "passed": item["text"] not in failing} for item in items if not item["passed"]]
    return {
        "officers": OFFICERS,
        "verdicts": verdicts,
        "opinion": "Seen on site.",
        "attachments": [photo],
        "unit_signature": [photo],
    }


async def told(county: County, name: str, *templates: str) -> None:
    """See that this person was told of each of these, once."""
    heard = [notice["template"] for notice in await county.inbox(name)]
    assert [(template, heard.count(template)) for template in templates] == [(template, 1) for template in templates]


async def silent_about_reports(county: County, name: str, hazard: str) -> None:
    """See that neither what the enterprise reads nor what it is told speaks of a report."""
    client = getattr(county, name)
    texts = [notice["subject"] + notice["body"] for notice in await county.inbox(name)]
    texts += [(await client.get(path)).text for path in (f"{hazard}/history", "/hazards")]
    for text in texts:
        assert not {"report", "claim", "ada", "volunteer"} & set(text.lower().replace('"', " ").split())
