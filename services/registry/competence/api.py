"""Routes: who is responsible for what, and the public criteria of major hazards."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.actions import Loaded
from services.registry.competence import actions, queries
from services.registry.competence.models import Competence, Criterion
from services.registry.competence.shapes import (
    CompetenceView,
    CriterionView,
    KeepCompetence,
    KeepCriterion,
    KeepListedCompetence,
    KeepListedCriterion,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import Category, Day
from shared.paging import Page
from shared.permission import allowed
from shared.web import Here, Now, Tx

router = APIRouter(tags=["competence"])


@router.put("/competence", response_model=LoadedView, dependencies=[allowed("competence.keep")])
async def keep_rules(asks: AtOnce[KeepListedCompetence], now: Now, tx: Tx) -> Loaded[Competence]:
    """Write a list of competence rules in one transaction."""
    return await actions.keep_competence(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/competence/{rule_id}", response_model=CompetenceView, dependencies=[allowed("competence.keep")])
async def keep_rule(rule_id: UUID, ask: KeepCompetence, now: Now, tx: Tx) -> Competence:
    return (await actions.keep_competence(tx, [(rule_id, ask)], now)).rows[0]


@router.get("/competence", response_model=Listed[CompetenceView], dependencies=[allowed("competence.read")])
async def list_rules(
    tx: Tx,
    by: CompetenceBy | None = None,
    authority_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Competence]:
    return await queries.rules(tx, by, authority_id, after, limit)


@router.put("/criteria", response_model=LoadedView, dependencies=[allowed("criterion.keep")])
async def keep_criteria(asks: AtOnce[KeepListedCriterion], now: Now, tx: Tx, here: Here) -> Loaded[Criterion]:
    """List criteria in one transaction."""
    return await actions.keep_criteria(tx, [(ask.id, ask) for ask in asks], here.settings.county_code, now)


@router.put("/criteria/{criterion_id}", response_model=CriterionView, dependencies=[allowed("criterion.keep")])
async def keep_criterion(criterion_id: UUID, ask: KeepCriterion, now: Now, tx: Tx, here: Here) -> Criterion:
    county = here.settings.county_code
    return (await actions.keep_criteria(tx, [(criterion_id, ask)], county, now)).rows[0]


@router.get("/criteria", response_model=Listed[CriterionView], dependencies=[allowed("criterion.read")])
async def list_criteria(
    tx: Tx, category: Category | None = None, on: Day | None = None, after: UUID | None = None, limit: Limit = 50
) -> Page[Criterion]:
    """List major-hazard criteria, of a category and in force on a day if these are given."""
    return await queries.criteria(tx, category, on, after, limit)
