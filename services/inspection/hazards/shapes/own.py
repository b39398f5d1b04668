"""What an enterprise sends about what it found itself, and the authority that takes it over (domain reference §4.6)."""

from typing import Annotated

from pydantic import Field

from services.inspection.hazards.shapes.asks import ItemAsk, ItemDone
from shared.contracts.base import Ask
from shared.contracts.values import Day, Grade, Line, Prose


class ConfirmOwn(Ask):
    """T02 by the enterprise. A major hazard is not its own to confirm."""

    grade: Grade = Grade.GENERAL
    what: Prose | None = None
    """What was found when it looked closer; otherwise as it was declared."""


class StartOwn(Ask):
    """T08 by the enterprise: what it sets itself, until when, and who answers for it."""

    items: Annotated[tuple[ItemAsk, ...], Field(min_length=1, max_length=50)]
    limit: Day
    responsible: Line


class FinishOwn(Ask):
    items: Annotated[tuple[ItemDone, ...], Field(min_length=1, max_length=50)]


class CloseOwn(Ask):
    remark: Annotated[str, Field(max_length=1000)] = ""


class TakeOver(Ask):
    reason: Prose
    """For supervisors only: it may speak of what the enterprise must not learn."""
