"""How hazards are read for lists: all that a line shows in one go, in the driver's own words.

A list has fifty rows of fifty columns. Told one by one to the session, its columns would cost more than the list.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.values import Role
from shared.db import table_of

_FOR_INDEXES = frozenset({"handlers", "township", "pairs"})
_HAZARDS = table_of(Hazard)
_OWN = [f'hazards."{column.key}"' for column in _HAZARDS.columns if column.key not in _FOR_INDEXES]
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
    "own_clock": "(select jsonb_build_object('at', due_at, 'key', key) from deadlines where object_id = hazards.id"
    " and deadlines.state = 'open' and owed_by = :party order by due_at limit 1)",
    "keeps_out": "exists (select from recusals where hazard_id = hazards.id and officer_id = :who"
    " and recusals.state = 'effective')",
    "industry": "(select to_jsonb(industry_code) from enterprises where enterprises.id = hazards.enterprise_id)",
}
"""What other tables say, as documents: names, who has it open, the first clock that the reader's own party owes."""


async def lines(tx: AsyncSession, who: Actor, found: Subquery, now: datetime) -> list[dict[str, Any]]:
    """Give what lists show of the hazards of `found` (`id` and `nth`), in its order."""
    connection = await tx.connection()  # not the session: it would look for objects in the rows
    return [dict(row) for row in (await connection.execute(asked_for(who, found, now))).mappings()]


async def besides(tx: AsyncSession, who: Actor, hazard_id: UUID, now: datetime) -> dict[str, Any]:
    """Give what other tables say of one hazard."""
    columns = [f"{said} as {name}" for name, said in BESIDES.items()]
    query = select(_told(columns, who, now)).select_from(_HAZARDS).where(_HAZARDS.c.id == hazard_id)
    connection = await tx.connection()
    return dict((await connection.execute(query)).mappings().one())


def asked_for(who: Actor, found: Subquery, now: datetime, more: Mapping[str, str] = NOTHING) -> Select[Any]:
    """Ask for the lines of the hazards of `found`, with `more` columns (name → SQL) than lists show."""
    columns = [*_OWN, *(f"{said} as {name}" for name, said in {**BESIDES, **more}.items())]
    rows = found.join(_HAZARDS, _HAZARDS.c.id == found.c.id)
    return select(_told(columns, who, now)).select_from(rows).order_by(found.c.nth)


def _told(columns: Sequence[str], who: Actor, now: datetime) -> TextClause:
    every = Role.COMMITTEE in who.roles
    return text(", ".join(columns)).bindparams(now=now, who=who.id, all_holds=every, party=who.party_id)
