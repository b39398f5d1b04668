"""Applies the whole stream again to empty databases; without it a wrong read copy would look like a right one."""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from chaos.live import Live

from services.cli.parts import SERVICES, build
from shared.broker import Incoming
from shared.embedded.databases import session
from shared.migrate import upgrade
from shared.raw import RawConnection

BATCH = 200
SHOWN = 20
"""Differences told of one table."""
_BY_COMMANDS = "changed by commands too, which are not replayed"
_DRAWN = "drawn anew"
_MAIL = "changed by the mail worker"
_HEARD = "the clock of whoever hears of it"
_GATHERED = """(
    'deadline_digest', 'deadline_missed', 'deadline_missed_by_other', 'deadlines_missed',
    'letter_received', 'letters_received', 'letter_unaddressed', 'letters_unaddressed'
)"""
"""Templates of messages that a worker writes from lines that events made."""


@dataclass(frozen=True)
class Copy:
    """A table that events fill. Compared row by row, but for the columns in `but`, each with its reason."""

    table: str
    but: Mapping[str, str] = field(default_factory=dict[str, str])
    rows: str = "true"
    """SQL: which rows events make."""
    by: Sequence[str] = ("id",)
    """What names a row."""
    begun_with: Mapping[str, str] | None = None
    """Commands make the rows, and events change only these columns: their values (SQL) before any event."""


COPIES: Mapping[str, Sequence[Copy]] = {
    "registry": (
        Copy(
            "declared_hazards",
            begun_with={"docket_state": "null", "hazard_state": "null", "hazard_number": "null"},
        ),
        Copy("hazard_copies"),
    ),
    "inspection": (
        Copy("areas", by=("code",)),
        Copy("bases"),
        Copy("delegations"),
        Copy("enforcement_certificates"),
        Copy("parties"),
        Copy("enterprises"),
        Copy("people"),
        Copy("memberships"),
        Copy("competence_rules"),
        Copy("criteria"),
        Copy(
            "docket_entries",
            {
                "serial": _DRAWN,
                "number": "made of the serial",
                "version": _BY_COMMANDS,
                "state": _BY_COMMANDS,
                "hazard_id": _BY_COMMANDS,
                "reason": _BY_COMMANDS,
                "answer": _BY_COMMANDS,
                "suggested_authority_id": _BY_COMMANDS,
                "fatal": _BY_COMMANDS,
                "county_finding": _BY_COMMANDS,
                "extensions": _BY_COMMANDS,
                "result_at": _BY_COMMANDS,
                "reviewed_at": _BY_COMMANDS,
            },
            by=("claim_id",),
        ),
        Copy(
            "reviews",
            {
                "contested": "the state that commands had led to",
                "outcome": _BY_COMMANDS,
                "refusal": _BY_COMMANDS,
                "decided_at": _BY_COMMANDS,
                "decided_by": _BY_COMMANDS,
                "decision": _BY_COMMANDS,
            },
            rows="by_party_id is null",
        ),
        Copy(
            "history",
            {
                "id": _DRAWN,
                "state_from": _BY_COMMANDS,
                "state_to": _BY_COMMANDS,
                "prev_hash": "follows the moves of commands",
                "hash": "of all columns",
            },
            rows="verb in ('receive', 'supplement')",
            by=("object_id", "verb", "at"),
        ),
        Copy(
            "deadlines",
            {"id": _DRAWN, **dict.fromkeys(("state", "ended_at", "next_at", "rung", "tries", "version"), _BY_COMMANDS)},
            rows="key in ('report.decide_acceptance', 'competence.arbitrate')",
            by=("object_id", "key"),
        ),
    ),
    "thirdparty": (
        Copy("parties"),
        Copy("enterprises"),
        Copy(
            "findings",
            begun_with={"state": "'submitted'", "grade": "null", "reason": "null", "explanation": "null"},
        ),
    ),
    "volunteer": (
        Copy("reports", begun_with={"state": "'submitted'", "answer": "null"}),
        Copy("progress", {"id": _DRAWN}, by=("report_id", "fact", "at")),
        Copy("contests", begun_with={"outcome": "'sent'"}),
    ),
    "notify": (
        Copy("people"),
        Copy("memberships"),
        Copy("parties"),
        Copy("notifications", rows=f"template not in {_GATHERED}"),
        Copy(
            "deliveries",
            dict.fromkeys(("version", "state", "attempts", "next_at", "lease_token", "lease_until", "error"), _MAIL),
            rows=f"notification_id in (select id from notifications where template not in {_GATHERED})",
        ),
        Copy("outside_events", {"position": "the order of commits between aggregates"}, by=("event_id",)),
        Copy("outside_aggregates"),
        Copy("digest_items", dict.fromkeys(("send_at", "notification_id", "left_out_at"), _HEARD)),
        Copy(
            "gathered_lines",
            {
                **dict.fromkeys(("held", "told_at", "alone", "notification_id", "left_out_at", "fact"), _HEARD),
                "send_at": _HEARD,
                "urgent": "whether the listing was heard of before",
            },
        ),
        Copy("listed_hazards"),
    ),
    "gateway": (Copy("people"), Copy("memberships"), Copy("parties")),
}

