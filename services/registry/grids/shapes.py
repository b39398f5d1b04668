"""What is sent and read about grids."""

from datetime import date
from typing import Literal
from uuid import UUID

from services.registry.grids.domain import GridCode, Post
from shared.contracts.base import Ask, View
from shared.contracts.values import Day, Line


class KeepGrid(Ask):
    name_zh: Line
    name_en: Line | None = None


class KeepListedGrid(KeepGrid):
    code: GridCode


class GridView(View):
    id: UUID
    code: str
    area_code: str
    name_en: str
    name_zh: str
    retired: bool


class KeepPost(Ask):
    person_id: UUID
    since: Day
    """The first day in the post; the holder before leaves it on that day."""


class PostView(View):
    post: Post
    person_id: UUID
    name: str
    since: date
    until: date | None


class PlaceObject(Ask):
    """An enterprise, or one of its other sites."""

    object_id: UUID
    moved_from: GridCode | None = None
    """The grid in which it stands now, when it is to leave that one."""


class ObjectView(View):
    """A supervised object. `object_id` is the enterprise's own id for its main place."""

    object_id: UUID
    enterprise_id: UUID
    name_en: str
    name_zh: str
    site: str | None
    area_code: str
    address: str


class UnplacedView(ObjectView):
    why: Literal["no_grid", "grid_elsewhere"]


class PostGap(View):
    post: Post
    why: Literal["vacant", "unfit"]
    """`unfit`: the membership that made the person fit was revoked, or reaches there no more."""
    person_id: UUID | None


class GridGapsView(GridView):
    gaps: list[PostGap]


class SuggestionView(View):
    """The grid in which an object should stand, and why: its point lies there, or its village has no other."""

    grid: GridView | None
    why: Literal["point", "only_one", "unknown"]


class CoverageView(View):
    """How far a township is covered; a share of nothing is null."""

    area_code: str
    name_en: str
    name_zh: str
    grids: int
    staffed: int
    """Grids with all three, each of them fit."""
    objects: int
    placed: int
    share: float | None
