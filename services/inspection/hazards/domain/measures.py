"""What an authority holds, and for how long: without these rules seized goods would lie in its yard for ever.

Goods are seized for 30 days at most, once 30 more with the head's approval (Compulsion Law art. 25 [L]); days of a test
do not count. On evidence that was registered for preservation it is decided within seven working days (Penalty Law
art. 56, 85 [L]).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.inspection.copies.domain import Officer, acting_together
from services.inspection.hazards.domain.verbs import AUTHORITY, DECIDERS, HEAD
from shared.contracts.inspection import (
    MeasureEnd,
    MeasureKind,
)
from shared.contracts.inspection import MeasureState as S
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class MeasureVerb(StrEnum):
    """What can be done with something that an authority holds."""

    TAKE = "take"
    APPROVE = "approve"
    EXTEND = "extend"
    SEND_FOR_APPRAISAL = "send_for_appraisal"
    RECORD_APPRAISAL = "record_appraisal"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCase:
    """One measure before one person on one day; `kind` is None as long as nothing was taken."""

    who_id: UUID
    party_id: UUID | None
    authority_id: UUID
    """Who took it; before that, who leads the hazard, or verifies it where nobody leads yet."""
    certified: bool
    recused: bool
    in_hand: bool
    """The danger stands, it was verified, and the unit that answers for it is known."""
    today: date
    kind: MeasureKind | None = None
    until: date | None = None
    unapproved: bool = False
    """It was taken in urgency, and the head has not decided."""
    in_appraisal: bool = False
    officers: tuple[Officer, ...] | None = None


def is_ones_own(case: MeasureCase) -> Problem | None:
    if case.party_id == case.authority_id:
        return None
    return Forbidden("not-your-hazard", "Another authority acts in this hazard.", "该隐患由其他部门办理。")


def is_certified(case: MeasureCase) -> Problem | None:
    if case.certified:
        return None
    return Forbidden(
        "certificate-expired",
        "Your enforcement certificate is missing or has expired.",
        "您没有有效的行政执法证件。",
    )


def has_not_stepped_aside(case: MeasureCase) -> Problem | None:
    if not case.recused:
        return None
    return Forbidden("you-are-recused", "You have stepped aside in this matter.", "您在本事项中已回避。")


def is_in_hand(case: MeasureCase) -> Problem | None:
    if case.in_hand:
        return None
    return Conflict(
        "nothing-to-hold",
        "Goods and evidence are held only while a verified hazard of a known unit is open.",
        "仅在已核实且责任单位明确、尚未整改完毕的隐患中，可以采取查封、扣押或者先行登记保存措施。",
    )


def two_officers(case: MeasureCase) -> Problem | None:
    """Two certified officers, the acting one among them (Penalty Law art. 42; F07)."""
    return acting_together(case.who_id, case.officers or ())


def is_a_seizure(case: MeasureCase) -> Problem | None:
    """Only a seizure is prolonged: on preserved evidence it is decided."""
    if case.kind is MeasureKind.SEIZURE:
        return None
    return Conflict("not-a-seizure", "Only a seizure can be prolonged.", "仅查封、扣押可以延长期限。")


def is_of_seized_goods(case: MeasureCase) -> Problem | None:
    """The time of a test is taken off a seizure; the law knows nothing of that kind for preserved evidence."""
    if case.kind is MeasureKind.SEIZURE:
        return None
    return Conflict(
        "not-a-seizure",
        "Only with seized goods the time of a test is not counted.",
        "仅查封、扣押的物品，其检测、检验、技术鉴定期间不计入期限。",
    )


def still_stands(case: MeasureCase) -> Problem | None:
    """What has run out is not prolonged afterwards."""
    if case.until is None or case.today <= case.until:
        return None
    return Conflict("limit-passed", "The limit has passed already.", "期限已届满。", until=case.until)


def is_unapproved(case: MeasureCase) -> Problem | None:
    if case.unapproved:
        return None
    return Conflict("nothing-to-approve", "No approval is waited for.", "没有待补办批准的事项。")


def is_approved(case: MeasureCase) -> Problem | None:
    """What was taken in urgency is first approved (Compulsion Law art. 19)."""
    if not case.unapproved:
        return None
    return _approval_awaited()


def _approval_awaited() -> Conflict:
    return Conflict("approval-awaited", "The head has not approved it yet.", "尚未补办批准手续。")


def is_not_tested(case: MeasureCase) -> Problem | None:
    if not case.in_appraisal:
        return None
    return Conflict(
        "in-appraisal",
        "The goods are being tested, and those days are not counted. Record the result first.",
        "物品正在检测、检验或者技术鉴定，该期间不计入期限，请先登记结果。",
    )


def is_tested(case: MeasureCase) -> Problem | None:
    if case.in_appraisal:
        return None
    return Conflict("no-appraisal", "No test is under way.", "没有正在进行的检测、检验或者技术鉴定。")


MEASURE: Machine[S, MeasureVerb, MeasureCase] = Machine(
    "measure",
    {
        MeasureVerb.TAKE: Move(
            sources=frozenset(),
            target=S.STANDING,
            roles=AUTHORITY,
            guards=(is_ones_own, is_certified, has_not_stepped_aside, is_in_hand),
            checks=(two_officers,),
            event="inspection.hazard.measure_taken",
            source="§4.3; Compulsion Law art. 25, Penalty Law art. 56 [L]; a seizure is approved: art. 18, 19 (K)",
        ),
        MeasureVerb.APPROVE: Move(
            sources=frozenset({S.STANDING}),
            otherwise=S.ENDED,
            roles=HEAD,
            guards=(is_ones_own, has_not_stepped_aside, is_unapproved),
            event="inspection.hazard.measure_approval_decided",
            source="Compulsion Law art. 19: urgent, so approved within 24 hours; refused, it ends at once (K)",
        ),
        MeasureVerb.EXTEND: Move(
            sources=frozenset({S.STANDING}),
            target=S.EXTENDED,
            roles=HEAD,
            guards=(is_ones_own, has_not_stepped_aside, is_a_seizure, is_approved, is_not_tested, still_stands),
            clock="seizure.extension",
            event="inspection.hazard.measure_extended",
            source="§4.3; Compulsion Law art. 25: with approval [L]",
        ),
        MeasureVerb.SEND_FOR_APPRAISAL: Move(
            sources=frozenset({S.STANDING, S.EXTENDED}),
            roles=AUTHORITY,
            guards=(
                is_ones_own,
                is_certified,
                has_not_stepped_aside,
                is_of_seized_goods,
                is_not_tested,
                still_stands,
            ),
            event="inspection.hazard.measure_sent_for_appraisal",
            source="Compulsion Law art. 25: its time is not counted, is definite, and the owner is told (K)",
        ),
        MeasureVerb.RECORD_APPRAISAL: Move(
            sources=frozenset({S.STANDING, S.EXTENDED}),
            roles=AUTHORITY,
            guards=(is_ones_own, has_not_stepped_aside, is_tested),
            event="inspection.hazard.measure_appraised",
            source="Compulsion Law art. 25: only the days that it took are not counted (K)",
        ),
        MeasureVerb.END: Move(
            sources=frozenset({S.STANDING, S.EXTENDED}),
            target=S.ENDED,
            roles=DECIDERS,
            guards=(is_ones_own, has_not_stepped_aside),
            event="inspection.hazard.measure_ended",
            source="§4.3; Penalty Law art. 56 [L]; who decides is ours (D)",
        ),
    },
    final=frozenset({S.ENDED}),
)

CLOCKS: Mapping[MeasureKind, str] = {MeasureKind.SEIZURE: "seizure", MeasureKind.PRESERVATION: "evidence.preserve"}
SEIZED = ("seizure", "seizure.extension")
"""How long goods are held: first, and prolonged. A test moves whichever runs, by the days that the owner is told."""
ENDS: Mapping[MeasureVerb, tuple[str, ...]] = {
    MeasureVerb.APPROVE: ("seizure.approval",),
    MeasureVerb.EXTEND: ("seizure",),
    MeasureVerb.RECORD_APPRAISAL: ("seizure.appraisal",),
    MeasureVerb.END: (*SEIZED, "evidence.preserve"),
}
"""Which clocks a move meets."""
DROPS: Mapping[MeasureVerb, tuple[str, ...]] = {MeasureVerb.END: ("seizure.approval", "seizure.appraisal")}
"""Which clocks lose their object: what is not held any more is neither approved nor tested."""
TAKEN = f"measure_{MeasureVerb.TAKE}"
"""How history calls it; from it on the enterprise knows of the hazard."""


def askable(roles: Collection[str], case: MeasureCase) -> list[MeasureVerb]:
    """Give what draws the button that holds one more thing."""
    move = MEASURE.moves[MeasureVerb.TAKE]
    return [MeasureVerb.TAKE] if move.roles & set(roles) and all(guard(case) is None for guard in move.guards) else []


def ends_lawfully(outcome: MeasureEnd, kind: MeasureKind, until: date, today: date, *, unapproved: bool) -> None:
    """Refuse to keep what was held too long or no head approved, and to seize what is seized."""
    if unapproved and outcome is not MeasureEnd.RETURNED:
        raise _approval_awaited()
    if outcome is MeasureEnd.SEIZED and kind is MeasureKind.SEIZURE:
        raise Conflict("seized-already", "It is seized already.", "该物品已处于查封、扣押状态。")
    if today > until and outcome is not MeasureEnd.RETURNED:
        raise Conflict(
            "held-too-long",
            f"It could be held until {until}; after that it is given back.",
            f"期限已于 {until} 届满，应当予以退还。",
            until=until,
        )


def is_approved_or_urgent(kind: MeasureKind, *, by: bool, at: bool, urgent: bool) -> None:
    """A seizure names the head's approval, or why there was no time for it (Compulsion Law art. 18, 19).

    An approval has an approver and an instant, whatever it is for: half of one is checked by nobody.
    """
    if (by or at) and urgent:
        raise BadInput(
            "approved-or-urgent", "It was approved or it was urgent, not both.", "事先批准与情况紧急只能择一。"
        )
    if urgent and kind is not MeasureKind.SEIZURE:
        raise BadInput(
            "not-a-seizure",
            "Only a seizure is approved afterwards.",
            "仅查封、扣押可以因情况紧急事后补办批准手续。",
        )
    if by != at:
        raise BadInput(
            "approval-incomplete",
            "Name both who approved it and when, or neither.",
            "批准人和批准时间须同时填写，或者均不填写。",
        )
    if kind is MeasureKind.SEIZURE and not by and not urgent:
        raise BadInput(
            "approval-missing",
            "Name the head of your authority who approved the seizure and when, or say why it could not wait.",
            "查封、扣押须注明批准的行政机关负责人和批准时间；情况紧急的，请说明理由。",
        )


def approved_between(at: datetime, known: datetime, now: datetime) -> None:
    """A seizure is approved before it is made, by somebody who knows of what it is about."""
    if not known <= at <= now:
        raise BadInput(
            "approval-time",
            "The approval comes after the matter became known, and before the seizure.",
            "批准时间不得早于发现该事项的时间，也不得晚于采取措施的时间。",
        )


def approver_is_a_head(*, is_head: bool, recused: bool) -> None:
    """Only a head of the authority that seizes approves it, and none who stepped aside (Compulsion Law art. 18)."""
    if not is_head:
        raise BadInput(
            "not-a-head-here",
            "Whoever approved it is no head of this authority.",
            "批准人不是本行政机关负责人。",
        )
    if recused:
        raise Conflict(
            "officer-recused",
            "A named officer has stepped aside in this matter.",
            "所列执法人员在本事项中已回避。",
        )


def tested_within(until: date, today: date, latest: date) -> None:
    """The time of a test is definite (Compulsion Law art. 25), and not without end, that of all tests together."""
    if latest <= today:
        raise Conflict(
            "tested-long-enough",
            "Its tests have taken as long as the rules allow; no other one puts its time off.",
            "检测、检验、技术鉴定期间累计已达规则允许的最长期限，不得再次送检。",
        )
    if not today <= until <= latest:
        raise BadInput(
            "appraisal-time",
            f"The last day of the test must lie between {today} and {latest}.",
            f"检测、检验、技术鉴定的最后期限须在 {today} 至 {latest} 之间。",
            earliest=today,
            latest=latest,
        )
