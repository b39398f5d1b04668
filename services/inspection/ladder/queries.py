"""What a missed clock is about, who answers for it, and what was climbed before; without it a letter would be blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Enterprise, Membership, Party
from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import local_day, number_of, rules_of
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.seeing import visible
from services.inspection.ladder.models import Climb, Proposal
from services.inspection.letters.domain import REPLY_CLOCKS, UNANSWERED
from services.inspection.letters.models import Letter
from services.inspection.letters.queries.knowing import Addressee, may_know, party_of
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection import (
    Instrument,
    LetterKind,
    LetterState,
    Listing,
    ProposalState,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import Conflict, no_such
from shared.permission import in_area

LISTED = frozenset({Listing.LISTED, Listing.DELIST_REQUESTED})
MONTHS_OF_A_QUARTER = 3
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


async def matter_of(tx: AsyncSession, deadline: Deadline) -> Matter | None:
    """Find what the clock is about, its hazard locked; None: what it asked for was done meanwhile."""
    if deadline.object_kind is not Kind.LETTER or deadline.key not in REPLY_CLOCKS:
        return await _matter(tx, deadline, deadline)
    letter = (await tx.execute(select(Letter).where(col(Letter.id) == deadline.object_id))).scalar_one()
    if letter.root_id is None:
        return _by_hand(letter, letter)
    for root in await _roots(tx, letter):
        if root.state is DeadlineState.OPEN:
            return await _matter(tx, root, deadline, letter)
    first = await tx.get(Letter, letter.root_id)
    return _by_hand(first, letter) if first is not None and first.state in UNANSWERED else None


async def _roots(tx: AsyncSession, letter: Letter) -> list[Deadline]:
    """Give the clocks on whose account a letter was written: its own, then those that joined it."""
    joined = select(Climb.root_id).where(col(Climb.letter_id) == letter.id).order_by(col(Climb.joined), col(Climb.at))
    ids = list(dict.fromkeys((await tx.execute(joined)).scalars()))
    known = {row.id: row for row in (await tx.execute(select(Deadline).where(col(Deadline.id).in_(ids)))).scalars()}
    return [known[each] for each in ids if each in known]


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


async def _matter(tx: AsyncSession, root: Deadline, missed: Deadline, letter: Letter | None = None) -> Matter:
    hazard: Hazard | None = None
    en, zh = CALLED[root.object_kind]
    if root.object_kind is Kind.HAZARD:
        hazard = await _locked(tx, root.object_id)
        what = hazard.what[:MOST_WORDS]
        en, zh = f"{en} {hazard.number} ({what})", f"{zh} {hazard.number}（{what}）"
    elif number := await number_of(tx, root):
        en, zh = f"{en} {number}", f"{zh} {number}"
    if letter is not None:
        en, zh = f"Letter {letter.number} about {en[0].lower()}{en[1:]}", f"函件 {letter.number}（{zh}）"
    return Matter(
        root_id=root.id,
        kind=root.object_kind,
        object_id=root.object_id,
        area_code=missed.area_code,
        subject_en=en,
        subject_zh=zh,
        hazard=hazard,
        letter=letter,
        overseer_id=None if hazard is None else hazard.lead_authority_id or hazard.handling_authority_id,
        hazard_ids=() if hazard is None else (hazard.id,),
    )


async def _locked(tx: AsyncSession, hazard_id: UUID) -> Hazard:
    """Give the hazard, locked. Nobody waits for whoever moves it, and will want its clocks: ours is fired again."""
    query = (
        select(Hazard)
        .where(col(Hazard.id) == hazard_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    hazard = (await tx.execute(query)).scalar_one_or_none()
    if hazard is None:
        raise Conflict("hazard-busy", "The hazard is just being worked on.", "该隐患正在办理中。")
    return hazard


async def reached(tx: AsyncSession, root_id: UUID) -> frozenset[Instrument]:
    """List what was climbed for the same thing."""
    query = select(Climb).where(col(Climb.root_id) == root_id)
    return frozenset(row.instrument for row in (await tx.execute(query)).scalars())


async def supervisions_of(tx: AsyncSession, party_id: UUID, now: datetime) -> int:
    """Count the supervision letters to a party in the county's present quarter of the year."""
    query = select(func.count()).where(
        col(Letter.addressee_id) == party_id,
        col(Letter.kind) == LetterKind.SUPERVISION,
        col(Letter.sent_at) >= _quarter(tx, now),
    )
    return (await tx.execute(query)).scalar_one()


