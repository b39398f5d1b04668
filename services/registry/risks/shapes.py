"""What is sent and read about risk points and about the colour of an enterprise."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask, View
from shared.contracts.registry import Colour
from shared.contracts.values import Day, Line, Prose

Step = Annotated[int, Field(ge=1, le=5)]


class GradedByLec(Ask):
    """D = L·E·C. Likelihood 10 6 3 1 0.5 0.2 0.1, exposure 10 6 3 2 1 0.5, consequence 100 40 15 7 3 1."""

    method: Literal["lec"]
    likelihood: Annotated[float, Field(gt=0, le=10)]
    exposure: Annotated[float, Field(gt=0, le=10)]
    consequence: Annotated[float, Field(gt=0, le=100)]


class GradedByLs(Ask):
    """R = L×S."""

    method: Literal["ls"]
    likelihood: Step
    severity: Step


Grading = Annotated[GradedByLec | GradedByLs, Field(discriminator="method")]


class KeepRiskPoint(Ask):
    place: Line
    description: Prose
    grading: Grading
    measures: Prose
    responsible: Line
    """Who looks after the measures, by name or post."""
    assessed_on: Day


class RiskPointView(View):
    id: UUID
    enterprise_id: UUID
    place: str
    description: str
    grading: Grading
    value: float
    colour: Colour
    measures: str
    responsible: str
    assessed_on: date
    withdrawn_on: date | None


class ReasonView(View):
    """One contribution: what was found, what it counts, by whose rule; in words of both languages."""

    part: Literal["inherent", "control", "override"]
    factor: str
    en: str
    zh: str
    value: str
    points: float
    source: str
    mark: str
    """L: law. S, K and D are not: secondary text, general knowledge, our own default."""


class RiskView(View):
    """The colour of an enterprise and why. To the enterprise: by what it was told of."""

    enterprise_id: UUID
    colour: Colour
    score: int
    on: date
    reasons: list[ReasonView]


class PastColourView(View):
    at: datetime
    colour: Colour
    score: int
    reasons: list[ReasonView]


class ComparedView(View):
    enterprise_id: UUID
    name_en: str
    name_zh: str
    area_code: str
    colour: Colour
    score: int
    assessed_at: datetime
