"""The law of letters (domain reference §10.3): who may write to whom, and until when a reply is owed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import LetterKind
from shared.contracts.inspection import LetterState as S
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a letter."""

    SEND = "send"
    PREPARE = "prepare"
    SUMMON = "summon"
    SET_ASIDE = "set_aside"
    HOLD = "hold"
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
    kind: LetterKind = LetterKind.NOTICE
    held: bool = False
    """The interview took place."""


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


OF_THE_COMMITTEE = frozenset({LetterKind.CIRCULAR, LetterKind.LISTING_NOTICE})
"""What only the committee sends: it circulates, and it puts on the list."""


def is_theirs_to_send(case: Case) -> Problem | None:
    if case.committee or case.kind not in OF_THE_COMMITTEE:
        return None
    return Forbidden(
        "only-the-committee-sends",
        "A circular and a notice of listed supervision are sent by the safety committee.",
        "通报和挂牌督办通知书由安委会发出。",
        kind=case.kind,
    )


def is_an_interview(case: Case) -> Problem | None:
    if case.kind is LetterKind.INTERVIEW:
        return None
    return Conflict("no-interview", "This letter calls nobody to an interview.", "该函件不是约谈通知书。")


def took_place(case: Case) -> Problem | None:
    if case.kind is not LetterKind.INTERVIEW or case.held:
        return None
    return Conflict(
        "interview-not-held",
        "The result is written after the interview, whose record its sender has not entered yet.",
        "约谈记录尚未录入，约谈后方可报送整改结果。",
    )


REPLY_SET, REPLY_TO_SUPERVISION, REPLY_TO_WARNING, RESULT_OF_INTERVIEW, REPLY_AGAIN = (
    "letter.reply",
    "letter.reply.supervision",
    "letter.reply.warning",
    "letter.reply.interview",
    "letter.reply.insufficient",
)
REPLY_CLOCKS = (REPLY_SET, REPLY_TO_SUPERVISION, REPLY_TO_WARNING, RESULT_OF_INTERVIEW, REPLY_AGAIN)
"""The clock of a day that the sender set, and the profile's own. A reply meets whichever runs."""
SUMMON_BY = "ladder.summon"
"""Until then the sender of a prepared interview sets time and place, or sets it aside."""


def reply_clock(kind: LetterKind, *, by_platform: bool, again: bool) -> str | None:
    """Name the profile's own clock for the reply to a letter whose sender set no day; None: no reply is asked for."""
    if kind is LetterKind.SUPERVISION:
        return REPLY_TO_SUPERVISION
    if again:
        return REPLY_AGAIN
    if kind is LetterKind.INTERVIEW:
        return RESULT_OF_INTERVIEW
    return REPLY_TO_WARNING if kind is LetterKind.WARNING and by_platform else None


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
            checks=(writes_to_such, is_theirs_to_send),
            clock=REPLY_TO_SUPERVISION,
            event="inspection.letter.sent",
            source="§10.3 L1-L5; names from practice [S]; the clock for supervision letters, others by the day set (D)",
        ),
        Verb.PREPARE: Move(
            sources=frozenset(),
            target=S.PREPARED,
            roles=frozenset(),
            clock=SUMMON_BY,
            event="inspection.letter.prepared",
            source="§10.3 L4: the platform draws up an interview, and no person may in its place (D)",
        ),
        Verb.SUMMON: Move(
            sources=frozenset({S.PREPARED}),
            target=S.SENT,
            roles=_SENDERS,
            guards=(was_sent_by_us,),
            clock=RESULT_OF_INTERVIEW,
            event="inspection.letter.sent",
            source="§10.3 L4; 安委〔2018〕2号 [S]: who calls the leader sets time and place (D)",
        ),
        Verb.SET_ASIDE: Move(
            sources=frozenset({S.PREPARED}),
            target=S.SET_ASIDE,
            roles=_SENDERS,
            guards=(was_sent_by_us,),
            event="inspection.letter.set_aside",
            source="§10.3 L4: with a reason (D)",
        ),
        Verb.HOLD: Move(
            sources=frozenset({S.SENT}),
            target=S.HELD,
            roles=_SENDERS,
            guards=(was_sent_by_us, is_an_interview),
            clock=RESULT_OF_INTERVIEW,
            event="inspection.letter.interview_held",
            source="§10.3 L4: a record, and a written result within the stated time [S]",
        ),
        Verb.REPLY: Move(
            sources=frozenset({S.SENT, S.HELD, S.INSUFFICIENT}),
            target=S.ANSWERED,
            roles=_ANSWERING,
            guards=(came_to_us, took_place),
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
    final=frozenset({S.ACCEPTED, S.SET_ASIDE}),
)

