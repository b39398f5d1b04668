"""Routes: risk points, the colour of an enterprise with its reasons and its past, enterprises by colour."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.registry.dossiers.queries import enterprise_for
from services.registry.people.queries import local_day
from services.registry.risks import actions, queries
from services.registry.risks.domain.scoring import assess
from services.registry.risks.domain.words import FACTORS
from services.registry.risks.models import RiskPoint
from services.registry.risks.shapes import (
    ComparedView,
    KeepRiskPoint,
    PastColourView,
    ReasonView,
    RiskPointView,
    RiskView,
)
from services.registry.shapes import Limit, Listed
from shared.contracts.registry import Colour
from shared.contracts.values import AreaCode, Role
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Rules, Tx, Who

router = APIRouter(tags=["risks"], dependencies=[versioned(RiskPoint, "point_id")])


@router.put(
    "/enterprises/{enterprise_id}/risk-points/{point_id}",
    response_model=RiskPointView,
    dependencies=[allowed("risk_point.keep")],
)
async def keep_risk_point(
    enterprise_id: UUID, point_id: UUID, ask: KeepRiskPoint, who: Who, now: Now, tx: Tx, rules: Rules
) -> RiskPoint:
    """Grade a dangerous point by L·E·C or by the matrix; its colour is computed."""
    return await actions.keep_point(tx, who, enterprise_id, point_id, ask, rules, now)


@router.delete(
    "/enterprises/{enterprise_id}/risk-points/{point_id}",
    status_code=204,
    dependencies=[allowed("risk_point.keep")],
)
async def withdraw_risk_point(enterprise_id: UUID, point_id: UUID, who: Who, now: Now, tx: Tx) -> None:
    await actions.withdraw_point(tx, who, enterprise_id, point_id, now)


@router.get(
    "/enterprises/{enterprise_id}/risk-points",
    response_model=Listed[RiskPointView],
    dependencies=[allowed("risk_point.read")],
)
async def list_risk_points(
    enterprise_id: UUID, who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50
) -> Page[RiskPoint]:
    enterprise = await enterprise_for(tx, who, "risk_point.read", enterprise_id)
    return await queries.points(tx, enterprise.id, after, limit)


@router.get("/enterprises/{enterprise_id}/risk", dependencies=[allowed("risk.read")])
async def show_risk(enterprise_id: UUID, who: Who, now: Now, tx: Tx, rules: Rules) -> RiskView:
    """Show the colour of today with every contribution; an enterprise sees it by the hazards it was told of."""
    enterprise = await enterprise_for(tx, who, "risk.read", enterprise_id)
    today = local_day(tx, now)
    inputs = (await queries.inputs_of(tx, [enterprise], today))[enterprise.id]
    found = assess(inputs.as_told() if Role.ENTERPRISE in who.roles else inputs, rules, today)
    reasons = _told(reason.model_dump() for reason in found.reasons)
    return RiskView(enterprise_id=enterprise.id, colour=found.colour, score=found.score, on=today, reasons=reasons)


@router.get("/enterprises/{enterprise_id}/risk/past", dependencies=[allowed("risk.compare")])
async def list_past_colours(enterprise_id: UUID, who: Who, tx: Tx, limit: Limit = 50) -> Listed[PastColourView]:
    """List what the risk of an enterprise was, the latest first; for supervisors, who know of every hazard."""
    enterprise = await enterprise_for(tx, who, "risk.compare", enterprise_id)
    past = await queries.history(tx, enterprise.id, limit)
    views = [
        PastColourView(at=each.at, colour=each.colour, score=each.score, reasons=_told(each.reasons)) for each in past
    ]
    return Listed(items=views)


@router.get("/risks", dependencies=[allowed("risk.compare")])
async def list_risks(
    who: Who,
    tx: Tx,
    colour: Colour | None = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[ComparedView]:
    """List enterprises by their risk, the gravest first."""
    found = await queries.compared(tx, who, colour, area, after, limit)
    enterprises = await queries.enterprises_of(tx, [risk.id for risk in found.items])
    views = [
        ComparedView.model_validate(
            {
                **enterprises[risk.id].model_dump(include={"name_en", "name_zh", "area_code"}),
                **risk.model_dump(include={"colour", "score", "assessed_at"}),
                "enterprise_id": risk.id,
            }
        )
        for risk in found.items
    ]
    return Listed(items=views, next=found.next)


def _told(reasons: Iterable[Mapping[str, Any]]) -> list[ReasonView]:
    return [
        ReasonView.model_validate({**reason, "en": FACTORS[reason["factor"]][0], "zh": FACTORS[reason["factor"]][1]})
        for reason in reasons
    ]
