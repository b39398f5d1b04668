"""Until when a violation may still be punished (Penalty Law art. 36); without it what is long past would be fined."""

from datetime import date

from shared.errors import BadInput, Conflict


def limit_of(*, life_or_health: bool) -> str:
    """Name the rule that counts: longer where life or health is concerned and harm was done."""
    return "limitation.life_or_health" if life_or_health else "limitation"


def has_ended(ended_on: date, today: date) -> None:
    """What will end some day goes on."""
    if ended_on > today:
        raise BadInput(
            "violation-goes-on",
            "A violation that has not ended yet goes on: leave out the day.",
            "违法行为尚未终了的，不应填写终了日期。",
        )


def came_to_light_in_time(discovered_on: date, until: date) -> None:
    """What nobody found out within the limit is not punished any more; what was found in it, may be (art. 36)."""
    if discovered_on <= until:
        return
    raise Conflict(
        "limitation-passed",
        f"To be punished, the violation had to come to light by {until}; it came to light later.",
        f"该违法行为应于 {until} 前被发现方可给予行政处罚，现已超过追责时效。",
        until=until,
    )
