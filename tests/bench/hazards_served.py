"""Serves inspection alone, or the floor of a move, each in a process of its own and by the same code.

The floor is the least that a durable, told move can cost in FastAPI and asyncpg: one row changed, one line of history
and one outbox row, in one transaction that is on disk before the answer. No sign-in, no rules, no clocks, no view.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from services.cli.parts import Part, build
from services.cli.server import listen, serving, settle_memory, until_told_to_stop

TABLES = """
create table if not exists cases (id uuid primary key, state text not null, version int not null, moved_at timestamptz);
create table if not exists happenings (
    id bigint generated always as identity primary key, case_id uuid not null, at timestamptz not null,
    verb text not null, facts jsonb not null
);
create table if not exists announcements (
    id bigint generated always as identity primary key, event_id uuid not null unique, case_id uuid not null,
    version int not null, type text not null, data bytea not null, unique (case_id, version)
);
"""
MOVE = "update cases set state = 'assigned', version = version + 1, moved_at = now() where id = $1 returning version"
HAPPENED = "insert into happenings (case_id, at, verb, facts) values ($1, now(), 'assign', $2)"
TOLD = "insert into announcements (event_id, case_id, version, type, data) values ($1, $2, $3, 'moved', $4)"
POOL = 8


class Ask(BaseModel):
    reason: str = ""


class Moved(BaseModel):
    id: UUID
    state: str
    version: int


def floor_app(url: str) -> FastAPI:
    pools: list[asyncpg.Pool] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL) as pool:
            pools.append(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/cases/{case_id}/assign")
    async def assign(case_id: UUID, ask: Ask) -> Moved:
        data = ask.model_dump_json()
        async with pools[0].acquire() as connection, connection.transaction():
            version = await connection.fetchval(MOVE, case_id)
            await connection.execute(HAPPENED, case_id, data)
            await connection.execute(TOLD, uuid4(), case_id, version, data.encode())
        return Moved(id=case_id, state="assigned", version=version)

    return app


async def _main(port: int, kind: str) -> None:
    settings = json.loads(os.environ["BENCH_SETTINGS"])
    part = Part("floor", floor_app(settings["database_url"])) if kind == "floor" else build("inspection", settings)
    async with serving(part, listen(port)):
        settle_memory()
        await until_told_to_stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(int(sys.argv[1]), sys.argv[2]))
