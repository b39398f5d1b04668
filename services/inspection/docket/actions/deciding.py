"""What the duty desk decides: accept, reject, pass on, merge, answer, archive; and the committee, who has it."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import rules_of
from services.inspection.docket.actions import concluding
from services.inspection.docket.actions.moving import Step, begin, finish, follow
from services.inspection.docket.actions.registering import Wording, in_own_words, register
from services.inspection.docket.actions.self_governing import none_is_the_enterprises
from services.inspection.docket.domain import MERGES_INTO, Case, Verb
from services.inspection.docket.domain.guards import county_has_decided
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import Accept, Answer, Arbitrate, Bounce, Merge, Reject, Transfer
from services.inspection.hazards.actions import verifying as hazards
from shared.auth import Actor
from shared.contracts.inspection import (
    PartyName,
    ReportAccepted,
    ReportAnswered,
    ReportClosed,
    ReportMerged,
    ReportReceived,
    ReportRejected,
    ReportTransferred,
    RoutingRule,
    TransferAcknowledged,
    TransferBounced,
)
from shared.contracts.values import Channel
from shared.errors import BadInput, Conflict


async def accept(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Accept, now: datetime) -> Report:
    """Take the claim in hand: what it names is registered as hazards, each with every claim that was merged into it."""
    step = await begin(tx, who, entry_id, Verb.ACCEPT, now)
    entry = step.entry
    entry.enterprise_id = ask.enterprise_id or entry.enterprise_id
    entry.category = ask.category or entry.category
    wordings = [Wording(each.what, each.category, each.enterprise_id) for each in (ask, *ask.further)]
    group = [entry, *await entries.followers(tx, entry)]
    in_own_words(group, wordings)
    found = await register(tx, who, entry, group, wordings, now)
    if entry.channel == Channel.INSPECTION:
        step = Step(entry, step.verb, step.before, "hazard.verify.inspection")
    fact = partial(ReportAccepted, hazard_id=found[0].id, hazard_ids=tuple(hazard.id for hazard in found))
    return await finish(tx, who, step, fact, now)


async def reject(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Reject, now: datetime) -> Report:
    """Turn the claim away with a reason that its reporter is told; what was merged into it shares its fate."""
    step = await begin(tx, who, entry_id, Verb.REJECT, now, reason=ask.reason)
    fact = partial(ReportRejected, reason=ask.reason, explanation=ask.explanation)
    followers = await entries.followers(tx, step.entry)
    _county_has_decided(followers)
    for follower in followers:
        follower.reason = ask.reason
        await finish(tx, who, follow(follower, Verb.REJECT), fact, now, reason=ask.explanation, code=ask.reason)
    step.entry.reason = ask.reason
    return await finish(tx, who, step, fact, now, reason=ask.explanation, code=ask.reason)


async def transfer(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Transfer, now: datetime) -> Report:
    """Pass the claim to the authority in charge, which must acknowledge within its clock (WSL art. 69)."""
    step = await begin(tx, who, entry_id, Verb.TRANSFER, now)
    if ask.to_authority_id == who.party_id:
        raise BadInput("transfer-to-another", "Name another authority.", "请指定其他部门。")
    await _is_authority(tx, ask.to_authority_id)
    step.entry.to_authority_id = ask.to_authority_id
    step.entry.suggested_authority_id = None
    fact = partial(
        ReportTransferred,
        from_authority_id=who.party_id,
        to_authority_id=ask.to_authority_id,
        acknowledge_by=rules_of(tx).due("report.transfer_ack", now).at,
        holder=await _name_of(tx, ask.to_authority_id),
    )
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def acknowledge(tx: AsyncSession, who: Actor, entry_id: UUID, now: datetime) -> Report:
    """Take over what was passed on; the sender keeps the record."""
    step = await begin(tx, who, entry_id, Verb.ACKNOWLEDGE, now)
    await _hand_over(tx, step.entry, step.entry.to_authority_id, RoutingRule.TRANSFER)
    fact = partial(TransferAcknowledged, holder=await _name_of(tx, step.entry.authority_id))
    return await finish(tx, who, step, fact, now)


async def bounce(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Bounce, now: datetime) -> Report:
    """Not competent either: nobody passes it on again, the committee decides; who refused may say who is."""
    step = await begin(tx, who, entry_id, Verb.BOUNCE, now)
    suggested = ask.suggested_authority_id
    if suggested is not None:
        await _is_authority(tx, suggested)
    if suggested is not None and suggested == who.party_id:
        raise BadInput("suggest-another", "Suggest another authority, or none.", "请建议其他部门，或不填写。")
    await _hand_over(tx, step.entry, None, RoutingRule.ARBITRATION)
    step.entry.suggested_authority_id = suggested
    refused_by = await _name_of(tx, who.party_id)
    fact = partial(
        TransferBounced, explanation=ask.explanation, suggested_authority_id=suggested, refused_by=refused_by
    )
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def arbitrate(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Arbitrate, now: datetime) -> Report:
    """Say which authority is responsible where rules do not (WSL art. 10); it then waits for that desk."""
    step = await begin(tx, who, entry_id, Verb.ARBITRATE, now)
    await _is_authority(tx, ask.authority_id)
    await _hand_over(tx, step.entry, ask.authority_id, RoutingRule.ARBITRATION)
    step.entry.suggested_authority_id = None
    fact = partial(
        ReportReceived,
        holder=await _name_of(tx, ask.authority_id),
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
        await entries.visible(tx, who, each_id, lock=True)
    into = await entries.visible(tx, who, ask.into_entry_id)
    if into.state not in MERGES_INTO or into.authority_id != who.party_id:
        raise Conflict(
            "cannot-merge-into",
            "Entries are merged into one of your own that is received, accepted or found true.",
            "只能并入本部门已登记、已受理或已核实的事项。",
            state=into.state,
        )
    step = await begin(tx, who, entry_id, Verb.MERGE, now)
    followers = await entries.followers(tx, step.entry)
    _county_has_decided(followers)
    named = await entries.hazards_behind(tx, into)
    await none_is_the_enterprises(tx, [hazard.id for hazard in named])
    for each in (step.entry, *followers):
        each.merged_into, each.hazard_id = into.id, into.hazard_id
        for hazard in named:
            await hazards.add_claim(tx, hazard.id, each.claim, each.claimed_at)
    earlier = [each for each in await entries.followers(tx, into) if _place(each) < _place(step.entry)]
    order = len(earlier) + 1 + (_place(into) < _place(step.entry))
    fact = partial(ReportMerged, into_entry_id=into.id, hazard_id=into.hazard_id, order=order)
    await finish(tx, who, step, fact, now)
    for hazard in named:
        await concluding.conclude(tx, hazard.id, now)
    return step.entry


async def answer(tx: AsyncSession, who: Actor, entry_id: UUID, ask: Answer, now: datetime) -> Report:
    """Tell the reporter the result."""
    step = await begin(tx, who, entry_id, Verb.ANSWER, now)
    step.entry.answer = ask.answer
    return await finish(tx, who, step, partial(ReportAnswered, answer=ask.answer), now, reason=ask.answer)


async def close(tx: AsyncSession, who: Actor, entry_id: UUID, now: datetime) -> Report:
    """Archive what was answered or turned away, once nobody can contest it any more."""
    step = await begin(tx, who, entry_id, Verb.CLOSE, now)
    return await finish(tx, who, step, ReportClosed, now)


async def _hand_over(tx: AsyncSession, entry: Report, to: UUID | None, rule: RoutingRule) -> None:
    """Let another answer for the entry and for what was merged into it; who had it keeps the record."""
    for each in (entry, *await entries.followers(tx, entry)):
        each.from_authority_id = each.authority_id or each.from_authority_id
        each.authority_id, each.to_authority_id, each.routing_rule = to, None, rule


def _place(entry: Report) -> tuple[datetime, UUID]:
    return entry.claimed_at, entry.claim_id


def _county_has_decided(followers: Collection[Report]) -> None:
    """What was merged into a claim shares its fate, so a follower about deaths holds the whole matter."""
    for follower in followers:
        held = Case(
            party_id=None, authority_id=None, fatal=follower.fatal, county_decided=follower.county_finding is not None
        )
        if (problem := county_has_decided(held)) is not None:
            raise problem


async def _name_of(tx: AsyncSession, party_id: UUID | None) -> PartyName | None:
    """Give what the reporter reads of who has the case now; only authorities are named."""
    party = None if party_id is None else await copies.authority(tx, party_id)
    return None if party is None else PartyName(en=party.name_en, zh=party.name_zh)


async def _is_authority(tx: AsyncSession, party_id: UUID) -> None:
    if await copies.authority(tx, party_id) is None:
        raise BadInput("not-an-authority", "Only an authority can be named here.", "只能指定监管部门。")
