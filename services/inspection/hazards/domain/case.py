"""The facts that a rule about a hazard looks at, gathered before it is asked; without it rules would query tables."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.inspection.copies.domain import Letter, Officer, Scope, allowing
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Listing,
    PowerCut,
    Stay,
    Suspension,
)
from shared.contracts.registry import Power
from shared.contracts.values import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hazard before one person on one day. `officers` is None until a command names them.

    `letters` is None for whoever acts for the own organisation; a delegate acts by the letters that its party holds.
    """

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
    principal: bool = False
    recused: bool = False
    imminent_danger: bool = False
    self_governed: bool = False
    """The enterprise found it itself and removes it itself, as long as no authority takes it over."""
    recurrent: bool = False
    extension: Extension = Extension.NONE
    extensions: int = 0
    extensions_left: int = 1
    enforcement: Enforcement = Enforcement.NONE
    answer_until: date | None = None
    """The last day of the party's answer in a penalty case; None: it has answered, or was not asked."""
    hearing_right: bool = False
    hearing_on: date | None = None
    pay_until: date | None = None
    """The last day to pay a fine; None: there is none to pay."""
    contested: bool = False
    listing: Listing = Listing.NONE
    power: PowerCut = PowerCut.NONE
    stay: Stay = Stay.NONE
    site_check_due: bool = False
    """The remote re-check was drawn for a look on site, which nobody has had yet."""
    delivered: bool = False
    """The newest order reached the enterprise, or its refusal was recorded."""
    county_decides: bool = False
    """It is about deaths, on which the county has not decided."""
    open_parts: int = 0
    """Required parts of other parties that are neither answered nor released."""
    limit: date | None = None
    looked_back: int = 0
    rechecked_by: frozenset[UUID] = frozenset()
    open_items: int = 0
    officers: tuple[Officer, ...] | None = None
    scope: Scope
    letters: tuple[Letter, ...] | None = None

    def letter_for(self, power: Power) -> Letter | None:
        """Give the letter that allows it, None for the authority's own people; raises 403 when there is none.

        To confirm concerns the authority that verifies, everything later the one that leads.
        """
        if self.letters is None:
            return None
        authority = self.handling_authority_id if power is Power.CONFIRM else self.lead_authority_id
        return allowing(self.letters, authority, power, self.scope, self.today)
