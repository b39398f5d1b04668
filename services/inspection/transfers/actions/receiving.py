"""What becomes of a transfer: the receiver takes it or refuses it, tells the result; the committee arbitrates."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day
from services.inspection.evidence.queries import proven
from services.inspection.transfers.actions.moving import begin, finish
from services.inspection.transfers.domain import ACKNOWLEDGE_CLOCK, ANSWER_CLOCK, Verb, goes_to_arbitration
from services.inspection.transfers.models import Transfer, TransferRefusal
from services.inspection.transfers.queries import knowing
from services.inspection.transfers.shapes import AnswerTransfer, ArbitrateTransfer, RefuseTransfer
from shared.auth import Actor
from shared.contracts.inspection.transfers import (
    FileAcknowledged,
    FileAnswered,
    FileArbitrated,
    FileRefused,
)

ARBITRATION_CLOCK = "competence.arbitrate"


async def acknowledge(tx: AsyncSession, who: Actor, transfer_id: UUID, now: datetime) -> Transfer:
    """Take it over: only now is it handed over, and the clock of the result begins."""
    transfer, before = await begin(tx, who, transfer_id, Verb.ACKNOWLEDGE, now)
    await deadlines.meet(tx, transfer.about, (ACKNOWLEDGE_CLOCK,), now)
    transfer.acknowledged_at = now
    due = deadlines.start(tx, transfer.about, ANSWER_CLOCK, transfer.receiver_id, now)
    fact = partial(FileAcknowledged, answer_by=local_day(tx, due))
    return await finish(tx, who, transfer, (Verb.ACKNOWLEDGE, before), fact, now)


async def refuse(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: RefuseTransfer, now: datetime) -> Transfer:
    """Let it bounce back, with a reason; between authorities the second time is the committee's to settle."""
    transfer, before = await begin(tx, who, transfer_id, Verb.REFUSE, now)
    await deadlines.meet(tx, transfer.about, (ACKNOWLEDGE_CLOCK,), now)
    transfer.refusals += 1
    most = knowing.refusals_before_arbitration(tx, now)
    to_committee = goes_to_arbitration(transfer.receiver_kind, transfer.refusals, most)
    if to_committee:
        deadlines.start(tx, transfer.about, ARBITRATION_CLOCK, None, now)
    tx.add(
        TransferRefusal(
            transfer_id=transfer.id,
            ordinal=transfer.refusals,
            reason=ask.reason,
            suggested_id=ask.suggested_id,
            by_id=who.id,
            at=now,
        )
    )
    fact = partial(FileRefused, refusals=transfer.refusals, to_committee=to_committee)
    moved = (Verb.REFUSE, before)
    return await finish(tx, who, transfer, moved, fact, now, reason=ask.reason, suggested_id=ask.suggested_id)


async def answer(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: AnswerTransfer, now: datetime) -> Transfer:
    """Tell the sender what came of it; files are handed back with it."""
    transfer, before = await begin(tx, who, transfer_id, Verb.ANSWER, now)
    await proven(tx, who, transfer.id, ask.files, handed_to=transfer.sender_id)
    await deadlines.meet(tx, transfer.about, (ANSWER_CLOCK,), now)
    transfer.result, transfer.ended_at = ask.result, now
    transfer.result_files = [file.model_dump(mode="json") for file in ask.files]
    return await finish(tx, who, transfer, (Verb.ANSWER, before), FileAnswered, now, reason=ask.result)


async def arbitrate(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: ArbitrateTransfer, now: datetime) -> Transfer:
    """Decide whose it is: the receiver has it in hand from now on, or it stays with the sender (committee)."""
    transfer, before = await begin(tx, who, transfer_id, Verb.ARBITRATE, now, yes=ask.receiver_takes_it)
    await deadlines.meet(tx, transfer.about, (ARBITRATION_CLOCK,), now)
    if ask.receiver_takes_it:
        transfer.acknowledged_at = now
        deadlines.start(tx, transfer.about, ANSWER_CLOCK, transfer.receiver_id, now)
    else:
        transfer.ended_at = now
    fact = partial(FileArbitrated, reason=ask.reason)
    return await finish(tx, who, transfer, (Verb.ARBITRATE, before), fact, now, reason=ask.reason)
