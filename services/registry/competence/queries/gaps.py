"""Finds for whom nobody will answer before a hazard falls there; set-based, for a county has 100,000 enterprises."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, case, cast, exists, literal, text, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.domain import Level
from services.registry.areas.models import Area
from services.registry.competence.models import Competence
from services.registry.competence.shapes import EnterpriseGapView, Gap, PlaceGapView
from services.registry.parties.models import Enterprise
from services.registry.shapes import Listed
from shared.auth import Actor
from shared.contracts.enterprises import Standing
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import OVERRIDING, Category
from shared.paging import unknown_mark
from shared.permission import in_area, visible

_SORTS = (
    text("""
with rules as materialized (
    select by, key, area_code from competence
    where in_force and (valid_from is null or valid_from <= :on) and (valid_to is null or valid_to >= :on)
), fallbacks as materialized (
    select key, area_code from rules where by = 'township'
), sorts as (
    select distinct area_code, industry_code from enterprises
), widths as (
    select 6 as digits union select length(area_code) from rules
), unled as (
    select s.area_code, s.industry_code
    from sorts s cross join generate_series(1, 5) as deep cross join widths
    group by s.area_code, s.industry_code
    having not bool_or((left(s.industry_code, deep), left(s.area_code, widths.digits))
                       in (select key, area_code from rules where by = 'industry'))
)
select u.area_code, u.industry_code,
       exists (select from fallbacks f where starts_with(u.area_code, f.key) and starts_with(u.area_code, f.area_code))
           as fallback
from unled u
""")
    .bindparams(bindparam("on", type_=postgresql.DATE()))
    .columns(area_code=String, industry_code=String, fallback=postgresql.BOOLEAN)
    .cte("unled")
)
"""Who is responsible for an ordinary hazard depends on place and industry: thousands of sorts of enterprises, and each
is judged once, by looking each of its prefixes up (`in`, which is hashed: a join would be guessed wrong). What is left
are the sorts that no department leads."""

_ENDED = [standing for standing in Standing if standing.ended]


async def of_enterprises(
    tx: AsyncSession, who: Actor, on: date, gap: Gap | None, area: str | None, after: UUID | None, limit: int
) -> Listed[EnterpriseGapView]:
    """List, by area, the enterprises that no department answers for, and whether their township does."""
    named = exists().where(
        col(Competence.by) == CompetenceBy.ENTERPRISE,
        col(Competence.key) == cast(col(Enterprise.id), String),
        col(Competence.in_force),
        _held_on(on),
        col(Enterprise.area_code).startswith(col(Competence.area_code)),
    )
    query = (
        select_columns(
            col(Enterprise.id),
            col(Enterprise.name_en),
            col(Enterprise.name_zh),
            col(Enterprise.area_code),
            col(Enterprise.industry_code),
            case((_SORTS.c.fallback, Gap.FALLBACK.value), else_=Gap.NOBODY.value).label("gap"),
        )
        .join(
            _SORTS,
            and_(
                col(Enterprise.area_code) == _SORTS.c.area_code,
                col(Enterprise.industry_code) == _SORTS.c.industry_code,
            ),
        )
        .where(
            ~named,
            col(Enterprise.standing).not_in(_ENDED),
            visible(who, "competence.gaps", area=in_area(who, Enterprise.area_code)),
        )
    )
    if gap is not None:
        query = query.where(_SORTS.c.fallback if gap is Gap.FALLBACK else ~_SORTS.c.fallback)
    if area is not None:
        query = query.where(col(Enterprise.area_code).startswith(area, autoescape=True))
    place = (col(Enterprise.area_code), col(Enterprise.id))
    if after is not None:
        last = await tx.get(Enterprise, after)
        if last is None:
            raise unknown_mark()
        query = query.where(tuple_(*place) > (last.area_code, last.id))
    found = (await tx.execute(query.order_by(*place).limit(limit + 1), {"on": on})).all()
    items = [EnterpriseGapView.model_validate(row) for row in found[:limit]]
    return Listed(items=items, next=items[-1].id if len(found) > limit else None)


async def of_places(tx: AsyncSession, who: Actor, on: date) -> list[PlaceGapView]:
    """List the townships where a hazard at no known enterprise has no department: there are a few dozen at most."""
    townships = select(Area).where(
        col(Area.level) == Level.TOWNSHIP, visible(who, "competence.gaps", area=in_area(who, Area.area_code))
    )
    rules = select(Competence).where(
        col(Competence.by).in_([CompetenceBy.CATEGORY, CompetenceBy.TOWNSHIP]), col(Competence.in_force), _held_on(on)
    )
    held = list(await tx.scalars(rules))
    found: list[PlaceGapView] = []
    for town in await tx.scalars(townships.order_by(col(Area.area_code))):
        here = [rule for rule in held if town.area_code.startswith(rule.area_code)]
        fallback = any(r.by == CompetenceBy.TOWNSHIP and town.area_code.startswith(r.key) for r in here)
        led = {Category(r.key) for r in here if r.by == CompetenceBy.CATEGORY} & OVERRIDING
        found += [
            PlaceGapView(
                area_code=town.area_code,
                name_en=town.name_en,
                name_zh=town.name_zh,
                category=category,
                gap=Gap.FALLBACK if fallback else Gap.NOBODY,
            )
            for category in (*sorted(OVERRIDING - led), None)
        ]
    return found


def _held_on(on: date) -> ColumnElement[bool]:
    day = literal(on, postgresql.DATE())
    begun = col(Competence.valid_from).is_(None) | (col(Competence.valid_from) <= day)
    return begun & (col(Competence.valid_to).is_(None) | (col(Competence.valid_to) >= day))
