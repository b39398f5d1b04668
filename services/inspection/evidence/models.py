"""Who handed in which file; without it anybody could prove a fix with a picture that does not exist."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from services.inspection.evidence.domain import Source, Taken
from services.inspection.models import Row
from shared.db import moment
from shared.evidence.routes import EvidenceColumns


class Evidence(EvidenceColumns, Row, table=True):
    """A file. `kept_by` is the party that handed it in."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_sha256", "sha256"),)


class Showing(Row, table=True):
    """A file was brought forward for a hazard, or with a claim (`about_id`): whoever sees that may see the file.

    One that came with a reply to a letter was handed to a party, which may see it whatever else it sees.
    """

    __tablename__ = "evidence_showings"

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    about_id: UUID = Field(primary_key=True, index=True)
    handed_to: UUID | None = None


class Capture(Row, table=True):
    """Where and when a file was taken, by one source. It never goes out with the file, nor in an event."""

    __tablename__ = "evidence_captures"

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    source: Source = Field(primary_key=True, sa_type=Text)
    taken_at: datetime | None = moment(nullable=True)
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    device: str = ""
    by_id: UUID | None = None
    at: datetime = moment()

    @property
    def taken(self) -> Taken:
        return Taken(self.taken_at, self.lon, self.lat, self.accuracy_m)
