"""Copies out of a hazard what is handed over; without it a receiver would have to be let into the hazard itself."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Enterprise
from services.inspection.evidence.models import Evidence, Showing
from services.inspection.hazards.models import Hazard, LookBack, Order, PenaltyCase, Recheck
from services.inspection.transfers.domain import Section, not_in_the_file
from services.inspection.transfers.shapes import CasePart, FilePart, LookBackPart, OrderPart, RecheckPart
from shared.auth import Actor
from shared.contracts.base import View
from shared.contracts.values import EvidenceRef

_SECTIONS: dict[Section, tuple[Any, Any, type[View]]] = {
    Section.ORDERS: (Order, Order.issued_at, OrderPart),
    Section.RECHECKS: (Recheck, Recheck.opened_at, RecheckPart),
    Section.LOOK_BACKS: (LookBack, LookBack.at, LookBackPart),
    Section.CASES: (PenaltyCase, PenaltyCase.opened_at, CasePart),
}
"""Section → its table, the order of its rows, and what is copied of each row. Claims have no section."""


async def file_of(tx: AsyncSession, hazard: Hazard, sections: Collection[Section], case_id: UUID | None) -> FilePart:
    """Copy the facts of a hazard and the sections that were chosen; of a named case nothing of other cases."""
    enterprise = await tx.get(Enterprise, hazard.enterprise_id) if hazard.enterprise_id else None
    known = hazard.model_dump() | {
        "enterprise_name": enterprise.name_zh if enterprise else "",
        "uscc": enterprise.uscc if enterprise else "",
    }
    for section in {*sections, *([Section.CASES] if case_id else [])}:
        table, order, shape = _SECTIONS[section]
        query = select(table).where(table.hazard_id == hazard.id)
        if section is Section.CASES and case_id is not None:
            query = query.where(table.id == case_id)
        rows = (await tx.execute(query.order_by(order))).scalars()
        known[section] = [shape.model_validate(row) for row in rows]
    return FilePart.model_validate(known)


async def case_in(tx: AsyncSession, hazard_id: UUID, case_id: UUID) -> PenaltyCase | None:
    """Give the penalty case, if it is one of this hazard."""
    case = await tx.get(PenaltyCase, case_id)
    return case if case is not None and case.hazard_id == hazard_id else None


async def hand_files_over(
    tx: AsyncSession,
    who: Actor,
    transfer_id: UUID,
    files: Iterable[EvidenceRef],
    *,
    hazard_id: UUID | None,
    handed_to: UUID,
) -> None:
    """Let the receiver look at these files; raise unless each is the sender's own or shown in the hazard's file.

    What was only shown with a claim is neither: a reporter's pictures are not handed over.
    """
    refs = {ref.id: ref for ref in files}
    if not refs:
        return
    shown = select(Showing.evidence_id).where(col(Showing.about_id) == hazard_id)
    query = select(Evidence).where(
        col(Evidence.id).in_(refs), or_(col(Evidence.kept_by) == str(who.party_id), col(Evidence.id).in_(shown))
    )
    known = {row.id: row.sha256 for row in (await tx.execute(query)).scalars()}
    if missing := [one for one, ref in refs.items() if ref.owner != "inspection" or known.get(one) != ref.sha256]:
        raise not_in_the_file(missing)
    rows = [{"evidence_id": one, "about_id": transfer_id, "handed_to": handed_to} for one in refs]
    await tx.execute(insert(Showing).values(rows).on_conflict_do_nothing())
