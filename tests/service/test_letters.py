"""Letters from sending to judgement: numbers, clocks, who may write to whom, and who reads what."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import TODAY, get, post, put, slug
from letter_stages import MILL, OFFICE, hazard, sent
from PIL import Image
from visit_stages import known_county, walker

from shared.auth import Actor
from shared.contracts.inspection import (
    LetterAnswered,
    LetterJudged,
    LetterSent,
)
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

REPLY = {"text": "It was removed yesterday."}
NO, YES = {"accepted": False, "reason": "No proof is attached."}, {"accepted": True, "reason": "Seen on site."}


async def listed(platform: Platform, who: Actor, query: str = "") -> list[str]:
    return [letter["id"] for letter in (await get(platform, who, f"/letters{query}"))["items"]]


def clocks(letter: dict[str, Any]) -> list[tuple[str, str]]:
    return [(clock["key"], clock["owed_by"]) for clock in letter["deadlines"]]


async def test_a_letter_is_answered_judged_answered_again_and_accepted(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        letter = await sent(platform, kind="supervision")
        address = f"/letters/{letter['id']}"
        assert (letter["number"], letter["state"], letter["offers"]) == ("安委办督办函〔2026〕000001号", "sent", [])
        assert (letter["reply_by"], letter["next_due"]) == ("2026-10-13", "2026-10-13T15:59:59Z")  # GV-1
        assert clocks(letter) == [("letter.reply.supervision", str(county.EMERGENCY))]
        assert (await get(platform, county.desk, address))["offers"] == ["reply"]
        answered = await post(platform, county.desk, f"{address}/reply", **REPLY)
        assert (answered["state"], clocks(answered), answered["reply_by"]) == ("answered", [], None)
        assert slug(await post(platform, county.desk, f"{address}/reply", 409, **REPLY)) == "illegal-transition"
        again_by = TODAY + timedelta(days=3)
        refused = await post(platform, county.committee, f"{address}/judge", **NO, reply_by=str(again_by))
        assert (refused["state"], clocks(refused)) == ("insufficient", [("letter.reply", str(county.EMERGENCY))])
        assert refused["next_due"] == f"{again_by}T15:59:59Z"
        await post(platform, county.head, f"{address}/reply", text="Here is the proof.")
        accepted = await post(platform, county.committee, f"{address}/judge", **YES)
        assert (accepted["state"], accepted["offers"], clocks(accepted)) == ("accepted", [], [])
        assert [(answer["ordinal"], answer["accepted"], answer["reason"]) for answer in accepted["answers"]] == [
            (1, False, NO["reason"]),
            (2, True, YES["reason"]),
        ]
        verbs = [step["verb"] for step in accepted["history"]]
        assert verbs == ["send", "reply", "judge", "reply", "judge"]
        await platform.settle(redeliver=3)
        told = platform.events(LetterSent, LetterAnswered, LetterJudged)
        assert [(type(event), event.state) for event in told] == [
            (LetterSent, "sent"),
            (LetterAnswered, "answered"),
            (LetterJudged, "insufficient"),
            (LetterAnswered, "answered"),
            (LetterJudged, "accepted"),
        ]
        assert {(event.number, event.enterprise_id) for event in told} == {(letter["number"], None)}
        assert await platform.dead_letters() == []


async def test_only_a_supervision_letter_or_a_day_that_was_set_asks_for_a_reply(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        by = TODAY + timedelta(days=2)
        for kind, set_to, expected in (
            ("reminder", None, []),
            ("notice", None, []),
            ("warning", by, ["letter.reply"]),
            ("supervision", by, ["letter.reply"]),
            ("supervision", None, ["letter.reply.supervision"]),
        ):
            given = {"reply_by": str(set_to)} if set_to else {}
            letter = await sent(platform, kind=kind, **given)
            assert [key for key, _ in clocks(letter)] == expected, kind
            assert letter["reply_by"] == (str(by) if set_to else "2026-10-13" if kind == "supervision" else None)


async def test_a_late_reply_is_overdue_until_it_comes(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/letters/{(await sent(platform, reply_by=str(TODAY)))['id']}"
        platform.travel(hours=14, minutes=59)
        assert (await get(platform, county.desk, address))["overdue"] is False
        platform.travel(minutes=1)
        assert (await get(platform, county.committee, "/letters"))["items"][0]["overdue"] is True
        assert (await post(platform, county.desk, f"{address}/reply", **REPLY))["overdue"] is False


async def test_numbers_have_no_gap_within_sender_kind_and_year(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)

        async def number(who: Actor = county.committee, **changes: Any) -> str:
            return (await sent(platform, who, **changes))["number"]

        assert await number() == "安委办警示函〔2026〕000001号"
        assert await number(kind="reminder") == "安委办提醒函〔2026〕000001号"
        assert await number(county.desk) == "应急警示函〔2026〕000001号"
        await sent(platform, status=422, reply_by=str(TODAY - timedelta(days=1)))
        assert await number() == "安委办警示函〔2026〕000002号"
        platform.travel(days=93)
        assert await number() == "安委办警示函〔2027〕000001号"


async def test_the_same_letter_again_is_the_same_and_another_under_its_id_is_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/letters/{(await sent(platform))['id']}"
        assert (await put(platform, county.committee, address, **OFFICE))["number"].endswith("000001号")
        assert slug(await put(platform, county.committee, address, 409, **{**OFFICE, "facts": "Other"})) == (
            "letter-id-taken"
        )
        assert slug(await put(platform, county.desk, address, 404, **MILL)) == "not-found"
        await platform.settle()
        assert len(platform.events(LetterSent)) == 1


async def test_one_letter_that_is_sent_often_at_once_is_one_letter_with_one_number(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = f"/letters/{uuid4()}"
        async with platform.client("inspection", county.committee) as http:
            answers = await asyncio.gather(*(http.put(address, json=OFFICE) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [201] * 4
        assert (await sent(platform))["number"].endswith("000002号")


async def test_the_committee_writes_to_offices_and_enterprises_and_an_authority_to_enterprises(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for addressee in (county.EMERGENCY, county.TOWNSHIP, county.MILL):
            assert (await sent(platform, addressee_id=str(addressee)))["state"] == "sent"
        assert (await sent(platform, county.head))["sender_id"] == str(county.EMERGENCY)
        for who, addressee in (
            (county.committee, county.AGENCY),
            (county.committee, county.COMMITTEE),
            (county.desk, county.FIRE),
            (county.desk, county.TOWNSHIP),
        ):
            refused = await sent(platform, who, 403, addressee_id=str(addressee))
            assert slug(refused) == "not-your-addressee"
        for who in (county.li, county.township, county.principal, county.agency, county.volunteer, walker):
            assert slug(await put(platform, who, f"/letters/{uuid4()}", 403, **MILL)) == "role-may-not"


async def test_a_letter_names_only_what_writer_and_addressee_may_know_of(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        ordered, inner = await hazard(platform), await hazard(platform, ordered=False)
        fires, bakers = await hazard(platform, county.FIRE), await hazard(platform, enterprise=county.BAKERY)
        for who, addressee, named in (
            (county.committee, county.EMERGENCY, [ordered, inner, ordered]),
            (county.committee, county.TOWNSHIP, [ordered, inner, fires]),
            (county.committee, county.MILL, [ordered, fires]),
            (county.desk, county.MILL, [ordered]),
        ):
            letter = await sent(platform, who, addressee_id=str(addressee), hazard_ids=named)
            assert letter["hazard_ids"] == list(dict.fromkeys(named))
        for who, addressee, named, why in (
            (county.committee, county.MILL, [ordered, inner], [inner]),
            (county.committee, county.MILL, [bakers], [bakers]),
            (county.committee, county.EMERGENCY, [fires], [fires]),
            (county.desk, county.MILL, [inner], [inner]),
        ):
            refused = await sent(platform, who, 422, addressee_id=str(addressee), hazard_ids=named)
            assert (slug(refused), refused["hazards"]) == ("hazard-not-theirs", why)
        for who, named in ((county.desk, fires), (county.committee, str(uuid4()))):
            refused = await sent(platform, who, 422, addressee_id=str(county.MILL), hazard_ids=[named])
            assert (slug(refused), refused["hazards"]) == ("unknown-hazard", [named])


async def test_a_letter_is_read_by_sender_addressee_and_committee_and_nobody_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        to_office = (await sent(platform))["id"]
        to_mill = (await sent(platform, county.desk))["id"]
        to_township = (await sent(platform, addressee_id=str(county.TOWNSHIP)))["id"]
        abroad = county.actor(Role.COMMITTEE, party=UUID(int=98), area="110101")
        for who, expected in (
            (county.committee, [to_office, to_mill, to_township]),
            (county.desk, [to_office, to_mill]),
            (county.li, [to_office, to_mill]),
            (county.fire_head, []),
            (county.township, [to_township]),
            (county.principal, [to_mill]),
            (county.other_principal, []),
            (abroad, []),
        ):
            assert sorted(await listed(platform, who)) == sorted(expected), who
            for letter_id in {to_office, to_mill, to_township} - set(expected):
                assert slug(await get(platform, who, f"/letters/{letter_id}", 404)) == "not-found"
        for stranger in (county.worker, county.agency, county.volunteer, walker):
            assert slug(await get(platform, stranger, "/letters", 403)) == "role-may-not"
        theirs = await get(platform, county.principal, f"/letters/{to_mill}")
        assert "history" not in theirs
        assert theirs["demand"] == MILL["demand"]
        assert "history" in await get(platform, county.desk, f"/letters/{to_mill}")
        assert slug(await post(platform, county.committee, f"/letters/{to_mill}/judge", 409, **YES)) == (
            "illegal-transition"
        )
        await post(platform, county.principal, f"/letters/{to_mill}/reply", **REPLY)
        assert slug(await post(platform, county.committee, f"/letters/{to_mill}/judge", 403, **YES)) == (
            "not-your-letter"
        )
        assert slug(await post(platform, county.desk, f"/letters/{to_mill}/reply", 409, **REPLY)) == (
            "illegal-transition"
        )


async def test_the_sender_reads_the_files_of_a_reply_and_no_other_office_does(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await county.hand_in_pictures(platform)
        address = f"/letters/{(await sent(platform, addressee_id=str(county.MILL)))['id']}"
        reply = f"{address}/reply"
        stolen = await post(platform, county.principal, reply, 422, **REPLY, files=[county.OFFICERS_PICTURE])
        assert slug(stolen) == "unknown-evidence"
        file = f"/evidence/inspection/{uuid4()}"
        out = BytesIO()
        Image.new("RGB", (8, 8)).save(out, "PNG")
        async with platform.client("inspection", county.principal) as http:
            kept = (await http.put(file, content=out.getvalue())).json()

        async def seen_by(who: Actor) -> int:
            async with platform.client("inspection", who) as http:
                return (await http.get(file)).status_code

        assert await seen_by(county.committee) == 404
        picture = {name: kept[name] for name in ("id", "owner", "sha256", "media_type")}
        await post(platform, county.principal, reply, **REPLY, files=[picture])
        [answer] = (await get(platform, county.committee, address))["answers"]
        assert answer["files"] == [picture]
        assert [await seen_by(who) for who in (county.committee, county.principal)] == [200, 200]
        assert [await seen_by(who) for who in (county.desk, county.fire_desk, county.other_principal)] == [404] * 3


async def test_lists_are_narrowed_and_turned_page_by_page(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        ids: list[str] = []
        for kind in ("reminder", "warning", "supervision"):
            ids.append((await sent(platform, kind=kind))["id"])
            platform.travel(minutes=1)
        mills = (await sent(platform, county.desk))["id"]
        for query, expected in (
            ("", [mills, *ids[::-1]]),
            ("?kind=reminder", ids[:1]),
            ("?state=answered", []),
            (f"?sender={county.EMERGENCY}", [mills]),
            (f"?addressee={county.EMERGENCY}&limit=2", ids[:0:-1]),
        ):
            assert await listed(platform, county.committee, query) == expected, query
        page = await get(platform, county.committee, "/letters?limit=3")
        rest = await get(platform, county.committee, f"/letters?limit=3&after={page['next']}")
        assert [each["id"] for each in rest["items"]] == ids[:1]
        assert rest["next"] is None
        assert slug(await get(platform, county.desk, f"/letters?after={uuid4()}", 400)) == "bad-cursor"


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"reply_by": "0001-01-01"}, "reply-day"),
    ({"reply_by": str(TODAY - timedelta(days=1))}, "reply-day"),
    ({"reply_by": str(TODAY + timedelta(days=91))}, "reply-day"),
    ({"reply_by": "9999-12-31"}, "reply-day"),
    ({"reply_by": 0}, "invalid-request"),
    ({"addressee_id": str(UUID(int=77))}, "unknown-addressee"),
    ({"addressee_id": str(county.LI)}, "unknown-addressee"),
    ({"kind": "order"}, "invalid-request"),
    ({"facts": " "}, "invalid-request"),
    ({"demand": "x" * 4001}, "invalid-request"),
    ({"sender_id": str(county.FIRE)}, "invalid-request"),
    ({"hazard_ids": [str(uuid4()) for _ in range(201)]}, "invalid-request"),
]


async def test_what_cannot_be_meant_is_refused_and_nothing_is_sent(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        for changes, why in HOSTILE:
            assert slug(await sent(platform, status=422, **changes)) == why, changes
        abroad = county.actor(Role.AUTHORITY_DESK, county.DESK, county.EMERGENCY, "110101")
        assert slug(await put(platform, abroad, f"/letters/{uuid4()}", 422, **MILL)) == "unknown-addressee"
        homeless = county.actor(Role.COMMITTEE)
        assert slug(await put(platform, homeless, f"/letters/{uuid4()}", 403, **OFFICE)) == "no-organisation"
        address = f"/letters/{(await sent(platform))['id']}"
        assert slug(await post(platform, county.desk, f"{address}/reply", 422, text="")) == "invalid-request"
        assert slug(await post(platform, county.desk, f"{address}/reply", 422, **REPLY, files=[{}] * 21)) == (
            "invalid-request"
        )
        await post(platform, county.desk, f"{address}/reply", **REPLY)
        for ask, why in (
            ({**YES, "reply_by": str(TODAY)}, "no-next-reply"),
            ({**NO, "reply_by": "9999-12-31"}, "reply-day"),
            ({"accepted": True}, "invalid-request"),
        ):
            assert slug(await post(platform, county.committee, f"{address}/judge", 422, **ask)) == why
        assert (await get(platform, county.desk, address))["state"] == "answered"
