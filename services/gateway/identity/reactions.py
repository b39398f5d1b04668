"""What registry tells of people and their offices, kept as read copies: a revoked membership opens no door."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.gateway.identity.actions.grants import revoke_of_membership
from services.gateway.identity.models import Membership, Party, Person
from services.gateway.models import Row
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PartyRegistered, PersonRegistered
from shared.profile import Profile
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(PersonRegistered)
async def copy_person(fact: PersonRegistered, tx: AsyncSession) -> None:
    await _keep(tx, Person, {"id": fact.person_id, "name": fact.name, "language": fact.language})


@reactions.on(PartyRegistered)
async def copy_party(fact: PartyRegistered, tx: AsyncSession) -> None:
    await _keep(tx, Party, {"id": fact.party_id, "name_en": fact.name_en, "name_zh": fact.name_zh})


@reactions.on(MembershipGranted)
async def copy_membership(fact: MembershipGranted, tx: AsyncSession) -> None:
    whole = {
        "id": fact.membership_id,
        "person_id": fact.person_id,
        "party_id": fact.party_id,
        "role": fact.role,
        "area_code": fact.area_code,
        "granted_at": fact.at,
        "revoked_at": None,
        "counts_from": _midnight(tx, fact.valid_from),
        "counts_until": _midnight(tx, fact.valid_to and fact.valid_to + timedelta(days=1)),
    }
    await _keep(tx, Membership, whole)


@reactions.on(MembershipRevoked)
async def end_membership(fact: MembershipRevoked, tx: AsyncSession) -> None:
    """Mark the end; the grant was heard before, because the facts of a membership come in their order."""
    ended = update(Membership).where(col(Membership.id) == fact.membership_id).values(revoked_at=fact.at)
    await tx.execute(ended)
    await revoke_of_membership(tx, fact.membership_id)


def _midnight(tx: AsyncSession, day: date | None) -> datetime | None:
    """Give the moment at which a day begins in the county."""
    rules: Profile = tx.info["profile"]
    return None if day is None else datetime.combine(day, time(), rules.timezone)


async def _keep(tx: AsyncSession, table: type[Row], whole: dict[str, Any]) -> None:
    await tx.execute(insert(table).values(whole).on_conflict_do_update(index_elements=["id"], set_=whole))
