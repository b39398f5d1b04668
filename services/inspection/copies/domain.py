"""Finds the one authority that is responsible (domain reference §2.2); without it two would act, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.inspection import RoutingRule
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import OVERRIDING, Category

_ORDER = list(CompetenceBy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """One rule in force: within `area_code` and below, `key` leads to `authority_id`."""

    by: CompetenceBy
    key: str
    authority_id: UUID
    area_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What competence depends on."""

    area_code: str
    category: Category
    enterprise_id: UUID | None = None
    industry_code: str | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Who is responsible and which step said so; nobody means that the committee arbitrates."""

    authority_id: UUID | None
    rule: RoutingRule


def route(rules: Iterable[Competence], matter: Matter) -> Routing:
    """Choose by the first step that matches; within a step the longest key wins, then the narrowest area."""
    matching = [rule for rule in rules if matter.area_code.startswith(rule.area_code) and _matches(rule, matter)]
    if not matching:
        return Routing(None, RoutingRule.ARBITRATION)
    best = min(
        matching,
        key=lambda rule: (_ORDER.index(rule.by), -len(rule.key), -len(rule.area_code), rule.authority_id),
    )
    return Routing(best.authority_id, RoutingRule(best.by.value))


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
