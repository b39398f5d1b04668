"""What a rule may be and how it is written; without it a file of numbers would mean whatever its reader supposed."""

from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Mark = Literal["L", "S", "K", "D"]
"""L read in the law itself, S seen in a secondary text, K general knowledge, D our own default: only L is law."""

STANDING: dict[Mark, tuple[str, str]] = {
    "L": ("Statutory", "法定"),
    "S": ("Seen in a secondary text, to be checked", "见于二手资料，待核对"),
    "K": ("General knowledge, to be checked", "一般认知，待核对"),
    "D": ("Default of this platform, not law", "平台默认，非法定"),
}
"""A mark in words."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Dated(_Strict):
    """What every version of a rule says of itself."""

    source: Annotated[str, StringConstraints(min_length=3)]
    """The article, circular or reason, as it is shown to whoever asks "why this date?"."""
    mark: Mark
    valid_from: date
    """The first local day."""
    valid_to: date | None = None
    """The last local day; without it a later version ends this one."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Period(Dated):
    """How long a party has; counted by `Profile.due`."""

    value: Annotated[int, Field(ge=0, le=5_000)]
    unit: Literal["hour", "calendar_day", "working_day", "month", "year"]


class Number(Dated):
    """A limit, a threshold or an amount."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Literal["count", "score", "metre", "minute", "yuan", "day_of_next_period"]


class HourOfDay(Dated):
    """The full hour of the local day at which something is done; no period, though it is said in hours."""

    value: Annotated[int, Field(ge=0, le=23)]
    unit: Literal["hour_of_day"]


class Ratio(Dated):
    """A share between nothing and all."""

    value: Annotated[float, Field(ge=0, le=1)]
    unit: Literal["ratio"]


class Flag(Dated):
    """A power or a duty that a province grants or does not."""

    value: bool
    unit: Literal["flag"]


class Listing(Dated):
    """A list of codes or words."""

    value: list[str]
    unit: Literal["list"]


class Bracket(_Strict):
    """A slice of an amount and the rate that is taken of it."""

    up_to_yuan: Annotated[int, Field(gt=0)] | None = None
    """None: all the rest."""
    basis_points: Annotated[int, Field(ge=0, le=10_000)]
    """Hundredths of a per cent: whole numbers, so that money is computed exactly."""


class Brackets(Dated):
    """Marginal rates: each slice of the base is taken at its own rate."""

    value: Annotated[list[Bracket], Field(min_length=1)]
    unit: Literal["marginal_basis_points"]
    base: Literal["last_year_revenue", "construction_cost"]

    @model_validator(mode="after")
    def _rises_to_all_the_rest(self) -> Self:
        limits = [bracket.up_to_yuan for bracket in self.value]
        bounded = [limit for limit in limits[:-1] if limit is not None]
        if limits[-1] is not None or len(bounded) < len(limits) - 1 or bounded != sorted(set(bounded)):
            raise ValueError("brackets rise, and only the last has no up_to_yuan")
        return self


Rule = Period | Number | HourOfDay | Ratio | Flag | Listing | Brackets
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
Versions = Annotated[list[Annotated[Rule, Field(discriminator="unit")]], Field(min_length=1)]
_Happening = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
"""A move of a machine (`hazard.confirm`), or an event (`volunteer.report.submitted`)."""
Owing = Literal[
    "authority", "lead_authority", "asked_party", "committee", "enterprise", "reporter",
    "sender", "addressee", "receiver", "owner", "assessed_party",
]  # fmt: skip


class Clock(_Strict):
    """What turns a period into a deadline. Without `starts` the platform does not run it: it is for reading."""

    starts: list[_Happening] = []
    stops: list[_Happening] = []
    """What meets it: what was owed is done, in time or late."""
    drops: list[_Happening] = []
    """What takes its object away: it is cancelled, unmet. Whatever ends the whole matter does so to all its clocks."""
    pauses: list[_Happening] = []
    resumes: list[_Happening] = []
    asked: list[_Happening] = []
    """Moves that are refused when they come too early or too late by it, or that are told its last day."""
    owed_by: Owing | None = None
    """Who must act, where that does not depend on the case."""


class File(_Strict):
    """One YAML file as it is written."""

    extends: str | None = None
    """The profile of the same jurisdiction that this one overrides; it may add no key."""
    defaults: str | None = None
    """The profile of another jurisdiction, of which only the platform's own defaults (D) are taken. What that one has
    by its law must be said anew."""
    timezone: ZoneInfo | None = None
    holidays: str | None = None
    """Whose holidays are not worked: CN, US, GB-ENG. Without it only weekends are off."""
    workdays: dict[date, bool] = {}
    """Days on which our own table wins: true is worked."""
    rules: dict[Key, Versions] = {}
    clocks: dict[Key, Clock] = {}
    spans: list[Key] = []
    """Periods that measure something and are no clocks: how far back or ahead is looked."""
