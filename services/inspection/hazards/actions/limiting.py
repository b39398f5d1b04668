"""The limit of an order as a clock; without it a place whose law gives days to prove it would call the proof late."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import rules_of
from services.inspection.hazards.models import Hazard
from shared.profile import Due

LIMIT = "hazard.limit"


def start_limit(tx: AsyncSession, hazard: Hazard, limit: date, now: datetime) -> None:
    """Start the enterprise's clock: put right by the limit, and proven so many days after as the rule says."""
    proven = _proven_by(tx, limit)
    deadlines.start_until(tx, hazard.about, LIMIT, hazard.enterprise_id, proven.days[1], now, why=_beyond(proven))


async def move_limit(tx: AsyncSession, hazard: Hazard, limit: date, why: tuple[str, str], now: datetime) -> None:
    """Move that clock with the limit. `why` says in English and Chinese by what it was moved."""
    await deadlines.extend(tx, hazard.about, LIMIT, _proven_by(tx, limit).days[1], why, now)


def _proven_by(tx: AsyncSession, limit: date) -> Due:
    rules = rules_of(tx)
    return rules.due(LIMIT, rules.end_of(limit))


def _beyond(due: Due) -> tuple[str, str]:
    return (due.explanation_en, due.explanation_zh) if due.rule.value else ("", "")
