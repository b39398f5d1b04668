"""The interview 约谈: called with time and place, or set aside; held, with a record of what is to be put right."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import open_deadlines
from services.inspection.letters.actions.moving import begin, finish, wait_for_reply
from services.inspection.letters.actions.writing import fair_interview, sent_fact
from services.inspection.letters.domain import REPLY_CLOCKS, SUMMON_BY, Verb, held_before_now
from services.inspection.letters.models import Letter
from services.inspection.letters.shapes import HoldInterview, SetAside, Summon
from shared.auth import Actor
from shared.contracts.inspection import (
    InterviewHeld,
    LetterSetAside,
)


async def summon(tx: AsyncSession, who: Actor, letter_id: UUID, ask: Summon, now: datetime) -> Letter:
    """Call to an interview that the platform prepared; from its time on the written result is waited for."""
    letter, move = await begin(tx, who, letter_id, Verb.SUMMON)
    fair_interview(tx, ask, now)
    before, letter.state = letter.state, move.after(letter.state)
    letter.interview = ask.model_dump(mode="json")
    letter.sent_by, letter.sent_at = who.id, now
    await deadlines.meet(tx, letter.about, [SUMMON_BY], now)
    wait_for_reply(tx, letter, None, now)
    return await finish(tx, who, letter, (Verb.SUMMON, before), sent_fact(letter), now, basis=letter.basis)


async def set_aside(tx: AsyncSession, who: Actor, letter_id: UUID, ask: SetAside, now: datetime) -> Letter:
    """Leave a prepared interview unsent, with a reason."""
    letter, move = await begin(tx, who, letter_id, Verb.SET_ASIDE)
    before, letter.state = letter.state, move.after(letter.state)
    await deadlines.meet(tx, letter.about, [SUMMON_BY], now)
    fact = partial(LetterSetAside, reason=ask.reason)
    return await finish(tx, who, letter, (Verb.SET_ASIDE, before), fact, now, reason=ask.reason)


async def hold(tx: AsyncSession, who: Actor, letter_id: UUID, ask: HoldInterview, now: datetime) -> Letter:
    """Enter the record of an interview that took place; a day that is set replaces the profile's own limit."""
    letter, move = await begin(tx, who, letter_id, Verb.HOLD)
    held_before_now(ask.held_at, letter.sent_at, now)
    before, letter.state = letter.state, move.after(letter.state)
    letter.interview = {**(letter.interview or {}), **ask.model_dump(mode="json", exclude={"reply_by"})}
    if ask.reply_by is not None or not await open_deadlines(tx, letter.id):
        await deadlines.cancel(tx, letter.about, REPLY_CLOCKS, now)
        wait_for_reply(tx, letter, ask.reply_by, now)
    return await finish(tx, who, letter, (Verb.HOLD, before), partial(InterviewHeld, held_at=ask.held_at), now)
