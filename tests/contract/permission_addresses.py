"""Fills the addresses of a service with objects of the world of permissions, and their bodies with the least."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from permission_nouns import BODIES, NOUNS
from permission_world import Whose, smallest

from shared.permission import Address


def anywhere(path: str, service: str | None = None, whose: Whose = Whose.OWN) -> str:
    """Fill a path with somebody's objects, and what the world does not know with names of nothing."""
    known = {} if service is None else {name: noun.id_of(whose) for name, noun in NOUNS[service].items()}
    return re.sub(r"\{(\w+)\}", lambda named: str(known.get(named[1], _NOTHING.get(named[1], uuid4()))), path)


_NOTHING: Mapping[str, object] = {
    "letter_id": 1,
    "year": 2026,
    "post": "worker",
    "kind": "areas",
    "code": "999999",
    "client_id": "nobody-here",
    "criterion_id": UUID(int=2),
    "basis_id": UUID(int=3),
}


def body_of(known: Mapping[str, Any], address: Address) -> Any:
    operation = known["paths"][address.path][address.method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    body = smallest(content["application/json"]["schema"], known["components"]["schemas"])
    more = BODIES.get(f"{address.method} {address.path}")
    return body if more is None else {**body, **more}
