"""Everybody writes while processes die and lines break; what was acknowledged must be everywhere, once, in order."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from chaos.books import judge, judge_all
from chaos.history import Deed, History, Outcome
from chaos.live import Live
from chaos.nemesis import LONG, ONCE, SHORT, Blow, Nemesis
from chaos.replay import COPIES, OWN, unlike_a_replay
from chaos.stage import staged
from chaos.town import found
from chaos.writers import Pace, crowd
from nats.errors import Error as NatsError

from services.cli.docs import metadata_of
from services.cli.parts import SERVICES
from shared.broker import STREAM
from shared.db import own_tables
from shared.embedded.files import temporary_directory

SEED = int(os.environ.get("COMMONWATCH_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
EVENTS = int(os.environ.get("COMMONWATCH_CHAOS_EVENTS", "100000"))
KILLS = int(os.environ.get("COMMONWATCH_CHAOS_KILLS", "100"))
LONGEST_S = float(os.environ.get("COMMONWATCH_CHAOS_LONGEST_S", "2400"))
LOOK_EVERY_S = 1.0


class Laps:
    """How long each part took."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._told: list[str] = []

    def end(self, part: str) -> None:
        now = time.monotonic()
        self._told.append(f"{part} {now - self._began:.0f} s")
        self._began = now

    def __str__(self) -> str:
        return ", ".join(self._told)


@dataclass(frozen=True)
class Form:
    """How much must happen, and what may."""

    events: int
    kills: int
    longest_s: float
    pace: Pace
    every_s: tuple[float, float]
    blows: Sequence[Blow]
    once: Sequence[Blow] = ()
    rest_s: float = 60.0


IN_SHORT = Form(3_000, 10, 60.0, Pace(80.0, 16, 3, 250, 3.0, 2.0), (0.7, 2.2), SHORT)
AT_LENGTH = Form(EVENTS, KILLS, LONGEST_S, Pace(150.0, 24, 4, 1_000, 5.0, 2.0), (0.6, 2.4), LONG, ONCE, rest_s=300.0)


@pytest.fixture
def var() -> Iterator[Path]:
    with temporary_directory() as home:
        yield home / "var"


@pytest.mark.live
@pytest.mark.timeout(300)
async def test_ten_kills_lose_nothing_and_double_nothing(var: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with _haunted(var, IN_SHORT) as haunted:
        await _judged(haunted, IN_SHORT, capfd)
        await _what_is_broken_is_seen(haunted.live, haunted.history)


@pytest.mark.chaos
@pytest.mark.timeout(LONGEST_S + 1_800)
async def test_killing_at_length_loses_nothing_and_doubles_nothing(
    var: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with _haunted(var, AT_LENGTH) as haunted:
        await _judged(haunted, AT_LENGTH, capfd)


@pytest.mark.parametrize("service", SERVICES)
def test_every_table_is_replayed_or_belongs_to_commands(service: str) -> None:
    tables = set(metadata_of(service).tables) - set(own_tables().metadata.tables)
    assert sorted([*(copy.table for copy in COPIES[service]), *OWN[service]]) == sorted(tables)


@dataclass(frozen=True)
class Haunted:
    """A platform at rest after all that happened to it."""

    live: Live
    history: History
    nemesis: Nemesis
    laps: Laps


@asynccontextmanager
async def _haunted(var: Path, form: Form) -> AsyncIterator[Haunted]:
    """Write while the nemesis is at work until both had enough, then let everything come to rest."""
    history, laps = History(), Laps()
    async with staged(var) as live:
        await found(live)
        laps.end("start")
        nemesis = Nemesis(live, SEED, form.every_s, form.blows, form.once)
        ended = asyncio.Event()
        async with crowd(live, history, SEED) as everybody:
            async with asyncio.TaskGroup() as group:
                group.create_task(everybody.write(ended, form.pace))
                group.create_task(nemesis.haunt(ended))
                await _enough(live, nemesis, form, ended)
            laps.end("havoc")
            await live.rest(form.rest_s)
            await everybody.try_again()
        await live.rest(form.rest_s)
        laps.end("rest")
        yield Haunted(live, history, nemesis, laps)


async def _enough(live: Live, nemesis: Nemesis, form: Form, ended: asyncio.Event) -> None:
    """End it when enough happened, or when it takes too long; the verdict then says what is missing."""
    until = time.monotonic() + form.longest_s
    async with live.bus() as bus:
        events = 0
        while (events < form.events or nemesis.kills < form.kills) and time.monotonic() < until:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                events = (await bus.js.stream_info(STREAM)).state.messages
            except (NatsError, OSError, TimeoutError):
                continue  # it was killed a moment ago
    ended.set()


async def _judged(haunted: Haunted, form: Form, capfd: pytest.CaptureFixture[str]) -> None:
    nemesis = haunted.nemesis
    verdict = await judge_all(haunted.live, haunted.history, refilled=nemesis.refilled)
    haunted.laps.end("judgement")
    with capfd.disabled():
        sys.stdout.write(
            f"\nchaos, seed {SEED}: {verdict.events} events ({verdict.copies} stored twice), {nemesis.kills} kills\n"
            f"{nemesis}\n  {haunted.history}\n  {verdict}\n  {haunted.laps}\n"
        )
    assert verdict.faults() == []
    assert (verdict.events >= form.events, nemesis.kills >= form.kills) == (True, True), "too little happened"


async def _what_is_broken_is_seen(live: Live, history: History) -> None:
    """Break one of each on purpose: a checker that sees nothing then proves nothing."""
    lost, doubled, made_up = history.of(Outcome.OK)[:3]
    [entry] = await live.rows("inspection", "select id from docket_entries where claim_id = $1", lost)
    await live.rows(
        "notify", "delete from notifications where about_id = $1 and template = 'report_received'", entry["id"]
    )
    await live.rows(
        "volunteer",
        "insert into progress (report_id, at, fact) select report_id, at, fact from progress where report_id = $1"
        " and fact = 'inspection.report.received'",
        doubled,
    )
    await live.rows("inspection", "update parties set name_zh = 'X' where kind = 'agency'")
    history.deeds[Deed.REPORT][made_up] = Outcome.FAILED
    verdict = await judge(live, history)
    assert verdict.lost == [f"ok but lost: report_received for desk of report {lost}"]
    assert verdict.doubled == [f"2 times: word of report.received to the reporter of report {doubled}"]
    assert {sentence.rpartition(" ")[2] for sentence in verdict.phantom} >= {str(made_up)}
    different = await unlike_a_replay(live)
    assert any(told.startswith("inspection.parties id=") and "name_zh is 'X'" in told for told in different)
    assert {told.partition(" ")[0] for told in different} == {
        "inspection.parties",
        "notify.notifications",
        "volunteer.progress",
    }
