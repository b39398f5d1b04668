"""What is sent and read about an enterprise's records."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts import dossiers as say
from shared.contracts.base import Ask, View
from shared.contracts.dossiers import RecordDetail, RecordState
from shared.contracts.values import Day, Line, Prose


# What is sent is closed, so that a misspelt field is told and not lost; what is read of an event stays open.
class KeepLicence(say.Licence, extra="forbid", str_strip_whitespace=True): ...


class KeepOrganisation(say.Organisation, extra="forbid"): ...


class KeepMajorSource(say.MajorSource, extra="forbid"):
    filed_on: Day | None = None


class KeepKeyProcess(say.KeyProcess, extra="forbid"): ...


class KeepFeatures(say.Features, extra="forbid"): ...


class KeepStandardisation(say.Standardisation, extra="forbid"):
    issued_on: Day


class KeepDualPrevention(say.DualPrevention, extra="forbid"): ...


class KeepInsurance(say.Insurance, extra="forbid"): ...


class KeepEmergencyPlan(say.EmergencyPlan, extra="forbid"):
    filed_on: Day


class KeepDrill(say.Drill, extra="forbid"):
    held_on: Day


class KeepProject(say.Project, extra="forbid"):
    design_reviewed_on: Day | None = None
    started_on: Day | None = None
    accepted_on: Day | None = None
    in_use_from: Day | None = None


class KeepContractor(say.Contractor, extra="forbid"): ...


class KeepPenalty(say.Penalty, extra="forbid"):
    decided_on: Day


class KeepAccident(say.Accident, extra="forbid"):
    happened_on: Day


KeepDetail = Annotated[
    KeepLicence
    | KeepOrganisation
    | KeepMajorSource
    | KeepKeyProcess
    | KeepFeatures
    | KeepStandardisation
    | KeepDualPrevention
    | KeepInsurance
    | KeepEmergencyPlan
    | KeepDrill
    | KeepProject
    | KeepContractor
    | KeepPenalty
    | KeepAccident,
    Field(discriminator="kind"),
]


class KeepRecord(Ask):
    number: Line | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds; None: no end is known."""
    detail: KeepDetail


class EndRecord(Ask):
    reason: Prose


class RecordView(View):
    id: UUID
    enterprise_id: UUID
    state: RecordState
    number: str | None
    valid_from: date | None
    valid_to: date | None
    detail: RecordDetail
    kept_at: datetime
    verified_on: date | None
    ended_on: date | None
    end_reason: str | None


class LackView(View):
    code: str
    en: str
    zh: str
    source: str
    mark: str
    """L: law. S, K and D are not: secondary text, general knowledge, our own default."""


class Lacking(View):
    """What an enterprise should have and has not, on a day."""

    on: date
    items: list[LackView]


class GradeCounts(View):
    """How many enterprises of an area hold which grade of standardisation on a day; an expired one is none."""

    on: date
    grade_1: int
    grade_2: int
    grade_3: int
    none: int
