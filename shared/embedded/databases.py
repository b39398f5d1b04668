"""Without this file the services would share one database and one role, and could change each other's facts."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from shared.raw import RawConnection, connect

EXTENSIONS = ("pg_trgm",)

# Each yields the statement to run, or nothing where the work is done; the server itself does the quoting.
STEPS = (
    "format('create role %I login', role) from given where role not in (select rolname from pg_roles)",
    "format('alter role %I password %L', role, password) from given",
    "format('create database %I owner %I', base, role) from given where base not in (select datname from pg_database)",
    "format('revoke all on database %I from public', base) from given",
)


def database_of(service: str) -> str:
    return f"cw_{service}"


@asynccontextmanager
async def session(url: str) -> AsyncGenerator[RawConnection]:
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def make_databases(admin_url_of: Callable[[str], str], passwords: Mapping[str, str]) -> None:
    """Give each service a role, and a database that it owns alone; what exists stays, but for the password."""
    async with session(admin_url_of("postgres")) as admin:
        for service, password in passwords.items():
            for step in STEPS:
                query = f"with given(role, base, password) as (values ($1::text, $2::text, $3::text)) select {step}"
                statement = await admin.fetchval(query, service, database_of(service), password)
                if statement:
                    await admin.execute(statement)
    # Databases that are made later, as tests do, get the extensions from template1.
    for database in ("template1", *map(database_of, passwords)):
        async with session(admin_url_of(database)) as admin:
            for extension in EXTENSIONS:
                await admin.execute(f"create extension if not exists {extension}")
