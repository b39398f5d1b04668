"""How a letter is shown to those between whom it passed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import next_due, open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.letters.models import Letter
from services.inspection.letters.queries import knowing, seeing
from services.inspection.letters.shapes import LetterDetail, LetterView, OfficialLetterDetail, ReplyView
from shared.auth import Actor
from shared.contracts.values import Role


async def lines(tx: AsyncSession, who: Actor, rows: list[Letter], now: datetime) -> list[LetterView]:
    """Show letters, each with its next deadline."""
    query = select(Letter.id, next_due(Letter.id)).where(col(Letter.id).in_([row.id for row in rows]))
    due: dict[UUID, datetime | None] = {row[0]: row[1] for row in await tx.execute(query)} if rows else {}
    return [LetterView.model_validate(_known(who, row, due.get(row.id), now)) for row in rows]


async def detail(tx: AsyncSession, who: Actor, letter: Letter, now: datetime) -> LetterDetail:
    """Show one letter whole: every reply, its judgement, and the clock that runs."""
    clocks = await open_deadlines(tx, letter.id)
    known = _known(who, letter, clocks[0].due_at if clocks else None, now)
    known |= {
        "answers": [ReplyView.model_validate(row) for row in await seeing.replies_to(tx, letter.id)],
        "deadlines": [DeadlineView.model_validate(clock) for clock in clocks],
    }
    if Role.ENTERPRISE in who.roles:
        return LetterDetail.model_validate(known)
    known["history"] = [HappeningView.model_validate(row) for row in await history_of(tx, Kind.LETTER, letter.id)]
    return OfficialLetterDetail.model_validate(known)


def _known(who: Actor, letter: Letter, due: datetime | None, now: datetime) -> dict[str, Any]:
    overdue = due is not None and due < now
    return letter.model_dump() | {"next_due": due, "overdue": overdue, "offers": knowing.offers(who, letter)}
