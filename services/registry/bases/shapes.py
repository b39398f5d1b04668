"""What is sent and read about legal bases."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from services.registry.shapes import ends_after_it_begins
from shared.contracts.base import Ask, View
from shared.contracts.registry import BasisLevel, BasisMark
from shared.contracts.values import Day, Line

MaybeLine = Annotated[str, StringConstraints(max_length=200)]
MaybeProse = Annotated[str, StringConstraints(max_length=4000)]


class KeepBasis(Ask):
    short_name: Line
    title_zh: Line
    title_en: Line | None = None
    number: MaybeLine = ""
    issuer: MaybeLine = ""
    article: MaybeLine = ""
    level: BasisLevel
    mark: BasisMark
    """How well the text is known: only L, read word for word, is shown as law."""
    valid_from: Day | None = None
    """None: it is not known from which day the text holds."""
    valid_to: Day | None = None
    """The last day on which it may be cited."""
    date_verified: bool = False
    """Somebody checked in the text itself from which day it holds."""
    text_zh: MaybeProse = ""
    text_en: MaybeProse = ""
    supersedes_id: UUID | None = None
    note: MaybeProse = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ends_after_it_begins(self.valid_from, self.valid_to)
        if self.date_verified and self.valid_from is None:
            raise ValueError("a date that is not given is not verified")
        return self


class KeepListedBasis(KeepBasis):
    id: UUID


class BasisView(View):
    id: UUID
    short_name: str
    title_zh: str
    title_en: str
    number: str
    issuer: str
    article: str
    level: BasisLevel
    mark: BasisMark
    valid_from: date | None
    valid_to: date | None
    date_verified: bool
    text_zh: str
    text_en: str
    supersedes_id: UUID | None
    note: str
