"""The facts that a rule about a hazard looks at, gathered before it is asked; without it rules would query tables."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.inspection import HazardState, Suspension
from shared.contracts.values import Grade


@dataclass(frozen=True, slots=True)
class Officer:
    """A person named as acting: whether the authority's own, and whether the enforcement certificate is valid."""

    id: UUID
    member: bool
    certified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hazard before one person on one day. `officers` is None until a command names them."""

    who_id: UUID
    party_id: UUID | None
    committee: bool
    head: bool
    certified: bool
    today: date
    state: HazardState
    grade: Grade | None
    suspension: Suspension
    handling_authority_id: UUID
    lead_authority_id: UUID | None
    enterprise_id: UUID | None
    limit: date | None = None
    looked_back: int = 0
    rechecked_by: frozenset[UUID] = frozenset()
    open_items: int = 0
    officers: tuple[Officer, ...] | None = None
