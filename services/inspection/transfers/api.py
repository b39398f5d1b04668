"""Routes of transfers: one by its id, one list, one view, and one address per verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.transfers.actions import receiving, sending
from services.inspection.transfers.domain import TRANSFER, Verb
from services.inspection.transfers.models import Transfer
from services.inspection.transfers.queries import seeing, telling
from services.inspection.transfers.queries.seeing import Wanted
from services.inspection.transfers.shapes import (
    AnswerTransfer,
    ArbitrateTransfer,
    RefuseTransfer,
    SendAgain,
    SendersTransferDetail,
    SendTransfer,
    TransferDetail,
    TransferPage,
    WithdrawTransfer,
)
from shared.contracts.inspection.transfers import (
    TransferState,
)
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/transfers", tags=["transfers"], dependencies=[versioned(Transfer, "transfer_id")])
Shown = SendersTransferDetail | TransferDetail


@router.put("/{transfer_id}", status_code=201, dependencies=[moves(TRANSFER, Verb.SEND)])
async def send(transfer_id: UUID, ask: SendTransfer, who: Who, now: Now, tx: Tx) -> Shown:
    """Hand a hazard's file, or a matter, to another body; sending it again is safe (T21)."""
    return await telling.detail(tx, who, await sending.send(tx, who, transfer_id, ask, now), now)


@router.get("", dependencies=[allowed("transfer.read")])
async def list_transfers(
    who: Who,
    now: Now,
    tx: Tx,
    state: TransferState | None = None,
    sender: UUID | None = None,
    receiver: UUID | None = None,
    hazard: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TransferPage:
    """List the transfers that the reader's body made, received, or supervises, the newest first."""
    wanted = Wanted(state=state, sender=sender, receiver=receiver, hazard=hazard)
    found = await seeing.page(tx, who, wanted, after, limit)
    return TransferPage(items=await telling.lines(tx, who, found.items, now), next=found.next)


@router.get("/{transfer_id}", dependencies=[allowed("transfer.read")])
async def show(transfer_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show what was handed over, and what became of it."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, transfer_id), now)


@router.post("/{transfer_id}/acknowledge", dependencies=[moves(TRANSFER, Verb.ACKNOWLEDGE)])
async def acknowledge(transfer_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Take it over."""
    return await telling.detail(tx, who, await receiving.acknowledge(tx, who, transfer_id, now), now)


@router.post("/{transfer_id}/refuse", dependencies=[moves(TRANSFER, Verb.REFUSE)])
async def refuse(transfer_id: UUID, ask: RefuseTransfer, who: Who, now: Now, tx: Tx) -> Shown:
    """Say why it is not yours; it goes back."""
    return await telling.detail(tx, who, await receiving.refuse(tx, who, transfer_id, ask, now), now)


@router.post("/{transfer_id}/send-again", dependencies=[moves(TRANSFER, Verb.SEND_AGAIN)])
async def send_again(transfer_id: UUID, ask: SendAgain, who: Who, now: Now, tx: Tx) -> Shown:
    """Hand over again what was refused, with what was missing."""
    return await telling.detail(tx, who, await sending.send_again(tx, who, transfer_id, ask, now), now)


@router.post("/{transfer_id}/answer", dependencies=[moves(TRANSFER, Verb.ANSWER)])
async def answer(transfer_id: UUID, ask: AnswerTransfer, who: Who, now: Now, tx: Tx) -> Shown:
    """Tell what came of it."""
    return await telling.detail(tx, who, await receiving.answer(tx, who, transfer_id, ask, now), now)


@router.post("/{transfer_id}/withdraw", dependencies=[moves(TRANSFER, Verb.WITHDRAW)])
async def withdraw(transfer_id: UUID, ask: WithdrawTransfer, who: Who, now: Now, tx: Tx) -> Shown:
    """Take back what was not acknowledged."""
    return await telling.detail(tx, who, await sending.withdraw(tx, who, transfer_id, ask, now), now)


@router.post("/{transfer_id}/arbitrate", dependencies=[moves(TRANSFER, Verb.ARBITRATE)])
async def arbitrate(transfer_id: UUID, ask: ArbitrateTransfer, who: Who, now: Now, tx: Tx) -> Shown:
    """Decide whose it is, once authorities refused it twice (committee)."""
    return await telling.detail(tx, who, await receiving.arbitrate(tx, who, transfer_id, ask, now), now)
