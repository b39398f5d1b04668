"""What the rules of transfers look at beyond the row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.inspection.copies.models import Party
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.models import Hazard
from services.inspection.transfers.domain import TRANSFER, Case, Verb
from services.inspection.transfers.models import Transfer
from shared.auth import Actor
from shared.contracts.inspection.transfers import (
    TransferGround,
)
from shared.contracts.values import Role


async def one_at_a_time(tx: AsyncSession, transfer_id: UUID) -> None:
    """Wait until no other transaction sends under this id, which need not exist yet."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(transfer_id), 0))))


async def party(tx: AsyncSession, party_id: UUID) -> Party | None:
    return await tx.get(Party, party_id)


def refusals_before_arbitration(tx: AsyncSession, now: datetime) -> int:
    return int(rules_of(tx).number("transfer.refusals.arbitrate", local_day(tx, now)))


def new_case(
    who: Actor, receiver: Party, ground: TransferGround, hazard: Hazard | None, *, hands_over_a_file: bool
) -> Case:
    """Gather what the rules look at before anything is handed over."""
    handling = hazard is not None and who.party_id in {hazard.lead_authority_id, hazard.handling_authority_id}
    return Case(
        party_id=who.party_id,
        committee=Role.COMMITTEE in who.roles,
        head=Role.AUTHORITY_HEAD in who.roles,
        sender_id=who.party_id,
        receiver_id=receiver.id,
        receiver_kind=receiver.kind,
        ground=ground,
        hazard_state=hazard.state if hazard else None,
        hazard_is_ours=handling,
        hands_over_a_file=hands_over_a_file,
    )


def case_of(tx: AsyncSession, who: Actor, transfer: Transfer, now: datetime) -> Case:
    return Case(
        party_id=who.party_id,
        committee=Role.COMMITTEE in who.roles,
        head=Role.AUTHORITY_HEAD in who.roles,
        sender_id=transfer.sender_id,
        receiver_id=transfer.receiver_id,
        receiver_kind=transfer.receiver_kind,
        ground=transfer.ground,
        refusals=transfer.refusals,
        refusals_before_arbitration=refusals_before_arbitration(tx, now),
    )


def offers(tx: AsyncSession, who: Actor, transfer: Transfer, now: datetime) -> list[Verb]:
    """List what this person may do with the transfer now."""
    return TRANSFER.offers(transfer.state, who.roles, case_of(tx, who, transfer, now))


def writes_letters_only(who: Actor) -> bool:
    """Tell whether words are all that this person hands over."""
    return Role.COMMITTEE in who.roles
