"""Proof is a file that its own party handed in; who may look at it follows from the hazard that it shows."""

from io import BytesIO
from uuid import uuid4

import inspection_county as county
from hazard_stages import ordered
from inspection_county import get, post
from PIL import Image

from shared.testing import OpenPlatform


async def test_a_fix_cannot_be_proven_with_a_picture_that_is_not_there_or_not_ones_own(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        items = [item["id"] for item in (await get(platform, county.principal, hazard))["items"]]
        absent = {**county.PICTURE, "id": str(uuid4())}
        altered = {**county.PICTURE, "sha256": "b" * 64}
        of_a_reporter = {**county.PICTURE, "owner": "volunteer"}
        async with platform.client("inspection", county.principal) as http:
            for picture in (absent, altered, of_a_reporter, county.OFFICERS_PICTURE):
                asked = {"items": [{"item_id": item, "after": [picture]} for item in items]}
                answer = await http.post(f"{hazard}/request-recheck", json=asked)
                told = (answer.status_code, answer.json()["type"])
                assert told == (422, "urn:commonwatch:problem:unknown-evidence")


async def test_files_are_shown_to_their_party_the_authorities_and_the_enterprise_they_concern(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await ordered(platform)
        async with platform.client("inspection", county.li) as officer:
            out = BytesIO()
            Image.new("RGB", (8, 8)).save(out, "PNG")
            address = f"/evidence/inspection/{uuid4()}"
            kept = await officer.put(address, content=out.getvalue())
            assert kept.status_code == 201
            for unshown in (county.committee, county.head):
                async with platform.client("inspection", unshown) as http:
                    assert (await http.get(address)).status_code == (404 if unshown is county.committee else 200)
            picture = {name: kept.json()[name] for name in ("id", "owner", "sha256", "media_type")}
            claim = {"place": county.PLACE, "category": "dust", "what": "Dust", "evidence": [picture]}
            assert (await officer.put(f"/docket/claims/{uuid4()}", json=claim)).status_code == 201
        seen = {}
        for name in ("desk", "committee", "principal", "other_principal", "agency", "volunteer"):
            async with platform.client("inspection", getattr(county, name)) as http:
                seen[name] = (await http.get(address)).status_code
        assert seen == {
            "desk": 200,
            "committee": 200,
            "principal": 404,
            "other_principal": 404,
            "agency": 403,
            "volunteer": 403,
        }
        async with platform.client("inspection", county.volunteer) as http:
            assert (await http.put(address, content=out.getvalue())).status_code == 403
