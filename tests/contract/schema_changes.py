"""Which change of an event's schema breaks somebody: old facts must stay readable, and old readers must read on.

Free to do: add an optional field, leave one out, allow more (a word, a length, another form). Not free: whatever was
always there goes or may be missing, whatever could be missing is demanded, whatever could be said no longer can.
"""

from collections.abc import Iterator
from operator import gt, lt
from typing import Any

Json = dict[str, Any]

_LOOSE = {"title", "description", "default", "examples", "$schema", "$defs", "$id"}
"""Says nothing of what is valid; `$id` is compared for the whole."""
_TIGHTER = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems"), gt),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems"), lt),
}
_FORMS = ("pattern", "format")
_SHAPE = {"$ref", "anyOf", "oneOf", "type", "enum", "const", "properties", "required", "additionalProperties", "items"}
_KNOWN = _LOOSE | _TIGHTER.keys() | set(_FORMS) | _SHAPE


def breaks(old: Json, new: Json) -> list[str]:
    """Give a sentence for each change that needs a new version of the event."""
    if old["$id"] != new["$id"]:
        return [f"the schema of {old['$id']} is called {new['$id']} now"]
    return list(_Comparison(old, new).of("", old, new))


def resolved(schema: Json, root: Json) -> Json:
    """Follow a reference, which in our schemas leads to a definition of the same file."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def choices(schema: Json) -> list[Json]:
    """Give the forms of which a value has one; none: it has the one form of the schema itself."""
    forms: list[Json] = schema.get("anyOf", schema.get("oneOf", []))
    return forms


class _Comparison:
    def __init__(self, old: Json, new: Json) -> None:
        self._roots = old, new

    def of(self, where: str, old: Json, new: Json) -> Iterator[str]:
        old, new = resolved(old, self._roots[0]), resolved(new, self._roots[1])
        if unknown := (old.keys() | new.keys()) - _KNOWN:
            yield f"{where}: this comparison does not understand {sorted(unknown)}; teach it"
        elif before := choices(old):
            for choice in before:
                yield from self.of(where, choice, new)
        elif after := choices(new):
            found = [list(self.of(where, old, choice)) for choice in after]
            yield from min(found, key=len)
        else:
            yield from self._values(where, old, new)
            yield from self._fields(where, old, new)
            if "items" in new:
                yield from self.of(f"{where}[]", old.get("items", {}), new["items"])

    def _values(self, where: str, old: Json, new: Json) -> Iterator[str]:
        was, now = old.get("type"), new.get("type")
        if now is not None and was != now and (was, now) != ("integer", "number"):
            yield f"{where}: was {was}, is {now}"
        if (words := _words(new)) is not None:
            if (before := _words(old)) is None:
                yield f"{where}: any value was allowed, now only {sorted(words)}"
            elif gone := before - words:
                yield f"{where}: {sorted(gone)} can no longer be said"
        for bound, tighter in _TIGHTER.items():
            if bound in new and (bound not in old or tighter(new[bound], old[bound])):
                yield f"{where}: {bound} was {old.get(bound)}, is {new[bound]}"
        for form in _FORMS:
            if form in new and new[form] != old.get(form):
                yield f"{where}: {form} was {old.get(form)}, is {new[form]}"

    def _fields(self, where: str, old: Json, new: Json) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(set(old.get("required", [])) - set(new.get("required", []))):
            yield f"{where}/{name}: was always there, {'may be missing' if name in after else 'is gone'}"
        for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{where}/{name}: {'could be missing' if name in before else 'is new'}, is demanded"
        for name in sorted(before.keys() & after.keys()):
            yield from self.of(f"{where}/{name}", before[name], after[name])


def _words(schema: Json) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None
