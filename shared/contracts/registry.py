"""What registry promises the other services: who, where, who is responsible.

Each event carries the whole new state, so that a read copy is one upsert.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.enterprises import Scale, Sector, Site, Standing
from shared.contracts.values import AreaCode, Category, HazardClaim, PartyKind, Place, Role


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


class PersonRegistered(Event, subject="registry.person.registered"):
    """A person who acts on the platform. Never says what the person reported. Aggregate: the person."""

    person_id: UUID
    name: str
    language: str
    email: str | None = None
    certificate_no: str | None = None
    certificate_valid_to: date | None = None


class MembershipGranted(Event, subject="registry.membership.granted"):
    """A person acts for a party in a role, in an area and below it. Aggregate: the membership."""

    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role


class MembershipRevoked(Event, subject="registry.membership.revoked"):
    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role


class CompetenceBy(StrEnum):
    """The routing steps in their order (domain reference §2.2): the first that matches wins."""

    ENTERPRISE = "enterprise"
    CATEGORY = "category"
    INDUSTRY = "industry"
    TOWNSHIP = "township"


class CompetenceChanged(Event, subject="registry.competence.changed", tier="authority"):
    """One row of the competence table: `by` and `key` lead to `authority_id` within `area_code` and below.

    `key` is an enterprise id, a hazard category, an industry prefix or a township code. Aggregate: the rule.
    """

    rule_id: UUID
    by: CompetenceBy
    key: str
    authority_id: UUID
    in_force: bool
    basis: str = ""


class CriterionListed(Event, subject="registry.criterion.listed", tier="public"):
    """A major-hazard criterion and its term (domain reference §4.1). Aggregate: the criterion."""

    criterion_id: UUID
    document: str
    item: str
    text_en: str
    text_zh: str
    categories: tuple[Category, ...] = ()
    valid_from: date
    valid_to: date | None = None


class SelfCheckSubmitted(Event, HazardClaim, subject="registry.selfcheck.submitted"):
    """An enterprise declared a hazard that it found itself. Aggregate: the declared item (= claim_id)."""

    self_check_id: UUID
