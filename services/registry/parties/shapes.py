"""What is sent and read about parties and enterprises."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from shared.contracts.base import Ask, View
from shared.contracts.enterprises import Scale, Sector, Site, Standing
from shared.contracts.values import AreaCode, Day, Line, PartyKind, Place

IndustryCode = Annotated[str, StringConstraints(pattern=r"^[A-T]([0-9]{2,4})?$")]
"""GB/T 4754-2017: a letter, then two to four digits."""
CreditCode = Annotated[Line, StringConstraints(to_upper=True), Field(json_schema_extra={"format": "uscc"})]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{3,30}$")]
Address = Annotated[str, StringConstraints(max_length=300)]
Headcount = Annotated[int, Field(ge=0, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=10**17)]
"""Money in hundredths of a yuan."""
MAX_SITES = 50


class KeepParty(Ask):
    kind: PartyKind
    name_zh: Line
    name_en: Line | None = None
    area_code: AreaCode
    uscc: CreditCode | None = None
    """Unified social credit code; authorities and townships have one too (registrar 1)."""
    parent_id: UUID | None = None
    """The party that this one is a part of, or answers to."""
    address: Address = ""
    phone: Phone | None = None
    """The line on which colleagues reach it; the public is given the hotlines."""
    dissolved: bool = False

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
    uscc: str | None
    parent_id: UUID | None
    address: str
    dissolved: bool


class PartyContactView(PartyView):
    """What those see who work with it."""

    phone: str | None


class EnterpriseFigures(Ask):
    """What an enterprise itself knows best, and may put right."""

    phone: Phone | None = None
    employees: Headcount
    dispatched_workers: Headcount = 0
    shifts: Annotated[int, Field(ge=1, le=6)] = 1
    """Working shifts in a day."""
    output_value_fen: Fen | None = None
    """Of the last year."""


class KeepEnterprise(EnterpriseFigures):
    uscc: CreditCode
    """Unified social credit code; for an enterprise without one X, the county's 6 digits and a serial."""
    name_zh: Line
    name_en: Line | None = None
    industry_code: IndustryCode
    place: Place
    """Where it works; `sites` are the others."""
    sites: Annotated[tuple[Site, ...], Field(max_length=MAX_SITES)] = ()
    legal_rep: Line | None = None
    registered_capital_fen: Fen | None = None
    established_on: Day | None = None
    standing: Standing = Standing.ACTIVE
    registered_addr: Address = ""
    sector: Sector | None = None
    """None: nobody has said yet."""
    scale: Scale | None = None
    high_hazard: bool = False
    """Of the kinds that must have safety staff whatever their size (Work Safety Law art. 24)."""
    crowded: bool = False
    mixed_living: bool = False
    """People live where goods are made, stored or sold (三合一)."""


class KeepListedEnterprise(KeepEnterprise):
    id: UUID


class FindEnterprises(Ask):
    """What is asked of a search; everything that is given must hold."""

    q: Annotated[str, StringConstraints(max_length=100)] | None = None
    """Part of the name in either language, or the beginning of the credit code."""
    area: AreaCode | None = None
    """There and below."""
    industry: IndustryCode | None = None
    """A letter, or more: `C` finds all manufacturing."""
    sector: Sector | None = None
    scale: Scale | None = None
    standing: Standing | None = None
    colour: Literal["red", "orange", "yellow", "blue"] | None = None
    high_hazard: bool | None = None
    crowded: bool | None = None

    @property
    def by_what_not_all_see(self) -> bool:
        return bool(self.equal() or self.industry)

    def equal(self) -> dict[str, object]:
        """Give column → value that it must have."""
        asked = {
            "sector": self.sector,
            "scale": self.scale,
            "standing": self.standing,
            "risk_colour": self.colour,
            "high_hazard": self.high_hazard,
            "crowded": self.crowded,
        }
        return {column: value for column, value in asked.items() if value is not None}

    def within(self) -> dict[str, str]:
        """Give column → what its value must begin with."""
        asked = {"area_code": self.area, "industry_code": self.industry}
        return {column: value for column, value in asked.items() if value is not None}


class EnterpriseGlimpse(View):
    """What anybody may see: enough to point at the right one."""

    id: UUID
    name_en: str
    name_zh: str
    address: str
    area_code: str


class EnterpriseCard(EnterpriseGlimpse):
    """What those see who serve enterprises, wherever these are."""

    uscc: str
    unregistered: bool
    industry_code: str
    place: Place
    employees: int
    standing: Standing
    sector: Sector | None
    scale: Scale | None
    high_hazard: bool
    crowded: bool
    mixed_living: bool


class EnterpriseView(EnterpriseCard):
    """What its supervisors see, and itself."""

    division_code: str
    legal_rep: str | None
    registered_capital_fen: int | None
    established_on: date | None
    registered_addr: str
    phone: str | None
    dispatched_workers: int
    shifts: int
    output_value_fen: int | None
    risk_colour: str | None


class EnterpriseDetail(EnterpriseView):
    sites: list[Site]


class IndustryView(View):
    """A class of GB/T 4754-2017."""

    code: str
    name_zh: str
    name_en: str
