"""What each kind of document says, as plain data; without it a document would need the tables that it speaks of. Pure.

A paper is committed with its act and never changes. It has no place for who reported, when, where or by which channel:
what cannot be written down cannot be printed.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Annotated, Any

from pydantic import StringConstraints

from shared.contracts.base import Shape
from shared.contracts.inspection import DocumentKind as K
from shared.contracts.inspection import (
    Language,
    Suspension,
)
from shared.contracts.values import EvidenceRef

PICTURES_OF_AN_ITEM, PICTURES_IN_ALL = 3, 12
"""As many as one row of the table and two or three pages hold; how many more there are is printed."""


LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d$")]
"""The time of day in the county, as it is printed: a document knows no other clock."""


def local_time(at: datetime, zone: tzinfo) -> LocalTime:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


class Named(Shape):
    """A name in both languages."""

    zh: str
    en: str


class Addressee(Named):
    """To whom it goes; `code` is an enterprise's unified social credit code."""

    code: str = ""
    address: str = ""


class Officer(Shape):
    name: str
    certificate: str | None = None
    """As it was when the document was made; None: none on record."""


class Item(Shape):
    ordinal: int
    text: str
    pictures: tuple[EvidenceRef, ...] = ()
    left_out: int = 0
    """How many further pictures the case has."""
    passed: bool | None = None


class Rights(Shape):
    """Within what time one may object."""

    reconsideration_days: int
    suit_months: int


class Address(Shape):
    """Where anybody can ask whether the document is genuine."""

    page: str


class Paper(Shape):
    """What all documents say."""

    kind: K
    number: str
    issuer: Named
    addressee: Addressee | None = None
    issued_on: date
    officers: tuple[Officer, ...] = ()
    delegation: str | None = None
    """The number of the letter by which a delegate acted in the issuer's name."""
    bases: tuple[str, ...] = ()
    rights: Rights | None = None
    verify_url: Address
    authentic: Language = Language.ZH
    """The language whose text binds; the other is a rendering."""


class RectificationOrder(Paper):
    what: str
    items: tuple[Item, ...]
    limit: date
    at_once: bool = False
    on_site_only: bool = False


class OnsiteMeasure(Paper):
    what: str
    reason: str
    stop: Suspension


class RecheckOpinion(Paper):
    order_number: str
    items: tuple[Item, ...]
    opinion: str
    passed: bool
    checked_at: LocalTime
    remote: bool = False
    limit: date | None = None
    """Until when what failed is to be put right now."""
    case_opened: bool = False
    unit_refused: str | None = None
    """Why the unit did not sign the record of the re-check."""


class InspectionRecord(Paper):
    place: str
    begun: LocalTime
    ended: LocalTime
    findings: str
    hazards_found: int
    joint: tuple[Named, ...] = ()
    joint_officers: tuple[Officer, ...] = ()


class LetterPaper(Paper):
    facts: str
    demand: str
    reply_by: date | None = None
    hazards: tuple[str, ...] = ()
    """Numbers of the hazards that it is about."""


class InterviewNotice(Paper):
    person: str
    at: LocalTime
    place: str
    facts: str
    demand: str
    bring: str = ""


class ListingNotice(Paper):
    what: str
    hazard_number: str
    level: int
    reason: str
    limit: date
    demand: str


class TransferLetter(Paper):
    about: str
    facts: str
    grounds: str
    enclosures: tuple[str, ...] = ()


PAPERS: Mapping[K, type[Paper]] = {
    K.RECTIFICATION_ORDER: RectificationOrder,
    K.ONSITE_MEASURE: OnsiteMeasure,
    K.RECHECK_OPINION: RecheckOpinion,
    K.INSPECTION_RECORD: InspectionRecord,
    K.REMINDER_LETTER: LetterPaper,
    K.WARNING_LETTER: LetterPaper,
    K.SUPERVISION_LETTER: LetterPaper,
    K.INTERVIEW_NOTICE: InterviewNotice,
    K.LISTING_NOTICE: ListingNotice,
    K.TRANSFER_LETTER: TransferLetter,
}


def paper_of(data: Mapping[str, Any]) -> Paper:
    """Read a paper as it was committed, also by an older version of this program."""
    return PAPERS[K(data["kind"])].model_validate(data)


def pictures_of(paper: Paper) -> list[EvidenceRef]:
    """List the pictures that are printed, in order."""
    items: tuple[Item, ...] = getattr(paper, "items", ())
    return [picture for item in items for picture in item.pictures]


def with_pictures(texts: list[tuple[str, list[EvidenceRef], bool | None]]) -> tuple[Item, ...]:
    """Make the items of a table, with as many pictures as are printed."""
    items: list[Item] = []
    room = PICTURES_IN_ALL
    for ordinal, (text, refs, passed) in enumerate(texts, 1):
        seen = [ref for ref in refs if ref.media_type.startswith("image/")]
        shown = seen[: min(PICTURES_OF_AN_ITEM, room)]
        room -= len(shown)
        left_out = len(seen) - len(shown)
        items.append(Item(ordinal=ordinal, text=text, pictures=tuple(shown), left_out=left_out, passed=passed))
    return tuple(items)
