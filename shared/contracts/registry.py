"""What registry promises the other services: who, where, who is responsible.

Each event carries the whole new state, so that a read copy is one upsert.
"""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.base import Event, Shape
from shared.contracts.dossiers import Fen, RecordDetail, RecordState
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
    """A person who acts on the platform. Never says what the person reported. Aggregate: the person.

    Telephone and identity numbers are in no event (docs/adr/0021). The certificate is the newest one for enforcement
    that has begun and is neither suspended nor revoked; which of several holds on a day, `CertificateRecorded` tells.
    """

    person_id: UUID
    name: str
    language: str
    email: str | None = None
    certificate_no: str | None = None
    certificate_valid_to: date | None = None
    active: bool = True
    """False: left. The memberships ended with it."""


class MembershipGranted(Event, subject="registry.membership.granted"):
    """A person acts for a party in a role, in an area and below it. Aggregate: the membership.

    Before `valid_from` and after `valid_to`, its last day in the county, it counts for nothing: whoever keeps a copy
    asks the day, and does not wait to be told of the end.
    """

    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None


class MembershipRevoked(Event, subject="registry.membership.revoked"):
    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None


class CertificateKind(StrEnum):
    """What a certificate proves that its holder may do (domain reference §6.1, §7.3)."""

    ENFORCEMENT = "enforcement"
    """行政执法证: without it no administrative inspection, order or penalty."""
    SAFETY_ENGINEER = "safety_engineer"
    SPECIAL_OPERATION = "special_operation"
    PRINCIPAL = "principal"
    SAFETY_MANAGER = "safety_manager"
    EVALUATOR = "evaluator"
    """Assesses or tests for an agency."""
    GRID_WORKER = "grid_worker"


class CertificateStatus(StrEnum):
    """What the issuer decided; whether the certificate holds on a day is a question of its days as well."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Certificate(Event):
    """The whole state of a certificate. Aggregate: the certificate. Why it was suspended is not told."""

    certificate_id: UUID
    person_id: UUID
    kind: CertificateKind
    number: str
    """An identity number within it is masked."""
    issuer: str
    scope: str = ""
    """Speciality of an officer, operation of a special operator, field of an evaluator."""
    issued_on: date | None = None
    valid_from: date
    valid_to: date | None = None
    """The last day; None: it does not end."""
    status: CertificateStatus


class CertificateRecorded(Certificate, subject="registry.certificate.recorded"):
    """A certificate was registered, corrected, suspended, reinstated or revoked."""


class CertificateExpired(Certificate, subject="registry.certificate.expired"):
    """Its last day has passed; told once. Nobody needs to hear it to refuse: the last day was told before."""


class TrainingRecorded(Event, subject="registry.training.recorded"):
    """A person attended a course or sat an exam. Aggregate: the record."""

    training_id: UUID
    person_id: UUID
    course: str
    held_on: date
    hours: float
    passed: bool | None = None
    """None: there was no exam."""
    score: float | None = None


class StaffingRequired(Event, subject="registry.staffing.required"):
    """How many people with enforcement certificates a party is to have. Aggregate: `derived_id("staffing", party)`."""

    party_id: UUID
    required: int | None = None
    """None: nothing is required any more."""


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


class SelfCheckSubmitted(Event, HazardClaim, subject="registry.selfcheck.submitted"):
    """An enterprise declared a hazard that it found itself. Aggregate: the declared item (= claim_id)."""

    self_check_id: UUID


class RecordFact(Event):
    """Base of what happens to one record of an enterprise. Aggregate: the record."""

    record_id: UUID
    enterprise_id: UUID
    state: RecordState
    number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day on which it holds."""
    detail: RecordDetail


class RecordKept(RecordFact, subject="registry.record.kept"):
    """A record as declared, entered or verified."""

    verified_on: date | None = None


class RecordEnded(RecordFact, subject="registry.record.ended"):
    """It holds no longer, for a reason other than time."""

    ended_on: date
    reason: str


class RecordExpired(RecordFact, subject="registry.record.expired"):
    """Its last day has passed, told once for each last day. Says enough to find who is competent for the matter."""

    industry_code: str
    name_en: str
    name_zh: str


class FundUse(StrEnum):
    """What safety funds are spent on (domain reference §11; 财资〔2022〕136号 [S])."""

    RISK_AND_HAZARDS = "risk_and_hazards"
    """Monitoring of major sources, grading of risks, rectification of hazards, information systems."""
    EVALUATION = "evaluation"
    """Checks, evaluation, consulting, standardisation."""
    PROTECTIVE_GEAR = "protective_gear"
    EDUCATION = "education"
    """And rewards for workers who report hazards."""
    EQUIPMENT_TESTS = "equipment_tests"
    EMERGENCY = "emergency"
    INSURANCE = "insurance"
    OTHER = "other"


class FundMove(StrEnum):
    EXTRACTION = "extraction"
    USE = "use"
    REVERSAL = "reversal"


class FundFact(Event):
    """Base of what happens to the safety fund of an enterprise. Aggregate: the fund (= enterprise_id)."""

    enterprise_id: UUID
    balance_fen: int
    """Carried over the years; below nothing when more was used than set aside."""
    overdrawn: bool


class FundPlanned(FundFact, subject="registry.fund.planned"):
    """What is to be set aside in a year, and what the rates of the day of planning come to."""

    year: int
    planned_fen: Fen
    due_fen: Fen


class FundEntered(FundFact, subject="registry.fund.entered"):
    """An entry of the ledger; it is never changed, only reversed by another."""

    entry_id: UUID
    move: FundMove
    on: date
    amount_fen: int
    """As it moves the balance: set aside above, used below nothing."""
    use: FundUse | None = None
    reverses: UUID | None = None


class Colour(StrEnum):
    """Degrees of risk (domain reference §6.4)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class RiskPointFact(Event):
    """Base of what happens to a risk point. Aggregate: the risk point."""

    point_id: UUID
    enterprise_id: UUID
    place: str
    method: Literal["lec", "ls"]
    value: float
    """D of L·E·C, or R of L×S."""
    colour: Colour
    assessed_on: date


class RiskPointAssessed(RiskPointFact, subject="registry.riskpoint.assessed"):
    pass


class RiskPointWithdrawn(RiskPointFact, subject="registry.riskpoint.withdrawn"):
    """What was dangerous there is gone."""


class RiskReason(Shape):
    """One contribution to a score: what was found, what it counts, and by whose rule."""

    part: Literal["inherent", "control", "override"]
    factor: str
    value: str
    points: float
    """Points of the inherent risk, or per cent by which control changes it; an override counts none."""
    source: str
    mark: Literal["L", "S", "K", "D"]


class RiskAssessed(Event, subject="registry.risk.assessed"):
    """The colour or score of an enterprise changed. Aggregate: its risk (= enterprise_id).

    Not for the enterprise's eyes: it counts hazards of which the enterprise is not told yet.
    """

    enterprise_id: UUID
    colour: Colour
    score: int
    reasons: tuple[RiskReason, ...] = ()


# --- Legal bases and delegations --------------------------------------------------------------------------------------


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
