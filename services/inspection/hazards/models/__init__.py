"""The tables of hazards, one module for each reason that a row is written."""

from services.inspection.hazards.models.cases import CaseContest, CaseService, CaseStatement, PenaltyCase
from services.inspection.hazards.models.hazards import (
    FINISHED,
    TOWNSHIP_DIGITS,
    UNFINISHED,
    WITH_CLOCK,
    Hazard,
    HazardClaim,
    HazardItem,
    LookBack,
    Order,
    Recheck,
)
from services.inspection.hazards.models.measures import Appraisal, Measure
from services.inspection.hazards.models.orders import MajorReport, OrderDelivery, Recusal, SiteCheck
from services.inspection.hazards.models.overlays import (
    ExtensionRequest,
    ListedSupervision,
    OrderStay,
    PowerCutNotice,
    PublicNotice,
    Resumption,
)
from services.inspection.hazards.models.parts import HazardPart

__all__ = [
    "FINISHED",
    "TOWNSHIP_DIGITS",
    "UNFINISHED",
    "WITH_CLOCK",
    "Appraisal",
    "CaseContest",
    "CaseService",
    "CaseStatement",
    "ExtensionRequest",
    "Hazard",
    "HazardClaim",
    "HazardItem",
    "HazardPart",
    "ListedSupervision",
    "LookBack",
    "MajorReport",
    "Measure",
    "Order",
    "OrderDelivery",
    "OrderStay",
    "PenaltyCase",
    "PowerCutNotice",
    "PublicNotice",
    "Recheck",
    "Recusal",
    "Resumption",
    "SiteCheck",
]
