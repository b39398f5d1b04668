"""What a letter of delegation allows (domain reference §7.4); without it that power would have no edge. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.registry import DelegationState, Power
from shared.contracts.values import Category, holds
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it stands; an empty list of categories, industries or bases narrows nothing."""

    id: UUID
    authority_id: UUID
    state: DelegationState
    letter_no: str
    powers: frozenset[str]
    categories: frozenset[str]
    industries: tuple[str, ...]
    basis_ids: frozenset[UUID]
    area_code: str
    valid_from: date
    valid_to: date

    def in_force(self, on: date) -> bool:
        """Tell it by the day itself: the fact that a letter expired may be late."""
        return self.state is DelegationState.PUBLISHED and holds(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a letter must cover: where, what, the industries of the enterprises concerned, the legal bases cited."""

    area_code: str
    category: Category
    industries: frozenset[str] = frozenset()
    cited: frozenset[UUID] | None = None
    """None: the act cites nothing, or nobody has asked yet."""


def allowing(letters: Iterable[Letter], authority_id: UUID | None, power: Power, scope: Scope, on: date) -> Letter:
    """Give the letter by which its holder may do this in the authority's name; raises 403 with the nearest reason."""
    of_authority = [letter for letter in letters if letter.authority_id == authority_id]
    if not of_authority:
        raise Forbidden(
            "no-delegation",
            "You hold no letter of delegation from the authority in charge.",
            "您未受主管部门委托。",
        )
    in_force = [letter for letter in of_authority if letter.in_force(on)]
    if not in_force:
        raise Forbidden(
            "delegation-not-in-force",
            "Your letter of delegation is not in force today.",
            "您的委托今日不在有效状态（未生效、已到期、已中止或已撤销）。",
            letters=_numbers(of_authority),
        )
    empowering = [letter for letter in in_force if power in letter.powers]
    if not empowering:
        raise Forbidden(
            "delegation-without-power",
            f"Your letter of delegation does not include “{power}”.",
            f"您的委托不包括“{power}”。",
            letters=_numbers(in_force),
            power=power,
        )
    covering = [letter for letter in empowering if _covers(letter, scope)]
    if not covering:
        raise Forbidden(
            "delegation-out-of-scope",
            "This matter, place or legal basis lies outside your letter of delegation.",
            "该事项、区域或法律依据超出委托范围。",
            letters=_numbers(empowering),
        )
    return min(covering, key=lambda letter: (letter.letter_no, letter.id))


def _covers(letter: Letter, scope: Scope) -> bool:
    """An industry that nobody knows is none that a letter names, and who cites nothing cites none of its bases."""
    if not scope.area_code.startswith(letter.area_code):
        return False
    if letter.categories and scope.category not in letter.categories:
        return False
    if letter.basis_ids and scope.cited is not None and not (scope.cited and scope.cited <= letter.basis_ids):
        return False
    if not letter.industries:
        return True
    return bool(scope.industries) and all(each.startswith(letter.industries) for each in scope.industries)


def _numbers(letters: Collection[Letter]) -> list[str]:
    return sorted(letter.letter_no for letter in letters)
