"""How a transfer is shown: to the receiver what was handed over, to the sender also where it comes from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import next_due, open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.transfers.models import Transfer
from services.inspection.transfers.queries import knowing, seeing
from services.inspection.transfers.shapes import RefusalView, SendersTransferDetail, TransferDetail, TransferView
from shared.auth import Actor


async def lines(tx: AsyncSession, who: Actor, rows: Sequence[Transfer], now: datetime) -> list[TransferView]:
    """Show transfers, each with its next deadline."""
    query = select(Transfer.id, next_due(Transfer.id)).where(col(Transfer.id).in_([row.id for row in rows]))
    due: dict[UUID, datetime | None] = {row[0]: row[1] for row in await tx.execute(query)} if rows else {}
    return [TransferView.model_validate(_known(tx, who, row, due.get(row.id), now)) for row in rows]


async def detail(tx: AsyncSession, who: Actor, transfer: Transfer, now: datetime) -> TransferDetail:
    """Show one transfer whole, as this reader may see it."""
    clocks = await open_deadlines(tx, transfer.id)
    known = _known(tx, who, transfer, clocks[0].due_at if clocks else None, now) | {
        "refused": [RefusalView.model_validate(row) for row in await seeing.refusals_of(tx, transfer.id)],
        "deadlines": [DeadlineView.model_validate(clock) for clock in clocks],
    }
    if who.party_id == transfer.receiver_id:
        return TransferDetail.model_validate(known)
    told = await history_of(tx, Kind.TRANSFER, transfer.id)
    return SendersTransferDetail.model_validate(
        known | {"history": [HappeningView.model_validate(row) for row in told]}
    )


def _known(tx: AsyncSession, who: Actor, transfer: Transfer, due: datetime | None, now: datetime) -> dict[str, Any]:
    overdue = due is not None and due < now
    return transfer.model_dump() | {
        "next_due": due,
        "overdue": overdue,
        "offers": knowing.offers(tx, who, transfer, now),
    }
