"""Every kind of thing that has clocks can be found by them: a kind without its table would never be told as missed."""

from typing import Any
from uuid import UUID

from services.inspection.deadlines.queries.asking import NUMBERED
from services.inspection.domain import Kind
from services.inspection.main import OBJECTS
from shared.db import Aggregate, table_of


def test_every_kind_of_thing_has_its_table_and_none_has_that_of_another() -> None:
    assert set(OBJECTS) == set(Kind)
    assert len({table_of(model).name for model in OBJECTS.values()}) == len(Kind)
    assert all(issubclass(model, Aggregate) for model in OBJECTS.values())


def test_whatever_has_a_number_is_called_by_it_where_clocks_are_listed() -> None:
    tables = {kind: table_of(model) for kind, model in OBJECTS.items()}
    assert {kind: table.name for kind, table in tables.items() if "number" in table.columns} == dict(NUMBERED)


def test_whatever_tells_of_itself_as_a_thing_says_its_own_kind() -> None:
    models: dict[Kind, Any] = {kind: model for kind, model in OBJECTS.items() if hasattr(model, "about")}
    assert len(models) > 8
    said = {kind: model(id=UUID(int=1), area_code="").about.kind for kind, model in models.items()}
    assert said == {kind: kind for kind in models}
