"""Assessments from the draft to the standings: heard before decided, contested before published, null where nothing."""

from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from committee_stages import other_committee
from inspection_county import get, post, put, slug
from visit_stages import known_county, walker

from shared.contracts.inspection.assessments import (
    AssessmentAnswered,
    AssessmentDecided,
    AssessmentObjected,
    AssessmentOpened,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentScored,
    AssessmentStated,
    AssessmentWithdrawn,
)
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

ON_TIME = {
    "indicator": "h4_on_time",
    "most": 40,
    "part": 27,
    "whole": 30,
    "points": 36,
    "source": "Hazards due in the second quarter, latest decided limits",
}
NOTHING_DUE = {"indicator": "h9_look_back", "most": 20, "part": 0, "whole": 0, "source": "Look-backs due"}
VISITS = {"indicator": "i1_visits", "most": 10, "part": 61, "points": 9, "source": "Visits that were finished"}
SCORES = {"lines": [ON_TIME, NOTHING_DUE, VISITS]}
DEATH = "An accident with one death on 3 May."
EVENTS = (
    *(AssessmentOpened, AssessmentScored, AssessmentProposed, AssessmentStated, AssessmentDecided),
    *(AssessmentObjected, AssessmentAnswered, AssessmentPublished, AssessmentWithdrawn),
)


async def opened(platform: Platform, party: UUID = county.EMERGENCY, status: int = 201, **changes: Any) -> str:
    ask = {"party_id": str(party), "year": 2026, "quarter": 2, **changes}
    address = f"/assessments/{uuid4()}"
    told = await put(platform, county.committee, address, status, **ask)
    return address if status == 201 else slug(told)


async def proposed(platform: Platform, party: UUID = county.EMERGENCY, **scores: Any) -> str:
    address = await opened(platform, party)
    await post(platform, county.committee, f"{address}/score", **{**SCORES, **scores})
    await post(platform, county.committee, f"{address}/propose")
    return address


async def decided(platform: Platform, party: UUID = county.EMERGENCY, **scores: Any) -> str:
    """Decide after the party let its time pass."""
    address = await proposed(platform, party, **scores)
    platform.travel(days=14)
    await post(platform, county.committee, f"{address}/decide", opinion="As scored.")
    return address


async def published(platform: Platform, party: UUID = county.EMERGENCY, **scores: Any) -> str:
    address = await decided(platform, party, **scores)
    platform.travel(days=14)
    await post(platform, county.committee, f"{address}/publish")
    return address


async def standings(platform: Platform, kind: str = "authority", query: str = "&quarter=2") -> list[dict[str, Any]]:
    shown = await get(platform, county.fire_head, f"/assessments/standings?year=2026&kind={kind}{query}")
    items: list[dict[str, Any]] = shown["items"]
    return items


