"""Any value that an event schema allows, for Hypothesis; only what our schemas are made of, so that it stays a page."""

from datetime import UTC
from typing import Any

from hypothesis import strategies as st
from schema_changes import choices, resolved

Json = dict[str, Any]

_TEXT = st.text(st.sampled_from("aZ09 '\"%\\/<>\n·，隐患整改堵塞é😀\u200b\x00"), max_size=12)
_STRINGS = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat().replace("+00:00", "Z")),
}


def values(schema: Json, root: Json) -> st.SearchStrategy[Any]:
    """Give the strategy of all values of a schema; fails on a keyword that it was not taught."""
    schema = resolved(schema, root)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if forms := choices(schema):
        return st.one_of(values(choice, root) for choice in forms)
    if schema["type"] == "object":
        fields = {name: values(inner, root) for name, inner in schema["properties"].items()}
        needed = {name: fields.pop(name) for name in schema.get("required", [])}
        return st.fixed_dictionaries(needed, optional=fields)
    if schema["type"] == "array":
        least = schema.get("minItems", 0)
        return st.lists(values(schema["items"], root), min_size=least, max_size=schema.get("maxItems", least + 3))
    return _plain(schema)


def _plain(schema: Json) -> st.SearchStrategy[Any]:
    least, most = schema.get("minimum"), schema.get("maximum")
    return {
        "string": lambda: _strings(schema),
        "integer": lambda: st.integers(least, most),
        "number": lambda: st.floats(least, most, allow_nan=False, allow_infinity=False),
        "boolean": st.booleans,
    }[schema["type"]]()


def _strings(schema: Json) -> st.SearchStrategy[str]:
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    if "format" in schema:
        return _STRINGS[schema["format"]]
    # Edges without space: the owner strips what people write before it is published.
    return _TEXT.map(str.strip).filter(lambda text: len(text) >= schema.get("minLength", 0))
