"""The page of the public API, made from its description; without it a reader would need a program to look things up."""

from collections import defaultdict
from typing import Any

Json = dict[str, Any]

_HEAD = """<!-- Made by `commonwatch docs`; do not edit. -->
# The public API

Made from the published description (`GET /api/v1/openapi.json`), which says all: bodies,
parameters, answers. **Who** names the row of the table of permissions ([permissions.md](permissions.md)) where an
operation names one, and otherwise whether one must be signed in.

"""


def api_page(document: Json) -> str:
    """Write every operation of the published OpenAPI, by tag and address."""
    by_tag: defaultdict[str, list[str]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            line = f"| `{method.upper()} {path}` | {_who(operation)} | {_what(operation)} |"
            by_tag[operation["tags"][0]].append(line)
    sections = [
        "\n".join([f"## {tag}", "", "| operation | who | what |", "|---|---|---|", *lines, ""])
        for tag, lines in sorted(by_tag.items())
    ]
    return _HEAD + "\n".join(sections)


def _who(operation: Json) -> str:
    if (verb := operation.get("x-permission")) is not None:
        return f"`{verb}`"
    security = operation.get("security")
    if security is None:
        return "signed in"
    return "anybody" if security == [] or {} in security else "signed in"


def _what(operation: Json) -> str:
    """Give the first sentence; an operation without one goes by its name."""
    told = operation.get("description", "").replace("\n", " ").partition(". ")[0].removesuffix(".")
    return (told or operation["summary"].capitalize()).replace("|", "\\|") + "."
