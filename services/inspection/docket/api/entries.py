"""Routes of the docket: claims of organisations, the desk's list, and one address per verb."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.docket.actions import deciding, receiving, reviewing
from services.inspection.docket.domain import DOCKET, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries, likeness
from services.inspection.docket.shapes.asks import (
    Accept,
    Answer,
    Arbitrate,
    Bounce,
    Claim,
    ContestResult,
    Merge,
    Reject,
    Transfer,
)
from services.inspection.docket.shapes.similar import SimilarList
from services.inspection.docket.shapes.views import ClaimReceipt, EntryDetail
from services.inspection.domain import Kind
from services.inspection.evidence.actions import note_embedded
from services.inspection.evidence.models import Evidence
from services.inspection.evidence.queries import was_handed_to
from services.inspection.hazards.queries import seeing
from services.inspection.history.queries import last_by_a_colleague
from shared import permission
from shared.auth import Actor
from shared.errors import Forbidden, no_such
from shared.evidence.routes import evidence_router
from shared.permission import allowed, covers, moves
from shared.versions import Change, tells_who_changed, versioned
from shared.web import Now, Tx, Who


async def _last(tx: AsyncSession, who: Actor, entry_id: UUID) -> Change | None:
    return await last_by_a_colleague(tx, who, Kind.ENTRY, entry_id)


tells_who_changed(Report, _last)
router = APIRouter(prefix="/docket", tags=["docket"], dependencies=[versioned(Report, "entry_id")])


@router.put("/claims/{claim_id}", status_code=201, dependencies=[allowed("claim.make")])
async def claim(claim_id: UUID, ask: Claim, who: Who, now: Now, tx: Tx) -> ClaimReceipt:
    """Put an own finding, or a matter that reached us directly, on the docket. Sending it again is safe."""
    return _receipt(await receiving.claim(tx, who, claim_id, ask, now))


@router.get("/claims/{claim_id}", dependencies=[allowed("claim.read")])
async def show_claim(claim_id: UUID, who: Who, tx: Tx) -> ClaimReceipt:
    """Show how the own organisation's claim stands."""
    entry = await receiving.own_claim(tx, who, claim_id)
    if entry is None:
        raise no_such("claim", "登记")
    return _receipt(entry)


@router.post("/claims/{claim_id}/contest", dependencies=[allowed("claim.contest")])
async def contest(claim_id: UUID, ask: ContestResult, who: Who, now: Now, tx: Tx) -> ClaimReceipt:
    """Contest the result of the own organisation's claim, within its time; the authority's head decides."""
    return _receipt(await reviewing.contest(tx, who, claim_id, ask, now))


@router.get("/{entry_id}", dependencies=[allowed("docket.read")])
async def show(entry_id: UUID, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Show one entry with its clocks and its history."""
    return await entries.detail(tx, who, await entries.visible(tx, who, entry_id), now)


@router.get("/{entry_id}/similar", dependencies=[allowed("docket.read")])
async def similar(entry_id: UUID, who: Who, now: Now, tx: Tx) -> SimilarList:
    """Suggest open entries of any channel that may be the same matter, laid beside this one."""
    return await likeness.similar(tx, who, await entries.visible(tx, who, entry_id), now)


@router.post("/{entry_id}/accept", dependencies=[moves(DOCKET, Verb.ACCEPT)])
async def accept(entry_id: UUID, ask: Accept, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Take it in hand; each hazard that it names is registered."""
    return await entries.detail(tx, who, await deciding.accept(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/reject", dependencies=[moves(DOCKET, Verb.REJECT)])
async def reject(entry_id: UUID, ask: Reject, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Turn it away, with a reason code and words for the reporter."""
    return await entries.detail(tx, who, await deciding.reject(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/transfer", dependencies=[moves(DOCKET, Verb.TRANSFER)])
async def transfer(entry_id: UUID, ask: Transfer, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Pass it to the authority in charge."""
    return await entries.detail(tx, who, await deciding.transfer(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/acknowledge", dependencies=[moves(DOCKET, Verb.ACKNOWLEDGE)])
async def acknowledge(entry_id: UUID, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Take over what was passed to you."""
    return await entries.detail(tx, who, await deciding.acknowledge(tx, who, entry_id, now), now)


@router.post("/{entry_id}/bounce", dependencies=[moves(DOCKET, Verb.BOUNCE)])
async def bounce(entry_id: UUID, ask: Bounce, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Say that you are not competent either; the committee decides."""
    return await entries.detail(tx, who, await deciding.bounce(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/arbitrate", dependencies=[moves(DOCKET, Verb.ARBITRATE)])
async def arbitrate(entry_id: UUID, ask: Arbitrate, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Name the responsible authority (committee)."""
    return await entries.detail(tx, who, await deciding.arbitrate(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/merge", dependencies=[moves(DOCKET, Verb.MERGE)])
async def merge(entry_id: UUID, ask: Merge, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Join it to an entry of the same matter."""
    return await entries.detail(tx, who, await deciding.merge(tx, who, entry_id, ask, now), now)


@router.post("/{entry_id}/answer", dependencies=[moves(DOCKET, Verb.ANSWER)])
async def answer(entry_id: UUID, ask: Answer, who: Who, now: Now, tx: Tx) -> EntryDetail:
    """Tell the reporter the result."""
    return await entries.detail(tx, who, await deciding.answer(tx, who, entry_id, ask, now), now)


def _receipt(entry: Report) -> ClaimReceipt:
    return ClaimReceipt.model_validate(entry.model_dump() | {"entry_id": entry.id})


class _Policy:
    """Files are kept under the party that handed them in; others see what is shown of what they see."""

    def owner_key(self, request: Request, who: Actor) -> str:  # noqa: ARG002 — the policy's shape
        if who.party_id is None:
            raise Forbidden(
                "no-evidence-here",
                "Files are handed in here in the name of an organisation, and your account belongs to none.",
                "此处的文件以单位名义提交，您的账号未关联单位。",
            )
        return str(who.party_id)

    async def may_read(self, request: Request, tx: Tx, who: Actor, evidence_id: UUID, kept_by: str) -> bool:  # noqa: ARG002 — the policy's shape
        if covers(who, "hazard_file.read", party=[UUID(kept_by)]):
            return True
        may_be_handed = permission.may(who, "letter.read") or permission.may(who, "transfer.read")
        if may_be_handed and await was_handed_to(tx, who.party_id, evidence_id):
            return True
        if permission.may(who, "hazard.read") and await seeing.shows(tx, who, evidence_id):
            return True
        return permission.may(who, "docket.read") and await entries.shows(tx, who, evidence_id)


evidence = evidence_router("inspection", Evidence, _Policy(), verbs="hazard_file", witness=note_embedded)
