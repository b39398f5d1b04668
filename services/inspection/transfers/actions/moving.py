"""The frame of every move of a transfer: may it happen, what is recorded and told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.history.actions import record
from services.inspection.transfers.domain import TRANSFER, Verb
from services.inspection.transfers.models import Transfer
from services.inspection.transfers.queries import knowing, seeing
from shared.auth import Actor
from shared.contracts.inspection.transfers import (
    TransferFact,
    TransferState,
)
from shared.outbox import emit


async def begin(
    tx: AsyncSession, who: Actor, transfer_id: UUID, verb: Verb, now: datetime, *, yes: bool = True
) -> tuple[Transfer, TransferState]:
    """Lock the transfer, let its machine decide, and move it; give it with the state before."""
    transfer = await seeing.visible(tx, who, transfer_id, lock=True)
    move = TRANSFER.permit(verb, transfer.state, who.roles, knowing.case_of(tx, who, transfer, now))
    before, transfer.state = transfer.state, move.after(transfer.state, yes=yes)
    return transfer, before


async def finish(
    tx: AsyncSession,
    who: Actor,
    transfer: Transfer,
    moved: tuple[Verb, TransferState | None],
    fact: Callable[..., TransferFact],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
    **kept: Any,
) -> Transfer:
    """Write history and state the fact, which is given with all but what every fact says."""
    said: dict[str, Any] = {
        "at": now,
        "area_code": transfer.area_code,
        "transfer_id": transfer.id,
        "number": transfer.number,
        "state": transfer.state,
        "ground": transfer.ground,
        "sender_id": transfer.sender_id,
        "receiver_id": transfer.receiver_id,
        "receiver_kind": transfer.receiver_kind,
        "hazard_id": transfer.hazard_id,
        "case_id": transfer.case_id,
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, transfer.about, (*moved, transfer.state), now, reason=reason, basis=basis, **own, **kept)
    await emit(tx, transfer, event)
    return transfer
