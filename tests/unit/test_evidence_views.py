"""A picture has a small view from its first day, a long file is never whole in memory, and both are what was kept."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import Request
from PIL import Image

from shared.errors import Conflict, NotFound, Problem, Unavailable
from shared.evidence import EvidenceStore, arriving, safe_headers
from shared.evidence.arriving import Arrivals
from shared.evidence.content import THUMBNAIL_EDGE_PX, Data, cleaned

ID, OTHER = UUID("01939d2e-7c1a-7bbb-8000-0000000000ab"), UUID("01939d2e-7c1a-7bbb-8000-0000000000ac")
FILM = (Path(__file__).parents[1] / "data" / "evidence" / "drone.mp4").read_bytes()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


def picture(form: str = "JPEG", size: tuple[int, int] = (1000, 500), mode: str = "RGB", **options: object) -> bytes:
    encoded = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(encoded, format=form, **options)
    return encoded.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def small_views(folder: Path) -> list[Path]:
    return list(folder.rglob("*.small"))


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_every_kind_of_picture_gets_a_small_view_in_its_own_proportions(form: str, mode: str):
    small = cleaned(picture(form, mode=mode)).thumbnail
    assert small is not None
    assert opened(small).format == "WEBP"
    assert opened(small).size == (THUMBNAIL_EDGE_PX, THUMBNAIL_EDGE_PX // 2)
    assert len(small) < 10_000


def test_the_small_view_is_upright_and_tells_as_little_as_the_picture():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretPhone", 6
    content = cleaned(picture(exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile"))
    assert content.thumbnail is not None
    assert (content.width, content.height) == (500, 1000)
    assert opened(content.thumbnail).size == (160, 320)
    assert b"Secret" not in content.thumbnail
    assert not opened(content.thumbnail).getexif()


def test_a_small_picture_is_not_blown_up():
    small = cleaned(picture(size=(40, 3))).thumbnail
    assert small is not None
    assert opened(small).size == (40, 3)


async def test_the_small_view_lies_beside_its_picture_and_is_made_once(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, picture())
    [view] = small_views(tmp_path)
    assert view.name == f"{kept.sha256}.small"
    assert await store.thumbnail("volunteer", ID) == (view.read_bytes(), kept)


async def test_a_picture_kept_before_there_were_small_views_gets_one_when_it_is_asked_for(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, picture())
    [view] = small_views(tmp_path)
    made = view.read_bytes()
    view.unlink()
    small, known = await store.thumbnail("volunteer", ID)
    assert known == kept
    assert opened(small).size == opened(made).size
    assert small_views(tmp_path)[0].read_bytes() == small
    view.write_bytes(made[:10])
    assert (await store.thumbnail("volunteer", ID))[0] == made[:10], "it is kept, not made each time"


async def test_a_small_view_is_never_made_of_a_picture_that_was_changed_behind_our_back(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("volunteer", ID, picture())
    [view] = small_views(tmp_path)
    view.unlink()
    (view.parent / kept.sha256).write_bytes(picture(size=(10, 10)))
    with pytest.raises(Problem) as refused:
        await store.thumbnail("volunteer", ID)
    assert refused.value.slug == "evidence-damaged"
    assert not small_views(tmp_path)


@pytest.mark.parametrize("data", [PDF, FILM], ids=["pdf", "film"])
async def test_what_is_no_picture_has_no_small_view_and_says_so(tmp_path: Path, data: bytes):
    store = EvidenceStore(str(tmp_path))
    await store.keep("inspection", ID, data)
    with pytest.raises(NotFound) as refused:
        await store.thumbnail("inspection", ID)
    assert refused.value.slug == "no-thumbnail"
    with pytest.raises(NotFound) as absent:
        await store.thumbnail("inspection", OTHER)
    assert absent.value.slug == "not-found"


async def test_the_loser_of_a_race_takes_its_small_view_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = EvidenceStore(str(tmp_path))
    await store.keep("volunteer", ID, PDF)

    async def nothing_yet(*_: object) -> None:
        """What the loser saw before the winner wrote its record."""

    original = EvidenceStore._record
    answers: list[Any] = [nothing_yet, original.__get__(store)]
    monkeypatch.setattr(EvidenceStore, "_record", lambda _, *at: answers.pop(0)(*at))
    with pytest.raises(Conflict):
        await store.keep("volunteer", ID, picture())
    assert not small_views(tmp_path)


async def test_a_film_is_kept_without_its_places_and_read_in_pieces(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("inspection", ID, FILM)
    assert kept.media_type == "video/mp4"
    assert (kept.size_bytes, kept.width) == (len(FILM), None)
    pieces, known = await store.pieces("inspection", ID)
    whole = b"".join([piece async for piece in pieces])
    assert known == kept
    assert whole == (await store.read("inspection", ID))[0]
    assert b"GPS(" not in whole
    assert await store.keep("inspection", ID, FILM) == kept, "sent again it is the same, though what is kept is not"


async def test_a_film_changed_behind_our_back_is_not_begun(tmp_path: Path):
    store = EvidenceStore(str(tmp_path))
    kept = await store.keep("inspection", ID, FILM)
    place = tmp_path / "inspection" / "ab" / str(ID) / kept.sha256
    place.write_bytes(place.read_bytes() + b"more")
    with pytest.raises(Problem) as refused:
        await store.pieces("inspection", ID)
    assert refused.value.slug == "evidence-damaged"
    place.unlink()
    with pytest.raises(Problem) as lost:
        await store.pieces("inspection", ID)
    assert lost.value.slug == "evidence-damaged"


def test_a_video_is_saved_and_not_shown(tmp_path: Path):
    kept = asyncio.run(EvidenceStore(str(tmp_path)).keep("inspection", ID, FILM))
    headers = safe_headers(kept)
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Disposition"].startswith(f'attachment; filename="evidence-{ID}.mp4"')
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def asking(body: bytes, *, declared: bool = False) -> Request:
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    headers = [(b"content-length", str(len(body)).encode())] if declared else []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    return Request({"type": "http", "method": "PUT", "headers": headers}, receive)


async def test_a_short_body_is_held_and_a_long_one_lies_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(arriving, "HELD_BYTES", 2000)
    arrivals, store = Arrivals(), EvidenceStore(str(tmp_path))
    async with arrivals.whole(asking(PDF)) as short:
        assert isinstance(short, bytearray)
        assert short == PDF
    async with arrivals.whole(asking(FILM, declared=True)) as long:
        assert long[:] == FILM
    async with arrivals.whole(asking(FILM)) as long:
        assert not isinstance(long, bytes | bytearray)
        assert long[:] == FILM
        kept = await store.keep("inspection", ID, long)
    assert (await store.read("inspection", ID))[0] == cleaned(FILM).data
    assert kept == (await store.keep("inspection", OTHER, FILM)).model_copy(update={"id": ID})


async def test_no_more_long_files_come_in_at_once_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arriving, "HELD_BYTES", 2000)
    monkeypatch.setattr(arriving, "LONG_AT_ONCE", 1)
    arrivals = Arrivals()

    async def taken(body: bytes) -> Data:
        async with arrivals.whole(asking(body)) as data:
            return bytes(data[:])

    async with arrivals.whole(asking(FILM)):
        with pytest.raises(Unavailable) as refused:
            await taken(FILM)
        assert refused.value.slug == "too-many-uploads"
        assert await taken(PDF) == PDF, "short ones are in nobody's way"
    assert await taken(FILM) == FILM


async def test_a_body_that_breaks_off_frees_its_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arriving, "HELD_BYTES", 2000)
    monkeypatch.setattr(arriving, "LONG_AT_ONCE", 1)
    arrivals = Arrivals()

    async def breaks() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": bytes(3000), "more_body": True}
        raise ConnectionError

    source = breaks()
    request = Request({"type": "http", "method": "PUT", "headers": []}, lambda: anext(source))
    with pytest.raises(ConnectionError):
        async with arrivals.whole(request):
            pass
    async with arrivals.whole(asking(FILM)) as data:
        assert data[:] == FILM
