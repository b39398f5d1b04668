"""Which certificates there are, what they are worth on a day, and of which that was not told yet."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.certificates.domain import Standing
from services.registry.certificates.models import Certificate
from services.registry.certificates.policy import certificates_reached
from services.registry.certificates.shapes import Asked
from services.registry.people.models import Person
from services.registry.people.policy import acts_for
from shared.auth import Actor
from shared.contracts.registry import CertificateKind, CertificateStatus
from shared.paging import Page, page


def stands(as_what: Standing, on: date) -> ColumnElement[bool]:
    """Give the condition that certificates have this worth on a day: `domain.standing`, said to the database."""
    granted = col(Certificate.status) == CertificateStatus.VALID
    begun = col(Certificate.valid_from) <= on
    over = col(Certificate.valid_to) < on
    match as_what:
        case Standing.SUSPENDED | Standing.REVOKED:
            return col(Certificate.status).in_([CertificateStatus(as_what.value)])
        case Standing.NOT_YET_VALID:
            return and_(granted, not_(begun))
        case Standing.EXPIRED:
            return and_(granted, begun, over)
        case Standing.VALID:
            return and_(granted, begun, or_(col(Certificate.valid_to).is_(None), not_(over)))


def ends_soon(on: date, days: int) -> ColumnElement[bool]:
    """Give the condition that certificates are valid on a day, and will not be after so many days."""
    return and_(stands(Standing.VALID, on), col(Certificate.valid_to) < on + timedelta(days=days))


async def certificates(
    tx: AsyncSession,
    who: Actor,
    on: date,
    *,
    worth: Asked | None,
    soon_days: int,
    kind: CertificateKind | None,
    person_id: UUID | None,
    party_id: UUID | None,
    area: str | None,
    after: UUID | None,
    limit: int,
) -> Page[Certificate]:
    """List the certificates that `who` may see by number; those that end or ended, what ends first at the top."""
    query = select(Certificate).where(certificates_reached(who, on))
    if worth is not None:
        query = query.where(ends_soon(on, soon_days) if worth == "expiring" else stands(worth, on))
    if kind is not None:
        query = query.where(col(Certificate.kind) == kind)
    if person_id is not None:
        query = query.where(col(Certificate.person_id) == person_id)
    if party_id is not None:
        query = query.where(acts_for(Certificate.person_id, party_id, on))
    if area is not None:
        query = query.where(col(Certificate.area_code).startswith(area, autoescape=True))
    # Only what has a last day can be turned by it.
    order = Certificate.valid_to if worth in {"expiring", Standing.EXPIRED} else Certificate.number
    return await page(tx, query, order, after, limit)


async def certificate(tx: AsyncSession, who: Actor, certificate_id: UUID, on: date) -> Certificate | None:
    asked = select(Certificate).where(col(Certificate.id) == certificate_id, certificates_reached(who, on))
    return await tx.scalar(asked)


async def recorded(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Certificate]:
    """Give those of the certificates that exist, by id."""
    return {each.id: each for each in await tx.scalars(select(Certificate).where(col(Certificate.id).in_(set(ids))))}


async def names(tx: AsyncSession, people: Iterable[UUID]) -> dict[UUID, str]:
    return {
        person.id: person.name for person in await tx.scalars(select(Person).where(col(Person.id).in_(set(people))))
    }


async def newest(tx: AsyncSession, people: Collection[UUID], on: date) -> dict[UUID, tuple[str, date | None]]:
    """Give number and last day of each person's newest enforcement certificate that has begun and still stands."""
    begun = (
        select(Certificate)
        .where(
            col(Certificate.person_id).in_(people),
            col(Certificate.kind) == CertificateKind.ENFORCEMENT,
            col(Certificate.status) == CertificateStatus.VALID,
            col(Certificate.valid_from) <= on,
        )
        .order_by(col(Certificate.valid_to), col(Certificate.id))  # of one person's the last stays
    )
    return {row.person_id: (row.number, row.valid_to) for row in await tx.scalars(begun)}


async def begun_untold(tx: AsyncSession, on: date, limit: int) -> list[UUID]:
    """List people with an enforcement certificate that has begun and ends later than what their fact says."""
    begun = (
        select(Person.id)
        .join(Certificate, col(Certificate.person_id) == Person.id)
        .where(
            col(Certificate.kind) == CertificateKind.ENFORCEMENT,
            stands(Standing.VALID, on),
            or_(
                col(Person.certificate_valid_to).is_(None), col(Person.certificate_valid_to) < col(Certificate.valid_to)
            ),
        )
        .distinct()
        .limit(limit)
    )
    return list(await tx.scalars(begun))


async def expired_untold(tx: AsyncSession, on: date, limit: int) -> Sequence[Certificate]:
    """List certificates whose last day has passed unsaid; those that another process has are left out."""
    over = select(Certificate).where(
        col(Certificate.expiry_told).is_(other=False),
        col(Certificate.valid_to) < on,
        col(Certificate.status) != CertificateStatus.REVOKED,
    )
    return (await tx.scalars(over.order_by(col(Certificate.id)).limit(limit).with_for_update(skip_locked=True))).all()
