"""What a reporter is told when a fact becomes known; without it people would read the names of events. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telling:
    """What a reporter reads when a fact becomes known."""

    state: str | None
    """None: the report stands where it stood."""
    en: str
    zh: str
    named: tuple[str, str] | None = None
    """What is added in each language when the fact names an authority."""

    def read(self, party: tuple[str, str] | None) -> tuple[str, str]:
        """Give the sentences in both languages; `party` is what the authority is called in each."""
        if self.named is None or party is None:
            return self.en, self.zh
        (en, zh), (name_en, name_zh) = self.named, party
        return f"{self.en} {en.format(name_en)}", f"{self.zh}{zh.format(name_zh)}"


_HAS_IT = ("{} has it now.", "现由{}办理。")


TELLINGS: Mapping[str, Telling] = {
    "inspection.report.received": Telling(
        "received", "Your report was registered and waits for a decision.", "您的报告已登记，等待受理决定。", _HAS_IT
    ),
    "inspection.report.accepted": Telling(
        "accepted", "Your report was accepted. It will be verified.", "您的报告已受理，将进行核查。"
    ),
    "inspection.report.rejected": Telling(
        "rejected",
        "Your report was not accepted; the answer says why.",
        "您的报告未予受理，理由见答复。",
    ),
    "inspection.report.transferred": Telling(
        "transferred",
        "Your report was passed to another authority.",
        "您的报告已移送其他部门。",
        ("It was sent to {}.", "已移送{}。"),
    ),
    "inspection.report.acknowledged": Telling(
        "received", "The other authority has received your report.", "接收部门已签收您的报告。", _HAS_IT
    ),
    "inspection.report.bounced": Telling(
        "received",
        "The safety committee is deciding which authority is responsible.",
        "安委会正在确定负责部门。",
        ("{} said that it is not responsible.", "{}认为不属于其职责。"),
    ),
    "inspection.report.merged": Telling(
        "accepted",
        "The same matter is already being handled; your report was added to it and keeps its place.",
        "同一事项已在办理，您的报告已并案，顺序保留。",
    ),
    "inspection.report.substantiated": Telling(
        "substantiated", "Your report was found to be true.", "经核查，您报告的情况属实。"
    ),
    "inspection.report.unfounded": Telling(
        "unfounded", "Your report could not be confirmed.", "经核查，未能证实您报告的情况。"
    ),
    "inspection.report.answered": Telling("answered", "You have an answer.", "已答复。"),
    "inspection.report.verification_extended": Telling(
        None, "Verifying your report takes longer, for the reason given.", "您报告事项的核查期限已延长，理由见说明。"
    ),
    "inspection.report.fatality_escalated": Telling(
        None,
        "Your report speaks of deaths and was passed to the county government.",
        "您的报告涉及人员死亡，已上报县级人民政府组织核查。",
    ),
    "inspection.report.county_verdict_recorded": Telling(
        None, "The county government has decided; your report goes on.", "县级人民政府已作出结论，您的报告继续办理。"
    ),
    "inspection.report.review_requested": Telling(
        "under_review",
        "Your objection was received. The head of the authority decides on it.",
        "您的复核申请已收到，由部门负责人决定。",
    ),
    "inspection.report.review_upheld": Telling(
        "in_hand", "Your objection was right. The matter is handled again.", "您的复核申请成立，该事项重新办理。"
    ),
    "inspection.report.review_dismissed": Telling(
        "answered", "The result stands; the answer says why.", "经复核维持原结果，理由见答复。"
    ),
    "inspection.report.review_refused.case_still_open": Telling(
        None,
        "Your objection cannot be taken yet: the matter is still being handled.",
        "该事项尚在办理，暂不能申请复核。",
    ),
    "inspection.report.review_refused.too_late": Telling(
        None, "Your objection came too late. You can report the danger anew.", "申请复核已超过期限，您可以重新报告。"
    ),
    "inspection.report.review_refused.under_review": Telling(
        None, "This result is under review already.", "该结果正在复核中。"
    ),
    "inspection.report.review_refused.already_reviewed": Telling(
        None, "This result was reviewed already. You can report the danger anew.", "该结果已经复核，您可以重新报告。"
    ),
    "inspection.report.closed": Telling(None, "Your report was archived.", "您的报告已归档。"),
    "inspection.hazard.split": Telling(
        None, "Several dangers were found; each is handled on its own.", "经核查涉及多项隐患，将分别办理。"
    ),
    "inspection.hazard.claims_joined": Telling(
        None,
        "Your report and others of the same matter are handled together from now on.",
        "您的报告与同一事项的其他报告合并办理。",
    ),
    "inspection.hazard.assigned": Telling("in_hand", "An authority has taken the lead.", "已明确牵头部门。"),
    "inspection.hazard.ordered": Telling(
        "in_hand", "The enterprise was ordered to remove the danger.", "已责令企业整改。"
    ),
    "inspection.hazard.suspended": Telling("in_hand", "Work was stopped for safety.", "已责令停产停业。"),
    "inspection.hazard.rectification_started": Telling("in_hand", "The enterprise is at work on it.", "企业正在整改。"),
    "inspection.hazard.recheck_passed": Telling(
        "in_hand", "Two officers checked: the danger is removed.", "两名执法人员复查合格，隐患已消除。"
    ),
    "inspection.hazard.recheck_failed": Telling(
        "in_hand", "Two officers checked: it is not yet removed.", "复查不合格，责令继续整改。"
    ),
    "inspection.hazard.assignment_disputed": Telling(
        "in_hand",
        "The authority that held your report says that another is responsible, and passed it on.",
        "原承办部门认为应由其他部门负责，您的报告已转交该部门。",
    ),
    "inspection.hazard.closed": Telling("closed", "The case is closed.", "已销号办结。"),
    "inspection.hazard.reopened": Telling("in_hand", "The case was opened again.", "该事项已重新立案整改。"),
}
"""Fact → what it means for the reporter. Facts that are not here are not the reporter's business.

A refusal has a line for each of its reasons.
"""

_HELD_BY_NOBODY: Mapping[str, Telling] = {
    "inspection.hazard.assignment_disputed": Telling(
        "in_hand",
        "The safety committee is deciding which authority is responsible.",
        "安委会正在确定负责部门。",
    ),
}


def telling(fact: str, *, held: bool) -> Telling:
    """Give what the reporter reads of a fact; `held`: an authority holds the matter from then on."""
    return TELLINGS[fact] if held else _HELD_BY_NOBODY.get(fact, TELLINGS[fact])
