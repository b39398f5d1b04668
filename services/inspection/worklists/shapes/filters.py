"""What lists are narrowed by; each is a closed shape, for a misspelt filter would show more than was meant.

Everything that is given must hold; of several words for one filter, one of them must.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from services.inspection.hazards.domain.kinds import StateKind
from shared.contracts.base import Ask
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Listing,
    PowerCut,
    ReportState,
    Stay,
    Suspension,
)
from shared.contracts.values import AreaCode, Category, Channel, Day, Grade
from shared.errors import BadInput

W = TypeVar("W")
Several = Annotated[tuple[W, ...], Field(max_length=20)]
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Known = Annotated[Day, Field(ge=_EARLIEST.date(), le=_LATEST.date())]
"""A day of which a database knows in every time zone."""
MAX_ESCALATION = 5
"""The top of the supervision ladder (domain reference §10.3)."""


class Sort(StrEnum):
    WAITING = "waiting"
    """What is unfinished: imminent danger first, then what waits longest; then what is finished, newest first."""
    DUE = "due"
    """What has a clock running, the first to run out before the others."""
    NEWEST = "newest"


class Part(StrEnum):
    """What an authority has to do with a hazard."""

    LEAD = "lead"
    HANDLING = "handling"
    ASSISTING = "assisting"


class EntryKind(StrEnum):
    """Whether anything is still to be done with a claim."""

    OPEN = "open"
    CLOSED = "closed"


class Filters(Ask):
    """What both lists can be narrowed by."""

    category: Several[Category] = ()
    channel: Several[Channel] = ()
    grade: Grade | None = None
    clock: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", max_length=60)] | None = None
    """The key of a clock that runs."""
    overdue: bool | None = None
    """Of the clock, if one is named; otherwise of any."""
    due_before: Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST)] | None = None
    area: AreaCode | None = None
    """There and below."""
    authority: UUID | None = None
    enterprise: UUID | None = None
    registered_from: Known | None = None
    registered_to: Known | None = None
    """The last day, itself included; both are days of the county."""
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """A whole number, or part of the description: two characters at least."""
    sort: Sort = Sort.WAITING

    def given(self) -> dict[str, Any]:
        """Give what was asked for of these filters, as it is kept."""
        return self.model_dump(mode="json", exclude_unset=True)

    @classmethod
    def of(cls, asked: Ask, kept: Mapping[str, Any]) -> Self:
        """Read the filters of a request; they take the place of those that are kept."""
        given = {name: getattr(asked, name) for name in asked.model_fields_set if name in cls.model_fields}
        return cls.kept({**kept, **given})

    @classmethod
    def kept(cls, filters: Mapping[str, Any]) -> Self:
        """Read filters that were saved, perhaps before one of their words was given up."""
        try:
            return cls.model_validate(filters)
        except ValidationError as bad:
            raise BadInput(
                "bad-filters",
                "These filters are not those of the list.",
                "筛选条件不适用于该列表。",
                errors=[{"at": list(fault["loc"]), "what": fault["type"]} for fault in bad.errors()],
            ) from bad


class HazardFilters(Filters):
    """How the list of hazards is narrowed."""

    type: Several[StateKind] = ()
    state: Several[HazardState] = ()
    suspension: Several[Suspension] = ()
    extension: Several[Extension] = ()
    enforcement: Several[Enforcement] = ()
    listing: Several[Listing] = ()
    power: Several[PowerCut] = ()
    stay: Several[Stay] = ()
    recurrent: bool | None = None
    self_governed: bool | None = None
    escalation_at_least: Annotated[int, Field(ge=0, le=MAX_ESCALATION)] | None = None
    part: Part | None = None
    """What `authority` has to do with it; without it, whatever."""
    mine: bool | None = None
    """In my charge: the newest order, re-check or finding names me."""


class EntryFilters(Filters):
    """How the docket is narrowed; `grade` is the suspected one."""

    type: Several[EntryKind] = ()
    state: Several[ReportState] = ()
    imminent_danger: bool | None = None
    fatal: bool | None = None
    """Deaths were reported (WSL art. 73)."""


class Narrowed(Ask):
    """By which saved view somebody came to a list."""

    view: UUID | None = None
    """Filters that are given besides take the place of its own."""


class Turned(Narrowed):
    """Where in a list somebody is."""

    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class HazardsAsked(HazardFilters, Turned):
    pass


class EntriesAsked(EntryFilters, Turned):
    pass
