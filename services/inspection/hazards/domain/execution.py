"""When a decision may be enforced, and how it may be paid; without it a court would be asked too early. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from shared.contracts.inspection import ContestOutcome
from shared.errors import BadInput, Conflict


def demand_was_given_its_time(ended: datetime, now: datetime) -> None:
    """The court is asked only after a demand notice had its days (Compulsion Law art. 54)."""
    if now <= ended:
        raise Conflict(
            "demand-too-recent",
            "The court is asked only after the demand notice has had its days.",
            "催告书送达后法定期限届满仍未履行的，方可申请法院强制执行。",
            until=ended,
        )


def appeal_period_is_over(appeal_until: date, today: date) -> None:
    """As long as the party may still contest the decision, no court is asked to enforce it (Compulsion Law art. 53)."""
    if today <= appeal_until:
        raise Conflict(
            "appeal-period-runs",
            f"The decision may be contested until {appeal_until}; the court is asked after that.",
            f"当事人申请复议、提起诉讼的期限至 {appeal_until}，期限届满后方可申请法院强制执行。",
            until=appeal_until,
        )


def pays_what_is_owed(paid: int, already: int, owed: int, on: date, decided_on: date, today: date) -> None:
    """What is paid was owed, and was paid after the decision and not in the future."""
    if not decided_on <= on <= today:
        raise BadInput(
            "payment-time",
            "A fine is paid after it was decided, and not in the future.",
            "缴纳日期应在处罚决定作出之后，且不得晚于今日。",
        )
    if already + paid > owed:
        raise BadInput(
            "paid-too-much",
            f"Of {owed} yuan {already} are paid already.",
            f"罚款 {owed} 元，已缴纳 {already} 元，本次金额超出应缴数额。",
            owed_yuan=owed - already,
        )


def is_paid(already: int, owed: int) -> None:
    """A case is not closed while the fine is unpaid; what a court executed, the court answers for."""
    if already < owed:
        raise Conflict(
            "fine-unpaid",
            f"Of {owed} yuan {already} are paid.",
            f"罚款 {owed} 元，仅缴纳 {already} 元，案件不能结案。",
            owed_yuan=owed - already,
        )


def instalments_are_whole(instalments: Sequence[tuple[date, int]], owed: int, today: date, latest: date) -> None:
    """They lie ahead, one after the other, and together are what is still owed: a fine is put off, not let off."""
    days = [until for until, _ in instalments]
    if days[-1] > latest:
        raise BadInput(
            "instalments-too-late",
            f"The last instalment is paid by {latest} at the latest.",
            f"最后一期缴纳期限不得晚于 {latest}。",
            latest=latest,
        )
    if days[0] < today or any(later <= sooner for sooner, later in pairwise(days)):
        raise BadInput(
            "instalments-order",
            "Instalments lie ahead, each later than the one before.",
            "各期缴纳期限应依次在后，且不得早于今日。",
        )
    if sum(yuan for _, yuan in instalments) != owed:
        raise BadInput(
            "instalments-sum",
            f"The instalments together are what is still owed: {owed} yuan.",
            f"各期金额之和应等于尚欠罚款 {owed} 元。",
            owed_yuan=owed,
        )


def was_contested_in_time(filed_on: date, served_on: date, until: date, today: date) -> None:
    """A contest is filed after the service, in its period, and not in the future."""
    if not served_on <= filed_on <= today:
        raise BadInput(
            "contest-time",
            "A decision is contested after it was served, and not in the future.",
            "复议、诉讼或者异议的提出日期应在送达之后，且不得晚于今日。",
        )
    if filed_on > until:
        raise Conflict(
            "contested-too-late",
            f"This could be filed until {until}.",
            f"提起的法定期限已于 {until} 届满。",
            until=until,
        )


def contest_ends_lawfully(filed_on: date, decided_on: date, final_on: date, today: date, latest: date) -> None:
    """It is decided after it was filed, and final from then on, or once a further period to contest is over."""
    if not filed_on <= decided_on <= today or not decided_on <= final_on <= latest:
        raise BadInput(
            "contest-time",
            f"A contest is decided after it was filed and not in the future, and is final from then to {latest}.",
            f"处理结果的日期应在提起之后且不得晚于今日，生效日期应在处理结果日期至 {latest} 之间。",
        )


def changes_only_downwards(outcome: ContestOutcome, changed_yuan: int | None, fine_yuan: int) -> int:
    """Give the fine that stands. Only a decision that was changed has another, and never a higher one."""
    if (changed_yuan is not None) is not (outcome is ContestOutcome.CHANGED):
        raise BadInput(
            "amount-of-change",
            "Say the fine as it stands now where it was changed, and only there.",
            "仅在处罚决定被变更时填写变更后的罚款金额。",
        )
    if changed_yuan is not None and changed_yuan > fine_yuan:
        raise BadInput(
            "graver-by-contest",
            "Who contests a decision does not get a graver one.",
            "复议、诉讼不得作出对当事人更为不利的变更。",
        )
    return fine_yuan if changed_yuan is None else changed_yuan


def came_on_paper(on: date, told_on: date, today: date) -> None:
    """What a party said on paper came after it was told its rights, and not in the future."""
    if not told_on <= on <= today:
        raise BadInput(
            "answer-time",
            "The party answers after it was told its rights, and not in the future.",
            "当事人的陈述、申辩或者申请应在告知之后提出，且不得晚于今日。",
        )
