"""How hazards are read for lists: all that a line shows in one go, in the driver's own words.

A list has fifty rows of fifty columns. Told one by one to the session, its columns would cost more than the list.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.models import GOING
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import RIGHTS
from shared.contracts.values import Role
from shared.db import table_of

_FOR_INDEXES = frozenset({"handlers", "township", "pairs"})
_HAZARDS = table_of(Hazard)
_OWN = ", ".join(f'hazards."{column.key}"' for column in _HAZARDS.columns if column.key not in _FOR_INDEXES)
_RIGHTS = ", ".join(f"'{key}'" for key in sorted(RIGHTS))
NOTHING: Mapping[str, str] = {}
BESIDES = {
    "lead_name": "(select jsonb_build_object('en', name_en, 'zh', name_zh) from parties"
    " where parties.id = hazards.lead_authority_id)",
    "enterprise_name": "(select jsonb_build_object('en', name_en, 'zh', name_zh) from enterprises"
    " where enterprises.id = hazards.enterprise_id)",
    "officers": "(select jsonb_agg(jsonb_build_object('id', people.id, 'name', name) order by name) from people"
    " where people.id = any(hazards.officer_ids))",
    "held_by": "(select jsonb_build_object('name', name, 'since', since) from holds where object_id = hazards.id"
    " and until > :now and who_id <> :who and (:all_holds or holds.party_id = :party) order by since, who_id limit 1)",
    "own_clock": "(select jsonb_build_object('at', due_at, 'key', key) from deadlines where object_id = hazards.id"  # noqa: S608 — our own words
    f" and deadlines.state = 'open' and owed_by = :party and key not in ({_RIGHTS}) order by due_at limit 1)",
    "keeps_out": "exists (select from recusals where hazard_id = hazards.id and officer_id = :who"
    " and recusals.state = 'effective')",
    "industry": "(select to_jsonb(industry_code) from enterprises where enterprises.id = hazards.enterprise_id)",
}
"""What other tables say, as documents: names, who has it open, the first clock that the reader's own party owes."""
_TABLES: Mapping[str, tuple[str, str]] = {
    "items": ("hazard_items", "cycle, ordinal"),
    "orders": ("orders", "issued_at, number"),
    "look_backs": ("look_backs", "at"),
    "claims": ("hazard_claims", "claimed_at, claim_id"),
    "rechecks": ("rechecks", "opened_at"),
    "deliveries": ("order_deliveries", "recorded_at"),
    "registrations": ("major_reports", "at"),
    "site_checks": ("site_checks", "at"),
    "extension_requests": ("extensions", "asked_at"),
    "resumptions": ("resumptions", "asked_at"),
    "cases": ("cases", "opened_at, number"),
    "statements": ("case_statements", "recorded_at"),
    "services": ("case_services", "recorded_at"),
    "contests": ("case_contests", "recorded_at"),
    "listings": ("listings", "proposed_at"),
    "notices": ("public_notices", "recorded_at"),
    "power_cuts": ("power_cuts", "told_at"),
    "stays": ("stays", "since"),
}
"""Name in the answer → table, and the columns that order it."""
_WHOLE = {
    name: f"(select coalesce(jsonb_agg(to_jsonb(r) order by {order}), '[]') from {table} r"  # noqa: S608 — our own words
    " where hazard_id = hazards.id)"
    for name, (table, order) in _TABLES.items()
} | {
    "deadlines": "(select coalesce(jsonb_agg(to_jsonb(r) order by r.state, due_at), '[]') from deadlines r"  # noqa: S608 — our own words
    f" where object_id = hazards.id and r.{GOING})",
    "taken_in": "(select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'number', r.number, 'what', r.what)"
    " order by serial), '[]') from hazards r where r.merged_into_id = hazards.id)",
    "has_parts": "exists (select from hazard_parts r where r.hazard_id = hazards.id)",
}
"""The rows that a hazard's page shows, each table's as one document."""


def _columns(more: Mapping[str, str]) -> str:
    return ", ".join(f"{said} as {name}" for name, said in {**BESIDES, **more}.items())


_LINE = text(f"{_OWN}, {_columns(NOTHING)}")
_ALL = text(f"select {_columns(_WHOLE)} from hazards where hazards.id = :id")  # noqa: S608 — our own words


async def lines(tx: AsyncSession, who: Actor, found: Subquery, now: datetime) -> list[dict[str, Any]]:
    """Give what lists show of the hazards of `found` (`id` and `nth`), in its order."""
    connection = await tx.connection()  # not the session: it would look for objects in the rows
    return [dict(row) for row in (await connection.execute(asked_for(who, found, now))).mappings()]


async def whole(tx: AsyncSession, who: Actor, hazard_id: UUID, now: datetime) -> dict[str, Any]:
    """Give all that other tables say of one hazard."""
    connection = await tx.connection()
    return dict((await connection.execute(_ALL, {**_for(who, now), "id": hazard_id})).mappings().one())


def asked_for(who: Actor, found: Subquery, now: datetime, more: Mapping[str, str] = NOTHING) -> Select[Any]:
    """Ask for the lines of the hazards of `found`, with `more` columns (name → SQL) than lists show."""
    columns = text(f"{_OWN}, {_columns(more)}") if more else _LINE
    rows = found.join(_HAZARDS, _HAZARDS.c.id == found.c.id)
    return select(columns.bindparams(**_for(who, now))).select_from(rows).order_by(found.c.nth)


def _for(who: Actor, now: datetime) -> dict[str, Any]:
    """Give what the columns must know of their reader."""
    return {"now": now, "who": who.id, "all_holds": Role.COMMITTEE in who.roles, "party": who.party_id}
