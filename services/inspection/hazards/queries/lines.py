"""How hazards are read for lists: all that a line shows in one go, in the driver's own words.

A list has fifty rows of fifty columns. Told one by one to the session, its columns would cost more than the list.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.values import Role
from shared.db import table_of

_FOR_INDEXES = frozenset({"handlers", "township", "pairs"})
_OWN = [column for column in table_of(Hazard).columns if column.key not in _FOR_INDEXES]
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
    "industry": "(select to_jsonb(industry_code) from enterprises where enterprises.id = hazards.enterprise_id)",
}
"""What other tables say, as documents: names, who has it open, the first clock that the reader's own party owes."""
_LINE = ", ".join(
    [*(f'hazards."{column.key}"' for column in _OWN), *(f"{said} as {name}" for name, said in BESIDES.items())]
)


async def lines(tx: AsyncSession, who: Actor, found: Subquery, now: datetime) -> list[dict[str, Any]]:
    """Give what lists show of the hazards of `found` (`id` and `nth`), in its order."""
    query = (
        select(_line(who, now))
        .select_from(found.join(table_of(Hazard), table_of(Hazard).c.id == found.c.id))
        .order_by(found.c.nth)
    )
    connection = await tx.connection()  # not the session: it would look for objects in the rows
    return [row._asdict() for row in await connection.execute(query)]


async def line(tx: AsyncSession, who: Actor, hazard_id: UUID, now: datetime) -> Mapping[str, Any]:
    """Give the same of one hazard."""
    table = table_of(Hazard)
    connection = await tx.connection()
    found = await connection.execute(select(_line(who, now)).select_from(table).where(table.c.id == hazard_id))
    return found.one()._asdict()


def _line(who: Actor, now: datetime) -> TextClause:
    every = Role.COMMITTEE in who.roles
    return text(_LINE).bindparams(now=now, who=who.id, all_holds=every, party=who.party_id)
