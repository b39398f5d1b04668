"""Routes: letters of delegation; those in force are everybody's to read, the register is the supervisors'."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.delegations import actions, queries
from services.registry.delegations.domain import DELEGATION, Verb
from services.registry.delegations.models import Delegation
from services.registry.delegations.shapes import (
    DelegationView,
    KeepDelegation,
    PublicDelegationView,
    Publish,
    Reasoned,
)
from services.registry.shapes import Limit, Listed
from shared.contracts.registry import DelegationState
from shared.paging import Page
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Anyone, Now, Rules, Tx, Who

router = APIRouter(prefix="/delegations", tags=["delegations"], dependencies=[versioned(Delegation, "delegation_id")])


@router.get("", response_model=Listed[PublicDelegationView], dependencies=[allowed("delegation.read")])
async def list_delegations(
    now: Now,
    tx: Tx,
    rules: Rules,
    authority_id: UUID | None = None,
    delegate_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Delegation]:
    """List the letters in force today, as the law wants them published."""
    return await queries.published(tx, authority_id, delegate_id, rules.local_day(now), after, limit)


@router.get("/register", dependencies=[allowed("delegation.register")])
async def list_register(
    who: Who,
    now: Now,
    tx: Tx,
    rules: Rules,
    state: DelegationState | None = None,
    authority_id: UUID | None = None,
    delegate_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[DelegationView]:
    """List every letter of the reader's area or organisation, with drafts and those that ended."""
    found = await queries.register(tx, who, state, authority_id, delegate_id, after, limit)
    today = rules.local_day(now)
    return Listed(items=[queries.view(who, row, today) for row in found.items], next=found.next)


@router.get("/{delegation_id}", dependencies=[allowed("delegation.read")])
async def show(
    delegation_id: UUID, who: Anyone, now: Now, tx: Tx, rules: Rules
) -> DelegationView | PublicDelegationView:
    return await queries.shown(tx, who, delegation_id, rules.local_day(now))


@router.put("/{delegation_id}", dependencies=[allowed("delegation.keep")])
async def draft(delegation_id: UUID, ask: KeepDelegation, who: Who, now: Now, tx: Tx, rules: Rules) -> DelegationView:
    """Write a letter, or change its draft."""
    return queries.view(who, await actions.draft(tx, who, delegation_id, ask, rules), rules.local_day(now))


@router.post("/{delegation_id}/publish", dependencies=[moves(DELEGATION, Verb.PUBLISH)])
async def publish(delegation_id: UUID, ask: Publish, who: Who, now: Now, tx: Tx, rules: Rules) -> DelegationView:
    """Publish the letter: from now on, within its term, it has force."""
    return queries.view(who, await actions.put_in_force(tx, who, delegation_id, ask, rules, now), rules.local_day(now))


@router.post("/{delegation_id}/suspend", dependencies=[moves(DELEGATION, Verb.SUSPEND)])
async def suspend(delegation_id: UUID, ask: Reasoned, who: Who, now: Now, tx: Tx, rules: Rules) -> DelegationView:
    """Take the letter out of force for a while."""
    return queries.view(who, await actions.suspend(tx, who, delegation_id, ask, rules, now), rules.local_day(now))


@router.post("/{delegation_id}/resume", dependencies=[moves(DELEGATION, Verb.RESUME)])
async def resume(delegation_id: UUID, who: Who, now: Now, tx: Tx, rules: Rules) -> DelegationView:
    """Put a suspended letter into force again."""
    return queries.view(who, await actions.resume(tx, who, delegation_id, rules, now), rules.local_day(now))


@router.post("/{delegation_id}/revoke", dependencies=[moves(DELEGATION, Verb.REVOKE)])
async def revoke(delegation_id: UUID, ask: Reasoned, who: Who, now: Now, tx: Tx, rules: Rules) -> DelegationView:
    """End the letter for good."""
    return queries.view(who, await actions.revoke(tx, who, delegation_id, ask, rules, now), rules.local_day(now))
