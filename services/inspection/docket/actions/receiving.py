"""How claims reach the docket: from every channel by one action, numbered, routed and with a running clock."""

import json
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.deadlines.rungs import Clock, next_at
from services.inspection.docket.actions import escalating
from services.inspection.docket.actions.moving import common
from services.inspection.docket.domain import OPEN, channel_for, likeness
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import Claim
from services.inspection.domain import Kind
from services.inspection.evidence.queries import proven
from services.inspection.hazards.domain.own import left_to_the_enterprise
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import ReportReceived
from shared.contracts.values import HazardClaim, derived_id
from shared.db import raw_of
from shared.errors import Forbidden
from shared.outbox import only_the_owner, outbox_row
from shared.raw import Raw

_DRAW = """
select nextval(pg_get_serial_sequence('docket_entries', 'serial')) as serial from generate_series(1, $1)
"""
DRAWN_AT_ONCE = 50
_FILE = """
with entry as (
    insert into docket_entries (id, version, area_code, serial, number, state, claim_service, claim_id, source_party_id,
                                channel, reporter_ref, authority_id, routing_rule, enterprise_id, place, lon, lat,
                                category, what, evidence, imminent_danger, suspected_grade, claimed_at, likeness)
    values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $39)
    on conflict (claim_id) do nothing returning id
), clocks as (
    insert into deadlines (id, object_kind, object_id, area_code, key, owed_by, starts_at, due_at, provisional,
                           explanation_en, explanation_zh, state, next_at, rules_hash)
    select gen_random_uuid(), $23, entry.id, $2, c.key, $11, $22, c.due_at, c.provisional, c.en, c.zh, 'open',
           c.next_at, $41
    from entry, unnest($24::text[], $25::timestamptz[], $26::bool[], $27::text[], $28::text[], $40::timestamptz[])
        as c(key, due_at, provisional, en, zh, next_at)
), happened as (
    insert into history (object_kind, object_id, at, who_id, capacity, party_id, verb, state_to, reason, basis, facts)
    select $23, entry.id, $22, $29, $30, $31, 'receive', $5, '', '',
           jsonb_strip_nulls(jsonb_build_object('routing_rule', $12::text, 'rule_id', $38::uuid))
    from entry
)
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select $32, $33, entry.id, 1, $34, $35, $36, $37, $22 from entry returning 1
"""
"""The entry, its clocks, its first line of history and its event: one statement, for it is written as often as
anything is reported."""


async def receive(tx: AsyncSession, who: Actor | None, service: str, claim: HazardClaim, now: datetime) -> Report:
    """Open one entry for a claim, whose clock starts when the claim was made; the same claim again changes nothing.

    The hottest path of this service: one statement, for the rest is known. The entry is not an object of the session.
    """
    raw = await raw_of(tx)
    serial = await _draw(tx, raw)
    today = local_day(tx, now)
    routing = await copies.competent(tx, claim.place.area_code, claim.category, claim.enterprise_id, today)
    entry = Report(
        id=derived_id("docket", claim.claim_id),
        area_code=claim.place.area_code,
        serial=serial,
        number=f"F{today.year}-{serial:06d}",
        claim_service=service,
        claim_id=claim.claim_id,
        source_party_id=claim.source_party_id,
        channel=claim.channel,
        reporter_ref=claim.reporter_ref,
        authority_id=routing.authority_id,
        routing_rule=routing.rule,
        enterprise_id=claim.enterprise_id,
        place=claim.place.model_dump(mode="json"),
        lon=claim.place.lon,
        lat=claim.place.lat,
        category=claim.category,
        what=claim.what,
        evidence=[picture.model_dump(mode="json") for picture in claim.evidence],
        imminent_danger=claim.imminent_danger,
        suspected_grade=claim.suspected_grade,
        claimed_at=now,
    )
    own = left_to_the_enterprise(claim, entry.authority_id)
    keys = [] if own else ["report.decide_acceptance" if entry.authority_id else "competence.arbitrate"]
    if entry.imminent_danger:
        keys.append("hazard.danger_call")
    clocks = {key: rules_of(tx).due(key, now) for key in keys}
    received = ReportReceived(
        **common(entry, now),
        routing_rule=routing.rule,
        rule_id=routing.rule_id,
        decide_by=now if own else clocks[keys[0]].at,
        self_governed=own,
    )
    only_the_owner(tx, received)
    row = outbox_row(uuid4(), entry.id, 1, received)
    filed = await raw.fetchval(
        _FILE,
        entry.id,
        entry.area_code,
        serial,
        entry.number,
        entry.state,
        service,
        entry.claim_id,
        entry.source_party_id,
        entry.channel,
        entry.reporter_ref,
        entry.authority_id,
        routing.rule,
        entry.enterprise_id,
        json.dumps(entry.place),
        entry.lon,
        entry.lat,
        entry.category,
        entry.what,
        json.dumps(entry.evidence),
        entry.imminent_danger,
        entry.suspected_grade,
        now,
        Kind.ENTRY,
        keys,
        [due.at for due in clocks.values()],
        [due.provisional for due in clocks.values()],
        [due.explanation_en for due in clocks.values()],
        [due.explanation_zh for due in clocks.values()],
        who.id if who else None,
        who.role if who else "system",
        who.party_id if who else None,
        row["event_id"],
        row["aggregate_type"],
        row["subject"],
        row["type"],
        json.dumps(row["headers"]),
        row["data"],
        routing.rule_id,
        likeness(entry.what),
        [next_at(rules_of(tx), Clock(now, due.at)) for due in clocks.values()],
        rules_of(tx).content_hash,
    )
    if filed is None:
        known = await entries.by_claim(tx, claim.claim_id)
        assert known is not None, "a claim that conflicts is there"
        return known
    if claim.fatalities:
        return await escalating.escalate_claim(tx, claim.claim_id, now)
    return entry


