"""Makes one published OpenAPI of the services' own; without it partners would have to know how we are divided."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

from services.gateway.edge.domain.routes import PREFIX, is_public, owner_of
from shared.errors import NotFound

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_METHODS = ("get", "put", "post", "patch", "delete")
_SIGNED_IN: list[Json] = [{"bearer": []}, {"client_credentials": []}]
_SECURITY_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "From POST /api/v1/session."},
    "client_credentials": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
    },
}
_OPEN_AT_THE_GATEWAY = {f"{PREFIX}/session", f"{PREFIX}/health", f"{PREFIX}/openapi.json"}


def merged(own: Json, documents: Mapping[str, Json]) -> Json:
    """Merge the gateway's own document with those of the services (part → document)."""
    everyone = {"gateway": own, **documents}
    renamed = _ambiguous(everyone)
    paths: Json = {}
    schemas: Json = {}
    for part, document in everyone.items():
        names = {name: f"{part.capitalize()}{name}" for name in renamed}
        for path, method, operation in _operations(part, document):
            paths.setdefault(path, {})[method] = _pointed(_published(part, path, method, operation), names)
        for name, schema in _schemas(document).items():
            schemas[names.get(name, name)] = _pointed(schema, names)
    return {
        "openapi": own["openapi"],
        "info": {"title": "Commonwatch", "version": "1", "description": "Multi-party supervision of work safety."},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _SECURITY_SCHEMES},
        "security": _SIGNED_IN,
    }


def _operations(part: str, document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document.get("paths", {}).items():
        public = path if part == "gateway" else PREFIX + path
        if part == "gateway" or _reachable(part, path):
            shared = item.get("parameters", [])
            for method in _METHODS:
                if method in item:
                    operation = item[method]
                    yield public, method, {**operation, "parameters": [*shared, *operation.get("parameters", [])]}


def _reachable(part: str, path: str) -> bool:
    """Tell whether the edge forwards such an address to this part."""
    try:
        return owner_of(_example(path)) == part
    except NotFound:
        return False


def _example(path: str) -> str:
    return path.replace("{", "").replace("}", "")


def _published(part: str, path: str, method: str, operation: Json) -> Json:
    published = {
        **operation,
        "operationId": f"{part}_{operation.get('operationId', f'{method}_{path}')}",
        "responses": {status: _in_3_1(answer) for status, answer in operation.get("responses", {}).items()},
    }
    if path in _OPEN_AT_THE_GATEWAY:
        published["security"] = []
    elif is_public(method.upper(), _example(path).removeprefix(PREFIX)):
        published["security"] = [{}, *_SIGNED_IN]
    return published


def _in_3_1(answer: Json) -> Json:
    """Describe a stream of events as text: FastAPI's `itemSchema` is of OpenAPI 3.2, in a document that says 3.1."""
    content = {
        kind: {"schema": {"type": "string"}} if "itemSchema" in described else described
        for kind, described in answer.get("content", {}).items()
    }
    return {**answer, "content": content} if content else answer


def _ambiguous(documents: Mapping[str, Json]) -> set[str]:
    """List the names that two parts give to different things: different themselves, or in what they refer to."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    refers: defaultdict[str, set[str]] = defaultdict(set)
    owners = Counter[str]()
    for document in documents.values():
        for name, schema in _schemas(document).items():
            meanings[name].add(json.dumps(schema, sort_keys=True))
            refers[name] |= set(_references(schema))
            owners[name] += 1
    found = {name for name, known in meanings.items() if len(known) > 1}
    while more := {name for name in refers if owners[name] > 1 and refers[name] & found} - found:
        found |= more
    return found


def _schemas(document: Json) -> Json:
    return document.get("components", {}).get("schemas", {})


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("Json", value).items():
            if key == "$ref" and isinstance(inner, str):
                yield inner.removeprefix(_SCHEMAS)
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _references(inner)


def _pointed(value: Any, names: Mapping[str, str]) -> Any:
    """Copy a schema with its references, and the discriminators' mappings, pointing at the published names."""
    if isinstance(value, dict):
        return {key: _pointed(inner, names) for key, inner in cast("Json", value).items()}
    if isinstance(value, list):
        return [_pointed(inner, names) for inner in cast("list[Any]", value)]
    if isinstance(value, str) and value.startswith(_SCHEMAS):
        name = value.removeprefix(_SCHEMAS)
        return _SCHEMAS + names.get(name, name)
    return value
