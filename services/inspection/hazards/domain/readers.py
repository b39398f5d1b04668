"""Who reads of hazards, as far as what they may know differs; without it each list would ask in its own way."""

from collections.abc import Collection
from enum import StrEnum

from shared.contracts.values import Role


class Reader(StrEnum):
    OFFICIAL = "official"
    """Authorities, the committee, townships and delegates: all but the reporter."""
    ENTERPRISE = "enterprise"
    """Its own, from the order on: never when, from where or by whom something came."""
    CLAIMANT = "claimant"
    """What it reported itself, and how that fares."""


_OFFICIAL = frozenset({Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP, Role.DELEGATE})


def reader_of(roles: Collection[str]) -> Reader:
    """Tell which of the three somebody with these roles is."""
    if not _OFFICIAL.isdisjoint(roles):
        return Reader.OFFICIAL
    return Reader.ENTERPRISE if Role.ENTERPRISE in roles else Reader.CLAIMANT
