"""Brings a hazard to any stage of its life over HTTP, for the tests that begin there."""

from datetime import timedelta
from typing import Any

import inspection_county as county
from inspection_county import OFFICERS, TODAY, get, post, report, settle

from shared.contracts.base import Event
from shared.testing import Platform

LIMIT = TODAY + timedelta(days=10)
ORDER = {
    "kind": "rectify_by",
    "items": [
        {"text": "Clean the motors", "before": [county.OFFICERS_PICTURE]},
        {"text": "Fit an extractor", "before": [county.OFFICERS_PICTURE]},
    ],
    "limit": str(LIMIT),
    "basis": "Work Safety Law art. 65",
    "officers": OFFICERS,
}
SIGNED = {"unit_signature": [county.OFFICERS_PICTURE], "attachments": [county.OFFICERS_PICTURE]}
"""What the record of a passed re-check holds: the unit's signature, and a photo of the verifiers' own."""
RESUMPTION = {
    "statement": "The extractor works",
    "plan": "Extractor on line 2, motors cleaned each shift",
    "items": ["Extractor", "Cleaning"],
    "evaluation": "Fit for work",
    "evaluation_files": [county.PICTURE],
}
REVIEW = {
    "officers": OFFICERS,
    "remarks": [{"ordinal": n, "fit": True, "remark": "Seen and tried"} for n in (1, 2)],
    "photos": [county.OFFICERS_PICTURE],
}
CERTAINTIES = {
    "responsible_person": "Principal",
    "measures": "Extractor on line 2",
    "funds_yuan": 20000,
    "limit": str(LIMIT),
    "contingency_plan": "Stop and evacuate",
}


async def suspected(platform: Platform, *claims: Event) -> str:
    """Bring one hazard to the docket and accept it; give its address."""
    await platform.announce(*county.registry_facts())
    await county.hand_in_pictures(platform)
    await settle(platform, *(claims or (report(),)))
    first, *others = (await get(platform, county.desk, "/docket"))["items"]
    accepted = await post(platform, county.desk, f"/docket/{first['id']}/accept", what="Dust deposits on motors")
    for other in others:
        await post(platform, county.desk, f"/docket/{other['id']}/merge", into_entry_id=first["id"])
    return f"/hazards/{accepted['hazard_id']}"


async def confirmed(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await suspected(platform, *claims)
    ask = {"grade": "general", "what": "Dust deposits on motors", "officers": OFFICERS, **changes}
    await post(platform, county.li, f"{hazard}/confirm", **ask)
    return hazard


async def assigned(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await confirmed(platform, *claims, **changes)
    await post(platform, county.desk, f"{hazard}/assign")
    return hazard


async def ordered(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await assigned(platform, *claims, **changes)
    await post(platform, county.li, f"{hazard}/order", **ORDER)
    return hazard


async def recheck_requested(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await ordered(platform, *claims, **changes)
    await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
    await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
    return hazard


async def rechecking(platform: Platform, *claims: Event, **changes: Any) -> str:
    hazard = await recheck_requested(platform, *claims, **changes)
    await post(platform, county.li, f"{hazard}/open-recheck")
    return hazard


async def verified(platform: Platform, officers: tuple[str, ...] = tuple(OFFICERS), **changes: Any) -> str:
    hazard = await rechecking(platform, **changes)
    await post(platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard, officers=officers))
    return hazard


async def closed(platform: Platform, **changes: Any) -> str:
    hazard = await verified(platform, **changes)
    await post(platform, county.head, f"{hazard}/close", workers_told=True)
    return hazard


async def proofs(platform: Platform, hazard: str) -> list[dict[str, Any]]:
    items = (await get(platform, county.principal, hazard))["items"]
    return [{"item_id": item["id"], "after": [county.PICTURE]} for item in items if not item["passed"]]


async def passing(platform: Platform, hazard: str, **changes: Any) -> dict[str, Any]:
    """Say that every open item is put right, with all that the record must hold."""
    told = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard), "opinion": "All clean."}
    return {**told, **SIGNED, **changes}


async def delivered(platform: Platform, hazard: str, **changes: Any) -> dict[str, Any]:
    """Hand the newest order over, signed; give the hazard as it stands then."""
    order = (await get(platform, county.li, hazard))["orders"][-1]
    ask = {"order_id": order["id"], "how": "in_person", "received_by": "Gatekeeper", **changes}
    return await post(platform, county.li, f"{hazard}/deliver", **{"evidence": [county.OFFICERS_PICTURE], **ask})


async def handed_over(platform: Platform, **changes: Any) -> str:
    """Order the removal by 10 October and hand the order over; it is 30 September."""
    hazard = await ordered(platform, **changes)
    await delivered(platform, hazard)
    return hazard


async def verdicts(platform: Platform, hazard: str, *failing: int) -> list[dict[str, Any]]:
    items = (await get(platform, county.li, hazard))["items"]
    return [{"item_id": item["id"], "passed": item["ordinal"] not in failing} for item in items if not item["passed"]]


async def clocks(platform: Platform, hazard: str) -> dict[str, str]:
    return {clock["key"]: clock["owed_by"] for clock in (await get(platform, county.desk, hazard))["deadlines"]}
