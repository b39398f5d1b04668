"""Routes: people and what they act as."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.actions import Loaded
from services.registry.people import actions, queries
from services.registry.people.models import Membership, Person
from services.registry.people.policy import only_colleagues, sees
from services.registry.people.shapes import (
    ColleagueView,
    KeepListedMembership,
    KeepListedPerson,
    KeepMembership,
    KeepPerson,
    MembershipView,
    PersonView,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(tags=["people"])


@router.put("/people", response_model=LoadedView, dependencies=[allowed("person.keep")])
async def keep_people(asks: AtOnce[KeepListedPerson], now: Now, tx: Tx) -> Loaded[Person]:
    """Register a list of people in one transaction."""
    return await actions.keep_people(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/people/{person_id}", response_model=PersonView, dependencies=[allowed("person.keep")])
async def keep_person(person_id: UUID, ask: KeepPerson, now: Now, tx: Tx) -> Person:
    return (await actions.keep_people(tx, [(person_id, ask)], now)).rows[0]


@router.get("/people", response_model=Listed[ColleagueView])
async def list_people_of(
    party_id: UUID, who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50
) -> Page[Person]:
    """List who acts for an authority, to its own officers."""
    only_colleagues(who, party_id)
    return await queries.people_of(tx, party_id, after, limit)


@router.get("/people/{person_id}", response_model=PersonView)
async def show_person(person_id: UUID, who: Who, tx: Tx) -> Person:
    person = await tx.get(Person, person_id)
    if person is None or not sees(who, person):
        raise no_such("person", "人员")
    return person


@router.put("/memberships", response_model=LoadedView, dependencies=[allowed("membership.keep")])
async def grant_all(asks: AtOnce[KeepListedMembership], now: Now, tx: Tx) -> Loaded[Membership]:
    """Grant a list of memberships in one transaction."""
    return await actions.grant(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/memberships/{membership_id}", response_model=MembershipView, dependencies=[allowed("membership.keep")])
async def grant(membership_id: UUID, ask: KeepMembership, now: Now, tx: Tx) -> Membership:
    return (await actions.grant(tx, [(membership_id, ask)], now)).rows[0]


@router.delete("/memberships/{membership_id}", status_code=204, dependencies=[allowed("membership.keep")])
async def revoke(membership_id: UUID, now: Now, tx: Tx) -> None:
    await actions.revoke(tx, membership_id, now)
