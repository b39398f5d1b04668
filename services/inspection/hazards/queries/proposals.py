"""What may be thought of besides, from what was decided: counted from the cases themselves, never from a counter."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.domain import OPEN
from services.inspection.hazards.domain.proposals import (
    Disobeyed,
    Penalised,
    PileOf,
    Proposal,
    ProposalKind,
    close_down,
    daily_fine,
)
from services.inspection.hazards.models import Hazard, Order, OrderStay, PenaltyCase
from services.inspection.hazards.shapes.proposals import ProposalList, ProposalView
from shared.contracts.inspection import Enforcement, Stay
from shared.contracts.values import Grade

_FROM: Mapping[ProposalKind, str] = {
    ProposalKind.DAILY_FINE: "daily_fine.begins",
    ProposalKind.CLOSE_DOWN: "close_down.window",
}


async def proposals(tx: AsyncSession, hazard: Hazard, now: datetime) -> ProposalList:
    """Give what the law lets the authority think of in this hazard today, each with the rule that it comes from."""
    rules, today = rules_of(tx), local_day(tx, now)
    pile = PileOf(
        window_days=int(rules.number("close_down.window", today)),
        in_window=int(rules.number("close_down.penalties_in_window", today)),
        in_a_year=int(rules.number("close_down.penalties_in_a_year", today)),
        a_year_ago=_a_year_before(today),
    )
    stands = hazard.state in OPEN
    found = [
        daily_fine(await _disobeyed(tx, hazard), int(rules.number("daily_fine.begins", today)), today, stands=stands),
        close_down(await _penalties(tx, hazard), pile, today, major_stands=stands and hazard.grade is Grade.MAJOR),
    ]
    return ProposalList(items=[_view(tx, each, today) for each in found if each is not None])


def _view(tx: AsyncSession, proposal: Proposal, today: date) -> ProposalView:
    rule = rules_of(tx).rule(_FROM[proposal.kind], today)
    return ProposalView(
        kind=proposal.kind,
        since=proposal.since,
        cases=list(proposal.cases),
        fine_yuan=proposal.fine_yuan,
        why_en=proposal.why_en,
        why_zh=proposal.why_zh,
        source=rule.source,
        mark=rule.mark,
    )


async def _penalties(tx: AsyncSession, hazard: Hazard) -> list[Penalised]:
    """Give all penalties of the same unit that stand, whoever decided them and about whatever."""
    query = (
        select(PenaltyCase)
        .join(Hazard, col(Hazard.id) == col(PenaltyCase.hazard_id))
        .where(
            col(Hazard.enterprise_id) == hazard.enterprise_id,
            col(PenaltyCase.decided_at).is_not(None),
            col(PenaltyCase.state) != Enforcement.NONE,
        )
    )
    cases = (await tx.execute(query)).scalars()
    return [
        Penalised(case_number=case.number, decided_on=local_day(tx, case.decided_at))
        for case in cases
        if case.decided_at is not None
    ]


async def _disobeyed(tx: AsyncSession, hazard: Hazard) -> Disobeyed | None:
    """Give the order that is in force and the fine that was served for not obeying it, if there are both."""
    newest = select(Order).where(col(Order.hazard_id) == hazard.id, col(Order.cycle) == hazard.cycle)
    order = (await tx.execute(newest.order_by(col(Order.issued_at).desc()).limit(1))).scalar_one_or_none()
    served = select(PenaltyCase).where(
        col(PenaltyCase.hazard_id) == hazard.id,
        col(PenaltyCase.cycle) == hazard.cycle,
        col(PenaltyCase.served_at).is_not(None),
        col(PenaltyCase.state) != Enforcement.NONE,
    )
    case = (await tx.execute(served.order_by(col(PenaltyCase.served_at).desc()).limit(1))).scalar_one_or_none()
    if order is None or case is None or case.served_at is None or hazard.limit is None:
        return None
    if hazard.stay is Stay.STAYED:  # who need not obey for now does not disobey
        return None
    return Disobeyed(
        order_number=order.number,
        ordered_on=local_day(tx, order.issued_at),
        limit=hazard.limit,
        case_number=case.number,
        served_on=local_day(tx, case.served_at),
        fine_yuan=case.amount_yuan or 0,
        stays=await _stays(tx, order),
    )


async def _stays(tx: AsyncSession, order: Order) -> tuple[tuple[date, date], ...]:
    """Give the days between which the order was stayed; it went on on the second."""
    query = select(OrderStay).where(col(OrderStay.order_id) == order.id, col(OrderStay.lifted_at).is_not(None))
    stays = (await tx.execute(query.order_by(col(OrderStay.since)))).scalars()
    return tuple((local_day(tx, stay.since), local_day(tx, stay.lifted_at)) for stay in stays if stay.lifted_at)


def _a_year_before(day: date) -> date:
    """Give the same day a year ago; of 29 February the day before it."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
