"""The operator's words on the wire; without it what an operator may see would be whatever the tables hold."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask, View
from shared.inbox.plan import State

Note = Annotated[str, Field(min_length=1, max_length=500)]


class Replay(Ask):
    """Try once more."""

    note: Note | None = None
    over_gap: bool = False
    """The versions before it exist nowhere any more: count them as seen."""


class Discard(Ask):
    """Let those after it pass; why is kept."""

    note: Note
    over_gap: bool = False


class LetterView(View):
    """A letter without what it says."""

    id: int
    consumer: str
    """The service that could not apply it; `relay`: the broker does not take it; `restored`: this database forgot it,
    and took it back from the broker."""
    state: State
    event_id: UUID
    type: str | None
    subject: str
    aggregate: str | None
    aggregate_id: UUID | None
    version: int | None
    applied_version: int | None
    """The last version of the aggregate that was applied here."""
    stream_seq: int | None
    num_delivered: int
    tries: int
    error_class: str
    error: str
    first_failed_at: datetime
    died_at: datetime
    acted_by: str | None
    acted_at: datetime | None
    note: str | None


class LettersView(View):
    items: list[LetterView]
    next: int | None
    """Give it as `after` to read on; none: this was all."""


class LetterDetail(LetterView):
    """A letter with all that it says."""

    headers: dict[str, str]
    body: str
    """UTF-8 text, or hexadecimal when it is none."""


class StreamView(View):
    """One stream that the service met, and what the last comparison with the log of record found in it."""

    js_stream: str
    js_epoch: datetime
    met_at: datetime
    refilled_to: int
    refill_until: int
    filled: bool
    """Whether all that older streams held is in this one."""
    audited_at: datetime | None
    audited_whole: bool | None
    audited_there: int | None
    audited_lacking: int | None
    audited_unknown: int | None


class EventsView(View):
    """How the service's events stand."""

    streams: list[StreamView]
    """The newest first."""
    unsent: int
    unsent_oldest_s: float
    archived: int
    broken_versions: int | None
    """Objects in the log of record whose versions are not contiguous; none: it was not looked."""
    letters: dict[State, int]
    relay_active: bool
    """Whether the process that answers sends the events; another one may."""
    broker_connected: bool


class CompareView(View):
    asked: bool
    """False: the broker is away."""
