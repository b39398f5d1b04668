"""Which open entries may be the same matter, shown so that one can judge; the one query that grows with the docket."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, text, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.docket.domain import Why, box, distance_m
from services.inspection.docket.models import WHILE_OPEN, Report
from services.inspection.docket.queries.entries import visible_to
from services.inspection.docket.shapes.similar import ComparedView, Photo, SimilarList, SimilarView
from shared.auth import Actor

MOST_SHOWN = 10
MOST_COMPARED = 100
"""Of each kind, the newest. A place with more open entries than this shows the desk another problem than likeness."""
MOST_PHOTOS = 3


async def similar(tx: AsyncSession, who: Actor, entry: Report, now: datetime) -> SimilarList:
    """Suggest open entries of any channel that are near or of the same enterprise, and alike in words."""
    rules, day = rules_of(tx), local_day(tx, now)
    radius = rules.number("report.duplicate.radius", day)
    since = now - timedelta(days=rules.number("report.duplicate.window", day))
    found: list[SimilarView] = []
    for other, likeness in await _alike(
        tx, who, entry, radius, since, rules.number("report.duplicate.similarity", day)
    ):
        away = _distance(entry, other)
        near = away is not None and away <= radius
        same = entry.enterprise_id is not None and other.enterprise_id == entry.enterprise_id
        if same or near:
            reasons = {
                Why.SAME_ENTERPRISE: same,
                Why.NEAR: near,
                Why.ALIKE_WORDS: True,
                Why.SAME_CATEGORY: other.category == entry.category,
            }
            why = [reason for reason, holds in reasons.items() if holds]
            measured = {"same_enterprise": same, "distance_m": away, "similarity": likeness, "why": why}
            found.append(SimilarView.model_validate(_shown(other) | measured))
    return SimilarList(entry=ComparedView.model_validate(_shown(entry)), items=found[:MOST_SHOWN])


async def _alike(
    tx: AsyncSession, who: Actor, entry: Report, radius: float, since: datetime, least: float
) -> list[tuple[Report, float]]:
    """Give the entries most alike in words, of the few that place or enterprise bring into question.

    Only those few are compared: place and enterprise are looked up in indexes of what is open.
    """
    kinds: list[ColumnElement[bool]] = []
    if entry.enterprise_id is not None:
        kinds.append(col(Report.enterprise_id) == entry.enterprise_id)
    if entry.lon is not None and entry.lat is not None:
        west, south, east, north = box(entry.lon, entry.lat, radius)
        kinds.append(col(Report.lon).between(west, east) & col(Report.lat).between(south, north))
    if not kinds:
        return []
    concerned = (text(WHILE_OPEN), col(Report.claimed_at) >= since, col(Report.id) != entry.id, visible_to(who))
    newest = [
        select(Report.id)
        .where(kind, *concerned)
        .order_by(col(Report.claimed_at).desc())
        .limit(MOST_COMPARED)
        .subquery()
        for kind in kinds
    ]
    candidates = union(*(select(each.c.id) for each in newest)).cte("candidates")
    alike = func.similarity(Report.likeness, entry.likeness).label("alike")
    compared = (
        select(Report.id, alike)
        .join(candidates, candidates.c.id == col(Report.id))
        .cte("compared")
        .prefix_with("materialized", dialect="postgresql")
    )
    query = (
        select(Report, compared.c.alike)
        .join(compared, compared.c.id == col(Report.id))
        .where(compared.c.alike >= least)
        .order_by(compared.c.alike.desc(), col(Report.claimed_at))
        .limit(4 * MOST_SHOWN)
    )
    return [(row[0], row[1]) for row in await tx.execute(query)]


def _distance(one: Report, other: Report) -> float | None:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return distance_m((one.lon, one.lat), (other.lon, other.lat))


def _shown(entry: Report) -> dict[str, Any]:
    photos = [picture for picture in entry.evidence if picture["media_type"].startswith("image/")]
    return entry.model_dump() | {"photos": [_photo(picture) for picture in photos[:MOST_PHOTOS]]}


def _photo(picture: dict[str, Any]) -> Photo:
    thumbnail = f"/evidence/{picture['owner']}/{UUID(picture['id'])}/thumbnail"
    return Photo.model_validate({**picture, "thumbnail": thumbnail})
