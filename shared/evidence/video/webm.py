"""What a WebM may keep, element by element (RFC 8794, RFC 9559); without it its tags would name its place and day.

Cues and seek heads count from the beginning of the segment, so nothing may move: an element that is not needed for
playing becomes a `Void` of the same size, filled with zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.evidence.video.buffer import Broken, Foreign, Steps, Telltale, Writable, blank

MAX_ELEMENTS = 200_000
"""A browser records clusters without a size, so that their blocks have to be counted: some 80 a second."""
MAX_HEADER_BYTES = 256

_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_DOC_TYPE = 0x4282
_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B
_TAGS, _CHAPTERS, _ATTACHMENTS = 0x1254C367, 0x1043A770, 0x1941A469
_KEPT = frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES})
_OF_THE_SEGMENT = _KEPT | {_TAGS, _CHAPTERS, _ATTACHMENTS}
_VOID, _CHECKSUM = 0xEC, 0xBF
_DAY, _TITLE, _FILE_NAME = 0x4461, 0x7BA9, 0x7384
_TRACK, _TRACK_TYPE, _TRACK_NAME = 0xAE, 0x83, 0x536E
_TELLING = frozenset({_VOID, _CHECKSUM, _DAY, _TITLE, _FILE_NAME, _TRACK_NAME})
"""In the segment's description and in a track's; a checksum would no longer be right."""
_PICTURE, _SOUND = 1, 2
_ID_BYTES, _SIZE_BYTES = 4, 8


@dataclass(frozen=True, slots=True)
class Element:
    kind: int
    at: int
    body: int
    end: int | None
    """None: as long as what it holds."""


def claims(head: bytes) -> bool:
    return head[:4] == _EBML.to_bytes(4, "big")


def silence(data: Writable) -> None:
    steps = Steps(MAX_ELEMENTS)
    header = _element(data, 0, len(data), steps)
    _is_webm(data, header, steps)
    segment = _element(data, _end(header), len(data), steps)
    if segment.kind != _SEGMENT or segment.end not in {None, len(data)}:
        raise Broken("not one segment to the end of the file")
    seen: set[int] = set()
    for element in _of_the_segment(data, segment.body, steps):
        seen.add(element.kind)
        if element.kind not in _KEPT:
            _void(data, element)
        elif element.kind == _INFO:
            _forget(data, element, steps)
        elif element.kind == _TRACKS:
            _only_picture_and_sound(data, element, steps)
    if not {_TRACKS, _CLUSTER} <= seen:
        raise Broken("nothing to see")


def _element(data: Writable, at: int, limit: int, steps: Steps) -> Element:
    steps.take()
    width = _width(data, at, limit, _ID_BYTES)
    kind = int.from_bytes(data[at : at + width], "big")
    start = at + width
    width = _width(data, start, limit, _SIZE_BYTES)
    unknown = (1 << 7 * width) - 1
    size = int.from_bytes(data[start : start + width], "big") & unknown
    body = start + width
    if size != unknown and size > limit - body:
        raise Broken("an element is longer than what holds it")
    return Element(kind, at, body, None if size == unknown else body + size)


def _width(data: Writable, at: int, limit: int, most: int) -> int:
    """Give how many bytes a number takes, by the zeros before its first one (RFC 8794 §4)."""
    width = 9 - data[at].bit_length() if at < limit else most + 1
    if width > most or at + width > limit:
        raise Broken("a number is cut off")
    return width


def _end(element: Element) -> int:
    if element.end is None:
        raise Broken("an element without a size")
    return element.end


def _inside(data: Writable, element: Element, steps: Steps) -> Iterator[Element]:
    at, end = element.body, _end(element)
    while at < end:
        inner = _element(data, at, end, steps)
        yield inner
        at = _end(inner)


def _is_webm(data: Writable, header: Element, steps: Steps) -> None:
    if _end(header) > MAX_HEADER_BYTES:
        raise Broken("a header that is none")
    named = [bytes(data[one.body : _end(one)]) for one in _inside(data, header, steps) if one.kind == _DOC_TYPE]
    if len(named) != 1 or named[0].rstrip(b"\0") != b"webm":
        raise Foreign("another kind of Matroska")


def _of_the_segment(data: Writable, at: int, steps: Steps) -> Iterator[Element]:
    while at < len(data):
        element = _element(data, at, len(data), steps)
        yield element
        if element.end is not None:
            at = element.end
        elif element.kind == _CLUSTER:
            at = _after_cluster(data, element.body, steps)
        else:
            raise Broken("an element without a size")


def _after_cluster(data: Writable, at: int, steps: Steps) -> int:
    while at < len(data):
        inner = _element(data, at, len(data), steps)
        if inner.kind in _OF_THE_SEGMENT:
            return inner.at
        at = _end(inner)
    return at


def _forget(data: Writable, element: Element, steps: Steps) -> None:
    for inner in list(_inside(data, element, steps)):
        if inner.kind in _TELLING:
            _void(data, inner)


def _only_picture_and_sound(data: Writable, tracks: Element, steps: Steps) -> None:
    kinds: set[int] = set()
    for track in list(_inside(data, tracks, steps)):
        if track.kind != _TRACK:
            _void(data, track)
            continue
        kinds |= {
            int.from_bytes(data[one.body : _end(one)], "big")
            for one in _inside(data, track, steps)
            if one.kind == _TRACK_TYPE
        }
        _forget(data, track, steps)
    if not kinds <= {_PICTURE, _SOUND}:
        raise Telltale(kinds)
    if _PICTURE not in kinds:
        raise Broken("nothing to see")


def _void(data: Writable, element: Element) -> None:
    """Turn an element into a `Void` of the same length, whose own size takes one byte or eight."""
    end = _end(element)
    width = 1 if end - element.at <= 2 + 126 else _SIZE_BYTES
    size = end - element.at - 1 - width
    data[element.at] = _VOID
    data[element.at + 1 : element.at + 1 + width] = (size | 1 << 7 * width).to_bytes(width, "big")
    blank(data, element.at + 1 + width, end)
