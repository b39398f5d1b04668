"""What may be asked when a campaign is opened or carried on; without it a refusal would stand in five places. Pure."""

from datetime import date, timedelta

from shared.contracts.inspection.campaigns import (
    CampaignKind,
)
from shared.errors import BadInput


def says_what_is_looked_at(kind: CampaignKind, *, closures: bool, measures: bool) -> None:
    """A policy look-back names measures, the others which closures; never both."""
    policy = kind is CampaignKind.POLICY
    if policy and measures and not closures:
        return
    if not policy and closures and not measures:
        return
    raise BadInput(
        "what-is-looked-at",
        "A policy look-back names the measures; the other two say which closed hazards they are about.",
        "政策落实回头看须列明措施，其他回头看须说明所涉销号隐患的范围。",
        kind=kind,
    )


def period_is_fair(first: date, last: date, today: date, longest_days: int) -> None:
    """The period of closure is over, or ends today, and is no longer than the profile allows."""
    if first <= last <= today and (last - first).days < longest_days:
        return
    raise BadInput(
        "period",
        f"The period ends today at the latest, and has at most {longest_days} days.",
        f"销号时间段不得晚于今日，且不超过 {longest_days} 天。",
        longest_days=longest_days,
    )


def results_day_is_fair(results_by: date | None, today: date, longest_days: int) -> None:
    """The day for the results lies ahead, and not too far."""
    if results_by is None or today < results_by <= today + timedelta(days=longest_days):
        return
    raise BadInput(
        "results-day",
        f"The last day for the results lies after today, at most {longest_days} days ahead.",
        f"反馈期限须晚于今日，且不超过 {longest_days} 天。",
        longest_days=longest_days,
    )


def somebody_is_there(candidates: int) -> None:
    """Nothing can be drawn from an empty list."""
    if candidates:
        return
    raise BadInput(
        "no-candidates",
        "No closed hazard is one of those that you describe.",
        "没有符合条件的已销号隐患。",
    )


def verdict_or_next_day(*, judged: bool, next_by: date | None) -> None:
    """After a verdict no other account is waited for."""
    if judged and next_by is not None:
        raise BadInput(
            "no-next-account",
            "Once the verdict is given no other account is waited for.",
            "已作出评判，无需再定反馈期限。",
        )


def still_room(there: int, more: int, most: int) -> None:
    """Photos help to see; a flood of them does not."""
    if there + more <= most:
        return
    raise BadInput(
        "too-many-photos",
        f"At most {most} photos are kept of one place.",
        f"每处最多提交 {most} 张照片。",
        most=most,
    )


def volunteers_hand_in_elsewhere(*, theirs: bool) -> None:
    """A volunteer's files lie where volunteers are protected; no name comes here with them."""
    if theirs:
        return
    raise BadInput(
        "unknown-evidence",
        "A volunteer hands in photos under /evidence/volunteer.",
        "志愿者的照片须提交至 /evidence/volunteer。",
    )
