"""How results are contested and reviewed; without it a danger that was closed on paper only would stay closed (N01)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import rules_of
from services.inspection.docket.actions.moving import Step, begin, common, finish, follow
from services.inspection.docket.actions.receiving import own_claim
from services.inspection.docket.actions.registering import Wording, in_own_words, register
from services.inspection.docket.domain import DOCKET, SYSTEM, Behind, Outcome, Verb, Verdict, verdict
from services.inspection.docket.domain.guards import still_open
from services.inspection.docket.models import Report, Review
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import ContestResult, DismissReview, UpholdReview
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions import consequences
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardState,
    ReportAccepted,
    ReportState,
    ReviewDismissed,
    ReviewRefusal,
    ReviewRefused,
    ReviewRequested,
    ReviewUpheld,
)
from shared.contracts.volunteer import ReportContested
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit
from shared.reactions import Permanent

_REFUSALS: Mapping[str, ReviewRefusal] = {
    "case-still-open": ReviewRefusal.CASE_STILL_OPEN,
    "already-reviewed": ReviewRefusal.ALREADY_REVIEWED,
    "contest-too-late": ReviewRefusal.TOO_LATE,
}
"""What the machine says → what the reporter is told."""
_SETTLED = (ReportState.REJECTED, ReportState.UNFOUNDED, ReportState.ANSWERED, ReportState.REVIEW_REQUESTED)
"""States of claims of the same matter that an upheld review takes in hand again with the one that was contested."""


async def contest(tx: AsyncSession, who: Actor, claim_id: UUID, ask: ContestResult, now: datetime) -> Report:
    """Let an organisation contest the result of its own claim; raises 409 that says why it cannot."""
    if await own_claim(tx, who, claim_id) is None:
        raise no_such("claim", "登记")
    await proven(tx, who, claim_id, ask.evidence)
    entry = await entries.by_claim(tx, claim_id, lock=True)
    assert entry is not None, "it was seen a moment ago"
    given = [picture.model_dump(mode="json") for picture in ask.evidence]
    review = _review(entry, uuid4(), now, ask.statement, given, by=who.party_id)
    await _may_be_contested(tx, entry, now)
    return await _request(tx, who, entry, review, now)


async def take(tx: AsyncSession, fact: ReportContested, now: datetime) -> None:
    """Hear a reporter's contest, at the time at which it was made; what cannot be heard is recorded and told back."""
    entry = await entries.by_claim(tx, fact.claim_id, lock=True)
    if entry is None:
        raise Permanent("a report was contested that was never submitted")
    given = [picture.model_dump(mode="json") for picture in fact.evidence]
    review = _review(entry, fact.contest_id, now, fact.statement, given)
    try:
        await _may_be_contested(tx, entry, now)
    except Conflict as refused:
        review.outcome, review.refusal = Outcome.REFUSED, _refusal(entry, refused)
        tx.add(review)
        moved = (Verb.REQUEST_REVIEW, entry.state, entry.state)
        record(tx, None, entry.about, moved, now, contest_id=review.id, refused=review.refusal)
        told = ReviewRefused(**common(entry, now), contest_id=review.id, reason=review.refusal)
        await emit(tx, entry, told)
        return
    await _request(tx, None, entry, review, now)


async def uphold(tx: AsyncSession, who: Actor, entry_id: UUID, ask: UpholdReview, now: datetime) -> Report:
    """The result does not stand: closed hazards begin again; where none is left to go on, one is registered anew.

    All claims of the matter are locked first and in one order: two heads may decide on two of them at once.
    """
    claims = await entries.matter_of(tx, await entries.visible(tx, who, entry_id))
    step = await begin(tx, who, entry_id, Verb.UPHOLD_REVIEW, now)
    entry = step.entry
    hazards = await entries.hazards_behind(tx, entry)
    chosen = _to_reopen(hazards, ask.hazard_ids)
    for hazard_id in sorted(chosen):
        await consequences.reopen(tx, who, hazard_id, ask.explanation, now)
    if chosen:
        await _uphold(tx, who, step, ask.explanation, chosen, now)
        for other in await entries.behind(tx, chosen, ReportState.REVIEW_REQUESTED):
            await _uphold(tx, who, follow(other, Verb.UPHOLD_REVIEW), ask.explanation, chosen, now)
    elif not all(hazard.at_its_end for hazard in hazards):
        await _uphold(tx, who, step, ask.explanation, [], now)
    else:
        await _begin_anew(tx, who, step, claims, ask, now)
    return entry


async def dismiss(tx: AsyncSession, who: Actor, entry_id: UUID, ask: DismissReview, now: datetime) -> Report:
    """The result stands, for reasons that the claimant is told."""
    step = await begin(tx, who, entry_id, Verb.DISMISS_REVIEW, now)
    step.entry.answer = ask.explanation
    review = await _decided(tx, who, step.entry, Outcome.DISMISSED, ask.explanation, now)
    fact = partial(ReviewDismissed, contest_id=review.id, explanation=ask.explanation)
    return await finish(tx, who, step, fact, now, reason=ask.explanation)


