from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.notify.webhooks.domain import (
    RETRY_S,
    Answer,
    check_endpoint,
    check_subscriber,
    failed_too_long,
    may_be_called,
    try_again_at,
)
from shared import permission
from shared.auth import Actor

NOW = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.8.9.10",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
        "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "", "example.org", "2130706433", "0x7f.1", "127.1",
    ],
)  # fmt: skip
def test_an_inner_address_is_never_called(address: str):
    assert not may_be_called(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "9.9.9.9", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"])
def test_a_public_address_may_be_called(address: str):
    assert may_be_called(address)


def test_loopback_is_open_only_where_it_was_asked_for():
    assert may_be_called("127.0.0.1", allow_loopback=True)
    assert may_be_called("::1", allow_loopback=True)
    assert not may_be_called("10.0.0.1", allow_loopback=True)
    assert not may_be_called("169.254.169.254", allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "ftp://example.org/", "file://example.org/", "gopher://example.org/", "example.org",
        "https://", "https:///hook", "https://user@example.org/", "https://user:pw@example.org/", "https://@example.org/",
        "https://example.org/#part", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0177.0.0.1/",
        "https://0x7f000001/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest", "https://10.0.0.1/", "https://localhost/", "https://localhost./", "https://[::",
        "https://example.org:0/", "https://example.org:99999/", "https://exa mple.org/", "https://例子.测试/", "",
    ],
)  # fmt: skip
def test_an_unfit_endpoint_is_refused_when_it_is_asked_for(url: str):
    problem = check_endpoint(url, allow_loopback=False)
    assert problem is not None
    assert problem.status == 422


@pytest.mark.parametrize("url", ["https://example.org/hook", "https://example.org:8443/a?b=c", "https://1.1.1.1/"])
def test_a_fit_endpoint_is_taken(url: str):
    assert check_endpoint(url, allow_loopback=False) is None


@pytest.mark.parametrize(
    ("url", "fit"),
    [
        ("http://127.0.0.1:9/", True), ("http://localhost:9/", True), ("http://[::1]:9/", True),
        ("http://example.org/", False), ("http://10.0.0.1/", False), ("https://10.0.0.1/", False),
    ],
)  # fmt: skip
def test_plain_http_is_for_this_machine_only(url: str, fit: bool):
    assert (check_endpoint(url, allow_loopback=True) is None) is fit


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("partner", True), ("agency", True), ("association", True), ("insurer", True), ("authority", True),
        ("authority.head", True), ("committee", True), ("authority.desk", False), ("authority.officer", False),
        ("township", False), ("enterprise.principal", False), ("volunteer", False), ("public", False),
        ("operator", False), ("auditor", False), ("grid_worker", False),
    ],
)  # fmt: skip
def test_systems_and_heads_subscribe(role: str, may: bool):
    assert permission.may(Actor(uuid4(), role, uuid4(), "999901"), "subscription.keep") is may


def test_who_acts_for_no_organisation_subscribes_to_nothing():
    assert check_subscriber(None) is not None
    assert check_subscriber(uuid4()) is None


def test_the_schedule_lasts_about_three_days_and_spreads_a_little():
    delivery = uuid4()
    for attempts, wait_s in enumerate(RETRY_S, 1):
        again = try_again_at(NOW, delivery, attempts, None)
        assert again is not None
        assert 0.9 * wait_s <= (again - NOW).total_seconds() <= 1.1 * wait_s
    assert try_again_at(NOW, delivery, len(RETRY_S) + 1, None) is None
    assert 60 < sum(RETRY_S) / 3600 < 80


@pytest.mark.parametrize(("asked_s", "wait"), [(3600, timedelta(hours=1)), (10**9, timedelta(hours=24))])
def test_retry_after_is_honoured_within_reason(asked_s: int, wait: timedelta):
    assert try_again_at(NOW, uuid4(), 1, asked_s) == NOW + wait


def test_a_past_retry_after_changes_nothing():
    again = try_again_at(NOW, uuid4(), 1, -50)
    assert again is not None
    assert again > NOW


@pytest.mark.parametrize(("status", "good"), [(200, True), (204, True), (302, False), (410, False), (500, False)])
def test_only_2xx_is_success(status: int, good: bool):
    assert Answer(status, 1).good is good
    assert not Answer(None, 1, "TimeoutError").good


def test_an_endpoint_is_given_five_days():
    assert not failed_too_long(None, NOW)
    assert not failed_too_long(NOW - timedelta(hours=119), NOW)
    assert failed_too_long(NOW - timedelta(hours=120), NOW)
