"""How the climb about a hazard and the proposals of the ladder are shown and decided on."""

from datetime import datetime
from uuid import UUID

from services.inspection.ladder.domain.proposals import Verb
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    Instrument,
    Measure,
    ProposalState,
)
from shared.contracts.values import Prose


class ClimbView(View):
    """One step: why it was climbed, by which rule, towards whom, and by which letter."""

    instrument: Instrument
    level: int
    deadline_id: UUID
    key: str
    due_at: datetime
    explanation_en: str
    explanation_zh: str
    owed_by: UUID | None
    rule: str
    to_id: UUID | None
    letter_id: UUID | None
    """None: a higher step was due at the same time, or nobody could be written to."""
    proposal_id: UUID | None
    joined: bool
    """The letter had been written about the same thing already."""
    at: datetime


class Climbs(View):
    items: list[ClimbView]


class Decide(Ask):
    """`measure` None: no measure is called for."""

    measure: Measure | None = None
    reason: Prose


class ProposalView(View):
    id: UUID
    state: ProposalState
    area_code: str
    about_id: UUID
    letter_id: UUID | None
    hazard_ids: list[UUID]
    facts: str
    made_at: datetime
    measure: Measure | None
    reason: str
    decided_at: datetime | None
    offers: list[Verb]


class ProposalPage(View):
    items: list[ProposalView]
    next: UUID | None = None
