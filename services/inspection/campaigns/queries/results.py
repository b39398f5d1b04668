"""What a campaign has brought so far; without it the report and the page could tell different numbers."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.campaigns.domain.counting import Count, of_looks, of_measures
from services.inspection.campaigns.models import Campaign, CampaignItem, PolicyMeasure
from services.inspection.campaigns.shapes.views import BodyCount, CountView, Found, Results
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    Carried,
    LookState,
    PolicyMeasureState,
)
from shared.contracts.values import Grade

_NOT_DONE = (LookState.WAITING, LookState.UNDONE, LookState.MISSED)


async def results_of(tx: AsyncSession, campaign: Campaign, body_id: UUID | None) -> Results:
    """Count the campaign, of one body only if it is named."""
    if campaign.kind is CampaignKind.POLICY:
        return _of_policy(await _measures(tx, campaign, body_id))
    query = select(CampaignItem.lead_authority_id, CampaignItem.grade, CampaignItem.state, func.count()).where(
        col(CampaignItem.campaign_id) == campaign.id,
        true() if body_id is None else col(CampaignItem.lead_authority_id) == body_id,
    )
    columns = (col(CampaignItem.lead_authority_id), col(CampaignItem.grade), col(CampaignItem.state))
    looked: list[tuple[UUID, Grade, LookState]] = []
    for body, grade, state, times in await tx.execute(query.group_by(*columns)):
        looked += [(body, Grade(grade), LookState(state))] * times
    by_grade = {each: of_looks(state for _, grade, state in looked if grade is each) for each in Grade}
    bodies = {each: of_looks(state for body, _, state in looked if body == each) for each in {one[0] for one in looked}}
    return Results(
        total=_shown(of_looks(state for _, _, state in looked)),
        by_grade={grade: _shown(count) for grade, count in by_grade.items()},
        by_body=_by_body(bodies),
    )


async def bodies_of(tx: AsyncSession, campaign: Campaign) -> dict[UUID, int]:
    """Name the authorities and townships of which something is asked, each with how much."""
    looks = select(CampaignItem.lead_authority_id, func.count()).where(col(CampaignItem.campaign_id) == campaign.id)
    asked = select(PolicyMeasure.owner_id, func.count()).where(col(PolicyMeasure.campaign_id) == campaign.id)
    found: dict[UUID, int] = {}
    for query in (looks.group_by(col(CampaignItem.lead_authority_id)), asked.group_by(col(PolicyMeasure.owner_id))):
        found |= {row[0]: row[1] for row in await tx.execute(query)}
    return dict(sorted(found.items()))


async def what_failed(tx: AsyncSession, campaign: Campaign) -> list[Found]:
    """List the looks that failed, or the measures that were not wholly carried out."""
    if campaign.kind is CampaignKind.POLICY:
        return [
            _measure(row, row.reason)
            for row in await _measures(tx, campaign, None)
            if row.verdict not in {None, Carried.CARRIED_OUT}
        ]
    return await _looks(tx, campaign, (LookState.FAILED,))


async def what_was_not_done(tx: AsyncSession, campaign: Campaign) -> list[Found]:
    """List the looks and the measures that came to no result, with the reason if one was given."""
    if campaign.kind is CampaignKind.POLICY:
        rows = await _measures(tx, campaign, None)
        return [_measure(row, row.reason) for row in rows if row.state is not PolicyMeasureState.JUDGED]
    return await _looks(tx, campaign, _NOT_DONE)


async def _looks(tx: AsyncSession, campaign: Campaign, states: Iterable[LookState]) -> list[Found]:
    query = select(CampaignItem).where(
        col(CampaignItem.campaign_id) == campaign.id, col(CampaignItem.state).in_(list(states))
    )
    rows = (await tx.execute(query.order_by(col(CampaignItem.number)))).scalars()
    return [Found(item_id=row.id, party_id=row.lead_authority_id, number=row.number, remark=row.remark) for row in rows]


def _measure(row: PolicyMeasure, remark: str) -> Found:
    return Found(item_id=row.id, party_id=row.owner_id, number=f"{row.ordinal}", remark=remark)


async def _measures(tx: AsyncSession, campaign: Campaign, body_id: UUID | None) -> list[PolicyMeasure]:
    query = select(PolicyMeasure).where(
        col(PolicyMeasure.campaign_id) == campaign.id,
        true() if body_id is None else col(PolicyMeasure.owner_id) == body_id,
    )
    return list((await tx.execute(query.order_by(col(PolicyMeasure.ordinal)))).scalars())


def _of_policy(rows: list[PolicyMeasure]) -> Results:
    owners = {row.owner_id for row in rows}
    counted = {each: of_measures((row.state, row.verdict) for row in rows if row.owner_id == each) for each in owners}
    total = of_measures((row.state, row.verdict) for row in rows)
    return Results(total=_shown(total), by_grade={}, by_body=_by_body(counted))


def _by_body(counted: Mapping[UUID, Count]) -> list[BodyCount]:
    """Show the bodies in a stable order."""
    return [
        BodyCount(party_id=body, **_shown(count).model_dump())
        for body, count in sorted(counted.items(), key=lambda pair: str(pair[0]))
    ]


def _shown(count: Count) -> CountView:
    return CountView.model_validate(count)
