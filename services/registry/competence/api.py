"""Routes: who is responsible for what, and the public criteria of major hazards."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.actions import Loaded
from services.registry.competence import actions
from services.registry.competence.models import Competence, Criterion
from services.registry.competence.queries import foreseeing, gaps, listing
from services.registry.competence.shapes import (
    CompetenceView,
    ConflictView,
    ConsideredView,
    CriterionView,
    Decide,
    DecisionView,
    EnterpriseGapView,
    Gap,
    KeepCompetence,
    KeepCriterion,
    KeepListedCompetence,
    KeepListedCriterion,
    PlaceGaps,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import AreaCode, Category, Day
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Here, Now, Rules, Tx, Who

router = APIRouter(
    tags=["competence"], dependencies=[versioned(Competence, "rule_id"), versioned(Criterion, "criterion_id")]
)


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
    return await listing.rules(tx, by, authority_id, after, limit)


@router.post("/competence/decide", dependencies=[allowed("competence.decide")])
async def decide(ask: Decide, now: Now, tx: Tx, rules: Rules) -> DecisionView:
    """Say who would be responsible on a day, by which rule, and which others were considered."""
    on = ask.on or rules.local_day(now)
    matter = await foreseeing.matter_of(tx, ask)
    routing, rows = await foreseeing.decide(tx, matter, on)
    return DecisionView(
        on=on,
        authority_id=routing.authority_id,
        routing_rule=routing.rule,
        rule_id=routing.rule_id,
        considered=[
            ConsideredView(standing=each.standing, rule=CompetenceView.model_validate(rows[each.rule.rule_id]))
            for each in routing.considered
            if each.rule.rule_id is not None
        ],
    )


@router.get("/competence/gaps", dependencies=[allowed("competence.gaps")])
async def list_gaps(
    who: Who,
    now: Now,
    tx: Tx,
    rules: Rules,
    gap: Gap | None = None,
    area: AreaCode | None = None,
    on: Day | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[EnterpriseGapView]:
    """List the enterprises for whose ordinary hazards nobody, or only the township, would be responsible."""
    return await gaps.of_enterprises(tx, who, on or rules.local_day(now), gap, area, after, limit)


@router.get("/competence/gaps/places", dependencies=[allowed("competence.gaps")])
async def list_gaps_of_places(who: Who, now: Now, tx: Tx, rules: Rules, on: Day | None = None) -> PlaceGaps:
    """List townships and categories where a hazard at no known enterprise has no department."""
    return PlaceGaps(items=await gaps.of_places(tx, who, on or rules.local_day(now)))


@router.get("/competence/conflicts", dependencies=[allowed("competence.read")])
async def list_conflicts(
    now: Now, tx: Tx, rules: Rules, on: Day | None = None, after: UUID | None = None, limit: Limit = 50
) -> Listed[ConflictView]:
    """List rules that hold on the day or later and will not lead where they should."""
    return await foreseeing.conflicts(tx, on or rules.local_day(now), after, limit)


@router.get("/competence/{rule_id}", response_model=CompetenceView, dependencies=[allowed("competence.read")])
async def show_rule(rule_id: UUID, tx: Tx) -> Competence:
    if (rule := await tx.get(Competence, rule_id)) is None:
        raise no_such("rule of competence", "职责分工规则")
    return rule


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
    return await listing.criteria(tx, category, on, after, limit)


@router.get("/criteria/{criterion_id}", response_model=CriterionView, dependencies=[allowed("criterion.read")])
async def show_criterion(criterion_id: UUID, tx: Tx) -> Criterion:
    if (criterion := await tx.get(Criterion, criterion_id)) is None:
        raise no_such("criterion", "判定标准")
    return criterion
