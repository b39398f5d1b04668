"""How a letter comes to be, whether somebody writes it or the platform does by a rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.history.actions import PLATFORM, Done, record_many
from services.inspection.letters.actions.moving import said_of, wait_for_reply
from services.inspection.letters.domain import (
    LETTER,
    SUMMON_BY,
    Verb,
    interview_is_ahead,
    number_of,
)
from services.inspection.letters.models import Letter
from services.inspection.letters.queries import knowing
from services.inspection.letters.queries.knowing import Addressee
from services.inspection.letters.shapes import SetInterview
from services.inspection.numbers.actions import next_number_in, next_numbers_in, series_of
from shared.auth import Actor
from shared.contracts.inspection import (
    LetterFact,
    LetterKind,
    LetterPrepared,
    LetterSent,
    LetterState,
)
from shared.contracts.values import PartyKind
from shared.outbox import emit_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the platform writes: the line of the profile that says so, and the clock that was missed, if one was."""

    rule: str
    root_id: UUID | None = None
    deadline_id: UUID | None = None
    due_at: datetime | None = None
    explanation_en: str
    explanation_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a letter is made of. `who` None: the platform writes, for the reason that is given."""

    id: UUID
    kind: LetterKind
    state: LetterState
    sender_id: UUID
    to: Addressee
    basis: str
    facts: str
    demand: str
    hazard_ids: Sequence[UUID]
    content_hash: str
    who: Actor | None = None
    why: Reason | None = None
    interview: dict[str, Any] | None = None
    published: str = ""
    named_ids: Sequence[UUID] = ()


async def written(tx: AsyncSession, draft: Draft, now: datetime) -> Letter:
    """Give the letter its number and the name of the addressee's leader."""
    today = local_day(tx, now)
    year, last = await next_number_in(tx, _series(draft), today)
    number = number_of(await knowing.name_of(tx, draft.sender_id), draft.kind, year, last)
    return _letter(draft, number, await knowing.leader_of(tx, draft.to, today), now)


def _series(draft: Draft) -> UUID:
    return series_of(draft.sender_id, f"letter.{draft.kind}")


def _letter(draft: Draft, number: str, leader: tuple[UUID, str] | None, now: datetime) -> Letter:
    why: dict[str, Any] = {}
    if draft.why is not None:
        why = {name: getattr(draft.why, name) for name in Reason.__slots__}
    return Letter(
        id=draft.id,
        area_code=draft.to.area_code,
        state=draft.state,
        kind=draft.kind,
        number=number,
        sender_id=draft.sender_id,
        addressee_id=draft.to.id,
        addressee_kind=draft.to.kind,
        basis=draft.basis,
        facts=draft.facts,
        demand=draft.demand,
        hazard_ids=[str(each) for each in draft.hazard_ids],
        content_hash=draft.content_hash,
        sent_by=draft.who.id if draft.who else None,
        sent_at=now,
        capacity=draft.who.role if draft.who else PLATFORM,
        leader_id=leader[0] if leader else None,
        leader=leader[1] if leader else "",
        unaddressed=leader is None,
        interview=draft.interview,
        published=draft.published,
        named_ids=[str(each) for each in draft.named_ids],
        **why,
    )


async def issue(tx: AsyncSession, drafts: Sequence[Draft], now: datetime) -> None:
    """Send letters of the platform, and prepare interviews that their senders call: by COPY, of each kind together."""
    today = local_day(tx, now)
    senders = await knowing.known_of(tx, {draft.sender_id for draft in drafts})
    leaders = {to: await knowing.leader_of(tx, to, today) for to in dict.fromkeys(draft.to for draft in drafts)}
    letters: dict[bool, list[Letter]] = {True: [], False: []}
    for draft, last in zip(drafts, await next_numbers_in(tx, [_series(each) for each in drafts], today), strict=True):
        assert draft.why is not None, "the platform writes for a reason"
        sender, prepared = senders.get(draft.sender_id), draft.kind is LetterKind.INTERVIEW
        number = number_of(sender.name_zh if sender else "", draft.kind, today.year, last)
        letter = _letter(draft, number, leaders[draft.to], now)
        if prepared:
            owed_by = None if sender is None or sender.party.kind is PartyKind.COMMITTEE else draft.sender_id
            deadlines.start(tx, letter.about, SUMMON_BY, owed_by, now)
        else:
            wait_for_reply(tx, letter, None, now)
        letters[prepared].append(letter)
    await _tell(tx, letters[True], LetterPrepared, Verb.PREPARE, now)
    await _tell(tx, letters[False], LetterSent, Verb.SEND, now)


async def _tell(tx: AsyncSession, letters: Sequence[Letter], fact: type[LetterFact], verb: Verb, now: datetime) -> None:
    """Write new letters of the platform with their history, and state of each that it is there."""
    stated = [(letter, said_of(None, letter, now), _own(fact, letter)) for letter in letters]
    done = [Done(about=at.about, moved=(verb, None, at.state), facts=own, basis=at.basis) for at, _, own in stated]
    await record_many(tx, done, now)
    await emit_rows(tx, Letter, fact, [(at.model_dump() | {"version": 1}, said | own) for at, said, own in stated])


def _own(fact: type[LetterFact], letter: Letter) -> dict[str, Any]:
    """Give what this fact says beyond what every fact of a letter says, in its order."""
    hazards = {"hazard_ids": tuple(map(UUID, letter.hazard_ids))}
    reason: dict[str, Any] = {"deadline_id": letter.deadline_id, "rule": letter.rule}
    if fact is LetterPrepared:
        return reason | hazards
    counted = {
        "due_at": letter.due_at,
        "explanation_en": letter.explanation_en,
        "explanation_zh": letter.explanation_zh,
    }
    return hazards | reason | counted | {"unaddressed": letter.unaddressed}


def sent_fact(letter: Letter) -> Callable[..., LetterFact]:
    """Give the fact of a letter's sending, with the reason where the platform wrote it."""
    return partial(
        LetterSent,
        hazard_ids=tuple(map(UUID, letter.hazard_ids)),
        deadline_id=letter.deadline_id,
        rule=letter.rule,
        due_at=letter.due_at,
        explanation_en=letter.explanation_en,
        explanation_zh=letter.explanation_zh,
        unaddressed=letter.unaddressed,
        interview_at=letter.interview["at"] if letter.interview else None,
    )


def fair_interview(tx: AsyncSession, ask: SetInterview, now: datetime) -> None:
    """Refuse a time that is over, or too far ahead."""
    interview_is_ahead(ask.at, now, int(rules_of(tx).number("letter.reply.longest", local_day(tx, now))))


FIRST_STATE = {
    kind: LETTER.moves[Verb.PREPARE if kind is LetterKind.INTERVIEW else Verb.SEND].after(None) for kind in LetterKind
}
"""The state in which the platform's letter of each kind comes to be."""
