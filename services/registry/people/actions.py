"""What an operator does with people: registers them, grants and revokes what they act as."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas.queries import all_registered
from services.registry.parties.queries import kinds
from services.registry.people import queries
from services.registry.people.domain import membership_fault
from services.registry.people.models import Membership, Person
from services.registry.people.shapes import KeepMembership, KeepPerson
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit


async def keep_people(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepPerson]], now: datetime) -> Loaded[Person]:
    await all_registered(tx, [ask.area_code for _, ask in asks])

    def fact(person: Person) -> PersonRegistered:
        return PersonRegistered(
            at=now,
            area_code=person.area_code,
            person_id=person.id,
            name=person.name,
            language=person.language,
            email=person.email,
            certificate_no=person.certificate_no,
            certificate_valid_to=person.certificate_valid_to,
        )

    columns = set(KeepPerson.model_fields)
    return await keep(tx, Person, [(person_id, ask.model_dump(include=columns)) for person_id, ask in asks], fact)


async def grant(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepMembership]], now: datetime) -> Loaded[Membership]:
    """Let people act for parties; what was revoked stays revoked and is granted anew under a new id."""
    await _all_grantable(tx, asks)

    def fact(membership: Membership) -> MembershipGranted:
        return MembershipGranted(
            at=now,
            area_code=membership.area_code,
            membership_id=membership.id,
            person_id=membership.person_id,
            party_id=membership.party_id,
            role=membership.role,
        )

    columns = set(KeepMembership.model_fields)
    return await keep(tx, Membership, [(each, ask.model_dump(include=columns)) for each, ask in asks], fact)


async def revoke(tx: AsyncSession, membership_id: UUID, now: datetime) -> None:
    """End a membership; ending it again changes nothing."""
    membership = await tx.get(Membership, membership_id, with_for_update=True)
    if membership is None:
        raise no_such("membership", "任职")
    if membership.revoked:
        return
    membership.revoked = True
    await emit(
        tx,
        membership,
        MembershipRevoked(
            at=now,
            area_code=membership.area_code,
            membership_id=membership.id,
            person_id=membership.person_id,
            party_id=membership.party_id,
            role=membership.role,
        ),
    )


async def _all_grantable(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepMembership]]) -> None:
    """Raise, naming the index, for the first that has no such person, party or area, or does not fit."""
    await all_registered(tx, [ask.area_code for _, ask in asks])
    people = await queries.registered(tx, [ask.person_id for _, ask in asks])
    parties = await kinds(tx, [ask.party_id for _, ask in asks if ask.party_id])
    ended = await queries.revoked(tx, [membership_id for membership_id, _ in asks])
    for index, (membership_id, ask) in enumerate(asks):
        if ask.person_id not in people:
            raise BadInput(
                "unknown-person", "There is no such person; register them first.", "请先登记该人员。", index=index
            )
        if ask.party_id is not None and ask.party_id not in parties:
            raise BadInput(
                "unknown-party", "There is no such party; register it first.", "请先登记该单位。", index=index
            )
        if fault := membership_fault(ask.role, parties.get(ask.party_id) if ask.party_id else None, index):
            raise fault
        if membership_id in ended:
            raise Conflict(
                "membership-revoked",
                "That membership was revoked and stays so; grant a new one.",
                "该任职已被撤销，请以新编号重新授予。",
                index=index,
            )
