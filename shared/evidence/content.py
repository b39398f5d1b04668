"""What a file really is, without what it should not tell; without it a photo carries its reporter's GPS."""

from dataclasses import dataclass
from io import BytesIO
from mmap import mmap

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.errors import BadInput, TooLarge, Unsupported
from shared.evidence import video

MAX_IMAGE_BYTES = 15 * 1024 * 1024
MAX_PDF_BYTES = 20 * 1024 * 1024
MAX_VIDEO_BYTES = 50 * 1024 * 1024
"""The edge waits 10 s for an answer. In these a video is hashed, cleaned and put into a bucket: 4 s at 100 Mbit/s."""
MAX_PIXELS = 40_000_000
MAX_EDGE_PX = 4096
THUMBNAIL_EDGE_PX = 320
THUMBNAIL_TYPE = "image/webp"

Data = bytes | bytearray | mmap
"""A file in memory, or a long one that lies on disk."""

_MEDIA_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_PDF = "application/pdf"
_JPEG_QUALITY = 90
_THUMBNAIL_QUALITY = 75
_PDF_TRAILER_BYTES = 1024
"""Readers look for `%%EOF` in the last kilobyte, because mailers and scanners append to it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is fit to be kept and shown; only pictures have a width, a height and a small view."""

    data: Data
    media_type: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def media_types(*, images_only: bool) -> list[str]:
    """Name what is accepted, and what may be shown in turn."""
    pictures = sorted(set(_MEDIA_TYPES.values()))
    return pictures if images_only else [*pictures, _PDF, video.MP4, video.WEBM]


def cleaned(data: Data, *, images_only: bool = False) -> Content:
    """Decide the type by content and return what may be kept; CPU work, call it in a thread.

    A picture is decoded, turned upright, bounded to `MAX_EDGE_PX` and encoded anew from its pixels alone, so
    no EXIF, GPS, XMP, colour profile, text chunk, second frame or appended file survives (ASVS 5.2, 14.2.8).
    A video loses, where it stands, all that tells a place or a time; data that can be changed are changed.
    A PDF is kept as it is, its author field included: callers that protect a reporter ask for `images_only`.

    Raises Unsupported for other content, TooLarge for its bytes or pixels, BadInput for what is broken.
    """
    if not images_only:
        if data[:5] == b"%PDF-":
            return _pdf(data)
        if (claimed := video.claimed(bytes(data[: video.HEAD_BYTES]))) is not None:
            return _video(data, claimed)
    _bound(data, MAX_IMAGE_BYTES)
    try:
        return _picture(data)
    except UnidentifiedImageError as fault:
        raise _unsupported(images_only=images_only) from fault
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_many_pixels() from fault
    except (TooLarge, MemoryError):
        raise
    except Exception as fault:  # a hostile file may break a decoder in any way, and each way is the same refusal
        raise BadInput(
            "evidence-broken",
            "The picture is damaged or incomplete. Please take or send it again.",
            "图片已损坏或不完整，请重新拍摄或上传。",
        ) from fault


def thumbnail(data: bytes) -> bytes:
    """Make the small view of a picture that was kept before such views were."""
    with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
        return _small(image)


def _pdf(data: Data) -> Content:
    _bound(data, MAX_PDF_BYTES)
    if b"%%EOF" not in data[-_PDF_TRAILER_BYTES:]:
        raise BadInput(
            "evidence-broken",
            "The PDF is incomplete. Please send it again.",
            "PDF 文件不完整，请重新上传。",
        )
    return Content(data, _PDF)


def _video(data: Data, media_type: str) -> Content:
    _bound(data, MAX_VIDEO_BYTES)
    writable = bytearray(data) if isinstance(data, bytes) else data
    try:
        video.silence(writable, media_type)
    except video.Foreign as fault:
        raise _unsupported(images_only=False) from fault
    except video.Broken as fault:
        raise BadInput(
            "evidence-broken",
            "The video is damaged, incomplete or not built as players expect. Please send it again.",
            "视频已损坏、不完整或结构异常，请重新上传。",
        ) from fault
    except video.Telltale as fault:
        raise BadInput(
            "evidence-video-track",
            "Besides picture and sound the video carries a track that may tell places and cannot be taken out. "
            "Please export it without that track.",
            "视频除画面和声音外还含有可能记录位置且无法去除的轨道，请导出不含该轨道的视频后再上传。",
        ) from fault
    return Content(writable, media_type)


def _picture(data: Data) -> Content:
    with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
        # Only the header has been read so far: nothing the size of the claimed picture has been allocated.
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        media_type = _MEDIA_TYPES[image.format or ""]
        image.thumbnail((MAX_EDGE_PX, MAX_EDGE_PX))
        ImageOps.exif_transpose(image, in_place=True)
        upright = _eight_bit(image)
    upright.info = {}
    encoded = BytesIO()
    upright.save(encoded, format=media_type.removeprefix("image/"), quality=_JPEG_QUALITY)
    width, height = upright.size
    return Content(encoded.getvalue(), media_type, width, height, _small(upright))


def _small(picture: Image.Image) -> bytes:
    """Encode the small view; the picture itself is made small, for a copy would take its memory twice."""
    picture.thumbnail((THUMBNAIL_EDGE_PX, THUMBNAIL_EDGE_PX))
    encoded = BytesIO()
    picture.save(encoded, format="WEBP", quality=_THUMBNAIL_QUALITY)
    return encoded.getvalue()


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # a scanner's 16-bit grey, which a plain conversion would clip to white
        return image.point(_high_byte).convert("L")  # pyright: ignore[reportUnknownMemberType] half-typed by Pillow
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _high_byte(level: float) -> float:
    return level / 256


def _bound(data: Data, most_bytes: int) -> None:
    if len(data) > most_bytes:
        megabytes = most_bytes // (1024 * 1024)
        raise TooLarge(
            "evidence-too-large",
            f"The file is larger than {megabytes} MB.",
            f"文件超过 {megabytes} MB。",
            size_bytes=len(data),
            max_bytes=most_bytes,
        )


def _too_many_pixels() -> TooLarge:
    return TooLarge(
        "evidence-too-many-pixels",
        f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.",
        f"图片超过 {MAX_PIXELS // 10_000} 万像素。",
        max_pixels=MAX_PIXELS,
    )


def _unsupported(*, images_only: bool) -> Unsupported:
    also_en, also_zh = (
        ("", "") if images_only else (", a PDF, or an MP4 or WebM video", "，或 PDF 文件、MP4、WebM 视频")
    )
    return Unsupported(
        "evidence-type",
        f"Evidence must be a JPEG, PNG or WebP picture{also_en}. "
        "This file's content is something else, whatever its name.",
        f"证据须为 JPEG、PNG、WebP 图片{also_zh}；该文件的实际内容不符，与文件名无关。",
    )
