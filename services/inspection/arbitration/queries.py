"""What is to be arbitrated, the oldest first; without it a hazard that nobody wants would lie in nobody's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, literal, null, tuple_, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.arbitration.domain import DISOWNS, Decider, Dispute, is_contested
from services.inspection.arbitration.shapes import DisputedDeadline, DisputePage, DisputeView, Said
from services.inspection.deadlines.models import Deadline, DeadlineState
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
)
from shared.contracts.inspection.transfers import (
    TransferState,
)
from shared.contracts.values import PartyKind
from shared.paging import mark, read_mark
from shared.permission import in_area

_NEEDS_A_LEAD = (HazardState.CONFIRMED, HazardState.ASSIGNED, HazardState.REOPENED)
_DECLINED = (PartState.DECLINED, PartState.INSISTED)
_DECIDING = ("hazard.assign", "part.settle", "competence.arbitrate")
"""Clocks that began with a dispute."""
_TOLD = ("return_assignment", "part_decline", "part_insist")
_NEW_CYCLE = "reopen"


@dataclass(frozen=True, slots=True)
class Behind:
    """What a page of disputes is told from."""

    hazards: dict[UUID, Hazard]
    parts: dict[UUID, HazardPart]
    transfers: dict[UUID, Transfer]
    clocks: list[Deadline]
    told: list[Happening]
    refusals: list[TransferRefusal]


async def page(tx: AsyncSession, who: Actor, after: str | None, limit: int, now: datetime) -> DisputePage:
    """List what waits for a decision in the committee's area, the oldest first."""
    queue = _queue(who, refusals_before_arbitration(tx, now)).subquery()
    order = (queue.c.since, queue.c.id)
    query: Any = select_columns(queue).order_by(*order).limit(limit + 1)
    if (reached := read_mark(after, datetime, UUID)) is not None:
        query = query.where(tuple_(*order) > reached)
    found = (await tx.execute(query)).all()
    shown = found[:limit]
    following = mark(shown[-1].since, shown[-1].id) if len(found) > limit else None
    behind = await _behind(tx, shown)
    return DisputePage(items=[_dispute(row, behind, now) for row in shown], next=following)


def _queue(who: Actor, most_refusals: int) -> Any:
    """Give (kind, id, hazard_id, since) of everything disputed: hazards, parts, transfers."""
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
    return union_all(hazards, parts, transfers)


def _since(object_id: Any, otherwise: Any, *more: ColumnElement[bool]) -> ColumnElement[datetime]:
    """Give when the clock of the dispute began, else when the thing did."""
    began = select_columns(func.min(col(Deadline.starts_at))).where(
        col(Deadline.object_id) == col(object_id),
        col(Deadline.state) == DeadlineState.OPEN,
        col(Deadline.key).in_(_DECIDING),
        *(more or (col(Deadline.part_id).is_(None),)),
    )
    return func.coalesce(began.scalar_subquery(), col(otherwise))


async def _behind(tx: AsyncSession, rows: Sequence[Row[Any]]) -> Behind:
    """Read everything that the page is about, a statement for each kind of thing."""
    hazard_ids = {row.hazard_id for row in rows if row.hazard_id is not None}
    part_ids = {row.id for row in rows if row.about == Dispute.PART}
    transfer_ids = {row.id for row in rows if row.about == Dispute.TRANSFER}
    hazards = select(Hazard).where(col(Hazard.id).in_(hazard_ids))
    parts = select(HazardPart).where(col(HazardPart.id).in_(part_ids))
    transfers = select(Transfer).where(col(Transfer.id).in_(transfer_ids))
    clocks = select(Deadline).where(
        col(Deadline.object_id).in_(hazard_ids | transfer_ids), col(Deadline.state) == DeadlineState.OPEN
    )
    told = select(Happening).where(
        col(Happening.object_kind) == Kind.HAZARD,
        col(Happening.object_id).in_(hazard_ids),
        col(Happening.verb).in_([*_TOLD, _NEW_CYCLE]),
    )
    refusals = select(TransferRefusal).where(col(TransferRefusal.transfer_id).in_(transfer_ids))
    return Behind(
        hazards={row.id: row for row in (await tx.execute(hazards)).scalars()},
        parts={row.id: row for row in (await tx.execute(parts)).scalars()},
        transfers={row.id: row for row in (await tx.execute(transfers)).scalars()},
        clocks=list((await tx.execute(clocks.order_by(col(Deadline.due_at), col(Deadline.key)))).scalars()),
        told=list((await tx.execute(told.order_by(col(Happening.id)))).scalars()),
        refusals=list((await tx.execute(refusals.order_by(col(TransferRefusal.at)))).scalars()),
    )


