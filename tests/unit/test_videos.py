"""A video keeps its picture and its sound, and not a word of where and when; what is no video is refused, and soon."""

import re
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import BadInput, Problem, TooLarge, Unsupported
from shared.evidence import content, video
from shared.evidence.content import Content, cleaned
from shared.evidence.video import Broken
from shared.evidence.video import mp4 as boxes
from shared.evidence.video import webm as elements

SAMPLES = Path(__file__).parents[1] / "data" / "evidence"
DRONE, FRAGMENTS = (SAMPLES / "drone.mp4").read_bytes(), (SAMPLES / "fragments.mp4").read_bytes()
TAGGED, LIVE = (SAMPLES / "tagged.webm").read_bytes(), (SAMPLES / "live.webm").read_bytes()
HTML = b"<html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


def box(kind: bytes, *inner: bytes, size: int | None = None) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I4s", len(body) + 8 if size is None else size, kind) + body


def long_box(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4sQ", 1, kind, len(body) + 16 if size is None else size) + body


def full(kind: bytes, *inner: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *inner)


FTYP = box(b"ftyp", b"isom", bytes(4), b"isommp42")
TIME = struct.pack(">I", 3_870_000_000)
HERE = full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1))
MEDIA_AT = len(FTYP) + 8


def table(kind: bytes, form: str, *rows: tuple[int, ...]) -> bytes:
    return full(kind, struct.pack(">I", len(rows)), *(struct.pack(form, *row) for row in rows))


def sizes(*each: int) -> bytes:
    return full(b"stsz", struct.pack(">II", 0, len(each)), *(struct.pack(">I", one) for one in each))


def track(handler: bytes = b"vide", *more: bytes, stbl: bytes | None = None, dref: bytes = HERE) -> bytes:
    tables = box(b"stbl", table(b"stsc", ">III"), sizes(), table(b"stco", ">I")) if stbl is None else stbl
    return box(
        b"trak",
        full(b"tkhd", TIME, TIME, bytes(68)),
        box(
            b"mdia",
            full(b"mdhd", TIME, TIME, bytes(12)),
            full(b"hdlr", bytes(4), handler, bytes(12), b"SecretCamera\0"),
            box(b"minf", box(b"dinf", dref), tables),
        ),
        *more,
    )


def film(*tracks: bytes, media: bytes = b"picture", more: bytes = b"") -> bytes:
    """A film whose data come first, so that their place is known."""
    moov = box(b"moov", full(b"mvhd", TIME, TIME, bytes(88)), *(tracks or (track(),)))
    return FTYP + box(b"mdat", media) + moov + more


def kept(data: bytes) -> bytes:
    known: Content = cleaned(data)
    assert len(known.data) == len(data), "nothing may move"
    return bytes(known.data)


def slug_of(data: bytes) -> str:
    with pytest.raises(Problem) as refused:
        cleaned(data)
    return refused.value.slug


def test_a_drones_film_loses_its_place_its_track_of_places_and_its_times_and_keeps_what_plays():
    assert b"loci" in DRONE
    assert DRONE.count(b"GPS(117.012") == 2
    data = kept(DRONE)
    assert [word for word in (b"loci", b"GPS(", b"udta", b"36.6") if word in data] == []
    assert data.count(b"trak") == DRONE.count(b"trak") - 1
    of_the_text = re.compile(rb"..GPS\([^)]*\)", re.DOTALL)
    assert media_of(data) == of_the_text.sub(lambda text: bytes(len(text[0])), media_of(DRONE)), "nothing else is gone"


def media_of(data: bytes) -> bytes:
    at = data.index(b"mdat") - 4
    return data[at : at + int.from_bytes(data[at : at + 4], "big")]


@pytest.mark.parametrize("data", [FRAGMENTS, LIVE], ids=["mp4", "webm"])
def test_what_a_browser_records_in_pieces_is_kept(data: bytes):
    assert cleaned(data).media_type in {"video/mp4", "video/webm"}
    assert kept(kept(data)) == kept(data), "what is clean stays as it is"


def test_a_webm_loses_its_tags_and_its_title_and_keeps_its_pictures():
    assert b"+36.6543" in TAGGED
    assert b"Seen from the gate" in TAGGED
    data = kept(TAGGED)
    assert b"36.65" not in data
    assert b"gate" not in data
    cluster = TAGGED.index(b"\x1f\x43\xb6\x75")
    length = 0x0FFFFFFF & int.from_bytes(TAGGED[cluster + 4 : cluster + 8], "big")
    assert TAGGED[cluster : cluster + 8 + min(length, 100)] == data[cluster : cluster + 8 + min(length, 100)]


