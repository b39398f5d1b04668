"""Real PostgreSQL for every test that asks: one server per run, one database per service, emptied after each test."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.observe import configure_logs
from shared.testing import OpenPlatform, Platform, open_platform

configure_logs("WARNING")

SERVICES = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[Any]:
    """A PostgreSQL with one database and one role per service."""
    roles = {name: secrets.token_hex(12) for name in (*SERVICES, "kernel")}
    with temporary_directory() as home:
        async with postgres(home / "postgres", roles=roles) as server:
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
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        if name not in laid_out:
            await connection.run_sync(metadata.create_all)
            laid_out[name] = metadata
        for table in reversed(metadata.sorted_tables):
            emptying = "truncate" if table.info.get("append_only") else "delete from"
            await connection.execute(text(f'{emptying} "{table.name}"'))
    await engine.dispose()
