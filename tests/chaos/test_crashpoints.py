"""A process may die between any two lines: at each named place one does, and the next one takes up what it left."""

import ast
import asyncio
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from chaos.doomed import KILLED, Kernel, Place, Row, ask_once, deliver, exit_code, work
from nats.js.errors import NotFoundError
from sqlalchemy import text

from shared import once
from shared.auth import Actor
from shared.broker import STREAM
from shared.bus import NatsBus, streams
from shared.bus.streams import Durable, lay_streams
from shared.db import Database
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.settings import ROOT
from shared.testing import OpenPlatform, Platform

sys.path.append(str(Path(__file__).parent.parent / "service"))

from test_notices import FIRE, Cast, Role, free_port, mail_server, received
from test_subscriptions import SYSTEM, closed, endpoint, subscribe

pytestmark = pytest.mark.live

KERNEL = (
    "action.uncommitted",
    "action.committed",
    "relay.scanned",
    "relay.half-a-round",
    "relay.half-a-batch",
    "relay.acknowledged",
    "relay.archived",
    "reconciler.resent",
    "reconciler.mended",
    "inbox.claimed",
    "inbox.reacted",
    "inbox.committed",
    "inbox.attempt-written",
    "inbox.buried",
)
ANSWER = ("once.answer-unkept",)
DELIVERY = ("webhook.claimed", "webhook.answered", "mail.claimed", "mail.answered")
IMPORTS = ("import.between_batches", "import.written")
"""Tried in tests/service/test_registry_imports.py."""
DOCUMENTS = ("document.numbered", "document.kept")
"""Tried in tests/service/test_document_numbers.py and test_official_documents.py."""
REST_WITHIN_S = 20.0


@dataclass(frozen=True)
class Stage:
    """A database and a broker that outlive the processes of these tests."""

    place: Place
    database: Database
    admin: NatsBus
    admin_seed: str

    async def empty(self) -> None:
        async with self.database.engine.begin() as tx:
            for table in reversed(Row.metadata.sorted_tables):
                await tx.execute(text(f'delete from "{table.name}"'))
        self.place.ledger.write_text("", "ascii")
        await self.wipe()

    async def wipe(self) -> None:
        """Lose the stream and lay it anew."""
        with suppress(NotFoundError):
            await self.admin.js.delete_stream(STREAM)
        await lay_streams(self.place.nats_url, self.admin_seed, [Durable("kernel", ["cw.*.kernel.>"])])

    async def ask(self, query: str) -> list[Any]:
        async with self.database.reading() as tx:
            return [tuple(row) for row in await tx.execute(text(query))]

    async def stream(self) -> list[tuple[UUID, int]]:
        state = await self.admin.state()
        assert state is not None
        own = self.admin.own("kernel", 1, state.last_seq, bodies=False)
        kept = [one async for chunk in own for one in chunk]
        return [(UUID(one.headers["ce-subject"]), int(one.headers["ce-sequence"])) for one in kept]


