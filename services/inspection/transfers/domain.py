"""The law of transfers (T21; Work Safety Law art. 69, 71, 74): who hands what to whom, and what that body may do. Pure.

The committee hands over by letter only: what it has seen or been told, to those who watch over officials. It has no
enforcement file, and gives none away (F01).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import HazardState
from shared.contracts.inspection.transfers import (
    TransferGround,
)
from shared.contracts.inspection.transfers import (
    TransferState as S,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a transfer."""

    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    REFUSE = "refuse"
    SEND_AGAIN = "send_again"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    ARBITRATE = "arbitrate"


class Section(StrEnum):
    """Parts of a hazard's file that can be handed over; the facts always are. Claims and reporters are no part."""

    ORDERS = "orders"
    RECHECKS = "rechecks"
    LOOK_BACKS = "look_backs"
    CASES = "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One transfer before one person."""

    party_id: UUID | None
    committee: bool
    head: bool
    sender_id: UUID | None
    receiver_id: UUID
    receiver_kind: PartyKind
    ground: TransferGround
    refusals: int = 0
    refusals_before_arbitration: int = 2
    hazard_state: HazardState | None = None
    hazard_is_ours: bool = False
    """We lead, handle or take part in the hazard whose file it is."""
    hands_over_a_file: bool = False
    """Sections of a hazard's file are handed over, not only words."""


GIVES_TO: Mapping[bool, frozenset[PartyKind]] = {
    True: frozenset({PartyKind.PROCURATOR, PartyKind.DISCIPLINE}),
    False: frozenset({PartyKind.AUTHORITY, PartyKind.POLICE, PartyKind.PROCURATOR, PartyKind.DISCIPLINE}),
}
"""To whom the committee hands over (True), and to whom an authority does."""

GROUNDS: Mapping[PartyKind, frozenset[TransferGround]] = {
    PartyKind.AUTHORITY: frozenset({TransferGround.NOT_COMPETENT, TransferGround.HIGHER_POWER}),
    PartyKind.POLICE: frozenset({TransferGround.SUSPECTED_CRIME}),
    PartyKind.PROCURATOR: frozenset(
        {TransferGround.PUBLIC_INTEREST, TransferGround.NEGLECTED_DUTY, TransferGround.SUSPECTED_CRIME}
    ),
    PartyKind.DISCIPLINE: frozenset({TransferGround.NEGLECTED_DUTY}),
}
"""What each kind of body is handed a matter for."""

_OVER = frozenset({HazardState.DISMISSED, HazardState.VOID, HazardState.MERGED})


def has_an_organisation(case: Case) -> Problem | None:
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "A transfer is made in the name of an organisation, and your account belongs to none.",
        "移送以单位名义进行，您的账号未关联单位。",
    )


def goes_to_such(case: Case) -> Problem | None:
    if case.receiver_kind in GIVES_TO[case.committee]:
        return None
    return Forbidden(
        "not-your-receiver",
        "The committee hands over to the procurator and the discipline inspection; an authority also to other "
        "authorities and to the police.",
        "安委会可向检察院、纪检监察机关移送；监管部门还可向其他部门和公安机关移送。",
        kind=case.receiver_kind,
    )


def is_another_body(case: Case) -> Problem | None:
    if case.party_id != case.receiver_id:
        return None
    return BadInput("to-yourself", "Nobody hands over to themselves.", "不能移送给本单位。")


def is_for_such_a_ground(case: Case) -> Problem | None:
    grounds = GROUNDS.get(case.receiver_kind, frozenset())
    if case.ground in grounds:
        return None
    return BadInput(
        "ground-not-theirs",
        "For this reason a matter is not handed to such a body.",
        "移送事由与接收单位的职责不符。",
        grounds=sorted(grounds),
    )


def head_for_a_crime(case: Case) -> Problem | None:
    """Whether a crime is suspected is for the head to decide."""
    if case.committee or case.head or case.ground is not TransferGround.SUSPECTED_CRIME:
        return None
    return Forbidden(
        "head-decides",
        "A suspected crime is handed over by the authority's head.",
        "涉嫌犯罪的移送须由部门负责人决定。",
    )


def concerns_our_hazard(case: Case) -> Problem | None:
    """An authority hands over what it has in hand; the committee may speak of any hazard of its area."""
    if case.committee or (case.hazard_state is not None and case.hazard_is_ours):
        return None
    if case.hazard_state is None:
        return BadInput(
            "name-the-hazard",
            "An authority hands over a hazard's file: name the hazard.",
            "监管部门移送的是隐患案卷，请指明隐患。",
        )
    return Forbidden("not-your-hazard", "Other authorities have this hazard in hand.", "该隐患由其他部门办理。")


def is_not_over(case: Case) -> Problem | None:
    """What was no hazard, exists no more or ended in another has no file of its own to hand over."""
    if case.hazard_state not in _OVER:
        return None
    return Conflict(
        "nothing-to-transfer",
        "That hazard was dismissed, voided or merged.",
        "该隐患已排除、失效或合并，不能移送。",
        state=case.hazard_state,
    )


def committee_writes_only(case: Case) -> Problem | None:
    if not (case.committee and case.hands_over_a_file):
        return None
    return Forbidden(
        "letter-only",
        "The committee hands over by letter; the enforcement file is the authority's to give.",
        "安委会以函件移送，执法案卷须由监管部门移送。",
    )


