"""Gathers a hazard's files in three statements, however many there are; without it a page would ask once for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, exists, func, literal, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.inspection.domain import Kind
from services.inspection.evidence.models import Capture, Evidence, Showing
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.models import Hazard, HazardClaim, HazardItem, LookBack, Order
from services.inspection.history.models import Happening

_NAMES = ("attachments", "evidence", "proof")
"""Under these names history keeps the files that came with an act."""


@dataclass(slots=True)
class File:
    """A file and all that is known of it."""

    row: Evidence
    used_elsewhere: bool
    captures: list[Capture] = field(default_factory=list[Capture])


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to put right, with the files that it names."""

    row: HazardItem
    ordered_at: datetime | None
    before: list[UUID]
    after: list[UUID]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, with the files that came with it."""

    verb: str
    at: datetime
    ordered_at: datetime | None
    files: list[UUID]


async def items_of(tx: AsyncSession, hazard: Hazard) -> list[Item]:
    """Give the items, each with when it was last ordered: one that failed its re-check is ordered again."""
    ordered_at = _last_order(
        col(Order.hazard_id) == col(HazardItem.hazard_id),
        col(Order.cycle) == col(HazardItem.cycle),
        func.jsonb_exists(col(Order.items), col(HazardItem.text)),
    )
    query = (
        select_columns(HazardItem, ordered_at)
        .where(col(HazardItem.hazard_id) == hazard.id)
        .order_by(col(HazardItem.cycle), col(HazardItem.ordinal))
    )
    return [Item(row, at, _ids(row.before), _ids(row.after)) for row, at in await tx.execute(query)]


async def acts_of(tx: AsyncSession, hazard: Hazard) -> list[Act]:
    """Give what came with acts, oldest first, each with the order that it answers: not one that it gives itself."""
    facts, nothing = col(Happening.facts), literal([], JSONB)
    named: Any = nothing
    for name in _NAMES:
        named = func.jsonb_concat(named, func.coalesce(func.jsonb_extract_path(facts, name), nothing))
    told = select_columns(col(Happening.verb), col(Happening.at), named).where(
        col(Happening.object_kind) == Kind.HAZARD,
        col(Happening.object_id) == hazard.id,
        func.jsonb_exists_any(facts, literal(list(_NAMES), ARRAY(Text))),
    )
    seen = select_columns(literal(Verb.LOOK_BACK.value), col(LookBack.at), col(LookBack.evidence)).where(
        col(LookBack.hazard_id) == hazard.id
    )
    both = union_all(told, seen).subquery()
    verb, at, files = both.c
    ordered_at = _last_order(col(Order.hazard_id) == hazard.id, col(Order.issued_at) < at)
    rows = await tx.execute(select_columns(verb, at, ordered_at, files).order_by(at))
    acts = [Act(row[0], row[1], row[2], _ids(row[3])) for row in rows]
    return [act for act in acts if act.files]


async def files_shown(tx: AsyncSession, hazard: Hazard) -> dict[UUID, File]:
    """Give every file that was brought forward for the hazard, in the order of handing in."""
    shown = select(Showing.evidence_id).where(col(Showing.about_id) == hazard.id)
    return await _files(tx, hazard, col(Evidence.id).in_(shown))


async def files_named(tx: AsyncSession, hazard: Hazard, ids: set[UUID]) -> dict[UUID, File]:
    return await _files(tx, hazard, col(Evidence.id).in_(ids))


async def _files(tx: AsyncSession, hazard: Hazard, wanted: ColumnElement[bool]) -> dict[UUID, File]:
    """Give files. Used elsewhere: the same bytes were shown for another hazard, or with a claim not behind this one."""
    twin = aliased(Evidence)
    behind = select(HazardClaim.claim_id).where(col(HazardClaim.hazard_id) == hazard.id)
    elsewhere = exists().where(
        col(twin.sha256) == col(Evidence.sha256),
        col(Showing.evidence_id) == col(twin.id),
        col(Showing.about_id) != hazard.id,
        col(Showing.about_id).not_in(behind),
    )
    query = (
        select_columns(Evidence, elsewhere, Capture)
        .outerjoin(Capture, col(Capture.evidence_id) == col(Evidence.id))
        .where(wanted)
        .order_by(col(Evidence.at), col(Evidence.id), col(Capture.source))
    )
    found: dict[UUID, File] = {}
    for row, used_elsewhere, capture in await tx.execute(query):
        file = found.setdefault(row.id, File(row, used_elsewhere))
        file.captures += filter(None, [capture])  # most files have none
    return found


def _last_order(*conditions: ColumnElement[bool]) -> Any:
    return select(func.max(col(Order.issued_at))).where(and_(*conditions)).scalar_subquery()


def _ids(kept: Iterable[Any]) -> list[UUID]:
    """Give the files among what history keeps under a name, which another act may use for something else."""
    refs: list[dict[str, str]] = [ref for ref in kept if isinstance(ref, dict)]
    return [UUID(ref["id"]) for ref in refs if {"id", "sha256"} <= ref.keys()]
