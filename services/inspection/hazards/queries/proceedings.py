"""What is told of what stands beside a hazard's main line; without it what was only proposed would be told outside."""

from typing import Any

from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.models import Hazard, Recheck, SiteCheck
from services.inspection.hazards.queries import knowing


def listings_told_outside(listings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out those that were only proposed."""
    return [listing for listing in listings if listing["level"] is not None]


async def closing_record(tx: AsyncSession, hazard: Hazard) -> dict[str, Any]:
    """Give what a closed hazard must carry (domain reference §4.4): hashes, re-check, time, place, certificates."""
    failed_on_site = exists().where(col(SiteCheck.recheck_id) == col(Recheck.id), ~col(SiteCheck.passed))
    query = select(Recheck).where(
        col(Recheck.hazard_id) == hazard.id,
        col(Recheck.cycle) == hazard.cycle,
        col(Recheck.passed).is_(True),
        ~failed_on_site,
    )
    recheck = (await tx.execute(query)).scalar_one()
    return {
        "items": [
            {"ordinal": item.ordinal, "before": _hashes(item.before), "after": _hashes(item.after)}
            for item in await knowing.items_of(tx, hazard)
        ],
        "recheck_id": recheck.id,
        "mode": recheck.mode,
        "rechecked_at": recheck.decided_at,
        "place": recheck.place,
        "certificates": recheck.certificates,
        "attachments": _hashes(recheck.attachments),
        "unit_signature": _hashes(recheck.unit_signature),
        "unit_refused": recheck.unit_refused,
    }


def _hashes(refs: list[dict[str, Any]]) -> list[str]:
    return [ref["sha256"] for ref in refs]
