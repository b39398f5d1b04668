"""What identity knows of people, their offices and their clients."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.gateway.identity.domain import Capacity
from services.gateway.identity.models import Account, Client, ExternalIdentity, Membership, Party, Person


async def account_by_login(tx: AsyncSession, login: str) -> Account | None:
    return await tx.scalar(select(Account).where(Account.login == login))


async def accounts_of(tx: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, Account]:
    """Give the accounts of these people, locked for change."""
    rows = await tx.scalars(select(Account).where(col(Account.person_id).in_(person_ids)).with_for_update())
    return {row.person_id: row for row in rows}


async def logins_of_others(tx: AsyncSession, logins: Collection[str], person_ids: Collection[UUID]) -> list[str]:
    """List those of the logins that people other than these hold."""
    asked = select(Account.login).where(col(Account.login).in_(logins), col(Account.person_id).not_in(person_ids))
    return sorted(await tx.scalars(asked))


async def clients_of(tx: AsyncSession, client_ids: Collection[str]) -> dict[str, Client]:
    rows = await tx.scalars(select(Client).where(col(Client.client_id).in_(client_ids)).with_for_update())
    return {row.client_id: row for row in rows}


async def memberships_of(tx: AsyncSession, person_id: UUID, now: datetime) -> Sequence[Membership]:
    """List what a person is now, the capacity held longest first."""
    held = select(Membership).where(*_held_by(person_id, now))
    return (await tx.scalars(held.order_by(col(Membership.granted_at), col(Membership.id)))).all()


async def account_of(tx: AsyncSession, person_id: UUID) -> Account | None:
    return await tx.scalar(select(Account).where(Account.person_id == person_id))


async def offices_of(tx: AsyncSession, person_id: UUID, now: datetime) -> Sequence[tuple[Membership, Party | None]]:
    """List what a person is now and for which organisation, the capacity held longest first."""
    held = (
        select(Membership, Party)
        .join(Party, col(Party.id) == col(Membership.party_id), isouter=True)
        .where(*_held_by(person_id, now))
        .order_by(col(Membership.granted_at), col(Membership.id))
    )
    return [(membership, party) for membership, party in (await tx.execute(held)).all()]


async def is_linked(tx: AsyncSession, person_id: UUID) -> bool:
    """Tell whether somebody at the outside provider may sign in as this person."""
    linked = select(ExternalIdentity.person_id).where(ExternalIdentity.person_id == person_id).limit(1)
    return await tx.scalar(linked) is not None


async def account_by_identity(tx: AsyncSession, issuer: str, subject: str) -> Account | None:
    linked = select(Account).join(ExternalIdentity, col(ExternalIdentity.person_id) == col(Account.person_id))
    return await tx.scalar(linked.where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject))


def _held_by(person_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Membership.person_id) == person_id,
        col(Membership.revoked_at).is_(None),
        func.coalesce(col(Membership.counts_from) <= now, true()),
        func.coalesce(now < col(Membership.counts_until), true()),
    )


def capacity_of(membership: Membership, person: Person | None, client_id: str) -> Capacity:
    """Say as whom the holder of a membership speaks; of a person who was not heard of yet no name is known."""
    return Capacity(
        subject_id=membership.person_id,
        client_id=client_id,
        role=membership.role,
        party_id=membership.party_id,
        area_code=membership.area_code,
        language=person.language if person else "zh",
        name=person.name if person else "",
        membership_id=membership.id,
    )
