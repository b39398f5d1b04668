"""The tables of joint actions: each authority's part, who is to be visited, and which visits were made for it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection.joint_actions import JointActionState, JointPartState
from shared.db import Aggregate, document, moment, several, word


class JointAction(Aggregate, Row, table=True):
    """One joint action. `area_code` is where it is made, which lies in the committee's own area."""

    __tablename__ = "joint_actions"
    __table_args__ = (UniqueConstraint("convener_id", "number"), Index("ix_joint_actions_since", "since", "id"))

    state: JointActionState = word(JointActionState, default=JointActionState.OPEN)
    number: str
    convener_id: UUID = Field(index=True)
    title: str
    purpose: str
    basis: str
    since: date
    until: date
    categories: list[str] = document()
    content_hash: str
    """Of what was sent: the same again is the same joint action."""
    opened_by: UUID
    opened_at: datetime = moment()
    report: str = ""
    results: dict[str, Any] | None = document(nullable=True)
    """What had been done on the day of closing; what happens to its hazards later does not change it."""
    ended_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.JOINT_ACTION, self.id, self.area_code)


class JointPart(Row, table=True):
    """What one authority was asked to do in a joint action, and its answer."""

    __tablename__ = "joint_parts"
    __table_args__ = (
        Index(
            "uq_joint_parts_standing",
            "action_id",
            "authority_id",
            unique=True,
            postgresql_where=text("state in ('asked', 'accepted', 'reported')"),
        ),
    )

    id: UUID = Field(primary_key=True)
    action_id: UUID = Field(index=True, foreign_key="joint_actions.id")
    authority_id: UUID = Field(index=True)
    state: JointPartState = word(JointPartState, default=JointPartState.ASKED)
    what: str
    report_by: date
    asked_at: datetime = moment()
    answer: str = ""
    """Why it was declined or released, or the authority's report."""
    files: list[dict[str, Any]] = several()
    late: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    by_id: UUID
    """Who made its last move."""
    at: datetime = moment()


class JointTarget(Row, table=True):
    """An enterprise that is to be visited; it is not told."""

    __tablename__ = "joint_targets"

    action_id: UUID = Field(primary_key=True, foreign_key="joint_actions.id")
    enterprise_id: UUID = Field(primary_key=True)
    chosen_by: UUID
    """The party that chose it."""
    chosen_at: datetime = moment()


class JointVisit(Row, table=True):
    """That an authority's visit was made for a joint action; one visit counts once."""

    __tablename__ = "joint_visits"

    visit_id: UUID = Field(primary_key=True, foreign_key="visits.id")
    action_id: UUID = Field(index=True, foreign_key="joint_actions.id")
    authority_id: UUID
    enterprise_id: UUID
    hazard_ids: list[str] = several()
    """What the authority says came of it."""
    recorded_by: UUID
    recorded_at: datetime = moment()