def came_to_us(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.receiver_id:
        return None
    return Forbidden("not-sent-to-you", "This was handed to another body.", "该移送的接收单位不是贵单位。")


def was_sent_by_us(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.sender_id:
        return None
    return Forbidden("not-your-transfer", "Another body made this transfer.", "该移送由其他单位作出。")


def is_not_for_the_committee(case: Case) -> Problem | None:
    """Between authorities the second refusal ends the coming and going (D20)."""
    if not goes_to_arbitration(case.receiver_kind, case.refusals, case.refusals_before_arbitration):
        return None
    return Conflict(
        "refused-twice",
        f"It was refused {case.refusals} times; the committee decides whose it is.",
        f"该移送已被退回 {case.refusals} 次，由安委会裁定。",
        refusals=case.refusals,
    )


def is_for_the_committee(case: Case) -> Problem | None:
    if goes_to_arbitration(case.receiver_kind, case.refusals, case.refusals_before_arbitration):
        return None
    return Conflict(
        "not-for-arbitration",
        "The committee decides only between authorities, and once it was refused often enough.",
        "安委会仅裁定部门之间多次退回的移送。",
    )


def goes_to_arbitration(receiver_kind: PartyKind, refusals: int, most: int) -> bool:
    """Tell whether the two cannot settle it; over police, procurator and discipline the committee decides nothing."""
    return receiver_kind is PartyKind.AUTHORITY and refusals >= most


ACKNOWLEDGE_CLOCK, ANSWER_CLOCK = "transfer.acknowledge", "transfer.answer"

_AUTHORITY = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
_COMMITTEE = frozenset({Role.COMMITTEE.value})
_SENDERS = _AUTHORITY | _COMMITTEE
_RECEIVERS = _AUTHORITY | {Role.POLICE.value, Role.PROCURATOR.value, Role.DISCIPLINE.value}

TRANSFER: Machine[S, Verb, Case] = Machine(
    "transfer",
    {
        Verb.SEND: Move(
            sources=frozenset(),
            target=S.SENT,
            roles=_SENDERS,
            guards=(has_an_organisation,),
            checks=(
                goes_to_such,
                is_another_body,
                is_for_such_a_ground,
                committee_writes_only,
                concerns_our_hazard,
                is_not_over,
                head_for_a_crime,
            ),
            clock=ACKNOWLEDGE_CLOCK,
            event="inspection.transfer.sent",
            source="T21; WSL art. 69, 71, 74 [L]; Shandong Reg. art. 49 [L]; a crime by the head (K)",
        ),
        Verb.ACKNOWLEDGE: Move(
            sources=frozenset({S.SENT}),
            target=S.ACKNOWLEDGED,
            roles=_RECEIVERS,
            guards=(came_to_us,),
            clock=ANSWER_CLOCK,
            event="inspection.transfer.acknowledged",
            source="WSL art. 69: whoever receives it handles it in time [L]; its days are ours (D)",
        ),
        Verb.REFUSE: Move(
            sources=frozenset({S.SENT}),
            target=S.REFUSED,
            roles=_RECEIVERS,
            guards=(came_to_us,),
            event="inspection.transfer.refused",
            source="as T05: with a reason, and it bounces back (D)",
        ),
        Verb.SEND_AGAIN: Move(
            sources=frozenset({S.REFUSED}),
            target=S.SENT,
            roles=_SENDERS,
            guards=(was_sent_by_us, is_not_for_the_committee),
            clock=ACKNOWLEDGE_CLOCK,
            event="inspection.transfer.sent",
            source="D20: with what was missing (D)",
        ),
        Verb.ANSWER: Move(
            sources=frozenset({S.ACKNOWLEDGED}),
            target=S.ANSWERED,
            roles=_RECEIVERS,
            guards=(came_to_us,),
            event="inspection.transfer.answered",
            source="D20: shared results (D)",
        ),
        Verb.WITHDRAW: Move(
            sources=frozenset({S.SENT, S.REFUSED}),
            target=S.WITHDRAWN,
            roles=_SENDERS,
            guards=(was_sent_by_us,),
            event="inspection.transfer.withdrawn",
            source="(D)",
        ),
        Verb.ARBITRATE: Move(
            sources=frozenset({S.REFUSED}),
            target=S.ACKNOWLEDGED,
            otherwise=S.KEPT,
            roles=_COMMITTEE,
            guards=(is_for_the_committee,),
            clock=ANSWER_CLOCK,
            event="inspection.transfer.arbitrated",
            source="WSL art. 10: the county decides whose it is [L]; D20: a second return (D); otherwise: the sender's",
        ),
    },
    final=frozenset({S.ANSWERED, S.WITHDRAWN, S.KEPT}),
)


def is_told_in_the_hazard(ground: TransferGround) -> bool:
    """Tell whether the hazard's own history speaks of it: not where it is about those who have it in hand."""
    return ground is not TransferGround.NEGLECTED_DUTY


def number_of(sender: str, year: int, last: int, *, case: bool) -> str:
    """Write the number of a transfer: 案件移送书 for a penalty case, 移送函 for everything else (§4.7)."""
    return f"{sender}{'案件移送书' if case else '移送函'}〔{year}〕{last:06d}号"


def unknown_receiver(receiver_id: UUID) -> BadInput:
    return BadInput(
        "unknown-receiver",
        "There is no such registered organisation.",
        "没有登记该单位。",
        receiver_id=receiver_id,
    )


def not_in_the_file(missing: Sequence[UUID]) -> BadInput:
    """Refuse files that are neither the sender's own nor shown in the hazard; a reporter's never are."""
    return BadInput(
        "unknown-evidence",
        "A file is neither your own nor part of the hazard's file here, or is another one.",
        "有文件既非本单位提交，也不属于该隐患案卷，或内容不一致。",
        missing=[str(each) for each in missing],
    )
