"""What an enterprise's safety records say, kind by kind; without these shapes each reader would guess at a record."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Shape
from shared.contracts.values import Line, Prose

Fen = Annotated[int, Field(ge=0, le=10**15)]
"""Money in hundredths of a yuan: whole numbers, so that no sum depends on the order of its parts."""
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class RecordKind(StrEnum):
    """What a record is about (domain reference §6.1)."""

    LICENCE = "licence"
    ORGANISATION = "organisation"
    MAJOR_SOURCE = "major_source"
    KEY_PROCESS = "key_process"
    FEATURES = "features"
    STANDARDISATION = "standardisation"
    DUAL_PREVENTION = "dual_prevention"
    INSURANCE = "insurance"
    EMERGENCY_PLAN = "emergency_plan"
    DRILL = "drill"
    PROJECT = "project"
    CONTRACTOR = "contractor"
    PENALTY = "penalty"
    ACCIDENT = "accident"


class RecordState(StrEnum):
    DECLARED = "declared"
    """The enterprise says so."""
    VERIFIED = "verified"
    """An authority looked, or entered it itself."""
    ENDED = "ended"


class Licence(Shape):
    kind: Literal[RecordKind.LICENCE]
    licence: Line
    """Which: 安全生产许可证, 危险化学品经营许可证, …"""
    scope: Prose
    issuer: Line


class Organisation(Shape):
    """Who looks after safety in the enterprise (WSL 21, 22, 24, 25)."""

    kind: Literal[RecordKind.ORGANISATION]
    has_department: bool = False
    full_time_staff: Count = 0
    part_time_staff: Count = 0
    certified_engineers: Count = 0
    responsibility_list: bool = False
    """Every post's duties are written down (WSL 22)."""
    principal_id: UUID | None = None
    manager_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class MajorSource(Shape):
    """A major hazard source (GB 18218). The record's number is that of its filing."""

    kind: Literal[RecordKind.MAJOR_SOURCE]
    level: Annotated[int, Field(ge=1, le=4)]
    """1 is the gravest."""
    substance: Line
    quantity_t: Annotated[float, Field(ge=0, le=10_000_000)]
    location: Line
    filed_on: date | None = None


class KeyProcess(Shape):
    """A chemical or a process under key supervision (重点监管)."""

    kind: Literal[RecordKind.KEY_PROCESS]
    regulated: Literal["chemical", "process"]
    name: Line
    location: Line


class Features(Shape):
    """Dangers that the whole site is known for."""

    kind: Literal[RecordKind.FEATURES]
    dust: bool = False
    confined_space: bool = False
    ammonia: bool = False
    molten_metal: bool = False


class Standardisation(Shape):
    """A grade of safety standardisation. The record's number is the certificate's."""

    kind: Literal[RecordKind.STANDARDISATION]
    grade: Annotated[int, Field(ge=1, le=3)]
    """1 is the best."""
    issued_on: date


class DualPrevention(Shape):
    """Grading of risks and search for hazards, as one mechanism (双重预防机制)."""

    kind: Literal[RecordKind.DUAL_PREVENTION]
    status: Literal["none", "building", "running"]
    maturity: Annotated[int, Field(ge=0, le=100)] | None = None


class Insurance(Shape):
    """Safety-production liability insurance. The record's number is the policy's."""

    kind: Literal[RecordKind.INSURANCE]
    insurer: Line
    insurer_id: UUID | None = None
    """The insurer, when it is a party here."""
    cover_fen: Fen


class EmergencyPlan(Shape):
    """The record's number is that of its filing."""

    kind: Literal[RecordKind.EMERGENCY_PLAN]
    filed_on: date
    filed_with: Line


class Drill(Shape):
    kind: Literal[RecordKind.DRILL]
    held_on: date
    form: Literal["tabletop", "functional", "full_scale"]
    participants: Count
    summary: Prose


class Project(Shape):
    """A building project whose safety facilities are designed, built and used with it (三同时, WSL 31-34)."""

    kind: Literal[RecordKind.PROJECT]
    name: Line
    design_reviewed_on: date | None = None
    started_on: date | None = None
    accepted_on: date | None = None
    in_use_from: date | None = None


class Contractor(Shape):
    """Somebody else who works on the site, under a safety agreement (WSL 49). The number is the agreement's."""

    kind: Literal[RecordKind.CONTRACTOR]
    relation: Literal["contractor", "tenant"]
    name: Line
    uscc: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")] | None = None
    work: Prose


class Penalty(Shape):
    """A penalty that an authority decided. The record's number is the decision's."""

    kind: Literal[RecordKind.PENALTY]
    decided_on: date
    reason: Prose
    amount_fen: Fen = 0


class Accident(Shape):
    kind: Literal[RecordKind.ACCIDENT]
    happened_on: date
    deaths: Count = 0
    injured: Count = 0
    what: Prose


RecordDetail = Annotated[
    Licence
    | Organisation
    | MajorSource
    | KeyProcess
    | Features
    | Standardisation
    | DualPrevention
    | Insurance
    | EmergencyPlan
    | Drill
    | Project
    | Contractor
    | Penalty
    | Accident,
    Field(discriminator="kind"),
]
