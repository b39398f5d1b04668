"""Without this file every test of the deployment would choose for itself which overlays it looks at."""

import pytest
from manifests import OVERLAYS, Doc, rendered


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def docs(overlay: str) -> list[Doc]:
    return rendered(overlay)
