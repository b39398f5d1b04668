"""The tables of hazards: the hazard, what lies behind it, its parts, orders, items, re-checks and look-backs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, event, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.hazards.domain.kinds import DONE_WITH
from services.inspection.hazards.models.parts import HazardPart
from services.inspection.models import Row
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Listing,
    PowerCut,
    RecheckMode,
    RoutingRule,
    Stay,
    Suspension,
)
from shared.contracts.values import Category, Channel, Grade
from shared.db import Aggregate, document, members, moment, several, word
from shared.searching import folded, pairs

TOWNSHIP_DIGITS = 9
UNFINISHED, FINISHED = (
    f"state {among} ({', '.join(repr(state.value) for state in sorted(DONE_WITH))})" for among in ("not in", "in")
)
"""SQL: what a worklist is about, and the archive. Indexes and queries must say it in the same words."""
HALVES = {"unfinished": UNFINISHED, "finished": FINISHED}
WITH_CLOCK = "next_due_at is not null"
WAITING = (text("(not imminent_danger)"), "claimed_at", "id")
"""Imminent danger first, then what waits longest."""
FACETS = (
    "handlers", "co_authority_ids", "officer_ids", "clocks", "pairs", "township", "state", "grade", "category",
    "channel", "suspension", "extension", "enforcement", "listing", "power", "escalation",
)  # fmt: skip
"""What a list is narrowed by, any of it together: one index that finds whatever has all that was asked for."""


def _counted() -> Any:
    """Declare a number that is 0 in rows older than the column."""
    return Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})


def flag() -> Any:
    """Declare a flag that is down in rows older than the column."""
    return Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})


class Hazard(Aggregate, Row, table=True):
    """One hazard. `handling_authority_id` verifies it, `lead_authority_id` answers for it once confirmed."""

    __tablename__ = "hazards"
    __table_args__ = (
        CheckConstraint("grade is not null or state in ('suspected', 'dismissed', 'void', 'merged')", name="graded"),
        Index("ix_hazards_waiting", *WAITING, postgresql_where=text(UNFINISHED)),
        *(
            Index(f"ix_hazards_{name}_{half}", *order, postgresql_where=text(condition))
            for half, which in HALVES.items()
            for name, order, condition in (
                ("registered", ("registered_at", "id"), which),
                ("due", ("next_due_at", "id"), f"{which} and {WITH_CLOCK}"),
            )
        ),
        *(
            Index(
                f"ix_hazards_facets_{name}",
                *FACETS,
                postgresql_using="gin",
                # Without a list of what is pending, which every search would have to go through.
                postgresql_with={"fastupdate": "off"},
                postgresql_where=text(which),
            )
            for name, which in {**HALVES, "looked_back": f"{FINISHED} and {WITH_CLOCK}"}.items()
        ),
    )

    serial: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False))
    number: str = Field(unique=True)
    state: HazardState = word(HazardState, default=HazardState.SUSPECTED)
    grade: Grade | None = word(Grade, nullable=True)
    category: Category = word(Category)
    what: str
    enterprise_id: UUID | None = Field(default=None, index=True)
    place: dict[str, Any] = document()
    imminent_danger: bool = False
    claimed_at: datetime = moment()
    registered_at: datetime = moment()
    handling_authority_id: UUID
    lead_authority_id: UUID | None = None
    co_authority_ids: list[str] = document()
    handlers: list[UUID] = members(UUID)
    """All of the above: who leads, handles or assists. This, `township` and `pairs` are kept by `kept_for_lists`."""
    township: str = Field(default="", max_length=9, nullable=False, sa_column_kwargs={"server_default": ""})
    pairs: list[int] = members(int)
    """Of the characters of `what`, for searching."""
    officer_ids: list[UUID] = members(UUID)
    """The officers whom the newest fact names that names any: in whose charge it is."""
    clocks: list[str] = members(str)
    """Keys of the clocks that run. This and the next three are a copy, taken when its clocks turn."""
    next_due_at: datetime | None = moment(nullable=True)
    """When the first of them runs out."""
    next_due_key: str | None = None
    next_owed_by: UUID | None = None
    routing_rule: RoutingRule | None = word(RoutingRule, nullable=True)
    returns: int = 0
    criterion_ids: list[str] = document()
    expert_opinion: dict[str, Any] | None = document(nullable=True)
    certainties: dict[str, Any] | None = document(nullable=True)
    limit: date | None = None
    suspension: Suspension = word(Suspension, default=Suspension.NONE)
    stopped_as: Suspension | None = word(Suspension, nullable=True)
    """The kind of stop that stands again when its lifting is refused."""
    extension: Extension = word(Extension, default=Extension.NONE, older=Extension.NONE)
    extensions: int = _counted()
    """Extensions granted in this cycle."""
    enforcement: Enforcement = word(Enforcement, default=Enforcement.NONE, older=Enforcement.NONE)
    answer_until: date | None = None
    """The last day of the party's answer in the penalty case; None: it has answered, or was not asked."""
    hearing_right: bool = flag()
    """The case carries the right to a hearing, which was not waived."""
    hearing_on: date | None = None
    pay_until: date | None = None
    """The last day to pay the fine, where the decision was served and there is one."""
    contested: bool = flag()
    """The decision is fought, so that nobody enforces it."""
    listing: Listing = word(Listing, default=Listing.NONE, older=Listing.NONE)
    power: PowerCut = word(PowerCut, default=PowerCut.NONE, older=PowerCut.NONE)
    stay: Stay = word(Stay, default=Stay.NONE, older=Stay.NONE)
    listing_level: int | None = None
    """Which level of government listed it (major_tier of §4.1), once it is listed."""
    escalation: int = _counted()
    """How high the supervision ladder has been climbed (domain reference §10.3), 0 to 5."""
    recurrent: bool = flag()
    recurrence_key: str | None = Field(default=None, index=True)
    """The same for hazards of the same enterprise, category and place (domain reference §4.5)."""
    recurs_id: UUID | None = None
    """The closed hazard that came back."""
    self_governed: bool = flag()
    """The enterprise found it itself and removes it itself, as long as no authority takes it over (§4.6)."""
    channel: Channel | None = word(Channel, nullable=True)
    """How its first claim came in."""
    site_check_due: bool = flag()
    """The remote re-check was drawn for a look on site, which nobody has had yet."""
    contractor_ids: list[str] = several()
    """Who did the rectification, as the enterprise said: none of them may speak for its success (COI-6)."""
    delivered: bool = flag()
    """The newest order reached the enterprise, or its refusal was recorded."""
    involved: list[str] = several()
    """Parties that were ever asked to assist: they answered for something, and go on reading."""
    open_parts: int = _counted()
    """Required parts that are neither answered nor released."""
    county_decides: bool = flag()
    """A claim behind it speaks of deaths and the county has not told what it found (WSL art. 73)."""
    split_from_id: UUID | None = Field(default=None, index=True)
    merged_into_id: UUID | None = Field(default=None, index=True)
    cycle: int = 1
    open_items: int = 0
    rechecked_by: list[str] = document()
    looked_back: int = 0
    """Look-backs passed since the last closing."""
    ordered_at: datetime | None = moment(nullable=True)
    """When the enterprise first learned of it."""
    closed_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.HAZARD, self.id, self.area_code)

    def about_part(self, part: HazardPart) -> About:
        """Name one party's part, whose clocks run beside those of the hazard and of other parts."""
        return About(Kind.HAZARD, self.id, self.area_code, part.id)

    def kept_for_lists(self) -> None:
        """Draw from the row what its indexes look up; done whenever it is written."""
        named = {self.handling_authority_id, *map(UUID, self.co_authority_ids), *map(UUID, self.involved)}
        self.handlers = sorted(named if self.lead_authority_id is None else {*named, self.lead_authority_id})
        self.township = self.area_code[:TOWNSHIP_DIGITS]
        self.pairs = pairs(folded(self.what))


