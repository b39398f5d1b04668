"""Misses, letters and what becomes of them, as inspection announces them; and what people read of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from test_digests import near
from test_notices import COUNTY, FIRE, Letterbox

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.testing import START, Platform

WINDOW = {"minutes": 5}
OFFICE = UUID(int=1)
Told = tuple[UUID, int, Event]


def missed(number: int, **changes: Any) -> Told:
    due_at = START - timedelta(minutes=1000 - number)
    told: Told = near(number, facts.DeadlineMissed, **{"due_at": due_at, **changes})
    return told


def letter(number: int, kind: facts.LetterKind = facts.LetterKind.REMINDER, **changes: Any) -> Told:
    letter_id = uuid4()
    event = facts.LetterSent(
        at=START,
        area_code=COUNTY,
        letter_id=letter_id,
        number=f"L-{number:04d}",
        kind=kind,
        state=facts.LetterState.SENT,
        sender_id=OFFICE,
        addressee_id=FIRE,
        reply_by=date(2026, 10, 12),
        deadline_id=uuid4(),
        rule="ladder.reminder",
        due_at=START - timedelta(days=2),
        explanation_en="5 days from 2026-09-23.",
        explanation_zh="自 2026-09-23 起 5 日。",
    )
    return letter_id, 1, event.model_copy(update=changes)


def changed(told: Told, turn: facts.DeadlineTurn, **changes: Any) -> Told:
    deadline_id, version, event = told
    assert isinstance(event, facts.DeadlineFact)
    said = {
        **event.model_dump(include={"at", "area_code", "deadline_id", "key", "object_kind", "object_id", "due_at"}),
        "turn": turn,
        **changes,
    }
    return deadline_id, version + 1, facts.DeadlineChanged(**said)


def subjects(box: Letterbox, name: str = "ada") -> list[str]:
    return [mail["Subject"] for mail in box.mails if mail["To"] == f"{name}@example.org"]


def last(box: Letterbox, name: str = "ada") -> str:
    bodies: Sequence[EmailMessage] = [mail for mail in box.mails if mail["To"] == f"{name}@example.org"]
    return str(bodies[-1].get_content())


async def told_lines(platform: Platform) -> list[tuple[UUID, UUID]]:
    """Give (clock or letter, person) of every line that some message told."""
    query = "select about_id, person_id from gathered_lines where notification_id is not null and fact is null"
    return [(row["about_id"], row["person_id"]) for row in await platform.rows("notify", query)]
