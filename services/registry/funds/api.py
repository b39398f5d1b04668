"""Routes: the safety fund of an enterprise, its plan and its ledger."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from services.registry.dossiers.queries import enterprise_for
from services.registry.funds import actions, queries
from services.registry.funds.models import Fund, FundEntry, FundPlan
from services.registry.funds.shapes import EnterFund, FundEntryView, FundPlanView, FundView, PlanFund, YearView
from services.registry.shapes import Limit, Listed
from shared.paging import Page
from shared.permission import allowed
from shared.web import Now, Rules, Tx, Who

router = APIRouter(tags=["funds"])

AYear = Annotated[int, Path(ge=2000, le=2200)]


@router.put(
    "/enterprises/{enterprise_id}/fund/plans/{year}",
    response_model=FundPlanView,
    dependencies=[allowed("fund.keep")],
)
async def plan_fund(
    enterprise_id: UUID, year: AYear, ask: PlanFund, who: Who, now: Now, tx: Tx, rules: Rules
) -> FundPlan:
    return await actions.plan(tx, who, enterprise_id, year, ask, rules, now)


@router.put(
    "/enterprises/{enterprise_id}/fund/entries/{entry_id}",
    response_model=FundEntryView,
    dependencies=[allowed("fund.keep")],
)
async def enter_fund(
    enterprise_id: UUID, entry_id: UUID, ask: EnterFund, who: Who, now: Now, tx: Tx, rules: Rules
) -> FundEntry:
    """Write an entry of the ledger. Sending the same again is safe; a wrong one is reversed, never changed."""
    return await actions.enter(tx, who, enterprise_id, entry_id, ask, rules, now)


@router.get(
    "/enterprises/{enterprise_id}/fund/entries",
    response_model=Listed[FundEntryView],
    dependencies=[allowed("fund.read")],
)
async def list_fund_entries(
    enterprise_id: UUID, who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50
) -> Page[FundEntry]:
    enterprise = await enterprise_for(tx, who, "fund.read", enterprise_id)
    return await queries.entries(tx, enterprise.id, after, limit)


@router.get("/enterprises/{enterprise_id}/fund", dependencies=[allowed("fund.read")])
async def show_fund(enterprise_id: UUID, who: Who, tx: Tx) -> FundView:
    """Show the balance and, year by year, what was planned, due, set aside and used."""
    enterprise = await enterprise_for(tx, who, "fund.read", enterprise_id)
    fund = await tx.get(Fund, enterprise.id)
    balance = fund.balance_fen if fund else 0
    years = [YearView.model_validate(each) for each in await queries.years_of(tx, enterprise.id)]
    return FundView(enterprise_id=enterprise.id, balance_fen=balance, overdrawn=balance < 0, years=years)
