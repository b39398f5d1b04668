"""Officers keep out of what concerns them (Penalty Law art. 43): at once of themselves, or when the head agrees."""

from uuid import uuid4

import inspection_county as county
from delegation_letters import delegated, letter, zhao
from hazard_stages import ORDER, assigned, ordered, passing, rechecking, verified
from inspection_county import HEAD, LI, OFFICERS, WANG, get, post, slug

from shared.contracts import inspection as facts
from shared.testing import OpenPlatform

WHY = "My brother works there"
wang = county.actor("authority.officer", WANG, county.EMERGENCY)


async def test_who_steps_aside_does_nothing_more_and_is_named_by_nobody(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        recusal = await post(platform, wang, f"{hazard}/recusals", 201, reason=WHY)
        assert (recusal["state"], recusal["officer_id"], recusal["asked_by"]) == ("effective", str(WANG), None)
        assert slug(await post(platform, wang, f"{hazard}/recusals", 409, reason=WHY)) == "recusal-stands"
        refused = await post(platform, county.li, f"{hazard}/order", 409, **ORDER)
        assert (slug(refused), refused["officers"]) == ("officer-recused", [str(WANG)])
        own = await post(platform, wang, f"{hazard}/order", 403, **ORDER)
        assert slug(own) == "you-are-recused"
        assert (await get(platform, wang, hazard))["offers"] == []
        [line] = (await get(platform, wang, "/hazards"))["items"]
        assert line["offers"] == []
        with_head = {**ORDER, "officers": [str(LI), str(HEAD)]}
        assert (await post(platform, county.li, f"{hazard}/order", **with_head))["state"] == "ordered"
        await platform.settle(redeliver=3)
        [told] = platform.events(facts.RecusalDeclared)
        assert isinstance(told, facts.RecusalDeclared)
        assert told.officer_id == WANG
        assert WHY not in told.model_dump_json(), "why is between the officer and the authority"


async def test_an_officers_conscience_is_not_the_enterprises_business(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform)
        await post(platform, county.li, f"{hazard}/recusals", 201, reason=WHY)
        assert (await get(platform, county.principal, f"{hazard}/recusals"))["items"] == []
        async with platform.client("inspection", county.principal) as http:
            texts = [(await http.get(path)).text for path in (hazard, f"{hazard}/history", f"{hazard}/recusals")]
        assert not any(WHY in text or "step_aside" in text for text in texts)
        seen = (await get(platform, county.desk, f"{hazard}/recusals"))["items"]
        assert [(each["officer_id"], each["reason"]) for each in seen] == [(str(LI), WHY)]


async def test_the_enterprise_asks_and_until_the_head_decides_the_officer_goes_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        ask = {"officer_id": str(WANG), "reason": "He is the neighbour's son"}
        unknown = {**ask, "officer_id": str(HEAD)}
        path = f"{hazard}/recusals/ask"
        assert slug(await post(platform, county.principal, path, 422, **unknown)) == "not-an-officer-of-this"
        assert slug(await post(platform, county.li, path, 403, **ask)) == "role-may-not"
        recusal = await post(platform, county.principal, path, 201, **ask)
        assert (recusal["state"], "decided_by" in recusal) == ("asked", False)
        assert "pass_recheck" in (await get(platform, wang, hazard))["offers"], "nothing rests meanwhile"
        decide = f"{hazard}/recusals/{recusal['id']}/decide"
        deciding = {"granted": True, "reason": "It is so"}
        assert slug(await post(platform, county.desk, decide, 403, **deciding)) == "role-may-not"
        await post(platform, county.fire_head, decide, 404, **deciding)
        await post(platform, county.head, f"{hazard}/recusals/{uuid4()}/decide", 404, **deciding)
        decided = await post(platform, county.head, decide, **deciding)
        assert (decided["state"], decided["decided_by"]) == ("effective", str(HEAD))
        assert slug(await post(platform, county.head, decide, 409, **deciding)) == "already-decided"
        for command in ("pass-recheck", "fail-recheck"):
            told = await passing(platform, hazard)
            told |= (
                {} if command == "pass-recheck" else {"consequence": "new_order", "limit": "2026-10-10", "basis": "x"}
            )
            assert slug(await post(platform, county.li, f"{hazard}/{command}", 409, **told)) == "officer-recused"
        others = await passing(platform, hazard, officers=[str(LI), str(HEAD)])
        assert (await post(platform, county.li, f"{hazard}/pass-recheck", **others))["state"] == "verified"
        own = (await get(platform, county.principal, f"{hazard}/recusals"))["items"]
        assert [(each["state"], each["decision"]) for each in own] == [("effective", "It is so")]
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert ("decide_recusal", "It is so") in [(move["verb"], move["reason"]) for move in history]
        await platform.settle(redeliver=3)
        told = [event.subject.rpartition(".")[2] for event in platform.events(facts.RecusalAsked, facts.RecusalDecided)]
        assert told == ["recusal_asked", "recusal_decided"]


async def test_a_refused_recusal_changes_nothing_and_nobody_decides_about_themselves(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform, officers=(str(LI), str(HEAD)))
        asking = {"officer_id": str(HEAD), "reason": "He knows us"}
        about_the_head = await post(platform, county.principal, f"{hazard}/recusals/ask", 201, **asking)
        path = f"{hazard}/recusals/{about_the_head['id']}/decide"
        assert slug(await post(platform, county.head, path, 409, granted=False, reason="x")) == "not-your-own-recusal"
        other_head = county.actor("authority.head", party=county.EMERGENCY)
        refused = await post(platform, other_head, path, granted=False, reason="He does not")
        assert refused["state"] == "refused"
        again = await post(platform, county.principal, f"{hazard}/recusals/ask", 201, **asking)
        assert again["state"] == "asked"


async def test_a_head_on_recusal_closes_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await verified(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        await post(platform, county.head, f"{hazard}/recusals", 201, reason=WHY)
        assert slug(await post(platform, county.head, f"{hazard}/close", 403, workers_told=True)) == "you-are-recused"


async def test_a_delegates_officer_steps_aside_too(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform)
        await delegated(platform, letter())
        assert (await get(platform, zhao, hazard))["offers"] == ["order"]
        await post(platform, zhao, f"{hazard}/recusals", 201, reason=WHY)
        assert (await get(platform, zhao, hazard))["offers"] == []
        assert [str(LI), str(WANG)] == OFFICERS
