"""What risks does when something happens: it keeps what counts of a hazard, and has the enterprise assessed anew."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.people.queries import local_day
from services.registry.risks.models import HazardCopy
from services.registry.risks.queries import mark
from shared.contracts import inspection as hazards
from shared.contracts.base import EVENTS
from shared.contracts.registry import EnterpriseRegistered, RecordEnded, RecordExpired, RecordKept
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(EnterpriseRegistered)
async def assess_the_enterprise(fact: EnterpriseRegistered, tx: AsyncSession) -> None:
    await mark(tx, fact.enterprise_id, fact.area_code, fact.at)


@reactions.on(RecordKept, RecordEnded, RecordExpired)
async def assess_whose_record_it_is(fact: RecordKept | RecordEnded | RecordExpired, tx: AsyncSession) -> None:
    await mark(tx, fact.enterprise_id, fact.area_code, fact.at)


@reactions.on(*(kind for kind in EVENTS.values() if issubclass(kind, hazards.HazardFact)))
async def count_the_hazard(fact: hazards.HazardFact, tx: AsyncSession) -> None:
    """Facts of one hazard come in their order; each carries the hazard's whole state but for what only some say."""
    if fact.enterprise_id is None:
        return
    told: dict[str, Any] = {
        "enterprise_id": fact.enterprise_id,
        "state": fact.state,
        "category": fact.category,
        "grade": fact.grade,
        "cycle": fact.cycle,
        **_said_of_the_finding(tx, fact),
        **_said_of_the_limit(fact),
    }
    row = {"told": False, "recurrent": False, "self_found": False, **told}
    kept = insert(HazardCopy).values(id=fact.hazard_id, **row)
    await tx.execute(kept.on_conflict_do_update(index_elements=["id"], set_=told))
    await mark(tx, fact.enterprise_id, fact.area_code, fact.at)


def _said_of_the_finding(tx: AsyncSession, fact: hazards.HazardFact) -> dict[str, Any]:
    match fact:
        case hazards.HazardRegistered(self_governed=True):
            return {"told": True, "self_found": True}
        case hazards.HazardTakenOver():
            return {"self_found": False}
        case hazards.HazardConfirmed():
            return {"confirmed_on": local_day(tx, fact.at), "recurrent": fact.recurrent}
        case hazards.OrderIssued():
            return {"told": True}
        case hazards.HazardReopened():
            return {"confirmed_on": local_day(tx, fact.at), "self_found": False}
        case _:
            return {}


def _said_of_the_limit(fact: hazards.HazardFact) -> dict[str, Any]:
    match fact:
        case (
            hazards.OrderIssued()
            | hazards.RectificationStarted()
            | hazards.RecheckFailed()
            | hazards.ExtensionDecided()
            | hazards.HazardListed()
        ):
            return {"limit": fact.limit}
        case hazards.OrderStayed():
            return {"stayed": True}
        case hazards.StayLifted():
            return {"limit": fact.limit, "stayed": False}
        case hazards.StayLapsed():
            return {"stayed": False}
        case hazards.HazardReopened():
            return {"limit": None, "stayed": False}
        case _:
            return {}
