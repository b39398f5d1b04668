"""What is asked about imports, and which rows of the register somebody may take home."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel import select as select_rows

from services.registry.areas.models import Area
from services.registry.imports.models import Import, ImportFault
from services.registry.parties.models import Enterprise, Party
from services.registry.people.models import Membership, Person
from shared.auth import Actor
from shared.db import Aggregate, table_of
from shared.paging import Page, page
from shared.permission import in_area, visible

ROWS_AT_ONCE = 1_000
_EXPORTS: Mapping[str, tuple[type[Aggregate], str, str]] = {
    "areas": (Area, "area.read", "area_code"),
    "parties": (Party, "party.read", "area_code"),
    "enterprises": (Enterprise, "enterprise.read", "uscc"),
    "people": (Person, "person.export", "name"),
    "memberships": (Membership, "membership.export", "area_code"),
}
"""Kind → its rows, the verb whose row of permissions says which of them, and their order."""


async def imports(tx: AsyncSession, after: UUID | None, limit: int) -> Page[Import]:
    """List what was handed in, the newest first."""
    return await page(tx, select_rows(Import), Import.handed_in_at, after, limit, newest_first=True)


async def faults(tx: AsyncSession, import_id: UUID, after: int, limit: int) -> Sequence[ImportFault]:
    """List faults in the order of the file."""
    asked = select_rows(ImportFault).where(col(ImportFault.import_id) == import_id, col(ImportFault.ordinal) > after)
    return (await tx.scalars(asked.order_by(col(ImportFault.ordinal)).limit(limit))).all()


async def reasons(tx: AsyncSession, import_id: UUID, language: str) -> dict[int, str]:
    """Give for each bad line what is wrong and how it is mended, in one text."""
    faults = table_of(ImportFault).c
    what, mend = (faults.zh, faults.mend_zh) if language.startswith("zh") else (faults.en, faults.mend_en)
    asked = select(faults.line, faults.column, what, mend).where(faults.import_id == import_id)
    told: dict[int, str] = {}
    for line, column, why, how in await tx.execute(asked.order_by(faults.ordinal)):
        one = f"{column}: {why} {how}" if column else f"{why} {how}"
        told[line] = f"{told[line]} | {one}" if line in told else one
    return told


def rows_for(who: Actor, kind: str, area: str | None, named: str | None) -> Select[Any]:
    """Ask for the rows of a kind that this person may see whole; refuses whoever may see none."""
    model, verb, order = _EXPORTS[kind]
    table = table_of(model)
    asked = select(table).where(_visible(who, verb, model))
    if area is not None:
        asked = asked.where(table.c.area_code.startswith(area, autoescape=True))
    if named:
        names = [table.c[name] for name in ("name", "name_zh", "name_en") if name in table.c]
        asked = asked.where(or_(*(name.icontains(named, autoescape=True) for name in names)))
    if model is Membership:
        asked = asked.where(table.c.revoked.is_(other=False))
    return asked.order_by(table.c[order], table.c.id)


async def pieces(tx: AsyncSession, asked: Select[Any]) -> AsyncGenerator[list[dict[str, Any]]]:
    """Give the rows some at a time, so that any number of them fits into memory."""
    result = await tx.stream(asked, execution_options={"yield_per": ROWS_AT_ONCE})
    async for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _visible(who: Actor, verb: str, model: type[Aggregate]) -> ColumnElement[bool]:
    own = col(Enterprise.id) == who.party_id if model is Enterprise else None
    return visible(who, verb, area=in_area(who, model.area_code), party=own)
