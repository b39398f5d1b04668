"""The real services' addresses, as the gateway publishes and forwards them."""

import json
import re
import secrets
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.gateway.edge.domain.publication import merged
from services.gateway.edge.domain.routes import PARTS, PREFIX
from shared.catalogue.api import api_page
from shared.contracts.permissions import PERMISSIONS
from shared.machine import MACHINES
from shared.problems import REFUSALS
from shared.testing import jwks, private_jwk

Documents = dict[str, dict[str, Any]]


@pytest.fixture
def documents(described: str) -> Documents:
    return json.loads(described)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Let every service describe itself once: that takes seconds."""
    settings = {
        "database_url": "postgresql://nobody@localhost/none",
        "jwks": jwks(),
        "signing_key": private_jwk(),
        "factor_key": "A" * 43,
        "evidence_url": str(tmp_path_factory.mktemp("evidence")),
        "vault_key": secrets.token_urlsafe(32),
        "smtp_url": "smtp://127.0.0.1:1",
        "public_url": "http://gateway",
        **{f"url_{part}": f"http://{part}" for part in PARTS},
    }
    return json.dumps({name: _document(name, settings) for name in ("gateway", *PARTS)})


def _document(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    known = import_module(f"services.{name}.settings").Settings(**settings)
    document: dict[str, Any] = import_module(f"services.{name}.main").create_app(known).openapi()
    return document


def test_the_published_description_is_valid_and_no_address_of_a_service_is_out_of_reach(documents: Documents):
    own = documents.pop("gateway")
    published = merged(own, documents)
    validate(published)
    for part, document in documents.items():
        unreachable = [path for path in document["paths"] if PREFIX + path not in published["paths"]]
        assert unreachable == [], f"{part} answers where the edge forwards nothing"


def test_every_operation_says_how_it_refuses_and_what_it_takes(documents: Documents):
    for document in documents.values():
        assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
        for path, item in document["paths"].items():
            for method, operation in item.items():
                refused = {status for status in operation["responses"] if status >= "4"}
                assert refused == {str(status) for status in REFUSALS}, f"{method} {path}"
                if re.fullmatch(r"/evidence/\w+/\{evidence_id\}", path) and method == "put":
                    assert "image/jpeg" in operation["requestBody"]["content"]


MAX_PAGE = 1000
BODILESS = {"202", "204", "304"}
READ_AGAIN = {
    "POST /api/v1/session",
    "POST /api/v1/operator/{service}/dead-letters/{letter_id}/replay",
    "POST /api/v1/operator/{service}/dead-letters/{letter_id}/discard",
    "POST /api/v1/operator/{service}/events/compare",
}
"""What takes no key: a sign-in leaves nothing to be done twice, and a letter is replayed by its state."""


def operations(documents: Documents) -> Iterator[tuple[str, dict[str, Any]]]:
    published = merged(documents["gateway"], {part: documents[part] for part in PARTS})
    for path, item in published["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", {"security": published["security"], **operation}


def test_every_operation_can_be_understood_without_us(documents: Documents):
    faults: list[str] = []
    seen: set[str] = set()
    for name, operation in operations(documents):
        lacks = [part for part in ("operationId", "summary", "tags", "responses") if not operation.get(part)]
        faults += [f"{name} lacks {lacks}"] if lacks else []
        faults += [f"{name} has a name that another has"] if operation["operationId"] in seen else []
        seen.add(operation["operationId"])
        done = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        faults += [] if done else [f"{name} never succeeds"]
        for status, answer in done.items():
            content = answer.get("content", {})
            bare = [kind for kind, one in content.items() if not one.get("schema") and not kind.startswith("image/")]
            faults += [f"{name} does not say what {status} holds {bare}"] if bare else []
            faults += [f"{name} is silent on {status}"] if not content and status not in BODILESS else []
        for parameter in operation.get("parameters", []):
            faults += [] if parameter.get("description") else [f"{name} does not explain {parameter['name']}"]
        faults += [] if isinstance(operation["security"], list) else [f"{name} does not say who may ask"]
        if (verb := operation.get("x-permission")) is not None and verb not in PERMISSIONS:
            faults += [] if verb.split(".")[0] in MACHINES else [f"{name} names no row of the table: {verb}"]
    assert faults == []


def test_every_post_can_be_sent_again_with_a_key(documents: Documents):
    keyless: set[str] = set()
    for name, operation in operations(documents):
        named = {parameter["name"] for parameter in operation.get("parameters", [])}
        if name.startswith("POST ") and "Idempotency-Key" not in named:
            keyless.add(re.sub("/operator/[a-z]+/", "/operator/{service}/", name))
    assert keyless == READ_AGAIN


def test_no_page_of_a_list_is_longer_than_a_person_would_read(documents: Documents):
    limits = {
        name: parameter["schema"]["maximum"]
        for name, operation in operations(documents)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "limit"
    }
    assert limits
    assert {name: most for name, most in limits.items() if most > MAX_PAGE} == {}


@pytest.mark.parametrize(
    "thing",
    [
        "/hazards/{hazard_id}",
        "/docket/{entry_id}",
        "/parties/{party_id}",
        "/enterprises/{enterprise_id}",
        "/people/{person_id}",
        "/areas/{code}",
        "/engagements/{engagement_id}",
        "/audits/{audit_id}",
        "/subscriptions/{subscription_id}",
    ],
)
def test_every_object_has_a_tag_by_which_it_is_read_and_changed(documents: Documents, thing: str):
    known = dict(operations(documents))
    read = known[f"GET /api/v1{thing}"]
    assert {"If-None-Match"} <= {parameter["name"] for parameter in read["parameters"]}
    assert "ETag" in read["responses"]["200"]["headers"]
    assert "304" in read["responses"]
    alike = [one for name, one in known.items() if f"/api/v1{thing}" in name and not name.startswith("GET ")]
    writes = [one for one in alike if one["tags"] == read["tags"]]
    assert writes
    for write in writes:
        assert "If-Match" in {parameter["name"] for parameter in write["parameters"]}, write["operationId"]


def test_an_operation_names_the_verb_that_its_route_asks_for(documents: Documents):
    known = dict(operations(documents))
    assert known["PUT /api/v1/areas/{code}"]["x-permission"] == "area.keep"
    assert known["GET /api/v1/areas/{code}"]["x-permission"] == "area.read"


def test_the_page_of_the_api_names_every_operation_once(documents: Documents):
    page = api_page(merged(documents["gateway"], {part: documents[part] for part in PARTS}))
    for name, _ in operations(documents):
        assert page.count(f"`{name}`") == 1
    assert "| `PUT /api/v1/areas/{code}` | `area.keep` |" in page
    assert "| `POST /api/v1/session` | `session.open` |" in page