WORDS: Mapping[LetterKind, str] = {
    LetterKind.REMINDER: "提醒函",
    LetterKind.WARNING: "警示函",
    LetterKind.SUPERVISION: "督办函",
    LetterKind.NOTICE: "告知函",
    LetterKind.INTERVIEW: "约谈通知书",
    LetterKind.CIRCULAR: "通报",
    LetterKind.LISTING_NOTICE: "挂牌督办通知书",
}
UNSENT = frozenset({S.PREPARED, S.SET_ASIDE})
"""What the addressee does not hear of."""
UNANSWERED = frozenset({S.SENT, S.HELD, S.INSUFFICIENT})
"""What waits for a reply, if one was asked for."""
LEADERS: Mapping[PartyKind, Role] = {
    PartyKind.AUTHORITY: Role.AUTHORITY_HEAD,
    PartyKind.TOWNSHIP: Role.TOWNSHIP,
    PartyKind.ENTERPRISE: Role.ENTERPRISE_PRINCIPAL,
}
"""In which role the leader of an addressee acts here; of a township the registry tells no more than who serves it."""


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


def says_what_its_kind_says(kind: LetterKind, *, interview: bool, circular: bool) -> None:
    """An interview says when and where, a circular what is published; no other letter does."""
    for own, given, en, zh in (
        (LetterKind.INTERVIEW, interview, "time, place and who is called", "约谈时间、地点和约谈对象"),
        (LetterKind.CIRCULAR, circular, "the published text and whom it names", "通报正文和通报对象"),
    ):
        if given and kind is not own:
            only = f"Only a letter of the kind “{own}” gives {en}."
            raise BadInput(f"{own}-not-wanted", only, f"仅“{WORDS[own]}”可填写{zh}。")
        if kind is own and not given:
            raise BadInput(f"{own}-wanted", f"A letter of the kind “{own}” gives {en}.", f"“{WORDS[own]}”须填写{zh}。")


def interview_is_ahead(at: datetime, now: datetime, longest: int) -> None:
    """Call nobody into the past, nor further ahead than a letter may reach."""
    latest = now + timedelta(days=longest)
    if not now < at <= latest:
        raise BadInput(
            "interview-time",
            f"The interview must lie after now and before {latest:%Y-%m-%d}.",
            f"约谈时间须晚于当前时间，且不晚于 {latest:%Y-%m-%d}。",
        )


def held_before_now(held_at: datetime, called_at: datetime, now: datetime) -> None:
    """A record tells of an interview that took place after it was called."""
    if not called_at <= held_at <= now:
        raise BadInput(
            "held-at",
            "An interview that is recorded took place after it was called, and not later than now.",
            "约谈须在发出通知之后进行，且不晚于当前时间。",
        )


def not_listed(hazards: Sequence[UUID]) -> BadInput:
    return BadInput(
        "not-listed",
        "A notice of listed supervision names hazards, and each of them is listed.",
        "挂牌督办通知书须列明隐患，且均已挂牌督办。",
        hazards=[str(each) for each in hazards],
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
