"""Who handed in which file; without it anybody could prove a fix with a picture that does not exist."""

from uuid import UUID

from sqlmodel import Field

from services.inspection.models import Row
from shared.evidence.routes import EvidenceColumns


class Evidence(EvidenceColumns, Row, table=True):
    """A file. `kept_by` is the party that handed it in."""

    __tablename__ = "evidence"


class Showing(Row, table=True):
    """A file was brought forward for a hazard, or with a claim (`about_id`): whoever sees that may see the file.

    One that came with a reply to a letter was handed to a party, which may see it whatever else it sees.
    """

    __tablename__ = "evidence_showings"

    evidence_id: UUID = Field(primary_key=True, foreign_key="evidence.id")
    about_id: UUID = Field(primary_key=True)
    handed_to: UUID | None = None
