"""Reports go in while processes die; what was acknowledged must be everywhere, once, and in order."""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chaos.history import History, Outcome, judge
from chaos.live import Live, platform
from chaos.nemesis import VICTIMS, Nemesis
from chaos.town import DESK, found, reporters

from shared.embedded.files import temporary_directory

SEED = int(os.environ.get("COMMONWATCH_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
SECONDS = float(os.environ.get("COMMONWATCH_CHAOS_SECONDS", "270"))
RATE = 50.0


@pytest.fixture
def var() -> Iterator[Path]:
    with temporary_directory() as home:
        yield home / "var"


@pytest.mark.live
async def test_ten_kills_lose_nothing_and_double_nothing(var: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with _haunted(var, 20.0) as (live, history, nemesis):
        await _judged(live, history, nemesis, capfd)
        await _what_is_broken_is_seen(live, history)


@pytest.mark.chaos
@pytest.mark.timeout(SECONDS + 300)
async def test_killing_at_length_loses_nothing_and_doubles_nothing(
    var: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with _haunted(var, SECONDS, (*VICTIMS, "postgres"), long_pause_s=12.0) as (live, history, nemesis):
        await _judged(live, history, nemesis, capfd)


@asynccontextmanager
async def _haunted(
    var: Path, seconds: float, victims: tuple[str, ...] = VICTIMS, long_pause_s: float = 0.0
) -> AsyncIterator[tuple[Live, History, Nemesis]]:
    """Write while the nemesis is at work, then let everything come to rest."""
    history = History()
    async with platform(var, "--processes") as live:
        await found(live)
        nemesis = Nemesis(live, SEED, victims, long_pause_s)
        async with reporters(live, history) as ada:
            await asyncio.gather(ada.write(seconds, RATE, SEED), nemesis.haunt(seconds))
            await live.rest()
            await ada.try_again()
        await live.rest()
        yield live, history, nemesis


async def _judged(live: Live, history: History, nemesis: Nemesis, capfd: pytest.CaptureFixture[str]) -> None:
    verdict = await judge(live, history, DESK)
    known = ", ".join(f"{len(history.of(outcome))} {outcome}" for outcome in Outcome)
    with capfd.disabled():
        sys.stdout.write(
            f"\nchaos: {verdict.events} events, {nemesis.kills.total()} kills, {nemesis.pauses.total()} pauses, "
            f"{verdict} (seed {SEED}; reports: {known})\n"
        )
    assert verdict.faults() == []


async def _what_is_broken_is_seen(live: Live, history: History) -> None:
    """Lose a notice, tell a reporter twice, make a report up: a checker that sees nothing then proves nothing."""
    lost, doubled, made_up = history.of(Outcome.OK)[:3]
    [entry] = await live.rows("inspection", "select id from docket_entries where claim_id = $1", lost)
    await live.rows("notify", "delete from notifications where about_id = $1", entry["id"])
    await live.rows(
        "volunteer",
        "insert into progress (report_id, at, fact) select report_id, at, fact from progress where report_id = $1",
        doubled,
    )
    history.reports[made_up] = Outcome.FAILED
    verdict = await judge(live, history, DESK)
    assert verdict.lost == [f"ok but lost: notice to the desk of {lost}"]
    assert verdict.doubled == [f"2 times: answer to the reporter of {doubled}"]
    assert {sentence.rpartition(" ")[2] for sentence in verdict.phantom} == {str(made_up)}
