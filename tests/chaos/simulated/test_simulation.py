"""Ten thousand accidents in virtual time: whatever breaks is healed, and known mistakes are found."""

import os
import sys
from resource import RUSAGE_CHILDREN, getrusage

import pytest
from chaos.simulated.mutants import MUTANTS, Patch
from chaos.simulated.simulation import replay, run
from chaos.simulated.violation import Violation

ONE = os.environ.get("COMMONWATCH_SIM_SEED")
SHORT = [int(ONE)] if ONE else range(1_000)
LONG = 10_000
LONG_S = 60.0
CORES = 2
MUTANT_SEEDS = 1_500


def test_every_accident_of_a_thousand_seeds_is_healed() -> None:
    facts = sum(len(replay(seed).world.promised) for seed in SHORT)
    assert facts > 5 * len(SHORT)


def test_the_same_seed_tells_the_same_story_twice() -> None:
    for seed in range(20):
        assert replay(seed).world.trace == replay(seed).world.trace


def test_a_failure_tells_its_seed_its_faults_and_its_last_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[0](monkeypatch)
    with pytest.raises(Violation) as first:
        _search(200)
    story = str(first.value)
    seed = int(story.partition(":")[0].removeprefix("seed "))
    assert f"COMMONWATCH_SIM_SEED={seed}" in story
    assert "faults: " in story
    assert "publishes" in story
    with pytest.raises(Violation) as again:
        replay(seed)
    assert str(again.value) == story


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_known_mistake_is_found(mutant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    with pytest.raises(Violation):
        _search(MUTANT_SEEDS)


def _search(seeds: int) -> None:
    for seed in range(seeds):
        replay(seed)


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_ten_thousand_seeds_are_healed_within_a_minute(capfd: pytest.CaptureFixture[str]) -> None:
    before = getrusage(RUSAGE_CHILDREN)
    seconds = run(LONG, CORES)
    after = getrusage(RUSAGE_CHILDREN)
    busy_s = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / CORES
    with capfd.disabled():
        sys.stdout.write(f"\nsimulation: {LONG} seeds in {seconds:.1f} s, {busy_s:.1f} s of each core\n")
    assert busy_s < LONG_S, "whatever else the machine does meanwhile"
