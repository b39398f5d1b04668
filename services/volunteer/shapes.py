"""What people send to and read from this service."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.volunteer.domain import Outcome
from shared.contracts.base import Ask, View
from shared.contracts.values import Category, EvidenceRef, Grade, Place, Prose

MAX_PICTURES = 9
"""Of one submission."""
MAX_PICTURES_IN_ALL = 100
"""Of one report with all that was added."""
MAX_WORDS = 4000
"""Characters of a report with all that was added: what one event may carry."""
Secret = Annotated[str, StringConstraints(min_length=16, max_length=200)]


class SubmitReport(Ask):
    """A report. The id in the address is chosen by the phone: sending it again opens nothing new."""

    place: Place
    category: Category
    what: Prose
    enterprise_id: UUID | None = None
    evidence: Annotated[tuple[UUID, ...], Field(max_length=MAX_PICTURES)] = ()
    imminent_danger: bool = False
    suspected_grade: Grade | None = None
    fatalities: bool = False
    """Somebody died: the county government verifies it."""
    contact: Annotated[str, StringConstraints(max_length=200)] | None = None
    """Only for the vault; needed if a reward is to be paid."""
    secret: Secret | None = None
    """Random words of an anonymous phone: with them a retry gets the same tracking code."""


class AddToReport(Ask):
    """More words or pictures by the same person."""

    what: Prose | None = None
    evidence: Annotated[tuple[UUID, ...], Field(max_length=MAX_PICTURES)] = ()
    fatalities: bool = False
    """Somebody died meanwhile, or it is known only now."""
    tracking_code: Annotated[str, StringConstraints(max_length=40)] | None = None


class AskByCode(Ask):
    tracking_code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ContestResult(Ask):
    """It is not fixed, or the result is wrong."""

    statement: Prose
    evidence: Annotated[tuple[UUID, ...], Field(max_length=MAX_PICTURES)] = ()


class ContestByCode(AskByCode, ContestResult):
    """The same by somebody who reported without a name."""


class ToldView(View):
    at: datetime
    fact: str
    en: str
    zh: str
    remark: str | None = None
    authority_id: UUID | None = None
    """Who holds the matter from then on; `GET /parties/{party_id}` names it."""


class ContestView(View):
    at: datetime
    statement: str
    outcome: Outcome


class ReportView(View):
    """A report as its reporter sees it."""

    id: UUID
    state: str
    category: Category
    what: str
    place: Place
    enterprise_id: UUID | None
    evidence: list[EvidenceRef]
    imminent_danger: bool
    fatalities: bool = False
    submitted_at: datetime
    answer: str | None
    contest_until: datetime | None = None
    """Until when the result can be contested; None: there is none, or it was reviewed, or a contest is pending."""
    contests: tuple[ContestView, ...] = ()
    told: tuple[ToldView, ...] = ()


class SubmittedView(ReportView):
    tracking_code: str | None = None
    """Given once, to an anonymous reporter: the only way back to the report."""
    call_now: tuple[str, ...] = ()
    """Numbers to ring at once: what is dangerous now must not wait for a desk."""


class ReportList(View):
    items: list[ReportView]
    next: UUID | None = None
