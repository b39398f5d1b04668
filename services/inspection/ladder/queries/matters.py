"""What missed clocks are about, of many at once; without it a letter would be blind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import numbers_of
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard
from services.inspection.ladder.models import Climb
from services.inspection.letters.domain import REPLY_CLOCKS, UNANSWERED
from services.inspection.letters.models import Letter
from shared.errors import Conflict

MOST_WORDS = 200
CALLED: Mapping[Kind, tuple[str, str]] = {
    Kind.ENTRY: ("Docket entry", "登记"),
    Kind.HAZARD: ("Hazard", "隐患"),
    Kind.VISIT: ("Visit", "检查"),
    Kind.LETTER: ("Letter", "函件"),
    Kind.PROPOSAL: ("Proposal to the committee", "督办建议"),
    Kind.MEETING: ("Meeting", "会议"),
    Kind.COMMITTEE_TASK: ("Task of the committee", "安委会交办任务"),
    Kind.JOINT_ACTION: ("Joint action", "联合执法行动"),
    Kind.ASSESSMENT: ("Assessment", "考核"),
    Kind.CAMPAIGN: ("Look-back campaign", "回头看"),
    Kind.TRANSFER: ("Transfer", "移送"),
    Kind.DOCUMENT: ("Official document", "执法文书"),
}
"""What letters of the ladder call each kind of thing, before its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a missed clock is about."""

    root_id: UUID
    kind: Kind
    object_id: UUID
    area_code: str
    subject_en: str
    subject_zh: str
    hazard: Hazard | None = None
    letter: Letter | None = None
    """The letter whose reply is missed."""
    by_hand: bool = False
    """It began with a letter that somebody wrote, and goes on between the same two."""
    overseer_id: UUID | None = None
    hazard_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the ladder of a missed clock began: with a clock, or with a letter that somebody wrote."""

    clock: Deadline
    root: Deadline | None
    letter: Letter | None = None
    first: Letter | None = None


async def matters_of(tx: AsyncSession, clocks: Iterable[Deadline]) -> dict[UUID, Matter]:
    """Give by their ids what clocks are about, hazards locked. Left out is what was done meanwhile.

    Raises `hazard-busy` (409) when somebody moves one of the hazards at this moment.
    """
    origins = await _origins(tx, {clock.id: clock for clock in clocks})
    roots = [each.root for each in origins if each.root is not None]
    hazards = await _locked(tx, {root.object_id for root in roots if root.object_kind is Kind.HAZARD})
    numbers = await numbers_of(tx, [root for root in roots if root.object_kind is not Kind.HAZARD])
    found: dict[UUID, Matter] = {}
    for each in origins:
        if each.root is not None:
            found[each.clock.id] = _matter(each, each.root, hazards.get(each.root.object_id), numbers)
        elif each.first is not None and each.letter is not None:
            found[each.clock.id] = _by_hand(each.first, each.letter)
    return found


async def busy_behind(tx: AsyncSession, clocks: Sequence[Deadline]) -> set[UUID]:
    """Give those clocks of replies behind which somebody is moving a hazard; lock the other hazards."""
    replies = [clock for clock in clocks if _is_reply(clock)]
    if not replies:
        return set()
    roots = await _roots(tx, {clock.object_id for clock in replies})
    behind = {
        clock.id: {root.object_id for root in roots[clock.object_id] if root.object_kind is Kind.HAZARD}
        for clock in replies
    }
    free = await _free(tx, {each for hazards in behind.values() for each in hazards})
    return {clock_id for clock_id, hazards in behind.items() if hazards - free.keys()}


def _is_reply(clock: Deadline) -> bool:
    return clock.object_kind is Kind.LETTER and clock.key in REPLY_CLOCKS


async def _origins(tx: AsyncSession, clocks: Mapping[UUID, Deadline]) -> list[_Origin]:
    """Go back from replies that are missed to what their letters were written for."""
    replies = [each for each in clocks.values() if _is_reply(each)]
    origins = [_Origin(clock, clock) for clock in clocks.values() if clock not in replies]
    if not replies:
        return origins
    letters = await _letters(tx, {clock.object_id for clock in replies})
    roots = await _roots(tx, letters)
    firsts = await _letters(tx, {letter.root_id for letter in letters.values() if letter.root_id is not None})
    for clock in replies:
        letter = letters[clock.object_id]
        if letter.root_id is None:
            origins.append(_Origin(clock, None, letter, letter))
            continue
        running = [each for each in roots[letter.id] if each.state is DeadlineState.OPEN]
        first = firsts.get(letter.root_id)
        if running:
            origins.append(_Origin(clock, running[0], letter))
        elif first is not None and first.state in UNANSWERED:
            origins.append(_Origin(clock, None, letter, first))
    return origins


async def _letters(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Letter]:
    query = select(Letter).where(col(Letter.id).in_(ids)).execution_options(populate_existing=True)
    return {row.id: row for row in (await tx.execute(query)).scalars()}


async def _roots(tx: AsyncSession, letters: Collection[UUID]) -> Mapping[UUID, Sequence[Deadline]]:
    """Give the clocks on whose account letters were written: of each its own, then those that joined it."""
    query = (
        select_rows(col(Climb.letter_id), Deadline)
        .join(Deadline, col(Deadline.id) == col(Climb.root_id))
        .where(col(Climb.letter_id).in_(letters))
        .order_by(col(Climb.joined), col(Climb.at))
    )
    found: defaultdict[UUID, list[Deadline]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.letter_id].append(row.Deadline)
    return found


async def _locked(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Hazard]:
    """Give hazards, locked: they were free when their clocks were taken."""
    found = await _free(tx, ids)
    if len(found) < len(ids):
        raise Conflict("hazard-busy", "The hazard is just being worked on.", "该隐患正在办理中。")
    return found


async def _free(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Hazard]:
    """Lock hazards and give them. Nobody waits for whoever moves one, and will want its clocks."""
    query = (
        select(Hazard)
        .where(col(Hazard.id).in_(ids))
        .order_by(col(Hazard.id))
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in (await tx.execute(query)).scalars()} if ids else {}


def _by_hand(first: Letter, letter: Letter) -> Matter:
    return Matter(
        root_id=first.id,
        kind=Kind.LETTER,
        object_id=first.id,
        area_code=letter.area_code,
        subject_en=f"Letter {letter.number}",
        subject_zh=f"函件 {letter.number}",
        letter=letter,
        by_hand=True,
        overseer_id=first.sender_id,
        hazard_ids=tuple(map(UUID, letter.hazard_ids)),
    )


def _matter(origin: _Origin, root: Deadline, hazard: Hazard | None, numbers: Mapping[UUID, str]) -> Matter:
    en, zh = CALLED[root.object_kind]
    if hazard is not None:
        what = hazard.what[:MOST_WORDS]
        en, zh = f"{en} {hazard.number} ({what})", f"{zh} {hazard.number}（{what}）"
    elif number := numbers.get(root.object_id):
        en, zh = f"{en} {number}", f"{zh} {number}"
    letter = origin.letter
    if letter is not None:
        en, zh = f"Letter {letter.number} about {en[0].lower()}{en[1:]}", f"函件 {letter.number}（{zh}）"
    return Matter(
        root_id=root.id,
        kind=root.object_kind,
        object_id=root.object_id,
        area_code=origin.clock.area_code,
        subject_en=en,
        subject_zh=zh,
        hazard=hazard,
        letter=letter,
        overseer_id=None if hazard is None else hazard.lead_authority_id or hazard.handling_authority_id,
        hazard_ids=() if hazard is None else (hazard.id,),
    )
