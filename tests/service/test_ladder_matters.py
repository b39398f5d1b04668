"""What else than hazards the ladder presses for, by what name, and which clocks it leaves alone: those of a right."""

from pathlib import Path

import inspection_county as county
import pytest
from committee_stages import assessment_proposed, assigned, minuted_today
from inspection_county import get
from ladder_stages import MISSED, REMINDED, SUPERVISED, WARNED, day_by_day, kinds, late, letters
from visit_stages import known_county

from services.inspection.domain import Kind
from services.inspection.ladder.queries.matters import CALLED
from shared.contracts.inspection import DeadlineMissed
from shared.profile import load
from shared.testing import OpenPlatform

CN = load("cn", Path(__file__).parents[2] / "profiles")
RIGHTS = CN.listing("ladder.rights", MISSED.date())


async def test_a_letter_about_a_task_of_the_committee_names_the_task(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        task = await assigned(platform, await minuted_today(platform), limit=str(MISSED.date()))
        await day_by_day(platform, MISSED, REMINDED)
        assert await kinds(platform) == [("reminder", county.COMMITTEE, county.EMERGENCY)]
        [reminder] = await letters(platform, county.desk)
        assert f"Task of the committee {task['number']}" in reminder["facts"]
        assert f"安委会交办任务 {task['number']}" in reminder["facts"]
        [clock] = (await get(platform, county.committee, "/deadlines?kind=committee_task"))["items"]
        assert (clock["number"], clock["rung"]) == (task["number"], "reminder")


@pytest.mark.parametrize("key", [key for key in RIGHTS if key.startswith("case.")])
async def test_nobody_is_written_to_for_not_speaking_in_a_case(services_here: OpenPlatform, key: str) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await late(platform, county.MILL, key=key)
        await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED)
        assert platform.events(DeadlineMissed) == []
        assert await letters(platform) == []


async def test_nobody_is_written_to_for_saying_nothing_of_an_assessment(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await assessment_proposed(platform)
        await day_by_day(platform, MISSED, REMINDED, WARNED, SUPERVISED)
        assert len(platform.events(DeadlineMissed)) == 1
        assert await letters(platform) == []


def test_every_kind_of_thing_has_a_name_in_letters_and_each_right_is_a_clock() -> None:
    assert set(CALLED) == set(Kind)
    assert {CN.clocks[key].owed_by for key in RIGHTS} == {"enterprise", "assessed_party"}
    assert all(CN.clocks[key].starts for key in RIGHTS)
