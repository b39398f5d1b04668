"""How a row of a file becomes a row of the register and a fact; without it each table would be written its own way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.areas.domain import level_of, parent_of
from services.registry.areas.models import Area
from services.registry.areas.queries import bounds_of
from services.registry.certificates.actions.certificates import tell_newest_of
from services.registry.certificates.models import Certificate
from services.registry.imports.domain.columns import Kind, Row
from services.registry.imports.domain.faults import Fault
from services.registry.imports.domain.kinds import KINDS
from services.registry.imports.domain.kinds.people import person_of
from services.registry.parties.domain.codes import is_temporary
from services.registry.parties.domain.names import searched
from services.registry.parties.models import Enterprise, Party
from services.registry.parties.queries import sites_of
from services.registry.people.domain import PersonState
from services.registry.people.models import Membership, Person
from shared.contracts.base import Event
from shared.contracts.registry import (
    AreaRegistered,
    CertificateKind,
    CertificateRecorded,
    EnterpriseRegistered,
    MembershipGranted,
    PartyRegistered,
    PersonRegistered,
)
from shared.db import Aggregate, table_of

Known = Mapping[str, Any]
"""A row as the register has it; None: it has none."""
Said = dict[str, Any]
"""What an event says, field by field in its order."""


def _defaults(table: type[Aggregate]) -> Row:
    """Give what a new row has in columns that a file does not name."""
    fields = table.model_fields
    return {
        name: None if fields[name].is_required() else fields[name].get_default(call_default_factory=True)
        for name in table_of(table).columns.keys()  # noqa: SIM118 — not a dictionary
        if name in fields and name != "id"
    }


def _area(row: Row, _: Row, __: Known | None) -> None:
    row["parent_code"] = parent_of(row["area_code"])
    row["level"] = level_of(row["area_code"])
    row.setdefault("bounds", None)
    _named(row, _, __)


def _named(row: Row, given: Row, known: Known | None) -> None:
    """Let what has no English name go by its Chinese one, also when that changes."""
    if "name_en" not in given and known is not None and known["name_en"] != known["name_zh"]:
        return
    row["name_en"] = given.get("name_en") or row["name_zh"]


def _enterprise(row: Row, given: Row, known: Known | None) -> None:
    _named(row, given, known)
    row["searched"] = searched(row["name_zh"], row["name_en"])
    row.setdefault("sites", [])


def _code_stays(given: Row, known: Known) -> tuple[str, Fault] | None:
    """What is registered under a credit code does not go back to a temporary one."""
    if not is_temporary(given["uscc"]) or is_temporary(known["uscc"]):
        return None
    return "uscc", Fault(
        "code-goes-back",
        f"This enterprise is registered under “{known['uscc']}”; it cannot become unregistered again.",
        f"该企业已以“{known['uscc']}”登记，不能改回临时编号。",
        "Fill in its credit code.",
        "请填写其统一社会信用代码。",
    )


async def _sites(tx: AsyncSession, rows: list[Row]) -> None:
    """Put beside each enterprise its sites, which its fact speaks of; a table does not change them."""
    found = await sites_of(tx, [row["id"] for row in rows]) if rows else {}
    for row in rows:
        row["sites"] = [site.model_dump(exclude_none=True) for site in found.get(row["id"], ())]


async def _bounds(tx: AsyncSession, rows: list[Row]) -> None:
    """Put beside each area the box around its boundary, which its fact speaks of."""
    found = await bounds_of(tx, [row["id"] for row in rows]) if rows else {}
    for row in rows:
        row["bounds"] = found.get(row["id"])


async def _nothing_beside(_: AsyncSession, __: list[Row]) -> None:
    """Say that the row is all that its fact speaks of."""


def _anything_goes(_: Row, __: Known) -> tuple[str, Fault] | None:
    return None


def _membership(row: Row, given: Row, _: Known | None) -> None:
    row["person_id"] = person_of(given)


def _certificate(row: Row, given: Row, known: Known | None) -> None:
    row["area_code"] = given["area_code"]
    row["expiry_told"] = known is not None and known["expiry_told"] and known["valid_to"] == row["valid_to"]


def _holder_stays(given: Row, known: Known) -> tuple[str, Fault] | None:
    """A certificate passes neither to another person nor to another kind."""
    if (given["person_id"], given["kind"]) == (known["person_id"], known["kind"]):
        return None
    return "id", Fault(
        "certificate-of-another",
        "The certificate with this id is another person's, or of another kind.",
        "该编号（id）的证件属于他人或为其他类别。",
        "Empty the id to record a new certificate, or correct the holder and the kind.",
        "请清空 id 以登记新证件，或更正持证人和类别。",
    )


async def _newest_told(tx: AsyncSession, rows: list[Row], now: datetime) -> None:
    """Let the facts of holders say which enforcement certificate is the newest."""
    await tell_newest_of(tx, {row["person_id"] for row in rows if row["kind"] == CertificateKind.ENFORCEMENT}, now)


async def _nothing_after(_: AsyncSession, __: list[Row], ___: datetime) -> None:
    """Say that no other fact follows."""


def _nothing(_: Row, __: Row, ___: Known | None) -> None:
    """Leave the row as the line gave it: nothing follows from anything."""


def _area_registered(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "code": row["area_code"],
        "parent_code": row["parent_code"],
        "level": row["level"],
        "name_en": row["name_en"],
        "name_zh": row["name_zh"],
        "retired": row["retired"],
        "bounds": row["bounds"],
    }


def _party_registered(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "party_id": row["id"],
        "kind": row["kind"],
        "name_en": row["name_en"],
        "name_zh": row["name_zh"],
        "uscc": row["uscc"],
        "parent_id": row["parent_id"],
        "address": row["address"],
        "dissolved": row["dissolved"],
    }


def _enterprise_registered(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "enterprise_id": row["id"],
        "uscc": row["uscc"],
        "name_en": row["name_en"],
        "name_zh": row["name_zh"],
        "industry_code": row["industry_code"],
        "place": {"area_code": row["area_code"], "address": row["address"], "lon": row["lon"], "lat": row["lat"]},
        "employees": row["employees"],
        "standing": row["standing"],
        "sector": row["sector"],
        "scale": row["scale"],
        "established_on": row["established_on"],
        "dispatched_workers": row["dispatched_workers"],
        "high_hazard": row["high_hazard"],
        "crowded": row["crowded"],
        "mixed_living": row["mixed_living"],
        "sites": row["sites"],
    }


def _person_registered(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "person_id": row["id"],
        "name": row["name"],
        "language": row["language"],
        "email": row["email"],
        "certificate_no": row["certificate_no"],
        "certificate_valid_to": row["certificate_valid_to"],
        "active": row["state"] is PersonState.ACTIVE,
    }


def _membership_granted(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "membership_id": row["id"],
        "person_id": row["person_id"],
        "party_id": row["party_id"],
        "role": row["role"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }


def _certificate_recorded(row: Known, now: datetime) -> Said:
    return {
        "at": now,
        "area_code": row["area_code"],
        "certificate_id": row["id"],
        "person_id": row["person_id"],
        "kind": row["kind"],
        "number": row["number"],
        "issuer": row["issuer"],
        "scope": row["scope"],
        "issued_on": row["issued_on"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
        "status": row["status"],
    }


@dataclass(frozen=True, slots=True)
class Target:
    """One table of the register: `complete` gives the whole row that a line asks for, `fact` what is then stated."""

    kind: Kind
    table: type[Aggregate]
    complete: Callable[[Row, Row, Known | None], None]
    """Fills in what follows from other columns: (row to be written, what the line gave, what was known)."""
    event: type[Event]
    fact: Callable[[Known, datetime], Said]
    refuses: Callable[[Row, Known], tuple[str, Fault] | None] = _anything_goes
    """Says why a line may not change the row that is there."""
    beside: Callable[[AsyncSession, list[Row]], Awaitable[None]] = _nothing_beside
    """Adds to rows that are there what their facts must speak of besides."""
    after: Callable[[AsyncSession, list[Row], datetime], Awaitable[None]] = _nothing_after
    """States what follows for others from rows that were written."""

    def wanted(self, given: Row, known: Known | None) -> Row:
        """Give the row as the line wants it; a column that the file lacks stays as it is."""
        row = {**(_DEFAULTS[self.kind.name] if known is None else known), **given}
        for name in _NOT_STORED[self.kind.name]:
            row.pop(name, None)
        row["id"] = None if known is None else known["id"]
        self.complete(row, given, known)
        return row


TARGETS: Mapping[str, Target] = {
    target.kind.name: target
    for target in (
        Target(KINDS["areas"], Area, _area, AreaRegistered, _area_registered, beside=_bounds),
        Target(KINDS["parties"], Party, _named, PartyRegistered, _party_registered),
        Target(
            KINDS["enterprises"],
            Enterprise,
            _enterprise,
            EnterpriseRegistered,
            _enterprise_registered,
            _code_stays,
            _sites,
        ),
        Target(KINDS["people"], Person, _nothing, PersonRegistered, _person_registered),
        Target(KINDS["memberships"], Membership, _membership, MembershipGranted, _membership_granted),
        Target(
            KINDS["certificates"],
            Certificate,
            _certificate,
            CertificateRecorded,
            _certificate_recorded,
            _holder_stays,
            after=_newest_told,
        ),
    )
}
_NOT_STORED: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in target.kind.columns if not column.stored) for name, target in TARGETS.items()
}
_DEFAULTS: Mapping[str, Row] = {
    name: _defaults(target.table)
    | {column.name: column.absent for column in target.kind.columns if column.stored and column.absent is not None}
    for name, target in TARGETS.items()
}
"""What a column that the file lacks means in a new row: the same as an empty cell of it."""
