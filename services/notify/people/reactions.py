"""What notify does when registry registers somebody: it keeps its own copy, so that telling needs nobody else."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.people.models import Membership, Party, Person
from shared.contracts.registry import (
    EnterpriseRegistered,
    MembershipGranted,
    MembershipRevoked,
    PartyRegistered,
    PersonRegistered,
)
from shared.memo import memo_of
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(PersonRegistered)
async def remember_person(event: PersonRegistered, tx: AsyncSession) -> None:
    memo_of(tx).clear()
    await tx.merge(Person(id=event.person_id, language=event.language, email=event.email))


@reactions.on(MembershipGranted)
async def remember_membership(event: MembershipGranted, tx: AsyncSession) -> None:
    memo_of(tx).clear()
    await tx.merge(
        Membership(
            id=event.membership_id,
            person_id=event.person_id,
            party_id=event.party_id,
            role=event.role,
            area_code=event.area_code,
            valid_from=event.valid_from,
            valid_to=event.valid_to,
        )
    )


@reactions.on(MembershipRevoked)
async def forget_membership(event: MembershipRevoked, tx: AsyncSession) -> None:
    memo_of(tx).clear()
    await tx.execute(delete(Membership).where(col(Membership.id) == event.membership_id))


@reactions.on(PartyRegistered)
async def remember_party(event: PartyRegistered, tx: AsyncSession) -> None:
    memo_of(tx).clear()
    await tx.merge(Party(id=event.party_id, name_en=event.name_en, name_zh=event.name_zh))


@reactions.on(EnterpriseRegistered)
async def remember_enterprise(event: EnterpriseRegistered, tx: AsyncSession) -> None:
    memo_of(tx).clear()
    await tx.merge(Party(id=event.enterprise_id, name_en=event.name_en, name_zh=event.name_zh))
