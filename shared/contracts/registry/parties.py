"""Where and who: areas, organisations and enterprises, as the registry tells of them to every other service."""

from datetime import date
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.enterprises import Scale, Sector, Site, Standing
from shared.contracts.values import AreaCode, PartyKind, Place


class AreaRegistered(Event, subject="registry.area.registered", tier="public"):
    """A division exists under this code. Aggregate: `area_id(code)`."""

    code: AreaCode
    parent_code: AreaCode | None = None
    level: str
    name_en: str
    name_zh: str


class PartyRegistered(Event, subject="registry.party.registered", tier="public"):
    """Any organisation but an enterprise: a committee, an authority, an agency, a union. Aggregate: the party."""

    party_id: UUID
    kind: PartyKind
    name_en: str
    name_zh: str
    uscc: str | None = None
    parent_id: UUID | None = None
    address: str = ""
    dissolved: bool = False


class EnterpriseRegistered(Event, subject="registry.enterprise.registered", tier="authority"):
    """An enterprise as registered or changed. Aggregate: the enterprise. `area_code` is its township or village."""

    enterprise_id: UUID
    uscc: str
    name_en: str
    name_zh: str
    industry_code: str
    """GB/T 4754-2017: a letter and up to four digits."""
    place: Place
    employees: int
    standing: Standing = Standing.ACTIVE
    sector: Sector | None = None
    scale: Scale | None = None
    established_on: date | None = None
    dispatched_workers: int = 0
    high_hazard: bool = False
    crowded: bool = False
    mixed_living: bool = False
    sites: tuple[Site, ...] = ()
