"""What the service and a process that prints say to each other; light, for the service must not load the typesetter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HEAD_BYTES = 8
"""Before each message stands its length."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be printed: plain data, for it goes to another process."""

    kind: str
    language: str
    data: Mapping[str, Any]
    code: str
    address: str
    """What the QR code leads to."""
    at: datetime
    pictures: Mapping[str, bytes | None]
    """By id, made small; None for one that cannot be read."""


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int
    template: str
