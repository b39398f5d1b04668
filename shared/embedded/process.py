"""Without this file a failed, cancelled or killed start would leave servers behind that nobody owns."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from shared.embedded import leash
from shared.embedded.faults import Misconfigured, told

POLL_S = 0.02
PREDECESSOR_GRACE_S = 5.0


@dataclass(frozen=True)
class Account:
    """The system user that a server runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Child:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    async def ended(self) -> int:
        """Wait until the server has ended, for whatever reason, and return its exit code."""
        while self.alive:  # noqa: ASYNC110 - polled, so that it works on every event loop and in every thread
            await asyncio.sleep(POLL_S)
        return self.process.returncode


@asynccontextmanager
async def child(
    command: Sequence[str | Path],
    *,
    home: Path,
    log: Path,
    account: Account | None = None,
    stop: Sequence[signal.Signals] = (signal.SIGTERM,),
    grace_s: float = 10.0,
) -> AsyncGenerator[Child]:
    """Run a server in `home` for as long as the block lasts, and not longer than this process lives.

    On leaving it gets each signal of `stop` in turn, with `grace_s` seconds to obey, and then SIGKILL.
    """
    # Started synchronously: there is no moment in which a cancellation could lose sight of it.
    running = _start(command, home, log, account, stop[0])
    try:
        yield running
    finally:
        await _stop(running, stop, grace_s)


def leashed(command: Sequence[str | Path], death_signal: signal.Signals, account: Account | None = None) -> list[str]:
    """Word a command so that it gets the signal when this process ends, however it ends."""
    account = account or Account("", os.geteuid(), os.getegid())
    words = [os.getpid(), int(death_signal), account.uid, account.gid, *command]
    return [sys.executable, "-I", "-S", leash.__file__, *map(str, words)]


def _start(
    command: Sequence[str | Path], home: Path, log: Path, account: Account | None, death_signal: signal.Signals
) -> Child:
    with told(log):
        if log.exists():
            log.replace(log.with_name(f"{log.name}.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own programs from our own wheels
            leashed(command, death_signal, account),
            cwd=home,
            # Secrets and PG* settings of the operator's shell are none of the server's business.
            env={
                "TZ": "UTC",
                "LC_ALL": "C",
                **{name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ},
            },
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            # A Ctrl-C in the terminal is for us alone; we stop the servers after the services.
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    return Child(process, log)


async def _stop(running: Child, signals: Sequence[signal.Signals], grace_s: float) -> None:
    try:
        for word in signals:
            running.process.send_signal(word)
            with suppress(TimeoutError):
                async with asyncio.timeout(grace_s):
                    await running.ended()
                    return
    finally:
        # Also reached when the waiting itself is cancelled: whoever is in such a hurry gets no orphan either.
        running.process.kill()
        running.process.wait()


def running_in(home: Path, program: str) -> int | None:
    """The process of that name that works in `home`, if any: survivor of a killed predecessor, or a rival."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == program and process.cwd() == str(home.resolve()):
                return process.pid
    return None


async def vacant(home: Path, program: str, title: str) -> None:
    """Give a killed predecessor's server some seconds to end by itself; name it when it does not."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PREDECESSOR_GRACE_S):
            while running_in(home, program):  # noqa: ASYNC110 - another's child: there is no event to wait for
                await asyncio.sleep(POLL_S * 5)
            return
    pid = running_in(home, program)
    if pid:
        raise Misconfigured(
            f"{title} (process {pid}) is already running on {home}: "
            f"stop the Commonwatch that it belongs to, or end it with `kill -INT {pid}`, and start again."
        )
