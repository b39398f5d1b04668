"""One command starts everything on real servers and stops it without a trace; the data stays."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from shared.embedded.files import temporary_directory
from shared.settings import ROOT

pytestmark = pytest.mark.live
START_S = 60


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with temporary_directory() as home:
        yield home / "第一 platform"


@contextmanager
def running(var: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run `commonwatch up` until the block ends; yields the process and where everything is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "up", "--var", str(var), "--gateway-port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + START_S
        while not (var / "run.json").exists() or json.loads((var / "run.json").read_text())["pid"] != process.pid:
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            assert time.monotonic() < until, "not ready in time"
            time.sleep(0.05)
        yield process, json.loads((var / "run.json").read_text())
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


def stop(process: subprocess.Popen[str], number: int) -> None:
    """Stop as an operator does and see that nobody stays behind."""
    members = family(process)
    assert len(members) >= 3, "PostgreSQL and NATS are children"
    process.send_signal(number)
    assert process.wait(30) == 0
    _, alive = psutil.wait_procs(members, timeout=5)
    assert alive == []


@contextmanager
def operator(place: dict[str, Any]) -> Iterator[httpx.Client]:
    secret = Path(place["operator_secret_file"]).read_text().strip()
    with httpx.Client(base_url=place["gateway"], trust_env=False) as client:
        answer = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("operator", secret))
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


READY = {"database": True, "rules": True, "broker": True}
AREA = {"name_en": "Test county", "name_zh": "测试县"}


def test_it_starts_stops_keeps_its_data_and_survives_being_killed(var: Path) -> None:
    with running(var) as (process, place):
        for url in place["services"].values():
            assert httpx.get(f"{url}/health/ready", trust_env=False).json() == READY
        with operator(place) as client:
            assert client.put("/api/v1/areas/999999", json=AREA).status_code < 300
        stop(process, signal.SIGTERM)
    with running(var) as (process, place):
        assert httpx.get(f"{place['gateway']}/api/v1/areas/999999", trust_env=False).json()["name_zh"] == "测试县"
        members = family(process)
        process.kill()
        _, alive = psutil.wait_procs(members, timeout=10)
        assert alive == [], "servers end with their parent"
    with running(var, "--processes", "--profile", "us-osha") as (process, place):
        assert place["profile"] == "us-osha"
        for url in place["services"].values():
            assert httpx.get(f"{url}/health/ready", trust_env=False).json() == READY
        assert httpx.get(f"{place['gateway']}/api/v1/areas/999999", trust_env=False).status_code == 200
        stop(process, signal.SIGINT)


def test_a_second_one_on_the_same_directory_is_told_whose_it_is(var: Path) -> None:
    with running(var) as (process, _):
        second = _fails("--var", str(var), "--gateway-port", "0")
        assert f"process {process.pid}" in second
        stop(process, signal.SIGINT)


def test_a_taken_port_is_one_sentence_and_nothing_stays_behind() -> None:
    with temporary_directory() as home, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = _fails("--var", str(home / "v"), "--gateway-port", str(port))
        assert f"Port {port} is in use" in said
        assert not [p for p in psutil.process_iter(["cmdline"]) if str(home) in " ".join(p.info["cmdline"] or [])]


def test_keys_are_closed_to_others(var: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (var / "keys").iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}


def _fails(*options: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "services.cli", "up", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 1, said
    assert "Traceback" not in said
    return said
