"""What the duty desk decides: accept, reject, pass on, merge, answer; and the committee, who is responsible."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import rules_of
from services.inspection.docket import queries
from services.inspection.docket.actions import concluding
from services.inspection.docket.actions.moving import Step, begin, finish, follow
from services.inspection.docket.actions.self_governing import joined
from services.inspection.docket.domain import MERGES_INTO, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.shapes import Accept, Answer, Arbitrate, Bounce, Merge, Reject, Transfer
from services.inspection.hazards.actions import verifying as hazards
from shared.auth import Actor
from shared.contracts.inspection import (
    ReportAccepted,
    ReportAnswered,
    ReportMerged,
    ReportReceived,
    ReportRejected,
    ReportState,
    ReportTransferred,
    RoutingRule,
    TransferAcknowledged,
    TransferBounced,
)
from shared.contracts.values import Channel, derived_id
from shared.errors import BadInput, Conflict


async def accept(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Accept, now: datetime) -> Report:
    """Take the claim in hand: a hazard is registered, with every claim that was merged into it."""
    step = await begin(tx, who, entry_id, Verb.ACCEPT)
    entry = step.entry
    if entry.source_party_id is None and _plain(ask.what) == _plain(entry.what):
        raise BadInput(
            "in-your-own-words",
            "Describe the hazard in your own words: the enterprise will read them and must not recognise the reporter.",
            "请用自己的语言描述隐患：企业将看到该描述，不得据此推断举报人。",
        )
    entry.enterprise_id = ask.enterprise_id or entry.enterprise_id
    entry.category = ask.category or entry.category
    assert entry.authority_id is not None, "only its authority accepts"
    suspicion = hazards.Suspicion(
        area_code=entry.area_code,
        category=entry.category,
        what=ask.what,
        enterprise_id=entry.enterprise_id,
        place=entry.place,
        imminent_danger=entry.imminent_danger,
        authority_id=entry.authority_id,
        claimed_at=entry.claimed_at,
        channel=entry.channel,
    )
    hazard = await hazards.register(tx, derived_id("hazard", entry.id), suspicion, now)
    for each in (entry, *await queries.followers(tx, entry)):
        each.hazard_id = hazard.id
        hazards.add_claim(tx, hazard.id, each.claim, each.claimed_at)
    await hazards.announce(tx, who, hazard, now)
    if entry.channel == Channel.INSPECTION:
        step = Step(entry, step.verb, step.before, "hazard.verify.inspection")
    return await finish(tx, who, step, partial(ReportAccepted, hazard_id=hazard.id), now)


async def reject(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Reject, now: datetime) -> Report:
    """Turn the claim away with a reason that its reporter is told; what was merged into it shares its fate."""
    step = await begin(tx, who, entry_id, Verb.REJECT, reason=ask.reason)
    fact = partial(ReportRejected, reason=ask.reason, explanation=ask.explanation)
    for follower in await queries.followers(tx, step.entry):
        follower.reason = ask.reason
        await finish(tx, who, follow(follower, Verb.REJECT), fact, now, reason=ask.explanation, code=ask.reason)
    step.entry.reason = ask.reason
    return await finish(tx, who, step, fact, now, reason=ask.explanation, code=ask.reason)


async def transfer(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Transfer, now: datetime) -> Report:
    """Pass the claim to the authority in charge, which must acknowledge within its clock (WSL art. 69)."""
    step = await begin(tx, who, entry_id, Verb.TRANSFER)
    if ask.to_authority_id == who.party_id:
        raise BadInput("transfer-to-another", "Name another authority.", "请指定其他部门。")
    await _is_authority(tx, ask.to_authority_id)
    step.entry.to_authority_id = ask.to_authority_id
    fact = partial(
        ReportTransferred,
        from_authority_id=who.party_id,
        to_authority_id=ask.to_authority_id,
        acknowledge_by=rules_of(tx).due("report.transfer_ack", now).at,
    )
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def acknowledge(tx: AsyncSession, who: Actor, entry_id: UUID, now: datetime) -> Report:
    """Take over what was passed on; the sender keeps the record."""
    step = await begin(tx, who, entry_id, Verb.ACKNOWLEDGE)
    await _hand_over(tx, step.entry, step.entry.to_authority_id, RoutingRule.TRANSFER)
    return await finish(tx, who, step, TransferAcknowledged, now)


async def bounce(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Bounce, now: datetime) -> Report:
    """Not competent either: nobody passes it on again, the committee decides."""
    step = await begin(tx, who, entry_id, Verb.BOUNCE)
    await _hand_over(tx, step.entry, None, RoutingRule.ARBITRATION)
    fact = partial(TransferBounced, explanation=ask.explanation)
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def arbitrate(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Arbitrate, now: datetime) -> Report:
    """Say which authority is responsible where rules do not (WSL art. 10); it then waits for that desk."""
    step = await begin(tx, who, entry_id, Verb.ARBITRATE)
    await _is_authority(tx, ask.authority_id)
    await _hand_over(tx, step.entry, ask.authority_id, RoutingRule.ARBITRATION)
    fact = partial(
        ReportReceived,
        routing_rule=RoutingRule.ARBITRATION,
        decide_by=rules_of(tx).due("report.decide_acceptance", now).at,
    )
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def merge(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Merge, now: datetime) -> Report:
    """Join an entry to another of the same matter; its place in the order of reporters is when it was claimed.

    Entries are locked in the order of their ids, so that two desks that merge crosswise do not wait for each other.
    """
    if ask.into_entry_id == entry_id:
        raise BadInput("merge-with-another", "Name another entry.", "请指定另一登记。")
    for each_id in sorted((entry_id, ask.into_entry_id)):
        await queries.visible(tx, who, each_id, lock=True)
    into = await queries.visible(tx, who, ask.into_entry_id)
    if into.state not in MERGES_INTO or into.authority_id != who.party_id:
        raise Conflict(
            "cannot-merge-into",
            "Entries are merged into one of your own that is received, accepted or found true.",
            "只能并入本部门已登记、已受理或已核实的事项。",
            state=into.state,
        )
    step = await begin(tx, who, entry_id, Verb.MERGE)
    hazard_id = None if into.hazard_id is None else await joined(tx, into.hazard_id)
    followers = await queries.followers(tx, step.entry)
    for each in (step.entry, *followers):
        each.merged_into, each.hazard_id = into.id, hazard_id
        if hazard_id is not None:
            hazards.add_claim(tx, hazard_id, each.claim, each.claimed_at)
    earlier = [each for each in await queries.followers(tx, into) if _place(each) < _place(step.entry)]
    order = len(earlier) + 1 + (_place(into) < _place(step.entry))
    fact = partial(ReportMerged, into_entry_id=into.id, hazard_id=hazard_id, order=order)
    await finish(tx, who, step, fact, now)
    if hazard_id is not None and into.state == ReportState.SUBSTANTIATED:
        await concluding.substantiate(tx, hazard_id, now)
    return step.entry


async def answer(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Answer, now: datetime) -> Report:
    """Tell the reporter the result."""
    step = await begin(tx, who, entry_id, Verb.ANSWER)
    step.entry.answer = ask.answer
    return await finish(tx, who, step, partial(ReportAnswered, answer=ask.answer), now, reason=ask.answer)


async def _hand_over(tx: AsyncSession, entry: Report, to: UUID | None, rule: RoutingRule) -> None:
    """Let another answer for the entry and for what was merged into it; who had it keeps the record."""
    for each in (entry, *await queries.followers(tx, entry)):
        each.from_authority_id = each.authority_id or each.from_authority_id
        each.authority_id, each.to_authority_id, each.routing_rule = to, None, rule


def _place(entry: Report) -> tuple[datetime, UUID]:
    return entry.claimed_at, entry.claim_id


def _plain(words: str) -> str:
    return "".join(words.split()).casefold()


async def _is_authority(tx: AsyncSession, party_id: UUID) -> None:
    if await copies.authority(tx, party_id) is None:
        raise BadInput("not-an-authority", "Only an authority can be named here.", "只能指定监管部门。")
