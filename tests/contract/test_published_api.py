"""The real services' addresses, as the gateway publishes and forwards them."""

import secrets
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.gateway.edge.domain.publication import merged
from services.gateway.edge.domain.routes import PARTS, PREFIX
from shared.problems import REFUSALS
from shared.testing import jwks, private_jwk

Documents = dict[str, dict[str, Any]]


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    settings = {
        "database_url": "postgresql://nobody@localhost/none",
        "jwks": jwks(),
        "signing_key": private_jwk(),
        "factor_key": "A" * 43,
        "evidence_url": str(tmp_path),
        "vault_key": secrets.token_urlsafe(32),
        "smtp_url": "smtp://127.0.0.1:1",
        "public_url": "http://gateway",
        **{f"url_{part}": f"http://{part}" for part in PARTS},
    }
    return {name: _document(name, settings) for name in ("gateway", *PARTS)}


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
                if path.startswith("/evidence/") and method == "put":
                    assert "image/jpeg" in operation["requestBody"]["content"]
