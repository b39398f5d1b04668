"""The table of areas."""

from sqlalchemy import Text
from sqlmodel import Field

from services.registry.areas.domain import Level
from services.registry.models import Row
from shared.db import Aggregate


class Area(Aggregate, Row, table=True):
    """A division; its code is its `area_code`, and its id follows from that."""

    __tablename__ = "areas"

    parent_code: str | None = Field(default=None, max_length=12, index=True)
    level: Level = Field(sa_type=Text)
    name_en: str
    name_zh: str

    @property
    def code(self) -> str:
        return self.area_code
