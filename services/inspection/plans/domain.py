"""How many days a year's plan may spend (domain reference §7.1); without it a plan would promise more than there is."""

from dataclasses import dataclass

from shared.errors import BadInput


def legal_workdays(days: int, weekend_days: int, holidays: int) -> int:
    """Give the days that one officer works in a year; holidays are those that fall on no weekend."""
    return days - weekend_days - holidays


@dataclass(frozen=True, slots=True)
class Capacity:
    """The working days of an authority's officers in one year (安监总政法〔2017〕150号 [S])."""

    workdays: int
    """Legal working days of one officer."""
    officers: int
    other_enforcement: int
    """Days for cases, reports, special campaigns and other enforcement than planned visits."""
    other_work: int
    """Days for training, meetings, leave and whatever is no enforcement."""

    @property
    def total(self) -> int:
        return self.workdays * self.officers

    @property
    def supervision(self) -> int:
        """Give the days that are left for planned visits; raises BadInput when the rest takes more than there is."""
        left = self.total - self.other_enforcement - self.other_work
        if left < 0:
            raise BadInput(
                "plan-exceeds-days",
                f"Other work takes {-left} days more than the {self.total} that the officers have.",
                f"其他工作超出执法人员总工作日 {self.total} 天，超出 {-left} 天。",
                total=self.total,
                missing=-left,
            )
        return left


def general_days(capacity: Capacity, key_days: int) -> int:
    """Give the days for general units, drawn at random, after those for key units, which are all visited."""
    left = capacity.supervision - key_days
    if left < 0:
        raise BadInput(
            "key-visits-exceed-days",
            f"Visits of key units take {-left} days more than the plan has.",
            f"重点检查超出监督检查工作日 {-left} 天。",
            supervision=capacity.supervision,
            missing=-left,
        )
    return left
