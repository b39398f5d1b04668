"""Photographs as phones and body cameras make them, and how they are handed in to inspection."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from inspection_county import put
from PIL import Image

from shared.auth import Actor
from shared.testing import START, Platform

TAKEN = (START - timedelta(minutes=10)).isoformat()
DECLARED: dict[str, Any] = {
    "taken_at": TAKEN,
    "lon": 117.0,
    "lat": 36.0,
    "accuracy_m": 8.5,
    "device": "body camera 12",
}


def photo(color: str = "red", *, exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), color).save(out, "JPEG", **({} if exif is None else {"exif": exif}))
    return out.getvalue()


def taken(at: str, lon: float = 117.0, lat: float = 36.0) -> Image.Exif:
    """Say what a phone writes into a photo: a time of the county, and a place."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = at
    exif.get_ifd(0x8825).update({1: "N", 2: (lat, 0.0, 0.0), 3: "E", 4: (lon, 0.0, 0.0)})
    return exif


async def hand_in(platform: Platform, who: Actor, data: bytes, **declared: Any) -> dict[str, Any]:
    """Hand in a file, declare what is known of it, and give its reference."""
    async with platform.client("inspection", who) as http:
        kept = await http.put(f"/evidence/inspection/{uuid4()}", content=data)
        assert kept.status_code == 201, kept.text
    if declared:
        await put(platform, who, f"/evidence/inspection/{kept.json()['id']}/capture", **declared)
    return {name: kept.json()[name] for name in ("id", "owner", "sha256", "media_type")}
