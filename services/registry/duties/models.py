"""The tables of self-checks, of what they declared and of its evidence."""

from datetime import date as day
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from services.registry.duties.domain import progress
from services.registry.models import Row
from shared.contracts.values import Category, Grade
from shared.db import Aggregate, document, moment
from shared.evidence.routes import EvidenceColumns


class SelfCheck(Row, table=True):
    """An enterprise looked for hazards on a day, and declared those that it found, or that it found none."""

    __tablename__ = "self_checks"

    id: UUID = Field(primary_key=True)
    area_code: str = Field(index=True, max_length=12)
    enterprise_id: UUID = Field(foreign_key="enterprises.id", index=True)
    date: day
    submitted_by: UUID
    submitted_at: datetime = moment(index=True)


class DeclaredHazard(Aggregate, Row, table=True):
    """One item of a self-check: a claim on the docket. Its two states are what inspection told last."""

    __tablename__ = "declared_hazards"
    noun = "selfcheck"

    self_check_id: UUID = Field(foreign_key="self_checks.id", index=True)
    ordinal: int
    category: Category = Field(sa_type=Text)
    what: str
    place: dict[str, Any] | None = document(nullable=True)
    """None: at the enterprise's own address."""
    suspected_grade: Grade | None = Field(default=None, sa_type=Text)
    fatalities: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    evidence: list[dict[str, Any]] = document()
    docket_state: str | None = None
    hazard_state: str | None = None
    hazard_number: str | None = None

    @property
    def progress(self) -> str:
        return progress(self.docket_state, self.hazard_state)


class Evidence(EvidenceColumns, Row, table=True):
    __tablename__ = "evidence"
