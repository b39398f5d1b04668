"""Which capacity fits which party. Pure."""

from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Problem


def membership_fault(role: Role, kind: PartyKind | None, index: int) -> Problem | None:
    """A role that names a kind of party is held in a party of that kind; the others stand alone or in any."""
    asked = role.partition(".")[0]
    if asked not in set(PartyKind) or asked == kind:
        return None
    return BadInput(
        "role-does-not-fit-party",
        f"The role “{role}” is held in a party of the kind “{asked}”.",
        f"身份“{role}”须属于“{asked}”类单位。",
        role=role,
        party_kind=kind,
        index=index,
    )
