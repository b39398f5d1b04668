"""What an MP4 may keep, box by box (ISO/IEC 14496-12); without it it would name the place where it was filmed.

Offsets inside an MP4 count from the beginning of the file, so nothing may move: a box that is not needed for playing
becomes a `free` box of the same size, filled with zeros.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import Struct

from shared.evidence.video.buffer import Broken, Foreign, Steps, Telltale, Writable, blank
from shared.evidence.video.samples import chunks

MAX_BOXES = 50_000
"""A film of an hour in fragments of a second has some 30,000."""
MAX_ROWS = 200_000
"""Of the tables of tracks that are removed: places of an hour, told 30 times a second, are 108,000 samples."""
MAX_FTYP_BYTES = 256

_BRANDS = frozenset(
    {b"isom", b"mp41", b"mp42", b"mp71", b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5", b"3gp6"}
    | {b"iso%d" % n for n in range(2, 10)}
)
"""Brands that browsers and phones play; QuickTime (`qt  `) and still pictures (`heic`, `avif`) are not among them."""
_BRAND = re.compile(rb"(?:[A-Za-z0-9 ]{4})+")

_KEPT: Mapping[bytes, frozenset[bytes]] = {
    parent: frozenset(kind.encode() for kind in kinds.split())
    for parent, kinds in {
        b"": "ftyp styp moov mdat moof sidx ssix mfra",
        b"moov": "mvhd trak mvex iods",
        b"trak": "tkhd edts mdia tref",
        b"mdia": "mdhd hdlr minf elng",
        b"minf": "vmhd smhd nmhd dinf stbl",
        b"dinf": "dref",
        b"stbl": "stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh padb stdp sdtp sbgp sgpd subs saiz saio",
        b"mvex": "mehd trex leva",
        b"moof": "mfhd traf",
        b"traf": "tfhd tfdt trun sdtp sbgp sgpd subs saiz saio",
    }.items()
}
"""Box → the boxes in it that playing needs. All others (`udta` with `©xyz`, `meta`, `uuid`, …) are silenced."""
_PICTURE, _SOUND = b"vide", b"soun"
_TIMES = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_SELF_CONTAINED = 1
_SIZE_AND_KIND = Struct(">I4s")
_LARGE = Struct(">Q")
_LONG = Struct(">I")


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    at: int
    body: int
    end: int


def claims(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def silence(data: Writable) -> None:
    steps = Steps(MAX_BOXES)
    top = list(_boxes(data, 0, len(data), steps, top=True))
    _is_of_ours(data, top[0])
    films = [box for box in top if box.kind == b"moov"]
    media = [box for box in top if box.kind == b"mdat"]
    if len(films) != 1 or not media:
        raise Broken("not one film with its data")
    fragmented = any(box.kind == b"moof" for box in top)
    handlers = [_handler(data, track, steps) for track in _children(data, films[0], steps, b"trak")]
    if _PICTURE not in (kind for kind, _ in handlers):
        raise Broken("nothing to see")
    rows = Steps(MAX_ROWS)
    for kind, track in handlers:
        if kind not in {_PICTURE, _SOUND}:
            if fragmented:  # whose samples lie scattered over the fragments
                raise Telltale(kind)
            _remove(data, track, media, (steps, rows))
    for box in top:
        _keep_what_plays(data, b"", box, steps)


def _boxes(data: Writable, start: int, end: int, steps: Steps, *, top: bool = False) -> Iterator[Box]:
    at = start
    while at < end:
        steps.take()
        if end - at < _SIZE_AND_KIND.size:
            raise Broken("a header is cut off")
        size, kind = _SIZE_AND_KIND.unpack_from(data, at)
        body = at + _SIZE_AND_KIND.size
        if size == 1:  # the size stands in the next eight bytes
            body += _LARGE.size
            if body > end:
                raise Broken("a header is cut off")
            (size,) = _LARGE.unpack_from(data, body - _LARGE.size)
        elif size == 0 and top and kind == b"mdat":  # to the end of the file
            size = end - at
        if not body - at <= size <= end - at:
            raise Broken("a box is not as long as it says")
        yield Box(kind, at, body, at + size)
        at += size


def _children(data: Writable, box: Box, steps: Steps, kind: bytes) -> Iterator[Box]:
    return (inner for inner in _boxes(data, box.body, box.end, steps) if inner.kind == kind)


def _only(data: Writable, box: Box, steps: Steps, kind: bytes) -> Box:
    found = list(_children(data, box, steps, kind))
    if len(found) != 1:
        raise Broken(f"{len(found)} of {kind!r}")
    return found[0]


def _is_of_ours(data: Writable, first: Box) -> None:
    brands = bytes(data[first.body : first.end]) if first.end - first.at <= MAX_FTYP_BYTES else b""
    named = brands[:4] + brands[8:]  # between them stands a number
    if first.kind != b"ftyp" or not _BRAND.fullmatch(named):
        raise Broken("no list of brands")
    if not _BRANDS & {named[at : at + 4] for at in range(0, len(named), 4)}:
        raise Foreign(named[:4])


def _handler(data: Writable, track: Box, steps: Steps) -> tuple[bytes, Box]:
    """Say what a track is for."""
    box = _only(data, _only(data, track, steps, b"mdia"), steps, b"hdlr")
    _holds(box, 24)
    return bytes(data[box.body + 8 : box.body + 12]), track


def _remove(data: Writable, track: Box, media: list[Box], bounds: tuple[Steps, Steps]) -> None:
    """Blank a track and all that it has among the data: text and telemetry tracks hold a place for each second."""
    steps, rows = bounds
    inner = _only(data, _only(data, track, steps, b"mdia"), steps, b"minf")
    stbl = _only(data, inner, steps, b"stbl")
    tables = {box.kind: (box.body, box.end) for box in _boxes(data, stbl.body, stbl.end, steps)}
    left = len(data)
    for start, end in chunks(data, tables, rows):
        around = media[bisect_right(media, start, key=_body) - 1]
        left -= end - start
        # Chunks that overlap could name the whole file a million times over.
        if left < 0 or not around.body <= start <= end <= around.end:
            raise Broken("samples that are not among the data")
        blank(data, start, end)
    _silence_box(data, track)


def _body(box: Box) -> int:
    return box.body


def _keep_what_plays(data: Writable, parent: bytes, box: Box, steps: Steps) -> None:
    if box.kind not in _KEPT[parent]:
        _silence_box(data, box)
    elif box.kind in _KEPT:
        for inner in list(_boxes(data, box.body, box.end, steps)):
            _keep_what_plays(data, box.kind, inner, steps)
    elif box.kind in _TIMES:
        _forget_times(data, box)
    elif box.kind == b"hdlr":
        _holds(box, 24)
        blank(data, box.body + 24, box.end)  # a name, which cameras fill with their own
    elif box.kind == b"dref":
        _all_is_here(data, box, steps)


def _silence_box(data: Writable, box: Box) -> None:
    data[box.at + 4 : box.at + 8] = b"free"
    blank(data, box.body, box.end)


def _forget_times(data: Writable, box: Box) -> None:
    """Blank when it was made and changed: two numbers of 32 bits, or of 64 in version 1."""
    _holds(box, 20)
    blank(data, box.body + 4, box.body + (20 if data[box.body] else 12))


def _all_is_here(data: Writable, box: Box, steps: Steps) -> None:
    """Refuse data that a player would fetch from an address."""
    _holds(box, 8)
    for entry in _boxes(data, box.body + 8, box.end, steps):
        _holds(entry, 4)
        (flags,) = _LONG.unpack_from(data, entry.body)
        if entry.kind != b"url " or flags != _SELF_CONTAINED:
            raise Broken("its data lie elsewhere")


def _holds(box: Box, least: int) -> None:
    if box.end - box.body < least:
        raise Broken(f"{box.kind!r} is too short")
