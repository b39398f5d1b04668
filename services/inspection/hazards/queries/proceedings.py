"""What stands beside a hazard's main line, read in one trip; without it every answer would ask ten tables in turn."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.models import Hazard, Recheck, SiteCheck
from services.inspection.hazards.queries import knowing

_TABLES: Mapping[str, tuple[str, str]] = {
    "rechecks": ("rechecks", "opened_at"),
    "deliveries": ("order_deliveries", "recorded_at"),
    "registrations": ("major_reports", "at"),
    "site_checks": ("site_checks", "at"),
    "extension_requests": ("extensions", "asked_at"),
    "resumptions": ("resumptions", "asked_at"),
    "cases": ("cases", "opened_at"),
    "listings": ("listings", "proposed_at"),
    "notices": ("public_notices", "recorded_at"),
    "power_cuts": ("power_cuts", "told_at"),
}
"""Name in the answer → table, and the column that orders it."""


def _listed(name: str) -> str:
    table, order = _TABLES[name]
    rows = f"select coalesce(json_agg(t order by t.{order}), '[]') from {table} t where t.hazard_id = :id"  # noqa: S608 — names of our own tables
    return f"'{name}', ({rows})"


_ALL = text(f"select json_build_object({', '.join(map(_listed, _TABLES))})::text")


async def of_hazard(tx: AsyncSession, hazard_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give all that was asked, decided and recorded beside the main line, each list oldest first."""
    found: dict[str, list[dict[str, Any]]] = json.loads((await tx.execute(_ALL, {"id": hazard_id})).scalar_one())
    return found


def as_the_enterprise_sees(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Leave out listings that were only proposed."""
    return {**found, "listings": [listing for listing in found["listings"] if listing["level"] is not None]}


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
