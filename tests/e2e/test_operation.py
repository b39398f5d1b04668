"""The operator's commands against a platform that runs: a broker that lost its store, letters, a second delivery."""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import nats
import psutil
import pytest
from test_up import running

from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.raw import connect
from shared.settings import ROOT

pytestmark = pytest.mark.live


class Running:
    def __init__(self, var: Path, process: "subprocess.Popen[str]", place: dict[str, Any]) -> None:
        self.var = var
        self.process = process
        self.place = place
        secret = Path(place["operator_secret_file"]).read_text().strip()
        self.http = httpx.Client(base_url=place["gateway"], trust_env=False, timeout=20)
        answer = self.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("operator", secret))
        self.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"

    def register_areas(self, first: int, last: int) -> None:
        areas = [{"code": f"9901{number:02}", "name_zh": f"区划{number}"} for number in range(first, last)]
        assert self.http.put("/api/v1/areas", json=areas).status_code == 200

    def command(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "services.cli", *words, "--var", str(self.var)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=90,
            env={**os.environ, "COLUMNS": "300"},
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def lose_the_store(self) -> None:
        family = psutil.Process(self.process.pid).children(recursive=True)
        [server] = [child for child in family if child.name() == "nats-server"]
        shutil.rmtree(self.var / "nats" / "store")
        os.kill(server.pid, signal.SIGKILL)

    def hashes(self) -> dict[str, str]:
        """Digest what events caused at every consumer."""
        return asyncio.run(self._hashes())

    async def _hashes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for service, url in self.place["databases"].items():
            connection = await connect(url, password=Keyring(self.var).database_password(service))
            tables = await connection.fetch(
                "select tablename::text as name from pg_tables where schemaname = 'public'"
                " and tablename not like 'outbox%' and tablename <> 'stream_epoch'"
            )
            for name in sorted(table["name"] for table in tables):
                rows = await connection.fetch(f'select row_to_json(t)::text as row from "{name}" t order by 1')
                written = json.dumps([row["row"] for row in rows]).encode()
                found[f"{service}.{name}"] = hashlib.sha256(written).hexdigest()
            await connection.close()
        return found

    async def publish(self, subject: str, headers: dict[str, str], data: bytes) -> None:
        admin = await nats.connect(self.place["nats"], name="platform", nkeys_seed_str=Keyring(self.var).nats_seed())
        await admin.jetstream().publish(subject, data, headers=headers)
        await admin.close()

    def until(self, what: str, *words: str) -> tuple[int, str]:
        """Give a command's outcome once it tells `what`."""
        deadline = time.monotonic() + 30
        while what not in (outcome := self.command(*words))[1]:
            assert time.monotonic() < deadline, outcome
        return outcome


@pytest.fixture(scope="module")
def platform() -> Iterator[Running]:
    with temporary_directory() as home, running(home / "operated") as (process, place):
        made = Running(home / "operated", process, place)
        with closing(made.http):
            yield made


def test_a_broker_that_lost_its_store_is_filled_again_while_the_platform_runs(platform: Running) -> None:
    platform.register_areas(10, 60)
    code, said = platform.command("events", "verify")
    assert (code, said.count(" ok")) == (0, 6), said
    before = platform.hashes()

    platform.lose_the_store()
    code, said = platform.until(" ok", "events", "rebuild", "--within", "60")
    assert (code, said.count(" ok")) == (0, 6), said
    code, said = platform.command("events", "verify")
    assert (code, said.count(" ok")) == (0, 6), said
    assert platform.hashes() == before

    platform.register_areas(60, 61)
    deadline = time.monotonic() + 20
    while platform.hashes()["inspection.seen"] == before["inspection.seen"]:
        assert time.monotonic() < deadline, "what is stated after the loss flows as before"


def test_a_forged_message_is_listed_shown_and_discarded(platform: Running) -> None:
    headers = {"ce-id": "5ec7e7ab-0000-4000-8000-000000000000", "ce-type": "commonwatch.registry.area.kept.v1"}
    asyncio.run(platform.publish("cw.990101.registry.party.registered", headers, b'{"forged": "\xe5\x8e\xbf"}'))
    code, said = platform.until("open", "deadletters", "list", "--service", "inspection")
    assert code == 1
    letter_id = next(line.split()[1] for line in said.splitlines() if line.startswith("inspection"))
    code, said = platform.command("deadletters", "show", "inspection", letter_id)
    assert code == 0
    assert '{"forged": "县"}' in said
    code, said = platform.command("deadletters", "replay", "inspection", letter_id)
    assert (code, "error_class: Permanent" in said) == (1, True)
    _, said = platform.command("doctor")
    assert "commonwatch deadletters list --service inspection" in said
    assert platform.command("deadletters", "discard", "inspection", letter_id, "--note", "a test")[0] == 0
    assert platform.command("deadletters", "list", "--service", "inspection") == (0, "no letters\n")


def test_what_was_delivered_comes_again_and_changes_nothing(platform: Running) -> None:
    before = platform.hashes()
    code, said = platform.command("events", "replay", "inspection", "--from", "1")
    assert code == 0
    assert int(said.split()[0]) >= 50
    assert platform.command("events", "replay", "volunteer", "--since", "2020-01-01")[0] == 0
    platform.register_areas(61, 62)
    deadline = time.monotonic() + 20
    while platform.hashes()["inspection.seen"] == before["inspection.seen"]:
        assert time.monotonic() < deadline
    after = platform.hashes()
    assert after["inspection.dead_letter"] == before["inspection.dead_letter"]
    assert platform.command("events", "replay", "inspection")[0] == 2
