"""What may stand in the register of people, and who may name whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.registry.domain import Fault
from shared.contracts.gb11643 import holds_id_number
from shared.contracts.values import PartyKind, Role


class PersonState(StrEnum):
    ACTIVE = "active"
    LEFT = "left"


class PersonTold(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


def faults(people: Iterable[PersonTold]) -> Iterator[Fault]:
    """Say what is wrong with people that are well-formed one by one: nobody's identity number is kept (ADR 0021)."""
    for index, person in enumerate(people):
        for field, said in (("name", person.name), ("email", person.email), ("phone", person.phone)):
            if said is not None and holds_id_number(said):
                yield Fault(
                    index,
                    field,
                    "identity-number-not-kept",
                    "An identity number is not kept here; leave it out.",
                    "本平台不保存身份证号码，请删除。",
                )


class MembershipTold(Protocol):
    @property
    def role(self) -> Role: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


def membership_faults(told: Iterable[tuple[MembershipTold, PartyKind | None]]) -> Iterator[Fault]:
    """Say what is wrong with memberships, each given with the kind of its party (None: it stands alone)."""
    for index, (membership, kind) in enumerate(told):
        asked = membership.role.partition(".")[0]
        if asked in set(PartyKind) and asked != kind:
            yield Fault(
                index,
                "role",
                "role-does-not-fit-party",
                f"The role “{membership.role}” is held in a party of the kind “{asked}”.",
                f"身份“{membership.role}”须属于“{asked}”类单位。",
            )
        if membership.valid_from and membership.valid_to and membership.valid_to < membership.valid_from:
            yield ends_before_it_begins(index)


def ends_before_it_begins(index: int) -> Fault:
    return Fault(
        index,
        "valid_to",
        "ends-before-it-begins",
        "The last day lies before the first one.",
        "截止日期早于起始日期。",
    )


NAMES: Mapping[str, frozenset[Role]] = {
    Role.OPERATOR: frozenset(Role),
    Role.AUTHORITY_HEAD: frozenset({Role.AUTHORITY_DESK, Role.AUTHORITY_OFFICER}),
    Role.ENTERPRISE_PRINCIPAL: frozenset({Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_WORKER}),
}
"""Who may name and remove whom. All but the operator do so in their own party only, and never one of their own rank."""


def may_name(holder: str, role: str) -> bool:
    """Tell whether somebody in the role `holder` may let people act, or stop acting, in `role`."""
    return role in NAMES.get(holder, frozenset())


def in_term(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Tell whether a day lies in a term; its first and its last day do, an open end has none."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)
