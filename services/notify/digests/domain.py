"""Which reminders may wait for the day's digest, and when that goes out. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.contracts.inspection import DeadlineApproaching
from shared.contracts.values import Grade
from shared.profile import Profile

TEMPLATE = "deadline_digest"
NEAREST = 10
"""So many are named one by one; of the others the message says how many there are."""
HOUR = "notify.digest.hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One clock that is near."""

    deadline_id: UUID
    due_at: datetime
    what_en: str
    what_zh: str
    number: str
    key: str | None = None
    explanation_en: str | None = None
    explanation_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What one message says: how many, of what kinds, and the nearest."""

    count: int
    kinds: Sequence[tuple[str, int]]
    nearest: Sequence[Reminder]


def waits(event: DeadlineApproaching) -> bool:
    """Tell whether a reminder may wait for the day's digest: not that of a major hazard, which is told at once.

    After an outage it may come with the fact that the clock ran out: then that alone is told.
    """
    return event.grade is not Grade.MAJOR and event.due_at > event.at


def goes_out_at(rules: Profile, at: datetime) -> datetime:
    """Give the next hour of a working day at which digests go out: today's, if that is still to come."""
    today = rules.local_day(at)
    slot = _slot(rules, today)
    if rules.working_days.is_working(today) and at < slot:
        return slot
    return after(rules, today)


def after(rules: Profile, day: date) -> datetime:
    """Give the hour of the first working day after a day."""
    day += timedelta(days=1)
    while not rules.working_days.is_working(day):
        day += timedelta(days=1)
    return _slot(rules, day)


def gathered(reminders: Sequence[Reminder], language: str) -> Digest:
    """Put the nearest first, and count what they ask for."""
    order = sorted(reminders, key=lambda each: (each.due_at, each.number, each.deadline_id))
    kinds = Counter(each.what_en if language == "en" else each.what_zh for each in order)
    return Digest(len(order), kinds.most_common(), order[:NEAREST])


def _slot(rules: Profile, day: date) -> datetime:
    hour = int(rules.number(HOUR, day))
    return datetime.combine(day, time(hour), rules.timezone).astimezone(UTC)
