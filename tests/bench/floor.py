"""The floor of this machine: the least that a durable, announced report can cost in FastAPI and asyncpg.

Bare on purpose: no sign-in, no rules, no vault, no relay; one row and one outbox row in one statement, committed to
disk before 201. It is served by the same code as the services, so that server settings cannot explain a difference.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from services.cli.parts import Part
from services.cli.server import listen, serving, settle_memory, until_told_to_stop

TABLES = """
create table reports (
    id uuid primary key, place jsonb not null, category text not null, what text not null,
    submitted_at timestamptz not null default now()
);
create table outbox (
    id bigint generated always as identity primary key, event_id uuid not null unique, aggregate_type text not null,
    aggregate_id uuid not null, version int not null, subject text not null, type text not null,
    headers jsonb not null, data bytea not null, occurred_at timestamptz not null, unique (aggregate_id, version)
);
"""
INSERT = """
with report as (insert into reports (id, place, category, what) values ($1, $2, $3, $4) returning id)
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select $5, 'report', id, 1, 'floor.report.submitted', 'floor.report.submitted.v1', '{}', $6, now() from report
"""
POOL = 8


class Place(BaseModel):
    area_code: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None


class Ask(BaseModel):
    place: Place
    category: str
    what: str


class Stored(BaseModel):
    id: UUID
    state: str


def floor_app(url: str) -> FastAPI:
    pools: list[asyncpg.Pool] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL) as pool:
            await pool.execute(TABLES)
            pools.append(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.put("/reports/{report_id}", status_code=201)
    async def submit(report_id: UUID, ask: Ask) -> Stored:
        place, data = ask.place.model_dump_json(), ask.model_dump_json().encode()
        await pools[0].execute(INSERT, report_id, place, ask.category, ask.what, uuid4(), data)
        return Stored(id=report_id, state="submitted")

    return app


async def _main(port: int) -> None:
    async with serving(Part("floor", floor_app(os.environ["FLOOR_DATABASE_URL"])), listen(port)):
        settle_memory()
        await until_told_to_stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(int(sys.argv[1])))
