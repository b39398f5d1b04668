"""Pictures as proof: cleaned, kept once, shown only to those who may look."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4

from PIL import Image

from shared.auth import Actor
from shared.testing import OpenPlatform

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
