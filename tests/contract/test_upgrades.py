"""A database that people worked in is brought to the newest form with all it holds, while older code still writes."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.cli.docs import described
from services.registry.parties.domain.names import doubled, folded
from shared.migrate import config_of, upgrade
from shared.raw import RawConnection, Record, connect

OLDER = "0002"
NOW = datetime(2026, 8, 1, tzinfo=UTC)
COUNTY = "999901"
FIRE, MILL, WANG, OFFICE, HAZARD = (UUID(int=n) for n in range(1, 6))

Rows = Mapping[str, list[dict[str, Any]]]


def enterprise(n: UUID, uscc: str, name_zh: str) -> dict[str, Any]:
    """Give a row as the older code writes it."""
    return {
        "id": n,
        "version": 1,
        "area_code": COUNTY,
        "uscc": uscc,
        "name_en": "Dawn Mill",
        "name_zh": name_zh,
        "industry_code": "C1310",
        "address": "1 Bridge Road",
        "employees": 12,
    }


def party(n: UUID) -> dict[str, Any]:
    return {"id": n, "version": 1, "area_code": COUNTY, "kind": "authority", "name_en": "Fire", "name_zh": "消防"}


def person(n: UUID, **certificate: Any) -> dict[str, Any]:
    return {"id": n, "version": 1, "area_code": COUNTY, "name": "王", "language": "zh", **certificate}


def membership(n: UUID, whose: UUID) -> dict[str, Any]:
    who = {"id": n, "version": 1, "area_code": COUNTY, "person_id": whose, "party_id": FIRE}
    return {**who, "role": "authority.officer", "revoked": False}


def rule(n: int, area: str) -> dict[str, Any]:
    where = {"id": UUID(int=n), "version": 1, "area_code": area, "by": "category", "key": "fire"}
    return {**where, "authority_id": FIRE, "in_force": True, "basis": ""}


def client(name: str) -> dict[str, Any]:
    given = {"client_id": name, "secret_digest": b"x", "name": "Agency", "role": "agency"}
    return {**given, "party_id": FIRE, "area_code": COUNTY}


def held(n: UUID, **more: Any) -> dict[str, Any]:
    """Give a membership as another service keeps it."""
    return {"id": n, "person_id": WANG, "party_id": FIRE, "role": "authority.officer", "area_code": COUNTY, **more}


REGISTRY: Rows = {
    "areas": [
        {
            "id": UUID(int=50),
            "version": 1,
            "area_code": COUNTY,
            "level": "county",
            "name_en": "Sample",
            "name_zh": "示范",
        }
    ],
    "parties": [party(FIRE)],
    "enterprises": [enterprise(MILL, "911502210000001740", "晨光面粉有限公司")],
    "people": [
        person(WANG, certificate_no="E-1", certificate_valid_to=date(2031, 5, 1)),
        person(UUID(int=60), certificate_no="E-2", certificate_valid_to=date(1999, 5, 1)),
        person(UUID(int=61)),
    ],
    "memberships": [membership(OFFICE, WANG)],
    "competence": [rule(70, COUNTY), rule(71, f"{COUNTY}001")],
}
GATEWAY: Rows = {
    "accounts": [
        {
            "id": UUID(int=80),
            "version": 1,
            "area_code": COUNTY,
            "person_id": WANG,
            "login": "wang",
            "password_hash": "x",
            "failures": 0,
        }
    ],
    "clients": [client("agency")],
    "memberships": [held(OFFICE, granted_at=NOW)],
}
INSPECTION: Rows = {
    "hazards": [
        {
            "id": HAZARD,
            "version": 3,
            "area_code": COUNTY,
            "number": "H-1",
            "state": "ordered",
            "grade": "general",
            "category": "fire",
            "what": "blocked exit",
            "place": "{}",
            "imminent_danger": False,
            "claimed_at": NOW,
            "registered_at": NOW,
            "handling_authority_id": FIRE,
            "co_authority_ids": "[]",
            "returns": 0,
            "criterion_ids": "[]",
            "suspension": "none",
            "cycle": 1,
            "open_items": 1,
            "rechecked_by": "[]",
            "looked_back": 0,
        }
    ],
    "orders": [
        {
            "id": UUID(int=90),
            "hazard_id": HAZARD,
            "cycle": 1,
            "number": "O-1",
            "authority_id": FIRE,
            "kind": "rectify",
            "basis": "Art. 65",
            "items": "[]",
            "limit": date(2026, 9, 1),
            "officers": "[]",
            "issued_at": NOW,
        }
    ],
    "memberships": [held(OFFICE, in_force=True)],
}
NOTIFY: Rows = {"memberships": [held(OFFICE)]}


async def write(connection: RawConnection, rows: Rows) -> None:
    """Insert as the older code does: it names the columns that it knows."""
    for table, each in rows.items():
        for row in each:
            columns = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
            await connection.execute(f"insert into {table} ({columns}) values ({places})", *row.values())


@asynccontextmanager
async def upgraded(server: Any, service: str, rows: Rows) -> AsyncGenerator[RawConnection]:
    """Make a database of the older form with these rows, and bring it to the newest."""
    [part] = [part for part in described() if part.name == service]
    name = f"upgrade_{service}"
    admin = await connect(server.admin_url)
    await admin.execute(f"create database {name}")
    url = server.admin_url_of(name)
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    async with engine.begin() as older:
        await older.run_sync(lambda c: command.upgrade(config_of(service, part.metadata, c), OLDER))
    await engine.dispose()
    connection = await connect(url)
    try:
        await write(connection, rows)
        before = await contents(connection, rows)
        await upgrade(service, part.metadata, url)
        after = await contents(connection, rows)
        for table, kept in before.items():
            assert len(after[table]) == len(kept)
            for row, same in zip(kept, after[table], strict=True):
                assert dict(row).items() <= dict(same).items(), table
        yield connection
    finally:
        await connection.close()
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


async def contents(connection: RawConnection, tables: Rows) -> dict[str, list[Record]]:
    return {table: await connection.fetch(f"select * from {table} order by 1") for table in tables}


async def test_a_register_keeps_its_rows_which_are_as_good_as_those_written_today(postgres_server: Any) -> None:
    async with upgraded(postgres_server, "registry", REGISTRY) as registry:
        mill = await registry.fetchrow("select * from enterprises")
        assert mill is not None
        assert (mill["standing"], mill["shifts"], mill["dispatched_workers"]) == ("active", 1, 0)
        for asked in ("面粉", "dawn"):
            found = await registry.fetchval(
                "select id from enterprises where strpos(searched, $1) > 0", doubled(folded(asked))
            )
            assert found == MILL, asked
        states = await registry.fetch("select distinct state, registered_by from people")
        assert [dict(each) for each in states] == [{"state": "active", "registered_by": None}]
        assert await registry.fetchval("select count(*) from competence where co_authority_ids = '[]'") == 2
        assert await registry.fetchval("select bool_or(retired) from areas") is False
        assert await registry.fetchval("select bool_or(dissolved) from parties") is False


async def test_a_certificate_that_stood_on_a_person_becomes_a_row_of_its_own(postgres_server: Any) -> None:
    async with upgraded(postgres_server, "registry", REGISTRY) as registry:
        rows = await registry.fetch(
            "select person_id, kind, number, valid_to, status, expiry_told from certificates order by number"
        )
        assert [tuple(row.values()) for row in rows] == [
            (WANG, "enforcement", "E-1", date(2031, 5, 1), "valid", False),
            (UUID(int=60), "enforcement", "E-2", date(1999, 5, 1), "valid", True),
        ]


async def test_a_register_takes_what_older_code_writes(postgres_server: Any) -> None:
    async with upgraded(postgres_server, "registry", REGISTRY) as registry:
        newer: Rows = {
            "parties": [party(UUID(int=100))],
            "enterprises": [enterprise(UUID(int=101), "N21502210000000193", "乡村面包合作社")],
            "people": [person(UUID(int=102), certificate_no="E-3", certificate_valid_to=date(2031, 1, 1))],
            "memberships": [membership(UUID(int=103), UUID(int=102))],
            "competence": [rule(104, f"{COUNTY}002")],
        }
        await write(registry, newer)
        assert await registry.fetchval("select standing from enterprises where id = $1", UUID(int=101)) == "active"


async def test_a_gateway_keeps_who_may_enter_and_takes_what_older_code_writes(postgres_server: Any) -> None:
    async with upgraded(postgres_server, "gateway", GATEWAY) as gateway:
        await write(gateway, {"clients": [client("newer")], "memberships": [held(UUID(int=110), granted_at=NOW)]})
        for row in await gateway.fetch("select kind, grant_types, scopes, first_party, redirect_uris from clients"):
            assert tuple(row.values()) == ("confidential", ["client_credentials"], ["read", "write"], False, [])
        assert await gateway.fetchval("select count(*) from memberships where counts_until is null") == 2


async def test_hazards_and_messages_go_on_as_they_stood(postgres_server: Any) -> None:
    async with upgraded(postgres_server, "inspection", INSPECTION) as inspection:
        order = await inspection.fetchrow("select basis_ids, letter_no from orders")
        assert order is not None
        assert tuple(order.values()) == ("[]", None)
        await write(inspection, {"memberships": [held(UUID(int=120), in_force=True)]})
    async with upgraded(postgres_server, "notify", NOTIFY) as notify:
        await write(notify, {"memberships": [held(UUID(int=121))]})
