"""Routes: people and what they act as."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry.actions import Loaded
from services.registry.people import actions, queries
from services.registry.people.models import Membership, Person
from services.registry.people.shapes import (
    ColleagueView,
    ContactView,
    KeepListedMembership,
    KeepListedPerson,
    KeepMembership,
    KeepPerson,
    MembershipView,
    PersonView,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.auth import Actor
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed, covers
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(
    tags=["people"], dependencies=[versioned(Person, "person_id"), versioned(Membership, "membership_id")]
)

SeenPerson = PersonView | ContactView | ColleagueView


@router.put("/people", response_model=LoadedView, dependencies=[allowed("person.keep")])
async def keep_people(asks: AtOnce[KeepListedPerson], who: Who, now: Now, tx: Tx) -> Loaded[Person]:
    """Register a list of people in one transaction."""
    return await actions.keep_people(tx, who, [(ask.id, ask) for ask in asks], now)


@router.put("/people/{person_id}", response_model=PersonView, dependencies=[allowed("person.keep")])
async def keep_person(person_id: UUID, ask: KeepPerson, who: Who, now: Now, tx: Tx) -> Person:
    return (await actions.keep_people(tx, who, [(person_id, ask)], now)).rows[0]


@router.get("/people", dependencies=[allowed("person.read")])
async def list_people(
    who: Who, now: Now, tx: Tx, party_id: UUID | None = None, after: UUID | None = None, limit: Limit = 50
) -> Listed[SeenPerson]:
    """List people by name, all whom you may see or those who act for a party."""
    today = queries.local_day(tx, now)
    found = await queries.people(tx, who, party_id, today, after, limit)
    reachable = await queries.reachable(tx, who, [person.id for person in found.items], today)
    return Listed(items=[_seen_by(who, person, reachable) for person in found.items], next=found.next)


@router.get("/people/{person_id}", dependencies=[allowed("person.read")])
async def show_person(person_id: UUID, who: Who, now: Now, tx: Tx) -> SeenPerson:
    today = queries.local_day(tx, now)
    if (person := await queries.person(tx, who, person_id, today)) is None:
        raise no_such("person", "人员")
    return _seen_by(who, person, await queries.reachable(tx, who, [person_id], today))


@router.put("/memberships", response_model=LoadedView, dependencies=[allowed("membership.keep")])
async def grant_all(asks: AtOnce[KeepListedMembership], who: Who, now: Now, tx: Tx) -> Loaded[Membership]:
    """Grant a list of memberships in one transaction."""
    return await actions.grant(tx, who, [(ask.id, ask) for ask in asks], now)


@router.put("/memberships/{membership_id}", response_model=MembershipView, dependencies=[allowed("membership.keep")])
async def grant(membership_id: UUID, ask: KeepMembership, who: Who, now: Now, tx: Tx) -> Membership:
    return (await actions.grant(tx, who, [(membership_id, ask)], now)).rows[0]


@router.get("/memberships", response_model=Listed[MembershipView], dependencies=[allowed("membership.read")])
async def list_memberships(
    who: Who,
    tx: Tx,
    person_id: UUID | None = None,
    party_id: UUID | None = None,
    ended: Annotated[bool, Query(description="Also those that were ended.")] = False,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Membership]:
    return await queries.memberships(
        tx, who, person_id=person_id, party_id=party_id, ended=ended, after=after, limit=limit
    )


@router.delete("/memberships/{membership_id}", status_code=204, dependencies=[allowed("membership.keep")])
async def revoke(membership_id: UUID, who: Who, now: Now, tx: Tx) -> None:
    await actions.revoke(tx, who, membership_id, now)


def _seen_by(who: Actor, person: Person, reachable: set[UUID]) -> SeenPerson:
    if covers(who, "person.read_whole", own=[person.id]):
        return PersonView.model_validate(person)
    return (ContactView if person.id in reachable else ColleagueView).model_validate(person)
