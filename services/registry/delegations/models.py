"""The table of letters of delegation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import DelegationKind, DelegationState
from shared.db import Aggregate, document, moment, word


class Delegation(Aggregate, Row, table=True):
    """One letter. `area_code` is where, and below, it holds; both ends of its term belong to it."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="term"),
        CheckConstraint("state = 'draft' or publication_url <> ''", name="published"),
    )

    authority_id: UUID = Field(foreign_key="parties.id", index=True)
    delegate_id: UUID = Field(foreign_key="parties.id", index=True)
    kind: DelegationKind = word(DelegationKind)
    state: DelegationState = word(DelegationState, default=DelegationState.DRAFT, index=True)
    powers: list[str] = document()
    categories: list[str] = document()
    industries: list[str] = document()
    basis_ids: list[str] = document()
    valid_from: date
    valid_to: date
    letter_no: str
    publication_url: str = ""
    conditions: str
    supervisor_id: UUID | None = Field(default=None, foreign_key="people.id")
    evaluations: list[str] = document()
    lawfully_established: bool
    certified_staff: bool
    technical_means: bool
    reason: str = ""
    published_at: datetime | None = moment(nullable=True)
