"""Words as people really send them, and as nobody should: kept as they are, or refused in words, never our fault."""

from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from inspection_county import get, post, put, report, settle, slug

from services.inspection.docket.domain import likeness
from services.volunteer.domain import mask
from shared.auth import Actor
from shared.contracts.volunteer import ReportSubmitted
from shared.testing import OpenPlatform

ADA = Actor(UUID(int=1), "volunteer", None, "999901", "en", "Ada")
STRANGE = {
    "right to left": "الغبار على المحركات سميك",
    "an override": "safe \u202egnitteg si tsud\u202c here",
    "emoji": "🔥🚪👷🏽\u200d♀️ exit blocked",
    "controls": "line\x01 two\x1b[31m\x7f and\ttabs",
    "zero width": "du\u200bst\ufeff on\u2060 motors",
    "marks upon marks": "z\u0351\u036b\u0343\u036a\u0302a\u0334\u0325l\u0328\u034ego",
    "beyond the first plane": "𠮷野家の厨房、𝕯𝖚𝖘𝖙",
    "as long as allowed": "尘" * 4000,
    "lines": "one\r\ntwo\u2028three\u2029four",
}
ENDLESS, NUL = "x" * 100_000, "a\0b"
EXIT = {"place": {"area_code": county.TOWN}, "category": "fire"}


@pytest.mark.parametrize("words", STRANGE.values(), ids=STRANGE)
async def test_a_report_is_kept_as_it_was_written(services_here: OpenPlatform, words: str) -> None:
    async with services_here("volunteer", "inspection") as platform:
        await platform.announce(*county.registry_facts())
        async with platform.client("volunteer", ADA) as phone:
            address = f"/reports/{uuid4()}"
            assert (await phone.put(address, json={**EXIT, "what": words})).status_code == 201
            assert (await phone.get(address)).json()["what"] == words
        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        [entry] = (await get(platform, county.fire_desk, "/docket"))["items"]
        assert entry["what"] == words
        seen = await get(platform, county.fire_desk, f"/docket/{entry['id']}/similar")
        assert (seen["entry"]["what"], seen["items"]) == (words, [])
        accepted = await post(
            platform, county.fire_desk, f"/docket/{entry['id']}/accept", what=f"Found: {words[:3000]}"
        )
        assert (await get(platform, county.fire_desk, f"/hazards/{accepted['hazard_id']}"))["what"].startswith(
            "Found: "
        )


async def test_what_cannot_be_stored_is_refused_wherever_it_is_written(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await platform.announce(*county.registry_facts())
        await county.hand_in_pictures(platform)
        await settle(platform, report(), report())
        one, two = (f"/docket/{entry['id']}" for entry in (await get(platform, county.desk, "/docket"))["items"])
        taken = (await post(platform, county.desk, f"{two}/accept", what="Dust"))["hazard_id"]
        claim = f"/docket/claims/{uuid4()}"
        ask = {"place": county.PLACE, "category": "dust", "enterprise_id": str(county.MILL)}
        own = await put(platform, county.partner, claim, **ask, what="Gas")
        await post(platform, county.desk, f"/docket/{own['entry_id']}/reject", reason="withdrawn", explanation="x")
        writings: list[tuple[Any, str, dict[str, Any]]] = [
            (county.desk, f"{one}/accept", {"what": "{}"}),
            (county.desk, f"{one}/accept", {"what": "Dust", "further": [{"what": "{}"}]}),
            (county.desk, f"{one}/reject", {"reason": "withdrawn", "explanation": "{}"}),
            (county.desk, f"{one}/transfer", {"to_authority_id": str(county.FIRE), "explanation": "{}"}),
            (county.desk, f"{one}/escalate-fatality", {"explanation": "{}"}),
            (county.head, f"{two}/extend-verification", {"explanation": "{}"}),
            (county.li, f"/hazards/{taken}/split", {"parts": [{"what": "{}"}]}),
            (county.li, f"/hazards/{taken}/split", {"parts": [{"what": "Exit"}], "reason": "{}"}),
            (county.partner, f"{claim}/contest", {"statement": "{}"}),
        ]
        for who, address, form in writings:
            for words, told in ((NUL, "unstorable-text"), (ENDLESS, "invalid-request")):
                assert slug(await post(platform, who, address, 422, **_filled(form, words))) == told, address
        for words, told in ((NUL, "unstorable-text"), (ENDLESS, "invalid-request")):
            new = await put(platform, county.partner, f"/docket/claims/{uuid4()}", 422, **ask, what=words)
            assert slug(new) == told
        assert slug(await get(platform, county.desk, "/docket?q=a%00b", 422)) == "unstorable-text"
        assert (await get(platform, county.desk, one))["state"] == "received"


async def test_no_part_of_a_report_that_cannot_be_stored_is_stored(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        report_id = uuid4()
        await phone.put(f"/reports/{report_id}", json={**EXIT, "what": "Exit blocked"})
        for body in ({"what": NUL}, {"what": "Exit", "place": {"area_code": county.TOWN, "address": NUL}}):
            answer = await phone.put(f"/reports/{uuid4()}", json={**EXIT, **body})
            assert (answer.status_code, slug(answer.json())) == (422, "unstorable-text")
        for address, body in (
            (f"/reports/{report_id}/additions", {"what": "{}"}),
            ("/tracking/contest", {"statement": "{}", "tracking_code": "0" * 16}),
        ):
            endless = await phone.post(address, json=_filled(body, ENDLESS))
            assert (endless.status_code, slug(endless.json())) == (422, "invalid-request")
        added = await phone.post(f"/reports/{report_id}/additions", json={"what": NUL})
        assert (added.status_code, slug(added.json())) == (422, "unstorable-text")
        assert (await phone.get(f"/reports/{report_id}")).json()["what"] == "Exit blocked"
        code = await phone.post("/tracking", json={"tracking_code": NUL})
        assert code.status_code == 404
        await platform.settle()
        assert len(platform.events(ReportSubmitted)) == 1


async def test_a_report_that_masking_touches_everywhere_is_still_one(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        named = "我叫王明" * 1000
        assert len(mask(named)) <= len(named) == 4000
        filed = await phone.put(f"/reports/{uuid4()}", json={**EXIT, "what": named})
        assert filed.status_code == 201
        assert "王明" not in filed.json()["what"]


async def test_a_report_grows_to_its_end_and_no_further(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as phone:
        address = f"/reports/{uuid4()}"
        await phone.put(address, json={**EXIT, "what": "x" * 3990})
        assert (await phone.post(f"{address}/additions", json={"what": "y" * 9})).status_code == 200
        full = await phone.post(f"{address}/additions", json={"what": "z"})
        assert (full.status_code, slug(full.json())) == (422, "report-full")
        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []


def test_any_text_can_be_compared() -> None:
    for words in (*STRANGE.values(), "\ufdfa" * 4000, ""):
        assert len(likeness(words)) < 10_000


def _filled(form: Any, words: str) -> Any:
    match form:
        case dict():
            return {key: _filled(value, words) for key, value in form.items()}
        case list():
            return [_filled(each, words) for each in form]
        case _:
            return words if form == "{}" else form