async def _may_be_contested(tx: AsyncSession, entry: Report, now: datetime) -> None:
    """Raise `Conflict` unless there is a result, not reviewed yet, and time to contest it."""
    case = entries.case_of(tx, None, entry, await entries.hazards_behind(tx, entry), now)
    if entry.state is ReportState.REVIEW_REQUESTED:
        raise Conflict("already-contested", "This result is under review already.", "该结果正在复核中。")
    if entry.state not in DOCKET.moves[Verb.REQUEST_REVIEW].sources:
        raise still_open()
    DOCKET.permit(Verb.REQUEST_REVIEW, entry.state, {SYSTEM}, case)


async def _request(tx: AsyncSession, who: Actor | None, entry: Report, review: Review, now: datetime) -> Report:
    tx.add(review)
    move = DOCKET.moves[Verb.REQUEST_REVIEW]
    assert move.clock is not None, "a review is owed"
    step = follow(entry, Verb.REQUEST_REVIEW, move.clock)
    decide_by = rules_of(tx).due(move.clock, now).at
    fact = partial(ReviewRequested, contest_id=review.id, decide_by=decide_by)
    return await finish(tx, who, step, fact, now)


def _to_reopen(hazards: Collection[Behind], named: Collection[UUID]) -> list[UUID]:
    closed = [hazard.id for hazard in hazards if hazard.state is HazardState.CLOSED]
    if unknown := [str(each) for each in named if each not in closed]:
        raise BadInput(
            "not-a-closed-hazard",
            "A hazard that is named is not a closed one of this claim.",
            "所列隐患不是该登记项下已销号的隐患。",
            hazards=unknown,
        )
    return [each for each in closed if not named or each in named]


async def _begin_anew(
    tx: AsyncSession, who: Actor, step: Step, claims: Sequence[Report], ask: UpholdReview, now: datetime
) -> None:
    """Register a hazard for the whole matter: a rejected claim never had one, a dismissed one is at its end."""
    if ask.what is None:
        raise BadInput(
            "name-the-hazard",
            "There is no hazard that could go on. Say what the new one is, in your own words.",
            "没有可以重新办理的隐患，请用自己的语言描述需要立案的隐患。",
        )
    wording = Wording(ask.what)
    together = [claim for claim in claims if claim.id == step.entry.id or claim.state in _SETTLED]
    in_own_words(together, [wording])
    [hazard] = await register(tx, who, step.entry, together, [wording], now, again=True)
    await _uphold(tx, who, step, ask.explanation, [hazard.id], now)
    accepted = partial(ReportAccepted, hazard_id=hazard.id, hazard_ids=(hazard.id,))
    for other in together:
        if other.id == step.entry.id:
            continue
        again = follow(other, Verb.UPHOLD_REVIEW, step.clock)
        if again.before is ReportState.REVIEW_REQUESTED:
            await _uphold(tx, who, again, ask.explanation, [hazard.id], now)
        else:  # its claimant contested nothing, and is not told that another did
            await finish(tx, who, again, accepted, now)


async def _uphold(
    tx: AsyncSession, who: Actor, step: Step, explanation: str, hazard_ids: Sequence[UUID], now: datetime
) -> None:
    """Take one claim in hand again; as one that is true already, if any of its hazards is."""
    entry = step.entry
    clock = DOCKET.moves[Verb.UPHOLD_REVIEW].clock
    if verdict(await entries.hazards_behind(tx, entry)) is Verdict.TRUE:
        entry.state, clock = ReportState.SUBSTANTIATED, DOCKET.moves[Verb.SUBSTANTIATE].clock
    step = Step(entry, step.verb, step.before, clock)
    review = await _decided(tx, who, entry, Outcome.UPHELD, explanation, now)
    fact = partial(ReviewUpheld, contest_id=review.id, explanation=explanation, hazard_ids=tuple(hazard_ids))
    await finish(tx, who, step, fact, now, reason=explanation)


async def _decided(
    tx: AsyncSession, who: Actor, entry: Report, outcome: Outcome, decision: str, now: datetime
) -> Review:
    review = await entries.review_under_way(tx, entry)
    review.outcome, review.decision = outcome, decision
    review.decided_at, review.decided_by = now, who.id
    return review


def _review(
    entry: Report,
    contest_id: UUID,
    now: datetime,
    statement: str,
    evidence: list[dict[str, Any]],
    *,
    by: UUID | None = None,
) -> Review:
    return Review(
        id=contest_id,
        entry_id=entry.id,
        by_party_id=by,
        at=now,
        contested=entry.state,
        statement=statement,
        evidence=evidence,
        outcome=Outcome.UNDER_REVIEW,
    )


def _refusal(entry: Report, refused: Conflict) -> ReviewRefusal:
    if entry.state is ReportState.REVIEW_REQUESTED:
        return ReviewRefusal.UNDER_REVIEW
    return _REFUSALS.get(refused.slug, ReviewRefusal.CASE_STILL_OPEN)