def _quarter(tx: AsyncSession, now: datetime) -> datetime:
    today = local_day(tx, now)
    first = date(today.year, (today.month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER + 1, 1)
    return datetime.combine(first, time(), rules_of(tx).timezone)


async def committee_of(tx: AsyncSession, area_code: str) -> Party | None:
    """Give the committee whose area covers the place, or its office: that in which people act, and the nearest."""
    staffed = exists().where(
        col(Membership.party_id) == col(Party.id), col(Membership.role) == Role.COMMITTEE, col(Membership.in_force)
    )
    query = (
        select(Party)
        .where(col(Party.kind) == PartyKind.COMMITTEE, _covers(area_code))
        .order_by(staffed.desc(), func.length(Party.area_code).desc(), col(Party.id))
    )
    return (await tx.execute(query.limit(1))).scalar()


def _covers(area_code: str) -> ColumnElement[bool]:
    return col(Party.area_code).in_([area_code[:digits] for digits in (6, 9, 12) if digits <= len(area_code)])


async def written_just_now(
    tx: AsyncSession, matter: Matter, instrument: Instrument, between: tuple[UUID, UUID], now: datetime
) -> UUID | None:
    """Give the letter that says the same to the same party about the same thing already, if there is one.

    Of interviews, one that is still being prepared takes up whatever else the leader is to be asked.
    """
    by_id, to_id = between
    if instrument is Instrument.INTERVIEW:
        query = select(Letter.id).where(
            col(Letter.sender_id) == by_id,
            col(Letter.addressee_id) == to_id,
            col(Letter.kind) == LetterKind.INTERVIEW,
            col(Letter.state) == LetterState.PREPARED,
        )
        return (await tx.execute(query.order_by(col(Letter.sent_at)).limit(1))).scalar()
    apart = timedelta(minutes=rules_of(tx).number("ladder.apart", local_day(tx, now)))
    same = select(Climb.letter_id).where(
        col(Climb.object_id) == matter.object_id,
        col(Climb.instrument) == instrument,
        col(Climb.to_id) == to_id,
        col(Climb.letter_id).is_not(None),
        col(Climb.at) > now - apart,
    )
    return (await tx.execute(same.limit(1))).scalar()


async def prepared(tx: AsyncSession, letter_id: UUID) -> Letter:
    """Give a letter that is being prepared, locked."""
    query = select(Letter).where(col(Letter.id) == letter_id).with_for_update()
    return (await tx.execute(query.execution_options(populate_existing=True))).scalar_one()


async def addressed(tx: AsyncSession, deadline: Deadline, matter: Matter) -> Addressee | None:
    """Give the party that owes, as far as it may be told at all: an enterprise knows a hazard by the order."""
    to = None if deadline.owed_by is None else await party_of(tx, deadline.owed_by)
    if to is None or to.kind is not PartyKind.ENTERPRISE:
        return to
    if matter.kind is Kind.ENTRY:
        return None
    hazard = matter.hazard
    return to if hazard is None or hazard.self_governed or may_know(to, hazard) else None


async def names_of(tx: AsyncSession, party_id: UUID) -> tuple[str, str]:
    """Give the names of a party in English and Chinese."""
    party = await tx.get(Party, party_id) or await tx.get(Enterprise, party_id)
    return (party.name_en, party.name_zh) if party else ("", "")


async def climbs_of(tx: AsyncSession, who: Actor, hazard_id: UUID) -> list[Climb]:
    """List the steps that were climbed about a hazard, the first first; an enterprise is shown what it was sent."""
    await visible(tx, who, hazard_id)
    query = select(Climb).where(col(Climb.object_id) == hazard_id).order_by(col(Climb.at), col(Climb.level))
    if Role.ENTERPRISE in who.roles:
        query = query.where(col(Climb.to_id) == who.party_id, col(Climb.owed_by) == who.party_id)
    return list((await tx.execute(query)).scalars())


def proposals_visible_to(who: Actor) -> ColumnElement[bool]:
    return permission.visible(who, "proposal.read", area=in_area(who, Proposal.area_code))


async def proposals(
    tx: AsyncSession, who: Actor, state: ProposalState | None, after: UUID | None, limit: int
) -> paging.Page[Proposal]:
    """List what is put to the committee, the newest first."""
    query = select(Proposal).where(proposals_visible_to(who))
    if state is not None:
        query = query.where(col(Proposal.state) == state)
    return await paging.page(tx, query, Proposal.made_at, after, limit, newest_first=True)


async def proposal(tx: AsyncSession, who: Actor, proposal_id: UUID, *, lock: bool = False) -> Proposal:
    """Give one proposal, locked for a decision if asked, or a 404."""
    query = select(Proposal).where(col(Proposal.id) == proposal_id, proposals_visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await tx.execute(query)).scalar_one_or_none()
    if found is None:
        raise no_such("proposal", "建议")
    return found
