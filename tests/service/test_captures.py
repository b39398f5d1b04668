"""Where and when a file was taken is kept beside it, told once, and read by officials only."""

from datetime import datetime, timedelta
from uuid import uuid4

import inspection_county as county
from hazard_stages import assigned
from inspection_county import OFFICERS, TODAY, post, put, slug
from photographs import DECLARED, TAKEN, hand_in, photo, taken

from shared.auth import Actor
from shared.testing import START, OpenPlatform, Platform


async def test_a_device_says_once_where_and_when_and_may_say_it_again(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        for who in (county.li, county.township, county.principal):
            picture = await hand_in(platform, who, photo())
            address = f"/evidence/inspection/{picture['id']}/capture"
            first = await put(platform, who, address, **DECLARED)
            platform.travel(minutes=3)
            assert await put(platform, who, address, **DECLARED) == first
            assert {name: first[name] for name in ("lon", "lat", "accuracy_m", "device")}.items() <= DECLARED.items()
            assert (first["source"], first["by_id"]) == ("declared", str(who.id))
            assert datetime.fromisoformat(first["taken_at"]) == datetime.fromisoformat(TAKEN)
            for changed in ({"lon": 117.1}, {"taken_at": START.isoformat()}, {"device": ""}, {"accuracy_m": None}):
                other = await put(platform, who, address, 409, **{**DECLARED, **changed})
                assert slug(other) == "capture-declared"
        assert len(await platform.rows("inspection", "select * from evidence_captures")) == 3
        assert platform.events() == [], "where somebody stood is nobody's news"


async def test_only_the_party_that_handed_a_file_in_may_speak_of_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        picture = await hand_in(platform, county.li, photo())
        address = f"/evidence/inspection/{picture['id']}/capture"
        for stranger in (county.principal, county.fire_officer, county.township):
            assert slug(await put(platform, stranger, address, 404, **DECLARED)) == "not-found"
        for outsider in (county.committee, county.agency, county.volunteer):
            assert slug(await put(platform, outsider, address, 403, **DECLARED)) == "role-may-not"
        nothing = f"/evidence/inspection/{uuid4()}/capture"
        assert slug(await put(platform, county.li, nothing, 404, **DECLARED)) == "not-found"
        assert (await put(platform, county.desk, address, **DECLARED))["by_id"] == str(county.DESK), "a colleague may"
        assert await platform.rows("inspection", "select 1 from evidence_captures where device = ''") == []


async def test_what_no_device_can_know_is_refused_in_words(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        picture = await hand_in(platform, county.li, photo())
        address = f"/evidence/inspection/{picture['id']}/capture"
        platform.travel(hours=1)
        for changed, told in (
            ({"taken_at": (START + timedelta(hours=2)).isoformat()}, "capture-in-the-future"),
            ({"taken_at": (START + timedelta(minutes=30)).isoformat()}, "capture-after-hand-in"),
            ({"taken_at": "2000-01-01T00:00:00Z"}, "capture-too-old"),
            ({"lon": 0, "lat": 0}, "capture-nowhere"),
            ({"lat": None}, "capture-half-a-place"),
            ({"accuracy_m": 5000}, "capture-too-vague"),
            ({"lon": 181}, "invalid-request"),
            ({"taken_at": 0}, "invalid-request"),
            ({"longitude": 117}, "invalid-request"),
        ):
            refused = await put(platform, county.li, address, 422, **{**DECLARED, **changed})
            assert slug(refused) == told, changed
        assert await platform.rows("inspection", "select * from evidence_captures") == []


async def test_a_photo_is_asked_here_and_nowhere_where_a_reporter_is_protected(services_here: OpenPlatform) -> None:
    sent = photo(exif=taken("2026:09:30 08:00:00"))
    async with services_here("inspection", "volunteer") as platform:
        picture = await hand_in(platform, county.principal, sent)
        [told] = await platform.rows("inspection", "select * from evidence_captures")
        assert (told["source"], told["lon"], told["lat"], told["by_id"]) == ("embedded", 117.0, 36.0, None)
        assert told["taken_at"] == START - timedelta(hours=1)
        async with platform.client("inspection", county.principal) as http:
            shown = await http.get(f"/evidence/inspection/{picture['id']}")
            assert b"Exif" not in shown.content
            assert (await http.put(f"/evidence/inspection/{picture['id']}", content=sent)).status_code == 201
        async with platform.client("volunteer", county.volunteer) as http:
            assert (await http.put(f"/evidence/volunteer/{uuid4()}", content=sent)).status_code == 201
        [kept] = await platform.rows("volunteer", "select * from evidence")
        assert (kept["original_sha256"], kept["width"], kept["height"]) == (None, 640, 480)
        told_again = await platform.rows("inspection", "select * from evidence_captures")
        assert told_again == [told]
        tables = await platform.rows("volunteer", "select table_name from information_schema.tables")
        assert "evidence_captures" not in {row["table_name"] for row in tables}


async def test_an_authoritys_capture_never_reaches_the_enterprise(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        before = await hand_in(platform, county.li, photo(), **{**DECLARED, "lon": 117.00321})
        order = {
            "kind": "rectify_by",
            "items": [{"text": "Clean the motors", "before": [before]}],
            "limit": str(TODAY + timedelta(days=9)),
            "basis": "Work Safety Law art. 65",
            "officers": OFFICERS,
        }
        await post(platform, county.li, f"{hazard}/order", **order)
        await platform.settle()
        async with platform.client("inspection", county.principal) as http:
            for address in ("", "/history", "/gallery"):
                text = (await http.get(f"{hazard}{address}")).text
                assert "117.00321" not in text
                assert "body camera" not in text
            refused = await http.put(f"/evidence/inspection/{before['id']}/capture", json=DECLARED)
            assert refused.status_code == 404
        assert "117.00321" not in repr(platform.events())
        assert "117.00321" in (await _text(platform, county.committee, f"{hazard}/gallery"))


async def _text(platform: Platform, who: Actor, address: str) -> str:
    async with platform.client("inspection", who) as http:
        return (await http.get(address)).text
