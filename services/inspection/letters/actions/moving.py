"""The frame of every move of a letter: which clocks turn, what is recorded and told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.history.actions import record
from services.inspection.letters.domain import (
    LETTER,
    REPLY_SET,
    RESULT_OF_INTERVIEW,
    Verb,
    reply_clock,
    reply_day_is_fair,
)
from services.inspection.letters.models import Letter
from services.inspection.letters.queries import knowing, seeing
from shared.auth import Actor
from shared.contracts.inspection import (
    LetterFact,
    LetterState,
)
from shared.contracts.values import PartyKind
from shared.machine import Move
from shared.outbox import emit


async def begin(tx: AsyncSession, who: Actor, letter_id: UUID, verb: Verb) -> tuple[Letter, Move[LetterState, Any]]:
    """Lock the letter and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    letter = await seeing.visible(tx, who, letter_id, lock=True)
    return letter, LETTER.permit(verb, letter.state, who.roles, knowing.case_about(who, letter))


def fair_reply_day(tx: AsyncSession, reply_by: date | None, now: datetime) -> None:
    """Refuse a day for the reply that is over, or too far ahead."""
    today = local_day(tx, now)
    reply_day_is_fair(reply_by, today, int(rules_of(tx).number("letter.reply.longest", today)))


def wait_for_reply(
    tx: AsyncSession, letter: Letter, reply_by: date | None, now: datetime, *, again: bool = False
) -> None:
    """Start the clock of the reply: until the day that the sender set, or by the profile for its kind.

    `again`: the last reply did not suffice. The result of an interview is waited for from the interview on.
    """
    fair_reply_day(tx, reply_by, now)
    letter.reply_by = reply_by
    key = reply_clock(letter.kind, by_platform=letter.rule is not None, again=again)
    if reply_by is not None:
        deadlines.start_until(tx, letter.about, REPLY_SET, letter.addressee_id, reply_by, now)
    elif key is not None:
        begun = (
            datetime.fromisoformat(letter.interview["at"]) if key == RESULT_OF_INTERVIEW and letter.interview else now
        )
        letter.reply_by = local_day(tx, deadlines.start(tx, letter.about, key, letter.addressee_id, begun))


async def finish(
    tx: AsyncSession,
    who: Actor | None,
    letter: Letter,
    moved: tuple[Verb, LetterState | None],
    fact: Callable[..., LetterFact],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
) -> Letter:
    """Write history and state the fact, given with all but what every fact says; `who` None: the platform itself."""
    said = said_of(who, letter, now)
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, letter.about, (*moved, letter.state), now, reason=reason, basis=basis, **own)
    await emit(tx, letter, event)
    return letter


def said_of(who: Actor | None, letter: Letter, now: datetime) -> dict[str, Any]:
    """Give what every fact about a letter says, in the order of `LetterFact`."""
    return {
        "at": now,
        "area_code": letter.area_code,
        "letter_id": letter.id,
        "number": letter.number,
        "kind": letter.kind,
        "state": letter.state,
        "sender_id": letter.sender_id,
        "addressee_id": letter.addressee_id,
        "enterprise_id": letter.addressee_id if letter.addressee_kind is PartyKind.ENTERPRISE else None,
        "reply_by": letter.reply_by,
        "by_id": who.id if who else None,
    }
