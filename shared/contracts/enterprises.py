"""The words in which an enterprise is described; without them sector, size and standing would be free text.

Domain reference §6.1: content after 生产经营单位基础数据规范, DB4403/T 300.1-2022, AQ/T 4207 [S]; names ours (D).
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Shape
from shared.contracts.values import AreaCode, Line


class Sector(StrEnum):
    """For supervision of work safety (监管行业领域); which industry it is says GB/T 4754."""

    COAL_MINE = "coal_mine"
    NON_COAL_MINE = "non_coal_mine"
    HAZARDOUS_CHEMICALS = "hazardous_chemicals"
    FIREWORKS = "fireworks"
    METALLURGY = "metallurgy"
    """The first of the eight of industry and trade (工贸): then non-ferrous metals, building materials and so on."""
    NON_FERROUS = "non_ferrous"
    BUILDING_MATERIALS = "building_materials"
    MACHINERY = "machinery"
    LIGHT_INDUSTRY = "light_industry"
    TEXTILE = "textile"
    TOBACCO = "tobacco"
    COMMERCE = "commerce"
    CONSTRUCTION = "construction"
    TRANSPORT = "transport"
    GAS = "gas"
    POWER = "power"
    CIVIL_EXPLOSIVES = "civil_explosives"
    FISHERY = "fishery"
    CROWDED_PLACE = "crowded_place"
    OTHER = "other"


class Scale(StrEnum):
    """大、中、小、微."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class Standing(StrEnum):
    """What the registration is worth today (登记状态). Nothing is ever deleted."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """歇业: not working for now."""
    REVOKED = "revoked"
    """吊销: may not work; whoever still does is looked for."""
    DEREGISTERED = "deregistered"
    MOVED_OUT = "moved_out"

    @property
    def ended(self) -> bool:
        """There is nothing left here to supervise."""
        return self in {Standing.DEREGISTERED, Standing.MOVED_OUT}


class Site(Shape):
    """One more place where an enterprise works, besides its main one. The id stays when the site moves."""

    id: UUID
    name: Line
    area_code: AreaCode
    address: Annotated[str, Field(max_length=300)] = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
