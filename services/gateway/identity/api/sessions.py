"""Routes: sign in, and see as whom."""

from typing import Annotated

from fastapi import APIRouter

from services.gateway.identity import queries
from services.gateway.identity.actions.factors import SecondFactors
from services.gateway.identity.actions.signing_in import sign_in
from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.api.visitors import Who, few_attempts
from services.gateway.identity.shapes import MembershipView, MeView, SessionView, SignIn
from shared.errors import Problem
from shared.permission import allowed
from shared.web import Here, Now, Tx, part

router = APIRouter()


@router.post("/session", dependencies=[few_attempts, allowed("session.open")])
async def open_session(
    ask: SignIn,
    now: Now,
    here: Here,
    signer: Annotated[Signer, part(Signer)],
    factors: Annotated[SecondFactors, part(SecondFactors)],
) -> SessionView:
    """Sign in with a password, and `code` where the account has a second factor.

    The answer holds a token for one capacity and lists the others.
    """
    async with here.database.transaction() as tx:
        outcome = await sign_in(tx, factors, ask, now)
    if isinstance(outcome, Problem):
        raise outcome
    return SessionView(
        access_token=signer.sign(outcome.capacity, now),
        expires_in=signer.lifetime_s,
        membership=MembershipView.model_validate(outcome.membership),
        memberships=[MembershipView.model_validate(row) for row in outcome.memberships],
    )


@router.get("/me", dependencies=[allowed("session.read")])
async def me(who: Who, now: Now, tx: Tx) -> MeView:
    """Show as whom the token speaks, and what else this person could act as."""
    return MeView(
        id=who.id,
        name=who.name,
        role=who.role,
        party_id=who.party_id,
        area_code=who.area_code,
        language=who.language,
        memberships=[MembershipView.model_validate(row) for row in await queries.memberships_of(tx, who.id, now)],
    )
