"""One valid description of the whole API, made of the parts' own."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from openapi_spec_validator import validate
from pydantic import BaseModel

from services.gateway.edge.domain.publication import merged
from shared.described import DescribedApp
from shared.problems import REFUSALS


class Place(BaseModel):
    address: str


def registry() -> FastAPI:
    class Listed(BaseModel):
        place: Place
        parent: "Listed | None" = None

    app = DescribedApp("registry")

    @app.get("/areas/{code}")
    def show(code: str) -> Listed:
        raise NotImplementedError

    @app.get("/health/live")
    def live() -> None: ...

    return app


def volunteer() -> FastAPI:
    class Listed(BaseModel):
        """Another thing of the same name."""

        tracking_code: str
        place: Place

    class Shelf(BaseModel):
        items: list[Listed]

    app = DescribedApp("volunteer")

    @app.put("/reports/{report_id}", status_code=201)
    def submit(report_id: UUID, ask: Place) -> Listed:
        raise NotImplementedError

    @app.get("/reports/stream", response_class=EventSourceResponse)
    async def follow() -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(data="1")

    @app.get("/reports")
    def index() -> Shelf:
        raise NotImplementedError

    return app


def gateway() -> FastAPI:
    app = DescribedApp("gateway")

    @app.post("/api/v1/session")
    def sign_in() -> Place:
        raise NotImplementedError

    return app


@pytest.fixture
def published() -> dict[str, Any]:
    return merged(gateway().openapi(), {"registry": registry().openapi(), "volunteer": volunteer().openapi()})


def test_the_published_document_is_valid(published: dict[str, Any]):
    validate(published)
    assert set(published["paths"]) == {
        "/api/v1/areas/{code}",
        "/api/v1/reports",
        "/api/v1/reports/stream",
        "/api/v1/reports/{report_id}",
        "/api/v1/session",
    }


def test_names_are_made_unique_only_where_two_parts_disagree(published: dict[str, Any]):
    assert set(published["components"]["schemas"]) == {"Place", "Problem", "RegistryListed", "VolunteerListed", "Shelf"}
    schemas = published["components"]["schemas"]
    assert schemas["Shelf"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/VolunteerListed"}
    assert schemas["RegistryListed"]["properties"]["place"] == {"$ref": "#/components/schemas/Place"}


def test_what_refers_to_a_renamed_thing_follows_it():
    one, other = registry().openapi(), volunteer().openapi()
    both = {"items": {"$ref": "#/components/schemas/Listed"}, "type": "array"}
    one["components"]["schemas"]["Page"] = other["components"]["schemas"]["Page"] = both
    schemas = merged(gateway().openapi(), {"registry": one, "volunteer": other})["components"]["schemas"]
    assert schemas["RegistryPage"]["items"]["$ref"].endswith("/RegistryListed")
    assert schemas["VolunteerPage"]["items"]["$ref"].endswith("/VolunteerListed")


def test_each_operation_says_who_may_ask_and_how_it_refuses(published: dict[str, Any]):
    paths = published["paths"]
    assert paths["/api/v1/session"]["post"]["security"] == []
    assert {} in paths["/api/v1/reports/{report_id}"]["put"]["security"]
    assert "security" not in paths["/api/v1/reports"]["get"]
    assert published["security"] == [{"bearer": []}, {"client_credentials": []}]
    for item in paths.values():
        for operation in item.values():
            for status in REFUSALS:
                assert operation["responses"][str(status)]["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
    names = [operation["operationId"] for item in paths.values() for operation in item.values()]
    assert len(names) == len(set(names))