async def _draw(tx: AsyncSession, raw: Raw) -> int:
    """Draw a number, fifty at a time: gaps are harmless, and a statement for each would not be."""
    drawn: list[int] = tx.info["serials"]
    if not drawn:
        drawn.extend(row["serial"] for row in reversed(await raw.fetch(_DRAW, DRAWN_AT_ONCE)))
    return drawn.pop()


async def supplement(tx: AsyncSession, service: str, claim: HazardClaim, now: datetime) -> Report:
    """Take in what a reporter added: the claim comes again whole. An entry that was never opened is opened."""
    entry = await entries.by_claim(tx, claim.claim_id, lock=True)
    if entry is None:
        return await receive(tx, None, service, claim, now)
    entry.what, entry.likeness = claim.what, likeness(claim.what)
    entry.evidence = [picture.model_dump(mode="json") for picture in claim.evidence]
    if claim.imminent_danger and not entry.imminent_danger:
        entry.imminent_danger = True
        if entry.state in OPEN:
            deadlines.start(tx, entry.about, "hazard.danger_call", entry.authority_id, now)
    record(tx, None, entry.about, ("supplement", entry.state, entry.state), now)
    if claim.fatalities and not entry.fatal:
        return await escalating.escalate_claim(tx, claim.claim_id, now)
    return entry


async def claim(tx: AsyncSession, who: Actor, claim_id: UUID, ask: Claim, now: datetime) -> Report:
    """Let an officer or a partner agency put a matter on the docket, once, in its organisation's name."""
    channel = channel_for(who.roles, ask.channel)
    await proven(tx, who, claim_id, ask.evidence)
    entry = await receive(
        tx,
        who,
        "inspection",
        HazardClaim(
            claim_id=claim_id,
            channel=channel,
            reporter_ref=derived_id("claim", claim_id),
            source_party_id=who.party_id,
            **ask.model_dump(exclude={"channel"}),
        ),
        now,
    )
    return _own(who, entry)


async def own_claim(tx: AsyncSession, who: Actor, claim_id: UUID) -> Report | None:
    """Give the entry of the own organisation's claim."""
    entry = await entries.by_claim(tx, claim_id)
    return entry if entry is not None and _is_own(who, entry) else None


def _own(who: Actor, entry: Report) -> Report:
    if not _is_own(who, entry):
        raise Forbidden("not-your-claim", "That claim is another's.", "该登记属于其他单位。")
    return entry


def _is_own(who: Actor, entry: Report) -> bool:
    return who.party_id is not None and entry.source_party_id == who.party_id and entry.claim_service == "inspection"
