"""What a device may say of a file, what a photo says of itself, and when a person should doubt it (G03)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from services.inspection.evidence.domain import (
    WORDS,
    Doubt,
    Exhibit,
    Limits,
    Taken,
    believable,
    doubts,
    may_be_declared,
)
from services.inspection.evidence.shapes import DeclareCapture
from shared.errors import BadInput
from shared.evidence.embedded import Embedded, embedded
from shared.profile import load
from shared.settings import ROOT

LIMITS = Limits.of(load("cn", ROOT / "profiles"), date(2026, 9, 30))
NOW = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
SITE = (117.0, 36.0)
CHINA = ZoneInfo("Asia/Shanghai")
HERE = Taken(NOW, *SITE, accuracy_m=10)
PICTURE = Exhibit(recorded=True, taken=(HERE,), site=SITE, since=NOW - timedelta(hours=1))
NORTH_1_KM = 36.0 + 1000 / 111_195


def test_a_picture_of_the_day_and_the_place_raises_no_doubt():
    assert doubts(PICTURE, LIMITS) == []


def test_a_picture_that_says_nothing_is_doubted_for_that_and_a_paper_is_not():
    silent = replace(PICTURE, taken=())
    assert doubts(silent, LIMITS) == [Doubt.NO_CAPTURE, Doubt.NO_PLACE]
    assert doubts(replace(silent, recorded=False), LIMITS) == []
    assert doubts(replace(silent, site=None), LIMITS) == [Doubt.NO_CAPTURE]


def test_a_picture_that_says_only_when_or_only_where_is_doubted_for_the_other():
    assert doubts(replace(PICTURE, taken=(Taken(NOW),)), LIMITS) == [Doubt.NO_PLACE]
    assert doubts(replace(PICTURE, taken=(Taken(None, *SITE),)), LIMITS) == [Doubt.NO_CAPTURE]


def test_a_picture_older_than_its_order_is_doubted_from_beyond_the_error_of_clocks():
    for before, doubted in ((timedelta(0), False), (LIMITS.skew, False), (LIMITS.skew + timedelta(seconds=1), True)):
        old = replace(PICTURE, since=NOW + before)
        assert (Doubt.TAKEN_BEFORE_ORDER in doubts(old, LIMITS)) is doubted, before
    assert doubts(replace(PICTURE, since=None), LIMITS) == [], "what answers no order may be older"


def test_a_picture_from_beyond_the_radius_is_doubted_after_its_error_is_taken_off():
    for accuracy_m, lat, doubted in (
        (0, NORTH_1_KM - 0.0001, False),
        (0, NORTH_1_KM + 0.0001, True),
        (20, NORTH_1_KM + 0.0001, False),
        (500, NORTH_1_KM + 0.01, True),
    ):
        away = replace(PICTURE, taken=(Taken(NOW, 117.0, lat, accuracy_m),))
        assert (Doubt.FAR_FROM_SITE in doubts(away, LIMITS)) is doubted, (accuracy_m, lat)
    assert doubts(replace(PICTURE, taken=(Taken(NOW, 0.1, 0.1),), site=None), LIMITS) == []


def test_either_of_two_sources_is_enough_for_a_doubt():
    lied = Taken(NOW - timedelta(days=3), 118.0, 36.0)
    assert doubts(replace(PICTURE, taken=(HERE, lied)), LIMITS) == [Doubt.TAKEN_BEFORE_ORDER, Doubt.FAR_FROM_SITE]


def test_a_file_of_another_case_is_doubted_whatever_it_is():
    again = replace(PICTURE, used_elsewhere=True)
    assert doubts(again, LIMITS) == [Doubt.USED_ELSEWHERE]
    assert doubts(replace(again, recorded=False, taken=()), LIMITS) == [Doubt.USED_ELSEWHERE]


def test_every_doubt_has_words_in_both_languages():
    assert set(WORDS) == set(Doubt)
    for en, zh in WORDS.values():
        assert en.isascii()
        assert not zh.isascii()


@pytest.mark.parametrize(
    ("taken", "slug"),
    [
        (replace(HERE, at=NOW + timedelta(minutes=6)), "capture-in-the-future"),
        (replace(HERE, at=NOW - timedelta(minutes=4)), "capture-after-hand-in"),
        (replace(HERE, at=NOW - timedelta(days=731)), "capture-too-old"),
        (replace(HERE, at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))), "capture-too-old"),
        (replace(HERE, at=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))), "capture-in-the-future"),
        (Taken(NOW - timedelta(minutes=20), 117.0), "capture-half-a-place"),
        (Taken(NOW - timedelta(minutes=20), None, 36.0), "capture-half-a-place"),
        (Taken(NOW - timedelta(minutes=20), accuracy_m=3), "capture-half-a-place"),
        (Taken(NOW - timedelta(minutes=20), 0.0, -0.0, 3), "capture-nowhere"),
        (Taken(NOW - timedelta(minutes=20), *SITE, 500.1), "capture-too-vague"),
    ],
)
def test_what_no_device_can_know_is_refused(taken: Taken, slug: str):
    with pytest.raises(BadInput) as refused:
        may_be_declared(taken, NOW - timedelta(minutes=10), NOW, LIMITS)
    assert refused.value.slug == slug


def test_a_clock_that_is_a_little_off_is_forgiven_and_a_place_may_be_left_out():
    may_be_declared(Taken(NOW + timedelta(minutes=4)), NOW, NOW, LIMITS)
    may_be_declared(Taken(NOW - timedelta(minutes=6), *SITE, 500), NOW - timedelta(minutes=10), NOW, LIMITS)


@pytest.mark.parametrize("given", [0, 1790730000, "1790730000", "2026-09-30", "2026-09-30T09:00:00", "now", None])
def test_an_instant_is_written_out_with_its_zone(given: object):
    with pytest.raises(ValueError, match="taken_at"):
        DeclareCapture.model_validate({"taken_at": given})
    assert DeclareCapture.model_validate({"taken_at": "2026-09-30T09:00:00.5+08:00"}).taken_at > NOW


def photo(exif: Image.Exif) -> bytes:
    encoded = BytesIO()
    Image.new("RGB", (8, 8), "red").save(encoded, "JPEG", exif=exif)
    return encoded.getvalue()


def said(
    taken: str = "2026:09:30 09:00:00",
    offset: str | None = None,
    lat: tuple[object, object] | None = ("N", (36.0, 30.0, 36.0)),
    lon: tuple[object, object] | None = ("E", (117.0, 15.0, 0.0)),
) -> Embedded | None:
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = taken
    if offset is not None:
        inner[0x9011] = offset
    gps = exif.get_ifd(0x8825)
    for at, part in ((1, lat), (3, lon)):
        if part is not None:
            gps[at], gps[at + 1] = part
    return embedded(photo(exif), CHINA)


def test_a_photo_is_asked_when_and_where_it_was_taken():
    found = said()
    assert found is not None
    assert found.taken_at == NOW, "a camera without a zone means the county's"
    assert (found.lon, found.lat) == (117.25, pytest.approx(36.51))
    abroad = said(offset="-05:00", lat=("S", (1.0, 0.0, 0.0)), lon=("W", (2.0, 0.0, 0.0)))
    assert abroad == Embedded(datetime(2026, 9, 30, 14, tzinfo=UTC), -2.0, -1.0)


def test_what_a_photo_says_in_part_or_wrongly_counts_as_far_as_it_goes():
    assert said(taken="0000:00:00 00:00:00", lat=None) is None
    assert said(taken="yesterday", lat=("N", (91.0, 0.0, 0.0))) is None
    assert said(taken="yesterday", lat=("X", (36.0, 0.0, 0.0))) is None
    only_when = said(lon=None)
    assert only_when == Embedded(NOW, None, None)
    only_where = said(taken="2026:02:30 09:00:00")
    assert only_where is not None
    assert (only_where.taken_at, only_where.lon) == (None, 117.25)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8" + bytes(1000), b"%PDF-1.7", photo(Image.Exif()), photo(Image.Exif())[:300]]
)
def test_what_says_nothing_or_cannot_be_read_said_nothing(data: bytes):
    assert embedded(data, CHINA) is None


def test_a_broken_list_of_tags_raises_nothing():
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 30.0, 36.0), 3: "E", 4: (117.0, 15.0, 0.0)})
    whole = photo(exif)
    at = whole.index(b"Exif\0\0") + 6
    for cut in range(at, at + 120):
        embedded(whole[:cut] + b"\xff" * 8 + whole[cut + 8 :], CHINA)


def test_of_a_photos_own_words_only_what_can_be_so_is_believed():
    assert believable(HERE, NOW, LIMITS) == HERE
    assert believable(replace(HERE, at=NOW + timedelta(hours=1)), NOW, LIMITS) == replace(HERE, at=None)
    assert believable(replace(HERE, at=NOW - timedelta(days=4000)), NOW, LIMITS) == replace(HERE, at=None)
    assert believable(Taken(NOW, 0.0, 0.0), NOW, LIMITS) == Taken(NOW)
    assert believable(Taken(None, 0.0, 0.0), NOW, LIMITS) is None
