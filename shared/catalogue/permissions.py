"""Writes down who may do what; without it nobody but a programmer could check the powers against the law."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.contracts.permissions import ANYONE, PERMISSIONS, SIGNED_IN, Permission, Scope
from shared.contracts.permissions.names import NAMES
from shared.machine import MACHINES
from shared.permission import Address

_MADE = "<!-- Made by `commonwatch docs`; do not edit. -->"
_SCOPES = {
    Scope.ANY: "every object",
    Scope.AREA: "what lies in the own area and below it",
    Scope.COMPETENT: "what the own organisation is responsible for",
    Scope.PARTY: "what belongs to the own organisation, or was made by it",
    Scope.OWN: "what the person made, or what speaks of the person",
}


def permissions_page(addresses: Iterable[Address]) -> str:
    """Show the table by noun, then what the machines permit, each with the addresses at which it is asked."""
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for each in addresses:
        if each.verb is not None:
            asked[each.verb].append(f"`{each.method} {each.path}`")
    lines = [
        _MADE,
        "# Permissions",
        "",
        "Who may do what, to which objects. Services decide by this table, pages draw by it, and a test asks every",
        "address as every role for own and others' objects. A role covers those below it (`authority` also",
        "`authority.desk`); “exactly” does not. What is not listed is refused: 401 to who did not sign in, 403 for the",
        "wrong role, 404 for an object that the person may not know of. A valid certificate, a letter of delegation in",
        "force, a second officer: such needs are guards of machines.",
        "",
        "| scope | reaches |",
        "|---|---|",
        *(f"| {scope} | {meaning} |" for scope, meaning in _SCOPES.items()),
        "",
        "| role | in words | 中文 |",
        "|---|---|---|",
        *(f"| `{role}` | {en} | {zh} |" for role, (en, zh) in NAMES.items() if role not in {ANYONE, SIGNED_IN}),
        "",
    ]
    nouns: defaultdict[str, list[Permission]] = defaultdict(list)
    for permission in PERMISSIONS.values():
        nouns[permission.verb.partition(".")[0]].append(permission)
    for noun in sorted(nouns):
        lines += _noun(noun, nouns[noun], asked)
    for name in sorted(MACHINES):
        lines += _machine(name, asked)
    return "\n".join(lines).rstrip() + "\n"


def _noun(noun: str, rows: Iterable[Permission], asked: Mapping[str, list[str]]) -> list[str]:
    return [
        f"## {noun}",
        "",
        "| verb | one may | 可以 | who: which objects | source | asked at |",
        "|---|---|---|---|---|---|",
        *(
            _cells(
                f"`{row.verb}`",
                row.en,
                row.zh,
                "<br>".join(f"{_role(role)}: {', '.join(sorted(scopes))}" for role, scopes in row.grants.items()),
                row.source,
                "<br>".join(asked.get(row.verb, ())),
            )
            for row in rows
        ),
        "",
    ]


def _machine(name: str, asked: Mapping[str, list[str]]) -> list[str]:
    return [
        f"## {name} (machine)",
        "",
        "| verb | who | guards and checks: which objects, and when | source | asked at |",
        "|---|---|---|---|---|",
        *(
            _cells(
                f"`{name}.{verb}`",
                ", ".join(map(_role, sorted(move.roles))),
                ", ".join(f"`{guard.__name__}`" for guard in (*move.guards, *move.checks)),
                move.source,
                "<br>".join(asked.get(f"{name}.{verb}", ())),
            )
            for verb, move in MACHINES[name]
        ),
        "",
    ]


def _role(role: str) -> str:
    return f"exactly `{role[1:]}`" if role.startswith("=") else f"`{role}`"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell or '—' for cell in cells)} |"
