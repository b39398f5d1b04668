"""Asks beforehand what a hazard will ask: whom a matter leads to, and which rules lead nowhere or to two."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import String, bindparam, func, literal, or_, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.competence.models import Competence
from services.registry.competence.shapes import CompetenceView, ConflictView, Decide, Fault
from services.registry.parties.models import Enterprise
from services.registry.shapes import Listed
from shared.contracts import routing
from shared.contracts.registry import CompetenceBy
from shared.contracts.routing import Matter, Routing, route
from shared.contracts.values import OVERRIDING
from shared.errors import no_such


async def decide(tx: AsyncSession, matter: Matter, on: date) -> tuple[Routing, dict[UUID, Competence]]:
    """Find who would be responsible, as inspection will, with the rules that were considered by their ids.

    A rule outside its term is considered and says so; one that was withdrawn is not.
    """
    area = literal(matter.area_code, String)
    speaks = or_(
        (col(Competence.by) == CompetenceBy.ENTERPRISE) & (col(Competence.key) == str(matter.enterprise_id)),
        (col(Competence.by) == CompetenceBy.CATEGORY) & (col(Competence.key) == matter.category),
        (col(Competence.by) == CompetenceBy.INDUSTRY)
        & func.starts_with(literal(matter.industry_code, String), col(Competence.key)),
        (col(Competence.by) == CompetenceBy.TOWNSHIP) & func.starts_with(area, col(Competence.key)),
    )
    query = select(Competence).where(
        col(Competence.in_force), func.starts_with(area, col(Competence.area_code)), speaks
    )
    rows = {row.id: row for row in await tx.scalars(query)}
    return route(map(as_rule, rows.values()), matter, on), rows


async def matter_of(tx: AsyncSession, ask: Decide) -> Matter:
    """Fill in what is known of a registered enterprise; raises 404 for one that is not."""
    if ask.enterprise_id is None:
        assert ask.area_code is not None, "the shape asks for a place where there is no enterprise"
        return Matter(area_code=ask.area_code, category=ask.category, industry_code=ask.industry_code)
    enterprise = await tx.get(Enterprise, ask.enterprise_id)
    if enterprise is None:
        raise no_such("enterprise", "企业")
    return Matter(
        area_code=ask.area_code or enterprise.area_code,
        category=ask.category,
        enterprise_id=enterprise.id,
        industry_code=enterprise.industry_code,
    )


def as_rule(row: Competence) -> routing.Competence:
    return routing.Competence(
        rule_id=row.id,
        by=CompetenceBy(row.by),
        key=row.key,
        authority_id=row.authority_id,
        area_code=row.area_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        co_authority_ids=tuple(map(UUID, row.co_authority_ids)),
    )


_FAULTY = text("""
with standing as materialized (
    select * from competence where in_force and (valid_to is null or valid_to >= :on)
), spoken as (
    select c.*, coalesce(e.area_code, case when c.by = 'township' then c.key end, c.area_code) as reach
    from standing c left join enterprises e on c.by = 'enterprise' and e.id::text = c.key
), rivals as (
    select a.id, array_agg(b.id order by b.id) as tied_with
    from standing a
    join standing b on b.by = a.by and b.key = a.key and b.area_code = a.area_code
        and b.authority_id <> a.authority_id
        and daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
    group by a.id
), judged as (
    select s.id, r.tied_with, array_remove(array[
        case when r.id is not null then 'tied' end,
        case when p.dissolved then 'dissolved' end,
        case when not starts_with(s.reach, p.area_code) and not starts_with(s.area_code, p.area_code)
            then 'outside' end,
        case when s.by = 'category' and s.key <> all(:overriding)
            or not starts_with(s.reach, s.area_code) and not starts_with(s.area_code, s.reach) then 'idle' end
    ], null) as faults
    from spoken s join parties p on p.id = s.authority_id left join rivals r on r.id = s.id
    where :after is null or s.id > :after
)
select id, coalesce(tied_with, '{}') as tied_with, faults from judged
where cardinality(faults) > 0 order by id limit :limit
""").bindparams(
    bindparam("after", type_=postgresql.UUID(as_uuid=True)),
    bindparam("overriding", type_=postgresql.ARRAY(String)),
)
"""Rules that hold on the day or later. One key in nested areas is not among them: the most specific area wins."""


async def conflicts(tx: AsyncSession, on: date, after: UUID | None, limit: int) -> Listed[ConflictView]:
    """List, by id, the rules that will not lead where they should, with the reasons."""
    found = await tx.execute(_FAULTY, {"on": on, "after": after, "overriding": sorted(OVERRIDING), "limit": limit + 1})
    faulty = found.all()
    shown = faulty[:limit]
    rules = await _by_id(tx, [row.id for row in shown])
    items = [
        ConflictView(
            rule=CompetenceView.model_validate(rules[row.id]),
            faults=[Fault(fault) for fault in row.faults],
            tied_with=row.tied_with,
        )
        for row in shown
    ]
    return Listed(items=items, next=shown[-1].id if len(faulty) > limit else None)


async def _by_id(tx: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Competence]:
    rows = await tx.scalars(select(Competence).where(col(Competence.id).in_(ids)))
    return {row.id: row for row in rows}