OWN: Mapping[str, Sequence[str]] = {
    "registry": (
        *("areas", "boundaries", "grids", "grid_posts", "grid_objects", "parties", "enterprises", "sites", "people"),
        *("memberships", "certificates", "training", "staffing", "competence", "criteria", "bases", "delegations"),
        *("records", "funds", "fund_plans", "fund_entries", "risk_points", "risks", "past_colours"),
        *("self_checks", "evidence", "imports", "import_faults"),
    ),
    "inspection": (
        *("hazards", "hazard_claims", "hazard_parts", "orders", "order_numbers", "hazard_items"),
        *("rechecks", "look_backs", "evidence", "evidence_showings", "evidence_captures"),
        *("visits", "letters", "letter_replies"),
        *("order_deliveries", "major_reports", "site_checks", "recusals", "extensions", "resumptions", "cases"),
        *("listings", "public_notices", "power_cuts", "holds", "saved_views"),
        *("measures", "case_statements", "case_services", "case_contests", "deadline_changes", "climbs", "proposals"),
        *("stays", "appraisals"),
        *("documents", "document_renditions", "document_servings", "transfers", "transfer_refusals"),
        *("campaigns", "campaign_draws", "campaign_items", "campaign_photos", "policy_measures"),
        *("meetings", "meeting_calls", "resolutions", "committee_tasks", "task_doings"),
        *("joint_actions", "joint_parts", "joint_targets", "joint_visits", "assessments", "assessment_words"),
    ),
    "thirdparty": ("engagements", "audits", "results", "evidence"),
    "volunteer": ("identities", "evidence"),
    "notify": ("feed", "subscriptions", "webhook_deliveries", "webhook_attempts"),
    "gateway": (
        *("accounts", "clients", "browser_sessions", "second_factors", "recovery_codes", "external_identities"),
        *("provider_attempts", "oauth_codes", "oauth_grants", "oauth_refresh_tokens", "oauth_revoked_tokens"),
    ),
}
"""Tables that only commands and the clock fill: no event could make them anew."""


async def replay(live: Live, stream: Sequence[Incoming]) -> None:
    """Make every read copy anew, in databases beside the services' own, from nothing but the events of the stream."""
    stream = _by_version(stream)
    async with session(live.database("postgres")) as admin:
        for service in SERVICES:
            await admin.execute(f"drop database if exists replay_{service}")
            await admin.execute(f"create database replay_{service} owner {service}")
    for service in SERVICES:
        async with _both(live, service) as (lived, anew):
            await _replay(live, service, stream, lived, anew)


def _by_version(stream: Sequence[Incoming]) -> list[Incoming]:
    """Let the versions of each aggregate take its places in their order: in a stream that was refilled they may not."""
    once = list({message.headers["ce-id"]: message for message in stream}.values())
    waiting: dict[str, list[Incoming]] = defaultdict(list)
    for message in sorted(once, key=_version, reverse=True):
        waiting[_aggregate(message)].append(message)
    return [replace(waiting[_aggregate(place)].pop(), stream_seq=number) for number, place in enumerate(once, 1)]


def _version(message: Incoming) -> int:
    return int(message.headers["ce-sequence"])


def _aggregate(message: Incoming) -> str:
    owner, noun = message.subject.split(".")[2:4]
    return f"{owner}.{noun} {message.headers['ce-subject']}"


