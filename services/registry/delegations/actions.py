"""What is done with a letter of delegation: drafted, published, suspended, taken up again, revoked, expired."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.areas.queries import all_registered
from services.registry.bases.queries import all_catalogued
from services.registry.delegations import queries
from services.registry.delegations.domain import (
    DELEGATION,
    SYSTEM,
    Verb,
    held_fault,
    not_yours,
    party_fault,
    term_fault,
)
from services.registry.delegations.models import Delegation
from services.registry.delegations.shapes import KeepDelegation, Publish, Reasoned
from services.registry.parties.models import Party
from services.registry.people.queries import registered
from shared.auth import Actor
from shared.contracts.registry import (
    DelegationExpired,
    DelegationFact,
    DelegationPublished,
    DelegationRevoked,
    DelegationState,
    DelegationSuspended,
    Power,
)
from shared.contracts.values import Category, PartyKind
from shared.errors import BadInput, Conflict
from shared.outbox import emit
from shared.permission import covers
from shared.profile import Profile

LONGEST = "delegation.longest_term"


async def draft(tx: AsyncSession, who: Actor, delegation_id: UUID, ask: KeepDelegation, rules: Profile) -> Delegation:
    """Write a letter or change its draft. It binds nobody and is told to nobody until it is published."""
    known = await tx.get(Delegation, delegation_id, with_for_update=True)
    owners = {ask.authority_id, known.authority_id if known else ask.authority_id}
    if not all(covers(who, "delegation.keep", party=[owner]) for owner in owners):
        raise not_yours()
    wanted = _columns(ask)
    if known is not None and all(getattr(known, name) == value for name, value in wanted.items()):
        return known
    if known is not None and known.state is not DelegationState.DRAFT:
        raise Conflict(
            "not-a-draft",
            "A published letter is not changed: revoke it and write another.",
            "已公布的委托书不得修改，请撤销后另行出具。",
            state=known.state,
        )
    await _can_be(tx, ask, rules)
    row = known or Delegation(id=delegation_id, **wanted)
    row.sqlmodel_update(wanted)
    tx.add(row)
    await tx.flush()
    return row


async def put_in_force(
    tx: AsyncSession, who: Actor, delegation_id: UUID, ask: Publish, rules: Profile, now: datetime
) -> Delegation:
    """Put a letter into force for its term, if the authority still holds what it gives away."""
    row = await _move(tx, who, delegation_id, Verb.PUBLISH, rules.local_day(now))
    row.publication_url, row.published_at = str(ask.publication_url), now
    await emit(tx, row, _fact(DelegationPublished, row, now))
    return row


async def suspend(
    tx: AsyncSession, who: Actor, delegation_id: UUID, ask: Reasoned, rules: Profile, now: datetime
) -> Delegation:
    row = await _move(tx, who, delegation_id, Verb.SUSPEND, rules.local_day(now))
    row.reason = ask.reason
    await emit(tx, row, _fact(DelegationSuspended, row, now))
    return row


async def resume(tx: AsyncSession, who: Actor, delegation_id: UUID, rules: Profile, now: datetime) -> Delegation:
    row = await _move(tx, who, delegation_id, Verb.RESUME, rules.local_day(now))
    row.reason = ""
    await emit(tx, row, _fact(DelegationPublished, row, now))
    return row


async def revoke(
    tx: AsyncSession, who: Actor, delegation_id: UUID, ask: Reasoned, rules: Profile, now: datetime
) -> Delegation:
    row = await _move(tx, who, delegation_id, Verb.REVOKE, rules.local_day(now))
    row.reason = ask.reason
    await emit(tx, row, _fact(DelegationRevoked, row, now))
    return row


async def expire(tx: AsyncSession, delegation_id: UUID, today: date, now: datetime) -> bool:
    """State that a letter's last day is over; False when somebody else ended it meanwhile."""
    row = await tx.get(Delegation, delegation_id, with_for_update=True)
    move = DELEGATION.moves[Verb.EXPIRE]
    if row is None or row.state not in move.sources:
        return False
    DELEGATION.permit(Verb.EXPIRE, row.state, {SYSTEM}, queries.case_of(None, row, today))
    row.state = move.after(row.state)
    await emit(tx, row, _fact(DelegationExpired, row, now))
    return True


async def _move(tx: AsyncSession, who: Actor, delegation_id: UUID, verb: Verb, today: date) -> Delegation:
    """Lock the letter and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    DELEGATION.permit_role(verb, who.roles)
    row = await queries.known(tx, who, delegation_id, lock=True)
    lacking = await queries.lacking(
        tx, row.authority_id, row.area_code, row.categories, row.industries, max(today, row.valid_from)
    )
    row.state = DELEGATION.permit(verb, row.state, who.roles, queries.case_of(who, row, today, lacking)).after(
        row.state
    )
    return row


async def _can_be(tx: AsyncSession, ask: KeepDelegation, rules: Profile) -> None:
    """Raise for the first reason why there can be no such letter."""
    await all_registered(tx, [ask.area_code])
    await all_catalogued(tx, ask.basis_ids)
    if ask.supervisor_id is not None and not await registered(tx, [ask.supervisor_id]):
        raise BadInput("unknown-person", "There is no such person.", "没有登记该人员。")
    authority, delegate = await tx.get(Party, ask.authority_id), await tx.get(Party, ask.delegate_id)
    latest = rules.due(LONGEST, datetime.combine(ask.valid_from, time(), rules.timezone)).at
    if fault := party_fault(ask.kind, _kind(authority), _kind(delegate)) or term_fault(
        ask.valid_from, ask.valid_to, rules.local_day(latest)
    ):
        raise fault
    assert authority is not None, "an authority is a party"
    if not ask.area_code.startswith(authority.area_code):
        raise BadInput(
            "outside-the-authority", "The area lies outside the authority's own.", "委托区域超出该部门的管辖区域。"
        )
    lacking = await queries.lacking(tx, ask.authority_id, ask.area_code, ask.categories, ask.industries, ask.valid_from)
    if fault := held_fault(lacking):
        raise fault


def _kind(party: Party | None) -> PartyKind | None:
    """Tell what a party is; one that was dissolved is nothing any more."""
    return PartyKind(party.kind) if party and not party.dissolved else None


def _columns(ask: KeepDelegation) -> dict[str, Any]:
    plain = ask.model_dump(exclude={"powers", "categories", "industries", "basis_ids", "evaluations"})
    several = ask.model_dump(mode="json", include={"powers", "categories", "industries", "basis_ids", "evaluations"})
    return plain | {name: sorted(set(values)) for name, values in several.items()}


def _fact(kind: Callable[..., DelegationFact], row: Delegation, now: datetime) -> DelegationFact:
    return kind(
        at=now,
        area_code=row.area_code,
        delegation_id=row.id,
        authority_id=row.authority_id,
        delegate_id=row.delegate_id,
        kind=row.kind,
        state=row.state,
        powers=tuple(map(Power, row.powers)),
        categories=tuple(map(Category, row.categories)),
        industries=tuple(row.industries),
        basis_ids=tuple(map(UUID, row.basis_ids)),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        letter_no=row.letter_no,
        publication_url=row.publication_url,
        conditions=row.conditions,
        evaluations=tuple(map(date.fromisoformat, row.evaluations)),
        reason=row.reason,
    )
