"""Brings a service's database to its newest form; without it code and schema could not be deployed in any order.

Versions lie in `services/<name>/migrations/`, forward only; one `env.py` here serves them all. A test proves that
the versions and the models say the same.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent
SERVICES = HERE.parent.parent / "services"


def config_of(service: str, metadata: MetaData, connection: Connection | None = None) -> Config:
    """Give Alembic's configuration for one service."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(SERVICES / service / "migrations").replace("%", "%%"))
    config.attributes["metadata"] = metadata
    config.attributes["connection"] = connection
    return config


async def upgrade(service: str, metadata: MetaData, url: str) -> None:
    """Run the versions that this database lacks; one process at a time, the others wait."""
    await _connected(service, metadata, url, lambda config: command.upgrade(config, "head"))


async def check(service: str, metadata: MetaData, url: str) -> None:
    """Raise when the versions do not lead to the models."""
    await _connected(service, metadata, url, command.check)


async def write_version(service: str, metadata: MetaData, url: str, message: str) -> None:
    """Write the version that leads from this database to the models, for a person to read and keep."""
    folder = SERVICES / service / "migrations"
    folder.mkdir(exist_ok=True)
    number = f"{len(list(folder.glob('[0-9]*.py'))) + 1:04}"
    await _connected(
        service, metadata, url, lambda config: command.revision(config, message, autogenerate=True, rev_id=number)
    )


async def at_head(service: str, metadata: MetaData, url: str) -> bool:
    """Tell whether the database has every version."""
    wanted = ScriptDirectory.from_config(config_of(service, metadata)).get_current_head()
    engine = create_async_engine(_driver(url), poolclass=NullPool)
    async with engine.connect() as connection:
        return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision()) == wanted


async def _connected(service: str, metadata: MetaData, url: str, run: Callable[[Config], object]) -> None:
    engine = create_async_engine(_driver(url), poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('commonwatch migrate'))")
            await connection.run_sync(lambda c: run(config_of(service, metadata, c)))
    finally:
        await engine.dispose()


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)
