"""How grave an accident is (domain reference §5.1, Decree 493); without it a level would be somebody's opinion."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.errors import Conflict
from shared.profile import Profile


class Level(StrEnum):
    """From the least grave to the gravest; each is investigated one government higher."""

    ORDINARY = "ordinary"
    LARGER = "larger"
    MAJOR = "major"
    EXTRAORDINARY = "extraordinary"


@dataclass(frozen=True, slots=True)
class Toll:
    """What an accident cost. Acute poisoning counts among the serious injuries; the loss is the direct one."""

    deaths: int = 0
    serious_injuries: int = 0
    loss_fen: int = 0
    """Hundredths of a yuan, so that a bound is met exactly."""


@dataclass(frozen=True, slots=True)
class Bound:
    """From which toll on a level is reached: any one of the three is enough, and the number itself is included."""

    level: Level
    deaths: float
    serious_injuries: float
    loss_yuan: float

    def reached(self, toll: Toll) -> bool:
        return (
            toll.deaths >= self.deaths
            or toll.serious_injuries >= self.serious_injuries
            or toll.loss_fen >= self.loss_yuan * 100
        )


def bounds_of(rules: Profile, on: date) -> tuple[Bound, ...]:
    """Give the bounds in force on the day of an accident, the gravest first."""
    return tuple(
        Bound(level, *(rules.number(f"accident.level.{level}.{what}", on) for what in ("deaths", "injuries", "loss")))
        for level in (Level.EXTRAORDINARY, Level.MAJOR, Level.LARGER)
    )


def level_of(toll: Toll, bounds: tuple[Bound, ...]) -> Level:
    """Give the gravest level that any one condition reaches (art. 3)."""
    return next((each.level for each in bounds if each.reached(toll)), Level.ORDINARY)


def supplement_until(rules: Profile, happened_at: datetime, *, traffic_or_fire: bool) -> date:
    """Give the last local day on which a change in casualties is taken up; it may raise the level (art. 13, 20)."""
    key = "accident.supplement.traffic_or_fire" if traffic_or_fire else "accident.supplement"
    return rules.due(key, happened_at).days[1]


def may_be_supplemented(today: date, last_day: date) -> None:
    """Refuse a change that comes too late: who dies later does not move the level any more."""
    if today > last_day:
        raise Conflict(
            "supplement-too-late",
            f"Changes in casualties are taken up until {last_day}; the level stands.",
            f"伤亡情况变化补报至 {last_day} 为止，事故等级不再调整。",
            last_day=last_day,
        )
