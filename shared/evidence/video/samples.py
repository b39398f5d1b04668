"""Where the samples of an MP4's track lie; without it a removed track would still be in the file."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from struct import Struct, calcsize, iter_unpack

from shared.evidence.video.buffer import Broken, Steps, Telltale, Writable

Tables = Mapping[bytes, tuple[int, int]]
"""Kind of box → where its content begins and ends."""

_COUNT = Struct(">4xI")
_SIZES = Struct(">4xII")


def chunks(data: Writable, tables: Tables, rows: Steps) -> Iterator[tuple[int, int]]:
    """Give where each chunk of samples begins and ends, from the tables of a track.

    `rows` bounds what is read of all tables: a hostile one has as many rows as the file has room for.
    """
    offsets = _rows(data, tables, b"stco", ">I", rows) or _rows(data, tables, b"co64", ">Q", rows)
    runs = _rows(data, tables, b"stsc", ">III", rows)
    if offsets and (not runs or runs[0][0] != 1):
        raise Broken("chunks without samples")
    sizes = _sizes(data, tables, rows)
    run = sample = 0
    for number, (offset,) in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        following = sample + runs[run][1]
        yield offset, offset + sizes.between(sample, following)
        sample = following


class _Sizes:
    """How long samples are: all alike, or each for itself."""

    def __init__(self, each: int, several: list[int]) -> None:
        self._each = each
        self._sums = [0, *accumulate(several)]

    def between(self, first: int, following: int) -> int:
        if self._each:
            return self._each * (following - first)
        if following >= len(self._sums):
            raise Broken("samples without a size")
        return self._sums[following] - self._sums[first]


def _sizes(data: Writable, tables: Tables, rows: Steps) -> _Sizes:
    if b"stsz" not in tables:  # the compact form is as good as never written
        raise Telltale("sizes in another form")
    start, end = tables[b"stsz"]
    if end - start < _SIZES.size:
        raise Broken("a table is cut off")
    each, count = _SIZES.unpack_from(data, start)
    return _Sizes(
        each, [] if each else [size for (size,) in _listed(data, start + _SIZES.size, end, ">I", count, rows)]
    )


def _rows(data: Writable, tables: Tables, kind: bytes, form: str, rows: Steps) -> list[tuple[int, ...]]:
    if kind not in tables:
        return []
    start, end = tables[kind]
    if end - start < _COUNT.size:
        raise Broken("a table is cut off")
    (count,) = _COUNT.unpack_from(data, start)
    return _listed(data, start + _COUNT.size, end, form, count, rows)


def _listed(data: Writable, start: int, end: int, form: str, count: int, rows: Steps) -> list[tuple[int, ...]]:
    length = count * calcsize(form)
    if length > end - start:
        raise Broken("a table is shorter than it says")
    rows.take(count)
    return list(iter_unpack(form, bytes(data[start : start + length])))
