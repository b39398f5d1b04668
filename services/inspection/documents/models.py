"""The tables of documents, which the database itself keeps from changing; without it what was served could be edited.

What a document says, its number and its code never change; a file, once its hash is fixed, is that file for ever; a
void document stays void. Nothing is deleted.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Index, Text, UniqueConstraint, event, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import (
    DeliveryHow,
    DocumentKind,
    DocumentState,
    Language,
)
from shared.db import Aggregate, document, moment, several, table_of, word

_KEPT = {"info": {"append_only": True}}


class Document(Aggregate, Row, table=True):
    """One official document, from the act that made it. `act_id` is that act: an order, a letter, a visit."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("issuer_id", "kind", "number"),
        Index("uq_documents_act", "act_id", "kind", unique=True, postgresql_where=text("state <> 'voided'")),
        Index("ix_documents_issued", "issued_at", "id"),
        Index("ix_documents_pending", "try_at", postgresql_where=text("state = 'pending'")),
        _KEPT,
    )

    state: DocumentState = word(DocumentState, default=DocumentState.PENDING)
    kind: DocumentKind = word(DocumentKind)
    number: str
    code: str = Field(unique=True)
    """By which anybody may ask whether it is genuine."""
    issuer_id: UUID = Field(index=True)
    addressee_id: UUID | None = Field(default=None, index=True)
    addressee_is_enterprise: bool = False
    act_id: UUID
    hazard_id: UUID | None = Field(default=None, index=True)
    visit_id: UUID | None = Field(default=None, index=True)
    letter_id: UUID | None = Field(default=None, index=True)
    data: dict[str, Any] = document()
    """All that is printed."""
    issued_by: UUID | None = None
    issued_at: datetime = moment()
    tries: int = 0
    try_at: datetime | None = moment(nullable=True)
    """Not to be printed before: somebody is printing it, or it failed not long ago. None once it is printed."""
    fault: str = ""
    """Why it could not be printed the last time."""
    template: str | None = None
    """Digest of the templates and fonts with which it was printed."""
    printed_at: datetime | None = moment(nullable=True)
    voided_at: datetime | None = moment(nullable=True)
    voided_by: UUID | None = None
    void_reason: str | None = None

    @property
    def about(self) -> About:
        return About(Kind.DOCUMENT, self.id, self.area_code)


class Rendition(Row, table=True):
    """One file of a document, in one language."""

    __tablename__ = "document_renditions"
    __table_args__ = (_KEPT,)

    document_id: UUID = Field(primary_key=True)
    language: Language = Field(primary_key=True, sa_type=Text)
    sha256: str = Field(index=True)
    size_bytes: int
    pages: int


class Serving(Row, table=True):
    """How a document reached its addressee; written once."""

    __tablename__ = "document_servings"
    __table_args__ = (_KEPT,)

    document_id: UUID = Field(primary_key=True)
    how: DeliveryHow = word(DeliveryHow)
    received_by: str | None = None
    refused: str | None = None
    """Why the signature was refused."""
    witnesses: list[str] = several()
    evidence: list[dict[str, Any]] = several()
    at: datetime = moment()
    by_id: UUID | None = None
    recorded_at: datetime = moment()


_MOVING = "'{state,version,tries,try_at,fault,template,printed_at,voided_at,voided_by,void_reason}'::text[]"
_GUARD = f"""
create or replace function documents_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a document is declared void, never deleted' using errcode = 'restrict_violation';
    end if;
    if to_jsonb(new) - {_MOVING} is distinct from to_jsonb(old) - {_MOVING} then
        raise exception 'what a document says never changes' using errcode = 'restrict_violation';
    end if;
    if old.printed_at is not null
        and (new.printed_at, new.template) is distinct from (old.printed_at, old.template) then
        raise exception 'a document is printed once' using errcode = 'restrict_violation';
    end if;
    if (old.state = 'voided' and to_jsonb(new) - 'version' is distinct from to_jsonb(old) - 'version')
        or (old.state = 'issued' and new.state = 'pending') then
        raise exception 'a document does not go back' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""
_REFUSE = """
create or replace function documents_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'files of documents and their serving are only ever added' using errcode = 'restrict_violation';
end $$
"""
KEEPING = (
    _GUARD,
    """
    create or replace trigger documents_kept before update or delete on documents
    for each row execute function documents_guard()
    """,
)
KEEPING_PARTS = tuple(
    (
        table,
        (
            _REFUSE,
            f"""
            create or replace trigger {table}_kept before update or delete on {table}
            for each statement execute function documents_refuse()
            """,
        ),
    )
    for table in ("document_renditions", "document_servings")
)
"""What makes the tables lasting, for the migration as well."""

for _statement in KEEPING:
    event.listen(table_of(Document), "after_create", DDL(_statement.replace("%", "%%")))
for _kind in (Rendition, Serving):
    for _statement in dict(KEEPING_PARTS)[table_of(_kind).name]:
        event.listen(table_of(_kind), "after_create", DDL(_statement.replace("%", "%%")))