@pytest.mark.parametrize("data", [DRONE, FRAGMENTS, TAGGED, LIVE], ids=["drone", "fragments", "tagged", "live"])
def test_a_channel_that_protects_its_reporter_takes_no_video(data: bytes):
    with pytest.raises(Unsupported) as refused:
        cleaned(data, images_only=True)
    assert "video" not in refused.value.en


def test_a_film_made_by_hand_loses_every_time_name_and_hidden_box():
    hidden = [box(kind, b"Secret" * 3) for kind in (b"udta", b"meta", b"uuid", b"\xa9xyz", b"xml ", b"free")]
    data = kept(film(track(b"vide", *hidden), track(b"soun"), more=b"".join(hidden)))
    assert b"Secret" not in data
    assert TIME not in data
    assert b"picture" in data
    assert data.count(b"vide") == 1
    assert data.count(b"soun") == 1


def test_times_of_sixty_four_bits_are_forgotten_too():
    moov = box(b"moov", full(b"mvhd", bytes(4) + TIME, bytes(4) + TIME, bytes(96), version=1), track())
    assert TIME not in kept(FTYP + box(b"mdat", b"picture") + moov)


def test_a_track_of_places_is_blanked_chunk_by_chunk_and_the_picture_is_not():
    media = b"PICTURE1" + b"place-one" + b"PICTURE2" + b"place-two+"
    stbl = box(
        b"stbl",
        table(b"stsc", ">III", (1, 1, 1)),
        sizes(9, 10),
        table(b"stco", ">I", (MEDIA_AT + 8,), (MEDIA_AT + 25,)),
    )
    data = kept(film(track(), track(b"meta", stbl=stbl), media=media))
    assert data[MEDIA_AT : MEDIA_AT + len(media)] == b"PICTURE1" + bytes(9) + b"PICTURE2" + bytes(10)
    uniform = box(
        b"stbl",
        table(b"stsc", ">III", (1, 2, 1), (2, 1, 1)),
        full(b"stsz", struct.pack(">II", 4, 3)),
        table(b"co64", ">Q", (MEDIA_AT + 8,), (MEDIA_AT + 25,)),
    )
    data = kept(film(track(), track(b"text", stbl=uniform), media=media))
    assert data[MEDIA_AT : MEDIA_AT + len(media)] == b"PICTURE1" + bytes(8) + b"ePICTURE2" + bytes(4) + b"e-two+"


def telemetry(*tables: bytes) -> bytes:
    return film(track(), track(b"meta", stbl=box(b"stbl", *tables)), media=bytes(64))


RUN, SIZE, OFFSET = table(b"stsc", ">III", (1, 1, 1)), sizes(4), table(b"stco", ">I", (MEDIA_AT,))


@pytest.mark.parametrize(
    "data",
    [
        telemetry(RUN, SIZE, table(b"stco", ">I", (0,))),
        telemetry(RUN, SIZE, table(b"stco", ">I", (MEDIA_AT + 61,))),
        telemetry(RUN, SIZE, table(b"co64", ">Q", (2**63,))),
        telemetry(RUN, full(b"stsz", struct.pack(">II", 2**31, 1)), OFFSET),
        telemetry(table(b"stsc", ">III", (1, 2**32 - 1, 1)), SIZE, OFFSET),
        telemetry(table(b"stsc", ">III", (2, 1, 1)), SIZE, OFFSET),
        telemetry(SIZE, OFFSET),
        telemetry(RUN, full(b"stsz", struct.pack(">II", 0, 2**32 - 1)), OFFSET),
        telemetry(RUN, box(b"stsz", bytes(3)), OFFSET),
        telemetry(RUN, SIZE, full(b"stco", struct.pack(">I", 2**32 - 1))),
        telemetry(RUN, sizes(*[60] * 30), table(b"stco", ">I", *[(MEDIA_AT,)] * 30)),
        film(track(), track(b"meta", stbl=b"")),
    ],
    ids=["before", "beyond", "far", "huge", "many", "late", "unruled", "listed", "cut", "said", "overlapping", "none"],
)
def test_a_track_that_lies_about_its_samples_is_broken(data: bytes):
    assert slug_of(data) == "evidence-broken"


def test_a_track_that_cannot_be_taken_out_is_told_as_that():
    compact = telemetry(RUN, full(b"stz2", bytes(8)), OFFSET)
    assert slug_of(compact) == "evidence-video-track"
    scattered = film(track(), track(b"meta"), more=box(b"moof", full(b"mfhd", bytes(4))))
    assert slug_of(scattered) == "evidence-video-track"
    subtitled = TAGGED.replace(b"\x83\x81\x01", b"\x83\x81\x11")
    assert subtitled != TAGGED
    assert slug_of(subtitled) == "evidence-video-track"


