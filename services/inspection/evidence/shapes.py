"""What a device says of a file, as it is sent and read back."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from services.inspection.evidence.domain import Source
from shared.contracts.base import Ask, View

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _written_out(given: object) -> object:
    if isinstance(given, datetime) or (isinstance(given, str) and _RFC_3339.fullmatch(given)):
        return given
    raise ValueError("an instant is written as 2026-09-30T09:00:00+08:00")


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""An instant that a device wrote. A bare number is refused: pydantic alone would read 0 as the year 1970."""


class DeclareCapture(Ask):
    """Where and when a file was taken, as the device knows it. Degrees are those of CGCS2000."""

    taken_at: Instant
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    accuracy_m: Annotated[float, Field(ge=0)] | None = None
    """Radius in which the device believes itself to be."""
    device: Annotated[str, StringConstraints(max_length=100)] = ""
    """What took it: "body camera 12"."""


class CaptureView(View):
    """What one source says."""

    source: Source
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    device: str
    by_id: UUID | None
    """Who declared it; nobody where the file itself said so."""
    at: datetime
    """When it was told to us."""
