"""What must have happened before a penalty is decided or enforced (D13); without it a fine could fall from the sky.

Amounts are never computed here (domain reference §4.8). Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.errors import BadInput, Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What came before a decision: who reviewed its legality, and when the party was told its rights."""

    reviewer: UUID | None
    reviewer_is_member: bool
    rights_told_at: datetime | None
    opened_at: datetime
    officers: Collection[UUID]


def may_be_decided(before: Preparation, who_id: UUID, now: datetime) -> None:
    """Refuse a decision without legal review, or before the party was told its rights (Penalty Law art. 44, 58, 62)."""
    if before.reviewer is None:
        raise BadInput(
            "legal-review-missing",
            "Name who reviewed the decision's legality.",
            "未经法制审核，不得作出决定；请注明法制审核人员。",
        )
    if not before.reviewer_is_member:
        raise BadInput(
            "not-an-officer-here",
            "The legal reviewer does not act for this authority.",
            "法制审核人员不是本部门人员。",
            officers=[str(before.reviewer)],
        )
    if before.reviewer in {who_id, *before.officers}:
        raise Conflict(
            "reviewer-is-officer",
            "Who investigates or decides does not review the decision's legality.",
            "案件承办人员和决定人员不得担任本案法制审核人员。",
        )
    if before.rights_told_at is None or not before.opened_at <= before.rights_told_at <= now:
        raise BadInput(
            "rights-not-told",
            "Before the decision the party is told facts, reasons, basis and its rights of statement and defence.",
            "作出决定前，应告知当事人拟作出决定的内容及事实、理由、依据，以及其陈述、申辩等权利。",
            opened_at=before.opened_at,
        )


def demand_followed_the_decision(served_on: date, decided_on: date, today: date) -> None:
    """A demand notice 催告 is served after the decision that it recalls, and not in the future."""
    if not decided_on <= served_on <= today:
        raise BadInput(
            "demand-time",
            "The demand notice is served after the decision, and not in the future.",
            "催告书应在处罚决定作出之后送达，且不得晚于今日。",
        )


def demand_was_given_its_time(ended: datetime, now: datetime) -> None:
    """The court is asked only after a demand notice had its days (Compulsion Law art. 54)."""
    if now <= ended:
        raise Conflict(
            "demand-too-recent",
            "The court is asked only after the demand notice has had its days.",
            "催告书送达后法定期限届满仍未履行的，方可申请法院强制执行。",
            until=ended,
        )
