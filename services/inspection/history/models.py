"""The one table that is only ever added to; without it nobody could show how a case came to its end.

The database itself refuses to change or delete a row, and chains the rows of each object: every row holds the hash of
the one before it, and a hash of all that it says (peers G18). Whoever changes one breaks the chain from there on.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Column, Identity, Index, event
from sqlmodel import Field

from services.inspection.domain import Kind
from services.inspection.models import Row
from shared.db import document, moment, several, table_of, word


class Happening(Row, table=True):
    """One move of one object. `who_id` is None when the platform itself acted; no reporter ever stands here."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_object", "object_kind", "object_id", "id"),
        {"info": {"append_only": True}},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    object_kind: Kind = word(Kind)
    object_id: UUID
    at: datetime = moment()
    who_id: UUID | None = None
    capacity: str
    party_id: UUID | None = None
    in_name_of: UUID | None = None
    """The authority in whose name a delegate acted; None when an organisation acted for itself."""
    delegation_id: UUID | None = None
    letter_no: str | None = None
    """The letter of delegation that allowed it."""
    verb: str
    state_from: str | None = None
    state_to: str
    reason: str = ""
    basis: str = ""
    basis_ids: list[str] = several()
    """Entries of the catalogue of legal bases; each held on the day."""
    facts: dict[str, Any] = document()
    prev_hash: str | None = None
    """The hash of the object's row before this one; None in its first, and where that is older than the seal."""
    hash: str | None = None
    """SHA-256 of what `history_entry` writes; the database makes it."""


# What is hashed is what is exported, byte for byte: no other program has to write JSON as this one does. A column that
# is added later joins the first object, which leaves out what is empty: older rows still read as they were hashed.
_ENTRY = """
create or replace function history_entry(row_ history) returns text language sql stable as $$
    select (jsonb_strip_nulls(jsonb_build_object(
        'object_kind', row_.object_kind, 'object_id', row_.object_id,
        'at', to_char(row_.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'who_id', row_.who_id, 'capacity', row_.capacity, 'party_id', row_.party_id,
        'in_name_of', row_.in_name_of, 'delegation_id', row_.delegation_id, 'letter_no', row_.letter_no,
        'verb', row_.verb, 'state_from', row_.state_from, 'state_to', row_.state_to,
        'reason', nullif(row_.reason, ''), 'basis', nullif(row_.basis, ''),
        'basis_ids', nullif(row_.basis_ids, '[]'), 'prev_hash', row_.prev_hash
    )) || jsonb_build_object('facts', row_.facts))::text
$$
"""
_SEAL = """
create or replace function history_seal() returns trigger language plpgsql as $$
begin
    new.prev_hash := (
        select hash from history where object_kind = new.object_kind and object_id = new.object_id
        order by id desc limit 1
    );
    new.hash := encode(sha256(convert_to(history_entry(new), 'UTF8')), 'hex');
    return new;
end $$
"""
_REFUSE = """
create or replace function history_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'history is only ever added to' using errcode = 'restrict_violation';
end $$
"""
SEALING = (
    _ENTRY,
    _SEAL,
    _REFUSE,
    "create or replace trigger history_sealed before insert on history for each row execute function history_seal()",
    """
    create or replace trigger history_kept before update or delete on history
    for each statement execute function history_refuse()
    """,
)
"""What makes the table append-only. The writer of a row holds its object's lock, so that a chain never forks."""

for _statement in SEALING:
    event.listen(table_of(Happening), "after_create", DDL(_statement.replace("%", "%%")))
