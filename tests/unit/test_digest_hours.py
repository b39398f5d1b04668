"""When the day's digest goes out, and what it names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notify.digests.domain import NEAREST, Reminder, after, gathered, goes_out_at
from shared.profile import load
from shared.settings import ROOT

CN = load("cn", ROOT / "profiles")
DUE = datetime(2026, 10, 13, 15, 59, 59, tzinfo=UTC)
SLOTS = [
    ("2026-09-29T16:00:00", "2026-09-30T01:00:00", "before nine: this morning"),
    ("2026-09-30T00:59:59", "2026-09-30T01:00:00", "a second before nine"),
    ("2026-09-30T01:00:00", "2026-10-08T01:00:00", "at nine: over the national holiday"),
    ("2026-10-03T05:00:00", "2026-10-08T01:00:00", "in the holiday"),
    ("2026-10-09T10:00:00", "2026-10-10T01:00:00", "Friday evening: a make-up Saturday is a working day"),
    ("2026-10-16T10:00:00", "2026-10-19T01:00:00", "Friday evening: Monday"),
]


@pytest.mark.parametrize(("at", "out", "why"), SLOTS, ids=[why for *_, why in SLOTS])
def test_a_digest_goes_out_at_nine_of_a_working_day(at: str, out: str, why: str) -> None:
    told = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert goes_out_at(CN, told) == datetime.fromisoformat(out).replace(tzinfo=UTC), why


def test_what_comes_after_todays_digest_waits_for_the_next_working_day() -> None:
    assert after(CN, DUE.date().replace(day=16)) == datetime(2026, 10, 19, 1, tzinfo=UTC)


def test_the_nearest_are_named_and_all_are_counted_by_what_they_ask_for() -> None:
    reminders = [
        Reminder(
            deadline_id=UUID(int=n),
            due_at=DUE + timedelta(minutes=(7 * n) % 31),
            what_en="remove the hazard" if n % 3 else "hand in the plan",
            what_zh="完成隐患整改" if n % 3 else "提交整改方案",
            number=f"H-{n}",
        )
        for n in range(31)
    ]
    digest = gathered(reminders, "zh")
    assert (digest.count, len(digest.nearest)) == (31, NEAREST)
    assert [each.due_at - DUE for each in digest.nearest] == [timedelta(minutes=n) for n in range(NEAREST)]
    assert digest.kinds == [("完成隐患整改", 20), ("提交整改方案", 11)]
    assert gathered(reminders, "en").kinds[1] == ("hand in the plan", 11)
