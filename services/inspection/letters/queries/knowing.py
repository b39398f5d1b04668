"""To whom a letter may go, and which hazards it may name; without it a letter could tell what is not to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Enterprise, Membership, Party, Person
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.seeing import visible_to
from services.inspection.letters.domain import LEADERS, LETTER, Case, Verb
from services.inspection.letters.models import Letter
from shared.auth import Actor
from shared.contracts.inspection import (
    LetterKind,
    Listing,
)
from shared.contracts.values import PartyKind, Role


@dataclass(frozen=True, slots=True)
class Addressee:
    """An organisation that the registry knows, and where it lies."""

    id: UUID
    kind: PartyKind
    area_code: str


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation with its names."""

    party: Addressee
    name_en: str
    name_zh: str


async def one_at_a_time(tx: AsyncSession, letter_id: UUID) -> None:
    """Wait until no other transaction sends under this id, which need not exist yet."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(letter_id), 0))))


async def addressee(tx: AsyncSession, who: Actor, party_id: UUID) -> Addressee | None:
    """Give the organisation, if it lies in the writer's area."""
    found = await party_of(tx, party_id)
    return found if found is not None and who.covers(found.area_code) else None


async def party_of(tx: AsyncSession, party_id: UUID) -> Addressee | None:
    """Give the organisation, wherever it lies."""
    if party := await tx.get(Party, party_id):
        return Addressee(party.id, party.kind, party.area_code)
    if enterprise := await tx.get(Enterprise, party_id):
        return Addressee(enterprise.id, PartyKind.ENTERPRISE, enterprise.area_code)
    return None


async def known_of(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Known]:
    """Give the organisations of these that the registry told of, wherever they lie."""
    parties = select_rows(
        col(Party.id), col(Party.kind), col(Party.area_code), col(Party.name_en), col(Party.name_zh)
    ).where(col(Party.id).in_(ids))
    enterprises = select_rows(
        col(Enterprise.id), col(Enterprise.area_code), col(Enterprise.name_en), col(Enterprise.name_zh)
    ).where(col(Enterprise.id).in_(ids))
    found: dict[UUID, Known] = {}
    for row in await tx.execute(enterprises):
        found[row.id] = Known(Addressee(row.id, PartyKind.ENTERPRISE, row.area_code), row.name_en, row.name_zh)
    for row in await tx.execute(parties):
        found[row.id] = Known(Addressee(row.id, row.kind, row.area_code), row.name_en, row.name_zh)
    return found


async def name_of(tx: AsyncSession, party_id: UUID) -> str:
    party = await tx.get(Party, party_id) or await tx.get(Enterprise, party_id)
    return party.name_zh if party else ""


async def hazards_seen(tx: AsyncSession, who: Actor, ids: Collection[UUID]) -> dict[UUID, Hazard]:
    """Give those of the hazards that the writer may see."""
    query = select(Hazard).where(col(Hazard.id).in_(ids), visible_to(who))
    return {row.id: row for row in (await tx.execute(query)).scalars()} if ids else {}


async def unlisted(tx: AsyncSession, ids: Collection[UUID]) -> tuple[UUID, ...] | None:
    """Give those of the hazards that are not under listed supervision; None: none was named at all."""
    if not ids:
        return None
    query = select(Hazard.id).where(col(Hazard.id).in_(ids), col(Hazard.listing) == Listing.LISTED)
    listed = set((await tx.execute(query)).scalars())
    return tuple(each for each in ids if each not in listed)


def may_know(to: Addressee, hazard: Hazard) -> bool:
    """Tell whether the addressee's own list would show the hazard."""
    match to.kind:
        case PartyKind.ENTERPRISE:
            return hazard.enterprise_id == to.id and hazard.ordered_at is not None
        case PartyKind.TOWNSHIP:
            return hazard.area_code.startswith(to.area_code)
        case _:
            handling = {hazard.lead_authority_id, hazard.handling_authority_id}
            return to.id in handling or str(to.id) in hazard.co_authority_ids


def case_to(who: Actor, to: Addressee, kind: LetterKind) -> Case:
    """Give the case of a letter that is to be written."""
    return Case(
        party_id=who.party_id,
        committee=Role.COMMITTEE in who.roles,
        sender_id=who.party_id,
        addressee_id=to.id,
        addressee_kind=to.kind,
        kind=kind,
    )


def case_about(who: Actor, letter: Letter) -> Case:
    """Give the case of a letter that exists."""
    return Case(
        party_id=who.party_id,
        committee=Role.COMMITTEE in who.roles,
        sender_id=letter.sender_id,
        addressee_id=letter.addressee_id,
        addressee_kind=letter.addressee_kind,
        kind=letter.kind,
        held=bool(letter.interview and letter.interview.get("held_at")),
    )


def offers(who: Actor, letter: Letter) -> list[Verb]:
    """List what this person may do with the letter now."""
    return LETTER.offers(letter.state, who.roles, case_about(who, letter))


async def leader_of(tx: AsyncSession, to: Addressee, on: date) -> tuple[UUID, str] | None:
    """Give who heads the addressee on that day, as the registry told; None: nobody is known."""
    role = LEADERS.get(to.kind)
    query = (
        select(Person.id, Person.name)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.party_id) == to.id,
            col(Membership.role) == role,
            col(Membership.in_force),
            or_(col(Membership.valid_from).is_(None), col(Membership.valid_from) <= on),
            or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= on),
        )
        .order_by(col(Membership.valid_from).asc().nullsfirst(), col(Membership.id))
        .limit(1)
    )
    found = (await tx.execute(query)).first()
    return None if found is None else (found[0], found[1])


def by_addressee(hazards: Collection[Hazard], *, committee: bool) -> dict[UUID | None, list[Hazard]]:
    """Sort hazards by whom a bulk letter goes to: the lead authority or the enterprise; None where there is nobody."""
    sorted_out: dict[UUID | None, list[Hazard]] = {}
    for hazard in hazards:
        to = hazard.lead_authority_id if committee else hazard.enterprise_id
        sorted_out.setdefault(to, []).append(hazard)
    return sorted_out
