"""What a letter of the platform says, in Chinese and English; without it a reader could not tell why it came. Pure.

To an enterprise nothing may hint at a report: only the clock, the hazard as the authority words it, and the rule are
named. Whoever reads the basis sees which part of it is law (L), practice (S) or a default of this platform (D).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.inspection import Instrument
from shared.contracts.inspection.deadlines import called

_LAW = ("Work Safety Law art. 9, 10, 41 [L]", "《中华人民共和国安全生产法》第九条、第十条、第四十一条〔L〕")
_DEFAULT = ("when it is due: a default of this platform [D]", "发函时点为平台默认〔D〕")
_NAMES: Mapping[Instrument, tuple[str, str]] = {
    Instrument.REMINDER: ("reminder letters as in practice [S]", "提醒函参照实践〔S〕"),
    Instrument.WARNING: ("warnings as in practice [S]", "警示函参照实践〔S〕"),
    Instrument.SUPERVISION: ("supervision letters as in practice [S]", "督办函参照实践〔S〕"),
    Instrument.INTERVIEW: ("interviews: 安委〔2018〕2号 [S]", "约谈：安委〔2018〕2号〔S〕"),
    Instrument.PROPOSAL: ("the committee decides [D]", "由安委会决定〔D〕"),
}
_DEMANDS: Mapping[Instrument, tuple[str, str]] = {
    Instrument.REMINDER: ("Please do at once what is due.", "请立即办理。"),
    Instrument.WARNING: (
        "Do what is due, and reply with the cause of the delay and the day on which it will be done.",
        "请立即办理，并书面说明逾期原因及办结时间。",
    ),
    Instrument.SUPERVISION: (
        "See to it that what is due is done, and reply with cause, measures, who answers for them and the day.",
        "请督促办结，并书面回复逾期原因、整改措施、责任人和办结时限。",
    ),
    Instrument.INTERVIEW: (
        "The leader is called to an interview, and tells in writing afterwards what was put right.",
        "请主要负责人按时参加约谈，并于约谈后书面报告整改结果。",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter tells of the miss."""

    key: str
    due_at: datetime
    subject_en: str
    """What it is about: the hazard by number and words, the entry by its number, the letter by its number."""
    subject_zh: str
    explanation_en: str
    explanation_zh: str
    owes_en: str
    owes_zh: str
    """The names of who missed it."""


def basis(instrument: Instrument, rule: str) -> str:
    name_en, name_zh = _NAMES[instrument]
    return f"{_LAW[1]}；{name_zh}；{_DEFAULT[1]}（{rule}）。{_LAW[0]}; {name_en}; {_DEFAULT[0]} ({rule})."


def facts(told: Told, zone: ZoneInfo) -> str:
    en, zh = called(told.key)
    due = f"{told.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return (
        f"{told.subject_zh}：{told.owes_zh}应于 {due} 前{zh}，至今未完成。期限计算：{told.explanation_zh}\n"
        f"{told.subject_en}: {told.owes_en} had to {en} by {due}, and it is not done. How the limit was counted: "
        f"{told.explanation_en}"
    )


def demand(instrument: Instrument) -> str:
    en, zh = _DEMANDS[instrument]
    return f"{zh}\n{en}"


def after_a_death(decided_on: date) -> tuple[str, str]:
    """Say in both languages why the leader of a unit with a death is called; of who reported it nothing is said."""
    return (
        f"On {decided_on} the government confirmed that people died at your unit.",
        f"经政府于 {decided_on} 核实，你单位发生人员死亡。",
    )
