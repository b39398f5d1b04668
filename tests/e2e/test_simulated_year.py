"""A year of the county: every missed deadline climbed its ladder exactly once, and the tally explains how far."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from simulated_year import HAZARDS, Year

from shared.profile import Profile
from shared.testing import OpenPlatform, Platform

LEVEL = {"reminder": 1, "warning": 2, "supervision": 3, "interview": 4, "proposal": 5}
AFTER = {"reminder": 2, "warning": 3, "supervision": 4, "interview": 5}
Row = Mapping[str, Any]


@pytest.mark.timeout(300)  # twenty seconds of work in Python, and a machine may have other things to do
async def test_in_a_year_every_missed_deadline_climbs_its_ladder_exactly_once(services_here: OpenPlatform) -> None:
    async with services_here("registry", "inspection") as platform:
        end = platform.now + timedelta(days=366)
        year = Year(platform, end)
        await year.found()
        await year.run()
        assert await platform.dead_letters() == []
        await every_ladder_was_climbed_once(platform, end)


async def every_ladder_was_climbed_once(platform: Platform, end: datetime) -> None:
    deadlines = await platform.rows(
        "inspection",
        "select d.*, h.grade, p.kind as party, e.id as enterprise from deadlines d"
        " left join hazards h on h.id = d.object_id left join parties p on p.id = d.owed_by"
        " left join enterprises e on e.id = d.owed_by",
    )
    climbs = await platform.rows("inspection", "select * from climbs order by at, id")
    letters = await platform.rows("inspection", "select * from letters")
    rules: Profile = platform.service("inspection").database.info["profile"]
    roots = [row for row in deadlines if row["object_kind"] in {"entry", "hazard"}]
    missed = [row for row in roots if row["due_at"] < (row["ended_at"] or end)]
    expected = {
        (row["id"], level) for row in missed for level in ladder_of(row, deadlines, letters, climbs, rules, end)
    }
    climbed = [(row["root_id"], LEVEL[row["instrument"]]) for row in climbs]
    assert len(climbed) == len(set(climbed)), "a step was climbed twice"
    assert set(climbed) == expected
    await each_is_told_once(platform, deadlines, climbs, letters, end)
    tally = told(roots, missed, climbs, letters, await platform.rows("inspection", "select * from proposals"))
    sys.stdout.write(f"\n{tally}\n")
    for level in LEVEL:
        assert f"{level}:" in tally, "the year is long enough to see each step"


def ladder_of(
    row: Row, deadlines: Iterable[Row], letters: Iterable[Row], climbs: Iterable[Row], rules: Profile, end: datetime
) -> set[int]:
    """Say by our own reckoning which steps a missed clock must have led to."""
    if row["owed_by"] is None:
        return set()
    stopped = row["ended_at"] or end
    major = row["grade"] == "major"
    plan = {2: "ladder.warning.major"} if major else {1: "ladder.reminder", 2: "ladder.warning"}
    happened = [(rules.due(key, row["due_at"]).at, level) for level, key in {**plan, 3: "ladder.supervision"}.items()]
    happened += [
        (clock["due_at"], AFTER[letter["kind"]])
        for letter in letters
        for clock in deadlines
        if clock["object_id"] == letter["id"] and clock["key"].startswith("letter.reply")
        if clock["due_at"] < (clock["ended_at"] or end)
        if row["id"] == still_waiting(letter, clock["due_at"], deadlines, climbs)
    ]
    steps: set[int] = set()
    for at, level in sorted(happened):
        if at < stopped and level > max(steps, default=0):
            steps.add(level)
    too_many = {each["root_id"] for each in climbs if each["rule"] == "ladder.interview.supervisions"}
    if row["id"] in too_many:
        steps.add(4)
    return steps


def still_waiting(letter: Row, at: datetime, deadlines: Iterable[Row], climbs: Iterable[Row]) -> UUID | None:
    """Give the first of the clocks on whose account a letter was written that nobody had met at a moment."""
    ended = {row["id"]: row["ended_at"] for row in deadlines}
    behind = sorted(
        (row for row in climbs if row["letter_id"] == letter["id"]), key=lambda row: (row["joined"], row["at"])
    )
    roots = [row["root_id"] for row in behind if ended[row["root_id"]] is None or at < ended[row["root_id"]]]
    return roots[0] if roots else None


async def each_is_told_once(
    platform: Platform, deadlines: list[Row], climbs: list[Row], letters: list[Row], end: datetime
) -> None:
    """See that each miss is one fact, each letter one step, and no two letters say the same in the same minute."""
    fired = await platform.rows(
        "inspection", "select deadline_id, rung, due_at, count(*) as n from deadline_changes where what = 'fired'"
        " group by deadline_id, rung, due_at",
    )  # fmt: skip
    assert {row["n"] for row in fired} == {1}
    told_missed = {(row["deadline_id"], row["due_at"]) for row in fired if row["rung"] == "missed"}
    late = {(row["id"], row["due_at"]) for row in deadlines if row["due_at"] < (row["ended_at"] or end)}
    assert {each for each in late if each[1] + timedelta(hours=1) < end} <= told_missed
    by_platform = {row["id"] for row in letters if row["capacity"] == "system"}
    assert by_platform == {row["letter_id"] for row in climbs if row["letter_id"] is not None and not row["joined"]}
    minutes = Counter(
        (row["addressee_id"], row["kind"], row["root_id"], row["sent_at"].replace(second=0, microsecond=0))
        for row in letters
    )
    assert set(minutes.values()) <= {1}
    third = Counter[tuple[UUID, int, int]]()
    for row in sorted(letters, key=lambda row: row["number"]):
        if row["kind"] == "supervision":
            local = row["sent_at"] + timedelta(hours=8)
            third[row["addressee_id"], local.year, (local.month - 1) // 3] += 1
    called = {row["to_id"] for row in climbs if row["rule"] == "ladder.interview.supervisions"}
    assert called == {party for (party, *_), n in third.items() if n >= 3}


def told(roots: list[Row], missed: list[Row], climbs: list[Row], letters: list[Row], proposals: list[Row]) -> str:
    """Write the year down: what was due, what was missed, how far each climbed and why it went no further."""
    by_step, letter_kinds = Counter(row["instrument"] for row in climbs), Counter(row["kind"] for row in letters)
    highest: dict[UUID, int] = {}
    for row in climbs:
        highest[row["root_id"]] = max(highest.get(row["root_id"], 0), LEVEL[row["instrument"]])
    reached = Counter(highest.get(row["id"], 0) for row in missed)
    done = sum(row["ended_at"] is not None for row in missed)
    lines = [
        f"{HAZARDS} matters, {len(roots)} clocks, {len(missed)} missed ({done} done late, {len(missed) - done} never)",
        *(f"{step}: {by_step[step]} climbed" for step in LEVEL if by_step[step]),
        *(f"highest level {level}: {reached[level]} clocks" for level in sorted(reached)),
        f"letters: {dict(letter_kinds)}",
        f"joined to a letter that was there: {sum(row['joined'] for row in climbs)}",
        f"passed over, a higher step being due: {sum(row['letter_id'] is None for row in climbs) - len(proposals)}",
        f"proposals: {dict(Counter(row['state'] for row in proposals))}",
    ]
    assert sum(reached.values()) == len(missed)
    return "\n".join(lines)
