"""The page that the code on a document leads to, at the gateway, in front of a real inspection service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import hazard_stages as stages
import inspection_county as county

from services.inspection.documents.actions import fixing
from services.inspection.documents.models import Rendition
from shared.contracts.inspection import Language
from shared.testing import OpenPlatform, Platform

DIGEST = "ab" * 32


@asynccontextmanager
async def printed(services_here: OpenPlatform, **settings: int) -> AsyncIterator[tuple[Platform, dict[str, str]]]:
    """Open both with one order whose file has a known hash; give its document."""
    async with services_here("inspection", "gateway", **settings) as platform:
        await stages.ordered(platform)
        [line] = (await county.get(platform, county.li, "/documents"))["items"]
        async with platform.service("inspection").database.transaction() as tx:
            file = Rendition(document_id=UUID(line["id"]), language=Language.ZH, sha256=DIGEST, size_bytes=1, pages=1)
            await fixing.fix(tx, UUID(line["id"]), [file], "test", platform.now)
        yield platform, await county.get(platform, county.li, f"/documents/{line['id']}")


async def test_the_page_says_genuine_void_or_unknown_in_both_languages_and_names_no_party(
    services_here: OpenPlatform,
) -> None:
    async with printed(services_here) as (platform, document):
        async with platform.client("gateway") as http:
            english = await http.get(f"/verify/{document['code']}?lang=en")
            typed = await http.get("/verify", params={"code": document["code"].lower(), "lang": "zh"})
            by_hash = await http.get(f"/verify/{DIGEST}?lang=en")
            unknown = await http.get("/verify/AAAA?lang=en")
            empty = await http.get("/verify?lang=en")
            hostile = await http.get("/verify", params={"code": '"><script>alert(1)</script>', "lang": "en"})
            json = (await http.get(f"/api/v1/verify/{document['code']}")).json()
        for page in (english, typed, by_hash, unknown, empty, hostile):
            assert page.status_code == 200
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            assert "面粉厂" not in page.text
            assert "Mill" not in page.text
        for page in (english, by_hash):
            assert "Genuine." in page.text
            assert document["number"] in page.text
            assert DIGEST in page.text
        assert "真实有效" in typed.text
        assert "责令限期整改指令书" in typed.text
        assert "Unknown." in unknown.text
        assert "Genuine." not in empty.text
        assert "<script>alert" not in hostile.text
        assert (json["state"], json["number"]) == ("genuine", document["number"])
        assert str(county.MILL) not in str(json)

        await county.post(platform, county.head, f"/documents/{document['id']}/void", reason="张三 was misnamed")
        async with platform.client("gateway") as http:
            void = await http.get(f"/verify/{document['code']}?lang=en")
        assert "Void." in void.text
        assert "张三" not in void.text


async def test_the_page_is_asked_as_often_as_the_public_may_read_and_refuses_with_a_page(
    services_here: OpenPlatform,
) -> None:
    async with printed(services_here, public_reads_per_minute=2) as (platform, document):
        async with platform.client("gateway") as http:
            answers = [await http.get(f"/verify/{document['code']}") for _ in range(2)]
            api = await http.get(f"/api/v1/verify/{document['code']}")
            third = await http.get(f"/verify/{document['code']}")
        assert [each.status_code for each in answers] == [200, 200]
        assert api.status_code == third.status_code == 429
        assert third.headers["content-type"].startswith("text/html")
        assert int(third.headers["retry-after"]) > 0


async def test_a_code_leads_to_no_other_address_of_inspection(services_here: OpenPlatform) -> None:
    async with printed(services_here) as (platform, _), platform.client("gateway") as http:
        for code in ("..%2Fhealth%2Flive", "a%2Fb", "%00", "x?y", "a" * 81):
            answer = await http.get(f"/verify/{code}?lang=en")
            assert answer.status_code in {200, 404}
            assert "live" not in answer.text.replace("aria-live", "")
            assert "Genuine" not in answer.text.replace("Genuine and unchanged", "")
