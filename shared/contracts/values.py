"""Words that two or more services use (roles, places, channels, grades); without it each would spell its own."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts.base import Shape

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""One line of text: a name, a title."""
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""What somebody wrote."""
AreaCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"),
    Field(json_schema_extra={"format": "area-code"}),
]
"""Division code: 6 digits county, 9 township, 12 village (GB/T 2260, GB/T 10114). A longer code lies in a shorter."""


def _written_out(given: object) -> object:
    if isinstance(given, date) or (isinstance(given, str) and _DAY.fullmatch(given)):
        return given
    raise ValueError("a day is written as YYYY-MM-DD")


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_written_out)]
"""A day that somebody wrote. A bare number is refused: pydantic alone would read 0 as the first of January 1970."""


class Role(StrEnum):
    """Capacities in which people and systems act (domain reference §2.1); before the dot stands the party's kind."""

    OPERATOR = "operator"
    COMMITTEE = "committee"
    AUTHORITY = "authority"
    AUTHORITY_DESK = "authority.desk"
    AUTHORITY_OFFICER = "authority.officer"
    AUTHORITY_HEAD = "authority.head"
    TOWNSHIP = "township"
    DELEGATE = "delegate"
    """Acts in an authority's name as far as its letter reaches (Administrative Penalty Law art. 20)."""
    ENTERPRISE = "enterprise"
    ENTERPRISE_PRINCIPAL = "enterprise.principal"
    ENTERPRISE_MANAGER = "enterprise.manager"
    ENTERPRISE_WORKER = "enterprise.worker"
    AGENCY = "agency"
    ASSOCIATION = "association"
    INSURER = "insurer"
    UNION = "union"
    POLICE = "police"
    PROCURATOR = "procurator"
    DISCIPLINE = "discipline"
    VOLUNTEER = "volunteer"
    GRID_WORKER = "grid_worker"
    PARTNER = "partner"
    PUBLIC = "public"
    AUDITOR = "auditor"


class PartyKind(StrEnum):
    COMMITTEE = "committee"
    AUTHORITY = "authority"
    TOWNSHIP = "township"
    DELEGATE = "delegate"
    ENTERPRISE = "enterprise"
    AGENCY = "agency"
    ASSOCIATION = "association"
    """An industry association or another organisation of society."""
    INSURER = "insurer"
    UNION = "union"
    """Trade unions propose, demand correction and join the investigation of accidents (Work Safety Law art. 60)."""
    POLICE = "police"
    """Criminal police, to whom a suspected crime is handed over; as a supervisor of safety it is an authority."""
    PROCURATOR = "procurator"
    DISCIPLINE = "discipline"
    """The procurator and the discipline inspection: who receives transfers (Work Safety Law art. 71, 74)."""
    PARTNER = "partner"
    """A body outside the county's own authorities: a gas company, a neighbouring county, the 12345 centre."""


class Channel(StrEnum):
    """How a claim came in (domain reference §3.1)."""

    HOTLINE_12350 = "hotline_12350"
    HOTLINE_12345 = "hotline_12345"
    WEB = "web"
    MINIAPP = "miniapp"
    LETTER = "letter"
    VISIT = "visit"
    VOLUNTEER = "volunteer"
    GRID_PATROL = "grid_patrol"
    THIRD_PARTY_AUDIT = "third_party_audit"
    INSURER = "insurer"
    SELF_CHECK = "self_check"
    INSPECTION = "inspection"
    MEDIA = "media"
    TRANSFER_IN = "transfer_in"
    SUPERIOR_ASSIGNED = "superior_assigned"
    ACCIDENT_DERIVED = "accident_derived"


class Category(StrEnum):
    """What kind of danger. The first three override the industry when the competent authority is sought (§2.2)."""

    SPECIAL_EQUIPMENT = "special_equipment"
    FIRE = "fire"
    GAS = "gas"
    CHEMICALS = "chemicals"
    ELECTRICITY = "electricity"
    MACHINERY = "machinery"
    CONFINED_SPACE = "confined_space"
    DUST = "dust"
    HEIGHT = "height"
    CONSTRUCTION = "construction"
    TRAFFIC = "traffic"
    FOOD_PREMISES = "food_premises"
    MANAGEMENT = "management"
    OTHER = "other"


OVERRIDING = frozenset({Category.SPECIAL_EQUIPMENT, Category.FIRE, Category.GAS})


class Grade(StrEnum):
    """Statutory grades (Order 16 art. 3 [S])."""

    GENERAL = "general"
    MAJOR = "major"


class Place(Shape):
    """Where. Longitude and latitude in degrees (CGCS2000)."""

    area_code: AreaCode
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None


class EvidenceRef(Shape):
    """Points at evidence in the store of the service `owner`; who may read it is decided there."""

    id: UUID
    owner: str
    sha256: str
    media_type: str


class HazardClaim(Shape):
    """What every channel says to the docket.

    There is no reporter in it: `reporter_ref` is random and means nothing outside the channel's own vault.
    """

    claim_id: UUID
    channel: Channel
    reporter_ref: UUID
    source_party_id: UUID | None = None
    """The organisation that speaks openly in its own name (agency, enterprise, partner); None for people."""
    place: Place
    enterprise_id: UUID | None = None
    category: Category
    what: Prose
    evidence: tuple[EvidenceRef, ...] = ()
    imminent_danger: bool = False
    suspected_grade: Grade | None = None
    fatalities: bool = False
    """It speaks of deaths: the county government or a higher one verifies it (Work Safety Law art. 73)."""


_NAMESPACE = uuid5(NAMESPACE_URL, "urn:commonwatch")


def area_id(code: str) -> UUID:
    """Give the aggregate id of an area: derived from its code, so that every service computes the same."""
    return uuid5(_NAMESPACE, f"area:{code}")


def derived_id(*parts: Any) -> UUID:
    """Give an id that the same facts always yield: what makes a repeated submission the same submission."""
    return uuid5(_NAMESPACE, ":".join(str(part) for part in parts))


def holds(on: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Tell whether a term covers a day: both its ends belong to it, and an end that is not given is open."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)
