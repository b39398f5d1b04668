"""Versions and models say the same, and what order rests on is in the database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.cli.docs import described
from services.cli.parts import SERVICES, Part
from shared.migrate import at_head, check, upgrade
from shared.raw import connect


@pytest.fixture(params=SERVICES)
async def fresh(request: pytest.FixtureRequest, postgres_server: Any) -> AsyncIterator[tuple[Part, str]]:
    """A service and an empty database of its own."""
    name = f"migrate_{request.param}"
    admin = await connect(postgres_server.admin_url)
    await admin.execute(f"create database {name}")
    [part] = [part for part in described() if part.name == request.param]
    yield part, postgres_server.admin_url_of(name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def test_the_versions_lead_from_nothing_to_the_models(fresh: tuple[Part, str]) -> None:
    part, url = fresh
    await upgrade(part.name, part.metadata, url)
    await check(part.name, part.metadata, url)
    assert await at_head(part.name, part.metadata, url)
    await upgrade(part.name, part.metadata, url)


async def test_what_order_and_evidence_rest_on_is_in_the_database(fresh: tuple[Part, str]) -> None:
    """Outbox identities are drawn one by one; what is only ever added to is sealed and kept by triggers."""
    part, url = fresh
    await upgrade(part.name, part.metadata, url)
    added_to = {table.name for table in part.metadata.tables.values() if table.info.get("append_only")}
    connection = await connect(url)
    try:
        cache = await connection.fetchval(
            "select s.seqcache from pg_sequence s where s.seqrelid = pg_get_serial_sequence('outbox', 'id')::regclass"
        )
        triggers = await connection.fetch(
            "select tgrelid::regclass::text as kept, tgname from pg_trigger where not tgisinternal"
        )
    finally:
        await connection.close()
    assert cache == 1
    sealed = {("history", "history_sealed")} if "history" in added_to else set[tuple[str, str]]()
    kept = {(table, f"{table}_kept") for table in added_to}
    assert {(row["kept"], row["tgname"]) for row in triggers} == kept | sealed
