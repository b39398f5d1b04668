"""One letter to each addressee of many hazards: one line for each hazard, and no refusal undoes another's letter."""

from typing import Any
from uuid import uuid4

import inspection_county as county
from inspection_county import TODAY, get, slug
from letter_stages import TEXT, hazard, many, sent
from visit_stages import known_county

from shared.contracts.inspection import LetterSent
from shared.testing import OpenPlatform


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [
        (line["hazard_id"], line["letter_id"], line["refused"] and line["refused"]["slug"])
        for line in answer["hazards"]
    ]


async def test_the_committee_writes_one_letter_to_each_lead_authority(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        first, inner = await hazard(platform), await hazard(platform, ordered=False)
        fires, nobodys = await hazard(platform, county.FIRE), await hazard(platform, None)
        unheard_of = await hazard(platform, county.PARTNER)
        absent = str(uuid4())
        given = [nobodys, first, absent, unheard_of, fires, inner]
        answer = await many(platform, county.committee, [*given, first], kind="supervision")
        letters = {letter["addressee_id"]: letter for letter in answer["letters"]}
        assert set(letters) == {str(county.EMERGENCY), str(county.FIRE)}
        to_us, to_fire = letters[str(county.EMERGENCY)], letters[str(county.FIRE)]
        assert outcomes(answer) == [
            (nobodys, None, "no-lead-authority"),
            (first, to_us["id"], None),
            (absent, None, "unknown-hazard"),
            (unheard_of, None, "not-your-addressee"),
            (fires, to_fire["id"], None),
            (inner, to_us["id"], None),
        ]
        assert sorted(to_us["hazard_ids"]) == sorted([first, inner])
        assert to_fire["hazard_ids"] == [fires]
        assert {letter["reply_by"] for letter in letters.values()} == {"2026-10-13"}
        for line in answer["hazards"]:
            assert (line["letter_id"] is None) is (line["number"] is None) is (line["refused"] is not None)
        sentences = [line["refused"] for line in answer["hazards"] if line["refused"]]
        assert all(each["en"].isascii() and not each["zh"].isascii() for each in sentences)
        assert (await get(platform, county.fire_head, f"/letters/{to_fire['id']}"))["facts"] == TEXT["facts"]
        await platform.settle(redeliver=3)
        assert len(platform.events(LetterSent)) == 2


async def test_a_refusal_takes_no_number_and_undoes_no_letter(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        numbers = [(await sent(platform))["number"]]
        for lead in (county.EMERGENCY, county.PARTNER, uuid4(), county.FIRE):
            answer = await many(platform, county.committee, [await hazard(platform, lead)])
            numbers += [letter["number"] for letter in answer["letters"]]
        assert numbers == [f"安委办警示函〔2026〕{n:06d}号" for n in (1, 2, 3)]


async def test_an_authority_writes_to_each_enterprise_of_what_that_was_ordered(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        mills, inner = await hazard(platform), await hazard(platform, ordered=False)
        bakers, untold = (
            await hazard(platform, enterprise=county.BAKERY),
            await hazard(platform, enterprise=county.BAKERY, ordered=False),
        )
        nobodys, fires = await hazard(platform, enterprise=None), await hazard(platform, county.FIRE)
        answer = await many(platform, county.desk, [mills, inner, bakers, untold, nobodys, fires])
        letters = {letter["addressee_id"]: letter["id"] for letter in answer["letters"]}
        assert outcomes(answer) == [
            (mills, letters[str(county.MILL)], None),
            (inner, None, "hazard-not-theirs"),
            (bakers, letters[str(county.BAKERY)], None),
            (untold, None, "hazard-not-theirs"),
            (nobodys, None, "no-enterprise"),
            (fires, None, "unknown-hazard"),
        ]
        [letter] = (await get(platform, county.principal, "/letters"))["items"]
        assert (letter["id"], letter["hazard_ids"]) == (letters[str(county.MILL)], [mills])
        nothing = await many(platform, county.desk, [inner])
        assert (nothing["letters"], outcomes(nothing)) == ([], [(inner, None, "hazard-not-theirs")])


async def test_two_hundred_hazards_are_taken_and_one_more_is_not(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        ids = [await hazard(platform), *(str(uuid4()) for _ in range(200))]
        answer = await many(platform, county.committee, ids[:200])
        assert len(answer["hazards"]) == 200
        assert [slug for _, _, slug in outcomes(answer)] == [None] + ["unknown-hazard"] * 199
        assert slug(await many(platform, county.committee, ids, 422)) == "invalid-request"
        assert slug(await many(platform, county.committee, [], 422)) == "invalid-request"
        for reply_by in ("0001-01-01", "9999-12-31"):
            assert slug(await many(platform, county.committee, ids[:1], 422, reply_by=reply_by)) == "reply-day"
        for who in (county.li, county.township, county.principal, county.agency):
            assert slug(await many(platform, who, ids[:1], 403)) == "role-may-not"


async def test_a_bulk_that_is_sent_again_with_its_key_is_sent_once(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        body = {**TEXT, "reply_by": str(TODAY), "hazard_ids": [await hazard(platform)]}
        async with platform.client("inspection", county.committee) as http:
            answers = [
                (await http.post("/letters/many", json=body, headers={"idempotency-key": "bulk-1"})).json()
                for _ in range(2)
            ]
        assert answers[0] == answers[1]
        assert len((await get(platform, county.committee, "/letters"))["items"]) == 1
