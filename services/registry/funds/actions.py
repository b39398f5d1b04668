"""What is done with a safety fund: a year is planned, money is set aside, used, and wrong entries are reversed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.dossiers.queries import enterprise_for
from services.registry.funds.domain import Applied, apply, entry_id_taken, not_reversible, reversed_already
from services.registry.funds.models import Fund, FundEntry, FundPlan
from services.registry.funds.queries import locked, reversal_of
from services.registry.funds.shapes import EnterExtraction, EnterFund, EnterReversal, EnterUse, PlanFund
from services.registry.people.queries import local_day
from shared.auth import Actor
from shared.contracts.registry import FundEntered, FundMove, FundPlanned
from shared.errors import BadInput, no_such
from shared.outbox import emit
from shared.profile import Profile

_APPLIED = TypeAdapter(Applied)


async def plan(
    tx: AsyncSession, who: Actor, enterprise_id: UUID, year: int, ask: PlanFund, rules: Profile, now: datetime
) -> FundPlan:
    """Plan a year, or plan it anew; what is due is computed by the rates of today."""
    enterprise = await enterprise_for(tx, who, "fund.keep", enterprise_id)
    today = local_day(tx, now)
    applied = [apply(each.sector, each.base_fen, rules, today) for each in ask.bases]
    told: dict[str, Any] = {
        "planned_fen": ask.planned_fen,
        "due_fen": sum(each.due_fen for each in applied),
        "applied": [_stored(each) for each in applied],
    }
    fund = await locked(tx, enterprise)
    known = await tx.get(FundPlan, (enterprise.id, year))
    if known is not None and all(getattr(known, name) == value for name, value in told.items()):
        return known
    planned = known or FundPlan(enterprise_id=enterprise.id, year=year, planned_at=now, **told)
    planned.sqlmodel_update({**told, "planned_at": now})
    tx.add(planned)
    fact = FundPlanned(at=now, **_whole(fund), year=year, planned_fen=planned.planned_fen, due_fen=planned.due_fen)
    await emit(tx, fund, fact)
    return planned


async def enter(
    tx: AsyncSession, who: Actor, enterprise_id: UUID, entry_id: UUID, ask: EnterFund, rules: Profile, now: datetime
) -> FundEntry:
    """Write an entry once, however often it is sent. More may be used than was set aside: that is shown, not hidden."""
    enterprise = await enterprise_for(tx, who, "fund.keep", enterprise_id)
    if ask.on > local_day(tx, now):
        raise BadInput("date-ahead", "An entry cannot be dated in the future.", "台账日期不能晚于今天。")
    fund = await locked(tx, enterprise)
    told = await _told(tx, fund, ask, rules)
    if known := await tx.get(FundEntry, entry_id):
        if known.enterprise_id != fund.id or any(getattr(known, name) != value for name, value in told.items()):
            raise entry_id_taken()
        return known
    if isinstance(ask, EnterReversal) and await reversal_of(tx, ask.reverses):
        raise reversed_already()
    entry = FundEntry(id=entry_id, enterprise_id=fund.id, entered_by=who.id, entered_at=now, **told)
    tx.add(entry)
    fund.balance_fen += entry.amount_fen
    fund.area_code = enterprise.area_code
    fact = FundEntered(
        at=now,
        **_whole(fund),
        entry_id=entry.id,
        move=entry.move,
        on=entry.on,
        amount_fen=entry.amount_fen,
        use=entry.use,
        reverses=entry.reverses,
    )
    await emit(tx, fund, fact)
    return entry


async def _told(tx: AsyncSession, fund: Fund, ask: EnterFund, rules: Profile) -> dict[str, Any]:
    """Give what an entry says, as it is stored."""
    empty: dict[str, Any] = {"use": None, "reverses": None, "applied": None}
    same = {"on": ask.on, "note": ask.note}
    match ask:
        case EnterExtraction():
            applied = apply(ask.sector, ask.base_fen, rules, ask.on)
            amount = applied.due_fen if ask.amount_fen is None else ask.amount_fen
            return empty | same | {"move": FundMove.EXTRACTION, "amount_fen": amount, "applied": _stored(applied)}
        case EnterUse():
            return empty | same | {"move": FundMove.USE, "amount_fen": -ask.amount_fen, "use": ask.use}
        case EnterReversal():
            wrong = await tx.get(FundEntry, ask.reverses)
            if wrong is None or wrong.enterprise_id != fund.id:
                raise no_such("entry", "台账记录")
            if wrong.move is FundMove.REVERSAL:
                raise not_reversible()
            back: dict[str, Any] = {"amount_fen": -wrong.amount_fen, "use": wrong.use, "reverses": wrong.id}
            return empty | same | {"move": FundMove.REVERSAL} | back


def _stored(applied: Applied) -> dict[str, Any]:
    stored: dict[str, Any] = _APPLIED.dump_python(applied, mode="json")
    return stored


def _whole(fund: Fund) -> dict[str, Any]:
    return {
        "area_code": fund.area_code,
        "enterprise_id": fund.id,
        "balance_fen": fund.balance_fen,
        "overdrawn": fund.overdrawn,
    }
