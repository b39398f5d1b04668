"""A county in which everything exists thrice: one's own, another's in the same area, and another's elsewhere.

Every object of a noun is planted straight into its table; whoever asks is always the same person of the same
organisation in the same township, in one role after the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from importlib import import_module
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from PIL import Image
from sqlalchemy import ARRAY, Boolean, Date, DateTime, Float, Integer, LargeBinary, Numeric, Uuid, delete, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.auth import Actor
from shared.contracts.permissions import Scope
from shared.contracts.values import Role
from shared.db import Stored, table_of
from shared.evidence import EvidenceStore
from shared.testing import START, Platform

HERE, THERE = "999901001", "999901002"


class Whose(StrEnum):
    OWN = "own"
    OTHERS = "others"
    """Another's, in the same area."""
    ELSEWHERE = "elsewhere"
    """Another's, in another area."""


REACHED: Mapping[Whose, frozenset[Scope]] = {
    Whose.OWN: frozenset(Scope),
    Whose.OTHERS: frozenset({Scope.ANY, Scope.AREA}),
    Whose.ELSEWHERE: frozenset({Scope.ANY}),
}
"""By which scopes an object is reached; written down here a second time, so that the first can be wrong."""


def made(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, ":".join(map(str, words)))


ME, NOBODY = made("me"), made("nobody")
PARTIES = {Whose.OWN: made("my party"), Whose.OTHERS: made("their party"), Whose.ELSEWHERE: made("party elsewhere")}
PEOPLE = {Whose.OWN: ME, Whose.OTHERS: made("they"), Whose.ELSEWHERE: made("they elsewhere")}
AREAS = {Whose.OWN: HERE, Whose.OTHERS: HERE, Whose.ELSEWHERE: THERE}
ROLES: tuple[Role | None, ...] = (None, *Role)
"""None: somebody who did not sign in."""


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3), "orange").save(out, "PNG")
    return out.getvalue()


def asking(role: Role | None) -> Actor | None:
    return None if role is None else Actor(ME, role, PARTIES[Whose.OWN], HERE, "en")


Facts = Callable[[Whose, Platform], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Noun:
    """Objects of one kind: the table they lie in, and what makes one somebody's."""

    table: str
    """`services.inspection.hazards.models:Hazard`; empty: another noun of the world bears this id."""
    facts: Facts = lambda *_: {}
    key: str = "id"
    ids: Mapping[Whose, Any] = field(default_factory=dict[Whose, Any])
    """Where the object's id is somebody's id already; otherwise one is made."""

    def id_of(self, whose: Whose) -> Any:
        return self.ids.get(whose) or made(self.table, whose)


async def plant(platform: Platform, service: str, nouns: Mapping[str, Noun]) -> None:
    """Empty the service's tables and put three objects of every noun into them, in the order given."""
    known = platform.service(service)
    async with known.database.transaction() as tx:
        for table in reversed(known.metadata.sorted_tables):
            await tx.execute(text(f'truncate "{table.name}"') if table.info.get("append_only") else delete(table))
        for noun in (each for each in nouns.values() if each.table):
            module, _, name = noun.table.partition(":")
            kind: type[Stored] = getattr(import_module(module), name)
            for whose in Whose:
                told = {noun.key: noun.id_of(whose), **_shared(kind, whose), **noun.facts(whose, platform)}
                tx.add(kind(**{**dict(_filled(kind, told, whose)), **told}))
            await tx.flush()
    if "evidence_id" in nouns:
        store = known.part(EvidenceStore)
        for whose in Whose:
            await store.keep(service, nouns["evidence_id"].id_of(whose), picture(), images_only=True)


def _shared(table: type[Stored], whose: Whose) -> Mapping[str, Any]:
    columns = set(table_of(table).columns.keys())
    return {"area_code": AREAS[whose]} if "area_code" in columns else {}


def _filled(table: type[Stored], told: Mapping[str, Any], whose: Whose) -> Iterator[tuple[str, Any]]:
    """Give some value for every column that needs one and was not told."""
    for column in table_of(table).columns:
        needed = not column.nullable and column.default is None and column.server_default is None
        if needed and column.key not in told and column.identity is None:
            enumerated = getattr(column.type, "enum_class", None)
            yield column.key, _some(column.type, enumerated, f"{table.__name__} {whose} {column.key}")


def _some(kind: Any, enumerated: type[Enum] | None, name: str) -> Any:
    if enumerated is not None:
        return next(iter(enumerated))
    values: list[tuple[type, Any]] = [
        (Uuid, made(name)),
        (JSONB, []),
        (ARRAY, []),
        (Boolean, False),
        (DateTime, START),
        (Date, START.date()),
        (Integer, 1),
        (Numeric, 1),
        (Float, 1),
        (LargeBinary, b""),
    ]
    return next((value for sort, value in values if isinstance(kind, sort)), name)


def smallest(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Give the smallest value that a JSON Schema describes: what is required and nothing else."""
    while "$ref" in schema or (choices := [schema[word] for word in ("anyOf", "oneOf", "allOf") if word in schema]):
        schema = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else choices[0][0]
    kind = "const" if "const" in schema or "enum" in schema else schema.get("type")
    found: Any = None
    match kind:
        case "const":
            found = schema.get("const", schema.get("enum", [None])[0])
        case "object":
            found = {name: smallest(schema["properties"][name], known) for name in schema.get("required", ())}
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {})] * schema.get("minItems", 0)
            found = [smallest(item, known) for item in items]
        case "integer" | "number":
            found = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            found = True
        case "string":
            found = _text(schema)
        case _:
            pass
    return found


def _text(schema: Mapping[str, Any]) -> str:
    formats = {
        "uuid": str(NOBODY), "date": date(2026, 9, 30).isoformat(), "date-time": START.isoformat(),
        "area-code": HERE, "uscc": "91110108551385082Q", "uri": "https://example.org/",
    }  # fmt: skip
    if (known := formats.get(schema.get("format", ""))) is not None:
        return known
    return "x" * max(int(schema.get("minLength", 1)), 1)
