"""Routes of what comes before and after a result: more time, reviews, reports of deaths, the archive."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.docket.actions import deciding, escalating, extending, reviewing
from services.inspection.docket.domain import DOCKET, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.asks import (
    DismissReview,
    EscalateFatality,
    ExtendVerification,
    RecordCountyVerdict,
    UpholdReview,
)
from services.inspection.docket.shapes.views import EntryDetail
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/docket", tags=["docket"], dependencies=[versioned(Report, "entry_id")])


@router.post("/{entry_id}/extend-verification", dependencies=[moves(DOCKET, Verb.EXTEND_VERIFICATION)])
async def extend_verification(entry_id: UUID, ask: ExtendVerification, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Give verifying more time, once; the reporter is told why (head)."""
    return await entries.detail(tx, who, await extending.extend_verification(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/uphold-review", dependencies=[moves(DOCKET, Verb.UPHOLD_REVIEW)])
async def uphold_review(entry_id: UUID, ask: UpholdReview, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Agree with whoever contested the result: its hazard begins again, or one is registered anew (head)."""
    return await entries.detail(tx, who, await reviewing.uphold(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/dismiss-review", dependencies=[moves(DOCKET, Verb.DISMISS_REVIEW)])
async def dismiss_review(entry_id: UUID, ask: DismissReview, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Let the result stand, with reasons for the reporter (head)."""
    return await entries.detail(tx, who, await reviewing.dismiss(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/escalate-fatality", dependencies=[moves(DOCKET, Verb.ESCALATE_FATALITY)])
async def escalate_fatality(entry_id: UUID, ask: EscalateFatality, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Say that it is about deaths: the county decides, and is told at once (WSL art. 73)."""
    return await entries.detail(tx, who, await escalating.escalate(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/record-county-verdict", dependencies=[moves(DOCKET, Verb.RECORD_COUNTY_VERDICT)])
async def record_county_verdict(entry_id: UUID, ask: RecordCountyVerdict, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Put on record what the county found; the authority may decide from now on (committee)."""
    return await entries.detail(tx, who, await escalating.record_verdict(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/close", dependencies=[moves(DOCKET, Verb.CLOSE)])
async def close(entry_id: UUID, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Archive it, once its result cannot be contested any more."""
    return await entries.detail(tx, who, await deciding.close(tx, who, entry_id, now), now)
