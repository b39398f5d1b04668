"""No route asks for what FastAPI would fetch in another thread: such hops cost more than the rest of a hot route."""

from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.cli.docs import described
from services.cli.parts import SERVICES


def _asked(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _asked(each)


@pytest.mark.parametrize("name", SERVICES)
def test_every_dependency_is_a_coroutine(name: str) -> None:
    [part] = [part for part in described() if part.name == name]
    routes = [context.original_route for context in iter_route_contexts(part.app.routes)]
    dependants = [route.dependant for route in routes if isinstance(route, APIRoute)]
    assert dependants
    calls = {call for dependant in dependants for call in (dependant.call, *_asked(dependant))}
    assert [call for call in calls if not _waits(call)] == []


def _waits(call: Any) -> bool:
    function = call if isfunction(call) else type(call).__call__
    return iscoroutinefunction(function) or isasyncgenfunction(function)
