"""What the sender does: hands over, hands over again with what was missing, or takes it back."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day
from services.inspection.hazards.domain import Deed
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.seeing import visible as visible_hazard
from services.inspection.history.actions import record
from services.inspection.numbers.actions import next_number_in, series_of
from services.inspection.transfers.actions.moving import begin, finish
from services.inspection.transfers.domain import (
    ACKNOWLEDGE_CLOCK,
    TRANSFER,
    Verb,
    is_told_in_the_hazard,
    number_of,
    unknown_receiver,
)
from services.inspection.transfers.models import Transfer
from services.inspection.transfers.queries import copying, knowing
from services.inspection.transfers.shapes import SendAgain, SendTransfer, WithdrawTransfer
from shared.auth import Actor
from shared.contracts.inspection.transfers import (
    FileTransferred,
    FileWithdrawn,
)
from shared.errors import Conflict, no_such


async def send(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: SendTransfer, now: datetime) -> Transfer:
    """Hand over once. What the receiver will read is copied now; the hazard goes on where it is (T21)."""
    await knowing.one_at_a_time(tx, transfer_id)
    if known := await tx.get(Transfer, transfer_id):
        return _known_as(known, who, ask)
    hazard = await visible_hazard(tx, who, ask.hazard_id, lock=True) if ask.hazard_id else None
    receiver = await knowing.party(tx, ask.receiver_id)
    if receiver is None:
        raise unknown_receiver(ask.receiver_id)
    with_file = bool(ask.sections) or ask.case_id is not None
    case = knowing.new_case(who, receiver, ask.ground, hazard, hands_over_a_file=with_file)
    move = TRANSFER.permit(Verb.SEND, None, who.roles, case)
    assert who.party_id is not None, "who has no organisation was refused"
    if ask.case_id is not None and (hazard is None or await copying.case_in(tx, hazard.id, ask.case_id) is None):
        raise no_such("penalty case", "案件")
    source = None if knowing.writes_letters_only(who) else ask.hazard_id
    await copying.hand_files_over(tx, who, transfer_id, ask.evidence, hazard_id=source, handed_to=receiver.id)
    transfer = Transfer(
        id=transfer_id,
        area_code=hazard.area_code if hazard else who.area_code,
        state=move.after(None),
        number=await _number(tx, who.party_id, now, case=ask.case_id is not None),
        **ask.model_dump(include={"ground", "subject", "reason", "basis", "hazard_id", "case_id"}),
        sender_id=who.party_id,
        receiver_id=receiver.id,
        receiver_kind=receiver.kind,
        file=await _copied(tx, who, hazard, ask),
        evidence=[file.model_dump(mode="json") for file in ask.evidence],
        content_hash=ask.content_hash(),
        sent_by=who.id,
        sent_at=now,
    )
    tx.add(transfer)
    by = _wait_for_the_receiver(tx, transfer, now)
    if hazard is not None and is_told_in_the_hazard(ask.ground):
        moved = (Deed.TRANSFER_CASE, hazard.state, hazard.state)
        told: dict[str, Any] = {"transfer_id": transfer.id, "number": transfer.number, "receiver_id": receiver.id}
        record(tx, who, hazard.about, moved, now, basis=ask.basis, ground=ask.ground, **told)
    fact = partial(FileTransferred, acknowledge_by=by)
    return await finish(tx, who, transfer, (Verb.SEND, None), fact, now, reason=ask.reason, basis=ask.basis)


async def send_again(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: SendAgain, now: datetime) -> Transfer:
    """Hand over again what was refused, with what was missing; its number and its file stay."""
    transfer, before = await begin(tx, who, transfer_id, Verb.SEND_AGAIN, now)
    source = None if knowing.writes_letters_only(who) else transfer.hazard_id
    await copying.hand_files_over(tx, who, transfer.id, ask.evidence, hazard_id=source, handed_to=transfer.receiver_id)
    added = {**ask.model_dump(mode="json"), "at": now.isoformat()}
    transfer.additions = [*transfer.additions, added]
    by = _wait_for_the_receiver(tx, transfer, now)
    fact = partial(FileTransferred, acknowledge_by=by, attempt=transfer.refusals + 1)
    return await finish(tx, who, transfer, (Verb.SEND_AGAIN, before), fact, now, reason=ask.statement)


async def withdraw(tx: AsyncSession, who: Actor, transfer_id: UUID, ask: WithdrawTransfer, now: datetime) -> Transfer:
    """Take back what was not acknowledged."""
    transfer, before = await begin(tx, who, transfer_id, Verb.WITHDRAW, now)
    await deadlines.cancel_all(tx, transfer.about, now)
    transfer.ended_at = now
    return await finish(tx, who, transfer, (Verb.WITHDRAW, before), FileWithdrawn, now, reason=ask.reason)


def _wait_for_the_receiver(tx: AsyncSession, transfer: Transfer, now: datetime) -> date:
    """Start the receiver's clock; return its last day."""
    return local_day(tx, deadlines.start(tx, transfer.about, ACKNOWLEDGE_CLOCK, transfer.receiver_id, now))


async def _copied(tx: AsyncSession, who: Actor, hazard: Hazard | None, ask: SendTransfer) -> dict[str, Any] | None:
    """Copy what is handed over of the file; a letter of the committee carries its words only."""
    if hazard is None or knowing.writes_letters_only(who):
        return None
    return (await copying.file_of(tx, hazard, ask.sections, ask.case_id)).model_dump(mode="json")


async def _number(tx: AsyncSession, sender_id: UUID, now: datetime, *, case: bool) -> str:
    kind = "transfer.case" if case else "transfer"
    year, last = await next_number_in(tx, series_of(sender_id, kind), local_day(tx, now))
    sender = await knowing.party(tx, sender_id)
    return number_of(sender.name_zh if sender else "", year, last, case=case)


def _known_as(known: Transfer, who: Actor, ask: SendTransfer) -> Transfer:
    """Give what already has this id, if the same body said the same."""
    if known.sender_id != who.party_id:
        raise no_such("transfer", "移送")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "transfer-id-taken",
            "You already made another transfer under this id. Make this one under a new id.",
            "该编号已用于另一移送，请使用新的编号。",
        )
    return known
