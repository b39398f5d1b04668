"""Tables, sessions and the kernel's own rows; without this file every service would invent its own durability."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import (
    DateTime,
    Enum,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    event,
    func,
)
from sqlalchemy import (
    Row as SqlRow,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import declared_attr, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Field, SQLModel

from shared.crashpoint import crashpoint
from shared.errors import Conflict
from shared.kernel_tables import kernel_tables
from shared.raw import DatabaseFault, Raw, RawPool, open_pool

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def own_tables() -> registry:
    """Give one service its own set of tables (SQLModel's default set is one per process), kernel tables included."""
    metadata = MetaData(naming_convention=NAMING)
    kernel_tables(metadata)
    return registry(metadata=metadata)


class Stored(SQLModel):
    """What every row is; SQLModel declares `__tablename__` in a way that a plain name does not fit."""

    if TYPE_CHECKING:
        __tablename__: ClassVar[Any]


class Aggregate(Stored):
    """Columns of a row whose changes are events: `version` counts its facts, contiguous from 1.

    Subclass it together with the service's `Row`. Only `shared.outbox.emit` raises the version, so a write that
    lost a race finds no row and becomes a 409. `noun` is the third word of its events' subjects.
    """

    noun: ClassVar[str] = ""

    id: UUID = Field(primary_key=True)
    version: int = Field(default=0, nullable=False)
    area_code: str = Field(index=True, max_length=12)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 — SQLAlchemy's declared_attr passes the class
        table: Table | None = getattr(cls, "__table__", None)
        if table is None:
            return {}
        table.info["noun"] = cls.noun or cls.__name__.lower()
        return {"version_id_col": table.c.version, "version_id_generator": False}


def table_of(kind: type[Stored]) -> Table:
    """Give the table of a row class: for statements that are made once and take many rows."""
    table: Table = cast("Any", kind).__table__
    return table


def nouns_of(metadata: MetaData) -> dict[str, str]:
    """Give the tables of a service's aggregates by their noun."""
    return {table.info["noun"]: table.name for table in metadata.tables.values() if "noun" in table.info}


def moment(*, index: bool = False, nullable: bool = False) -> Any:
    """Declare a column that holds an aware instant."""
    kind: Any = DateTime(timezone=True)
    if nullable:
        return Field(default=None, sa_type=kind, index=index, nullable=True)
    return Field(sa_type=kind, index=index, nullable=False)


def document(*, nullable: bool = False) -> Any:
    """Declare a `jsonb` column; the value is plain JSON (dump pydantic models with `mode="json"`)."""
    kind: Any = postgresql.JSONB
    return Field(default=None if nullable else ..., sa_type=kind, nullable=nullable)


def several() -> Any:
    """Declare a `jsonb` list that is empty unless something is in it, also in rows older than the column."""
    kind: Any = postgresql.JSONB
    return Field(default_factory=list, sa_type=kind, nullable=False, sa_column_kwargs={"server_default": "[]"})


def members(kind: type[UUID] | type[int] | type[str]) -> Any:
    """Declare an array, for what an index shall find by any of its members; empty in rows older than the column."""
    stored: Any = postgresql.ARRAY({UUID: Uuid, int: Integer, str: Text}[kind])
    return Field(default_factory=list, sa_type=stored, nullable=False, sa_column_kwargs={"server_default": "{}"})


def _values(kind: type[StrEnum]) -> list[str]:
    return [one.value for one in kind]


def word(
    kind: type[StrEnum],
    *,
    index: bool = False,
    default: StrEnum | None = None,
    nullable: bool = False,
    older: StrEnum | None = None,
) -> Any:
    """Declare a column that holds one word of an enumeration, stored as text (a new word needs no migration).

    `older` is the word of rows that are older than the column, and of those that older code still writes.
    """
    stored: Any = Enum(kind, native_enum=False, create_constraint=False, length=40, values_callable=_values)
    if nullable:
        return Field(default=None, sa_type=stored, index=index, nullable=True)
    kept: dict[str, Any] = {} if older is None else {"server_default": older.value}
    given = ... if default is None else default
    return Field(default=given, sa_type=stored, index=index, nullable=False, sa_column_kwargs=kept)


class Database:
    """One service's database: sessions for ordinary work, a raw pool for measured hot paths.

    `committed` is called after each commit that may have left outbox rows; it wakes the relay. `info` is what every
    transaction knows: the service's name and, once it is built, its profile (a reaction has no other way to a clock).
    """

    def __init__(self, service: str, url: str, *, pool_size: int = 8) -> None:
        self.service = service
        self.url = url
        self.committed: Callable[[], None] = lambda: None
        self.info: dict[str, Any] = {"service": service}
        self.engine: AsyncEngine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,  # an error message must not carry what a person wrote
            json_deserializer=from_json,  # ten times as fast as the standard library's: a list reads 500 documents
        )
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info=self.info)
        self._pool: RawPool | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Commit when the block ends, roll back when it raises; a lost race is told as a 409."""
        async with self._sessions() as session:
            try:
                yield session
                crashpoint("action.uncommitted")
                await session.commit()
            except StaleDataError as lost:
                await session.rollback()
                raise changed_meanwhile() from lost
            except BaseException:
                await session.rollback()
                raise
        crashpoint("action.committed")
        self.committed()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """Only look: nothing is committed, so no worker is woken (one that looks for work would wake itself)."""
        async with self._sessions() as session:
            yield session

    async def pool(self) -> RawPool:
        """Return the raw pool of the hot paths (one statement, autocommit), opened on first use."""
        if self._pool is None:
            async with self._opening:  # of two that come first at once, the second would leak the pool of the first
                self._pool = self._pool or await open_pool(self.url)
        return self._pool

    async def ready(self) -> bool:
        """Tell whether the database answers."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(func.now().select())
        except (DBAPIError, *DatabaseFault):
            return False
        return True

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
        await self.engine.dispose()


async def first_of(tx: AsyncSession, query: str, values: tuple[object, ...]) -> Sequence[SqlRow[Any]]:
    """Run a transaction's first statement in the driver's own words; it begins the transaction for `raw_of`."""
    connection = await tx.connection()
    rows = (await connection.exec_driver_sql(query, values)).all()
    tx.info["raw"] = (await connection.get_raw_connection()).driver_connection
    return rows


async def raw_of(tx: AsyncSession) -> Raw:
    """Give the driver's own connection inside the transaction `tx`, for measured hot paths.

    A statement costs a seventh of what it costs through the session, which knows nothing of it.
    """
    if "raw" not in tx.info:
        driver: Any = (await (await tx.connection()).get_raw_connection()).driver_connection
        if driver.is_in_transaction():
            tx.info["raw"] = driver
        else:
            await first_of(tx, "select 1", ())
    return cast("Raw", tx.info["raw"])


def _refuse_closed(raw: Any, _record: object, _proxy: object) -> None:
    """Let the pool replace a connection whose server went away; asking the server each time would cost three trips."""
    if raw.driver_connection.is_closed():
        raise DisconnectionError("the server closed this connection")


def changed_meanwhile() -> Conflict:
    """Tell that somebody else acted first."""
    return Conflict(
        "changed-meanwhile",
        "Somebody else changed this at the same moment. Read it again and decide anew.",
        "他人刚刚修改了该事项，请刷新后重新决定。",
    )
