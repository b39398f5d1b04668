"""However often and in whatever order facts arrive at every consumer of every service, what they cause is the same."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

from conftest import ALL, OPERATOR
from county import County, founded, ok, order, report, uid

from shared.broker import Way
from shared.testing import OpenPlatform

SETTINGS: Mapping[str, Any] = {
    "operator_secret": OPERATOR,
    "sign_ins_per_minute": 1000,
    "anonymous_per_minute": 1000,
    "vault_key": "A" * 43,
}
NOT_EFFECTS = {"inbox", "outbox", "outbox_sent", "stream_epoch", "dead_letter", "alembic_version"}
"""The kernel's own books: which messages came, not what they caused (`seen` is compared)."""
MAY_DIFFER: Mapping[str, set[str]] = {
    "volunteer.progress": {"id"},  # counted over all reports, in the order of arrival
    "inspection.history": {
        "id",
        "prev_hash",
        "hash",
    },  # the same, over all hazards; random ids are hashed with the rest
    "inspection.docket_entries": {"serial"},  # the place in the year's count that makes the number
    "inspection.hazards": {"serial"},
    "inspection.hazard_parts": {"serial"},
    "inspection.documents": {"code"},  # of the whole document, random ids and all
    "volunteer.identities": {"sealed"},  # encrypted under a nonce
    "gateway.accounts": {"password_hash"},  # salted
    "notify.notifications": {"id"},  # derived from the event's id, which is random
    "notify.deliveries": {"id", "notification_id"},
    "notify.outside_events": {"event_id", "position"},
}
"""Table → columns that the order of arrival or chance may decide."""
DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[FH]2026-[0-9]{6}")
"""A random id, or a number drawn in the order of arrival. The story names its things by derived ids, which stay."""


async def _story(county: County, *, redeliver: int = 1, seed: int | None = None) -> None:
    """Let every channel report, one hazard be split, merged, closed and begun again, and an entry be merged."""
    shuffle = None if seed is None else Random(seed)

    async def settle() -> None:
        await county.platform.settle(redeliver=redeliver, shuffle=shuffle)
        assert await county.platform.dead_letters() == []

    check = {"date": "2026-09-30", "items": [{"id": uid("item"), "category": "machinery", "what": "Guard is missing"}]}
    engagement = {
        "client_id": uid("emergency"),
        "kind": "expert_support",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "area_code": "990101",
    }
    await ok(county.agency.put(f"/engagements/{uid('engagement')}", json=engagement))
    found = {"finding_id": uid("finding"), "enterprise_id": uid("mill"), "category": "dust", "what": "No extraction"}
    audit = {
        "engagement_id": uid("engagement"),
        "performed_on": "2026-09-29",
        "results": [{"result_id": "1", "enterprise_id": uid("mill"), "score": 91, "category": "food_premises"}],
        "findings": [{**found, "suspected_grade": "major"}],
        "conclusion": "One matter",
        "summary_public": "One matter found",
    }
    claim = report(what="Seen on patrol")
    del claim["enterprise_id"]
    for name, (address, body) in {
        "ada": (f"/reports/{uid('ada')}", report()),
        "gao": (f"/reports/{uid('gao')}", report(what="Dust thick on motors")),
        "worker": (f"/reports/{uid('worker')}", report(what="Dust in the attic")),
        "agency": (f"/audits/{uid('audit')}", audit),
        "miller": (f"/self-checks/{uid('check')}", check),
        "li": (f"/docket/claims/{uid('claim')}", {**claim, "category": "fire"}),
        "gasworks": (f"/docket/claims/{uid('gas')}", {**claim, "category": "gas"}),
    }.items():
        await ok(getattr(county, name).put(address, json=body))
    await settle()

    entries = {entry["what"]: entry["id"] for entry in (await ok(county.desk.get("/docket")))["items"]}
    first = entries[report()["what"]]
    accepted = await ok(county.desk.post(f"/docket/{first}/accept", json={"what": "Dust deposits, line 2"}))
    await ok(county.desk.post(f"/docket/{entries['No extraction']}/accept", json={"what": "No extraction"}))
    merged = entries["Dust thick on motors"]
    await ok(county.desk.post(f"/docket/{merged}/merge", json={"into_entry_id": first}))
    hazard, officers = f"/hazards/{accepted['hazard_id']}", [uid("li"), uid("wang")]
    await ok(county.li.post(f"{hazard}/split", json={"parts": [{"what": "Dust in the attic"}]}))
    _, part = (await ok(county.desk.get(f"/docket/{first}")))["hazard_ids"]
    await ok(county.li.post(f"/hazards/{part}/merge", json={"into_hazard_id": accepted["hazard_id"]}))
    confirmed = {"grade": "general", "what": "Dust deposits, line 2", "officers": officers}
    await ok(county.li.post(f"{hazard}/confirm", json=confirmed))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors", "Fit an extractor")))
    await ok(county.miller.post(f"{hazard}/start-rectification", json={}))
    await settle()

    proof = await county.proof("miller", "inspection")
    items = (await ok(county.miller.get(hazard)))["items"]
    done = {"items": [{"item_id": item["id"], "after": [proof]} for item in items]}
    await ok(county.miller.post(f"{hazard}/request-recheck", json=done))
    await ok(county.wang.post(f"{hazard}/open-recheck", json={}))
    verdicts = [{"item_id": item["id"], "passed": True} for item in items]
    passed = {"officers": officers, "verdicts": verdicts, "opinion": "Clean.", "unit_refused": "Away"}
    await ok(county.wang.post(f"{hazard}/pass-recheck", json=passed))
    await ok(county.desk.post(f"{hazard}/close", json={}))
    await settle()
    county.platform.travel(minutes=1)
    await ok(county.ada.post(f"/reports/{uid('ada')}/contest", json={"statement": "It is not fixed"}))
    await settle()
    await ok(county.head.post(f"/docket/{first}/uphold-review", json={"explanation": "Seen again: dusty"}))
    await settle()


