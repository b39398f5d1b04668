"""How letters go out: one by its id, or one to each addressee of many hazards."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.models import Hazard
from services.inspection.letters.actions.moving import fair_reply_day, finish, wait_for_reply
from services.inspection.letters.actions.writing import Draft, fair_interview, sent_fact, written
from services.inspection.letters.domain import (
    LETTER,
    Verb,
    nobody_to_write_to,
    not_known,
    not_listed,
    not_theirs,
    says_what_its_kind_says,
    unknown_addressee,
)
from services.inspection.letters.models import Letter
from services.inspection.letters.queries import knowing, telling
from services.inspection.letters.queries.knowing import Addressee
from services.inspection.letters.shapes import HazardLine, LetterText, ManySent, Refusal, SendLetter, SendMany
from shared.auth import Actor
from shared.contracts.inspection import LetterKind
from shared.contracts.values import Role
from shared.errors import Conflict, Problem, no_such


async def send(tx: AsyncSession, who: Actor, letter_id: UUID, ask: SendLetter, now: datetime) -> Letter:
    """Send one letter once; raises 403 for an addressee whom one does not write to, 422 for what it may not name."""
    await knowing.one_at_a_time(tx, letter_id)
    if known := await tx.get(Letter, letter_id):
        return _known_as(known, who, ask)
    named = tuple(dict.fromkeys(ask.hazard_ids))
    hazards = await knowing.hazards_seen(tx, who, named)
    if unknown := [each for each in named if each not in hazards]:
        raise not_known(unknown)
    to = await _addressee(tx, who, ask.addressee_id)
    if hidden := _hidden_from(to, hazards.values()):
        raise not_theirs(hidden)
    return await _write(tx, who, letter_id, ask, to, named, now)


async def send_many(tx: AsyncSession, who: Actor, ask: SendMany, now: datetime) -> ManySent:
    """Send one letter to each addressee of the hazards; what is refused for one is sent to the others all the same."""
    fair_reply_day(tx, ask.reply_by, now)
    committee = Role.COMMITTEE in who.roles
    hazards = await knowing.hazards_seen(tx, who, ask.hazard_ids)
    lines = {each: _refused(each, not_known([each])) for each in ask.hazard_ids}
    letters: list[Letter] = []
    for addressee_id, theirs in knowing.by_addressee(hazards.values(), committee=committee).items():
        if addressee_id is None:
            lines |= {each.id: _refused(each.id, nobody_to_write_to(committee=committee)) for each in theirs}
            continue
        try:
            async with tx.begin_nested():
                letter, hidden = await _to_one(tx, who, ask, addressee_id, theirs, now)
        except Problem as refused:
            lines |= {each.id: _refused(each.id, refused) for each in theirs}
            continue
        lines |= {each: _refused(each, not_theirs([each])) for each in hidden}
        if letter is not None:
            letters.append(letter)
            named = map(UUID, letter.hazard_ids)
            lines |= {each: HazardLine(hazard_id=each, letter_id=letter.id, number=letter.number) for each in named}
    return ManySent(letters=await telling.lines(tx, who, letters, now), hazards=list(lines.values()))


async def _to_one(
    tx: AsyncSession, who: Actor, ask: SendMany, addressee_id: UUID, theirs: Sequence[Hazard], now: datetime
) -> tuple[Letter | None, list[UUID]]:
    """Write to one addressee of what it may know of; give the letter, if there is anything, and what was left out."""
    to = await _addressee(tx, who, addressee_id)
    hidden = _hidden_from(to, theirs)
    named = [each.id for each in theirs if each.id not in hidden]
    letter = await _write(tx, who, uuid4(), ask, to, named, now) if named else None
    return letter, hidden


async def _addressee(tx: AsyncSession, who: Actor, addressee_id: UUID) -> Addressee:
    to = await knowing.addressee(tx, who, addressee_id)
    if to is None:
        raise unknown_addressee(addressee_id)
    return to


def _hidden_from(to: Addressee, hazards: Collection[Hazard]) -> list[UUID]:
    return [each.id for each in hazards if not knowing.may_know(to, each)]


async def _write(
    tx: AsyncSession,
    who: Actor,
    letter_id: UUID,
    ask: LetterText,
    to: Addressee,
    named: Sequence[UUID],
    now: datetime,
) -> Letter:
    move = LETTER.permit(Verb.SEND, None, who.roles, knowing.case_to(who, to, ask.kind))
    assert who.party_id is not None, "who has no organisation was refused"
    interview = ask.interview if isinstance(ask, SendLetter) else None
    circular = ask.circular if isinstance(ask, SendLetter) else None
    says_what_its_kind_says(ask.kind, interview=interview is not None, circular=circular is not None)
    if interview is not None:
        fair_interview(tx, interview, now)
    if ask.kind is LetterKind.LISTING_NOTICE and (unlisted := await knowing.unlisted(tx, named)) != ():
        raise not_listed(unlisted or ())
    letter = await written(
        tx,
        Draft(
            id=letter_id,
            kind=ask.kind,
            state=move.after(None),
            sender_id=who.party_id,
            to=to,
            basis=ask.basis,
            facts=ask.facts,
            demand=ask.demand,
            hazard_ids=named,
            content_hash=ask.content_hash(),
            who=who,
            interview=interview.model_dump(mode="json") if interview else None,
            published=circular.text if circular else "",
            named_ids=circular.named_ids if circular else (),
        ),
        now,
    )
    wait_for_reply(tx, letter, ask.reply_by, now)
    return await finish(tx, who, letter, (Verb.SEND, None), sent_fact(letter), now, basis=ask.basis)


def _known_as(known: Letter, who: Actor, ask: SendLetter) -> Letter:
    """Give what already has this id, if the same body said the same."""
    if known.sender_id != who.party_id:
        raise no_such("letter", "函件")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "letter-id-taken",
            "You already sent another letter under this id. Send this one under a new id.",
            "该编号已用于另一函件，请使用新的编号发送。",
        )
    return known


def _refused(hazard_id: UUID, why: Problem) -> HazardLine:
    return HazardLine(hazard_id=hazard_id, refused=Refusal(slug=why.slug, en=why.en, zh=why.zh))
