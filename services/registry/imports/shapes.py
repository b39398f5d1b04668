"""What is sent and read about imports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator

from services.registry.imports.domain.states import State, Verb
from shared.contracts.base import Ask, View


class Confirm(Ask):
    """`skip_bad`: write the good rows and leave the bad ones out; otherwise nothing is written while any is bad."""

    skip_bad: bool = False


class ImportView(View):
    id: UUID
    kind: str
    file_name: str
    sha256: str
    size_bytes: int
    state: State
    share: float
    """How much of the work under way is done, from 0 to 1."""
    rows: int
    new: int
    changed: int
    unchanged: int
    bad_rows: int
    ignored: list[str]
    """Headings that mean nothing here; a misspelt one is among them."""
    first_rows: list[dict[str, Any]]
    """The first good rows as they would stand in the register."""
    refusal: dict[str, Any] | None
    """Why the file cannot be read at all: slug, sentences, line, column, and how to mend it."""
    skip_bad: bool
    handed_in_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    offers: list[Verb] = Field(default_factory=list[Verb])
    """What may be done with it now."""


class FaultView(View):
    """A bad cell, or a bad row when `column` is null; `letter` is the column as spreadsheets name it."""

    ordinal: int
    line: int
    column: str | None
    letter: str | None
    heading: str | None
    value: str
    slug: str
    en: str
    zh: str
    mend_en: str
    mend_zh: str


class Faults(View):
    """A page of faults; `next` is given back as `after`."""

    items: list[FaultView]
    next: int | None = None


class ColumnView(View):
    name: str
    en: str
    zh: str
    required: bool
    example: str
    why_en: str
    why_zh: str
    words: list[str] | None
    """All that it may hold, when that is a list."""

    @field_validator("words", mode="before")
    @classmethod
    def _without_other_names(cls, words: Mapping[str, object] | None) -> list[str] | None:
        return None if words is None else list(words)


class KindView(View):
    """A table that can be imported, as its templates, checks and exports read it."""

    name: str
    en: str
    zh: str
    columns: list[ColumnView]
