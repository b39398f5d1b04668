"""Without this file every test of the deployment would choose for itself which overlays it looks at."""

import sys
from pathlib import Path

import pytest
from manifests import OVERLAYS, Doc, rendered

sys.path.append(str(Path(__file__).parent.parent / "service"))
"""The fuzzer's county is that of the inspection's own tests."""


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def docs(overlay: str) -> list[Doc]:
    return rendered(overlay)