async def test_a_party_is_heard_decided_on_objects_is_answered_and_published(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await opened(platform)
        shown = await post(platform, county.committee, f"{address}/score", **SCORES)
        assert (shown["points"], shown["out_of"], shown["share"], shown["least_n"]) == (45, 50, 0.9, 30)
        assert [(each["indicator"], each["value"], each["points"], each["effort"]) for each in shown["lines"]] == [
            ("h4_on_time", 0.9, 36, False),
            ("h9_look_back", None, None, False),
            ("i1_visits", None, 9, True),
        ]
        shown = await post(platform, county.committee, f"{address}/propose")
        assert [(clock["key"], clock["owed_by"]) for clock in shown["deadlines"]] == [
            ("assessment.statement", str(county.EMERGENCY))
        ]
        early = await post(platform, county.committee, f"{address}/decide", 409, opinion="As scored.")
        assert slug(early) == "statement-awaited"
        assert (await get(platform, county.desk, address))["offers"] == ["state"]
        shown = await post(platform, county.head, f"{address}/state", text="Three of the thirty were not ours.")
        assert (shown["state"], shown["deadlines"]) == ("stated", [])
        mended = {"lines": [{**ON_TIME, "whole": 27, "points": 40}, NOTHING_DUE, VISITS]}
        await post(platform, county.committee, f"{address}/score", **mended)
        shown = await post(platform, county.committee, f"{address}/decide", opinion="Their word is right.")
        assert (shown["state"], shown["points"], shown["out_of"]) == ("decided", 49, 50)
        assert slug(await post(platform, county.committee, f"{address}/publish", 409)) == "objection-awaited"
        shown = await post(platform, county.desk, f"{address}/object", text="Visits were sixty-six.")
        assert [(clock["key"], clock["owed_by"]) for clock in shown["deadlines"]] == [("assessment.answer", None)]
        again = {"lines": [*mended["lines"][:2], {**VISITS, "part": 66, "points": 10}]}
        answer = {"upheld": True, "answer": "Five were filed late.", "scores": again}
        shown = await post(platform, county.committee, f"{address}/answer", **answer)
        assert (shown["state"], shown["points"], shown["deadlines"]) == ("answered", 50, [])
        shown = await post(platform, county.committee, f"{address}/publish")
        assert (shown["state"], shown["offers"]) == ("published", [])
        assert [(each["objection"], each["text"]) for each in shown["said"]] == [
            (False, "Three of the thirty were not ours."),
            (True, "Visits were sixty-six."),
        ]
        scored = [step["facts"]["lines"] for step in shown["history"] if step["verb"] == "score"]
        assert [lines[0]["whole"] for lines in scored] == [30, 27], "history keeps what it was before"
        await platform.settle(redeliver=3)
        told = platform.events(*EVENTS)
        assert [event.state for event in told] == [
            *("draft", "draft", "proposed", "stated", "stated", "decided", "objected", "answered", "published")
        ]
        assert [event.points for event in told[5:] if not isinstance(event, AssessmentObjected)] == [49, 50, 50]
        assert {(event.party_id, event.year, event.quarter) for event in told} == {(county.EMERGENCY, 2026, 2)}
        assert await platform.dead_letters() == []


async def test_a_party_that_lets_its_time_pass_is_decided_on_and_can_object_for_a_while_only(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await decided(platform)
        shown = await get(platform, county.committee, address)
        assert (shown["object_until"], shown["deadlines"]) == ("2026-10-21T15:59:59Z", [])
        platform.travel(days=7, hours=15)
        late = await post(platform, county.desk, f"{address}/object", 409, text="Now we read it.")
        assert slug(late) == "objection-too-late"
        await post(platform, county.committee, f"{address}/publish")
        await platform.settle()
        assert [event.heard for event in platform.events(AssessmentDecided)] == [False]


async def test_a_dismissed_objection_leaves_the_scores_and_there_is_no_second_one(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await decided(platform)
        await post(platform, county.desk, f"{address}/object", text="No.")
        for upheld, scores in ((True, None), (False, SCORES)):
            ask = {"upheld": upheld, "answer": "x", "scores": scores}
            assert slug(await post(platform, county.committee, f"{address}/answer", 422, **ask)) == "scores-and-answer"
        shown = await post(platform, county.committee, f"{address}/answer", upheld=False, answer="The files say so.")
        assert (shown["state"], shown["points"], shown["answer"]) == ("answered", 45, "The files say so.")
        assert slug(await post(platform, county.desk, f"{address}/object", 409, text="No!")) == "illegal-transition"


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({**NOTHING_DUE, "points": 20}, "empty-denominator"),
    ({**NOTHING_DUE, "points": 0}, "empty-denominator"),
    ({**ON_TIME, "points": 40.01}, "points-out-of-bounds"),
    ({**ON_TIME, "points": -1}, "invalid-request"),
    ({**ON_TIME, "part": 31}, "part-above-whole"),
    ({**ON_TIME, "most": 91}, "too-many-points"),
    ({**ON_TIME, "most": 0}, "invalid-request"),
    ({**ON_TIME, "source": ""}, "invalid-request"),
    ({**ON_TIME, "indicator": "i1_visits"}, "indicator-twice"),
    ({**ON_TIME, "indicator": "zeal"}, "invalid-request"),
    ({**ON_TIME, "rank": 1}, "invalid-request"),
]


async def test_what_would_make_a_score_a_lie_is_refused(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await opened(platform)
        assert slug(await post(platform, county.committee, f"{address}/propose", 409)) == "nothing-scored"
        for line, why in HOSTILE:
            refused = await post(platform, county.committee, f"{address}/score", 422, lines=[line, VISITS])
            assert slug(refused) == why, line
        assert (await get(platform, county.committee, address))["lines"] == []


async def test_a_period_is_assessed_once_when_it_is_over_and_of_offices_only(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await opened(platform)
        assert await opened(platform, status=409) == "assessed-already"
        same = {"party_id": str(county.EMERGENCY), "year": 2026, "quarter": 2}
        assert (await put(platform, county.committee, address, **same))["state"] == "draft"
        other = {**same, "quarter": 1}
        assert slug(await put(platform, county.committee, address, 409, **other)) == "assessment-id-taken"
        assert slug(await put(platform, other_committee, address, 404, **same)) == "not-found"
        for changes, why in (
            ({"quarter": 3}, "period-not-over"),
            ({"quarter": None}, "period-not-over"),
            ({"quarter": 5}, "invalid-request"),
            ({"year": 9999}, "invalid-request"),
        ):
            assert await opened(platform, status=422, **changes) == why
        for party in (county.MILL, county.AGENCY, county.COMMITTEE, UUID(int=77)):
            assert await opened(platform, party, 422) == "unknown-party"
        await opened(platform, year=2025, quarter=None)
        shown = await post(platform, county.committee, f"{address}/withdraw", reason="The source was wrong.")
        assert (shown["state"], shown["offers"]) == ("withdrawn", [])
        await opened(platform)
        await platform.settle()
        assert [event.proposed for event in platform.events(AssessmentWithdrawn)] == [False]


async def test_a_party_reads_its_own_record_once_it_is_asked_and_nobody_else_does(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        address = await opened(platform)
        await post(platform, county.committee, f"{address}/score", **SCORES)
        assert slug(await get(platform, county.desk, address, 404)) == "not-found"
        assert (await get(platform, county.desk, "/assessments"))["items"] == []
        await post(platform, county.committee, f"{address}/propose")
        assert (await get(platform, county.li, address))["lines"][0]["source"] == ON_TIME["source"]
        for stranger in (county.fire_head, county.township):
            assert slug(await get(platform, stranger, address, 404)) == "not-found"
            assert slug(await post(platform, stranger, f"{address}/state", 404, text="x")) == "not-found"
        for stranger in (county.principal, county.agency, county.volunteer, walker):
            assert slug(await get(platform, stranger, address, 403)) == "role-may-not"
            path = "/assessments/standings?year=2026&kind=authority"
            assert slug(await get(platform, stranger, path, 403)) == "role-may-not"
        refused = await post(platform, other_committee, f"{address}/withdraw", 403, reason="x")
        assert slug(refused) == "not-your-assessment"
        for query, expected in (
            ("", 1),
            ("?state=proposed&year=2026&quarter=2", 1),
            (f"?party={county.FIRE}", 0),
            ("?quarter=0", 0),
        ):
            assert len((await get(platform, county.committee, f"/assessments{query}"))["items"]) == expected


async def test_standings_rank_by_share_and_give_no_rank_to_few_cases_and_show_a_veto_with_its_reason(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await published(platform, county.EMERGENCY, veto=DEATH)
        nine = {**ON_TIME, "part": 9, "whole": 9, "points": 40}
        await published(platform, county.FIRE, lines=[nine])
        ten = {**ON_TIME, "part": 10, "whole": 10, "points": 40}
        await published(platform, county.MARKET, lines=[ten])
        await published(platform, county.TOWNSHIP, lines=[NOTHING_DUE])
        assert [
            (each["party_id"], each["rank"], each["share"], each["unranked"], each["veto"])
            for each in await standings(platform)
        ] == [
            (str(county.MARKET), 1, 1.0, None, ""),
            (str(county.EMERGENCY), 2, 0.9, None, DEATH),
            (str(county.FIRE), None, 1.0, "too_few_cases", ""),
        ]
        [township] = await standings(platform, "township")
        assert (township["points"], township["share"], township["rank"]) == (None, None, None)
        assert (township["unranked"], township["vetoed"]) == ("nothing_scored", False)
        assert await standings(platform, query="&quarter=1") == []
        assert await standings(platform, query="") == []
        ours = await get(platform, county.township, "/assessments/standings?year=2026&quarter=2&kind=authority")
        assert (len(ours["items"]), ours["least"]) == (3, 10)


async def test_what_is_not_published_stands_in_no_standings(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await decided(platform)
        assert await standings(platform) == []
        abroad = county.actor(Role.COMMITTEE, party=UUID(int=98), area="110101")
        shown = await get(platform, abroad, "/assessments/standings?year=2026&quarter=2&kind=authority")
        assert shown["items"] == []
