"""What the law lets an authority think of besides (§4.3): proposed and explained, never decided nor reckoned. Pure.

A daily fine may follow where an order and a fine were not obeyed (WSL art. 112 [L]); closure is proposed to the
government where a major hazard stands and penalties pile up (WSL art. 113(1) [L]). Both are somebody's decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ProposalKind(StrEnum):
    DAILY_FINE = "daily_fine"
    CLOSE_DOWN = "close_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalised:
    """A penalty that stands: revoked and dropped ones do not count."""

    case_number: str
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What may be thought of, since when, and why; `fine_yuan` is the amount that the authority itself had decided."""

    kind: ProposalKind
    since: date
    cases: tuple[str, ...]
    fine_yuan: int | None = None
    why_en: str
    why_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PileOf:
    """How many penalties make a pile: so many in the window, or so many in a year (`a_year_ago` is its first day)."""

    window_days: int
    in_window: int
    in_a_year: int
    a_year_ago: date


def close_down(penalties: Sequence[Penalised], rule: PileOf, today: date, *, major_stands: bool) -> Proposal | None:
    """Propose closure where a major hazard stands and penalties reached either number."""
    if not major_stands:
        return None
    for first, wanted in (
        (today - timedelta(days=rule.window_days), rule.in_window),
        (rule.a_year_ago, rule.in_a_year),
    ):
        counted = sorted((each for each in penalties if first <= each.decided_on <= today), key=lambda p: p.decided_on)
        if len(counted) >= wanted:
            return Proposal(
                kind=ProposalKind.CLOSE_DOWN,
                since=counted[wanted - 1].decided_on,
                cases=tuple(each.case_number for each in counted),
                why_en=f"A major hazard stands, and {len(counted)} penalties were decided since {first} "
                f"({wanted} are enough). Closure may be proposed to the government.",
                why_zh=f"存在重大事故隐患，且自 {first} 以来已受到 {len(counted)} 次行政处罚（达到 {wanted} 次），"
                "可以提请地方人民政府予以关闭。",
            )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disobeyed:
    """An order whose limit passed, and the fine that was served for it."""

    order_number: str
    ordered_on: date
    limit: date
    case_number: str
    served_on: date
    fine_yuan: int
    stays: tuple[tuple[date, date], ...] = ()
    """From which day the order was stayed and on which it went on, the earliest first."""


def daily_fine(found: Disobeyed | None, begins_after_days: int, today: date, *, stands: bool) -> Proposal | None:
    """Say that a fine by the day may be thought of: ordered, fined, and still not put right after the limit.

    On days on which the order was stayed nobody disobeyed it.
    """
    if found is None or not stands or today <= found.limit or found.fine_yuan == 0:
        return None
    since = found.ordered_on + timedelta(days=begins_after_days)
    for first, went_on in found.stays:
        if first <= since < went_on:
            since = went_on
    left_out = [(first, went_on - timedelta(days=1)) for first, went_on in found.stays if since < first < went_on]
    but_en = "".join(f" Not for {first} to {last}: the order was stayed." for first, last in left_out)
    but_zh = "".join(f"{first} 至 {last} 中止执行，不计入。" for first, last in left_out)
    return Proposal(
        kind=ProposalKind.DAILY_FINE,
        since=since,
        cases=(found.case_number,),
        fine_yuan=found.fine_yuan,
        why_en=f"Order {found.order_number} of {found.ordered_on} was not obeyed by {found.limit}, although a fine was "
        f"served on {found.served_on}. From {since} on the original amount may be imposed for each day.{but_en}",
        why_zh=f"{found.ordered_on} 作出的指令（{found.order_number}）至 {found.limit} 仍未落实，"
        f"且已于 {found.served_on} 送达罚款决定。可以自 {since} 起按照原处罚数额按日连续处罚。{but_zh}",
    )
