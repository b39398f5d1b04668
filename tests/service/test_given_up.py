"""What the broker delivers no more, and what it never takes at all, is not lost: it becomes a letter."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
import pytest
from kernel import Kernel, Row, kernel_on
from nats.aio.msg import Msg

from shared.broker import STREAM
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.raw import connect
from shared.relay import Relay
from shared.relay.plan import MAX_REFUSALS
from shared.service import Service
from shared.settings import ServiceSettings
from shared.testing import ISSUER, jwks

MAX_DELIVER = 2


@dataclass
class Works:
    kernel: Kernel
    url: str
    keys: Keyring
    home: Path

    async def publish(self, facts: int = 1) -> None:
        """Have so many facts of different things stated and relayed, one after the other."""
        bus = await NatsBus.connect(self.url, name="kernel", seed=self.keys.nats_seed("kernel"))
        connection = await connect(self.kernel.url)
        relay = Relay("kernel", self.kernel.url, bus, STREAM)
        for _ in range(facts):
            await self.kernel.count(uuid4())
            while await relay.pump(connection):
                pass
        await connection.close()
        await bus.close()

    async def deliver_in_vain(self) -> Msg:
        """Take the message as often as the broker gives it, and never answer; give its last delivery."""
        admin = await nats.connect(self.url, name="platform", nkeys_seed_str=self.keys.nats_seed())
        js = admin.jetstream()
        info = await js.consumer_info(STREAM, "kernel")
        info.config.max_deliver, info.config.ack_wait = MAX_DELIVER, 0.2
        await js.add_consumer(STREAM, info.config)
        asks = await js.pull_subscribe_bind("kernel", STREAM)
        for _ in range(MAX_DELIVER):
            [message] = await asks.fetch(1, timeout=10)
        with pytest.raises(TimeoutError):
            await asks.fetch(1, timeout=1)
        await admin.close()
        return message

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        seed_file = self.home / "seed"
        seed_file.write_text(self.keys.nats_seed("kernel"))
        settings = ServiceSettings(
            database_url=self.kernel.url, issuer=ISSUER, jwks=jwks(), nats_url=self.url, nats_seed_file=seed_file
        )
        async with Service.build("kernel", settings, Row.metadata, [self.kernel.reactions]).running():
            yield

    async def until(self, query: str, expected: list[Any]) -> None:
        async with asyncio.timeout(20):
            while await self.kernel.ask(query) != expected:
                pass


@pytest.fixture
async def works(postgres_server: Any) -> AsyncIterator[Works]:
    with temporary_directory() as home:
        keys = Keyring(home)
        users = [
            admin_user("platform", keys.nats_public()),
            service_user("kernel", keys.nats_public("kernel"), "kernel"),
        ]
        async with (
            nats_server(home / "nats", users) as server,
            kernel_on(postgres_server.url("kernel")) as kernel,
        ):
            await lay_streams(server.url, keys.nats_seed(), [Durable("kernel", kernel.reactions.filters())])
            yield Works(kernel, server.url, keys, home)


async def test_a_message_that_nobody_could_take_is_told_by_its_place_in_the_stream(works: Works) -> None:
    await works.publish()
    await works.deliver_in_vain()
    async with works.serving():
        await works.until("select state, error_class, stream_seq from dead_letter", [("open", "GivenUp", 1)])
    [(error,)] = await works.kernel.ask("select error from dead_letter")
    assert "`commonwatch events replay kernel --from 1`" in error


async def test_a_message_that_failed_before_becomes_the_operators_with_all_that_it_says(works: Works) -> None:
    works.kernel.poison.add(1)
    await works.publish()
    last = await works.deliver_in_vain()
    await works.kernel.ask(
        "insert into dead_letter (consumer, event_id, subject, headers, data, stream_seq, num_delivered, error_class,"
        f" error, state) values ('kernel', '{uuid4()}', '{last.subject}', '{json.dumps(last.headers)}', '{{}}', 1, 2,"
        " 'Unfinished', 'x', 'failing') returning 1"
    )
    async with works.serving():
        await works.until("select state, error_class, stream_seq from dead_letter", [("open", "Unfinished", 1)])


async def test_a_fact_too_large_for_the_broker_is_told_and_the_others_go_out(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.relay.plan.HOLD_S", 0.0)
    await works.kernel.count(vast := uuid4(), 2)
    await works.kernel.ask(
        "update outbox set data = convert_to(repeat('x', 2097152), 'utf8') where version = 1 returning 1"
    )
    await works.publish(MAX_REFUSALS + 1)
    told = await works.kernel.ask("select consumer, aggregate_id, version, state, length(data) from dead_letter")
    assert told == [("relay", vast, 1, "open", 2 * 1024 * 1024)]
    assert await works.kernel.ask("select aggregate_id, version from outbox order by version") == [(vast, 1), (vast, 2)]
    assert await works.kernel.ask("select count(*) from outbox_sent") == [(MAX_REFUSALS + 1,)]
