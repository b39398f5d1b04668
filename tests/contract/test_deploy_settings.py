"""A rollout that lacks a setting would be found by its first user; here it is found by its manifests."""

from importlib import import_module

import pytest
from manifests import SERVICES, Doc, container, platform, pods

OF_THE_COUNTY = {"provider_client_secret_file"}
"""Given by the overlay of a county that has an identity provider of its own."""


@pytest.mark.parametrize("name", SERVICES)
def test_every_setting_that_a_service_needs_is_given(docs: list[Doc], name: str) -> None:
    given = {entry["name"] for entry in container(pods(docs)[name])["env"]} | platform(docs).keys()
    fields = import_module(f"services.{name}.settings").Settings.model_fields
    needed = {f"COMMONWATCH_{field.upper()}" for field, about in fields.items() if about.is_required()}
    needed |= {f"COMMONWATCH_{field.upper()}" for field in fields.keys() - OF_THE_COUNTY if field.endswith("_file")}
    assert needed - given == set()
