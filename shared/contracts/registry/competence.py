"""Who is responsible for what, by which law and by whose letter; without it no order would have an author."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Category


class CompetenceBy(StrEnum):
    """The routing steps in their order (domain reference §2.2): the first that matches wins."""

    ENTERPRISE = "enterprise"
    CATEGORY = "category"
    INDUSTRY = "industry"
    TOWNSHIP = "township"


class CompetenceChanged(Event, subject="registry.competence.changed", tier="authority"):
    """One row of the competence table: `by` and `key` lead to `authority_id` within `area_code` and below.

    `key` is an enterprise id, a hazard category, an industry prefix or a township code. `in_force` false means that
    the rule was withdrawn as if it had never been; one that merely ends has a `valid_to`. Aggregate: the rule.
    """

    rule_id: UUID
    by: CompetenceBy
    key: str
    authority_id: UUID
    in_force: bool
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day."""
    co_authority_ids: tuple[UUID, ...] = ()
    """Departments that co-operate with the lead (三管三必须)."""
    township_id: UUID | None = None
    leader_id: UUID | None = None
    """The leader of the county in charge."""


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
    basis_id: UUID | None = None
    """The entry of the catalogue of legal bases that the document is."""


class BasisLevel(StrEnum):
    """What kind of text a legal basis is, the strongest first."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    STANDARD = "standard"
    LOCAL = "local"


class BasisMark(StrEnum):
    """How well a text is known (domain reference, marks): only what was read word for word is shown as law."""

    READ = "L"
    SECONDARY = "S"
    GENERAL = "K"
    DESIGN = "D"


class BasisListed(Event, subject="registry.basis.listed", tier="public"):
    """An entry of the dated catalogue of legal bases. Aggregate: the basis."""

    basis_id: UUID
    short_name: str
    title_zh: str
    title_en: str
    number: str
    issuer: str
    article: str = ""
    level: BasisLevel
    mark: BasisMark
    valid_from: date | None = None
    valid_to: date | None = None
    date_verified: bool = False
    """Whether somebody checked in the text itself from which day it holds."""
    text_zh: str = ""
    text_en: str = ""
    supersedes_id: UUID | None = None
    note: str = ""


class DelegationKind(StrEnum):
    """How power came to the delegate (domain reference §7.4)."""

    ENTRUSTED = "entrusted"
    """委托 (Penalty Law art. 20)."""
    ASSIGNED = "assigned"
    """交由、赋权: by a published decision of the province (Penalty Law art. 24)."""
    AUTHORISED = "authorised"
    """授权: by a law or regulation."""


class DelegationState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Power(StrEnum):
    """The moves of a hazard that may be delegated (domain reference §4.2 T02, T06; the re-checks that follow are (D)).

    The head's decisions (to stop work, to close, to declare void) and who leads are never delegated.
    """

    CONFIRM = "confirm"
    ORDER = "order"
    OPEN_RECHECK = "open_recheck"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 — a verb, not a password
    FAIL_RECHECK = "fail_recheck"


class DelegationFact(Event):
    """Base of all facts about a letter of delegation: its whole state. Aggregate: the delegation.

    `area_code` is where, and below, it holds. `categories` and `industries` (GB/T 4754 prefixes) narrow the matters;
    an empty list narrows nothing. `basis_ids`, when there are any, are all that an order under it may cite.
    """

    delegation_id: UUID
    authority_id: UUID
    delegate_id: UUID
    kind: DelegationKind
    state: DelegationState
    powers: tuple[Power, ...]
    categories: tuple[Category, ...] = ()
    industries: tuple[str, ...] = ()
    basis_ids: tuple[UUID, ...] = ()
    valid_from: date
    valid_to: date
    """The last day."""
    letter_no: str
    publication_url: str
    conditions: str = ""
    evaluations: tuple[date, ...] = ()
    reason: str = ""
    """Why it was suspended or revoked."""


class DelegationPublished(DelegationFact, subject="registry.delegation.published", tier="public"):
    """Published, or taken up again after a suspension: in force within its term."""


class DelegationSuspended(DelegationFact, subject="registry.delegation.suspended", tier="public"):
    pass


class DelegationRevoked(DelegationFact, subject="registry.delegation.revoked", tier="public"):
    pass


class DelegationExpired(DelegationFact, subject="registry.delegation.expired", tier="public"):
    """Its last day is over. Whoever checks a command does not wait for this fact."""