def _dispute(row: Row[Any], behind: Behind, now: datetime) -> DisputeView:
    if row.about == Dispute.TRANSFER:
        return _of_transfer(behind.transfers[row.id], row.since, behind, now)
    hazard = behind.hazards[row.hazard_id]
    part = behind.parts.get(row.id)
    said = _said_of(hazard, part, behind.told)
    known: dict[str, Any] = {
        "id": row.id,
        "hazard_id": hazard.id,
        **hazard.model_dump(include={"number", "what", "category", "grade", "enterprise_id", "area_code"}),
        "since": row.since,
        "said": said,
        "suggested_id": _suggested(said),
        "deadlines": _clocks_of(hazard.id, part and part.id, said, behind.clocks, now),
    }
    if part is None:
        kind = Dispute.RETURNED if hazard.returns else Dispute.UNROUTED
        decided = {"kind": kind, "decider": Decider.COMMITTEE, "decide_at": f"/hazards/{hazard.id}/assign"}
        return DisputeView.model_validate(known | decided)
    insisted = part.state is PartState.INSISTED
    address = f"/hazards/{hazard.id}/parts/{part.id}/arbitrate"
    decided = {
        "kind": Dispute.PART,
        "what": part.what,
        "decider": Decider.COMMITTEE if insisted else Decider.LEAD,
        "decide_at": address if insisted else None,
    }
    return DisputeView.model_validate(known | decided)


def _of_transfer(transfer: Transfer, since: datetime, behind: Behind, now: datetime) -> DisputeView:
    """Show who handed over and who refused, each in its own words."""
    sent = Said(at=transfer.sent_at, verb="send", party_id=transfer.sender_id, reason=transfer.reason)
    refusals = [each for each in behind.refusals if each.transfer_id == transfer.id]
    said = [
        sent,
        *(
            Said(
                at=each.at,
                verb="refuse",
                party_id=transfer.receiver_id,
                reason=each.reason,
                suggested_id=each.suggested_id,
            )
            for each in refusals
        ),
    ]
    return DisputeView(
        id=transfer.id,
        kind=Dispute.TRANSFER,
        hazard_id=transfer.hazard_id,
        number=transfer.number,
        what=transfer.subject,
        category=None,
        grade=None,
        enterprise_id=None,
        area_code=transfer.area_code,
        since=since,
        decider=Decider.COMMITTEE,
        said=said,
        suggested_id=_suggested(said),
        deadlines=_clocks_of(transfer.id, None, said, behind.clocks, now),
        decide_at=f"/transfers/{transfer.id}/arbitrate",
    )


def _said_of(hazard: Hazard, part: HazardPart | None, told: Sequence[Happening]) -> list[Said]:
    """Give what was said in the present cycle: of the lead, or of the one part."""
    rows = [each for each in told if each.object_id == hazard.id]
    anew = max((n for n, each in enumerate(rows, 1) if each.verb == _NEW_CYCLE), default=0)
    about = None if part is None else str(part.id)
    return [
        Said(
            at=each.at,
            verb=each.verb,
            party_id=each.party_id,
            code=each.facts.get("code"),
            reason=each.reason,
            suggested_id=each.facts.get("suggested_authority_id"),
        )
        for each in rows[anew:]
        if each.facts.get("part_id") == about
    ]


def _suggested(said: Sequence[Said]) -> UUID | None:
    """Name the owner whom the last body named that named any."""
    return next((each.suggested_id for each in reversed(said) if each.suggested_id is not None), None)


def _clocks_of(
    object_id: UUID, part_id: UUID | None, said: Sequence[Said], clocks: Sequence[Deadline], now: datetime
) -> list[DisputedDeadline]:
    disowners = {each.party_id for each in said if each.verb in DISOWNS}
    return [
        DisputedDeadline.model_validate(
            clock.model_dump() | {"contested": is_contested(clock.owed_by, disowners), "overdue": clock.due_at < now}
        )
        for clock in clocks
        if clock.object_id == object_id and clock.part_id == part_id
    ]
