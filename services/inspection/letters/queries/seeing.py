"""Who may see which letter, in the query itself; without it an enterprise could read another's warning."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import open_deadlines
from services.inspection.letters.domain import REPLY_CLOCKS, UNSENT
from services.inspection.letters.models import Letter, LetterReply
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection import (
    LetterKind,
    LetterState,
)
from shared.errors import no_such
from shared.permission import in_area

COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of letters is narrowed."""

    kind: LetterKind | None = None
    state: LetterState | None = None
    sender: UUID | None = None
    addressee: UUID | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may read a letter; an addressee reads what was sent to it."""
    came = and_(col(Letter.addressee_id) == who.party_id, col(Letter.state).not_in(UNSENT))
    return permission.visible(
        who,
        "letter.read",
        area=in_area(who, Letter.area_code),
        party=or_(col(Letter.sender_id) == who.party_id, came),
    )


async def visible(tx: AsyncSession, who: Actor, letter_id: UUID, *, lock: bool = False) -> Letter:
    """Give one letter, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Letter).where(col(Letter.id) == letter_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    letter = (await tx.execute(query)).scalar_one_or_none()
    if letter is None:
        raise no_such("letter", "函件")
    return letter


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Letter]:
    """List letters, the newest first."""
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.kind, col(Letter.kind) == wanted.kind),
        (wanted.state, col(Letter.state) == wanted.state),
        (wanted.sender, col(Letter.sender_id) == wanted.sender),
        (wanted.addressee, col(Letter.addressee_id) == wanted.addressee),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(Letter).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, Letter.sent_at, after, limit, newest_first=True)


async def circulars(tx: AsyncSession, who: Actor, after: UUID | None, limit: int) -> paging.Page[Letter]:
    """List what the committee circulated, the newest first: everybody whose county it is reads it."""
    county = col(Letter.area_code).startswith(who.area_code[:COUNTY_DIGITS], autoescape=True)
    reached = permission.visible(who, "circular.read")
    query = select(Letter).where(reached, county, col(Letter.kind) == LetterKind.CIRCULAR)
    return await paging.page(tx, query, Letter.sent_at, after, limit, newest_first=True)


async def replies_to(tx: AsyncSession, letter_id: UUID) -> list[LetterReply]:
    """Give the replies, the first first."""
    query = select(LetterReply).where(col(LetterReply.letter_id) == letter_id).order_by(col(LetterReply.ordinal))
    return list((await tx.execute(query)).scalars())


async def is_late(tx: AsyncSession, letter_id: UUID, now: datetime) -> bool:
    """Tell whether the limit of the reply that is waited for has passed."""
    clocks = await open_deadlines(tx, letter_id)
    return any(clock.due_at < now for clock in clocks if clock.key in REPLY_CLOCKS)
