"""Decides by the table of permissions; without it every route would answer "may this person?" in its own way.

A route names its verb (`allowed`), a query names the rows that the verb reaches (`visible`), an action asks of one
object (`covers`). All three read `shared.contracts.permissions`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col

from shared.auth import Actor
from shared.contracts.permissions import ANYONE, PERMISSIONS, SIGNED_IN, Scope, exactly
from shared.contracts.permissions.names import named
from shared.errors import Forbidden
from shared.machine import Machine
from shared.web import anyone, sign_in_first


def scopes(who: Actor, verb: str) -> frozenset[Scope]:
    """Give how far this person reaches with the verb; nowhere: may not at all."""
    held = {*who.roles, exactly(who.role), ANYONE, *(() if who.anonymous else (SIGNED_IN,))}
    return PERMISSIONS[verb].scopes(held)


def may(who: Actor, verb: str) -> bool:
    """Tell whether there is any object at all on which this person may use the verb: draws menus and buttons."""
    return bool(scopes(who, verb))


def only(who: Actor, verb: str) -> None:
    """Refuse whoever could never do this: 401 for nobody in particular, 403 for the wrong role."""
    if may(who, verb):
        return
    if who.anonymous:
        raise sign_in_first()
    row = PERMISSIONS[verb]
    en, zh = named(row.grants)
    raise Forbidden(
        "role-may-not",
        f"In your capacity you may not {row.en}. That is for: {en}.",
        f"您当前的身份不能{row.zh}，该操作仅限：{zh}。",
        verb=verb,
        roles=sorted(row.grants),
    )


def covers(
    who: Actor,
    verb: str,
    *,
    area: str | None = None,
    competent: Collection[UUID | None] = (),
    party: Collection[UUID | None] = (),
    own: Collection[UUID | None] = (),
) -> bool:
    """Tell whether the verb reaches this object: where it lies, who is responsible, whose it is, whom it is about."""
    reached = {
        Scope.ANY: True,
        Scope.AREA: area is not None and who.covers(area),
        Scope.COMPETENT: who.party_id is not None and who.party_id in competent,
        Scope.PARTY: who.party_id is not None and who.party_id in party,
        Scope.OWN: not who.anonymous and who.id in own,
    }
    return any(reached[scope] for scope in scopes(who, verb))


def visible(
    who: Actor,
    verb: str,
    *,
    area: ColumnElement[bool] | None = None,
    competent: ColumnElement[bool] | None = None,
    party: ColumnElement[bool] | None = None,
    own: ColumnElement[bool] | None = None,
) -> ColumnElement[bool]:
    """Give the condition for the rows that the verb reaches, from one condition for each scope of its row.

    Refuses whoever reaches none. A scope of the table that the query has no condition for is a fault of ours.
    """
    only(who, verb)
    known = {Scope.ANY: true(), Scope.AREA: area, Scope.COMPETENT: competent, Scope.PARTY: party, Scope.OWN: own}
    reached: list[ColumnElement[bool]] = []
    for scope in sorted(scopes(who, verb)):
        condition = known[scope]
        assert condition is not None, f"{verb} reaches by {scope}, which this query does not know"
        reached.append(condition)
    return true() if Scope.ANY in scopes(who, verb) else or_(*reached)


def in_area(who: Actor, area_code: Any) -> ColumnElement[bool]:
    """Give the condition that a row lies in the person's area; `area_code` is a column."""
    return col(area_code).startswith(who.area_code, autoescape=True)


class Allowed:
    """A route's dependency: refuses, before anything is read or looked for, whoever could never use its verb."""

    def __init__(self, verb: str) -> None:
        assert verb in PERMISSIONS, f"the table of permissions has no row {verb}"
        self.verb = verb

    async def __call__(self, request: Request) -> None:
        only(await anyone(request), self.verb)


class Moves:
    """The same for a machine's verb, whose roles stand in the machine."""

    def __init__(self, machine: Machine[Any, Any, Any], verb: Any) -> None:
        self.machine = machine
        self.move = verb
        self.verb = f"{machine.name}.{verb}"

    async def __call__(self, request: Request) -> None:
        who = await anyone(request)
        if who.anonymous:
            raise sign_in_first()
        self.machine.permit_role(self.move, who.roles)


def allowed(verb: str) -> Any:
    """Declare what a route does: `dependencies=[allowed("enterprise.keep")]`."""
    return Depends(Allowed(verb))


def openly(verb: str) -> dict[str, Any]:
    """Declare the verb of a route that is open to anyone, without a dependency: `openapi_extra=openly("…")`.

    For the hottest route only: a dependency that refuses nobody would cost it a twentieth of its time.
    """
    assert ANYONE in PERMISSIONS[verb].grants, f"{verb} is not open to anyone"
    return {"x-permission": verb}


def moves(machine: Machine[Any, Any, Any], verb: Any) -> Any:
    """Declare that a route makes a machine's move: `dependencies=[moves(HAZARD, Verb.CONFIRM)]`."""
    return Depends(Moves(machine, verb))


@dataclass(frozen=True, slots=True)
class Address:
    """A described address of a service and the verb that it is; `verb` None: it declares none."""

    method: str
    path: str
    verb: str | None


def addresses(app: FastAPI) -> Iterator[Address]:
    """Give every address that the application describes, each once for every method."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            extra: dict[str, Any] = route.openapi_extra or {}
            verbs: list[str] = [*_verbs(route.dependant), *filter(None, [extra.get("x-permission")])]
            assert len(verbs) <= 1, f"{route.path} is more than one thing: {verbs}"
            for method in sorted(route.methods or ()):
                yield Address(method, str(route.path_format), verbs[0] if verbs else None)


def _verbs(dependant: Dependant) -> Iterator[str]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Allowed | Moves):
            yield inner.call.verb
        yield from _verbs(inner)
