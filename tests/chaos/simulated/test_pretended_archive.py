"""The simulated archive answers as the real one; if the two drifted apart, the simulation would prove nothing."""

from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from chaos.doomed import Row
from chaos.simulated.database import PretendedArchive, Session
from chaos.simulated.world import World
from sqlalchemy import text

from shared.broker import STREAM, Kept
from shared.db import Database
from shared.raw import RawConnection, connect
from shared.relay.archive import Archive, Fact, Refill

EPOCHS = [datetime(2026, 1, number, tzinfo=UTC) for number in (1, 2)]
KEYS = [UUID(int=number) for number in (1, 2, 3)]
_STATE = """
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
values ($1, 'notch', $2, $3, $4, $5, '{}', $6, $7)
"""
_SENT = "select id, event_id, version, js_epoch, js_seq from outbox_sent order by id"


@pytest.fixture
async def connection(postgres_server: Any) -> AsyncIterator[RawConnection]:
    url = postgres_server.url("kernel")
    database = Database("kernel", url)
    async with database.engine.begin() as tx:
        await tx.run_sync(Row.metadata.create_all)
        for table in reversed(Row.metadata.sorted_tables):
            await tx.execute(text(f'truncate "{table.name}" restart identity'))
    made = await connect(url)
    yield made
    await made.close()
    async with database.engine.begin() as tx:
        await tx.run_sync(Row.metadata.drop_all)
    await database.close()


class Both:
    """The real archive and the pretended one, asked the same."""

    def __init__(self, connection: RawConnection) -> None:
        self.world = World(0)
        self.world.faults.clear()
        self.world.chunk_rows = self.world.tail_rows = 1000
        self.connection = connection
        self.real = Archive(connection, {"notch": "notches"})
        self.pretended = PretendedArchive(Session(self.world.database))

    async def ask(self, name: str, *values: Any) -> Any:
        real = await getattr(self.real, name)(*values)
        pretended = _driven(getattr(self.pretended, name)(*values))
        assert _plain(pretended) == _plain(real), name
        return real

    async def state(self, key: UUID, version: int) -> None:
        rows = self.world.database.rows
        fact = self.world.fact(rows.drawn(), key, version)
        rows.outbox[fact.id], rows.versions[key] = fact, version
        values = (fact.event_id, key, version, fact.subject, fact.type, fact.data, fact.occurred_at)
        await self.connection.execute(_STATE, *values)
        await self.connection.execute(
            "insert into notches (id, version, area_code, total) values ($1, $2, '9', 0)"
            " on conflict (id) do update set version = excluded.version", key, version,
        )  # fmt: skip

    async def same_rows(self) -> None:
        rows = self.world.database.rows
        outbox = await self.connection.fetch("select id, event_id, version from outbox order by id")
        assert [tuple(row.values()) for row in outbox] == [
            (one.id, one.event_id, one.version) for _, one in sorted(rows.outbox.items())
        ]
        sent = await self.connection.fetch(
            "select id, event_id, version, js_epoch, js_seq from outbox_sent order by id"
        )
        assert [tuple(row.values()) for row in sent] == [
            (row_id, one.fact.event_id, one.fact.version, one.epoch, one.seq)
            for row_id, one in sorted(rows.sent.items())
        ]
        versions = await self.connection.fetch("select id, version from notches order by id")
        assert [tuple(row.values()) for row in versions] == sorted(rows.versions.items())


def _driven(asked: Coroutine[Any, Any, Any]) -> Any:
    while True:
        try:
            asked.send(None)
        except StopIteration as end:
            return end.value


def _plain(answer: Any) -> Any:
    """Leave out what the simulation does not model: the age of the oldest row."""
    if isinstance(answer, tuple) and not isinstance(answer, Refill):
        return _plain(answer[0])
    if isinstance(answer, list):
        return [(one.id, one.event_id, one.version) if isinstance(one, Fact) else one for one in answer]
    return answer


def _kept(world: World, seq: int, key: UUID, version: int) -> Kept:
    fact = world.fact(0, key, version)
    headers = {
        "ce-subject": str(key), "ce-sequence": f"{version:010d}", "ce-type": fact.type,
        "ce-time": fact.occurred_at.isoformat(),
    }  # fmt: skip
    return Kept(seq, fact.event_id, "cw.9.kernel.notch.cut", headers, b"{}")


@pytest.mark.parametrize("seed", range(4))
async def test_both_archives_answer_alike(connection: RawConnection, seed: int) -> None:
    both, random = Both(connection), Random(seed)
    await both.real.keep_house(0)
    rows = both.world.database.rows
    old, new = EPOCHS
    for version in range(1, 6):
        for key in KEYS:
            await both.state(key, version)
    assert await both.ask("meet", STREAM, old) == Refill(0, 0)
    await both.ask("unsent", [KEYS[0]], [2, 3], 4)
    await both.ask("bury", 3, 5, "too large")
    await both.ask("unsent", [], [], 100)
    await both.ask("move", {row_id: row_id + 10 for row_id in random.sample(sorted(rows.outbox), 9)}, STREAM, old)
    await both.ask("tail", STREAM, old)
    await both.ask("meet", STREAM, new)
    await both.ask("of_older_epochs", STREAM, new, 2, 12)
    await both.ask("refilled", STREAM, new, 8)
    await both.ask("move", dict.fromkeys(random.sample(sorted(rows.outbox), 4), 99), STREAM, new)
    await both.ask("of_aggregate", KEYS[1], "notch", 2, 4)
    await both.same_rows()

    there = [Kept(seq, one.fact.event_id, "", {}, b"") for seq, one in enumerate(rows.sent.values(), 1) if seq % 2]
    unknown = [_kept(both.world, 50 + number, random.choice(KEYS), 5 + number) for number in range(3)]
    await both.ask("begin_audit")
    await both.ask("found", [*there, *unknown])
    lacking = await both.ask("lacking", STREAM, new, 2, 0)
    await both.ask("unknown")
    await both.ask("placed", STREAM, new, {fact.id: 200 + fact.id for fact in lacking})
    for one in random.sample(unknown, len(unknown)):
        await both.ask("adopt", STREAM, new, [one])
    await both.same_rows()
    assert await both.ask("unknown") == []
