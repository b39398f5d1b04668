"""What a route may ask for: its transaction, who asks, the time; without it each route would find these its own way.

`Tx` commits before the response is sent (FastAPI would otherwise answer 201 first and commit afterwards).
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import ANYONE, Actor, within_scope
from shared.errors import Unauthenticated
from shared.once import Keyed
from shared.profile import Profile
from shared.service import Service

T = TypeVar("T")


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    service = service_of(request)
    once: Keyed | None = request.scope["state"].get("once")
    async with service.database.transaction() as tx:
        if once is not None:
            await once.claim(tx, request, anyone, service.clock())
        yield tx
    if once is not None:
        once.committed = once.row is not None


# Dependencies are coroutines even where they wait for nothing: FastAPI sends plain functions through a thread, which
# costs more than all the rest of a hot route.
async def _now(request: Request) -> datetime:
    return service_of(request).clock()


async def anyone(request: Request) -> Actor:
    header = request.headers.get("authorization", "")
    if not header:
        return ANYONE
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise sign_in_first()
    return within_scope(await service_of(request).tokens.read(token), request.method)


async def _who(request: Request) -> Actor:
    actor = await anyone(request)
    if actor.anonymous:
        raise sign_in_first()
    return actor


async def _here(request: Request) -> Service:
    return service_of(request)


async def _profile(request: Request) -> Profile:
    return service_of(request).profile


Tx = Annotated[AsyncSession, Depends(transaction, scope="function")]
Now = Annotated[datetime, Depends(_now)]
Who = Annotated[Actor, Depends(_who)]
"""Somebody signed in; 401 otherwise."""
Anyone = Annotated[Actor, Depends(anyone)]
"""Somebody signed in, or the anonymous public."""
Rules = Annotated[Profile, Depends(_profile)]
Here = Annotated[Service, Depends(_here)]


def part(kind: type[T]) -> Any:
    """Make a dependency that gives a part of the service, e.g. `Annotated[Vault, part(Vault)]`."""

    async def give(request: Request) -> T:
        return service_of(request).part(kind)

    return Depends(give)


def sign_in_first() -> Unauthenticated:
    return Unauthenticated("sign-in-first", "Sign in first.", "请先登录。")
