"""How enterprises are found by name, code, place and kind; without it a county would be scrolled through.

A question takes two statements, turning a page three. Results of a search by name come in the order of their ids: in
that of names the rows that match lie together (every shop of a town begins with the town's name), and most others may
have to be passed to reach them (measured at 100,000, the name of a town: 20 ms in the order of names, 2 of ids).
"""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.parties.models import Enterprise
from services.registry.parties.shapes import FindEnterprises
from shared.auth import Actor
from shared.contracts.permissions import Scope
from shared.errors import BadInput
from shared.paging import Page, page
from shared.permission import in_area, may, scopes, visible
from shared.searching import doubled, folded

_MIN_SEARCHED = 2
_NO_DISK_TO_SEEK = text("set local random_page_cost = 1.1")
"""A county's register lies in memory. Told of a turning disk, PostgreSQL would rather pass ten thousand rows in order
than pick a thousand out of it."""
_BEGINNING_OF_CODE = re.compile(r"[0-9A-Z]{2,18}")


def sees_more(who: Actor) -> bool:
    """Tell whether this person's work is to go through enterprises, not only to find one."""
    return may(who, "enterprise.card") or may(who, "enterprise.read")


def reach(who: Actor) -> ColumnElement[bool]:
    """Give the condition for the enterprises of which this person sees more than where they are."""
    if may(who, "enterprise.card"):
        return visible(who, "enterprise.card")
    if not may(who, "enterprise.read"):
        return false()
    own = col(Enterprise.id) == who.party_id
    return visible(who, "enterprise.read", area=in_area(who, Enterprise.area_code), party=own)


async def enterprises(
    tx: AsyncSession, who: Actor, wanted: FindEnterprises, after: UUID | None, limit: int
) -> Page[Enterprise]:
    """List the enterprises that were asked for, as far as this person may know that they are such.

    By name and place anybody finds any. By what not everybody sees of it (its trade, its colour), or by no name at
    all, only those are found of which the person sees it.
    """
    named = folded(wanted.q or "")
    if len(named) < _MIN_SEARCHED and not sees_more(who):
        raise _too_short()
    query = select(Enterprise)
    if len(named) < _MIN_SEARCHED or wanted.by_what_not_all_see:
        if _elsewhere(who, wanted.area):
            return Page((), None)
        query = query.where(reach(who))
    if named:
        query = query.where(
            or_(col(Enterprise.searched).contains(doubled(named), autoescape=True), *_coded(who, named))
        )
    for column, value in wanted.equal().items():
        query = query.where(col(getattr(Enterprise, column)) == value)
    for column, beginning in wanted.within().items():
        query = query.where(col(getattr(Enterprise, column)).startswith(beginning, autoescape=True))
    await tx.execute(_NO_DISK_TO_SEEK)
    return await page(tx, query, Enterprise.id if named else Enterprise.name_zh, after, limit)


def _elsewhere(who: Actor, area: str | None) -> bool:
    """Tell whether nothing in an area can be reached, without passing 100,000 rows that lie in another one."""
    only_by_area = not may(who, "enterprise.card") and scopes(who, "enterprise.read") == frozenset({Scope.AREA})
    return area is not None and only_by_area and not (who.covers(area) or who.area_code.startswith(area))


def _coded(who: Actor, named: str) -> list[ColumnElement[bool]]:
    """A whole code names its enterprise to anybody; a beginning is looked for by those who see codes."""
    code = named.upper()
    if _BEGINNING_OF_CODE.fullmatch(code) is None:
        return []
    same = col(Enterprise.uscc) == code
    return (
        [same, and_(reach(who), col(Enterprise.uscc).startswith(code, autoescape=True))] if sees_more(who) else [same]
    )


def _too_short() -> BadInput:
    return BadInput(
        "search-too-short",
        f"Give at least {_MIN_SEARCHED} characters of the enterprise's name.",
        f"请至少输入企业名称中的{_MIN_SEARCHED}个字。",
    )
