"""The law of letters (domain reference §10.3): who may write to whom, and until when a reply is owed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import LetterKind
from shared.contracts.inspection import LetterState as S
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a letter."""

    SEND = "send"
    REPLY = "reply"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One letter before one person."""

    party_id: UUID | None
    committee: bool
    sender_id: UUID | None
    addressee_id: UUID
    addressee_kind: PartyKind


WRITES_TO: Mapping[bool, frozenset[PartyKind]] = {
    True: frozenset({PartyKind.AUTHORITY, PartyKind.TOWNSHIP, PartyKind.ENTERPRISE}),
    False: frozenset({PartyKind.ENTERPRISE}),
}
"""To whom the committee writes (True), and to whom an authority does."""


def writes_to_such(case: Case) -> Problem | None:
    if case.party_id is None:
        return Forbidden(
            "no-organisation",
            "A letter is written in the name of an organisation, and your account belongs to none.",
            "函件以单位名义发出，您的账号未关联单位。",
        )
    if case.addressee_kind in WRITES_TO[case.committee]:
        return None
    return Forbidden(
        "not-your-addressee",
        "The committee writes to authorities, townships and enterprises; an authority writes to enterprises.",
        "安委会可向监管部门、乡镇（街道）和企业发函，监管部门可向企业发函。",
        kind=case.addressee_kind,
    )


def came_to_us(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.addressee_id:
        return None
    return Forbidden("not-sent-to-you", "This letter is another's to answer.", "该函件的收函单位不是贵单位。")


def was_sent_by_us(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.sender_id:
        return None
    return Forbidden("not-your-letter", "Another body sent this letter.", "该函件由其他单位发出。")


REPLY_SET, REPLY_TO_SUPERVISION = "letter.reply", "letter.reply.supervision"
REPLY_CLOCKS = (REPLY_SET, REPLY_TO_SUPERVISION)
"""The clock of a day that the sender set, and the profile's own for supervision letters. A reply meets both."""

_DESK = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
_SENDERS = _DESK | {Role.COMMITTEE.value}
_ANSWERING = _DESK | {Role.TOWNSHIP.value, Role.ENTERPRISE_PRINCIPAL.value, Role.ENTERPRISE_MANAGER.value}

LETTER: Machine[S, Verb, Case] = Machine(
    "letter",
    {
        Verb.SEND: Move(
            sources=frozenset(),
            target=S.SENT,
            roles=_SENDERS,
            checks=(writes_to_such,),
            clock=REPLY_TO_SUPERVISION,
            event="inspection.letter.sent",
            source="§10.3 L1-L3; names from practice [S]; the clock for supervision letters, others by the day set (D)",
        ),
        Verb.REPLY: Move(
            sources=frozenset({S.SENT, S.INSUFFICIENT}),
            target=S.ANSWERED,
            roles=_ANSWERING,
            guards=(came_to_us,),
            event="inspection.letter.answered",
            source="§10.3 (D)",
        ),
        Verb.JUDGE: Move(
            sources=frozenset({S.ANSWERED}),
            target=S.ACCEPTED,
            otherwise=S.INSUFFICIENT,
            roles=_SENDERS,
            guards=(was_sent_by_us,),
            clock=REPLY_TO_SUPERVISION,
            event="inspection.letter.judged",
            source="§10.3: each reply is judged; the clock when it does not suffice (D)",
        ),
    },
    final=frozenset({S.ACCEPTED}),
)

WORDS: Mapping[LetterKind, str] = {
    LetterKind.REMINDER: "提醒函",
    LetterKind.WARNING: "警示函",
    LetterKind.SUPERVISION: "督办函",
    LetterKind.NOTICE: "告知函",
}


def number_of(sender: str, kind: LetterKind, year: int, last: int) -> str:
    """Write the number of a letter (domain reference §4.7)."""
    return f"{sender}{WORDS[kind]}〔{year}〕{last:06d}号"


def reply_day_is_fair(reply_by: date | None, today: date, longest: int) -> None:
    """A day for the reply lies between today and the furthest that the profile allows."""
    latest = today + timedelta(days=longest)
    if reply_by is None or today <= reply_by <= latest:
        return
    raise BadInput(
        "reply-day",
        f"The last day for the reply must lie between {today} and {latest}.",
        f"复函期限须在 {today} 至 {latest} 之间。",
        earliest=today,
        latest=latest,
    )


def no_next_reply(accepted: bool, reply_by: date | None) -> None:
    """After a reply that suffices no other is waited for."""
    if accepted and reply_by is not None:
        raise BadInput(
            "no-next-reply",
            "An accepted reply sets no day for another.",
            "复函已认可，无需再定复函期限。",
        )


def not_theirs(hidden: Sequence[UUID]) -> BadInput:
    """Refuse what a letter may not name: an enterprise knows of a hazard from the order on."""
    return BadInput(
        "hazard-not-theirs",
        "A hazard is not one that the addressee may know of: an enterprise learns of it by the order.",
        "所列隐患中有收函单位不应知悉的：企业自责令整改之日起方可知悉。",
        hazards=[str(each) for each in hidden],
    )


def not_known(unknown: Sequence[UUID]) -> BadInput:
    return BadInput(
        "unknown-hazard",
        "A hazard is unknown, or not one that you may see.",
        "有隐患不存在，或您无权查看。",
        hazards=[str(each) for each in unknown],
    )


def unknown_addressee(addressee_id: UUID) -> BadInput:
    return BadInput(
        "unknown-addressee",
        "There is no such organisation in your area.",
        "本辖区内没有该单位。",
        addressee_id=addressee_id,
    )


def nobody_to_write_to(*, committee: bool) -> BadInput:
    """Refuse a hazard of a bulk letter for which there is no addressee yet."""
    if committee:
        return BadInput(
            "no-lead-authority",
            "No authority leads this hazard yet; name one first.",
            "该隐患尚无牵头部门，请先明确。",
        )
    return BadInput("no-enterprise", "No enterprise is known for this hazard.", "该隐患尚未明确责任单位。")