async def _state(county: County) -> dict[str, list[str]]:
    """Give what every service holds, without what may differ: table → its rows in any one order."""
    found: dict[str, list[str]] = {}
    for service in ALL:
        for table in county.platform.service(service).metadata.tables.values():
            if table.name not in NOT_EFFECTS:
                left_out = MAY_DIFFER.get(f"{service}.{table.name}", set())
                rows = await county.platform.rows(service, f'select row_to_json(t) as row from "{table.name}" t')
                found[f"{service}.{table.name}"] = sorted(_written(row["row"], left_out) for row in rows)
    return found


def _written(row: Mapping[str, Any], left_out: set[str]) -> str:
    kept = {name: value for name, value in row.items() if name not in left_out}
    return DRAWN.sub("*", json.dumps(kept, sort_keys=True, ensure_ascii=False))


async def _played(services_here: OpenPlatform, *, redeliver: int = 1, seed: int | None = None) -> dict[str, list[str]]:
    async with services_here(*ALL, **SETTINGS) as platform, founded(platform, OPERATOR) as county:
        await _story(county, redeliver=redeliver, seed=seed)
        return await _state(county)


def _digests(state: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: hashlib.sha256("\n".join(rows).encode()).hexdigest() for name, rows in state.items()}


async def test_every_consumer_ends_in_one_state_however_facts_arrive(services_here: OpenPlatform) -> None:
    plain = await _played(services_here)
    for seed in (1, 2):
        shuffled = await _played(services_here, redeliver=3, seed=seed)
        differing = [name for name, digest in _digests(shuffled).items() if digest != _digests(plain)[name]]
        assert {name: (set(plain[name]) ^ set(shuffled[name])) for name in differing} == {}


async def test_a_fact_under_anothers_name_is_parked_by_every_consumer(services_here: OpenPlatform) -> None:
    """Whoever may speak as one service says, under its own subject, what only another may say."""
    async with services_here(*ALL, **SETTINGS) as platform, founded(platform, OPERATOR) as county:
        await _story(county)
        before = _digests(await _state(county))
        heard = {tuple(pattern.split(".")[2:4]) for filters in platform.bus.filters.values() for pattern in filters}
        stated = {row.headers["ce-type"]: row for row in platform.bus.stored}
        forged = [
            replace(
                row,
                event_id=(event_id := uuid4()),
                subject=f"cw.990101.{owner}.{noun}.{row.subject.rpartition('.')[2]}",
                headers={**row.headers, "ce-id": str(event_id), "ce-sequence": f"{place:010d}"},
            )
            for row in stated.values()
            for owner, noun in sorted(pair for pair in heard if len(pair) == len(("owner", "noun")))
            for place in (1, int(row.headers["ce-sequence"]) + 1)
            if owner != row.subject.split(".")[2]
        ]
        assert len(forged) > len(ALL)
        await platform.bus.publish(forged, Way.SINGLY)
        due = {name: len(queue) for name, queue in platform.bus.queues.items()}
        await platform.settle(redeliver=2)
        assert _digests(await _state(county)) == before
        for name, count in due.items():
            assert count > 0
            letters = await platform.rows(name, "select distinct state, error from dead_letter")
            assert letters == [{"state": "open", "error": "the subject does not match source and type"}]
            assert await platform.rows(name, "select count(*) as n from dead_letter") == [{"n": count}]
