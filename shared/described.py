"""What an application says of itself to those who call it; without it they would have to try what it takes.

The framework describes bodies and parameters. What every route takes because of what it asks for (`Tx`, `versioned`,
`allowed`) is written here, from the same declarations that make it so.
"""

from collections.abc import Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from shared.once import KEY_PATTERN
from shared.permission import addresses
from shared.problems import DOCUMENT, REFUSALS
from shared.versions import IF_MATCH_PATTERN, READS, Versioned
from shared.web import transaction

Json = dict[str, Any]

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own for this one thing. Sent again with the same key within a day, it is not done "
    "again: the answer is that of the first time, with `Idempotency-Replayed: true`.",
    "schema": {"type": "string", "pattern": KEY_PATTERN, "maxLength": 64},
    "example": "order-2026-001",
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the object as you read it: 412 where it changed since. `*`: if only it exists.",
    "schema": {"type": "string", "pattern": IF_MATCH_PATTERN},
    "example": '"7"',
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of what you have: 304 and no content where you would be sent the same.",
    "schema": {"type": "string"},
    "example": '"7.0f3b6c2d9a41"',
}
ETAG: Json = {
    "description": "The version of the object, and a digest of what you see of it.",
    "schema": {"type": "string"},
}
_KNOWN_PARAMETERS = {
    "after": "Where to go on: the `next` of the page before.",
    "limit": "How many to give at most.",
    "q": "Words to look for.",
    "area": "Only what lies in this area, by the beginning of its division code.",
    "area_code": "Only what lies in this area, by the beginning of its division code.",
    "state": "Only what is in this state.",
    "category": "Only this category.",
    "on": "Only what is in force on this day.",
    "code": "A division code.",
    "last-event-id": "The last event that was seen; what came after it follows.",
}


class DescribedApp(FastAPI):
    """An application that declares how every operation may refuse, in the place of the framework's own 422."""

    def __init__(self, title: str, **options: Any) -> None:
        super().__init__(title=title, responses=REFUSALS, **options)

    def openapi(self) -> Json:
        document = super().openapi()
        schemas: Json = document.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:  # the framework remembers the document, so that it is added to once
            schemas["Problem"] = DOCUMENT
            for context in iter_route_contexts(self.routes):
                if isinstance(context.original_route, APIRoute):
                    _describe(document["paths"].get(context.path_format, {}), context)
            for address in addresses(self):
                if address.verb is not None:
                    document["paths"][address.path][address.method.lower()]["x-permission"] = address.verb
        return document


def _describe(item: Json, context: RouteContext) -> None:
    asked = list(_asked(context.dependant))
    versions = [one for one in asked if isinstance(one, Versioned)]
    for method in cast("set[str]", context.methods):
        operation: Json | None = item.get(method.lower())
        if operation is None:
            continue
        parameters: list[Json] = operation.setdefault("parameters", [])
        for parameter in parameters:
            parameter.setdefault("description", _meaning(parameter["name"]))
        if method == "POST" and transaction in asked:
            parameters.append(IDEMPOTENCY_KEY)
        path = cast("str", context.path_format)
        if any(f"{{{one.parameter}}}" in path for one in versions) and method not in READS:
            parameters.append(IF_MATCH)
        elif any(path.endswith(f"{{{one.parameter}}}") for one in versions):
            parameters.append(IF_NONE_MATCH)
            operation["responses"]["200"].setdefault("headers", {})["ETag"] = ETAG
            operation["responses"]["304"] = {"description": "You have it already.", "headers": {"ETag": ETAG}}
        if not parameters:
            del operation["parameters"]


def _asked(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _asked(each)


def _meaning(name: str) -> str:
    words = name.replace("_", " ")
    return _KNOWN_PARAMETERS.get(name) or (
        f"Which {words.removesuffix(' id')}." if name.endswith("_id") else f"Only with this: {words}."
    )
