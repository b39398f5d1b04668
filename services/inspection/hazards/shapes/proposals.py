"""How a proposal of the law's and a figure of listed supervision are shown: with their reasons, deciding nothing."""

from datetime import date

from services.inspection.hazards.domain.proposals import ProposalKind
from shared.contracts.base import View


class ProposalView(View):
    kind: ProposalKind
    since: date
    cases: list[str]
    fine_yuan: int | None
    """The amount that the authority had decided itself; nothing is reckoned from it."""
    why_en: str
    why_zh: str
    source: str
    mark: str


class ProposalList(View):
    items: list[ProposalView]


class ListedInQuarter(View):
    """How many hazards were listed in a quarter, and how many a rule asks for: information, nobody owes the rest."""

    quarter: str
    first_day: date
    last_day: date
    listed: int
    asked_for: int
    source: str
    mark: str
