"""What it costs to compute a due date; without it a rule asked for each row of a list could become its price."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from figures import Figure

from shared.profile import Profile, load

NAMES = ("calendar", "calendar.explained")
GOAL = 200_000
LAST = time(23, 59, 59)
PROFILES = Path(__file__).parents[2] / "profiles"
KEYS = {
    "cn": ("report.decide_acceptance", "hazard.recheck", "hazard.danger_call", "listing.limit"),
    "us-osha": ("order.contest", "hazard.limit", "accident.report.principal", "risk.window"),
}
"""One key of each way to count: working days, calendar days, hours, months or years."""


async def calendar(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Compute due dates of every unit under two countries' rules, from starts all over three years.

    The floor is what no calendar saves: the local day of the start, and its end, in UTC.
    """
    rounds, many = (3, 500) if quick else (9, 4000)
    profiles = [(load(name, PROFILES), keys) for name, keys in KEYS.items()]
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    starts = [begin + timedelta(minutes=each * 3 * 365 * 24 * 60 / many) for each in range(many)]
    for profile, keys in profiles:
        _dates(profile, keys, starts)  # years are tabled when first counted through
    for name, measure in (("calendar", _dates), ("calendar.explained", _explained)):
        if name not in wanted:
            continue
        values, floors, working = list[float](), list[float](), list[float]()
        for _ in range(rounds):
            floors.append(_floor(profiles[0][0], starts))
            took_s = sum(measure(profile, keys, starts) for profile, keys in profiles)
            values.append(sum(len(keys) for _, keys in profiles) * many / took_s)
            working.append(many / measure(profiles[0][0], ("report.decide_acceptance",), starts))
        value, floor = median(values), median(floors)
        said = (
            f"{rounds} rounds of {many} starts for {sum(map(len, KEYS.values()))} rules of cn and us-osha, "
            f"{min(values):,.0f} to {max(values):,.0f}/s; working days alone {median(working):,.0f}/s; processor time "
            "of one process; floor: the local day and its end in UTC"
        )
        goal = f"≥ {GOAL:,}/s" if name == "calendar" else ""
        yield Figure(name, value, "dates/s", goal, value >= GOAL if goal else None, floor, value / floor, said)


def _dates(profile: Profile, keys: tuple[str, ...], starts: list[datetime]) -> float:
    """Measure one date for each key and start, in seconds of the processor: others may share this machine."""
    due = profile.due
    began = process_time()
    for key in keys:
        for start in starts:
            due(key, start)
    return process_time() - began


def _explained(profile: Profile, keys: tuple[str, ...], starts: list[datetime]) -> float:
    """Measure the same with its sentences in both languages."""
    due = profile.due
    began = process_time()
    for key in keys:
        for start in starts:
            found = due(key, start)
            _ = found.explanation_en, found.explanation_zh
    return process_time() - began


def _floor(profile: Profile, starts: list[datetime]) -> float:
    began = process_time()
    for start in starts:
        datetime.combine(start.astimezone(profile.timezone).date(), LAST, profile.timezone).astimezone(UTC)
    return len(starts) / (process_time() - began)
