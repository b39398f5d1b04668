"""Who handed in which file; without it anybody could prove a fix with a picture that does not exist."""

from services.inspection.models import Row
from shared.evidence.routes import EvidenceColumns


class Evidence(EvidenceColumns, Row, table=True):
    """A file. `kept_by` is the party that handed it in."""

    __tablename__ = "evidence"
