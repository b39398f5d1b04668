"""Rules about reports by people: who may report here, what must be masked, what a reporter is told. Pure."""

import re
from dataclasses import dataclass

from shared.contracts.values import Channel, Role

CHANNELS: dict[str, Channel] = {
    Role.VOLUNTEER: Channel.VOLUNTEER,
    Role.GRID_WORKER: Channel.GRID_PATROL,
    Role.ENTERPRISE_WORKER: Channel.WEB,
    Role.PUBLIC: Channel.WEB,
    Role.ASSOCIATION: Channel.WEB,
}
"""Who reports through this service. Everyone else speaks for an organisation and uses its own channel."""

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
"""Tracking codes: 16 characters of 32, 80 bits (domain reference §9.1); read aloud without I, L, O, U."""

_MASKED = "［…］"
_PERSONAL = [
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # identity card
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),  # mobile number
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # landline
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"(?:(?:wechat|weixin|微信|QQ)号?\s*[:：]?\s*)[\w-]{5,}", re.IGNORECASE),
    re.compile(r"(?<=我叫)[\u4e00-\u9fff]{2,4}|(?<=姓名[:：])\s*[\u4e00-\u9fff]{2,4}"),
    re.compile(r"(?i:(?<=my name is ))[A-Z][\w-]+(?: [A-Z][\w-]+)?"),
]


def mask(text: str) -> str:
    """Blot out numbers, addresses and names that would tell who wrote (安监总财〔2012〕63号 [S]).

    The text as it was sent stays in the vault.
    """
    for pattern in _PERSONAL:
        text = pattern.sub(_MASKED, text)
    return text


def normal_code(typed: str) -> str:
    """Read a tracking code as people type it: lower case, spaces, O for 0."""
    plain = re.sub(r"[\s-]", "", typed).upper()
    return plain.translate(str.maketrans({"O": "0", "I": "1", "L": "1"}))


@dataclass(frozen=True, slots=True)
class Telling:
    """What a reporter reads when a fact becomes known."""

    state: str
    en: str
    zh: str


TELLINGS: dict[str, Telling] = {
    "inspection.report.received": Telling(
        "received", "Your report was registered and waits for a decision.", "您的报告已登记，等待受理决定。"
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
        "transferred", "Your report was passed to another authority.", "您的报告已移送其他部门。"
    ),
    "inspection.report.acknowledged": Telling(
        "received", "The other authority has received your report.", "接收部门已签收您的报告。"
    ),
    "inspection.report.bounced": Telling(
        "received",
        "The safety committee is deciding which authority is responsible.",
        "安委会正在确定负责部门。",
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
    "inspection.hazard.assigned": Telling("in_hand", "An authority has taken the lead.", "已明确牵头部门。"),
    "inspection.hazard.assignment_disputed": Telling(
        "in_hand",
        "The authority that held your report says that another is responsible, and passed it on.",
        "原承办部门认为应由其他部门负责，您的报告已转交该部门。",
    ),
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
    "inspection.hazard.closed": Telling("closed", "The case is closed.", "已销号办结。"),
    "inspection.hazard.reopened": Telling("in_hand", "The case was opened again.", "该事项已重新立案整改。"),
}
"""Fact → what it means for the reporter. Facts that are not here are not the reporter's business."""

_HELD_BY_NOBODY: dict[str, Telling] = {
    "inspection.hazard.assignment_disputed": Telling(
        "in_hand",
        "The safety committee is deciding which authority is responsible.",
        "安委会正在确定负责部门。",
    ),
}


def telling(fact: str, *, held: bool) -> Telling:
    """Give what the reporter reads of a fact; `held`: an authority holds the matter from then on."""
    return TELLINGS[fact] if held else _HELD_BY_NOBODY.get(fact, TELLINGS[fact])
