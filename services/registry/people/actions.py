"""What is done with people: registered, named and removed; by the operator, and by heads in their own party."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas.queries import all_registered
from services.registry.domain import refuse
from services.registry.parties.queries import kinds
from services.registry.people import queries
from services.registry.people.domain import PersonState, faults, may_name, membership_faults
from services.registry.people.models import Membership, Person
from services.registry.people.shapes import KeepMembership, KeepPerson
from shared.auth import Actor
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.errors import BadInput, Conflict, Forbidden, no_such
from shared.outbox import emit
from shared.permission import covers


async def keep_people(
    tx: AsyncSession, who: Actor, asks: Sequence[tuple[UUID, KeepPerson]], now: datetime
) -> Loaded[Person]:
    """Register people as they are told; whoever left acts for nobody any more."""
    refuse(faults([ask for _, ask in asks]))
    known = await queries.registered(tx, [person_id for person_id, _ in asks])
    operator = covers(who, "person.keep")
    if not operator:
        await _all_own_people(tx, who, asks, known)
    await all_registered(tx, [ask.area_code for _, ask in asks])
    columns = set(KeepPerson.model_fields)
    wanted = [
        (
            person_id,
            {
                **ask.model_dump(include=columns),
                "registered_by": known[person_id].registered_by if person_id in known else _party(who, operator),
            },
        )
        for person_id, ask in asks
    ]
    loaded = await keep(tx, Person, wanted, lambda person: _registered(person, now))
    for person in loaded.rows:
        if person.state is PersonState.LEFT:
            for membership in await queries.standing_of(tx, person.id):
                await _end(tx, who, membership, now)
    return loaded


async def certify(tx: AsyncSession, person_id: UUID, number: str | None, valid_to: date | None, now: datetime) -> None:
    """Let the person's fact say which enforcement certificate is the newest."""
    person = await tx.get_one(Person, person_id, with_for_update=True)
    if (person.certificate_no, person.certificate_valid_to) == (number, valid_to):
        return
    person.certificate_no, person.certificate_valid_to = number, valid_to
    await emit(tx, person, _registered(person, now))


async def grant(
    tx: AsyncSession, who: Actor, asks: Sequence[tuple[UUID, KeepMembership]], now: datetime
) -> Loaded[Membership]:
    """Let people act for parties; what was revoked stays revoked and is granted anew under a new id."""
    await _all_grantable(tx, who, asks)

    def fact(membership: Membership) -> MembershipGranted:
        return MembershipGranted(at=now, **_whole(membership))

    columns = set(KeepMembership.model_fields)
    return await keep(tx, Membership, [(each, ask.model_dump(include=columns)) for each, ask in asks], fact)


async def revoke(tx: AsyncSession, who: Actor, membership_id: UUID, now: datetime) -> None:
    """End a membership; ending it again changes nothing."""
    if not covers(who, "membership.keep"):
        await queries.lock_peers(tx, who.role, who.party_id, queries.local_day(tx, now))
    membership = await tx.get(Membership, membership_id, with_for_update=True)
    if membership is None or not covers(who, "membership.keep", party=[membership.party_id]):
        raise no_such("membership", "任职")
    if not membership.revoked:
        await _end(tx, who, membership, now)


async def expire(tx: AsyncSession, membership: Membership, now: datetime) -> None:
    """State that a membership is over."""
    membership.revoked = True
    await emit(tx, membership, MembershipRevoked(at=now, **_whole(membership)))


async def _end(tx: AsyncSession, who: Actor, membership: Membership, now: datetime) -> None:
    """End a membership if `who` may: the operator any, a head those below, and the own one if a peer stays."""
    if not covers(who, "membership.keep") and not may_name(who.role, membership.role):
        if membership.person_id != who.id or membership.role != who.role:
            raise _not_below(membership.role)
        peers = await queries.lock_peers(tx, who.role, who.party_id, queries.local_day(tx, now))
        if all(peer.person_id == who.id for peer in peers):
            raise Conflict(
                "last-head",
                "Nobody else leads your organisation here. Let the operator name another one first.",
                "您是本单位唯一的负责人，请先由管理员指定他人。",
            )
    await expire(tx, membership, now)


