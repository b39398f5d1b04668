"""How a video is changed where it stands; without it a film would have to be copied to be cleaned."""

from mmap import mmap

Writable = bytearray | mmap
_ZEROS = bytes(64 * 1024)


class Foreign(ValueError):
    """A container of the same family that is no video of ours: QuickTime, HEIC, Matroska."""


class Broken(ValueError):
    """It is cut short, or its parts contradict each other."""


class Telltale(ValueError):
    """It carries a track besides picture and sound that cannot be taken out."""


def blank(data: Writable, start: int, end: int) -> None:
    """Overwrite with zeros, in pieces: what is blanked may be as long as the file."""
    for at in range(start, end, len(_ZEROS)):
        length = min(len(_ZEROS), end - at)
        data[at : at + length] = _ZEROS[:length]


class Steps:
    """How many parts of a file are looked at before it counts as made to keep us busy."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, number: int = 1) -> None:
        self._left -= number
        if self._left < 0:
            raise Broken("too many parts")
