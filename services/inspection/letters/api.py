"""Routes of letters: one by its id or many at once, one list, one view, the reply and its judgement."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.letters.actions import answering, interviewing, sending
from services.inspection.letters.domain import LETTER, Verb
from services.inspection.letters.models import Letter
from services.inspection.letters.queries import seeing, telling
from services.inspection.letters.queries.seeing import Wanted
from services.inspection.letters.shapes import (
    CircularPage,
    CircularView,
    HoldInterview,
    JudgeReply,
    LetterDetail,
    LetterPage,
    ManySent,
    OfficialLetterDetail,
    ReplyToLetter,
    SendLetter,
    SendMany,
    SetAside,
    Summon,
)
from shared.contracts.inspection import (
    LetterKind,
    LetterState,
)
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/letters", tags=["letters"], dependencies=[versioned(Letter, "letter_id")])
Shown = OfficialLetterDetail | LetterDetail


@router.put("/{letter_id}", status_code=201, dependencies=[moves(LETTER, Verb.SEND)])
async def send(letter_id: UUID, ask: SendLetter, who: Who, now: Now, tx: Tx) -> Shown:
    """Send a letter; sending it again is safe."""
    return await telling.detail(tx, who, await sending.send(tx, who, letter_id, ask, now), now)


@router.post("/many", dependencies=[moves(LETTER, Verb.SEND)])
async def send_many(ask: SendMany, who: Who, now: Now, tx: Tx) -> ManySent:
    """Send one letter to each addressee of many hazards, and tell of each hazard what became of it."""
    return await sending.send_many(tx, who, ask, now)


@router.get("", dependencies=[allowed("letter.read")])
async def list_letters(
    who: Who,
    now: Now,
    tx: Tx,
    kind: LetterKind | None = None,
    state: LetterState | None = None,
    sender: UUID | None = None,
    addressee: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> LetterPage:
    """List the letters that the reader sent, received, or supervises, the newest first."""
    wanted = Wanted(kind=kind, state=state, sender=sender, addressee=addressee)
    found = await seeing.page(tx, who, wanted, after, limit)
    return LetterPage(items=await telling.lines(tx, who, list(found.items), now), next=found.next)


@router.get("/circulars", dependencies=[allowed("circular.read")])
async def list_circulars(
    who: Who, tx: Tx, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> CircularPage:
    """List what the committee circulated, the newest first."""
    found = await seeing.circulars(tx, who, after, limit)
    return CircularPage(items=[CircularView.model_validate(row) for row in found.items], next=found.next)


@router.get("/{letter_id}", dependencies=[allowed("letter.read")])
async def show(letter_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one letter with its replies."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, letter_id), now)


@router.post("/{letter_id}/summon", dependencies=[moves(LETTER, Verb.SUMMON)])
async def summon(letter_id: UUID, ask: Summon, who: Who, now: Now, tx: Tx) -> Shown:
    """Call to an interview that the platform prepared."""
    return await telling.detail(tx, who, await interviewing.summon(tx, who, letter_id, ask, now), now)


@router.post("/{letter_id}/set-aside", dependencies=[moves(LETTER, Verb.SET_ASIDE)])
async def set_aside(letter_id: UUID, ask: SetAside, who: Who, now: Now, tx: Tx) -> Shown:
    """Leave a prepared interview unsent."""
    return await telling.detail(tx, who, await interviewing.set_aside(tx, who, letter_id, ask, now), now)


@router.post("/{letter_id}/hold", dependencies=[moves(LETTER, Verb.HOLD)])
async def hold(letter_id: UUID, ask: HoldInterview, who: Who, now: Now, tx: Tx) -> Shown:
    """Enter the record of the interview."""
    return await telling.detail(tx, who, await interviewing.hold(tx, who, letter_id, ask, now), now)


@router.post("/{letter_id}/reply", dependencies=[moves(LETTER, Verb.REPLY)])
async def reply(letter_id: UUID, ask: ReplyToLetter, who: Who, now: Now, tx: Tx) -> Shown:
    """Answer it."""
    return await telling.detail(tx, who, await answering.reply(tx, who, letter_id, ask, now), now)


@router.post("/{letter_id}/judge", dependencies=[moves(LETTER, Verb.JUDGE)])
async def judge(letter_id: UUID, ask: JudgeReply, who: Who, now: Now, tx: Tx) -> Shown:
    """Say whether the reply suffices."""
    return await telling.detail(tx, who, await answering.judge(tx, who, letter_id, ask, now), now)
