"""The tables of grids, of who answers for them, and of what stands in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from services.registry.grids.domain import Post
from services.registry.models import Row
from shared.db import Aggregate, word


class Grid(Aggregate, Row, table=True):
    """Its `area_code` is its village or township."""

    __tablename__ = "grids"

    code: str = Field(unique=True, max_length=15)
    name_en: str
    name_zh: str
    retired: bool = False


class GridPost(Row, table=True):
    """Somebody answers for a grid from one day on; those who did before stay, each until the day of the next."""

    __tablename__ = "grid_posts"
    __table_args__ = (
        Index("ix_grid_posts_present", "grid_id", "post", unique=True, postgresql_where=sql("until is null")),
    )

    id: UUID = Field(primary_key=True)
    grid_id: UUID = Field(foreign_key="grids.id", index=True)
    post: Post = word(Post)
    person_id: UUID = Field(foreign_key="people.id", index=True)
    since: date
    until: date | None = None
    """The first day on which it was somebody else, or nobody."""


class GridObject(Aggregate, Row, table=True):
    """Where a supervised object stands. Its id is the enterprise's, or that of another site: so it is in one grid."""

    __tablename__ = "grid_objects"

    enterprise_id: UUID = Field(foreign_key="enterprises.id", index=True)
    grid_id: UUID = Field(foreign_key="grids.id", index=True)
