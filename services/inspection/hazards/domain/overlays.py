"""What runs beside the main line: stops, more time, listed supervision, power, stays, each its own table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.inspection.hazards.domain import guards as g
from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.enforcement import ENFORCEMENT
from services.inspection.hazards.domain.verbs import COMMITTEE, DECIDERS, HEAD, MANAGEMENT, Deed, Verb
from shared.contracts.inspection import (
    Extension,
    Listing,
    PowerCut,
    Stay,
    Suspension,
)
from shared.machine import Machine, Move

LISTED = frozenset({Listing.LISTED, Listing.DELIST_REQUESTED})
"""Under listed supervision, until it is taken off the list."""
_STOPPED = frozenset({Suspension.PARTIAL_STOP, Suspension.FULL_STOP, Suspension.EQUIPMENT_STOP, Suspension.EVACUATED})
SUSPENSION: Machine[Suspension, Verb, Case] = Machine(
    "suspension",
    {
        Verb.ORDER_STOP: Move(
            sources=frozenset({Suspension.NONE, Suspension.RESUMED}),
            target=Suspension.FULL_STOP,
            roles=HEAD,
            guards=(g.leads, g.is_certified, g.has_not_stepped_aside, g.is_major, g.is_assigned_and_open),
            event="inspection.hazard.suspended",
            source="T07; WSL art. 65(3) [L]; the order says which kind of stop",
        ),
        Verb.REQUEST_RESUMPTION: Move(
            sources=_STOPPED,
            target=Suspension.RESUME_REQUESTED,
            roles=MANAGEMENT,
            guards=(g.owns,),
            clock="suspension.resumption_review",
            event="inspection.hazard.resumption_requested",
            source="T15; 鄂安〔2010〕20号 [S]",
        ),
        Verb.DECIDE_RESUMPTION: Move(
            sources=frozenset({Suspension.RESUME_REQUESTED}),
            target=Suspension.RESUMED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.resumption_decided",
            source="T15; WSL art. 65(3) [L]; refused, the stop stands",
        ),
    },
)

EXTENSION: Machine[Extension, Verb, Case] = Machine(
    "extension",
    {
        Verb.REQUEST_EXTENSION: Move(
            sources=frozenset({Extension.NONE, Extension.GRANTED, Extension.REFUSED}),
            target=Extension.REQUESTED,
            roles=MANAGEMENT,
            guards=(
                g.owns,
                g.authority_governs,
                g.is_in_hand,
                g.order_is_in_force,
                g.limit_not_passed,
                g.no_imminent_danger,
                g.may_be_extended_again,
            ),
            clock="hazard.extension.decide",
            event="inspection.hazard.extension_requested",
            source="T09; Order 15 art. 17 (superseded), check against Order 18 (K)",
        ),
        Verb.DECIDE_EXTENSION: Move(
            sources=frozenset({Extension.REQUESTED}),
            target=Extension.GRANTED,
            roles=DECIDERS,
            guards=(g.leads, g.has_not_stepped_aside, g.head_for_major),
            event="inspection.hazard.extension_decided",
            source="T09: the authority that ordered decides; refused, the limit stands (K)",
        ),
    },
)

LISTING: Machine[Listing, Verb, Case] = Machine(
    "listing",
    {
        Verb.PROPOSE_LISTING: Move(
            sources=frozenset({Listing.NONE, Listing.DELISTED}),
            target=Listing.PROPOSED,
            roles=HEAD,
            guards=(g.leads, g.authority_governs, g.has_not_stepped_aside, g.answered_for),
            clock="listing.decide",
            event="inspection.hazard.listing_proposed",
            source="T18 [S]",
        ),
        Verb.LIST: Move(
            sources=frozenset({Listing.PROPOSED}),
            target=Listing.LISTED,
            roles=COMMITTEE,
            guards=(g.answered_for,),
            clock="listing.publish",
            event="inspection.hazard.listed",
            source="T18; public within five working days: Qingdao rule [S]",
        ),
        Verb.REFUSE_LISTING: Move(
            sources=frozenset({Listing.PROPOSED}),
            target=Listing.NONE,
            roles=COMMITTEE,
            event="inspection.hazard.listing_refused",
            source="T18 (D)",
        ),
        Verb.REQUEST_DELISTING: Move(
            sources=frozenset({Listing.LISTED}),
            target=Listing.DELIST_REQUESTED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside, g.is_over),
            clock="listing.acceptance",
            event="inspection.hazard.delisting_requested",
            source="T19; on-site acceptance: 鄂安〔2010〕20号 [S]",
        ),
        Verb.DELIST: Move(
            sources=frozenset({Listing.DELIST_REQUESTED}),
            target=Listing.DELISTED,
            roles=COMMITTEE,
            guards=(g.is_over,),
            clock="listing.publish_delisting",
            event="inspection.hazard.delisted",
            source="T19; public within five working days: Qingdao rule [S]",
        ),
        Verb.REFUSE_DELISTING: Move(
            sources=frozenset({Listing.DELIST_REQUESTED}),
            target=Listing.LISTED,
            roles=COMMITTEE,
            event="inspection.hazard.delisting_refused",
            source="T19 (D)",
        ),
    },
)

POWER: Machine[PowerCut, Verb, Case] = Machine(
    "power",
    {
        Verb.CUT_POWER: Move(
            sources=frozenset({PowerCut.NONE, PowerCut.LIFTED}),
            target=PowerCut.ANNOUNCED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside, g.is_graded_major, g.stands_still),
            event="inspection.hazard.power_cut_announced",
            source="WSL art. 70: a stop is not obeyed and danger is real; told 24 hours ahead unless urgent [L]",
        ),
        Verb.RESTORE_POWER: Move(
            sources=frozenset({PowerCut.ANNOUNCED}),
            target=PowerCut.LIFTED,
            roles=HEAD,
            guards=(g.leads,),
            event="inspection.hazard.power_restored",
            source="WSL art. 70: lifted in time once the decision is obeyed [L]",
        ),
    },
)

STAY: Machine[Stay, Verb, Case] = Machine(
    "stay",
    {
        Verb.STAY_ORDER: Move(
            sources=frozenset({Stay.NONE, Stay.LIFTED}),
            target=Stay.STAYED,
            roles=HEAD,
            guards=(g.leads, g.authority_governs, g.has_not_stepped_aside, g.is_being_obeyed, g.danger_can_wait),
            event="inspection.hazard.order_stayed",
            source="Administrative Litigation Law art. 56, Reconsideration Law art. 42: by decision, not by appeal (K)",
        ),
        Verb.LIFT_STAY: Move(
            sources=frozenset({Stay.STAYED}),
            target=Stay.LIFTED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.stay_lifted",
            source="what was left of the limit runs on (D)",
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Overlay:
    """One table beside the main line, and the field of a hazard that holds where it stands."""

    machine: Machine[Any, Verb, Case]
    field: str


OVERLAYS = (
    Overlay(SUSPENSION, "suspension"),
    Overlay(EXTENSION, "extension"),
    Overlay(ENFORCEMENT, "enforcement"),
    Overlay(LISTING, "listing"),
    Overlay(POWER, "power"),
    Overlay(STAY, "stay"),
)


def overlay_of(verb: Verb | Deed) -> Overlay | None:
    """Give the table beside the main line that the verb belongs to; None: it is a move of the main line."""
    return next((overlay for overlay in OVERLAYS if verb in overlay.machine.moves), None)


def standing_beside(hazard: Any) -> Iterator[tuple[Overlay, Any]]:
    """Give each overlay with where this hazard stands in it."""
    return ((overlay, getattr(hazard, overlay.field)) for overlay in OVERLAYS)
