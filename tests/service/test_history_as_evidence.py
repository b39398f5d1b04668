"""A history that nobody can edit: the database refuses, and what is changed all the same is found, entry by entry."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import inspection_county as county
import pytest
from hazard_stages import ORDER, assigned, closed, ordered
from inspection_county import actor, get, post
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from services.cli.history import app, examined
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

auditor = actor(Role.AUDITOR)


@pytest.fixture
async def story(services_here: OpenPlatform) -> AsyncIterator[tuple[Platform, str]]:
    async with services_here("inspection") as platform:
        yield platform, await ordered(platform)


async def _export(platform: Platform, hazard: str) -> str:
    async with platform.client("inspection", auditor) as http:
        answer = await http.get(f"{hazard}/history/export")
    assert answer.status_code == 200, answer.text
    return answer.text


async def _by_force(platform: Platform, statement: str) -> None:
    """Change the table as somebody could who owns the database."""
    async with platform.service("inspection").database.engine.begin() as tx:
        for each in (
            "alter table history disable trigger history_kept",
            statement,
            "alter table history enable trigger history_kept",
        ):
            await tx.execute(text(each))


@pytest.mark.parametrize(
    "statement", ["update history set reason = 'x'", "delete from history", "update history set at = at where false"]
)
async def test_the_database_refuses_to_change_or_delete_what_happened(
    story: tuple[Platform, str], statement: str
) -> None:
    platform, _ = story
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with platform.service("inspection").database.engine.begin() as tx:
            await tx.execute(text(statement))


async def test_what_somebody_says_of_hashes_when_writing_does_not_count(story: tuple[Platform, str]) -> None:
    platform, hazard = story
    forged = (
        "insert into history"
        " (object_kind, object_id, at, capacity, verb, state_to, reason, basis, facts, hash, prev_hash)"
        " select 'hazard', object_id, now(), 'system', 'close', 'closed', '', '', '{}', 'x', 'y' from history"
        f" where object_id = '{hazard.rpartition('/')[2]}' limit 1"
    )
    async with platform.service("inspection").database.engine.begin() as tx:
        await tx.execute(text(forged))
    assert examined(await _export(platform, hazard)).fault is None


async def test_each_object_has_a_chain_of_its_own_from_its_first_row_to_its_last(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await closed(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        rows = await platform.rows("inspection", "select object_id, hash, prev_hash from history order by id")
        ends: dict[object, str | None] = {}
        for row in rows:
            assert row["prev_hash"] == ends.get(row["object_id"])
            ends[row["object_id"]] = row["hash"]
        # The entry, whose first row the hot path writes, the hazard, and the documents of its order and its re-check.
        assert len(ends) == 4
        assert len({row["hash"] for row in rows}) == len(rows)


async def test_an_export_verifies_without_the_database(story: tuple[Platform, str], tmp_path: Path) -> None:
    platform, hazard = story
    file = tmp_path / "history.jsonl"
    file.write_text(await _export(platform, hazard), "utf-8")
    told = CliRunner().invoke(app, ["verify", str(file)])
    shown = (await get(platform, county.desk, f"{hazard}/history"))["items"]
    assert told.exit_code == 0, told.output
    assert f"{len(shown)} entries" in told.output
    assert shown[-1]["hash"] in told.output
    first, *lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (first["history"]["entries"], first["history"]["head"]) == (len(shown), shown[-1]["hash"])
    assert [line["entry"]["verb"] for line in lines] == [move["verb"] for move in shown]
    entry = lines[-1]["entry"]
    assert (entry["capacity"], entry["basis"]) == ("authority.officer", ORDER["basis"])
    assert (entry["state_from"], entry["state_to"], entry["at"]) == (
        "assigned",
        "ordered",
        "2026-09-30T01:00:00.000000Z",
    )


Change = Callable[[list[str]], list[str]]
CHANGES: list[tuple[str, Change]] = [
    ("Entry 2 (confirm, 2026-09-30T01:00:00.000000Z) was changed", lambda told: _said(told, 2, "confirmed", "voided")),
    (
        "Entry 2 (confirm, 2026-09-30T01:00:00.000000Z) was changed",
        lambda told: _said(told, 2, '"hash":"', '"hash":"f'),
    ),
    ("Entry 3 (order, 2026-09-30T01:00:00.000000Z) does not follow", lambda told: [*told[:3], *told[4:]]),
    ("Entry 2 (assign, 2026-09-30T01:00:00.000000Z) does not", lambda told: [*told[:2], told[3], told[2], *told[4:]]),
    ("Entry 4 is missing", lambda told: told[:-1]),
    ("Entry 3 (assign, 2026-09-30T01:00:00.000000Z) was changed", lambda told: _said(told, 3, told[3][8:74], "null")),
    ("Entry 4 (?, ?) was changed", lambda told: [*told[:4], "rubbish", *told[5:]]),
    ("The first line does not say", lambda told: told[1:]),
]


def _said(told: list[str], line: int, old: str, new: str) -> list[str]:
    assert old in told[line]
    return [*told[:line], told[line].replace(old, new, 1), *told[line + 1 :]]


async def test_whatever_is_changed_in_an_export_is_named_by_its_first_broken_entry(
    story: tuple[Platform, str], tmp_path: Path
) -> None:
    platform, hazard = story
    told = (await _export(platform, hazard)).splitlines()
    assert len(told) == 5
    for number, (fault, change) in enumerate(CHANGES):
        file = tmp_path / f"{number}.jsonl"
        file.write_text("".join(f"{line}\n" for line in change(told)), "utf-8")
        found = CliRunner().invoke(app, ["verify", str(file)])
        assert found.exit_code == 1, (number, found.output)
        assert fault in " ".join(found.output.split()), (number, found.output)


async def test_a_row_changed_by_force_in_the_database_is_named(story: tuple[Platform, str]) -> None:
    platform, hazard = story
    await _by_force(platform, "update history set who_id = gen_random_uuid() where verb = 'confirm'")
    assert str(examined(await _export(platform, hazard)).fault).startswith("Entry 2 (confirm")
    await _by_force(platform, "delete from history where verb = 'confirm'")
    assert str(examined(await _export(platform, hazard)).fault).startswith("Entry 2 (assign")


async def test_entries_older_than_the_seal_are_counted_and_what_follows_is_still_chained(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await _by_force(platform, "update history set hash = null, prev_hash = null")  # as rows before the columns
        await post(platform, county.li, f"{hazard}/order", 200, **ORDER)
        found = examined(await _export(platform, hazard))
        assert (found.entries, found.unsealed, found.fault) == (4, 3, None)


async def test_only_those_who_supervise_take_a_history_home(story: tuple[Platform, str]) -> None:
    platform, hazard = story
    told = {county.desk: 200, county.committee: 200, auditor: 200, county.fire_desk: 404, county.principal: 403}
    told |= {county.agency: 403, county.township: 403, county.volunteer: 403}
    for who, status in told.items():
        async with platform.client("inspection", who) as http:
            answer = await http.get(f"{hazard}/history/export")
            assert answer.status_code == status, (who, answer.text)
            kind = "application/x-ndjson" if answer.is_success else "application/problem+json"
            assert answer.headers["content-type"].startswith(kind)
