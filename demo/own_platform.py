"""Finds the platform that runs here, or starts one for the demo alone and stops it afterwards."""

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_WITHIN_S = 90.0
STOP_WITHIN_S = 30.0


class NoPlatform(Exception):
    """There is nothing to show the demo on; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Where it is, and the files that hold its secrets."""

    url: str
    operator_secret_file: Path
    sign_ins: Path

    def operator_secret(self) -> str:
        try:
            return self.operator_secret_file.read_text("utf-8").strip()
        except OSError as unread:
            raise NoPlatform(
                f"The operator's secret of {self.url} cannot be read from {self.operator_secret_file}; name its file "
                "with --operator-secret-file."
            ) from unread


def running_here(var: Path) -> Platform | None:
    """Read what `commonwatch up` says about itself; None when it does not run."""
    try:
        place = json.loads((var / "run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not _answers(place["gateway"]):
        return None
    if not place["sign_ins"]:
        raise NoPlatform(
            f"The platform at {place['gateway']} runs without the demo county, which is not loaded into a county in "
            "use. Start it with `commonwatch up --demo`, or stop it and let the demo start its own."
        )
    return Platform(place["gateway"], Path(place["operator_secret_file"]), Path(place["sign_ins"]))


@asynccontextmanager
async def started() -> AsyncGenerator[Platform]:
    """Start a platform of the demo's own in a new folder; nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix="commonwatch-demo-") as folder:
        var = Path(folder) / "var"
        # PostgreSQL refuses to be root and runs as a user of its own, who must be able to pass through.
        await asyncio.to_thread(Path(folder).chmod, 0o711)
        with (Path(folder) / "log").open("w+b") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "services.cli", "up", "--demo", "--var", str(var), "--gateway-port", "0",
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            try:
                yield await _ready(process, var, Path(log.name))
            finally:
                await _stop(process)


async def _ready(process: asyncio.subprocess.Process, var: Path, log: Path) -> Platform:
    give_up_at = asyncio.get_running_loop().time() + START_WITHIN_S
    while asyncio.get_running_loop().time() < give_up_at and process.returncode is None:
        if (platform := await asyncio.to_thread(running_here, var)) is not None:
            return platform
        await asyncio.sleep(0.1)
    raise NoPlatform(f"The demo's own platform did not start. Its last words:\n{_last_words(log)}")


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:])


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
