"""Who must prove a second factor; without it the rule would stand in settings that nothing enforces."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecondFactorRule:
    """Roles (and those below them: `authority` is also its desk) whose holders must prove a second factor."""

    roles: frozenset[str]

    def asks(self, role: str) -> bool:
        return any(role == asked or role.startswith(f"{asked}.") for asked in self.roles)

    def asks_any(self, roles: Iterable[str]) -> bool:
        return any(self.asks(role) for role in roles)

    @classmethod
    def of(cls, roles: Collection[str], *, required: bool) -> "SecondFactorRule":
        return cls(frozenset(roles) if required else frozenset())
