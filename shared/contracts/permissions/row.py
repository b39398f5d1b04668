"""The words of the table of permissions: verbs, roles, scopes; without it each rule would be told in its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

ANYONE = "anyone"
"""Everybody, also who did not sign in."""
SIGNED_IN = "signed_in"
"""Everybody who signed in, in whatever capacity."""


def exactly(role: str) -> str:
    """Name a role without those below it: `enterprise` itself (its systems), but not its workers."""
    return f"={role}"


class Scope(StrEnum):
    """Which objects a role reaches with a verb; the narrowest word that is true."""

    ANY = "any"
    """Every object of the platform."""
    AREA = "area"
    """What lies in the own area and below it."""
    COMPETENT = "competent"
    """What the own organisation is responsible for: leads, handles, or takes part in."""
    PARTY = "party"
    """What belongs to the own organisation, or was made by it."""
    OWN = "own"
    """What the person made, or what speaks of the person."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One row: who may use `verb`, on which objects. A role covers those below it: `authority` also its desk."""

    verb: str
    en: str
    """What one does, to be read after “you may”."""
    zh: str
    grants: Mapping[str, frozenset[Scope]]
    source: str = ""
    """Where the rule comes from, with its mark; empty: our own decision (D)."""

    def scopes(self, roles: Iterable[str]) -> frozenset[Scope]:
        """Give the scopes that somebody with these roles has; none: may not."""
        return frozenset[Scope]().union(*(self.grants.get(role, ()) for role in roles))


def row(verb: str, en: str, zh: str, grants: Mapping[Scope, Iterable[str]], *, source: str = "") -> Permission:
    """Write a row as it is read: for each scope the roles that reach so far."""
    by_role: dict[str, set[Scope]] = {}
    for scope, roles in grants.items():
        for role in roles:
            by_role.setdefault(str(role), set()).add(scope)
    reaches = {role: frozenset(found) for role, found in by_role.items()}
    return Permission(verb, en, zh, reaches, source)
