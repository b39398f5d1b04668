"""What is left to an enterprise, and which of its own closures are looked at: rules that anybody can compute again."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from services.inspection.hazards.domain.own import drawn, left_to_the_enterprise
from shared.contracts.values import Category, Channel, Grade, HazardClaim, Place

MILL, BUREAU = UUID(int=1), UUID(int=2)
AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)


def claim(**changes: Any) -> HazardClaim:
    given: dict[str, Any] = {
        "claim_id": UUID(int=3),
        "channel": Channel.SELF_CHECK,
        "reporter_ref": UUID(int=4),
        "source_party_id": MILL,
        "place": Place(area_code="990101001"),
        "enterprise_id": MILL,
        "category": Category.MACHINERY,
        "what": "Guard of saw 3 is missing",
        "suspected_grade": Grade.GENERAL,
        **changes,
    }
    return HazardClaim(**given)


def test_a_general_hazard_that_the_enterprise_declares_itself_is_left_to_it() -> None:
    assert left_to_the_enterprise(claim(), BUREAU)


@pytest.mark.parametrize(
    "changes",
    [
        {"suspected_grade": Grade.MAJOR},
        {"suspected_grade": None},
        {"imminent_danger": True},
        {"fatalities": True},
        {"enterprise_id": None},
        {"source_party_id": UUID(int=9)},
        {"source_party_id": None},
        *({"channel": channel} for channel in Channel if channel is not Channel.SELF_CHECK),
    ],
)
def test_anything_else_goes_to_the_desk(changes: dict[str, Any]) -> None:
    assert not left_to_the_enterprise(claim(**changes), BUREAU)


def test_where_no_authority_could_take_over_nothing_is_left_to_the_enterprise() -> None:
    assert not left_to_the_enterprise(claim(), None)


def test_the_draw_is_a_hash_of_what_the_record_says() -> None:
    """The first eight bytes of SHA-256; 0xffff… is all. Here 0x2aae… is a sixth of all."""
    told = "00000000-0000-0000-0000-000000000002:1:2026-09-30T01:00:00.000000+00:00"
    assert sha256(told.encode()).hexdigest().startswith("2aaae2dc6dcc0cf4")
    share = 0x2AAAE2DC6DCC0CF4 / 2**64
    assert not drawn(UUID(int=2), 1, AT, 0.16)
    assert drawn(UUID(int=2), 1, AT, 0.17)
    assert 0.16 < share < 0.17


def test_the_draw_is_the_same_in_every_time_zone() -> None:
    local = AT.astimezone(timezone(timedelta(hours=8)))
    assert all(drawn(UUID(int=n), 1, AT, 0.5) == drawn(UUID(int=n), 1, local, 0.5) for n in range(100))


def test_the_draw_takes_the_share_that_is_asked_for() -> None:
    taken = sum(drawn(UUID(int=n), 1, AT, 0.1) for n in range(10_000))
    assert taken == 1006
    assert not any(drawn(UUID(int=n), 1, AT, 0) for n in range(100))
    assert all(drawn(UUID(int=n), 1, AT, 1) for n in range(100))


def test_each_cycle_and_each_closing_is_drawn_anew() -> None:
    ways = [
        [drawn(UUID(int=n), cycle, at, 0.5) for n in range(64)]
        for cycle, at in ((1, AT), (2, AT), (1, AT + timedelta(microseconds=1)))
    ]
    assert len({tuple(way) for way in ways}) == 3