def _before_it_is_written(_mapper: Any, _connection: Any, hazard: Hazard) -> None:
    hazard.kept_for_lists()


for _writing in ("before_insert", "before_update"):
    event.listen(Hazard, _writing, _before_it_is_written)


class HazardClaim(Row, table=True):
    """One submission behind a hazard. The enterprise never sees these."""

    __tablename__ = "hazard_claims"

    hazard_id: UUID = Field(primary_key=True, foreign_key="hazards.id")
    claim_id: UUID = Field(primary_key=True, index=True)
    """One report may name several hazards, and several reports one."""
    service: str
    source_party_id: UUID | None = Field(default=None, index=True)
    claimed_at: datetime = moment()


class Order(Row, table=True):
    """An order as it was issued; never changed afterwards."""

    __tablename__ = "orders"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    number: str = Field(unique=True)
    authority_id: UUID
    kind: str
    basis: str
    basis_ids: list[str] = several()
    letter_no: str | None = None
    items: list[str] = document()
    limit: date
    on_site_only: bool = flag()
    """Its re-check is made on site (domain reference §4.4)."""
    officers: list[str] = document()
    issued_at: datetime = moment()


class HazardItem(Row, table=True):
    """One thing to put right, from the order to the verdict."""

    __tablename__ = "hazard_items"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    ordinal: int
    text: str
    before: list[dict[str, Any]] = document()
    after: list[dict[str, Any]] = document()
    remark: str = ""
    passed: bool = False
    withdrawn: bool = flag()
    """The enterprise had set it itself; an authority took over and says itself what is to be done."""


class Recheck(Row, table=True):
    """One re-check by two officers, and its verdict on each item."""

    __tablename__ = "rechecks"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    opened_at: datetime = moment()
    opened_by: UUID
    decided_at: datetime | None = moment(nullable=True)
    passed: bool | None = None
    officers: list[str] = document()
    joint_officers: list[dict[str, Any]] = several()
    """Officers of other authorities who took part; they replace nobody."""
    verdicts: list[dict[str, Any]] = document()
    opinion: str = ""
    consequence: str | None = None
    limit: date | None = None
    mode: RecheckMode = word(RecheckMode, default=RecheckMode.ON_SITE, older=RecheckMode.ON_SITE)
    drawn: bool = flag()
    """Remote, and sent to the site by the draw (domain reference §4.4)."""
    place: dict[str, Any] | None = document(nullable=True)
    """Where the officers stood, if they said so."""
    certificates: list[dict[str, Any]] = several()
    """The officers' enforcement certificates as they were at that instant."""
    attachments: list[dict[str, Any]] = several()
    """The verifiers' own photos and papers."""
    unit_signature: list[dict[str, Any]] = several()
    unit_refused: str | None = None
    """Why the unit did not sign."""
    opinion_by: dict[str, Any] | None = document(nullable=True)


class LookBack(Row, table=True):
    """A closed hazard seen again."""

    __tablename__ = "look_backs"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    ordinal: int
    passed: bool
    remark: str
    evidence: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()
