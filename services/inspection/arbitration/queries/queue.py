"""What is in the committee's queue, the oldest first; without it what nobody wants would lie in nobody's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, literal, null, or_, tuple_, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.arbitration.domain import Dispute
from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.docket.models import Report
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard, HazardPart
from services.inspection.history.models import Happening
from services.inspection.transfers.models import Transfer, TransferRefusal
from services.inspection.transfers.queries.knowing import refusals_before_arbitration
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardState,
    PartState,
    ReportState,
)
from shared.contracts.inspection.transfers import (
    TransferState,
)
from shared.contracts.values import PartyKind
from shared.paging import mark, read_mark
from shared.permission import in_area

NEW_CYCLE = "reopen"
_NEEDS_A_LEAD = (HazardState.CONFIRMED, HazardState.ASSIGNED, HazardState.REOPENED)
_DECLINED = (PartState.DECLINED, PartState.INSISTED)
_DECIDING = ("hazard.assign", "part.settle", "competence.arbitrate")
"""Clocks that began with a dispute."""
_TOLD = {
    Kind.HAZARD: ("return_assignment", "part_decline", "part_insist", NEW_CYCLE),
    Kind.ENTRY: ("transfer", "bounce", "arbitrate"),
}
"""Verbs by which bodies say whose it is. What a claim's own history says besides is its channel's."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a page of disputes is told from."""

    hazards: dict[UUID, Hazard]
    parts: dict[UUID, HazardPart]
    transfers: dict[UUID, Transfer]
    entries: dict[UUID, Report]
    clocks: list[Deadline]
    told: list[Happening]
    refusals: list[TransferRefusal]


async def waiting(
    tx: AsyncSession, who: Actor, after: str | None, limit: int, now: datetime
) -> tuple[Sequence[Row[Any]], str | None]:
    """Give (about, id, hazard_id, since) of what waits in the committee's area, and where the next page begins."""
    queue = _queue(who, refusals_before_arbitration(tx, now)).subquery()
    order = (queue.c.since, queue.c.id)
    query: Any = select_columns(queue).order_by(*order).limit(limit + 1)
    if (reached := read_mark(after, datetime, UUID)) is not None:
        query = query.where(tuple_(*order) > reached)
    found = (await tx.execute(query)).all()
    shown = found[:limit]
    return shown, mark(shown[-1].since, shown[-1].id) if len(found) > limit else None


def _queue(who: Actor, most_refusals: int) -> Any:
    """Give (about, id, hazard_id, since) of everything disputed: claims, hazards, parts, transfers."""
    in_reach = permission.visible(who, "arbitration.read", area=in_area(who, Hazard.area_code))
    hazard_id: Any = col(Hazard.id)
    hazards: Any = select_columns(
        literal(Kind.HAZARD.value).label("about"),
        hazard_id.label("id"),
        hazard_id.label("hazard_id"),
        _since(Hazard.id, Hazard.registered_at).label("since"),
    ).where(in_reach, col(Hazard.lead_authority_id).is_(None), col(Hazard.state).in_(_NEEDS_A_LEAD))
    parts = select_columns(
        literal(Dispute.PART.value),
        col(HazardPart.id),
        col(HazardPart.hazard_id),
        _since(Hazard.id, HazardPart.asked_at, col(Deadline.part_id) == col(HazardPart.id)),
    ).where(
        in_reach,
        col(HazardPart.hazard_id) == col(Hazard.id),
        col(HazardPart.cycle) == col(Hazard.cycle),
        col(HazardPart.state).in_(_DECLINED),
    )
    transfers = select_columns(
        literal(Dispute.TRANSFER.value),
        col(Transfer.id),
        null(),
        _since(Transfer.id, Transfer.sent_at),
    ).where(
        permission.visible(who, "arbitration.read", area=in_area(who, Transfer.area_code)),
        col(Transfer.state) == TransferState.REFUSED,
        col(Transfer.receiver_kind) == PartyKind.AUTHORITY,
        col(Transfer.refusals) >= most_refusals,
    )
    claims = select_columns(
        literal(Kind.ENTRY.value),
        col(Report.id),
        null(),
        _since(Report.id, Report.claimed_at),
    ).where(
        permission.visible(who, "arbitration.read", area=in_area(who, Report.area_code)),
        col(Report.state) == ReportState.RECEIVED,
        col(Report.authority_id).is_(None),
    )
    return union_all(hazards, parts, transfers, claims)


def _since(object_id: Any, otherwise: Any, *more: ColumnElement[bool]) -> ColumnElement[datetime]:
    """Give when the clock of the dispute began, else when the thing did."""
    began = select_columns(func.min(col(Deadline.starts_at))).where(
        col(Deadline.object_id) == col(object_id),
        col(Deadline.state) == DeadlineState.OPEN,
        col(Deadline.key).in_(_DECIDING),
        *(more or (col(Deadline.part_id).is_(None),)),
    )
    return func.coalesce(began.scalar_subquery(), col(otherwise))


async def behind(tx: AsyncSession, rows: Sequence[Row[Any]]) -> Behind:
    """Read everything that the page is about, a statement for each kind of thing."""
    hazard_ids = {row.hazard_id for row in rows if row.hazard_id is not None}
    part_ids = {row.id for row in rows if row.about == Dispute.PART}
    transfer_ids = {row.id for row in rows if row.about == Dispute.TRANSFER}
    entry_ids = {row.id for row in rows if row.about == Kind.ENTRY}
    hazards = select(Hazard).where(col(Hazard.id).in_(hazard_ids))
    parts = select(HazardPart).where(col(HazardPart.id).in_(part_ids))
    transfers = select(Transfer).where(col(Transfer.id).in_(transfer_ids))
    entries = select(Report).where(col(Report.id).in_(entry_ids))
    clocks = select(Deadline).where(
        col(Deadline.object_id).in_(hazard_ids | transfer_ids | entry_ids),
        col(Deadline.state) == DeadlineState.OPEN,
    )
    told = select(Happening).where(
        or_(
            *(
                and_(
                    col(Happening.object_kind) == kind,
                    col(Happening.object_id).in_(ids),
                    col(Happening.verb).in_(_TOLD[kind]),
                )
                for kind, ids in ((Kind.HAZARD, hazard_ids), (Kind.ENTRY, entry_ids))
            )
        )
    )
    refusals = select(TransferRefusal).where(col(TransferRefusal.transfer_id).in_(transfer_ids))
    return Behind(
        hazards={row.id: row for row in (await tx.execute(hazards)).scalars()},
        parts={row.id: row for row in (await tx.execute(parts)).scalars()},
        transfers={row.id: row for row in (await tx.execute(transfers)).scalars()},
        entries={row.id: row for row in (await tx.execute(entries)).scalars()},
        clocks=list((await tx.execute(clocks.order_by(col(Deadline.due_at), col(Deadline.key)))).scalars()),
        told=list((await tx.execute(told.order_by(col(Happening.id)))).scalars()),
        refusals=list((await tx.execute(refusals.order_by(col(TransferRefusal.at)))).scalars()),
    )
