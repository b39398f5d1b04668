"""The JSON Schema of every event as it is published; without it nobody could say what a change would break."""

import inspect
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from shared.contracts.base import Event, schema_id

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, Any]


class _Published(GenerateJsonSchema):
    """What a producer writes: no field that is not named, and no null, for what has no value is left out."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return super().model_schema(schema) | {"additionalProperties": False}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Leave the forms to their constant tags: OpenAPI's discriminator is no word of JSON Schema or AsyncAPI."""
        made = super().tagged_union_schema(schema)
        return {key: value for key, value in made.items() if key != "discriminator"}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 — a title would only repeat the name
        return False


def schema_of(event: type[Event]) -> Json:
    """Give the closed form that its owner writes. Readers stay open: they ignore what they do not know."""
    return {"$schema": DIALECT, "$id": schema_id(event.type_name()), **closed_form(event)}


def closed_form(model: type[BaseModel]) -> Json:
    """Give what may be written and nothing else."""
    return model.model_json_schema(schema_generator=_Published)


def schema_path(event: type[Event]) -> str:
    """Give the file below the project's root."""
    return f"schemas/{event.subject}/v{event.version}.json"


def about(event: type[Event]) -> str:
    """Give what the class says of itself, on one line; nothing when it says nothing."""
    return inspect.cleandoc(event.__doc__ or "").replace("\n", " ")
