"""Whether a certificate holds on a day, and what may be done with it. Pure; every enforcement command rests on it."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.registry.domain import Fault
from services.registry.people.domain import ends_before_it_begins, in_term
from shared.contracts.gb11643 import masked
from shared.contracts.registry import CertificateKind, CertificateStatus
from shared.contracts.values import PartyKind, Role
from shared.machine import Machine, Move

STAFFED = (PartyKind.AUTHORITY, PartyKind.TOWNSHIP)
"""Kinds of parties that have officers of their own."""


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Held(Protocol):
    """The part of a certificate on which its worth depends."""

    @property
    def status(self) -> CertificateStatus: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def standing(held: Held, on: date) -> Standing:
    """Say what a certificate is worth on a local day: its first and its last day count, the day after does not."""
    if held.status is not CertificateStatus.VALID:
        return Standing(held.status.value)
    if on < held.valid_from:
        return Standing.NOT_YET_VALID
    return Standing.VALID if in_term(held.valid_from, held.valid_to, on) else Standing.EXPIRED


class Verb(StrEnum):
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"


_OPERATOR = frozenset({Role.OPERATOR.value})
_RECORDED = "registry.certificate.recorded"
CERTIFICATE: Machine[CertificateStatus, Verb, None] = Machine(
    "certificate",
    {
        Verb.SUSPEND: Move(
            sources=frozenset({CertificateStatus.VALID}),
            target=CertificateStatus.SUSPENDED,
            roles=_OPERATOR,
            event=_RECORDED,
            source="the issuer's decision, recorded (D)",
        ),
        Verb.REINSTATE: Move(
            sources=frozenset({CertificateStatus.SUSPENDED}),
            target=CertificateStatus.VALID,
            roles=_OPERATOR,
            event=_RECORDED,
            source="the issuer's decision, recorded (D)",
        ),
        Verb.REVOKE: Move(
            sources=frozenset({CertificateStatus.VALID, CertificateStatus.SUSPENDED}),
            target=CertificateStatus.REVOKED,
            roles=_OPERATOR,
            event=_RECORDED,
            source="the issuer's decision, recorded (D)",
        ),
    },
    final=frozenset({CertificateStatus.REVOKED}),
)


class CertificateTold(Protocol):
    @property
    def kind(self) -> CertificateKind: ...
    @property
    def number(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def issued_on(self) -> date | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def faults(certificates: Iterable[CertificateTold], today: date) -> Iterator[Fault]:
    """Say what is wrong with certificates that are well-formed one by one, alone and beside each other."""
    seen: dict[tuple[CertificateKind, str], int] = {}
    for index, told in enumerate(certificates):
        yield from _faults_of_one(told, index, today)
        number = masked(told.number)
        first = seen.setdefault((told.kind, number), index)
        if first != index and number == told.number:
            yield Fault(
                index,
                "number",
                "number-listed-twice",
                f"Entry {first} of the list has the same number.",
                f"列表第 {first} 条（从 0 起）已有相同证号。",
            )


def _faults_of_one(told: CertificateTold, index: int, today: date) -> Iterator[Fault]:
    if told.valid_to is not None and told.valid_to < told.valid_from:
        yield ends_before_it_begins(index)
    if told.valid_to is None and told.kind is CertificateKind.ENFORCEMENT:
        yield Fault(
            index,
            "valid_to",
            "last-day-missing",
            "An enforcement certificate has a last day; give it.",
            "行政执法证件须填写有效期截止日期。",
        )
    if told.issued_on is not None and told.issued_on > today:
        yield Fault(
            index, "issued_on", "issued-in-the-future", "The day of issue has not come yet.", "发证日期尚未到来。"
        )
    if told.kind is CertificateKind.SPECIAL_OPERATION and not told.scope:
        yield Fault(
            index,
            "scope",
            "operation-missing",
            "Name the operation that a special-operation certificate is for.",
            "特种作业操作证须填写作业类别。",
        )
