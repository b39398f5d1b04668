"""Pictures as proof: cleaned, kept once, shown only to those who may look."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from PIL import Image

from shared.auth import Actor
from shared.testing import OpenPlatform, Platform, token

ADA = Actor(UUID(int=1), "volunteer", None, "999901", "en", "Ada")
BEN = Actor(UUID(int=2), "volunteer", None, "999901", "en", "Ben")
DESK = Actor(UUID(int=3), "authority.desk", UUID(int=9), "999901", "en", "Desk")
GPS_INFO = 0x8825


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A phone that names its owner"
    exif.get_ifd(GPS_INFO)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_a_photo_loses_its_metadata_and_is_shown_to_its_sender_and_the_desk_only(
    services_here: OpenPlatform,
) -> None:
    async with services_here("volunteer") as platform:
        address = f"/evidence/volunteer/{uuid4()}"
        async with platform.client("volunteer", ADA) as ada:
            first = await ada.put(address, content=photo())
            again = await ada.put(address, content=photo())
            assert (first.status_code, again.status_code) == (201, 201)
            assert first.json() == again.json()
            shown = await ada.get(address)
        assert b"names its owner" not in shown.content
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
        async with platform.client("volunteer", DESK) as desk:
            assert (await desk.get(address)).status_code == 404, "it belongs to no report yet"
            picture = address.rpartition("/")[2]
            report = {"place": {"area_code": "999901"}, "category": "fire", "what": "Smoke", "evidence": [picture]}
            async with platform.client("volunteer", ADA) as ada:
                assert (await ada.put(f"/reports/{uuid4()}", json=report)).status_code == 201
            assert (await desk.get(address)).status_code == 200
        async with platform.client("volunteer", replace(DESK, area_code="999902")) as elsewhere:
            assert (await elsewhere.get(address)).status_code == 404
        async with platform.client("volunteer", BEN) as ben, platform.client("volunteer") as anyone:
            assert (await ben.get(address)).status_code == 404
            assert (await anyone.get(address)).status_code == 401
        assert str(ADA.id) not in repr(await platform.rows("volunteer", "select * from evidence"))


async def test_what_is_not_a_picture_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as ada:
        text = await ada.put(f"/evidence/volunteer/{uuid4()}", content=b"I am a .jpg, honestly")
        assert (text.status_code, text.headers["content-type"]) == (415, "application/problem+json")
        huge = await ada.put(f"/evidence/volunteer/{uuid4()}", content=b"\xff" * 22_000_000)
        assert huge.status_code == 413
        assert await platform.rows("volunteer", "select * from evidence") == []


async def test_another_persons_picture_cannot_be_attached_or_replaced(services_here: OpenPlatform) -> None:
    async with (
        services_here("volunteer") as platform,
        platform.client("volunteer", ADA) as ada,
        platform.client("volunteer", BEN) as ben,
    ):
        evidence_id = str(uuid4())
        await ada.put(f"/evidence/volunteer/{evidence_id}", content=photo())
        other = BytesIO()
        Image.new("RGB", (10, 10), "blue").save(other, "PNG")
        assert (await ben.put(f"/evidence/volunteer/{evidence_id}", content=other.getvalue())).status_code == 409
        report = {"place": {"area_code": "999901"}, "category": "fire", "what": "Smoke", "evidence": [evidence_id]}
        assert (await ben.put(f"/reports/{uuid4()}", json=report)).status_code == 422
        assert (await ada.put(f"/reports/{uuid4()}", json=report)).status_code == 201


async def test_the_anonymous_public_attaches_what_it_uploaded(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as anyone:
        evidence_id = str(uuid4())
        assert (await anyone.put(f"/evidence/volunteer/{evidence_id}", content=photo())).status_code == 201
        report = {"place": {"area_code": "999901"}, "category": "gas", "what": "Smell", "evidence": [evidence_id]}
        filed = await anyone.put(f"/reports/{uuid4()}", json=report)
        assert [item["id"] for item in filed.json()["evidence"]] == [evidence_id]


FILM = (Path(__file__).parents[1] / "data" / "evidence" / "drone.mp4").read_bytes()
OFFICER = Actor(UUID(int=4), "authority.officer", UUID(int=9), "999901", "en", "Officer")
PRINCIPAL = Actor(UUID(int=5), "enterprise.principal", UUID(int=10), "999901", "en", "Principal")
MIB = 1024 * 1024


async def test_a_small_view_is_shown_to_whoever_may_see_the_picture(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform:
        address = f"/evidence/volunteer/{uuid4()}"
        async with platform.client("volunteer", ADA) as ada:
            await ada.put(address, content=photo())
            small = await ada.get(f"{address}/thumbnail")
        assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
        assert small.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert small.headers["cache-control"] == "private, no-store"
        assert Image.open(BytesIO(small.content)).size == (64, 48)
        async with platform.client("volunteer", BEN) as ben, platform.client("volunteer") as anyone:
            assert (await ben.get(f"{address}/thumbnail")).status_code == 404
            assert (await anyone.get(f"{address}/thumbnail")).status_code == 401


async def test_a_video_is_taken_where_people_speak_in_their_own_name_and_comes_back_without_its_places(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection", "registry", "volunteer") as platform:
        for service, who in (("inspection", OFFICER), ("registry", PRINCIPAL)):
            async with platform.client(service, who) as http:
                address = f"/evidence/{service}/{uuid4()}"
                kept = await http.put(address, content=FILM)
                assert (kept.status_code, kept.json()["media_type"]) == (201, "video/mp4")
                assert (await http.put(address, content=FILM)).json() == kept.json()
                shown = await http.get(address)
                assert len(shown.content) == int(shown.headers["content-length"]) == len(FILM)
                assert b"GPS(" in FILM
                assert b"GPS(" not in shown.content
                assert sha256(shown.content).hexdigest() == kept.json()["sha256"]
                assert shown.headers["content-disposition"].startswith("attachment;")
                assert shown.headers["x-content-type-options"] == "nosniff"
                small = await http.get(f"{address}/thumbnail")
                assert (small.status_code, small.json()["title"]) == (404, "no thumbnail")
            [row] = await platform.rows(service, "select * from evidence")
            assert (row["original_sha256"], row["width"]) == (sha256(FILM).hexdigest(), None)
        async with platform.client("volunteer", ADA) as ada:
            refused = await ada.put(f"/evidence/volunteer/{uuid4()}", content=FILM)
            assert (refused.status_code, refused.json()["title"]) == (415, "evidence type")
        await _damage(platform)
        async with platform.client("inspection", OFFICER) as http:
            [row] = await platform.rows("inspection", "select id from evidence")
            damaged = await http.get(f"/evidence/inspection/{row['id']}")
            assert (damaged.status_code, damaged.json()["title"]) == (500, "evidence damaged")


async def _damage(platform: Platform) -> None:
    [row] = await platform.rows("inspection", "select id, sha256 from evidence")
    url: str = platform.service("inspection").settings.evidence_url
    place = Path(unquote(urlsplit(url).path)) / "inspection" / str(row["id"])[-2:] / str(row["id"]) / row["sha256"]
    place.write_bytes(place.read_bytes()[:-1] + b"!")


async def test_only_files_of_inspection_may_be_as_long_as_a_video(services_here: OpenPlatform) -> None:
    async with services_here("inspection", "registry", "gateway") as platform:
        bearer = {"authorization": f"Bearer {token(OFFICER)}"}
        for service, path, most_mib in (
            ("inspection", "/evidence/inspection/{}", 51),
            ("inspection", "/evidence/inspection/{}/capture", 2),
            ("inspection", "/docket/claims/{}", 2),
            ("registry", "/evidence/registry/{}", 21),
            ("gateway", "/api/v1/evidence/inspection/{}", 51),
            ("gateway", "/api/v1/evidence/inspection/{}/capture", 2),
            ("gateway", "/api/v1/evidence/registry/{}", 21),
            ("gateway", "/api/v1/evidence/volunteer/{}", 21),
        ):
            async with platform.client(service) as http:
                for length, refused in ((most_mib * MIB, False), (most_mib * MIB + 1, True)):
                    said = {**bearer, "content-length": str(length), "content-type": "application/octet-stream"}
                    answer = await http.put(path.format(uuid4()), content=b"%PDF-", headers=said)
                    slug = answer.json()["type"].rpartition(":")[2]
                    assert (slug == "too-large") is refused, (service, path, length, slug)
