"""Makes a document in the transaction of its act; without it a number could be given to what never happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day
from services.inspection.documents.domain import Paper, code_of, number_of, series_name
from services.inspection.documents.models import Document
from services.inspection.documents.queries import gathering
from services.inspection.history.actions import record
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    DocumentState,
)
from shared.contracts.values import PartyKind
from shared.crashpoint import crashpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a document is made for, and between whom. `number` None: the document gets one of its own series."""

    kind: DocumentKind
    id: UUID
    area_code: str
    issuer_id: UUID
    addressee_id: UUID | None
    addressee_kind: PartyKind | None = PartyKind.ENTERPRISE
    number: str | None = None
    hazard_id: UUID | None = None
    visit_id: UUID | None = None
    letter_id: UUID | None = None


async def number_for(tx: AsyncSession, act: Act, now: datetime) -> str:
    """Give the number of the act, or draw the next of its issuer, kind and year; what is rolled back gives it back."""
    if act.number is not None:
        return act.number
    issuer = await gathering.named(tx, act.issuer_id)
    year, last = await next_number_in(tx, series_of(act.issuer_id, series_name(act.kind)), local_day(tx, now))
    crashpoint("document.numbered")
    return number_of(issuer.zh, act.kind, year, last)


async def said_of(tx: AsyncSession, act: Act, number: str, now: datetime) -> dict[str, Any]:
    """Give what every document says, of this act."""
    return await gathering.common(tx, act.kind, act.issuer_id, act.addressee_id, number, now)


def issue(tx: AsyncSession, who: Actor | None, act: Act, paper: Paper, now: datetime) -> Document:
    """Commit what the document says with its act. It is printed afterwards, from this and nothing else."""
    document_id = uuid4()
    data = paper.model_dump(mode="json")
    document = Document(
        id=document_id,
        area_code=act.area_code,
        kind=act.kind,
        number=paper.number,
        code=code_of(document_id, data),
        issuer_id=act.issuer_id,
        addressee_id=act.addressee_id,
        addressee_is_enterprise=act.addressee_id is not None and act.addressee_kind is PartyKind.ENTERPRISE,
        act_id=act.id,
        hazard_id=act.hazard_id,
        visit_id=act.visit_id,
        letter_id=act.letter_id,
        data=data,
        issued_by=who.id if who else None,
        issued_at=now,
        try_at=now,
    )
    tx.add(document)
    record(tx, who, document.about, ("issue", None, DocumentState.PENDING), now, kind=act.kind, number=paper.number)
    return document


Draft = Callable[[dict[str, Any]], Paper]
"""Makes a paper of what every document says."""


async def draw_up(tx: AsyncSession, who: Actor, act: Act, draft: Draft, now: datetime) -> Document:
    """Number and issue a document whose own words are already known."""
    said = await said_of(tx, act, await number_for(tx, act, now), now)
    return issue(tx, who, act, draft(said), now)
