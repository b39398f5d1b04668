"""What each kind of document is called and numbered by; without it the same order would bear two numbers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.inspection import (
    DocumentKind,
    LetterKind,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A kind in both languages, and the short word in its number."""

    en: str
    zh: str
    short: str


WORDS: Mapping[DocumentKind, Words] = {
    DocumentKind.INSPECTION_RECORD: Words("On-site inspection record", "现场检查记录", "检记"),
    DocumentKind.RECTIFICATION_ORDER: Words("Rectification order", "责令限期整改指令书", "责改"),
    DocumentKind.ONSITE_MEASURE: Words("On-site measure decision", "现场处理措施决定书", "现决"),
    DocumentKind.RECHECK_OPINION: Words("Re-check opinion", "整改复查意见书", "复查"),
    DocumentKind.REMINDER_LETTER: Words("Reminder letter", "提醒函", "提醒函"),
    DocumentKind.WARNING_LETTER: Words("Warning letter", "警示函", "警示函"),
    DocumentKind.SUPERVISION_LETTER: Words("Supervision letter", "督办函", "督办函"),
    DocumentKind.INTERVIEW_NOTICE: Words("Summons for an interview", "约谈通知书", "约谈"),
    DocumentKind.LISTING_NOTICE: Words("Notice of listed supervision", "挂牌督办通知书", "挂督"),
    DocumentKind.TRANSFER_LETTER: Words("Case transfer letter", "案件移送书", "移送"),
}

OF_LETTERS: Mapping[LetterKind, DocumentKind] = {
    LetterKind.REMINDER: DocumentKind.REMINDER_LETTER,
    LetterKind.WARNING: DocumentKind.WARNING_LETTER,
    LetterKind.SUPERVISION: DocumentKind.SUPERVISION_LETTER,
}
"""Letters that are printed. Plain notice is none of the documents of §4.7."""

NUMBERED_BY_THEIR_ACT = frozenset({DocumentKind.RECTIFICATION_ORDER, *OF_LETTERS.values()})
"""An order and a letter have a number of their own, which their document bears: one number, not two."""

FOR_ITS_PARTIES_ALONE = frozenset({DocumentKind.TRANSFER_LETTER})
"""Read by who wrote it, by the committee of the area, and by who gets it: others could warn whom it is about."""


def series_name(kind: DocumentKind) -> str:
    """Name the series within one authority whose numbers have no gap."""
    return f"document.{kind}"


def number_of(issuer: str, kind: DocumentKind, year: int, last: int) -> str:
    """Write a number as §4.7 gives it."""
    return f"{issuer}{WORDS[kind].short}〔{year}〕{last:06d}号"
