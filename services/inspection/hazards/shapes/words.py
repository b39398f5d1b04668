"""Parts that many asks about a hazard are made of, with how much of each is taken."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask
from shared.contracts.values import EvidenceRef, Line

Officers = Annotated[tuple[UUID, ...], Field(max_length=10)]
Bases = Annotated[tuple[UUID, ...], Field(max_length=20)]
"""Entries of the catalogue of legal bases; each must hold on the day."""
Evidence = Annotated[tuple[EvidenceRef, ...], Field(max_length=20)]
Proof = Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=20)]
Names = Annotated[tuple[Line, ...], Field(max_length=10)]


class Point(Ask):
    """Where somebody stood, in degrees (CGCS2000)."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


def written(refs: Iterable[EvidenceRef]) -> list[dict[str, Any]]:
    """Give references to files as a row keeps them."""
    return [ref.model_dump(mode="json") for ref in refs]
