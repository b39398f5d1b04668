"""Routes of the parts of other parties in a hazard: the lead asks, each party answers, the committee arbitrates."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import answering, asking
from services.inspection.hazards.domain.parts import PART, PartVerb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import assisting, seeing
from services.inspection.hazards.shapes import assisting as asks
from services.inspection.hazards.shapes.assisting import PartList
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["parts"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/{hazard_id}/parts", dependencies=[allowed("part.read")])
async def list_parts(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> PartList:
    """List everybody's part with its answer, its clock and what the reader may do about it."""
    return await assisting.listed(tx, who, await seeing.visible(tx, who, hazard_id), now)


@router.put("/{hazard_id}/parts/{part_id}", status_code=201, dependencies=[moves(PART, PartVerb.ASK)])
async def ask(hazard_id: UUID, part_id: UUID, ask: asks.AskPart, who: Who, now: Now, tx: Tx) -> PartList:
    """Ask an authority or a township for an opinion, a measure, or to take note. Sending it again is safe."""
    return await assisting.listed(tx, who, await asking.ask(tx, who, hazard_id, part_id, ask, now), now)


@router.put("/{hazard_id}/joint-inspections/{joint_id}", status_code=201, dependencies=[moves(PART, PartVerb.ASK)])
async def call_jointly(hazard_id: UUID, joint_id: UUID, ask: asks.CallJointly, who: Who, now: Now, tx: Tx) -> PartList:
    """Call several authorities to inspect together on one day; sending it again is safe."""
    return await assisting.listed(tx, who, await asking.call_jointly(tx, who, hazard_id, joint_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/acknowledge", dependencies=[moves(PART, PartVerb.ACKNOWLEDGE)])
async def acknowledge(hazard_id: UUID, part_id: UUID, who: Who, now: Now, tx: Tx) -> PartList:
    """Take in hand what you were asked for."""
    return await assisting.listed(tx, who, await answering.acknowledge(tx, who, hazard_id, part_id, now), now)


@router.post("/{hazard_id}/parts/{part_id}/answer", dependencies=[moves(PART, PartVerb.ANSWER)])
async def answer(hazard_id: UUID, part_id: UUID, ask: asks.AnswerPart, who: Who, now: Now, tx: Tx) -> PartList:
    """Answer for your part; after a joint inspection with the officers who were there."""
    return await assisting.listed(tx, who, await answering.answer(tx, who, hazard_id, part_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/decline", dependencies=[moves(PART, PartVerb.DECLINE)])
async def decline(hazard_id: UUID, part_id: UUID, ask: asks.DeclinePart, who: Who, now: Now, tx: Tx) -> PartList:
    """Say that it is not yours: a coded reason, and whose it is."""
    return await assisting.listed(tx, who, await answering.decline(tx, who, hazard_id, part_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/reask", dependencies=[moves(PART, PartVerb.REASK)])
async def reask(hazard_id: UUID, part_id: UUID, ask: asks.ReaskPart, who: Who, now: Now, tx: Tx) -> PartList:
    """Ask another body for what the first declined."""
    return await assisting.listed(tx, who, await asking.reask(tx, who, hazard_id, part_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/release", dependencies=[moves(PART, PartVerb.RELEASE)])
async def release(hazard_id: UUID, part_id: UUID, ask: asks.ReleasePart, who: Who, now: Now, tx: Tx) -> PartList:
    """Do without this part."""
    return await assisting.listed(tx, who, await asking.release(tx, who, hazard_id, part_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/insist", dependencies=[moves(PART, PartVerb.INSIST)])
async def insist(hazard_id: UUID, part_id: UUID, ask: asks.InsistOnPart, who: Who, now: Now, tx: Tx) -> PartList:
    """Insist on a part that was declined; the committee decides."""
    return await assisting.listed(tx, who, await asking.insist(tx, who, hazard_id, part_id, ask, now), now)


@router.post("/{hazard_id}/parts/{part_id}/arbitrate", dependencies=[moves(PART, PartVerb.ARBITRATE)])
async def arbitrate(hazard_id: UUID, part_id: UUID, ask: asks.ArbitratePart, who: Who, now: Now, tx: Tx) -> PartList:
    """Say who answers for the part, or that nobody need (committee)."""
    return await assisting.listed(tx, who, await answering.arbitrate(tx, who, hazard_id, part_id, ask, now), now)
