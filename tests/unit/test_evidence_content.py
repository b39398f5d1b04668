"""Evidence is what it is and not what it is called, tells nothing but its picture, and never changes."""

import json
import struct
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import process_time
from uuid import UUID

import pytest
from PIL import Image, PngImagePlugin

from shared.errors import BadInput, Conflict, NotFound, Problem, TooLarge, Unsupported
from shared.evidence import EvidenceStore, Kept, safe_headers
from shared.evidence.content import MAX_EDGE_PX, MAX_IMAGE_BYTES, MAX_PDF_BYTES, cleaned

ID = UUID("01939d2e-7c1a-7bbb-8000-0000000000ab")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
GPS_IFD, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 32), mode: str = "RGB", **options: object) -> bytes:
    encoded = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(encoded, format=form, **options)
    return encoded.getvalue()


def phone_photo(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (36.0, 40.0, 0.0), 3: "E", 4: (117.0, 1.0, 0.0)})
    return picture(exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile")


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def png_header_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_photo_loses_its_place_its_camera_its_comment_and_its_profile():
    sent = phone_photo()
    assert b"SecretPhone" in sent
    kept = cleaned(sent)
    assert kept.media_type == "image/jpeg"
    assert not opened(kept.data).getexif()
    assert "exif" not in opened(kept.data).info
    assert b"Exif" not in kept.data
    assert b"Secret" not in kept.data


def test_a_photo_taken_sideways_is_stored_upright():
    kept = cleaned(phone_photo(orientation=6))
    assert (kept.width, kept.height) == (32, 64)
    assert opened(kept.data).size == (32, 64)


def test_a_png_loses_its_text_chunks():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretAuthor")
    notes.add_itxt("XML:com.adobe.xmp", "SecretXmp")
    sent = picture("PNG", pnginfo=notes)
    assert b"SecretAuthor" in sent
    kept = cleaned(sent)
    assert kept.media_type == "image/png"
    assert b"Secret" not in kept.data
    assert not opened(kept.data).info


def test_a_webp_loses_its_exif_and_xmp():
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    kept = cleaned(picture("WEBP", exif=exif, xmp=b"SecretXmp"))
    assert kept.media_type == "image/webp"
    assert b"Secret" not in kept.data


def test_a_photo_with_a_second_picture_inside_keeps_only_the_first():
    encoded = BytesIO()
    second = Image.new("RGB", (64, 32), "red")
    Image.new("RGB", (64, 32), "blue").save(encoded, format="MPO", save_all=True, append_images=[second])
    assert getattr(opened(encoded.getvalue()), "n_frames", 1) == 2
    kept = cleaned(encoded.getvalue())
    assert kept.media_type == "image/jpeg"
    assert getattr(opened(kept.data), "n_frames", 1) == 1


def test_a_picture_with_a_page_appended_loses_the_page():
    kept = cleaned(picture() + b"<html><script>alert(1)</script></html>" + PDF)
    assert kept.media_type == "image/jpeg"
    assert b"script" not in kept.data
    assert b"%PDF" not in kept.data


def test_a_transparent_picture_stays_transparent():
    sent = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 10)).save(sent, format="PNG")
    assert opened(cleaned(sent.getvalue()).data).getpixel((0, 0)) == (255, 0, 0, 10)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_every_colour_mode_that_phones_and_scanners_send_is_kept(mode: str):
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert cleaned(picture(form, mode=mode)).width == 64


def test_a_scan_with_sixteen_bits_of_grey_does_not_turn_white():
    sent = BytesIO()
    Image.new("I;16", (4, 4), 0x8000).save(sent, format="PNG")
    assert opened(cleaned(sent.getvalue()).data).getpixel((0, 0)) == 0x80


def test_a_picture_larger_than_any_screen_is_made_smaller():
    kept = cleaned(picture(size=(6000, 300)))
    assert (kept.width, kept.height) == (MAX_EDGE_PX, 205)


@pytest.mark.parametrize(
    "content",
    [
        b"just a text that is called photo.jpg",
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"\xff\xd8\xff\xe0 not really a jpeg",
        b" " + PDF,
    ],
)
def test_content_of_another_kind_is_refused_whatever_its_name(content: bytes):
    with pytest.raises((Unsupported, BadInput)):
        cleaned(content)


