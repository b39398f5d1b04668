"""What is sent and read about areas."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.registry.areas.domain import Level
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Line

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Position = tuple[Lon, Lat] | tuple[Lon, Lat, float]
"""Longitude first; a height may follow and is not kept."""
Ring = Annotated[list[Position], Field(min_length=4)]
Rings = Annotated[list[Ring], Field(min_length=1, max_length=1000)]


class CrsName(Ask):
    name: Annotated[str, Field(max_length=60)]


class Crs(Ask):
    type: Literal["name"]
    properties: CrsName


class Polygon(Ask):
    type: Literal["Polygon"]
    coordinates: Rings
    crs: Crs | None = None


class MultiPolygon(Ask):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(min_length=1, max_length=1000)]
    crs: Crs | None = None


Geometry = Annotated[Polygon | MultiPolygon, Field(discriminator="type")]
"""GeoJSON (RFC 7946), in longitude and latitude of CGCS2000 or WGS 84."""


class BoundaryView(View):
    type: str
    coordinates: Any


class KeepArea(Ask):
    """Parent and level follow from the code."""

    name_zh: Line
    name_en: Line | None = None
    """None: it has no name in English, and goes by its Chinese one."""


class KeepListedArea(KeepArea):
    code: AreaCode


class AreaView(View):
    id: UUID
    code: str
    parent_code: str | None
    level: Level
    name_en: str
    name_zh: str
    retired: bool


class CountsView(View):
    """How many areas in use there are of each level."""

    county: int
    township: int
    village: int
