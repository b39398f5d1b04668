"""What is asked for many hazards at once, and the answer for each."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.inspection.hazards.shapes.asks import Assign
from shared.contracts.base import View
from shared.contracts.inspection import HazardState

MOST = 200


class AssignMany(Assign):
    """The same for all of them: the desk takes what is its own, the committee names the lead."""

    hazard_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST)]


class Done(View):
    hazard_id: UUID
    ok: Literal[True] = True
    state: HazardState


class Refused(View):
    """Nothing was changed about this one; the others are not touched by that."""

    hazard_id: UUID
    ok: Literal[False] = False
    slug: str
    en: str
    zh: str


class Outcomes(View):
    """One answer for each hazard, in the order in which they were named."""

    items: list[Done | Refused]
