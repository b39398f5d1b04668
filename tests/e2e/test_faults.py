"""What an operator fears at three in the morning: a server or a service is killed, and reports keep coming in."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from chaos.books import judge
from chaos.history import History, Outcome
from chaos.live import Live, killed, platform, until
from chaos.town import found
from chaos.writers import Pace, crowd

from shared.embedded.files import temporary_directory

pytestmark = pytest.mark.live
PACE = Pace(40.0)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with temporary_directory() as home:
        yield home / "var"


@pytest.fixture(scope="module")
def history() -> History:
    """Of all that was written by the tests of this file: they share one installation."""
    return History()


async def nothing_is_lost_or_doubled(live: Live, history: History) -> None:
    await live.rest()
    assert (await judge(live, history)).faults() == []


async def test_all_that_was_acknowledged_survives_the_death_of_everything(var: Path, history: History) -> None:
    async with platform(var) as live:
        await found(live)
        async with crowd(live, history) as ada:
            writing = asyncio.create_task(ada.write_for(2.0, PACE))

            async def enough() -> bool:
                return len(history.of(Outcome.OK)) >= 30

            await until(enough, "some reports were acknowledged")
            await killed(live)
            await writing
    async with platform(var) as live:
        await nothing_is_lost_or_doubled(live, history)


async def test_a_killed_service_is_started_again_and_loses_nothing(var: Path, history: History) -> None:
    async with platform(var, "--processes") as live:
        async with crowd(live, history) as ada:
            writing = asyncio.create_task(ada.write_for(3.0, PACE))
            for name in ("inspection", "notify", "volunteer"):
                await _kill(live, name)
            await writing
            await live.ready()
            await ada.try_again()
        await nothing_is_lost_or_doubled(live, history)


async def test_reports_are_taken_while_the_broker_is_away_and_flow_when_it_returns(var: Path, history: History) -> None:
    async with platform(var) as live:
        async with crowd(live, history) as ada:
            with _port_taken(live):
                await live.ready(broker=False)
                reports = [uuid4() for _ in range(20)]
                assert {await ada.submit(report_id) for report_id in reports} == {Outcome.OK}
                waiting = await live.rows("volunteer", "select aggregate_id from outbox")
                assert {row["aggregate_id"] for row in waiting} >= set(reports)
                await until(_says_why(live), "it says why the broker does not come back")
        await nothing_is_lost_or_doubled(live, history)
        told = live.log.read_text("utf-8")
        assert "NATS ended by itself (exit code -9) and is started again" in told
        assert "NATS is back" in told


async def test_a_killed_database_is_started_again_and_loses_nothing(var: Path, history: History) -> None:
    async with platform(var) as live:
        async with crowd(live, history) as ada:
            writing = asyncio.create_task(ada.write_for(3.0, PACE))
            await _kill(live, "postgres")
            await writing
            await live.ready()
            await ada.try_again()
        await nothing_is_lost_or_doubled(live, history)
        assert "PostgreSQL is back" in live.log.read_text("utf-8")


async def _kill(live: Live, name: str) -> None:
    """Kill a process and wait until another has taken its place."""
    dead = live.find(name)
    assert dead is not None
    dead.kill()

    async def replaced() -> bool:
        found = live.find(name)
        return found is not None and found.pid != dead.pid

    await until(replaced, f"{name} is started again")


@contextmanager
def _port_taken(live: Live) -> Iterator[None]:
    """Kill NATS and keep it from coming back, as a neighbour would that takes its port."""
    with socket.socket() as neighbour:
        neighbour.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = urlsplit(live.place["nats"]).port or 0
        assert live.send("nats", signal.SIGKILL)
        while not _bound(neighbour, port):
            pass
        neighbour.listen()
        yield


def _says_why(live: Live) -> Callable[[], Awaitable[bool]]:
    async def says() -> bool:
        return "is taken by another program" in live.log.read_text("utf-8")

    return says


def _bound(sock: socket.socket, port: int) -> bool:
    try:
        sock.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
