"""The law of the letter of delegation (Administrative Penalty Law art. 20, 21, 24; domain reference §7.4). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.registry import CompetenceBy, DelegationKind
from shared.contracts.registry import DelegationState as S
from shared.contracts.routing import Competence
from shared.contracts.values import OVERRIDING, Category, PartyKind, Role, holds
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move

SYSTEM = "system"
"""The capacity in which the platform itself draws a consequence."""


class Verb(StrEnum):
    """What can be done with a letter once it is drafted."""

    PUBLISH = "publish"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One letter before one person on one day."""

    party_id: UUID | None
    authority_id: UUID
    valid_to: date
    today: date
    lawful_body: bool = False
    """The three conditions of an entrusted body are confirmed."""
    not_held: tuple[str, ...] = ()
    """The matters of the letter that the authority is not itself responsible for."""


def is_ours(case: Case) -> Problem | None:
    if case.party_id == case.authority_id:
        return None
    return not_yours()


def not_yours() -> Forbidden:
    return Forbidden(
        "not-your-delegation",
        "Only the authority that has the power delegates it and takes it back.",
        "只有享有该项职权的部门才能委托、赋予或收回。",
    )


def has_days_left(case: Case) -> Problem | None:
    if case.today <= case.valid_to:
        return None
    return Conflict("delegation-over", "The term of this letter is over.", "该委托的期限已届满。")


def is_over(case: Case) -> Problem | None:
    if case.valid_to < case.today:
        return None
    return Conflict("delegation-not-over", "The term of this letter is not over.", "该委托的期限尚未届满。")


def body_is_lawful(case: Case) -> Problem | None:
    if case.lawful_body:
        return None
    return BadInput(
        "delegate-not-lawful",
        "Confirm first that the delegate is lawfully established, has certified staff and the technical means.",
        "须先确认受托组织依法成立、有取得执法证件的人员并具备相应技术条件。",
    )


def power_is_held(case: Case) -> Problem | None:
    return held_fault(case.not_held)


def held_fault(lacking: tuple[str, ...]) -> Problem | None:
    """Refuse to give away what one has not, or None."""
    if not lacking:
        return None
    return BadInput(
        "power-not-held",
        "An authority delegates only what it is responsible for itself.",
        "部门只能委托自身享有的职权。",
        matters=list(lacking),
    )


_HEAD = frozenset({Role.AUTHORITY_HEAD.value})
DELEGATION: Machine[S, Verb, Case] = Machine(
    "delegation",
    {
        Verb.PUBLISH: Move(
            sources=frozenset({S.DRAFT}),
            target=S.PUBLISHED,
            roles=_HEAD,
            guards=(is_ours, has_days_left),
            checks=(body_is_lawful, power_is_held),
            event="registry.delegation.published",
            source="Penalty Law art. 20, 21, 24 [L]",
        ),
        Verb.SUSPEND: Move(
            sources=frozenset({S.PUBLISHED}),
            target=S.SUSPENDED,
            roles=_HEAD,
            guards=(is_ours, has_days_left),
            event="registry.delegation.suspended",
            source="D21 (D)",
        ),
        Verb.RESUME: Move(
            sources=frozenset({S.SUSPENDED}),
            target=S.PUBLISHED,
            roles=_HEAD,
            guards=(is_ours, has_days_left),
            checks=(body_is_lawful, power_is_held),
            event="registry.delegation.published",
            source="D21 (D)",
        ),
        Verb.REVOKE: Move(
            sources=frozenset({S.PUBLISHED, S.SUSPENDED}),
            target=S.REVOKED,
            roles=_HEAD,
            guards=(is_ours,),
            event="registry.delegation.revoked",
            source="D21 (D)",
        ),
        Verb.EXPIRE: Move(
            sources=frozenset({S.PUBLISHED, S.SUSPENDED}),
            target=S.EXPIRED,
            roles=frozenset({SYSTEM}),
            guards=(is_over,),
            event="registry.delegation.expired",
            source="Penalty Law art. 20 [L]: the letter states its term",
        ),
    },
    final=frozenset({S.REVOKED, S.EXPIRED}),
)

DELEGATES: Mapping[DelegationKind, frozenset[PartyKind]] = {
    DelegationKind.ENTRUSTED: frozenset({PartyKind.TOWNSHIP, PartyKind.DELEGATE}),
    DelegationKind.ASSIGNED: frozenset({PartyKind.TOWNSHIP}),
    DelegationKind.AUTHORISED: frozenset({PartyKind.DELEGATE}),
}
"""To whom each kind goes: entrusted to another body, assigned to a township, authorised by law for a public body."""


def party_fault(kind: DelegationKind, authority: PartyKind | None, delegate: PartyKind | None) -> Problem | None:
    """Say which of the two cannot be a party to such a letter, or None."""
    if authority in {PartyKind.TOWNSHIP, PartyKind.DELEGATE}:
        return BadInput(
            "no-sub-delegation",
            "Who received a power may not pass it on.",
            "受委托组织不得再委托其他组织或者个人。",
        )
    if authority is not PartyKind.AUTHORITY:
        return BadInput("not-an-authority", "Only an authority delegates.", "只有监管部门可以委托。")
    if delegate in DELEGATES[kind]:
        return None
    return BadInput(
        "delegate-kind",
        f"A power is {kind} only to: {', '.join(sorted(DELEGATES[kind]))}.",
        f"“{kind}”的受托方只能是：{'、'.join(sorted(DELEGATES[kind]))}。",
        kind=kind,
        takes=sorted(DELEGATES[kind]),
    )


def term_fault(valid_from: date, valid_to: date, latest: date) -> Problem | None:
    """Say that a letter runs longer than the profile allows, or None."""
    if valid_to <= latest:
        return None
    return BadInput(
        "term-too-long",
        f"A letter that begins on {valid_from} ends by {latest}.",
        f"自 {valid_from} 起的委托期限最迟至 {latest}。",
        latest=latest,
    )


def not_held(
    rules: Iterable[Competence], area_code: str, categories: Collection[Category], industries: Collection[str], on: date
) -> tuple[str, ...]:
    """Name the matters of a letter that its authority is not responsible for, given the rules that lead to it.

    A category that goes before the industry needs a rule of its own; the others belong to whoever leads an industry.
    A letter that narrows nothing needs at least one rule.
    """
    held = [
        rule for rule in rules if holds(on, rule.valid_from, rule.valid_to) and area_code.startswith(rule.area_code)
    ]
    own = {rule.key for rule in held if rule.by is CompetenceBy.CATEGORY}
    prefixes = tuple(rule.key for rule in held if rule.by is CompetenceBy.INDUSTRY)
    lacking = [each for each in categories if each not in own and (each in OVERRIDING or not prefixes)]
    lacking += [each for each in industries if not each.startswith(prefixes)]
    if not held and not lacking:
        lacking.append(area_code)
    return tuple(map(str, lacking))
