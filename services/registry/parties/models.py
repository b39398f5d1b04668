"""The tables of parties, of enterprises and of their sites."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlalchemy import text as sql
from sqlmodel import Field

from services.registry.models import Row
from services.registry.parties.domain.codes import is_temporary
from shared.contracts.enterprises import Scale, Sector, Standing
from shared.contracts.values import PartyKind, Place
from shared.db import Aggregate, word


class Party(Aggregate, Row, table=True):
    """An organisation that is not an enterprise: a committee, an authority, an agency and so on."""

    __tablename__ = "parties"

    kind: PartyKind = Field(sa_type=Text, index=True)
    name_en: str
    name_zh: str
    uscc: str | None = Field(default=None, unique=True, max_length=18)
    parent_id: UUID | None = Field(default=None, foreign_key="parties.id", index=True)
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str | None = None
    dissolved: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})


class Enterprise(Aggregate, Row, table=True):
    __tablename__ = "enterprises"
    __table_args__ = (
        CheckConstraint("employees >= 0", name="employees"),
        Index("ix_enterprises_name_zh_id", "name_zh", "id"),
        Index(
            "ix_enterprises_searched",
            "searched",
            postgresql_using="gin",
            postgresql_ops={"searched": "gin_trgm_ops"},
        ),
    )

    uscc: str = Field(unique=True, max_length=18)
    name_en: str
    name_zh: str
    searched: str
    """Both names as a search looks through them (`domain.names`)."""
    industry_code: str = Field(max_length=5, index=True)
    address: str
    lon: float | None = None
    lat: float | None = None
    employees: int
    legal_rep: str | None = None
    registered_capital_fen: int | None = Field(default=None, sa_type=BigInteger)
    established_on: date | None = None
    standing: Standing = word(Standing, default=Standing.ACTIVE, older=Standing.ACTIVE)
    registered_addr: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str | None = None
    sector: Sector | None = word(Sector, nullable=True, index=True)
    scale: Scale | None = word(Scale, nullable=True)
    dispatched_workers: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    output_value_fen: int | None = Field(default=None, sa_type=BigInteger)
    shifts: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    high_hazard: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    crowded: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    mixed_living: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    risk_colour: str | None = Field(default=None, max_length=8, index=True)
    """Copied from the noun that computes it, so that a search can ask for it: by what the enterprise was told of."""

    @property
    def place(self) -> Place:
        return Place(area_code=self.area_code, address=self.address, lon=self.lon, lat=self.lat)

    @property
    def division_code(self) -> str:
        """All 12 digits, filled up as statistics do."""
        return self.area_code.ljust(12, "0")

    @property
    def unregistered(self) -> bool:
        """It works without a credit code (D)."""
        return is_temporary(self.uscc)


class EnterpriseSite(Row, table=True):
    """A place where an enterprise works besides its main one; closed ones stay, for what happened there."""

    __tablename__ = "sites"

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprises.id", index=True)
    nth: int
    """Where it stands in the enterprise's list."""
    name: str
    area_code: str = Field(index=True, max_length=12)
    address: str
    lon: float | None = None
    lat: float | None = None
    closed: bool = False
