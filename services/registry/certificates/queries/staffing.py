"""Who is to have how many officers, and has; without it a gap would be found when two cannot be named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.certificates.domain import STAFFED, Standing
from services.registry.certificates.models import Certificate, Staffing
from services.registry.certificates.queries.certificates import stands
from services.registry.parties.models import Party
from services.registry.people.models import Membership
from services.registry.people.policy import acting
from shared.auth import Actor
from shared.contracts.registry import CertificateKind
from shared.paging import page
from shared.permission import in_area, visible


@dataclass(frozen=True, slots=True)
class Staffed:
    party: Party
    required: int | None
    in_post: int


async def staffing(
    tx: AsyncSession, who: Actor, on: date, *, area: str | None, after: UUID | None, limit: int
) -> tuple[Sequence[Staffed], UUID | None]:
    """List by name the authorities and townships that `who` may see."""
    reached = visible(who, "staffing.read", area=in_area(who, Party.area_code), party=col(Party.id) == who.party_id)
    query = select(Party).where(reached, col(Party.kind).in_(STAFFED))
    if area is not None:
        query = query.where(col(Party.area_code).startswith(area, autoescape=True))
    found = await page(tx, query, Party.name_zh, after, limit)
    shown = [party.id for party in found.items]
    required = {
        each.party_id: each.required
        for each in await tx.scalars(select(Staffing).where(col(Staffing.party_id).in_(shown)))
    }
    in_post = await _in_post(tx, shown, on)
    return [Staffed(party, required.get(party.id), in_post.get(party.id, 0)) for party in found.items], found.next


async def _in_post(tx: AsyncSession, parties: Sequence[UUID], on: date) -> dict[UUID | None, int]:
    """Count, for each party, the people who act for it with an enforcement certificate that is valid that day."""
    certified = select(Certificate.person_id).where(
        col(Certificate.kind) == CertificateKind.ENFORCEMENT, stands(Standing.VALID, on)
    )
    office = or_(*(or_(col(Membership.role) == kind, col(Membership.role).startswith(f"{kind}.")) for kind in STAFFED))
    counted = (
        select(Membership.party_id, func.count(func.distinct(col(Membership.person_id))))
        .where(col(Membership.party_id).in_(parties), acting(on), office, col(Membership.person_id).in_(certified))
        .group_by(col(Membership.party_id))
    )
    return dict([tuple(row) for row in await tx.execute(counted)])
