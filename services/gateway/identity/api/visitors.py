"""Who stands at the gateway's own doors, and how often they may knock."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.domain import Allowance
from services.gateway.identity.actions.admission import Doorkeeper
from shared.auth import Actor
from shared.web import Now, part


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where people and systems reach the gateway, without a slash at the end."""

    url: str


class SignIns(Allowance):
    """How often one address may try a password or a secret."""


async def _member(request: Request, door: Annotated[Doorkeeper, part(Doorkeeper)]) -> Actor:
    return await door.admit(request.headers.get("authorization", ""))


async def _one_attempt(request: Request, now: Now, sign_ins: Annotated[SignIns, part(SignIns)]) -> None:
    sign_ins.spend(address_of(request.client), now)


def address_of(client: tuple[str, int] | None) -> str:
    """Name the other end of the connection; a proxy in front is the ASGI server's to see through."""
    return client[0] if client else ""


member = Depends(_member)
Who = Annotated[Actor, member]
"""Somebody whose token and membership are in force; 401 otherwise."""
few_attempts = Depends(_one_attempt)
