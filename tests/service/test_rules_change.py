"""A rule is changed in its file while services run: taken whole, or not at all and told."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.inspection.deadlines.queries import rules_of
from shared.profile import Profile, watching
from shared.service import Service
from shared.settings import ROOT
from shared.testing import OpenPlatform, Platform

DAY = date(2026, 11, 1)
KEY = "hazard.assign"
OVERLAY = """\
extends: cn
rules:
  hazard.assign:
    - { value: 1, unit: working_day, mark: S, valid_from: 2024-01-01, source: "the county's rule, article 7" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A county's own copy of the profiles, with a profile of its own."""
    there = tmp_path / "profiles"
    shutil.copytree(ROOT / "profiles", there)
    (there / "county.yaml").write_text(OVERLAY, "utf-8")
    return there


@pytest.fixture
async def platform(services_here: OpenPlatform, folder: Path) -> AsyncIterator[Platform]:
    async with services_here("inspection", profile="county", profiles_dir=folder, profile_look_s=0.01) as opened:
        yield opened


def write(folder: Path, text: str) -> None:
    """Replace the file as editors and mounted volumes do: at once, by another one."""
    new = folder / "county.yaml.new"
    new.write_text(text, "utf-8")
    new.replace(folder / "county.yaml")


async def days_in_a_transaction(service: Service) -> float:
    async with service.database.transaction() as tx:
        return rules_of(tx).number(KEY, DAY)


async def ready(platform: Platform) -> tuple[int, dict[str, bool]]:
    async with platform.client("inspection") as http:
        answer = await http.get("/health/ready")
        return answer.status_code, answer.json()


async def metric(platform: Platform, name: str) -> str:
    async with platform.client("inspection") as http:
        lines = (await http.get("/metrics")).text.splitlines()
    [line] = [line for line in lines if line.startswith(name) and 'service="inspection"' in line]
    return line.split(" ")[1]


async def test_a_running_service_takes_a_changed_file_by_itself_and_tells_who_computes_from_it(
    platform: Platform, folder: Path
) -> None:
    service = platform.service("inspection")
    told = asyncio.Event()
    heard: list[tuple[float, float]] = []

    async def recompute(before: Profile, after: Profile) -> None:
        heard.append((before.number(KEY, DAY), after.number(KEY, DAY)))
        assert await days_in_a_transaction(service) == 2, "who is told finds the new rules"
        told.set()

    service.rules.on_change.append(recompute)
    assert await days_in_a_transaction(service) == 1
    async with service.running():
        write(folder, OVERLAY.replace("value: 1", "value: 2"))
        await asyncio.wait_for(told.wait(), 10)
        assert await days_in_a_transaction(service) == 2
    assert heard == [(1, 2)]


async def test_a_transaction_keeps_the_rules_with_which_it_began(platform: Platform, folder: Path) -> None:
    service = platform.service("inspection")
    async with service.database.transaction() as tx:
        write(folder, OVERLAY.replace("value: 1", "value: 2"))
        assert await service.rules.look()
        assert rules_of(tx).number(KEY, DAY) == 1
    assert await days_in_a_transaction(service) == 2


async def test_a_broken_file_keeps_the_old_rules_and_the_door_open_and_is_told(
    platform: Platform, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = platform.service("inspection")
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(watching.log, "error", lambda _, **said: told.append(said))
    assert await ready(platform) == (200, {"database": True, "rules": True})
    write(folder, OVERLAY.replace("hazard.assign", "hazard.asign"))
    for _ in range(3):
        assert not await service.rules.look()
    assert await days_in_a_transaction(service) == 1
    assert await ready(platform) == (200, {"database": True, "rules": False})
    assert await metric(platform, "commonwatch_profile_broken") == "1.0"
    [said] = told  # once, though the fault stays
    [fault] = said["faults"]
    assert fault.startswith(
        "county.yaml:3: hazard.asign overrides nothing; an overlay only overrides; near: hazard.assi"
    )

    write(folder, OVERLAY.replace("value: 1", "value: 4"))
    assert await service.rules.look()
    assert await days_in_a_transaction(service) == 4
    assert await ready(platform) == (200, {"database": True, "rules": True})
    assert await metric(platform, "commonwatch_profile_broken") == "0.0"


@pytest.mark.parametrize("text", ["", "extends: [", "extends: cn\nrules: 7\n", OVERLAY[:-20]])
async def test_a_file_that_is_half_written_changes_nothing(platform: Platform, folder: Path, text: str) -> None:
    service = platform.service("inspection")
    before = service.profile
    write(folder, text)
    assert not await service.rules.look()
    assert service.profile is before
    write(folder, OVERLAY)
    assert not await service.rules.look(), "the same rules are no other rules"
    assert service.rules.broken is None
    assert service.profile is before


async def test_what_a_file_stands_on_is_followed_as_well(platform: Platform, folder: Path) -> None:
    service = platform.service("inspection")
    base = folder / "cn.yaml"
    base.write_text(base.read_text("utf-8").replace("one lead department", "one lead authority"), "utf-8")
    assert await service.rules.look()

    write(folder, OVERLAY.replace("extends: cn", "extends: province"))
    assert not await service.rules.look()
    assert service.rules.broken is not None
    (folder / "province.yaml").write_text("extends: cn\nworkdays: { 2026-11-02: false }\n", "utf-8")
    assert await service.rules.look(), "what was lacking came, though the county's file did not change"
    assert not service.profile.working_days.is_working(date(2026, 11, 2))

    (folder / "province.yaml").write_text("extends: cn\n", "utf-8")
    assert await service.rules.look()
    assert service.profile.working_days.is_working(date(2026, 11, 2))


async def test_what_follows_from_a_rule_is_tried_again_until_it_succeeds(platform: Platform, folder: Path) -> None:
    service = platform.service("inspection")
    heard: list[tuple[float, float]] = []

    async def recompute(before: Profile, after: Profile) -> None:
        heard.append((before.number(KEY, DAY), after.number(KEY, DAY)))
        if len(heard) < 3:
            raise ConnectionError("the database is away")

    service.rules.on_change.append(recompute)
    write(folder, OVERLAY.replace("value: 1", "value: 2"))
    assert await service.rules.look()
    write(folder, OVERLAY.replace("value: 1", "value: 3"))
    assert await service.rules.look()
    for _ in range(3):
        assert not await service.rules.look()
    assert heard == [(1, 2), (1, 3), (1, 3)], "it learns from where it has to go on"
