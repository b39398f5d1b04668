import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from hazard_stages import assigned, confirmed, verified
from inspection_county import PICTURE, TODAY, get, post, put, slug
from parts_asked import MEASURE, NOT_OURS, OPINION, answered, asked, declined, insisted, owed, part, states

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.testing import OpenPlatform


async def test_a_hazard_is_not_closed_before_every_required_part_is_answered(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform)
        opinion, measure = await asked(platform, hazard), await asked(platform, hazard, MEASURE)
        seen = await get(platform, county.head, hazard)
        assert (seen["open_parts"], "close" in seen["offers"]) == (2, False)
        refused = await post(platform, county.head, f"{hazard}/close", 409)
        assert (slug(refused), refused["open_parts"]) == ("parts-open", 2)
        await answered(platform, opinion)
        assert slug(await post(platform, county.head, f"{hazard}/close", 409)) == "parts-open"
        await answered(platform, measure, county.township, answer="Cleared and watched.")
        assert (await post(platform, county.head, f"{hazard}/close"))["state"] == "closed"
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.PartAnswered)) == 2


async def test_each_clock_names_the_party_that_owes_it_and_a_missed_one_still_does(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        opinion, measure = await asked(platform, hazard), await asked(platform, hazard, MEASURE)
        assert await owed(platform, opinion) == {"part.acknowledge": "fire", "part.answer": "fire"}
        assert await owed(platform, measure) == {"part.acknowledge": "township", "part.answer": "township"}
        await post(platform, county.fire_desk, f"{opinion}/acknowledge")
        assert await owed(platform, opinion) == {"part.answer": "fire"}
        # After the long holiday two working days are over: the township is late, the fire brigade is not.
        platform.travel(days=10)
        late, in_time = await part(platform, measure), await part(platform, opinion)
        assert (late["overdue"], in_time["overdue"]) == (True, False)
        assert late["next_due"] < in_time["next_due"]
        missed = {
            (clock["key"], clock["owed_by"])
            for clock in (await get(platform, county.desk, hazard))["deadlines"]
            if clock["part_id"] is not None and clock["due_at"] < f"{platform.now:%Y-%m-%dT%H:%M}"
        }
        assert missed == {("part.acknowledge", str(county.TOWNSHIP))}
        await answered(platform, measure, county.township)
        assert await owed(platform, measure) == {}


async def test_an_assignment_informs_those_who_cooperate_once_and_waits_for_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await confirmed(platform)
        co = [str(county.FIRE), str(county.MARKET)]
        for _ in range(2):
            await post(platform, county.desk, f"{hazard}/assign", co_authority_ids=[*co, *co])
        assert await states(platform, hazard) == [("fire", "information", "asked"), ("market", "information", "asked")]
        shown = await get(platform, county.fire_desk, hazard)
        assert (shown["open_parts"], shown["offers"], shown["co_authority_ids"]) == (0, [], co)
        [own, others] = shown["parts"]
        assert (own["offers"], others["offers"], own["required"]) == (["acknowledge", "decline"], [], False)
        path = f"{hazard}/parts/{own['id']}"
        assert await owed(platform, path) == {"part.acknowledge": "fire"}
        await post(platform, county.fire_desk, f"{path}/acknowledge")
        assert await owed(platform, path) == {}
        await platform.settle(redeliver=3)
        assert [event.assisting_id for event in platform.events(facts.PartAsked)] == [county.FIRE, county.MARKET]


async def test_who_is_released_keeps_reading_and_a_closed_case_releases_what_nobody_waited_for(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform)
        opinion, told = await asked(platform, hazard), await asked(platform, hazard, MEASURE, required=False)
        await post(platform, county.desk, f"{opinion}/release", reason="Not needed after all.")
        seen = await get(platform, county.fire_desk, hazard)
        assert (seen["co_authority_ids"], seen["parts"][0]["offers"]) == ([str(county.TOWNSHIP)], [])
        assert await owed(platform, opinion) == {}
        await post(platform, county.head, f"{hazard}/close", remark="All clean.")
        assert (await part(platform, told))["state"] == "released"
        assert await owed(platform, told) == {}
        await platform.settle(redeliver=3)
        assert [(event.cause, event.reason) for event in platform.events(facts.PartReleased)] == [
            ("withdrawn", "Not needed after all."),
            ("case_over", "All clean."),
        ]
        assert slug(await post(platform, county.fire_desk, f"{opinion}/answer", 409, answer="x")) == "part-released"


async def test_a_declined_part_is_asked_of_another_and_the_lead_owes_that_in_time(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        first = await declined(platform, hazard)
        said = await part(platform, first)
        assert (said["reason_code"], said["suggested_authority_id"]) == ("other_category", str(county.MARKET))
        assert said["offers"] == ["reask", "release", "insist"]
        assert await owed(platform, first) == {"part.settle": "emergency"}
        again = {"authority_id": str(county.FIRE), "reason": "Look again."}
        assert slug(await post(platform, county.desk, f"{first}/reask", 422, **again)) == "ask-another"
        asking = {"authority_id": str(county.MARKET), "reason": "As the brigade says."}
        shown = await post(platform, county.desk, f"{first}/reask", **asking)
        assert await states(platform, hazard) == [("fire", "opinion", "released"), ("market", "opinion", "asked")]
        second = shown["items"][1]
        assert (second["replaces_id"], second["what"]) == (said["id"], OPINION["what"])
        assert (await get(platform, county.market_desk, hazard))["open_parts"] == 1
        await answered(platform, f"{hazard}/parts/{second['id']}", county.market_desk)
        assert (await get(platform, county.desk, hazard))["open_parts"] == 0
        assert slug(await post(platform, county.desk, f"{first}/reask", 409, **asking)) == "part-released"


@pytest.mark.parametrize(
    ("answering", "then"),
    [
        (str(county.FIRE), [("fire", "opinion", "asked")]),
        (str(county.MARKET), [("fire", "opinion", "released"), ("market", "opinion", "asked")]),
        (None, [("fire", "opinion", "released")]),
    ],
)
async def test_where_lead_and_party_disagree_the_committee_decides(
    services_here: OpenPlatform, answering: str | None, then: list[Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path = await insisted(platform, hazard)
        assert await owed(platform, path) == {"competence.arbitrate": None}
        assert (await part(platform, path, county.committee))["offers"] == ["arbitrate"]
        for late, verb in ((county.fire_desk, "decline"), (county.desk, "release")):
            ask = NOT_OURS if verb == "decline" else {"reason": "x"}
            assert slug(await post(platform, late, f"{path}/{verb}", 409, **ask)) == "illegal-transition"
        decision = {"authority_id": answering, "explanation": "By the list of powers."}
        shown = await post(platform, county.committee, f"{path}/arbitrate", **decision)
        assert await states(platform, hazard) == then
        assert await owed(platform, path) == (
            {"part.acknowledge": "fire", "part.answer": "fire"} if answering == str(county.FIRE) else {}
        )
        assert (await get(platform, county.desk, hazard))["open_parts"] == int(answering is not None)
        for item in shown["items"]:
            if item["state"] == "asked":
                desk = county.fire_desk if item["authority_id"] == str(county.FIRE) else county.market_desk
                bound = f"{hazard}/parts/{item['id']}"
                ask = {**NOT_OURS, "suggested_authority_id": str(county.EMERGENCY)}
                assert slug(await post(platform, desk, f"{bound}/decline", 409, **ask)) == "committee-decided"
                assert (await part(platform, bound, desk))["offers"] == ["acknowledge"]
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.PartArbitrated)
        assert str(told.answering_id or "") == (answering or "")


async def test_of_two_desks_that_answer_at_once_one_is_heard_and_the_other_told_so(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await asked(platform, await assigned(platform))
        await post(platform, county.fire_desk, f"{path}/acknowledge")
        answers = await asyncio.gather(
            *(_try(platform, who, path, words) for who, words in ((county.fire_desk, "no"), (county.fire_head, "yes")))
        )
        [won] = [words for status, words, _ in answers if status == 200]
        [(_, _, refused)] = [each for each in answers if each[0] == 409]
        assert (slug(refused), "answered_at" in refused) == ("part-answered", True)
        assert (await part(platform, path))["answer"] == won
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.PartAnswered)) == 1


async def _try(platform: Any, who: Actor, path: str, words: str) -> tuple[int, str, dict[str, Any]]:
    async with platform.client("inspection", who) as http:
        answer = await http.post(f"{path}/answer", json={"answer": words})
    return answer.status_code, words, answer.json()


async def test_what_cannot_be_asked_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)

        async def told(**changes: Any) -> str:
            answer = await put(platform, county.desk, f"{hazard}/parts/{uuid4()}", 422, **{**OPINION, **changes})
            return slug(answer)

        for party in (uuid4(), county.MILL, county.COMMITTEE, county.AGENCY, county.PARTNER):
            assert await told(authority_id=str(party)) == "cannot-assist", party
        assert await told(authority_id=str(county.EMERGENCY)) == "lead-does-it-itself"
        assert await told(authority_id=str(county.TOWNSHIP)) == "not-for-a-township"
        joint = {"task": "joint_inspection"}
        assert await told(**joint) == "joint-inspection-has-a-day"
        assert await told(on=str(TODAY)) == "joint-inspection-has-a-day"
        for day in (str(TODAY - timedelta(days=1)), str(TODAY + timedelta(days=61)), "9999-12-31"):
            assert await told(**joint, on=day) == "joint-day-not-possible"
        for wrong in ({"on": 0}, {"task": "penalty"}, {"what": " "}, {"why": "x"}, {"what": "x" * 4001}):
            assert await told(**wrong) == "invalid-request", wrong
        assert await states(platform, hazard) == []


async def test_one_party_is_asked_for_one_thing_once_at_a_time(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path = f"{hazard}/parts/{uuid4()}"
        first = await put(platform, county.desk, path, **OPINION)
        assert await put(platform, county.desk, path, **OPINION) == first
        other = {**OPINION, "what": "Something else"}
        assert slug(await put(platform, county.desk, path, 409, **other)) == "part-id-taken"
        again = await put(platform, county.desk, f"{hazard}/parts/{uuid4()}", 409, **other)
        assert (slug(again), again["part_id"]) == ("already-asked", path.rpartition("/")[2])
        await asked(platform, hazard, task="measure")
        await answered(platform, path)
        await asked(platform, hazard, what="And the second exit?")
        await platform.settle(redeliver=3)
        assert len(platform.events(facts.PartAsked)) == 3


async def test_a_part_is_moved_only_by_whom_it_concerns(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path, stranger = await asked(platform, hazard), county.market_desk
        await asked(platform, hazard, MEASURE)
        for who, offers in (
            (county.desk, ["ask"]),
            (county.li, ["ask"]),
            (county.township, []),
            (county.committee, []),
        ):
            assert (await get(platform, who, f"{hazard}/parts"))["offers"] == offers
        assert slug(await put(platform, stranger, f"{hazard}/parts/{uuid4()}", 404, **MEASURE)) == "not-found"
        assert slug(await post(platform, stranger, f"{path}/acknowledge", 404)) == "not-found"
        assert slug(await post(platform, county.township, f"{path}/acknowledge", 403)) == "not-your-part"
        assert slug(await post(platform, county.desk, f"{path}/acknowledge", 403)) == "not-your-part"
        assert slug(await post(platform, county.fire_desk, f"{path}/release", 403, reason="x")) == "not-your-hazard"
        assert (
            slug(await put(platform, county.fire_desk, f"{hazard}/parts/{uuid4()}", 403, **MEASURE))
            == "not-your-hazard"
        )
        elsewhere = f"{hazard}/parts/{uuid4()}/acknowledge"
        assert slug(await post(platform, county.fire_desk, elsewhere, 404)) == "not-found"
        for who in (county.principal, county.agency, county.volunteer):
            for answer in (
                await get(platform, who, f"{hazard}/parts", 403),
                await post(platform, who, f"{path}/acknowledge", 403),
                await put(platform, who, path, 403, **OPINION),
            ):
                assert slug(answer) == "role-may-not"
        assert slug(await post(platform, county.desk, f"{path}/arbitrate", 403, explanation="x")) == "role-may-not"


async def test_a_refusal_says_whose_it_is(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await asked(platform, await assigned(platform))

        async def told(**changes: Any) -> str:
            return slug(await post(platform, county.fire_desk, f"{path}/decline", 422, **{**NOT_OURS, **changes}))

        assert await told(suggested_authority_id=None) == "suggest-an-owner"
        assert await told(suggested_authority_id=str(county.FIRE)) == "suggest-another"
        assert await told(suggested_authority_id=str(county.MILL)) == "not-an-authority"
        assert await told(code="tired") == "invalid-request"
        unnamed = {"code": "no_power", "reason": "No law names anybody.", "suggested_authority_id": None}
        await post(platform, county.fire_desk, f"{path}/decline", **unnamed)
        assert (await part(platform, path))["state"] == "declined"


async def test_an_answer_shows_files_of_its_own_party_and_no_others(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = await asked(platform, await assigned(platform))
        await post(platform, county.fire_desk, f"{path}/acknowledge")
        strange = {"answer": "See the picture.", "files": [PICTURE]}
        assert slug(await post(platform, county.fire_desk, f"{path}/answer", 422, **strange)) == "unknown-evidence"
        stranger = {"answer": "We were there.", "officers": [str(county.LI)]}
        assert slug(await post(platform, county.fire_desk, f"{path}/answer", 422, **stranger)) == "not-an-officer-here"
        assert (await part(platform, path))["state"] == "acknowledged"


async def test_a_new_lead_does_its_own_part_and_settles_what_others_declined(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        theirs = await declined(platform, hazard)
        ours = await asked(platform, hazard, authority_id=str(county.MARKET))
        returning = {**NOT_OURS, "suggested_authority_id": str(county.MARKET)}
        await post(platform, county.desk, f"{hazard}/return-assignment", **returning)
        assert await states(platform, hazard, county.market_desk) == [
            ("fire", "opinion", "declined"),
            ("market", "opinion", "released"),
        ]
        assert await owed(platform, theirs, county.market_desk) == {"part.settle": "market"}
        assert await owed(platform, ours, county.market_desk) == {}
        shown = await get(platform, county.market_desk, hazard)
        assert (shown["open_parts"], shown["co_authority_ids"]) == (1, [str(county.FIRE)])
        await post(platform, county.market_desk, f"{theirs}/release", reason="We know.")
        # The committee may name as lead who was only asked to assist.
        asks = await asked(platform, hazard, by=county.market_desk)
        back = {**NOT_OURS, "suggested_authority_id": str(county.EMERGENCY)}
        await post(platform, county.market_desk, f"{hazard}/return-assignment", **back)
        await post(platform, county.committee, f"{hazard}/assign", lead_authority_id=str(county.FIRE))
        assert (await part(platform, asks, county.fire_desk))["state"] == "released"
        assert (await get(platform, county.fire_desk, hazard))["co_authority_ids"] == []
        await platform.settle(redeliver=3)
        assert [event.cause for event in platform.events(facts.PartReleased)] == ["leads_now", "withdrawn", "leads_now"]


async def test_the_committee_decides_on_a_part_also_while_nobody_leads(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path = await insisted(platform, hazard)
        nobody = {"code": "no_power", "reason": "A trade that no law knows."}
        await post(platform, county.desk, f"{hazard}/return-assignment", **nobody)
        decision = {"authority_id": str(county.MARKET), "explanation": "By the list of powers."}
        shown = await post(platform, county.committee, f"{path}/arbitrate", **decision)
        assert [(item["state"], item["asked_by_id"]) for item in shown["items"]] == [
            ("released", str(county.EMERGENCY)),
            ("asked", str(county.EMERGENCY)),
        ]
        # Who is named as lead in the end does it as lead.
        await post(platform, county.committee, f"{hazard}/assign", lead_authority_id=str(county.MARKET))
        assert (await get(platform, county.market_desk, hazard))["open_parts"] == 0


async def test_a_new_cycle_begins_without_parts_and_leaves_the_old_ones_as_they_were(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform)
        noted = await asked(platform, hazard, task="information", required=False)
        await post(platform, county.fire_desk, f"{noted}/acknowledge")
        await post(platform, county.head, f"{hazard}/close")
        late = {"answer": "One thing more."}
        assert slug(await post(platform, county.fire_desk, f"{noted}/answer", 409, **late)) == "not-in-hand"
        refused = await put(platform, county.desk, f"{hazard}/parts/{uuid4()}", 409, **MEASURE)
        assert slug(refused) == "not-in-hand"
        assert (await get(platform, county.desk, f"{hazard}/parts"))["offers"] == []
        await post(platform, county.head, f"{hazard}/reopen", reason="Dust again.")
        assert (await get(platform, county.desk, hazard))["open_parts"] == 0
        await post(platform, county.desk, f"{hazard}/assign")
        shown = (await get(platform, county.desk, f"{hazard}/parts"))["items"]
        assert [(item["cycle"], item["state"]) for item in shown] == [(1, "acknowledged"), (2, "asked")]
        assert slug(await post(platform, county.fire_desk, f"{noted}/answer", 409, **late)) == "not-in-hand"
        assert slug(await post(platform, county.fire_desk, f"{noted}/acknowledge", 409)) == "illegal-transition"


async def test_what_is_void_asks_nobody_any_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        path = await asked(platform, hazard)
        proof = [county.OFFICERS_PICTURE]
        await post(platform, county.head, f"{hazard}/void", reason="The mill was pulled down.", proof=proof)
        assert (await part(platform, path))["state"] == "released"
        assert (await get(platform, county.head, hazard))["deadlines"] == []


async def test_the_enterprise_hears_nothing_of_who_assists(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform)
        await answered(platform, await asked(platform, hazard))
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert not any("part" in row["verb"] for row in history)
        assert "parts" not in await get(platform, county.principal, hazard)
        officials = (await get(platform, county.township, f"{hazard}/history"))["items"]
        told = [(row["verb"], row["reason"]) for row in officials if row["verb"].startswith("part_")]
        assert told == [("part_ask", OPINION["what"]), ("part_acknowledge", ""), ("part_answer", "It may not.")]