@pytest.mark.parametrize(
    "data",
    [
        FTYP,
        FTYP + box(b"mdat", b"picture"),
        film()[:-1],
        film()[: len(FTYP) + 4],
        film() + b"junk",
        film() + box(b"free", size=7),
        film() + box(b"free", size=9),
        film() + box(b"free", size=0),
        film() + long_box(b"free", b"", size=15),
        film() + long_box(b"free", b"", size=2**64 - 1),
        film() + struct.pack(">I4s", 1, b"free"),
        film() + HTML,
        film() + b"PK\x03\x04" + bytes(64),
        film() + PDF,
        film() + film(),
        film(track(b"soun")),
        film(track(b"vide", box(b"udta", size=4000))),
        film(track(b"vide", box(b"mdia"))),
        film(box(b"trak")),
        film(box(b"trak", box(b"mdia", box(b"hdlr", bytes(8))))),
        film(track(dref=full(b"dref", struct.pack(">I", 1), full(b"url ", b"http://tracker.example/x\0")))),
        film(track(dref=full(b"dref", struct.pack(">I", 1), full(b"urn ", flags=1)))),
        film(track(dref=box(b"dref"))),
        FTYP + box(b"mdat") + box(b"moov", box(b"mvhd", bytes(8)), track()),
        box(b"ftyp", b"isom", bytes(4), HTML[:36]) + film()[len(FTYP) :],
        box(b"ftyp", b"isom", bytes(4), b"isom" * 100) + film()[len(FTYP) :],
        struct.pack(">I4s", 2**31, b"ftyp") + HTML,
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_what_does_not_hold_together_is_broken(data: bytes):
    assert slug_of(data) == "evidence-broken"


@pytest.mark.parametrize("brand", [b"qt  ", b"heic", b"avif", b"jp2 "])
def test_another_file_of_the_family_is_told_as_another_type(brand: bytes):
    assert slug_of(box(b"ftyp", brand, bytes(4), brand) + film()[len(FTYP) :]) == "evidence-type"
    assert slug_of(TAGGED.replace(b"\x42\x82\x84webm", b"\x42\x82\x84matr")) == "evidence-type"


@pytest.mark.parametrize("data", [HTML + FTYP, b"<htmftyp" + film(), b"\n" + film(), HTML + TAGGED])
def test_a_page_that_holds_a_video_is_no_video(data: bytes):
    assert slug_of(data) in {"evidence-type", "evidence-broken"}


def test_a_page_hidden_in_a_box_is_gone():
    data = kept(film(more=box(b"free", HTML) + box(b"skip", PDF) + long_box(b"uuid", bytes(16) + HTML)))
    assert b"script" not in data
    assert b"%PDF" not in data


def test_the_data_of_a_film_may_reach_to_its_end_and_have_a_long_size():
    moov = film()[len(FTYP) + len(box(b"mdat", b"picture")) :]
    for media in (box(b"mdat", b"picture", size=0), long_box(b"mdat", b"picture")):
        assert b"picture" in kept(FTYP + moov + media)
    assert slug_of(FTYP + box(b"mdat", b"picture", size=0) + moov) == "evidence-broken", "then nothing comes after"


def ebml(kind: int, body: bytes, *, unknown: bool = False) -> bytes:
    width = (kind.bit_length() + 7) // 8
    size = (1 << 56) - 1 if unknown else len(body)
    return kind.to_bytes(width, "big") + (size | 1 << 56).to_bytes(8, "big") + body


HEADER = ebml(0x1A45DFA3, ebml(0x4282, b"webm"))
TRACKS = ebml(0x1654AE6B, ebml(0xAE, ebml(0x83, b"\1") + ebml(0x536E, b"SecretName")))
CLUSTER = ebml(0x1F43B675, ebml(0xE7, b"\0") + ebml(0xA3, b"picture"))


def webm(*parts: bytes, unknown: bool = False) -> bytes:
    return HEADER + ebml(0x18538067, b"".join(parts), unknown=unknown)


def test_a_webm_made_by_hand_loses_its_day_its_names_and_what_nobody_knows():
    info = ebml(0x1549A966, ebml(0xBF, b"crc!") + ebml(0x4461, b"SecretDa") + ebml(0x7384, b"Secret.webm"))
    hidden = [ebml(kind, b"Secret" * 40) for kind in (0x1254C367, 0x1941A469, 0x1043A770, 0xEC, 0x4DFF)]
    open_ended = ebml(0x1F43B675, ebml(0xA3, b"picture"), unknown=True)
    for data in (webm(info, TRACKS, CLUSTER, *hidden), webm(info, TRACKS, open_ended, *hidden, unknown=True)):
        cleared = kept(data)
        assert b"Secret" not in cleared
        assert b"crc!" not in cleared
        assert b"picture" in cleared
        assert kept(cleared) == cleared


@pytest.mark.parametrize(
    "data",
    [
        HEADER,
        HEADER[:6],
        HEADER + bytes(20),
        webm(),
        webm(TRACKS),
        webm(CLUSTER),
        webm(TRACKS, CLUSTER)[:-1],
        webm(TRACKS, CLUSTER) + HTML,
        webm(TRACKS, CLUSTER) + webm(TRACKS, CLUSTER),
        webm(ebml(0x1654AE6B, ebml(0xAE, ebml(0x83, b"\2"))), CLUSTER),
        webm(ebml(0x1654AE6B, ebml(0xAE, b""), unknown=True), CLUSTER),
        webm(TRACKS, ebml(0x1F43B675, ebml(0xA3, b"", unknown=True), unknown=True), unknown=True),
        webm(ebml(0x1654AE6B, b"\xae\x90"), CLUSTER),
        webm(TRACKS, CLUSTER, b"\0\0\0\0\0", unknown=True),
        ebml(0x1A45DFA3, ebml(0x4282, b"webm") + ebml(0xEC, HTML * 10)) + webm(TRACKS, CLUSTER)[len(HEADER) :],
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_a_webm_that_does_not_hold_together_is_broken(data: bytes):
    assert slug_of(data) == "evidence-broken"


MOST = 1_000
"""How many parts a file may have in the next test, where 50,000 and more would take long to write."""


def crowd_of_boxes() -> bytes:
    return film(more=box(b"free") * 10 * MOST)


def crowd_of_samples() -> bytes:
    """Each table is below the limit; all together they are not."""
    many = MOST * 3 // 4
    rows = struct.pack(">I", many) + struct.pack(">I", MEDIA_AT) * many
    one = box(b"stbl", RUN, full(b"stsz", struct.pack(">II", 1, many)), full(b"stco", rows))
    return film(track(), *[track(b"meta", stbl=one)] * 20, media=bytes(20 * MOST))


def crowd_of_runs() -> bytes:
    rows = struct.pack(">I", 100 * MOST) + struct.pack(">III", 1, 1, 1) * 100 * MOST
    return telemetry(full(b"stsc", rows), SIZE, OFFSET)


def crowd_of_elements() -> bytes:
    return webm(TRACKS, ebml(0x1F43B675, b"\xec\x80" * 10 * MOST, unknown=True), unknown=True)


@pytest.mark.parametrize("crowd", [crowd_of_boxes, crowd_of_samples, crowd_of_runs, crowd_of_elements])
def test_a_file_made_to_keep_us_busy_does_not(crowd: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch):
    """So much is done for each part that is allowed, and no more. No clock tells it: calls do."""
    for container, limit in ((boxes, "MAX_BOXES"), (boxes, "MAX_ROWS"), (elements, "MAX_ELEMENTS")):
        monkeypatch.setattr(container, limit, MOST)
    data = bytearray(crowd())
    media_type = video.claimed(bytes(data[:12]))
    assert media_type is not None
    with calls_counted() as calls, pytest.raises(Broken, match="too many parts"):
        video.silence(data, media_type)
    assert sum(calls) < 20 * MOST


@contextmanager
def calls_counted() -> Iterator[list[int]]:
    """Count what is called meanwhile, in Python and in C: the same on every machine, however busy."""
    calls = [0]

    def count(_frame: object, event: str, _what: object) -> None:
        calls[0] += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def test_a_video_above_its_limit_is_refused_and_the_limit_is_that_of_videos(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(content, "MAX_VIDEO_BYTES", len(DRONE))
    monkeypatch.setattr(content, "MAX_IMAGE_BYTES", 10)
    kept(DRONE)
    with pytest.raises(TooLarge):
        cleaned(DRONE + bytes(1))


@given(
    st.sampled_from([DRONE, FRAGMENTS, TAGGED, LIVE]),
    st.lists(st.tuples(st.integers(0, 4000), st.sampled_from([0, 1, 8, 127, 128, 255]) | st.integers(0, 255))),
    st.integers(0, 40),
)
def test_whatever_is_wrong_with_a_video_it_is_kept_at_its_length_or_refused_in_words(
    data: bytes, changes: list[tuple[int, int]], cut: int
):
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(changed)] = value
    whole = bytes(changed[: len(changed) - cut])
    with suppress(BadInput, Unsupported):
        assert len(cleaned(whole).data) == len(whole)
