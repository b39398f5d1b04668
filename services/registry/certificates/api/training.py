"""Routes: training, to those who learned and those who can help them; there is no ranking."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry.actions import Loaded
from services.registry.certificates.actions import training as actions
from services.registry.certificates.models import Training
from services.registry.certificates.queries import training as queries
from services.registry.certificates.shapes import KeepListedTraining, KeepTraining, ShortfallView, TrainingView
from services.registry.people.queries import local_day
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(tags=["certificates"], dependencies=[versioned(Training, "training_id")])

Year = Annotated[int, Query(ge=2000, le=2200)]


@router.put("/training", response_model=LoadedView, dependencies=[allowed("training.keep")])
async def keep_training_list(asks: AtOnce[KeepListedTraining], now: Now, tx: Tx) -> Loaded[Training]:
    """Record a list of courses and exams in one transaction."""
    return await actions.keep_training(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/training/{training_id}", response_model=TrainingView, dependencies=[allowed("training.keep")])
async def keep_training(training_id: UUID, ask: KeepTraining, now: Now, tx: Tx) -> Training:
    return (await actions.keep_training(tx, [(training_id, ask)], now)).rows[0]


@router.get("/training", response_model=Listed[TrainingView], dependencies=[allowed("training.read")])
async def list_training(
    who: Who,
    now: Now,
    tx: Tx,
    person_id: UUID | None = None,
    party_id: UUID | None = None,
    year: Year | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Training]:
    return await queries.training(
        tx,
        who,
        local_day(tx, now),
        person_id=person_id,
        party_id=party_id,
        year=year,
        after=after,
        limit=limit,
    )


@router.get("/training/shortfalls", dependencies=[allowed("training.read")])
async def list_shortfalls(
    who: Who,
    now: Now,
    tx: Tx,
    party_id: UUID | None = None,
    year: Year | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[ShortfallView]:
    """List who has fewer hours than their role asks for in a year (this one, if none is named)."""
    today = local_day(tx, now)
    hours = queries.required_hours(tx.info["profile"], today)
    found, following = await queries.shortfalls(
        tx, who, today, hours, party_id=party_id, year=year or today.year, after=after, limit=limit
    )
    views = [
        ShortfallView(
            person_id=each.person.id,
            name=each.person.name,
            required_hours=each.required,
            hours=each.done,
            missing_hours=each.required - each.done,
        )
        for each in found
    ]
    return Listed(items=views, next=following)
