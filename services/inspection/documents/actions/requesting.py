"""Makes documents that somebody asks for: records, letters, notices; without it these would have no paper at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.documents.actions.issuing import Act, draw_up, issue, number_for, said_of
from services.inspection.documents.domain.kinds import OF_LETTERS
from services.inspection.documents.domain.papers import Addressee, InterviewNotice, TransferLetter, local_time
from services.inspection.documents.models import Document
from services.inspection.documents.queries import gathering, seeing
from services.inspection.documents.shapes import (
    IssueDocument,
    IssueInterview,
    IssueLetter,
    IssueListing,
    IssueRecord,
    IssueTransfer,
)
from services.inspection.hazards.actions.ordering import cited as holding
from services.inspection.hazards.domain import LISTED
from services.inspection.hazards.models import ListedSupervision
from services.inspection.hazards.queries import seeing as hazards
from services.inspection.letters.domain import writes_to_such
from services.inspection.letters.queries import knowing as letters
from services.inspection.letters.queries import seeing as sent
from services.inspection.visits.queries import seeing as visits
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    LetterKind,
    VisitKind,
    VisitState,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden


async def request(tx: AsyncSession, who: Actor, ask: IssueDocument, now: datetime) -> Document:
    """Issue the document, or give the one that this act has already; raises what its own rule says against it."""
    match ask:
        case IssueRecord():
            return await _record(tx, who, ask, now)
        case IssueLetter():
            return await _letter(tx, who, ask, now)
        case IssueInterview():
            return await _interview(tx, who, ask, now)
        case IssueListing():
            return await _listing(tx, who, ask, now)
        case IssueTransfer():
            return await _transfer(tx, who, ask, now)


async def _record(tx: AsyncSession, who: Actor, ask: IssueRecord, now: datetime) -> Document:
    """Only an administrative inspection has a record, for nobody else inspects (F01)."""
    visit = await visits.visible(tx, who, ask.visit_id, lock=True)
    _ours(who, visit.party_id)
    if visit.kind is not VisitKind.ADMIN_INSPECTION or visit.state is not VisitState.FINISHED:
        raise Conflict(
            "no-inspection-to-record",
            "A record is made of an administrative inspection that is finished.",
            "现场检查记录只能对已完成的行政检查制作。",
        )
    if known := await _in_force(tx, ask.kind, visit.id):
        return known
    act = Act(
        kind=ask.kind, id=visit.id, area_code=visit.area_code, issuer_id=visit.party_id,
        addressee_id=visit.enterprise_id, visit_id=visit.id,
    )  # fmt: skip
    said = await said_of(tx, act, await number_for(tx, act, now), now)
    return issue(tx, who, act, await gathering.record(tx, visit, said), now)


async def _letter(tx: AsyncSession, who: Actor, ask: IssueLetter, now: datetime) -> Document:
    """A letter's document bears the letter's number; once void, the letter has none any more."""
    letter = await sent.visible(tx, who, ask.letter_id, lock=True)
    _ours(who, letter.sender_id)
    if OF_LETTERS.get(letter.kind) is not ask.kind:
        raise BadInput(
            "not-such-a-letter",
            "This letter is of another kind, or of one that is not printed.",
            "该函件不属于所选文书种类，或不制作文书。",
            kind=letter.kind,
        )
    if known := await seeing.of_act(tx, ask.kind, letter.id):
        if known.voided_at is None:
            return known
        raise Conflict(
            "letter-document-void",
            "The document of this letter is void, and its number with it. Send a new letter.",
            "该函件的文书已作废，其文号不再使用，请重新发函。",
        )
    act = Act(
        kind=ask.kind, id=letter.id, area_code=letter.area_code, issuer_id=letter.sender_id,
        addressee_id=letter.addressee_id, addressee_kind=letter.addressee_kind, number=letter.number,
        letter_id=letter.id,
    )  # fmt: skip
    said = await said_of(tx, act, letter.number, now)
    return issue(tx, who, act, await gathering.letter(tx, letter, said), now)


async def _interview(tx: AsyncSession, who: Actor, ask: IssueInterview, now: datetime) -> Document:
    """Whoever may write to an organisation may summon it."""
    issuer_id = _in_whose_name(who)
    to = await letters.addressee(tx, who, ask.addressee_id)
    if to is None:
        raise BadInput("unknown-addressee", "There is no such organisation in your area.", "本辖区内没有该单位。")
    if refusal := writes_to_such(letters.case_to(who, to, LetterKind.INTERVIEW)):
        raise refusal
    if ask.at <= now:
        raise BadInput("interview-time", "An interview lies in the future.", "约谈时间应晚于当前时间。")
    await holding(tx, ask.basis_ids, now)
    bases = await gathering.cited(tx, ask.basis, ask.basis_ids)
    act = Act(
        kind=ask.kind, id=uuid4(), area_code=to.area_code, issuer_id=issuer_id, addressee_id=to.id,
        addressee_kind=to.kind,
    )  # fmt: skip
    return await draw_up(
        tx,
        who,
        act,
        lambda said: InterviewNotice(
            **said,
            bases=bases,
            person=ask.person,
            at=local_time(ask.at, rules_of(tx).timezone),
            place=ask.place,
            facts=ask.facts,
            demand=ask.demand,
            bring=ask.bring,
        ),
        now,
    )


async def _listing(tx: AsyncSession, who: Actor, ask: IssueListing, now: datetime) -> Document:
    """The committee gives notice of what it listed."""
    issuer_id = _in_whose_name(who)
    hazard = await hazards.visible(tx, who, ask.hazard_id, lock=True)
    if Role.COMMITTEE not in who.roles:
        raise Forbidden(
            "committee-only", "Only the committee gives notice of what it listed.", "挂牌督办由安委会通知。"
        )
    query = (
        select(ListedSupervision)
        .where(col(ListedSupervision.hazard_id) == hazard.id, col(ListedSupervision.state).in_(LISTED))
        .order_by(col(ListedSupervision.decided_at).desc())
        .limit(1)
    )
    listed = (await tx.execute(query)).scalar_one_or_none()
    if listed is None or hazard.listing not in LISTED:
        raise Conflict("not-listed", "This hazard is not listed.", "该隐患未挂牌督办。")
    if known := await _in_force(tx, ask.kind, listed.id):
        return known
    await holding(tx, ask.basis_ids, now)
    bases: Sequence[str] = await gathering.cited(tx, ask.basis, ask.basis_ids)
    act = Act(
        kind=ask.kind, id=listed.id, area_code=hazard.area_code, issuer_id=issuer_id,
        addressee_id=hazard.enterprise_id, hazard_id=hazard.id,
    )  # fmt: skip
    return await draw_up(tx, who, act, lambda said: gathering.listing(hazard, listed, ask.demand, bases, said), now)


async def _transfer(tx: AsyncSession, who: Actor, ask: IssueTransfer, now: datetime) -> Document:
    """The authority that answers for a hazard hands what is another body's over to it (WSL art. 69)."""
    issuer_id = _in_whose_name(who)
    hazard = await hazards.visible(tx, who, ask.hazard_id)
    if issuer_id not in {hazard.lead_authority_id, hazard.handling_authority_id}:
        raise Forbidden("not-your-hazard", "Another authority answers for this hazard.", "该隐患由其他部门办理。")
    await holding(tx, ask.basis_ids, now)
    bases = await gathering.cited(tx, ask.basis, ask.basis_ids)
    about = await gathering.named(tx, hazard.enterprise_id) if hazard.enterprise_id else Addressee(zh="", en="")
    act = Act(
        kind=ask.kind, id=uuid4(), area_code=hazard.area_code, issuer_id=issuer_id, addressee_id=ask.addressee_id,
        addressee_kind=PartyKind.AUTHORITY, hazard_id=hazard.id,
    )  # fmt: skip
    to: Any = Addressee(zh=ask.to_zh, en=ask.to_en)
    written = f"{about.zh} {about.code}".strip() or hazard.what
    return await draw_up(
        tx,
        who,
        act,
        lambda said: TransferLetter(
            **(said | {"addressee": to}),
            bases=bases,
            about=written,
            facts=ask.facts,
            grounds=ask.grounds,
            enclosures=ask.enclosures,
        ),
        now,
    )


async def _in_force(tx: AsyncSession, kind: DocumentKind, act_id: UUID) -> Document | None:
    known = await seeing.of_act(tx, kind, act_id)
    return known if known is not None and known.voided_at is None else None


def _in_whose_name(who: Actor) -> UUID:
    if who.party_id is None:
        raise Forbidden(
            "no-organisation",
            "A document is issued in the name of an organisation, and your account belongs to none.",
            "文书以单位名义制作，您的账号未关联单位。",
        )
    return who.party_id


def _ours(who: Actor, issuer_id: UUID) -> None:
    if who.party_id != issuer_id:
        raise Forbidden(
            "not-your-act",
            "Another organisation acted here, and issues its document.",
            "该文书应由作出该行为的单位制作。",
        )