async def unlike_a_replay(live: Live) -> list[str]:
    """Give a sentence for each row and column in which a read copy differs from its replay."""
    found: list[str] = []
    for service, copies in COPIES.items():
        async with _both(live, service) as (lived, anew):
            for copy in copies:
                if await _hash(lived, copy) != await _hash(anew, copy):
                    told = _differences(copy, await _rows(lived, copy), await _rows(anew, copy))
                    found += [f"{service}.{sentence}" for sentence in told[:SHOWN]]
    return found


@asynccontextmanager
async def _both(live: Live, service: str) -> AsyncIterator[tuple[RawConnection, RawConnection]]:
    async with (
        session(live.database(f"cw_{service}")) as lived,
        session(live.database(f"replay_{service}")) as anew,
    ):
        yield lived, anew


async def _replay(
    live: Live, service: str, stream: Sequence[Incoming], lived: RawConnection, anew: RawConnection
) -> None:
    """Let the service's own consumer and reactions apply every event that they listen to, in the stream's order."""
    url = live.settings[service]["database_url"].replace(f"/cw_{service}", f"/replay_{service}", 1)
    part = build(service, {**live.settings[service], "database_url": url, "nats_url": None})
    await upgrade(service, part.metadata, url)
    for copy in COPIES[service]:
        if copy.begun_with is not None:
            await _begin(copy, lived, anew)
    nouns = {tuple(each.split(".")[2:4]) for each in part.service.reactions.filters()}
    everything: set[tuple[str, ...]] = {()}  # of `cw.>`
    heard = [each for each in stream if nouns == everything or tuple(each.subject.split(".")[2:4]) in nouns]
    try:
        for start in range(0, len(heard), BATCH):
            await part.service.consumer.take([_strict(message) for message in heard[start : start + BATCH]])
    finally:
        await part.service.database.close()


async def _begin(copy: Copy, lived: RawConnection, anew: RawConnection) -> None:
    """Take over the rows that commands made, as they were before any event."""
    assert copy.begun_with is not None
    rows = [row["row"] for row in await lived.fetch(f"select to_jsonb(t)::text as row from {copy.table} t")]
    await anew.execute("set session_replication_role = replica")  # other tables of commands stay empty
    for start in range(0, len(rows), 1000):
        chunk = f"[{','.join(rows[start : start + 1000])}]"
        query = f"insert into {copy.table} select * from jsonb_populate_recordset(null::{copy.table}, $1)"
        await anew.execute(query, chunk)
    await anew.execute(f"update {copy.table} set " + ", ".join(f"{k} = {v}" for k, v in copy.begun_with.items()))


def _strict(message: Incoming) -> Incoming:
    """Give a message that may only be applied: in order and without faults nothing is held or parked."""

    async def refuse(*_: object) -> None:
        raise AssertionError(f"not applied when replayed in order: {message.subject} {message.headers}")

    return replace(message, retry=refuse, park=refuse)


def _row(copy: Copy) -> str:
    left_out = "{" + ",".join(copy.but) + "}"
    return f"(to_jsonb(t) - '{left_out}'::text[])::text as row from {copy.table} t where {copy.rows}"


async def _hash(database: RawConnection, copy: Copy) -> str:
    query = f"select md5(string_agg(md5(row), '' order by row)) from (select {_row(copy)}) as rows"
    digest: str = await database.fetchval(query)
    return digest


async def _rows(database: RawConnection, copy: Copy) -> Counter[str]:
    return Counter(row["row"] for row in await database.fetch(f"select {_row(copy)}"))


def _differences(copy: Copy, lived: Counter[str], anew: Counter[str]) -> list[str]:
    """Name each row that differs, and in which columns; of a row that stands twice only one is matched."""
    found: list[str] = []
    replayed: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in (anew - lived).elements():
        replayed[_name(copy, json.loads(row))].append(json.loads(row))
    for text in (lived - anew).elements():
        row = json.loads(text)
        name = _name(copy, row)
        title = f"{copy.table} {', '.join(f'{k}={v}' for k, v in zip(copy.by, name, strict=True))}"
        if not replayed[name]:
            found.append(f"{title}: not made by a replay")
            continue
        other = replayed[name].pop()
        found += [f"{title}: {k} is {v!r}, replayed {other[k]!r}" for k, v in row.items() if v != other[k]]
    left = [name for name, rows in replayed.items() for _ in rows]
    return found + [f"{copy.table} {name}: only made by a replay" for name in left]


def _name(copy: Copy, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column] for column in copy.by)
