"""Finds the one authority that is responsible (domain reference §2.2): registry foretells what inspection decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import RoutingRule
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import OVERRIDING, Category, holds

_ORDER = list(CompetenceBy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """One rule: within `area_code` and below, `key` leads to `authority_id` in its term (both ends included)."""

    by: CompetenceBy
    key: str
    authority_id: UUID
    area_code: str
    rule_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    co_authority_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What competence depends on."""

    area_code: str
    category: Category
    enterprise_id: UUID | None = None
    industry_code: str | None = None


class Standing(StrEnum):
    """Why a rule that speaks of the matter decided it, or did not."""

    FIRED = "fired"
    REPEATS = "repeats"
    """As special as the one that fired, and leads to the same authority."""
    TIED = "tied"
    """As special as another that leads elsewhere: two are named, so nobody is responsible until that is settled."""
    LATER_STEP = "later_step"
    SHORTER_KEY = "shorter_key"
    WIDER_AREA = "wider_area"
    NOT_IN_FORCE = "not_in_force"
    """Its term does not cover the day."""


@dataclass(frozen=True, slots=True)
class Considered:
    rule: Competence
    standing: Standing


@dataclass(frozen=True, slots=True)
class Routing:
    """Who is responsible and which step said so; nobody means that the committee arbitrates."""

    authority_id: UUID | None
    rule: RoutingRule
    considered: tuple[Considered, ...] = ()
    """Every rule that speaks of the matter, the most special first; those outside their term last."""

    @property
    def fired(self) -> Competence | None:
        return next((each.rule for each in self.considered if each.standing is Standing.FIRED), None)

    @property
    def co_authority_ids(self) -> tuple[UUID, ...]:
        return self.fired.co_authority_ids if self.fired else ()

    @property
    def rule_id(self) -> UUID | None:
        return self.fired.rule_id if self.fired else None


def route(rules: Iterable[Competence], matter: Matter, on: date) -> Routing:
    """Choose by the first step that matches; within a step the longest key wins, then the most specific area.

    One key in nested areas is therefore no conflict. Rules of one specificity that lead to different authorities are:
    there is not exactly one lead, so the committee decides (D04).
    """
    speaking = [rule for rule in rules if matter.area_code.startswith(rule.area_code) and _matches(rule, matter)]
    ranked = sorted((rule for rule in speaking if holds(on, rule.valid_from, rule.valid_to)), key=_rank)
    ended = tuple(Considered(rule, Standing.NOT_IN_FORCE) for rule in sorted(speaking, key=_rank) if rule not in ranked)
    if not ranked:
        return Routing(None, RoutingRule.ARBITRATION, ended)
    best = ranked[0]
    tied = len({rule.authority_id for rule in ranked if _specificity(rule) == _specificity(best)}) > 1
    considered = (*(Considered(rule, _standing(rule, best, tied=tied)) for rule in ranked), *ended)
    if tied:
        return Routing(None, RoutingRule.ARBITRATION, considered)
    return Routing(best.authority_id, RoutingRule(best.by.value), considered)


def _specificity(rule: Competence) -> tuple[int, int, int]:
    return _ORDER.index(rule.by), -len(rule.key), -len(rule.area_code)


def _rank(rule: Competence) -> tuple[int, int, int, UUID, UUID]:
    return *_specificity(rule), rule.authority_id, rule.rule_id or UUID(int=0)


def _standing(rule: Competence, best: Competence, *, tied: bool) -> Standing:
    if rule.by != best.by:
        return Standing.LATER_STEP
    if len(rule.key) != len(best.key):
        return Standing.SHORTER_KEY
    if len(rule.area_code) != len(best.area_code):
        return Standing.WIDER_AREA
    if tied:
        return Standing.TIED
    return Standing.FIRED if rule is best else Standing.REPEATS


def _matches(rule: Competence, matter: Matter) -> bool:
    match rule.by:
        case CompetenceBy.ENTERPRISE:
            return rule.key == str(matter.enterprise_id)
        case CompetenceBy.CATEGORY:
            return matter.category in OVERRIDING and rule.key == matter.category
        case CompetenceBy.INDUSTRY:
            return matter.industry_code is not None and matter.industry_code.startswith(rule.key)
        case CompetenceBy.TOWNSHIP:
            return matter.area_code.startswith(rule.key)
