"""What is done with risks: points are graded and withdrawn, and every enterprise that is due is assessed anew."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.dossiers.queries import enterprise_for
from services.registry.parties.models import Enterprise
from services.registry.people.queries import local_day
from services.registry.risks import queries
from services.registry.risks.domain.points import Value, lec, ls
from services.registry.risks.domain.scoring import Assessment, assess
from services.registry.risks.models import PastColour, Risk, RiskPoint
from services.registry.risks.shapes import GradedByLec, KeepRiskPoint
from shared.auth import Actor
from shared.contracts.registry import RiskAssessed, RiskPointAssessed, RiskPointWithdrawn
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit
from shared.profile import Profile


async def keep_point(
    tx: AsyncSession,
    who: Actor,
    enterprise_id: UUID,
    point_id: UUID,
    ask: KeepRiskPoint,
    rules: Profile,
    now: datetime,
) -> RiskPoint:
    """Bring a risk point to what is told, graded by the bounds of the day of its assessment."""
    # The enterprise's lock makes two that send the same new point at once take turns.
    enterprise = await enterprise_for(tx, who, "risk_point.keep", enterprise_id, lock=True)
    if ask.assessed_on > local_day(tx, now):
        raise BadInput("date-ahead", "An assessment cannot be dated in the future.", "评估日期不能晚于今天。")
    graded = _graded(ask, rules)
    told: dict[str, Any] = {
        **ask.model_dump(exclude={"grading"}),
        "grading": ask.grading.model_dump(mode="json"),
        "value": graded.value,
        "colour": graded.colour,
    }
    point = await tx.get(RiskPoint, point_id, with_for_update=True)
    if point is None:
        point = RiskPoint(id=point_id, area_code=enterprise.area_code, enterprise_id=enterprise.id, **told)
    elif point.enterprise_id != enterprise.id:
        raise no_such("risk point", "风险点")
    elif point.withdrawn_on is not None:
        raise Conflict(
            "risk-point-withdrawn",
            "This risk point was withdrawn and stays so; keep a new one under a new id.",
            "该风险点已注销，请以新编号另建。",
        )
    elif all(getattr(point, name) == value for name, value in told.items()):
        return point
    else:
        point.sqlmodel_update({**told, "area_code": enterprise.area_code})
    await emit(tx, point, RiskPointAssessed(at=now, **_whole(point)))
    return point


async def withdraw_point(tx: AsyncSession, who: Actor, enterprise_id: UUID, point_id: UUID, now: datetime) -> None:
    """Say that nothing dangerous is there any more; saying it again changes nothing."""
    enterprise = await enterprise_for(tx, who, "risk_point.keep", enterprise_id)
    point = await queries.point_of(tx, enterprise.id, point_id)
    if point.withdrawn_on is None:
        point.withdrawn_on = local_day(tx, now)
        await emit(tx, point, RiskPointWithdrawn(at=now, **_whole(point)))


async def assess_due(tx: AsyncSession, limit: int, rules: Profile, now: datetime) -> int:
    """Assess what is due; only what changed becomes a fact. Give how many were looked at."""
    due = await queries.claim_due(tx, now, limit)
    today = local_day(tx, now)
    enterprises = await queries.enterprises_of(tx, [risk.id for risk in due])
    inputs = await queries.inputs_of(tx, list(enterprises.values()), today)
    for risk in due:
        risk.due_at = None
        if (enterprise := enterprises.get(risk.id)) is not None:
            await _take(tx, risk, enterprise, assess(inputs[risk.id], rules, today), rules, now)
            told = assess(inputs[risk.id].as_told(), rules, today)
            if enterprise.risk_colour != told.colour:
                await queries.show_colour(tx, risk.id, told.colour)
    return len(due)


async def _take(
    tx: AsyncSession, risk: Risk, enterprise: Enterprise, found: Assessment, rules: Profile, now: datetime
) -> None:
    """Keep what was found, and state it if the colour or the score is another than before."""
    reasons = [reason.model_dump(mode="json") for reason in found.reasons]
    before = (risk.colour, risk.score)
    risk.colour, risk.score, risk.reasons = found.colour, found.score, reasons
    if found.again_on is not None:
        risk.due_at = datetime.combine(found.again_on, time(), rules.timezone)
    if before == (found.colour, found.score):
        return
    risk.area_code, risk.assessed_at = enterprise.area_code, now
    fact = RiskAssessed(
        at=now,
        area_code=risk.area_code,
        enterprise_id=risk.id,
        colour=found.colour,
        score=found.score,
        reasons=found.reasons,
    )
    await emit(tx, risk, fact)
    past = PastColour(
        enterprise_id=risk.id,
        version=risk.version,
        at=now,
        colour=found.colour,
        score=found.score,
        reasons=reasons,
    )
    tx.add(past)


def _graded(ask: KeepRiskPoint, rules: Profile) -> Value:
    by = ask.grading
    if isinstance(by, GradedByLec):
        return lec(by.likelihood, by.exposure, by.consequence, rules, ask.assessed_on)
    return ls(by.likelihood, by.severity, rules, ask.assessed_on)


def _whole(point: RiskPoint) -> dict[str, Any]:
    return {
        "area_code": point.area_code,
        "point_id": point.id,
        "enterprise_id": point.enterprise_id,
        "place": point.place,
        "method": point.grading["method"],
        "value": point.value,
        "colour": point.colour,
        "assessed_on": point.assessed_on,
    }