async def _all_own_people(
    tx: AsyncSession, who: Actor, asks: Sequence[tuple[UUID, KeepPerson]], known: dict[UUID, Person]
) -> None:
    """A party's head keeps those whom the party registered itself and who act for nobody else."""
    elsewhere = await queries.acting_elsewhere(tx, known, who.party_id)
    for index, (person_id, ask) in enumerate(asks):
        registered_by = known[person_id].registered_by if person_id in known else who.party_id
        if person_id in elsewhere or not covers(who, "person.keep", party=[registered_by]):
            raise no_such("person", "人员")
        _within(who, ask.area_code, index)


async def _all_grantable(tx: AsyncSession, who: Actor, asks: Sequence[tuple[UUID, KeepMembership]]) -> None:
    """Raise, naming the index, for the first that has no such person, party or area, or does not fit."""
    parties = await kinds(tx, [ask.party_id for _, ask in asks if ask.party_id])
    known = await queries.granted(tx, [membership_id for membership_id, _ in asks])
    if not covers(who, "membership.keep"):
        await _all_below(tx, who, asks, known)
    await all_registered(tx, [ask.area_code for _, ask in asks])
    people = await queries.registered(tx, [ask.person_id for _, ask in asks])
    for index, (membership_id, ask) in enumerate(asks):
        if ask.person_id not in people:
            raise _unknown_person(index)
        if ask.party_id is not None and ask.party_id not in parties:
            raise BadInput(
                "unknown-party", "There is no such party; register it first.", "请先登记该单位。", index=index
            )
        if people[ask.person_id].state is PersonState.LEFT:
            raise Conflict("person-left", "That person has left.", "该人员已离职。", index=index)
        if membership_id in known and known[membership_id].revoked:
            raise Conflict(
                "membership-revoked",
                "That membership was revoked and stays so; grant a new one.",
                "该任职已被撤销，请以新编号重新授予。",
                index=index,
            )
    refuse(membership_faults([(ask, parties.get(ask.party_id) if ask.party_id else None) for _, ask in asks]))


async def _all_below(
    tx: AsyncSession, who: Actor, asks: Sequence[tuple[UUID, KeepMembership]], known: dict[UUID, Membership]
) -> None:
    """A head names people of the own party, below the own rank, within the own area, and nobody it only heard of."""
    own = await queries.ever_of(tx, [ask.person_id for _, ask in asks], who.party_id)
    for index, (membership_id, ask) in enumerate(asks):
        before = known.get(membership_id)
        if before is not None and not covers(who, "membership.keep", party=[before.party_id]):
            raise no_such("membership", "任职")
        if not covers(who, "membership.keep", party=[ask.party_id]):
            raise Forbidden(
                "another-party",
                "You name people for your own organisation only.",
                "只能为本单位任命人员。",
                index=index,
            )
        for role in {ask.role, before.role if before else ask.role}:
            if not may_name(who.role, role):
                raise _not_below(role)
        _within(who, ask.area_code, index)
        if ask.person_id not in own:
            raise _unknown_person(index)


def _within(who: Actor, area_code: str, index: int) -> None:
    if not who.covers(area_code):
        raise Forbidden("outside-your-area", "That lies outside your own area.", "超出您的管辖区域。", index=index)


def _not_below(role: str) -> Forbidden:
    return Forbidden(
        "role-not-yours-to-give",
        f"The role “{role}” is not yours to give or to end.",
        f"您无权授予或终止身份“{role}”。",
        role=role,
    )


def _unknown_person(index: int) -> BadInput:
    return BadInput("unknown-person", "There is no such person; register them first.", "请先登记该人员。", index=index)


def _party(who: Actor, operator: bool) -> UUID | None:
    return None if operator else who.party_id


def _registered(person: Person, now: datetime) -> PersonRegistered:
    return PersonRegistered(
        at=now,
        area_code=person.area_code,
        person_id=person.id,
        name=person.name,
        language=person.language,
        email=person.email,
        certificate_no=person.certificate_no,
        certificate_valid_to=person.certificate_valid_to,
        active=person.state is PersonState.ACTIVE,
    )


def _whole(membership: Membership) -> dict[str, Any]:
    return {
        "area_code": membership.area_code,
        "membership_id": membership.id,
        "person_id": membership.person_id,
        "party_id": membership.party_id,
        "role": membership.role,
        "valid_from": membership.valid_from,
        "valid_to": membership.valid_to,
    }