def test_a_text_named_jpg_is_refused_as_a_type():
    with pytest.raises(Unsupported) as refused:
        cleaned(b"just a text that is called photo.jpg")
    assert refused.value.slug == "evidence-type"


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 10_000), (8_000, 5_001), (2_000_000_000, 2)])
def test_a_picture_that_would_burst_is_refused_before_it_is_decoded(size: tuple[int, int]):
    bomb = png_header_claiming(*size)
    begun = process_time()
    with pytest.raises(TooLarge) as refused:
        cleaned(bomb)
    assert refused.value.slug == "evidence-too-many-pixels"
    assert process_time() - begun < 0.2


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short_is_refused(form: str):
    whole = picture(form, (400, 300))
    with pytest.raises(BadInput) as refused:
        cleaned(whole[: len(whole) // 2])
    assert refused.value.slug == "evidence-broken"


def test_files_above_their_limit_are_refused():
    with pytest.raises(TooLarge):
        cleaned(picture() + bytes(MAX_IMAGE_BYTES))
    with pytest.raises(TooLarge):
        cleaned(PDF[:-7] + bytes(MAX_PDF_BYTES) + b"%%EOF\n")


def test_a_whole_pdf_is_kept_as_it_is_and_a_cut_one_is_not():
    kept = cleaned(PDF)
    assert (kept.data, kept.media_type, kept.width) == (PDF, "application/pdf", None)
    with pytest.raises(BadInput):
        cleaned(PDF[:-7])


def test_a_channel_that_protects_its_reporter_takes_no_pdf_because_that_names_its_author():
    with pytest.raises(Unsupported) as refused:
        cleaned(PDF, images_only=True)
    assert "PDF" not in refused.value.en


async def test_what_is_kept_is_read_back_and_proves_itself(tmp_path: Path):
    store = EvidenceStore(str(tmp_path / "证据 store"))
    sent = phone_photo()
    kept = await store.keep("volunteer", ID, sent, "IMG_1.jpg")
    data, known = await store.read("volunteer", ID)
    assert known == kept == await store.kept("volunteer", ID)
    assert kept.sha256 == sha256(data).hexdigest()
    assert kept.original_sha256 == sha256(sent).hexdigest() != kept.sha256
    assert (kept.id, kept.size_bytes, kept.width, kept.height) == (ID, len(data), 64, 32)


async def test_the_same_file_twice_is_kept_once_and_another_under_its_id_conflicts(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, PDF)
    assert await store.keep("volunteer", ID, PDF) == kept
    with pytest.raises(Conflict):
        await store.keep("volunteer", ID, picture())
    assert await store.read("volunteer", ID) == (PDF, kept)
    assert len(files(tmp_path)) == 2


async def test_the_loser_of_a_race_for_one_id_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = EvidenceStore(str(tmp_path))
    winner = await store.keep("volunteer", ID, PDF)

    async def nothing_yet(owner: str, evidence_id: UUID) -> None:
        """What the loser saw before the winner wrote its record."""

    original = EvidenceStore._record
    answers = [nothing_yet, original.__get__(store)]
    monkeypatch.setattr(EvidenceStore, "_record", lambda _, *at: answers.pop(0)(*at))
    with pytest.raises(Conflict):
        await store.keep("volunteer", ID, picture())
    monkeypatch.setattr(EvidenceStore, "_record", original)
    assert await store.read("volunteer", ID) == (PDF, winner)
    assert len(files(tmp_path)) == 2


async def test_another_owner_finds_nothing_under_the_id(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    await store.keep("volunteer", ID, PDF)
    with pytest.raises(NotFound):
        await store.read("thirdparty", ID)


async def test_a_refused_file_leaves_nothing_and_the_refusal_names_it(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    with pytest.raises(Unsupported) as refused:
        await store.keep("volunteer", ID, b"text", "../../photo.jpg")
    assert refused.value.facts["file"] == "../../photo.jpg"
    assert not files(tmp_path)


async def test_bytes_changed_behind_our_back_are_not_served_as_evidence(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, PDF)
    files(tmp_path)[f"volunteer/ab/{ID}/{kept.sha256}"].write_bytes(PDF + b"added later")
    with pytest.raises(Problem) as refused:
        await store.read("volunteer", ID)
    assert refused.value.slug == "evidence-damaged"


async def test_places_on_disk_come_from_ids_and_never_from_names(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, PDF, "王五举报.pdf")
    record = f"volunteer/ab/{ID}/kept.json"
    assert files(tmp_path).keys() == {f"volunteer/ab/{ID}/{kept.sha256}", record}
    assert json.loads(files(tmp_path)[record].read_bytes()) == kept.model_dump(mode="json")
    with pytest.raises(ValueError, match="plain word"):
        await store.keep("../volunteer", ID, PDF)


def test_a_bucket_is_named_by_its_url_and_building_the_store_asks_nobody():
    assert "evidence-bucket" in repr(EvidenceStore("s3://evidence-bucket/county")._objects)


def test_pictures_are_shown_and_documents_saved_and_neither_can_run():
    shown = safe_headers(kept_as("image/png"), "复查-3")
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"] == (
        f"inline; filename=\"evidence-{ID}.png\"; filename*=UTF-8''%E5%A4%8D%E6%9F%A5-3.png"
    )
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["Cross-Origin-Resource-Policy"] == "same-site"
    saved = safe_headers(kept_as("application/pdf"))["Content-Disposition"]
    assert saved == f"attachment; filename=\"evidence-{ID}.pdf\"; filename*=UTF-8''evidence-{ID}.pdf"


def test_a_label_cannot_add_a_header():
    label = safe_headers(kept_as("image/jpeg"), 'a"\r\nSet-Cookie: x=1')["Content-Disposition"]
    assert "\r" not in label
    assert "\n" not in label
    assert label.count('"') == 2


def kept_as(media_type: str) -> Kept:
    return Kept(id=ID, sha256="0", original_sha256="0", media_type=media_type, size_bytes=1, width=None, height=None)
