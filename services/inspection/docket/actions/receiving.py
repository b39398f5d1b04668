"""How claims reach the docket: from every channel by one action, numbered, routed and with a running clock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.docket import queries
from services.inspection.docket.actions.moving import common
from services.inspection.docket.domain import OPEN, channel_for
from services.inspection.docket.models import Report
from services.inspection.docket.shapes import Claim
from services.inspection.evidence.queries import proven
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import ReportReceived
from shared.contracts.values import HazardClaim, derived_id
from shared.errors import Forbidden
from shared.outbox import emit_many


async def receive(tx: AsyncSession, who: Actor | None, service: str, claim: HazardClaim, now: datetime) -> Report:
    """Open one entry for a claim, whose clock starts when the claim was made; the same claim again changes nothing.

    The hottest path of this service: four statements, because nothing is flushed on the way and the history and clocks
    of a whole batch are written together at its commit.
    """
    with tx.no_autoflush:
        drawn = await queries.draw_number(tx, claim.claim_id, now)
        if drawn is None:
            known = await queries.by_claim(tx, claim.claim_id)
            assert known is not None, "the claim has a number"
            return known
        serial, number = drawn
        routing = await copies.competent(tx, claim.place.area_code, claim.category, claim.enterprise_id)
        entry = Report(
            id=derived_id("docket", claim.claim_id),
            area_code=claim.place.area_code,
            serial=serial,
            number=number,
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
        clock = "report.decide_acceptance" if entry.authority_id else "competence.arbitrate"
        decide_by = deadlines.start(tx, entry.about, clock, entry.authority_id, now)
        if entry.imminent_danger:
            deadlines.start(tx, entry.about, "hazard.danger_call", entry.authority_id, now)
        record(tx, who, entry.about, ("receive", None, entry.state), now, routing_rule=routing.rule)
        received = ReportReceived(**common(entry, now), routing_rule=routing.rule, decide_by=decide_by)
        await emit_many(tx, [(entry, received)])
        return entry


async def supplement(tx: AsyncSession, service: str, claim: HazardClaim, now: datetime) -> Report:
    """Take in what a reporter added: the claim comes again whole. An entry that was never opened is opened."""
    entry = await queries.by_claim(tx, claim.claim_id, lock=True)
    if entry is None:
        return await receive(tx, None, service, claim, now)
    entry.what = claim.what
    entry.evidence = [picture.model_dump(mode="json") for picture in claim.evidence]
    if claim.imminent_danger and not entry.imminent_danger:
        entry.imminent_danger = True
        if entry.state in OPEN:
            deadlines.start(tx, entry.about, "hazard.danger_call", entry.authority_id, now)
    record(tx, None, entry.about, ("supplement", entry.state, entry.state), now)
    return entry


async def claim(tx: AsyncSession, who: Actor, claim_id: UUID, ask: Claim, now: datetime) -> Report:
    """Let an officer or a partner agency put a matter on the docket, once, in its organisation's name."""
    channel = channel_for(who.roles, ask.channel)
    await proven(tx, who, ask.evidence)
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
    entry = await queries.by_claim(tx, claim_id)
    return entry if entry is not None and _is_own(who, entry) else None


def _own(who: Actor, entry: Report) -> Report:
    if not _is_own(who, entry):
        raise Forbidden("not-your-claim", "That claim is another's.", "该登记属于其他单位。")
    return entry


def _is_own(who: Actor, entry: Report) -> bool:
    return who.party_id is not None and entry.source_party_id == who.party_id and entry.claim_service == "inspection"
