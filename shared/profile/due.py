"""A deadline that explains itself; without it nobody could check by hand why a clock ends on that day."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.profile.rules import STANDING, Period

UNITS = {
    "hour": ("hour", "小时"),
    "calendar_day": ("calendar day", "日"),
    "working_day": ("working day", "个工作日"),
    "month": ("month", "个月"),
    "year": ("year", "年"),
}


class Due(NamedTuple):
    """When a clock runs out; provisional while it counts through a year not published yet.

    Its words are made when they are asked for: a list of days needs none.
    """

    at: datetime
    """In UTC."""
    key: str
    rule: Period
    provisional: bool
    start: datetime
    zone: ZoneInfo
    skipped: int = 0
    """Days off that were not counted."""

    @property
    def days(self) -> tuple[date, date]:
        """The local days on which it begins and ends."""
        return self.start.astimezone(self.zone).date(), self.at.astimezone(self.zone).date()

    @property
    def explanation_en(self) -> str:
        rule, skipped = self.rule, self.skipped
        unit = UNITS[rule.unit][0]
        said = (
            f"{rule.value} {unit}{'' if rule.value == 1 else 's'} from {self._begun}"
            if rule.value
            else f"At once, begun {self._begun}"
        )
        if skipped:
            said += f", {skipped} day{'' if skipped == 1 else 's'} off not counted"
        said += f": by {self._until} ({self.zone.key}). {STANDING[rule.mark][0]}: {rule.source}."
        return said + (" Provisional: the holidays of that year are not published yet." if self.provisional else "")

    @property
    def explanation_zh(self) -> str:
        rule = self.rule
        unit = UNITS[rule.unit][1]
        said = f"自 {self._begun} 起 {rule.value} {unit}" if rule.value else f"自 {self._begun} 起立即办理"
        if self.skipped:
            said += f"，扣除休息日 {self.skipped} 天"
        said += f"，截止 {self._until}（{self.zone.key}）。{STANDING[rule.mark][1]}：{rule.source}。"
        return said + ("暂定：该年度放假安排尚未公布。" if self.provisional else "")

    @property
    def _begun(self) -> str:
        return str(self.start.astimezone(self.zone))[:16]

    @property
    def _until(self) -> str:
        return str(self.at.astimezone(self.zone))[:19]
