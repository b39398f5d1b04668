"""What is asked about letters: which are in force, which one may know of, what an authority has to give away."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.competence.models import Competence
from services.registry.competence.queries.foreseeing import as_rule
from services.registry.delegations.domain import DELEGATION, Case, not_held
from services.registry.delegations.models import Delegation
from services.registry.delegations.shapes import DelegationView, PublicDelegationView
from shared.auth import Actor
from shared.contracts.registry import DelegationState
from shared.contracts.values import Category
from shared.errors import no_such
from shared.paging import Page, page
from shared.permission import in_area, may, visible


def in_force(on: date) -> ColumnElement[bool]:
    """Give the condition that a letter has force on a day; both ends of its term belong to it."""
    within = (col(Delegation.valid_from) <= on) & (col(Delegation.valid_to) >= on)
    return (col(Delegation.state) == DelegationState.PUBLISHED) & within


def known_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition for the letters that somebody may know of whatever their state."""
    party = or_(col(Delegation.authority_id) == who.party_id, col(Delegation.delegate_id) == who.party_id)
    return visible(who, "delegation.register", area=in_area(who, Delegation.area_code), party=party)


async def published(
    tx: AsyncSession, authority_id: UUID | None, delegate_id: UUID | None, on: date, after: UUID | None, limit: int
) -> Page[Delegation]:
    """List the letters in force, by number."""
    query = select(Delegation).where(in_force(on), *_between(authority_id, delegate_id))
    return await page(tx, query, Delegation.letter_no, after, limit)


async def register(
    tx: AsyncSession,
    who: Actor,
    state: DelegationState | None,
    authority_id: UUID | None,
    delegate_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Page[Delegation]:
    """List every letter that this person may know of, by number."""
    query = select(Delegation).where(known_to(who), *_between(authority_id, delegate_id))
    if state is not None:
        query = query.where(col(Delegation.state) == state)
    return await page(tx, query, Delegation.letter_no, after, limit)


async def known(tx: AsyncSession, who: Actor, delegation_id: UUID, *, lock: bool = False) -> Delegation:
    """Give a letter that this person may know of whatever its state; 404 otherwise."""
    query = select(Delegation).where(col(Delegation.id) == delegation_id, known_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    if (row := (await tx.scalars(query)).one_or_none()) is None:
        raise no_such("delegation", "委托")
    return row


async def shown(tx: AsyncSession, who: Actor, delegation_id: UUID, on: date) -> DelegationView | PublicDelegationView:
    """Show a letter: whole to who may know of it, and as it is published to everybody while it is in force."""
    if may(who, "delegation.register"):
        mine = select(Delegation).where(col(Delegation.id) == delegation_id, known_to(who))
        if (row := (await tx.scalars(mine)).one_or_none()) is not None:
            return view(who, row, on)
    query = select(Delegation).where(col(Delegation.id) == delegation_id, in_force(on))
    if (row := (await tx.scalars(query)).one_or_none()) is None:
        raise no_such("delegation", "委托")
    return PublicDelegationView.model_validate(row)


def view(who: Actor, row: Delegation, on: date) -> DelegationView:
    """Show a letter whole, with what this person may do with it."""
    case = case_of(who, row, on)
    force = row.state is DelegationState.PUBLISHED and row.valid_from <= on <= row.valid_to
    given = row.model_dump() | {"in_force": force, "offers": DELEGATION.offers(row.state, who.roles, case)}
    return DelegationView.model_validate(given)


def case_of(who: Actor | None, row: Delegation, today: date, lacking: tuple[str, ...] = ()) -> Case:
    """Gather what the rules look at; `who` None is the platform."""
    return Case(
        party_id=who.party_id if who else None,
        authority_id=row.authority_id,
        valid_to=row.valid_to,
        today=today,
        lawful_body=row.lawfully_established and row.certified_staff and row.technical_means,
        not_held=lacking,
    )


async def lacking(
    tx: AsyncSession,
    authority_id: UUID,
    area_code: str,
    categories: Iterable[str],
    industries: Iterable[str],
    on: date,
) -> tuple[str, ...]:
    """Name the matters that an authority cannot delegate, because on that day they are not its own."""
    rules = select(Competence).where(col(Competence.authority_id) == authority_id, col(Competence.in_force))
    own = map(as_rule, await tx.scalars(rules))
    return not_held(own, area_code, tuple(map(Category, categories)), tuple(industries), on)


async def over(tx: AsyncSession, today: date, limit: int) -> list[UUID]:
    """List letters whose last day is over and that nobody has ended."""
    query = (
        select(Delegation.id)
        .where(
            col(Delegation.state).in_([DelegationState.PUBLISHED, DelegationState.SUSPENDED]),
            col(Delegation.valid_to) < today,
        )
        .order_by(col(Delegation.valid_to), col(Delegation.id))
        .limit(limit)
    )
    return list(await tx.scalars(query))


def _between(authority_id: UUID | None, delegate_id: UUID | None) -> list[ColumnElement[bool]]:
    given = ((authority_id, Delegation.authority_id), (delegate_id, Delegation.delegate_id))
    return [col(column) == value for value, column in given if value is not None]
