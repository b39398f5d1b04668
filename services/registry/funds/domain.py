"""What is due by marginal rates, in whole fen, and what a ledger says of a year. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.contracts.registry import FundUse
from shared.errors import BadInput, Conflict
from shared.profile import Bracket, Profile

RATES = "fund.rate."
FEN_PER_YUAN = 100
_WHOLE = 10_000
"""Basis points in one."""


def sectors(rules: Profile) -> list[str]:
    """List the sectors for which the profile knows rates."""
    return sorted(key.removeprefix(RATES) for key in rules.rules if key.startswith(RATES))


def due_fen(base_fen: int, brackets: Sequence[Bracket]) -> int:
    """Compute what is to be set aside of a base: each slice at its own rate, rounded once, half a fen up."""
    assert base_fen >= 0, "nobody earns less than nothing"
    exact, reached_fen = 0, 0
    for bracket in brackets:
        limit_fen = base_fen if bracket.up_to_yuan is None else min(base_fen, bracket.up_to_yuan * FEN_PER_YUAN)
        exact += (limit_fen - reached_fen) * bracket.basis_points
        reached_fen = limit_fen
    return (exact + _WHOLE // 2) // _WHOLE


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a base by the rate that was valid on a day, and by whose rule."""

    sector: str
    base: str
    base_fen: int
    due_fen: int
    source: str
    mark: str
    valid_from: date


def apply(sector: str, base_fen: int, rules: Profile, on: date) -> Applied:
    """Apply the rate of a sector that is valid on a day; raises `BadInput` when there is none."""
    versions = rules.rules.get(RATES + sector, ())
    if not any(version.in_force(on) for version in versions):
        known = ", ".join(sectors(rules))
        raise BadInput(
            "no-rate",
            f"There is no rate for “{sector}” on {on}; sectors with rates: {known}.",
            f"“{sector}”在 {on} 没有提取标准；有标准的行业：{known}。",
            sectors=sectors(rules),
        )
    rule = rules.brackets(RATES + sector, on)
    due = due_fen(base_fen, rule.value)
    return Applied(sector, rule.base, base_fen, due, rule.source, rule.mark, rule.valid_from)


@dataclass(frozen=True, slots=True)
class Sum:
    """What was used for one purpose in one year or, for no purpose, set aside; as it moves the balance."""

    year: int
    use: FundUse | None
    amount_fen: int


@dataclass(slots=True)
class Year:
    """A year of the ledger, opened with what the year before left."""

    year: int
    opening_fen: int
    planned_fen: int | None = None
    due_fen: int | None = None
    extracted_fen: int = 0
    used_fen: int = 0
    used_by_class: dict[FundUse, int] = field(default_factory=dict[FundUse, int])

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.extracted_fen - self.used_fen

    @property
    def overdrawn(self) -> bool:
        return self.closing_fen < 0


def years(sums: Iterable[Sum], plans: Mapping[int, tuple[int, int]]) -> list[Year]:
    """Tell plan, extraction and use of each year from the first that is known of; the balance is carried over.

    A reversal counts in its own year against what it takes back, so that a closed year never changes.
    """
    known = list(sums)
    mentioned = {each.year for each in known} | set(plans)
    found: list[Year] = []
    balance = 0
    for number in range(min(mentioned), max(mentioned) + 1) if mentioned else ():
        year = Year(number, balance)
        year.planned_fen, year.due_fen = plans.get(number, (None, None))
        for each in known:
            if each.year == number:
                _count(year, each)
        balance = year.closing_fen
        found.append(year)
    return found


def _count(year: Year, part: Sum) -> None:
    if part.use is None:
        year.extracted_fen += part.amount_fen
    else:
        year.used_fen -= part.amount_fen
        year.used_by_class[part.use] = year.used_by_class.get(part.use, 0) - part.amount_fen


def entry_id_taken() -> Conflict:
    return Conflict(
        "entry-id-taken",
        "Another entry has this id. Entries are never changed: reverse it, and enter the right one under a new id.",
        "该编号已用于另一笔记录。台账记录不可修改：请冲销后以新编号重新登记。",
    )


def not_reversible() -> Conflict:
    return Conflict(
        "not-reversible",
        "A reversal is not reversed: enter the right amount anew.",
        "冲销记录不能再冲销，请重新登记正确金额。",
    )


def reversed_already() -> Conflict:
    return Conflict("reversed-already", "This entry was reversed already.", "该笔记录已被冲销。")
