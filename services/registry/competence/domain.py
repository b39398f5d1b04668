"""What the key of a competence rule may be, for each way of seeking the competent authority. Pure."""

import re
from uuid import UUID

from shared.contracts.registry import CompetenceBy
from shared.contracts.values import Category, PartyKind
from shared.errors import BadInput, Problem

COMPETENT = frozenset({PartyKind.AUTHORITY, PartyKind.TOWNSHIP})
"""Who can be responsible: a department, or a township as the last resort (domain reference §2.2)."""

_TELLS = {
    CompetenceBy.ENTERPRISE: ("the id of an enterprise", "企业编号"),
    CompetenceBy.CATEGORY: ("a hazard category", "隐患类别"),
    CompetenceBy.INDUSTRY: ("a prefix of a GB/T 4754 industry code", "国民经济行业分类代码前缀"),
    CompetenceBy.TOWNSHIP: ("the 9-digit code of a township", "9位乡镇区划代码"),
}


def key_fault(by: CompetenceBy, key: str, index: int) -> Problem | None:
    """Say that a key could never match anything, or None. Whether what it names exists is asked elsewhere."""
    if _fits(by, key):
        return None
    en, zh = _TELLS[by]
    return BadInput(
        "competence-key",
        f"The key of a rule by {by} is {en}, not “{key}”.",
        f"按“{by}”确定职责时，键应为{zh}，而不是“{key}”。",
        index=index,
    )


def _fits(by: CompetenceBy, key: str) -> bool:
    match by:
        case CompetenceBy.ENTERPRISE:
            return _is_id(key)
        case CompetenceBy.CATEGORY:
            return key in set(Category)
        case CompetenceBy.INDUSTRY:
            return re.fullmatch(r"[A-T][0-9]{0,4}", key) is not None
        case CompetenceBy.TOWNSHIP:
            return re.fullmatch(r"[0-9]{9}", key) is not None


def _is_id(key: str) -> bool:
    """Only the usual spelling is taken, because keys are compared as text."""
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False
