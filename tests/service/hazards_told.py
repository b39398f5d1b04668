"""What inspection would tell registry of a hazard of the mill, fact by fact."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from registry_county import MILL, VILLAGE

from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    HazardState,
    RoutingRule,
)
from shared.contracts.values import Category, Grade
from shared.testing import START

DUST, EXIT = UUID(int=801), UUID(int=802)


def fact(which: type[facts.HazardFact], state: HazardState, hazard_id: UUID = DUST, **more: Any) -> Any:
    said = {"grade": Grade.GENERAL, "category": Category.DUST, "enterprise_id": MILL, **more}
    return which(at=START, area_code=VILLAGE, hazard_id=hazard_id, number="H-1", state=state, what="Dust", **said)


def registered(hazard_id: UUID = DUST, **more: Any) -> Any:
    return fact(facts.HazardRegistered, HazardState.SUSPECTED, hazard_id, grade=None, **more)


def confirmed(hazard_id: UUID = DUST, **more: Any) -> Any:
    return fact(facts.HazardConfirmed, HazardState.CONFIRMED, hazard_id, routing_rule=RoutingRule.INDUSTRY, **more)


def ordered(hazard_id: UUID = DUST, limit: date = date(2026, 10, 20), **more: Any) -> Any:
    order = {"order_id": uuid4(), "order_number": "1", "kind": "rectify_by", "items": (), "officers": ()}
    return fact(facts.OrderIssued, HazardState.ORDERED, hazard_id, limit=limit, **order, **more)


def closed(hazard_id: UUID = DUST, **more: Any) -> Any:
    return fact(facts.HazardClosed, HazardState.CLOSED, hazard_id, look_backs=(), **more)


def reopened(hazard_id: UUID = DUST, **more: Any) -> Any:
    return fact(facts.HazardReopened, HazardState.REOPENED, hazard_id, reason="Again", **{"cycle": 2, **more})


def voided(hazard_id: UUID = DUST, **more: Any) -> Any:
    return fact(facts.HazardVoided, HazardState.VOID, hazard_id, reason="Torn down", **more)
