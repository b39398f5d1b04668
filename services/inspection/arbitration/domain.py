"""What is disputed, and what is contested with it; without it the committee would go through four lists. Pure.

Nothing is decided here: a lead is named by `assign` of the hazard; a claim, a part and a transfer have an `arbitrate`.
"""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID


class Dispute(StrEnum):
    """What nobody holds without dispute."""

    UNPLACED = "unplaced"
    """A claim on the docket for which no rule names an authority (WSL art. 10)."""
    BOUNCED = "bounced"
    """A claim that was passed on and given back: whoever had it keeps only the record (WSL art. 69)."""
    UNROUTED = "unrouted"
    """A confirmed hazard for which no rule names a lead (WSL art. 10)."""
    RETURNED = "returned"
    """A hazard that was given back: the second time, or because no law gives anybody the power (T05)."""
    PART = "part"
    """A part of a hazard that was declined: the lead asks another, or insists and the committee decides."""
    TRANSFER = "transfer"
    """A transfer between authorities that was refused too often (D20)."""


class Decider(StrEnum):
    COMMITTEE = "committee"
    LEAD = "lead"
    """The lead authority first; it is shown because nobody answers meanwhile."""


DISOWNS = frozenset({"return_assignment", "part_decline", "refuse", "transfer", "bounce"})
"""Verbs by which a body says: not ours."""


def is_contested(owed_by: UUID | None, disowners: Collection[UUID | None]) -> bool:
    """Tell whether a clock presses on nobody, or on a body that says that the matter is not its own."""
    return owed_by is None or owed_by in disowners
