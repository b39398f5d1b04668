"""What is asked about imports, and which rows of the register somebody may take home."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel import select as select_rows

from services.registry.areas.models import Area
from services.registry.bases.models import Basis
from services.registry.certificates.models import Certificate, Training
from services.registry.certificates.policy import certificates_reached, trained_reached
from services.registry.competence.models import Competence, Criterion
from services.registry.delegations.models import Delegation
from services.registry.delegations.queries import known_to
from services.registry.dossiers.models import Record
from services.registry.dossiers.queries import reached
from services.registry.duties.models import SelfCheck
from services.registry.duties.policy import visible_to
from services.registry.grids.models import Grid
from services.registry.imports.models import Import, ImportFault
from services.registry.parties.models import Enterprise, Party
from services.registry.people.domain import PersonState
from services.registry.people.models import Membership, Person
from services.registry.risks.models import Risk
from shared.auth import Actor
from shared.db import Aggregate, Stored, table_of
from shared.paging import Page, page
from shared.permission import in_area, visible

ROWS_AT_ONCE = 1_000
_EXPORTS: Mapping[str, tuple[type[Aggregate], str, str]] = {
    "areas": (Area, "area.read", "area_code"),
    "parties": (Party, "party.read", "area_code"),
    "enterprises": (Enterprise, "enterprise.read", "uscc"),
    "people": (Person, "person.export", "name"),
    "memberships": (Membership, "membership.export", "area_code"),
    "certificates": (Certificate, "certificate.read", "number"),
}
"""Kind → its rows, the verb whose row of permissions says which of them, and their order."""
_LISTS: Mapping[str, tuple[type[Stored], Callable[[Actor, date], ColumnElement[bool]], str]] = {
    "grids": (Grid, lambda who, _: visible(who, "grid.read"), "code"),
    "competence": (Competence, lambda who, _: visible(who, "competence.read"), "key"),
    "criteria": (Criterion, lambda who, _: visible(who, "criterion.read"), "document"),
    "bases": (Basis, lambda who, _: visible(who, "basis.read"), "short_name"),
    "delegations": (Delegation, lambda who, _: known_to(who), "letter_no"),
    "records": (Record, lambda who, _: _of_enterprises(Record.enterprise_id, reached(who, "record.read")), "kept_at"),
    "training": (Training, lambda who, on: _of_people(Training.person_id, trained_reached(who, on)), "held_on"),
    "risks": (Risk, lambda who, _: _of_enterprises(Risk.id, reached(who, "risk.compare")), "id"),
    "self-checks": (SelfCheck, lambda who, _: visible_to(who), "submitted_at"),
}
"""List that is only taken home → its rows, which of them somebody sees, and their order."""


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


async def parties_called(tx: AsyncSession, called: set[str]) -> dict[str, set[UUID]]:
    """Give, for what parties and enterprises are called, those that have it for a name or a credit code."""
    found: dict[str, set[UUID]] = {}
    for model in (Party, Enterprise) if called else ():
        names = (col(model.name_zh), col(model.name_en), col(model.uscc))
        for party_id, *known_as in await tx.execute(
            select(col(model.id), *names).where(or_(*(name.in_(called) for name in names)))
        ):
            for name in called.intersection(known_as):
                found.setdefault(name, set()).add(party_id)
    return found


async def people_in(tx: AsyncSession, names: set[str], parties: set[UUID]) -> dict[tuple[str, UUID], set[UUID]]:
    """Give who has one of the names and acts, did or will act for one of the parties; by name and party."""
    asked = (
        select(col(Person.name), col(Membership.party_id), col(Person.id))
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            col(Person.name).in_(names),
            col(Person.state) != PersonState.LEFT,
            col(Membership.party_id).in_(parties),
            col(Membership.revoked).is_(other=False),
        )
    )
    found: dict[tuple[str, UUID], set[UUID]] = {}
    for name, party_id, person_id in await tx.execute(asked):
        if party_id is not None:
            found.setdefault((name, party_id), set()).add(person_id)
    return found


async def certificates_numbered(tx: AsyncSession, numbers: Sequence[str]) -> dict[tuple[str, str], tuple[UUID, UUID]]:
    """Give certificate and holder by kind and number."""
    asked = select(
        col(Certificate.kind), col(Certificate.number), col(Certificate.id), col(Certificate.person_id)
    ).where(col(Certificate.number).in_(numbers))
    return {(kind, number): (owner, holder) for kind, number, owner, holder in await tx.execute(asked)}


def rows_for(who: Actor, kind: str, area: str | None, named: str | None, on: date) -> Select[Any]:
    """Ask for the rows of a kind that this person may see whole; refuses whoever may see none."""
    if kind in _LISTS:
        return _listed(who, kind, area, on)
    model, verb, order = _EXPORTS[kind]
    table = table_of(model)
    asked = select(table).where(certificates_reached(who, on) if model is Certificate else _visible(who, verb, model))
    if area is not None:
        asked = asked.where(table.c.area_code.startswith(area, autoescape=True))
    if model is Certificate:
        asked = asked.join(Person, col(Person.id) == table.c.person_id).add_columns(
            col(Person.name).label("person_name")
        )
        if named:
            asked = asked.where(col(Person.name).icontains(named, autoescape=True))
    elif named:
        names = [table.c[name] for name in ("name", "name_zh", "name_en") if name in table.c]
        asked = asked.where(or_(*(name.icontains(named, autoescape=True) for name in names)))
    if model is Membership:
        asked = asked.where(table.c.revoked.is_(other=False))
    return asked.order_by(table.c[order], table.c.id)


def _listed(who: Actor, name: str, area: str | None, on: date) -> Select[Any]:
    model, seen, order = _LISTS[name]
    table = table_of(model)
    asked = select(table).where(seen(who, on))
    if area is not None:
        asked = asked.where(table.c.area_code.startswith(area, autoescape=True))
    return asked.order_by(table.c[order], table.c.id)


def _of_enterprises(enterprise_id: Any, reached_ones: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(enterprise_id).in_(select(col(Enterprise.id)).where(reached_ones))


def _of_people(person_id: Any, reached_ones: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(person_id).in_(select(col(Person.id)).where(reached_ones))


async def pieces(tx: AsyncSession, asked: Select[Any]) -> AsyncGenerator[list[dict[str, Any]]]:
    """Give the rows some at a time, so that any number of them fits into memory."""
    result = await tx.stream(asked, execution_options={"yield_per": ROWS_AT_ONCE})
    async for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _visible(who: Actor, verb: str, model: type[Aggregate]) -> ColumnElement[bool]:
    own = col(Enterprise.id) == who.party_id if model is Enterprise else None
    return visible(who, verb, area=in_area(who, model.area_code), party=own)
