"""Who may see which assessment, how it is shown, and how published ones stand beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.assessments.domain.machine import ASSESSMENT, Case
from services.inspection.assessments.domain.points import (
    EFFORT,
    Indicator,
    Line,
    Total,
    ranks,
    share_of,
    total_of,
    unranked,
)
from services.inspection.assessments.models import Assessment, AssessmentWord
from services.inspection.assessments.shapes import (
    AssessmentDetail,
    AssessmentView,
    LineView,
    Standings,
    StandingView,
    WordView,
)
from services.inspection.deadlines.queries import local_day, open_deadlines, rules_of
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.assessments import AssessmentState
from shared.contracts.values import PartyKind
from shared.errors import no_such
from shared.permission import in_area

COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of assessments is narrowed; `quarter` 0 is the whole year."""

    state: AssessmentState | None = None
    party: UUID | None = None
    year: int | None = None
    quarter: int | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may read one; its party does so once it was asked for its word."""
    theirs = (col(Assessment.party_id) == who.party_id) & col(Assessment.proposed_at).is_not(None)
    return permission.visible(who, "assessment.read", area=in_area(who, Assessment.area_code), party=theirs)


async def visible(tx: AsyncSession, who: Actor, assessment_id: UUID, *, lock: bool = False) -> Assessment:
    """Give one, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Assessment).where(col(Assessment.id) == assessment_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    assessment = (await tx.execute(query)).scalar_one_or_none()
    if assessment is None:
        raise no_such("assessment", "考核记录")
    return assessment


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Assessment]:
    """List assessments, the newest first."""
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(Assessment.state) == wanted.state),
        (wanted.party, col(Assessment.party_id) == wanted.party),
        (wanted.year, col(Assessment.year) == wanted.year),
        (wanted.quarter, col(Assessment.quarter) == wanted.quarter),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(Assessment).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, Assessment.opened_at, after, limit, newest_first=True)


async def standing(tx: AsyncSession, convener_id: UUID, party_id: UUID, year: int, quarter: int) -> Assessment | None:
    """Give the one assessment of this party's period that was not withdrawn."""
    query = select(Assessment).where(
        col(Assessment.convener_id) == convener_id,
        col(Assessment.party_id) == party_id,
        col(Assessment.year) == year,
        col(Assessment.quarter) == quarter,
        col(Assessment.state) != AssessmentState.WITHDRAWN,
    )
    return (await tx.execute(query)).scalar_one_or_none()


def lines_of(assessment: Assessment) -> list[Line]:
    """Give the indicators as the arithmetic knows them."""
    return [
        Line(
            indicator=Indicator(line["indicator"]),
            most=line["most"],
            part=line["part"],
            whole=line["whole"],
            points=line["points"],
        )
        for line in assessment.lines
    ]


def case_of(who: Actor, assessment: Assessment, now: datetime) -> Case:
    heard = assessment.state is not AssessmentState.PROPOSED
    return Case(
        party_id=who.party_id,
        convener_id=assessment.convener_id,
        now=now,
        assessed_id=assessment.party_id,
        scored=bool(assessment.lines),
        state_until=None if heard else assessment.state_until,
        object_until=assessment.object_until,
        answered=assessment.state is AssessmentState.ANSWERED,
    )


def shown(who: Actor, assessment: Assessment, now: datetime) -> AssessmentView:
    return AssessmentView.model_validate(_known(who, assessment, now))


async def detail(tx: AsyncSession, who: Actor, assessment: Assessment, now: datetime) -> AssessmentDetail:
    """Show one assessment whole: every indicator with its source, what the party said, and what was decided."""
    query = select(AssessmentWord).where(col(AssessmentWord.assessment_id) == assessment.id)
    said = (await tx.execute(query.order_by(col(AssessmentWord.at)))).scalars()
    happened = await history_of(tx, Kind.ASSESSMENT, assessment.id)
    known = _known(who, assessment, now) | {
        "lines": [
            LineView.model_validate(written | {"effort": line.indicator in EFFORT, "value": line.value})
            for line, written in zip(lines_of(assessment), assessment.lines, strict=True)
        ],
        "said": [WordView.model_validate(word) for word in said],
        "deadlines": [DeadlineView.model_validate(clock) for clock in await open_deadlines(tx, assessment.id)],
        "history": [HappeningView.model_validate(row) for row in happened],
    }
    return AssessmentDetail.model_validate(known)


async def standings(tx: AsyncSession, who: Actor, year: int, quarter: int, kind: PartyKind, now: datetime) -> Standings:
    """Put the published assessments of the reader's county beside each other; few cases give no rank (§10.2)."""
    query = (
        select(Assessment)
        .where(
            col(Assessment.area_code).startswith(who.area_code[:COUNTY_DIGITS], autoescape=True),
            col(Assessment.state) == AssessmentState.PUBLISHED,
            col(Assessment.year) == year,
            col(Assessment.quarter) == quarter,
            col(Assessment.party_kind) == kind,
        )
        .order_by(col(Assessment.party_id))
    )
    least = int(rules_of(tx).number("assessment.rank.least", local_day(tx, now)))
    rows: Sequence[Assessment] = (await tx.execute(query)).scalars().all()
    totals = {str(row.party_id): total_of(lines_of(row)) for row in rows}
    reasons = {party: unranked(total, least) for party, total in totals.items()}
    shares = {party: share for party, total in totals.items() if (share := share_of(total)) is not None}
    ranked = ranks({party: share for party, share in shares.items() if reasons[party] is None})
    items = [
        StandingView(
            party_id=row.party_id,
            **_totalled(totals[str(row.party_id)]),
            vetoed=bool(row.veto),
            veto=row.veto,
            rank=ranked.get(str(row.party_id)),
            unranked=reasons[str(row.party_id)],
        )
        for row in rows
    ]
    items.sort(key=lambda item: (item.rank is None, item.rank or 0, str(item.party_id)))
    return Standings(year=year, quarter=quarter or None, kind=kind, least=least, items=items)


def _totalled(total: Total) -> dict[str, Any]:
    return {
        "points": total.points,
        "out_of": total.out_of,
        "share": share_of(total),
        "least_n": total.least_n,
    }


def _known(who: Actor, assessment: Assessment, now: datetime) -> dict[str, Any]:
    return (
        assessment.model_dump()
        | _totalled(total_of(lines_of(assessment)))
        | {
            "quarter": assessment.quarter or None,
            "vetoed": bool(assessment.veto),
            "offers": ASSESSMENT.offers(assessment.state, who.roles, case_of(who, assessment, now)),
        }
    )
