"""The tables of areas and of boundaries."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy import text as sql
from sqlmodel import Field

from services.registry.areas.domain import Level
from services.registry.areas.domain.boundary import Bounds
from services.registry.models import Row
from shared.db import Aggregate


class Area(Aggregate, Row, table=True):
    """A division; its code is its `area_code`, and its id follows from that. Retired ones stay, for what was there."""

    __tablename__ = "areas"

    parent_code: str | None = Field(default=None, max_length=12, index=True)
    level: Level = Field(sa_type=Text)
    name_en: str
    name_zh: str
    retired: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})

    @property
    def code(self) -> str:
        return self.area_code


class Boundary(Row, table=True):
    """Where an area or a grid ends. Apart from them: a list of areas has no use for a megabyte of vertices."""

    __tablename__ = "boundaries"

    id: UUID = Field(primary_key=True)
    """That of the area or the grid."""
    code: str = Field(max_length=15, index=True)
    """Of an area 6, 9 or 12 digits, of a grid 15: the longer, the deeper."""
    west: float
    south: float
    east: float
    north: float
    wkb: bytes

    @property
    def bounds(self) -> Bounds:
        return (self.west, self.south, self.east, self.north)
