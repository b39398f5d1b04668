"""Who may see which transfer, in the query itself: sender and receiver, and the committee that supervises the area."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.transfers.models import Transfer, TransferRefusal
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.transfers import (
    TransferState,
)
from shared.errors import no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of transfers is narrowed."""

    state: TransferState | None = None
    sender: UUID | None = None
    receiver: UUID | None = None
    hazard: UUID | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may read a transfer. To see the hazard behind it is not enough."""
    return permission.visible(
        who,
        "transfer.read",
        area=in_area(who, Transfer.area_code),
        party=or_(col(Transfer.sender_id) == who.party_id, col(Transfer.receiver_id) == who.party_id),
    )


async def visible(tx: AsyncSession, who: Actor, transfer_id: UUID, *, lock: bool = False) -> Transfer:
    """Give one transfer, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Transfer).where(col(Transfer.id) == transfer_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    transfer = (await tx.execute(query)).scalar_one_or_none()
    if transfer is None:
        raise no_such("transfer", "移送")
    return transfer


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Transfer]:
    """List transfers, the newest first. By the hazard only its own sender and the committee find one."""
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(Transfer.state) == wanted.state),
        (wanted.sender, col(Transfer.sender_id) == wanted.sender),
        (wanted.receiver, col(Transfer.receiver_id) == wanted.receiver),
        (wanted.hazard, (col(Transfer.hazard_id) == wanted.hazard) & (col(Transfer.receiver_id) != who.party_id)),
    ]
    query = select(Transfer).where(visible_to(who), *(condition for value, condition in given if value is not None))
    return await paging.page(tx, query, Transfer.sent_at, after, limit, newest_first=True)


async def refusals_of(tx: AsyncSession, transfer_id: UUID) -> list[TransferRefusal]:
    """Give the refusals, the first first."""
    query = select(TransferRefusal).where(col(TransferRefusal.transfer_id) == transfer_id)
    return list((await tx.execute(query.order_by(col(TransferRefusal.ordinal)))).scalars())
