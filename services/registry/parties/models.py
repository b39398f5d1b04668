"""The tables of parties and of enterprises."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from services.registry.models import Row
from services.registry.parties.domain import is_temporary
from shared.contracts.values import PartyKind, Place
from shared.db import Aggregate


class Party(Aggregate, Row, table=True):
    """An organisation that is not an enterprise: a committee, an authority, an agency and so on."""

    __tablename__ = "parties"

    kind: PartyKind = Field(sa_type=Text, index=True)
    name_en: str
    name_zh: str


class Enterprise(Aggregate, Row, table=True):
    __tablename__ = "enterprises"
    __table_args__ = (CheckConstraint("employees >= 0", name="employees"),)

    uscc: str = Field(unique=True, max_length=18)
    name_en: str
    name_zh: str
    industry_code: str = Field(max_length=5)
    address: str
    lon: float | None = None
    lat: float | None = None
    employees: int

    @property
    def place(self) -> Place:
        return Place(area_code=self.area_code, address=self.address, lon=self.lon, lat=self.lat)

    @property
    def unregistered(self) -> bool:
        """It works without a credit code (D)."""
        return is_temporary(self.uscc)
