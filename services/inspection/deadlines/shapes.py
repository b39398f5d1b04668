"""How a clock is shown: with its reason, so that nobody need believe it."""

from datetime import datetime
from uuid import UUID

from services.inspection.deadlines.rungs import Rung
from services.inspection.domain import Kind
from shared.contracts.base import View


class DeadlineView(View):
    id: UUID
    """`GET /deadlines/{id}` says what happened to it."""
    key: str
    starts_at: datetime
    due_at: datetime
    owed_by: UUID | None
    part_id: UUID | None
    paused_at: datetime | None
    """Since when it does not run; nobody is late by it then."""
    provisional: bool
    explanation_en: str
    explanation_zh: str


class DeadlineLine(DeadlineView):
    """A clock in a list of its own."""

    what_en: str
    what_zh: str
    """What must be done."""
    object_kind: Kind
    object_id: UUID
    number: str | None
    """The number of what it is about, where that has one."""
    area_code: str
    state: str
    overdue: bool
    rung: Rung | None
    """The last step of reminding and of the supervision ladder that was taken for its present date."""
    next_at: datetime | None
    """When the next one is taken."""
    ended_at: datetime | None


class DeadlineList(View):
    items: list[DeadlineLine]
    next: str | None
    """Where to go on."""


class ChangeView(View):
    """What happened to a clock between its start and its end, and why."""

    at: datetime
    what: str
    rung: Rung | None
    due_before: datetime | None
    due_at: datetime
    """The date that it had from then on."""
    reason_en: str
    reason_zh: str


class RungView(View):
    """A step of reminding or of the ladder: when it falls due, and when it was taken."""

    rung: Rung
    at: datetime
    fired_at: datetime | None


class DeadlineDetail(DeadlineLine):
    """One clock whole: it answers "why was I reminded?"."""

    changes: list[ChangeView]
    rungs: list[RungView]