@pytest.fixture(scope="module")
async def lasting(postgres_server: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One broker for all; what a dead consumer had in its hands is delivered again after a second."""
    home = tmp_path_factory.mktemp("crash")
    keys = Keyring(home)
    users = [admin_user("platform", keys.nats_public()), service_user("kernel", keys.nats_public("kernel"), "kernel")]
    database = Database("kernel", postgres_server.url("kernel"))
    async with database.engine.begin() as tx:
        await tx.run_sync(Row.metadata.create_all)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "ACK_WAIT_S", 1)
        async with nats_server(home / "nats", users) as server:
            admin = await NatsBus.connect(server.url, name="platform", seed=keys.nats_seed())
            place = Place(database.url, server.url, keys.nats_seed("kernel"), home / "ledger")
            yield Stage(place, database, admin, keys.nats_seed())
            await admin.close()
    async with database.engine.begin() as tx:
        await tx.run_sync(Row.metadata.drop_all)
    await database.close()


@pytest.fixture
async def stage(lasting: Stage) -> Stage:
    await lasting.empty()
    return lasting


@pytest.mark.parametrize("point", KERNEL)
async def test_whoever_dies_here_leaves_nothing_lost_doubled_or_out_of_order(stage: Stage, point: str) -> None:
    notches = [uuid4() for _ in range(3)]
    if point.startswith("reconciler."):
        await _lose_something(stage, notches, whole=point == "reconciler.resent")
    poison = point == "inbox.buried"
    suspicious = point == "inbox.attempt-written"
    assert await exit_code(point, partial(work, poison=poison), stage.place, notches, suspicious=suspicious) == KILLED
    await _come_to_rest(stage, poison=poison)

    acknowledged = Counter(line.split()[0] for line in stage.place.ledger.read_text("ascii").splitlines())
    stored: dict[UUID, list[int]] = {}
    for notch_id, version in await stage.stream():
        if version not in stored.setdefault(notch_id, []):
            stored[notch_id].append(version)
    totals: dict[UUID, int] = dict(await stage.ask("select id, total from notches"))
    assert sum(totals.values()) - acknowledged.total() in ({1} if point == "action.committed" else {0})
    assert stored == {notch_id: list(range(1, total + 1)) for notch_id, total in totals.items()}
    parked = [(notches[0], 4)] if poison else []
    wanted = [(notch_id, number) for notch_id, total in totals.items() for number in range(1, total + 1)]
    effects = await stage.ask("select notch_id, total from effects order by id")
    assert sorted(effects + parked) == sorted(wanted)
    for notch_id in totals:
        assert (of_one := [total for each, total in effects if each == notch_id]) == sorted(of_one)


async def _lose_something(stage: Stage, notches: list[UUID], *, whole: bool) -> None:
    async with Kernel(stage.place) as kernel:
        await kernel.cut(*notches)
        await kernel.relayed()
    if whole:
        await stage.wipe()
    else:
        await stage.admin.js.delete_msg(STREAM, 2)


async def _come_to_rest(stage: Stage, *, poison: bool) -> None:
    async with Kernel(stage.place, frozenset({4}) if poison else frozenset()) as kernel:
        consuming = asyncio.create_task(kernel.consume())
        try:
            async with asyncio.timeout(REST_WITHIN_S):
                await kernel.relayed()
                await _rested(stage, poison=poison)
        finally:
            consuming.cancel()
            await asyncio.gather(consuming, return_exceptions=True)


async def _rested(stage: Stage, *, poison: bool) -> None:
    while True:
        if await _at_rest(stage, poison=poison):
            return
        await asyncio.sleep(0.05)


async def _at_rest(stage: Stage, *, poison: bool) -> bool:
    [(unsent, sent, effects, letters)] = await stage.ask(
        "select (select count(*) from outbox), (select count(*) from outbox_sent), (select count(*) from effects),"
        " (select count(*) from dead_letter)"
    )
    durable = await stage.admin.js.consumer_info(STREAM, "kernel")
    waiting = (durable.num_pending or 0) + (durable.num_ack_pending or 0)
    return (unsent, sent, letters, waiting) == (0, effects + letters, int(poison), 0)


@pytest.mark.parametrize("point", [point for point in DELIVERY if point.startswith("webhook.")])
async def test_a_partner_hears_at_most_twice_of_what_is_delivered_once(
    services_here: OpenPlatform, postgres_server: Any, point: str
) -> None:
    async with endpoint() as partner, _notify(services_here) as (platform, settings):
        await subscribe(platform, SYSTEM, partner.url)
        await platform.settle()
        url = postgres_server.url("notify")
        assert await exit_code(point, deliver, url, settings, [closed()]) == KILLED
        assert len(partner.calls) == (point == "webhook.answered")
        platform.travel(minutes=15)
        await platform.settle()
        rows = await platform.rows("notify", "select state, event_id from webhook_deliveries")
        assert {row["state"] for row in rows} == {"done"}
        told = Counter(partner.ids())
        assert told.keys() == {str(row["event_id"]) for row in rows}
        assert max(told.values()) == (2 if point == "webhook.answered" else 1)


@pytest.mark.parametrize("point", [point for point in DELIVERY if point.startswith("mail.")])
async def test_a_person_gets_at_most_two_copies_of_one_mail(
    services_here: OpenPlatform, postgres_server: Any, point: str
) -> None:
    port = free_port()
    with mail_server(port) as box:
        async with _notify(services_here, smtp_url=f"smtp://127.0.0.1:{port}") as (platform, settings):
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.settle()
            url = postgres_server.url("notify")
            assert await exit_code(point, deliver, url, settings, [received()]) == KILLED
            assert len(box.mails) == (point == "mail.answered")
            platform.travel(minutes=15)
            await platform.settle()
            assert [row["state"] for row in await platform.rows("notify", "select state from deliveries")] == ["done"]
            assert len(box.mails) == (2 if point == "mail.answered" else 1)
            assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1


@pytest.mark.parametrize("point", ["action.uncommitted", "action.committed", *ANSWER])
async def test_a_retry_after_a_death_does_what_was_not_done_and_nothing_twice(
    services_here: OpenPlatform, postgres_server: Any, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "OTHER_ACTS_WITHIN_S", 0.2)
    ada = Actor(uuid4(), "volunteer", None, "999901")
    settings = {"vault_key": secrets.token_urlsafe(32), "evidence_url": "memory:///", "operator_secret": "none"}
    report = {"place": {"area_code": "999901"}, "category": "fire", "what": "Smoke"}
    address, more = f"/reports/{uuid4()}", {"what": "More smoke"}
    async with services_here("volunteer", **settings) as platform, platform.client("volunteer", ada) as http:
        assert (await http.put(address, json=report)).status_code == 201
        asked = (postgres_server.url("volunteer"), settings, ada, f"{address}/additions", more, "k")
        assert await exit_code(point, ask_once, *asked) == KILLED
        retries = [
            await http.post(f"{address}/additions", json=more, headers={"idempotency-key": "k"}) for _ in range(2)
        ]
        told = (await http.get(address)).json()["what"].splitlines()
    assert told == ["Smoke", "More smoke"]
    acts = point == "action.uncommitted"
    assert [answer.status_code for answer in retries] == ([200, 200] if acts else [409, 409])
    assert retries[1].headers.get("idempotency-replayed") == ("true" if acts else None)
    assert acts or {answer.json()["title"] for answer in retries} == {"already done"}


@asynccontextmanager
async def _notify(services_here: OpenPlatform, **settings: Any) -> AsyncIterator[tuple[Platform, dict[str, Any]]]:
    """The service whose next process takes up what a dead one left, and the settings of both."""
    both = {"vault_key": secrets.token_urlsafe(32), "smtp_url": "smtp://127.0.0.1:1", **settings}
    alone = {"operator_secret": "none", "public_url": "http://gateway", "webhook_allow_loopback": True}
    async with services_here("notify", **both) as platform:
        yield platform, {**alone, **both}


def test_every_crash_point_in_the_code_has_its_test() -> None:
    found: list[str] = []
    for path in [*(ROOT / "shared").rglob("*.py"), *(ROOT / "services").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crashpoint":
                [name] = node.args
                assert isinstance(name, ast.Constant)
                found.append(name.value)
    assert sorted(found) == sorted([*KERNEL, *ANSWER, *DELIVERY, *IMPORTS, *DOCUMENTS])


def test_the_environment_names_the_place_where_a_process_dies() -> None:
    program = "from shared.crashpoint import crashpoint; crashpoint('elsewhere'); crashpoint('here')"
    for named, code in (("here", KILLED), ("nowhere", 0)):
        environment = {**os.environ, "COMMONWATCH_CRASHPOINT": named}
        ended = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, check=False)
        assert ended.returncode == code
