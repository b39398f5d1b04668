"""What counts as delivered, proven, asked in time, reviewed and decided: each rule held against its edge."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from hazard_cases import COLLEAGUE, ME, OTHER

from services.inspection.hazards.domain import Officer
from services.inspection.hazards.domain.delivery import HandedOver, is_a_delivery
from services.inspection.hazards.domain.grounds import Standing, ground_holds
from services.inspection.hazards.domain.proof import (
    NAMES,
    Lack,
    Piece,
    Proven,
    independent,
    is_drawn,
    lacks_of_a_pass,
    lacks_of_items,
    may_be_remote,
    nothing_lacks,
)
from services.inspection.hazards.domain.review import every_item_is_fit, reviewed_by
from services.inspection.hazards.domain.terms import asked_in_time, may_be_extended_to, told_ahead, within
from shared.contracts.inspection import (
    DeliveryHow,
    ListingGround,
)
from shared.contracts.values import Grade
from shared.errors import BadInput, Conflict, Forbidden, Problem

NOW = datetime(2026, 9, 30, 1, tzinfo=UTC)
TODAY, DAY, HOUR = date(2026, 9, 30), timedelta(days=1), timedelta(hours=1)


def _slug(raised: pytest.ExceptionInfo[Problem]) -> str:
    assert raised.value.en
    assert raised.value.zh
    return raised.value.slug


def handed_over(how: DeliveryHow = DeliveryHow.IN_PERSON, **changes: Any) -> HandedOver:
    left = how is DeliveryHow.LEFT_AT_PREMISES
    return HandedOver(
        **{
            "how": how,
            "at": NOW,
            "received_by": "Gatekeeper",
            "refused": "Will not sign" if left else None,
            "witnesses": ["Zhou", "Wu"] if left else [],
            "files": 1,
            **changes,
        }
    )


@pytest.mark.parametrize("how", sorted(set(DeliveryHow) - {DeliveryHow.TAKEN_IN_HAND}))
def test_every_form_of_delivery_is_shown_by_its_own_paper(how: DeliveryHow) -> None:
    is_a_delivery(handed_over(how), NOW, NOW, 2)
    with pytest.raises(BadInput) as refused:
        is_a_delivery(handed_over(how, files=0), NOW, NOW, 2)
    assert _slug(refused) == "evidence-missing"


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("not-a-delivery", handed_over(DeliveryHow.TAKEN_IN_HAND)),
        ("delivery-time", handed_over(at=NOW - HOUR)),
        ("delivery-time", handed_over(at=NOW + HOUR)),
        ("refused-is-left", handed_over(refused="Will not sign")),
        ("refused-is-left", handed_over(DeliveryHow.LEFT_AT_PREMISES, refused=None)),
        ("evidence-missing", handed_over(received_by=None)),
        ("evidence-missing", handed_over(DeliveryHow.LEFT_AT_PREMISES, witnesses=["Zhou", "ZHOU"])),
    ],
)
def test_what_would_not_hold_is_no_delivery(slug: str, said: HandedOver) -> None:
    with pytest.raises(BadInput) as refused:
        is_a_delivery(said, NOW, NOW, 2)
    assert _slug(refused) == slug


def test_more_is_proven_of_a_major_hazard_than_of_a_general_one() -> None:
    bare = [Proven(1, 0, 0), Proven(2, 1, 1)]
    assert [*lacks_of_items(Grade.MAJOR, bare)] == [Lack(Piece.BEFORE, 1), Lack(Piece.AFTER, 1)]
    assert [*lacks_of_items(Grade.GENERAL, bare)] == [Lack(Piece.AFTER, 1)]
    unsigned = Lack(Piece.UNIT_SIGNATURE)
    assert [*lacks_of_a_pass(Grade.MAJOR, photos=0, signed=False)] == [Lack(Piece.VERIFIERS_PHOTO), unsigned]
    assert [*lacks_of_a_pass(Grade.GENERAL, photos=0, signed=False)] == [unsigned]
    assert [*lacks_of_a_pass(Grade.MAJOR, photos=1, signed=True)] == []


def test_the_refusal_names_each_missing_piece_in_both_languages() -> None:
    nothing_lacks([])
    with pytest.raises(BadInput) as refused:
        nothing_lacks([Lack(Piece.AFTER, 3), Lack(Piece.UNIT_SIGNATURE)])
    assert "a photo of after (item 3), the unit's signature" in refused.value.en
    assert "第3项整改后照片、被复查单位签字" in refused.value.zh
    assert refused.value.facts == {"missing": [{"piece": "after", "item": 3}, {"piece": "unit_signature"}]}
    assert set(NAMES) == set(Piece)


@pytest.mark.parametrize(
    "facts",
    [
        {"grade": Grade.MAJOR, "recurrent": False, "on_site_only": False},
        {"grade": Grade.GENERAL, "recurrent": True, "on_site_only": False},
        {"grade": Grade.GENERAL, "recurrent": False, "on_site_only": True},
    ],
)
def test_what_must_be_seen_is_not_judged_by_pictures(facts: dict[str, Any]) -> None:
    may_be_remote(Grade.GENERAL, recurrent=False, on_site_only=False)
    with pytest.raises(BadInput) as refused:
        may_be_remote(**facts)
    assert _slug(refused) == "on-site-only"


def test_the_draw_can_be_drawn_again_by_anybody_and_takes_its_share() -> None:
    one = UUID("00000000-0000-4000-8000-000000000001")
    fraction = int(sha256(one.bytes).hexdigest()[:16], 16) / 2**64
    assert not is_drawn(one, fraction)
    assert is_drawn(one, fraction + 1e-6)
    assert not any(is_drawn(UUID(int=n), 0) for n in range(100))
    assert all(is_drawn(UUID(int=n), 1) for n in range(100))
    assert 150 < sum(is_drawn(UUID(int=n), 0.1) for n in range(2000)) < 250


def test_whoever_did_the_work_gives_no_opinion_on_it() -> None:
    independent(OTHER, [str(ME)])
    with pytest.raises(Conflict) as refused:
        independent(OTHER, [str(OTHER)])
    assert _slug(refused) == "coi-6"


def test_more_time_is_asked_for_early_and_ends_within_what_an_order_could_set() -> None:
    asked_in_time(TODAY + 10 * DAY, TODAY + 10 * DAY)
    with pytest.raises(Conflict) as late:
        asked_in_time(TODAY + 9 * DAY, TODAY + 10 * DAY)
    assert _slug(late) == "asked-too-late"
    limit, latest = TODAY + 10 * DAY, TODAY + 30 * DAY
    for until in (limit + DAY, latest):
        may_be_extended_to(until, limit, TODAY, latest)
    for until, last in ((limit, latest), (latest + DAY, latest), (limit + DAY, limit)):
        with pytest.raises(BadInput) as refused:
            may_be_extended_to(until, limit, TODAY, last)
        assert _slug(refused) == "extension-not-lawful"
    with pytest.raises(BadInput):
        may_be_extended_to(TODAY - DAY, TODAY - 5 * DAY, TODAY, latest)


def test_a_listing_ends_within_its_longest() -> None:
    within(TODAY, TODAY, TODAY + DAY)
    for day in (TODAY - DAY, TODAY + 2 * DAY):
        with pytest.raises(BadInput) as refused:
            within(day, TODAY, TODAY + DAY)
        assert _slug(refused) == "limit-not-lawful"


def test_power_is_cut_after_its_notice_unless_it_is_urgent() -> None:
    told_ahead(NOW + 24 * HOUR, NOW, NOW + 24 * HOUR, urgent=False)
    told_ahead(NOW, NOW, NOW + 24 * HOUR, urgent=True)
    with pytest.raises(BadInput) as short:
        told_ahead(NOW + 23 * HOUR, NOW, NOW + 24 * HOUR, urgent=False)
    assert _slug(short) == "notice-too-short"
    with pytest.raises(BadInput) as past:
        told_ahead(NOW - HOUR, NOW, NOW + 24 * HOUR, urgent=True)
    assert _slug(past) == "cut-in-the-past"


GENERAL = Standing(grade=Grade.GENERAL, recurrent=False, limit=TODAY - DAY, today=TODAY, files=0)


@pytest.mark.parametrize(
    ("ground", "met"),
    [
        (ListingGround.MAJOR, {"grade": Grade.MAJOR}),
        (ListingGround.RECURRENT, {"recurrent": True}),
        (ListingGround.OVERDUE_MAJOR, {"grade": Grade.MAJOR}),
        (ListingGround.PUBLIC_IMPACT, {"files": 1}),
    ],
)
def test_a_ground_for_listing_is_borne_out_by_the_facts(ground: ListingGround, met: dict[str, Any]) -> None:
    ground_holds(ground, replace(GENERAL, **met))
    with pytest.raises((BadInput, Conflict)) as refused:
        ground_holds(ground, GENERAL)
    assert _slug(refused) == ("evidence-missing" if ground is ListingGround.PUBLIC_IMPACT else "ground-not-met")


@pytest.mark.parametrize("limit", [None, TODAY])
def test_a_major_hazard_within_its_limit_is_not_overdue(limit: date | None) -> None:
    with pytest.raises(Conflict):
        ground_holds(ListingGround.OVERDUE_MAJOR, replace(GENERAL, grade=Grade.MAJOR, limit=limit))


def test_a_review_on_site_is_two_certified_officers_and_every_item() -> None:
    two = (Officer(ME, True, True), Officer(COLLEAGUE, True, True))
    reviewed_by(two)
    for slug, named in (
        ("two-officers", two[:1]),
        ("two-officers", (two[0], two[0])),
        ("not-an-officer-here", (two[0], Officer(uuid4(), False, True))),
        ("certificate-expired", (two[0], Officer(uuid4(), True, False))),
        ("officer-recused", (two[0], Officer(uuid4(), True, True, True))),
    ):
        with pytest.raises((BadInput, Conflict, Forbidden)) as refused:
            reviewed_by(named)
        assert _slug(refused) == slug
    every_item_is_fit(2, [(2, True), (1, True)])
    for slug, remarks in (("every-item-once", [(1, True)]), ("items-fail", [(1, True), (2, False)])):
        with pytest.raises(BadInput) as refused:
            every_item_is_fit(2, remarks)
        assert _slug(refused) == slug
