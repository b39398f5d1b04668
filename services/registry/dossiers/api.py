"""Routes: the safety records of enterprises, and what they lack."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry.dossiers import actions, queries
from services.registry.dossiers.domain import lacks
from services.registry.dossiers.models import Record
from services.registry.dossiers.shapes import EndRecord, GradeCounts, KeepRecord, Lacking, LackView, RecordView
from services.registry.people.queries import local_day
from services.registry.shapes import Limit, Listed
from shared.contracts.dossiers import RecordKind
from shared.contracts.values import AreaCode
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Rules, Tx, Who

router = APIRouter(tags=["records"], dependencies=[versioned(Record, "record_id")])

Days = Annotated[int, Query(ge=0, le=3650)]


@router.put(
    "/enterprises/{enterprise_id}/records/{record_id}",
    response_model=RecordView,
    dependencies=[allowed("record.keep")],
)
async def keep_record(enterprise_id: UUID, record_id: UUID, ask: KeepRecord, who: Who, now: Now, tx: Tx) -> Record:
    """Keep a record; what an enterprise keeps of itself is declared until an authority verifies it."""
    return await actions.keep(tx, who, enterprise_id, record_id, ask, now)


@router.get(
    "/enterprises/{enterprise_id}/records",
    response_model=Listed[RecordView],
    dependencies=[allowed("record.read")],
)
async def list_records_of(
    enterprise_id: UUID,
    who: Who,
    tx: Tx,
    kind: RecordKind | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Record]:
    await queries.enterprise_for(tx, who, "record.read", enterprise_id)
    return await queries.records(tx, who, enterprise_id=enterprise_id, kind=kind, after=after, limit=limit)


@router.get("/enterprises/{enterprise_id}/lacks", dependencies=[allowed("record.read")])
async def show_lacks(enterprise_id: UUID, who: Who, now: Now, tx: Tx, rules: Rules) -> Lacking:
    """List what the enterprise should have today and has not, each by its rule."""
    enterprise = await queries.enterprise_for(tx, who, "record.read", enterprise_id)
    today = local_day(tx, now)
    found = lacks(await queries.known_of(tx, enterprise, today), rules, today)
    return Lacking(on=today, items=[LackView.model_validate(each) for each in found])


@router.get("/records", response_model=Listed[RecordView], dependencies=[allowed("record.read")])
async def list_records(
    who: Who,
    tx: Tx,
    kind: RecordKind | None = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Record]:
    return await queries.records(tx, who, kind=kind, area=area, after=after, limit=limit)


@router.get("/records/ending", response_model=Listed[RecordView], dependencies=[allowed("record.read")])
async def list_ending(
    who: Who,
    now: Now,
    tx: Tx,
    within_days: Days = 30,
    kind: RecordKind | None = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Record]:
    """List what holds today and ends within so many days, the earliest first."""
    today = local_day(tx, now)
    return await queries.ending(tx, who, today, within_days, kind=kind, area=area, after=after, limit=limit)


@router.get("/records/expired", response_model=Listed[RecordView], dependencies=[allowed("record.read")])
async def list_expired(
    who: Who,
    now: Now,
    tx: Tx,
    kind: RecordKind | None = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Record]:
    """List what ended by time and was not renewed, the longest expired first."""
    today = local_day(tx, now)
    return await queries.ending(tx, who, today, None, kind=kind, area=area, after=after, limit=limit)


@router.get("/records/grades", dependencies=[allowed("record.count")])
async def count_grades(who: Who, now: Now, tx: Tx, area: AreaCode | None = None, on: date | None = None) -> GradeCounts:
    """Count enterprises by the grade of standardisation that they hold on a day; an expired grade is none (D22)."""
    day = on or local_day(tx, now)
    found = await queries.grades(tx, who, area, day)
    grade_1, grade_2, grade_3 = (found.get(grade, 0) for grade in (1, 2, 3))
    return GradeCounts(on=day, grade_1=grade_1, grade_2=grade_2, grade_3=grade_3, none=found.get(None, 0))


@router.get("/records/{record_id}", response_model=RecordView, dependencies=[allowed("record.read")])
async def show_record(record_id: UUID, who: Who, tx: Tx) -> Record:
    return await queries.record_for(tx, who, "record.read", record_id)


@router.post("/records/{record_id}/verify", response_model=RecordView, dependencies=[allowed("record.verify")])
async def verify_record(record_id: UUID, who: Who, now: Now, tx: Tx) -> Record:
    return await actions.verify(tx, who, record_id, now)


@router.post("/records/{record_id}/end", response_model=RecordView, dependencies=[allowed("record.end")])
async def end_record(record_id: UUID, ask: EndRecord, who: Who, now: Now, tx: Tx) -> Record:
    return await actions.end(tx, who, record_id, ask, now)
