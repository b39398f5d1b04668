"""Who may name whom, and what a certificate is worth on a day: every cell, every boundary."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest

from services.registry.certificates.domain import CERTIFICATE, Standing, Verb, faults, standing
from services.registry.certificates.queries.training import required_hours
from services.registry.certificates.shapes import KeepCertificate
from services.registry.people.domain import in_term, may_name
from shared.contracts.registry import CertificateKind, CertificateStatus
from shared.contracts.values import Role
from shared.errors import Conflict, Forbidden
from shared.profile import load
from shared.settings import ROOT

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 9, 30)


@dataclass(frozen=True)
class Held:
    status: CertificateStatus = CertificateStatus.VALID
    valid_from: date = FIRST
    valid_to: date | None = LAST


NAMED_BY_HEADS = {
    (Role.AUTHORITY_HEAD, Role.AUTHORITY_DESK),
    (Role.AUTHORITY_HEAD, Role.AUTHORITY_OFFICER),
    (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER),
    (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_WORKER),
}


def test_every_role_names_exactly_those_below_it() -> None:
    for holder, role in product(Role, Role):
        expected = holder is Role.OPERATOR or (holder, role) in NAMED_BY_HEADS
        assert may_name(holder, role) is expected, (holder, role)


def test_nobody_but_the_operator_names_a_peer_or_another_kind_of_party() -> None:
    for holder, role in product(Role, Role):
        if may_name(holder, role) and holder is not Role.OPERATOR:
            assert holder != role
            assert holder.partition(".")[0] == role.partition(".")[0]


@pytest.mark.parametrize(
    ("on", "worth"),
    [
        (FIRST - DAY, Standing.NOT_YET_VALID),
        (FIRST, Standing.VALID),
        (FIRST + DAY, Standing.VALID),
        (LAST - DAY, Standing.VALID),
        (LAST, Standing.VALID),
        (LAST + DAY, Standing.EXPIRED),
        (date.max, Standing.EXPIRED),
    ],
)
def test_the_first_and_the_last_day_count_and_the_days_beside_them_do_not(on: date, worth: Standing) -> None:
    assert standing(Held(), on) is worth
    assert in_term(FIRST, LAST, on) is (worth is Standing.VALID)
    for status in (CertificateStatus.SUSPENDED, CertificateStatus.REVOKED):
        assert standing(Held(status), on).value == status.value, "no day makes up for what the issuer decided"


def test_a_certificate_of_one_day_holds_that_day() -> None:
    one = Held(valid_from=LAST, valid_to=LAST)
    assert [standing(one, LAST + n * DAY) for n in (-1, 0, 1)] == [
        Standing.NOT_YET_VALID,
        Standing.VALID,
        Standing.EXPIRED,
    ]


def test_without_a_last_day_a_certificate_does_not_expire() -> None:
    assert standing(Held(valid_to=None), date.max) is Standing.VALID
    assert standing(Held(valid_to=None), FIRST - DAY) is Standing.NOT_YET_VALID


def test_what_was_decided_about_a_certificate_follows_one_table() -> None:
    reached = {
        (CertificateStatus.VALID, Verb.SUSPEND): CertificateStatus.SUSPENDED,
        (CertificateStatus.SUSPENDED, Verb.REINSTATE): CertificateStatus.VALID,
        (CertificateStatus.VALID, Verb.REVOKE): CertificateStatus.REVOKED,
        (CertificateStatus.SUSPENDED, Verb.REVOKE): CertificateStatus.REVOKED,
    }
    for state, verb, role in product(CertificateStatus, Verb, Role):
        if role is not Role.OPERATOR:
            with pytest.raises(Forbidden):
                CERTIFICATE.permit(verb, state, {role.value}, None)
        elif (state, verb) in reached:
            assert CERTIFICATE.permit(verb, state, {role.value}, None).target is reached[state, verb]
        else:
            with pytest.raises(Conflict):
                CERTIFICATE.permit(verb, state, {role.value}, None)


def _told(**changes: object) -> KeepCertificate:
    given = {
        "person_id": "00000000-0000-0000-0000-000000000002",
        "kind": "enforcement",
        "number": "F-1",
        "issuer": "County",
        "valid_from": "2026-03-01",
        "valid_to": "2026-09-30",
        **changes,
    }
    return KeepCertificate.model_validate(given)


def test_every_fault_of_a_list_of_certificates_is_named_with_its_place() -> None:
    told = [
        _told(),
        _told(number="F-2", valid_to="2026-02-28"),
        _told(number="F-3", valid_to=None, issued_on="2026-10-01"),
        _told(number="F-4", kind="special_operation"),
        _told(number="F-1"),
        _told(number="F-1", kind="evaluator", valid_to=None),
        _told(number="F-5", valid_to="2026-03-01", issued_on="2026-09-30"),
    ]
    assert [(fault.index, fault.field, fault.slug) for fault in faults(told, LAST)] == [
        (1, "valid_to", "ends-before-it-begins"),
        (2, "valid_to", "last-day-missing"),
        (2, "issued_on", "issued-in-the-future"),
        (3, "scope", "operation-missing"),
        (4, "number", "number-listed-twice"),
    ]
    for fault in faults(told, LAST):
        assert fault.en.isascii()
        assert not fault.zh.isascii()


def test_two_masked_numbers_may_look_alike() -> None:
    told = [_told(kind=CertificateKind.SPECIAL_OPERATION, scope="焊接", number="T11010519491231002X") for _ in range(2)]
    assert list(faults(told, LAST)) == []


def test_hours_of_training_are_those_of_the_role_or_of_what_it_is_part_of() -> None:
    hours = required_hours(load("cn", ROOT / "profiles"), LAST)
    assert hours[Role.AUTHORITY_OFFICER] == hours[Role.AUTHORITY] > hours[Role.ENTERPRISE_MANAGER] > 0
    assert Role.VOLUNTEER not in hours
    assert Role.ENTERPRISE_WORKER not in hours
