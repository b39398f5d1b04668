"""What a photo says of its own making, read before it is taken out; never asked where a reporter is protected."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from io import BytesIO
from typing import Any

from PIL import Image

from shared.evidence.content import MAX_IMAGE_BYTES, Data

_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_WRITTEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_FROM_UTC = re.compile(r"([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Embedded:
    """When and where a camera says it was; a camera that names no time zone means that of the county."""

    taken_at: datetime | None
    lon: float | None
    lat: float | None


def embedded(data: Data, zone: tzinfo) -> Embedded | None:
    """Read a JPEG's EXIF, its header only, or give None; no content makes it raise. Call it in a thread."""
    if data[:2] != b"\xff\xd8" or len(data) > MAX_IMAGE_BYTES:
        return None
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as image:
            exif = image.getexif()
            found = _said(exif.get_ifd(_EXIF), exif.get_ifd(_GPS), zone)
    except Exception:  # noqa: BLE001 — it is hearsay: what cannot be read was not said
        return None
    return found if found.taken_at or found.lon is not None else None


def _said(exif: dict[int, Any], gps: dict[int, Any], zone: tzinfo) -> Embedded:
    lat, lon = _degrees(gps.get(_LAT), gps.get(_LAT_REF), "NS"), _degrees(gps.get(_LON), gps.get(_LON_REF), "EW")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 — degrees of a globe
        lat = lon = None
    return Embedded(_instant(exif.get(_TAKEN), exif.get(_OFFSET), zone), lon, lat)


def _instant(written: object, offset: object, zone: tzinfo) -> datetime | None:
    if (told := _WRITTEN.match(str(written))) is None:
        return None
    if (away := _FROM_UTC.match(str(offset))) is not None:
        ahead = timedelta(hours=int(away[2]), minutes=int(away[3]))
        zone = timezone(ahead if away[1] == "+" else -ahead)
    try:
        return datetime(*(int(part) for part in told.groups()), tzinfo=zone)
    except ValueError:  # a camera whose clock was never set says 0000:00:00
        return None


def _degrees(parts: Any, reference: object, letters: str) -> float | None:
    if parts is None or reference not in set(letters):
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    size = degrees + minutes / 60 + seconds / 3600
    return (-size if reference == letters[1] else size) if size == size else None  # noqa: PLR0124 — 0/0 is no number
