"""What follows a letter: the addressee's reply, and whether it suffices."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines import actions as deadlines
from services.inspection.evidence.queries import proven
from services.inspection.letters.actions.moving import begin, finish, wait_for_reply
from services.inspection.letters.domain import REPLY_CLOCKS, Verb, no_next_reply
from services.inspection.letters.models import Letter, LetterReply
from services.inspection.letters.queries.seeing import is_late
from services.inspection.letters.shapes import JudgeReply, ReplyToLetter
from shared.auth import Actor
from shared.contracts.inspection import (
    LetterAnswered,
    LetterJudged,
)


async def reply(tx: AsyncSession, who: Actor, letter_id: UUID, ask: ReplyToLetter, now: datetime) -> Letter:
    """Answer a letter once, and again when the reply was found insufficient; its files are handed to the sender.

    An answer after the limit is taken, and marked late.
    """
    letter, move = await begin(tx, who, letter_id, Verb.REPLY)
    await proven(tx, who, letter.id, ask.files, handed_to=letter.sender_id)
    before, letter.state = letter.state, move.after(letter.state)
    letter.replies += 1
    letter.reply_by = None
    late = await is_late(tx, letter.id, now)
    files = [file.model_dump(mode="json") for file in ask.files]
    answer = LetterReply(
        letter_id=letter.id, ordinal=letter.replies, text=ask.text, files=files, by_id=who.id, at=now, late=late
    )
    tx.add(answer)
    await deadlines.meet(tx, letter.about, REPLY_CLOCKS, now)
    fact = partial(LetterAnswered, ordinal=letter.replies, late=late)
    return await finish(tx, who, letter, (Verb.REPLY, before), fact, now)


async def judge(tx: AsyncSession, who: Actor, letter_id: UUID, ask: JudgeReply, now: datetime) -> Letter:
    """Say whether the last reply suffices; one that does not starts the clock of the next."""
    letter, move = await begin(tx, who, letter_id, Verb.JUDGE)
    no_next_reply(ask.accepted, ask.reply_by)
    before, letter.state = letter.state, move.after(letter.state, yes=ask.accepted)
    last = select(LetterReply).where(
        col(LetterReply.letter_id) == letter.id, col(LetterReply.ordinal) == letter.replies
    )
    judged = (await tx.execute(last)).scalar_one()
    judged.accepted, judged.reason, judged.judged_at = ask.accepted, ask.reason, now
    if not ask.accepted:
        wait_for_reply(tx, letter, ask.reply_by, now, again=True)
    fact = partial(LetterJudged, ordinal=letter.replies)
    return await finish(tx, who, letter, (Verb.JUDGE, before), fact, now, reason=ask.reason)
