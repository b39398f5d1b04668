"""Who may see which hazard, in the query itself; without it a forgotten `if` would show a case to a stranger."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Delegation
from services.inspection.evidence.models import Showing
from services.inspection.hazards.models import TOWNSHIP_DIGITS, Hazard, HazardClaim, HazardItem
from shared import permission
from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import no_such

_ANYBODY = UUID(int=1)


def visible_to(who: Actor, verb: str = "hazard.read") -> ColumnElement[bool]:
    """Give the condition under which the verb reaches a hazard for this person; refuse whoever it never reaches.

    A delegate sees what its authorities handle in its area, also beyond its letter's matters: an act that the letter
    does not allow is refused in plain words. What became known after the letter's end it does not see. Whoever was
    asked to take part keeps seeing it, also when released: it was told, and may have to answer for what it said.
    """
    permission.only(who, verb)
    return _reached(who.role, who.party_id, who.area_code, verb)


@lru_cache(1024)
def _reached(role: str, party_id: UUID | None, area_code: str, verb: str) -> ColumnElement[bool]:
    """Build the condition once for all people of one office: it costs more than the statement that it goes into."""
    who = Actor(_ANYBODY, role, party_id, area_code)
    channels = exists().where(
        col(HazardClaim.hazard_id) == col(Hazard.id), col(HazardClaim.source_party_id) == party_id
    )
    ordered = (col(Hazard.enterprise_id) == party_id) & col(Hazard.ordered_at).is_not(None)
    handled = col(Hazard.handlers).contains([party_id])
    return permission.visible(
        who,
        verb,
        area=within(area_code),
        competent=_delegated(who) if Role.DELEGATE in who.roles else handled,
        party=ordered if Role.ENTERPRISE in who.roles else channels,
    )


def within(area_code: str) -> ColumnElement[bool]:
    """Give the condition that a hazard lies in a division, as the index knows it that finds the most of it at once."""
    if len(area_code) == TOWNSHIP_DIGITS:
        return col(Hazard.township) == area_code
    return col(Hazard.area_code).startswith(area_code, autoescape=True)


def _delegated(who: Actor) -> ColumnElement[bool]:
    return within(who.area_code) & exists().where(
        col(Delegation.delegate_id) == who.party_id,
        or_(
            col(Delegation.authority_id) == col(Hazard.lead_authority_id),
            col(Delegation.authority_id) == col(Hazard.handling_authority_id),
        ),
        col(Hazard.registered_at) < col(Delegation.seen_until),
    )


async def visible(
    tx: AsyncSession, who: Actor, hazard_id: UUID, *, lock: bool = False, verb: str = "hazard.read"
) -> Hazard:
    """Give one hazard, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Hazard).where(col(Hazard.id) == hazard_id, visible_to(who, verb))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    hazard = (await tx.execute(query)).scalar_one_or_none()
    if hazard is None:
        raise no_such("hazard", "隐患")
    return hazard


async def survivor_of(tx: AsyncSession, hazard_id: UUID) -> Hazard:
    """Give the hazard, locked, or the one in which it ended."""
    query = select(Hazard).with_for_update().execution_options(populate_existing=True)
    while True:
        hazard = (await tx.execute(query.where(col(Hazard.id) == hazard_id))).scalar_one()
        if hazard.merged_into_id is None:
            return hazard
        hazard_id = hazard.merged_into_id


async def shows(tx: AsyncSession, who: Actor, evidence_id: UUID) -> bool:
    """Tell whether the file was brought forward for a hazard that this person may see.

    An enterprise sees what its own items show, and nothing else of what the authority keeps about it.
    """
    if Role.ENTERPRISE not in who.roles:
        about = select(Showing.about_id).where(col(Showing.evidence_id) == evidence_id)
        return bool((await tx.execute(select(exists().where(col(Hazard.id).in_(about), visible_to(who))))).scalar())
    named = [{"id": str(evidence_id)}]
    query = select(
        exists().where(
            col(HazardItem.hazard_id) == col(Hazard.id),
            or_(col(HazardItem.before).contains(named), col(HazardItem.after).contains(named)),
            visible_to(who),
        )
    )
    return bool((await tx.execute(query)).scalar())
