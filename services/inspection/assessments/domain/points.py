"""The arithmetic of assessments: bounded points, and null where nothing was due (F10, §10.2). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import BadInput


class Indicator(StrEnum):
    """What is scored: the indicators of domain reference §10.1, and the tasks of the committee's own resolutions."""

    H1_FOUND = "h1_found"
    H3_RECTIFIED = "h3_rectified"
    H4_ON_TIME = "h4_on_time"
    H5_OVERDUE = "h5_overdue"
    H6_MAJOR = "h6_major"
    H8_RECURRENT = "h8_recurrent"
    H9_LOOK_BACK = "h9_look_back"
    I1_VISITS = "i1_visits"
    I2_PLAN = "i2_plan"
    I4_QUALITY = "i4_quality"
    R1_REPORTS = "r1_reports"
    A1_ACCIDENTS = "a1_accidents"
    S1_SUPERVISION = "s1_supervision"
    TASKS = "tasks"


EFFORT = frozenset({Indicator.I1_VISITS, Indicator.I2_PLAN})
"""What a party does; all others are what comes of it. They are shown apart (§10.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One indicator. `part` of `whole`, or a plain count in `part`; `points` None: nothing could be scored."""

    indicator: Indicator
    most: float
    part: int
    whole: int | None = None
    points: float | None = None

    @property
    def value(self) -> float | None:
        """The share; None where there was nothing to have a share of, or where the indicator is a count."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Total:
    """What a party has of what it could have. Indicators that could not be scored count on neither side."""

    points: float | None
    out_of: float | None
    least_n: int | None
    """The smallest number of cases on which a scored share rests; None: no scored indicator is a share."""


def lines_are_fair(lines: Sequence[Line], most_together: float) -> None:
    """Refuse what would make a score a lie; raises 422 with the indicator that is wrong."""
    if len({line.indicator for line in lines}) < len(lines):
        raise BadInput("indicator-twice", "An indicator is given twice.", "同一指标重复登记。")
    together = round(sum(line.most for line in lines), 2)
    if together > most_together:
        raise BadInput(
            "too-many-points",
            f"The indicators together give at most {most_together:g} points; these give {together:g}.",
            f"各指标满分合计不得超过 {most_together:g} 分，现为 {together:g} 分。",
            most=most_together,
        )
    for line in lines:
        _line_is_fair(line)


def _line_is_fair(line: Line) -> None:
    if line.whole is not None and line.part > line.whole:
        raise BadInput(
            "part-above-whole",
            "A part is greater than its whole.",
            "分子大于分母。",
            indicator=line.indicator,
        )
    if line.whole == 0 and line.points is not None:
        raise BadInput(
            "empty-denominator",
            "Nothing was due, so nothing is scored: leave the points out.",
            "分母为零，无可考核事项，不得评分。",
            indicator=line.indicator,
        )
    if line.points is not None and line.points > line.most:
        raise BadInput(
            "points-out-of-bounds",
            "Points lie between none and the most that the indicator gives.",
            "得分须在零分至该指标满分之间。",
            indicator=line.indicator,
            most=line.most,
        )


def total_of(lines: Sequence[Line]) -> Total:
    """Add up what could be scored; nothing at all is no score, and not nought."""
    scored = [(line.points, line) for line in lines if line.points is not None]
    if not scored:
        return Total(None, None, None)
    cases = [line.whole for _, line in scored if line.whole is not None]
    points, out_of = sum(points for points, _ in scored), sum(line.most for _, line in scored)
    return Total(round(points, 2), round(out_of, 2), min(cases, default=None))


class Unranked(StrEnum):
    """Why a party has no rank."""

    NOTHING_SCORED = "nothing_scored"
    TOO_FEW = "too_few_cases"


def unranked(total: Total, least: int) -> Unranked | None:
    """Tell why there is no rank: nothing was scored, or a share rests on fewer cases than `least` (§10.2)."""
    if total.points is None:
        return Unranked.NOTHING_SCORED
    return Unranked.TOO_FEW if total.least_n is None or total.least_n < least else None


def share_of(total: Total) -> float | None:
    """Give points by what could be had, so that parties with different indicators can be compared."""
    return None if total.points is None or not total.out_of else round(total.points / total.out_of, 4)


def ranks(shares: Mapping[str, float]) -> dict[str, int]:
    """Rank the greatest share first; equal shares share a rank, and the next one is skipped."""
    return {one: 1 + sum(other > share for other in shares.values()) for one, share in shares.items()}
