"""Real PostgreSQL for every test that asks: one server per run, one database per service, emptied after each test."""

import gc
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.observe import configure_logs
from shared.testing import OpenPlatform, Platform, open_platform

configure_logs("WARNING")

SERVICES = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")


def pytest_collection_finish() -> None:
    """Leave alone what was imported and collected: to look for garbage among it again and again takes a tenth."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[Any]:
    """A PostgreSQL with one database and one role per service."""
    roles = {name: secrets.token_hex(12) for name in (*SERVICES, "kernel")}
    with temporary_directory() as home:
        async with postgres(home / "postgres", roles=roles, durable=False) as server:
            yield server


@pytest.fixture(scope="session")
def laid_out() -> dict[str, MetaData]:
    """Services whose tables exist already in this run."""
    return {}


@pytest.fixture
def services_here(postgres_server: Any, laid_out: dict[str, MetaData], tmp_path: Path) -> OpenPlatform:
    """Open any set of services on empty databases: `async with services_here("volunteer") as platform:`."""

    @asynccontextmanager
    async def opening(*names: str, **settings: Any) -> AsyncIterator[Platform]:
        urls = {name: postgres_server.url(name) for name in names}
        common = {
            "evidence_url": (tmp_path / "evidence").as_uri(),
            "printers": 0,
            "vault_key": secrets.token_urlsafe(32),
            "operator_secret": secrets.token_urlsafe(32),
            "smtp_url": "smtp://127.0.0.1:1",
            "public_url": "http://gateway",
            "second_factor_required": False,
            "webhook_allow_loopback": True,
            **{f"url_{name}": f"http://{name}" for name in SERVICES},
            **settings,
        }
        async with open_platform(names, urls, common) as platform:
            for name in names:
                await _empty(laid_out, name, urls[name], platform.service(name).metadata)
            yield platform

    return opening


async def _empty(laid_out: dict[str, MetaData], name: str, url: str, metadata: MetaData) -> None:
    if name not in laid_out:
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        laid_out[name] = metadata
    bare = await asyncpg.connect(url)
    await bare.execute(
        "; ".join(
            f'{"truncate" if table.info.get("append_only") else "delete from"} "{table.name}"'
            for table in reversed(metadata.sorted_tables)
        )
    )
    await bare.close()
