"""What is sent and read about parties and enterprises."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Line, PartyKind, Place

IndustryCode = Annotated[str, StringConstraints(pattern=r"^[A-T][0-9]{0,4}$")]
"""GB/T 4754-2017: a letter and up to four digits."""


class KeepParty(Ask):
    kind: PartyKind
    name_zh: Line
    name_en: Line | None = None
    area_code: AreaCode

    @field_validator("kind")
    @classmethod
    def _enterprises_have_their_own_list(cls, kind: PartyKind) -> PartyKind:
        if kind is PartyKind.ENTERPRISE:
            raise ValueError("enterprises are registered under /enterprises")
        return kind


class KeepListedParty(KeepParty):
    id: UUID


class PartyView(View):
    id: UUID
    kind: PartyKind
    name_en: str
    name_zh: str
    area_code: str


class KeepEnterprise(Ask):
    uscc: Annotated[Line, StringConstraints(to_upper=True), Field(json_schema_extra={"format": "uscc"})]
    """Unified social credit code; for an enterprise without one X, the division's 6 digits and a serial."""
    name_zh: Line
    name_en: Line | None = None
    industry_code: IndustryCode
    place: Place
    employees: Annotated[int, Field(ge=0, le=10_000_000)]


class KeepListedEnterprise(KeepEnterprise):
    id: UUID


class EnterpriseGlimpse(View):
    """What anybody may see: enough to point at the right one."""

    id: UUID
    name_en: str
    name_zh: str
    address: str
    area_code: str


class EnterpriseView(EnterpriseGlimpse):
    uscc: str
    unregistered: bool
    industry_code: str
    place: Place
    employees: int
