"""What officers send to split a hazard or to merge it with another."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask
from shared.contracts.values import Category, Prose

MOST_PARTS = 10
Remark = Annotated[str, Field(max_length=1000)]


class Part(Ask):
    """One hazard more. `what` is the authority's own wording; the enterprise will read it."""

    what: Prose
    category: Category | None = None
    """None: as the hazard that it is a part of."""
    enterprise_id: UUID | None = None


class SplitHazard(Ask):
    """T22. The hazard itself stays what it is; the parts begin as suspected ones."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=MOST_PARTS)]
    reason: Remark = ""


class MergeHazard(Ask):
    """T22. The other goes on with the submissions behind both."""

    into_hazard_id: UUID
    reason: Remark = ""
