"""Rows of a burst share a commit, and nothing else: each caller hears the fate of its own row."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.group import MOST_ROWS, Group
from shared.raw import RawPool, Record, open_pool

STATEMENT = """
with given as (select * from unnest($1::uuid[], $2::text[]) as t (id, word))
insert into grouped (id, word) select id, word from given on conflict (id) do nothing returning id as key
"""


class Counting:
    """A pool that counts its statements."""

    def __init__(self, pool: RawPool) -> None:
        self.pool = pool
        self.statements = 0

    async def fetch(self, query: str, *values: object) -> list[Record]:
        self.statements += 1
        return await self.pool.fetch(query, *values)


@pytest.fixture
async def database(postgres_server: Any) -> AsyncIterator[Any]:
    pool = await open_pool(postgres_server.url("kernel"))
    await pool.execute("create table grouped (id uuid primary key, word text check (word <> 'refused'))")
    yield Counting(pool)
    await pool.execute("drop table grouped")
    await pool.close()


async def _write(group: Group, database: Any, *rows: tuple[UUID, str]) -> list[Any]:
    writing = (group.write(database, key, (key, word)) for key, word in rows)
    return await asyncio.gather(*writing, return_exceptions=True)


async def test_rows_that_come_together_share_statements(database: Any) -> None:
    rows = [(uuid4(), f"word {number}") for number in range(2 * MOST_ROWS + 1)]
    assert await _write(Group(STATEMENT), database, *rows) == [True] * len(rows)
    assert database.statements == 3
    stored = await database.pool.fetch("select id, word from grouped")
    assert {(row["id"], row["word"]) for row in stored} == set(rows)


async def test_a_row_that_is_sent_twice_at_once_is_written_once(database: Any) -> None:
    key = uuid4()
    words = ("first", "again")
    *written, other = await _write(Group(STATEMENT), database, *((key, word) for word in words), (uuid4(), "other"))
    # Two statements are under way at once, so either may be the one that the database lets through.
    assert (sorted(written), other) == ([False, True], True)
    stored = await database.pool.fetchval("select word from grouped where id = $1", key)
    assert stored == words[written.index(True)]


async def test_a_refused_row_takes_no_other_with_it(database: Any) -> None:
    group = Group(STATEMENT)
    good, refused, unreadable, last = await _write(
        group, database, (uuid4(), "good"), (uuid4(), "refused"), (uuid4(), "nul \0"), (uuid4(), "last")
    )
    assert (good, last) == (True, True)
    assert isinstance(refused, asyncpg.CheckViolationError)
    assert isinstance(unreadable, asyncpg.PostgresError)
    assert await _write(group, database, (uuid4(), "later")) == [True]


async def test_a_caller_that_leaves_does_not_stop_the_others(database: Any) -> None:
    group = Group(STATEMENT)
    impatient, patient = uuid4(), uuid4()
    leaving = asyncio.create_task(group.write(database, impatient, (impatient, "left")))
    staying = asyncio.create_task(group.write(database, patient, (patient, "stayed")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying is True
    assert await database.pool.fetchval("select count(*) from grouped") == 2
