"""Where and who: areas, organisations and enterprises, as the registry tells of them to every other service."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event
from shared.contracts.enterprises import Scale, Sector, Site, Standing
from shared.contracts.values import AreaCode, PartyKind, Place

Bounds = Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]
"""West, south, east, north in degrees (as RFC 7946 orders them)."""


class AreaRegistered(Event, subject="registry.area.registered", tier="public"):
    """A division exists under this code. Aggregate: `area_id(code)`."""

    code: AreaCode
    parent_code: AreaCode | None = None
    level: str
    name_en: str
    name_zh: str
    retired: bool = False
    """Nothing lies in it any more; its code is not given again."""
    bounds: Bounds | None = None
    """Of its boundary, when that is known; the boundary itself is asked of registry."""


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


class GridRegistered(Event, subject="registry.grid.registered"):
    """A grid and the three who answer for it (安委办〔2017〕30号 [S]). Aggregate: the grid; `area_code` its village."""

    grid_id: UUID
    code: str
    """12 digits of the village (or the township, then 000), 3 of a serial."""
    name_en: str
    name_zh: str
    grid_worker_id: UUID | None = None
    safety_supervisor_id: UUID | None = None
    contact_leader_id: UUID | None = None
    retired: bool = False
    bounds: Bounds | None = None
    """Of its boundary, when that is known."""


class GridObjectPlaced(Event, subject="registry.gridobject.placed"):
    """A supervised object stands in this grid and no other. Aggregate: the object (an enterprise's id, or a site's)."""

    object_id: UUID
    enterprise_id: UUID
    grid_id: UUID
    grid_code: str
