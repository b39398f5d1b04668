"""What the doctor says of deadlines, asked of a real database: none late, some late, some that fail each time."""

import inspection_county as county
import pytest
from clock_stages import look, plant, rows, watched
from worklist_stages import ident

from services.cli.doctor import clocks
from shared.raw import DatabaseFault
from shared.testing import OpenPlatform, Platform

WELL = ("deadlines: 0 late, 0 put off", None)


async def _falls_due(platform: Platform, nth: int, when: str, **changes: str) -> None:
    """Let a rung of the nth hazard's clock fall due so long before or after the database's own time."""
    also = "".join(f", {name} = {value}" for name, value in changes.items())
    _, connection = platform.relays["inspection"]
    await connection.execute(
        f"update deadlines set next_at = now() + interval '{when}'{also} where object_id = $1",
        ident(nth),
    )


async def _said(platform: Platform) -> tuple[str, str | None]:
    return await clocks(platform.relays["inspection"][1])


async def test_the_doctor_finds_nothing_where_no_rung_waits(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        assert await _said(platform) == WELL
        await plant(platform, *["hazard.assign"] * 6)
        await _falls_due(platform, 1, "1 hour")
        await _falls_due(platform, 2, "-30 seconds")  # the scheduler has a minute
        for nth, state in enumerate(("paused", "met", "cancelled"), 3):
            await _falls_due(platform, nth, "-1 hour", state=f"'{state}'", tries="1")
        await _falls_due(platform, 6, "-1 hour", rung="'supervision'")
        _, connection = platform.relays["inspection"]
        await connection.execute("update deadlines set next_at = null where rung = 'supervision'")
        assert await _said(platform) == WELL


async def test_the_doctor_counts_rungs_that_should_have_been_fired(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await plant(platform, *["hazard.assign"] * 3)
        await _falls_due(platform, 1, "-61 seconds")
        await _falls_due(platform, 2, "-2 days", rung="'missed'")
        await _falls_due(platform, 3, "1 day")
        said, remedy = await _said(platform)
        assert said == "deadlines: 2 late, 0 put off"
        assert remedy is not None
        assert "catches up by itself" in remedy


async def test_the_doctor_tells_of_a_rung_that_fails_each_time(services_here: OpenPlatform) -> None:
    """A poison row is put off anew each time and is therefore rarely late: it is counted by its tries."""
    async with services_here("inspection") as platform:
        await plant(platform, "hazard.assign", "hazard.assign")
        climbed = watched(platform)
        await look(platform)
        climbed.refuses = {ident(1)}
        platform.travel(days=10)
        await look(platform)
        [poison] = [row for row in await rows(platform) if row["tries"]]
        assert (poison["object_id"], poison["owed_by"]) == (ident(1), county.EMERGENCY)
        await _falls_due(platform, 1, "1 minute")
        await _falls_due(platform, 2, "1 day")
        said, remedy = await _said(platform)
        assert said == "deadlines: 0 late, 1 put off"
        assert remedy is not None
        assert "log of inspection" in remedy
        await _falls_due(platform, 1, "-1 hour")
        assert (await _said(platform))[0] == "deadlines: 1 late, 1 put off"
        await _falls_due(platform, 1, "1 day", tries="0")
        assert await _said(platform) == WELL


async def test_a_database_of_an_older_version_is_a_fault_that_names_its_remedy(services_here: OpenPlatform) -> None:
    async with services_here("notify") as platform:
        with pytest.raises(DatabaseFault, match="deadlines"):
            await clocks(platform.relays["notify"][1])
