"""The party is told its rights and heard (Penalty Law art. 44, 62 to 64): notice, statement, hearing, days."""

from datetime import timedelta
from typing import Any

import inspection_county as county
import pytest
from case_stages import GRAVE, LEFT, ON_PAPER, SAID, SERVED, TOLD, due, filed, newest, told
from hazard_stages import clocks
from inspection_county import DESK, EMERGENCY, FIRE_DESK, LI, MILL, OFFICERS_PICTURE, PICTURE, TODAY, get, post, slug
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.actions import ending
from shared.contracts import inspection as facts
from shared.db import raw_of
from shared.raw import Raw
from shared.testing import START, OpenPlatform, Platform

CALLED = {"at": str(START + timedelta(days=20)), "place": "Room 3", "presider": str(DESK)}
HELD = {"attended": True, "record": "Both sides were heard", "evidence": [OFFICERS_PICTURE]}
PARTYS = {"words": "The extractor was on its way", "evidence": [PICTURE]}


@pytest.mark.parametrize(("right", "changes"), [(False, {}), (True, {"amount_yuan": 50_000})])
async def test_what_is_grave_carries_the_right_to_a_hearing(
    services_here: OpenPlatform, right: bool, changes: dict[str, Any]
) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **changes)
        case = await newest(platform, hazard)
        assert (case["hearing_right"], case["answer_until"]) == (right, "2026-10-13")
        key, other = ("case.hearing.ask", "case.statement")[:: 1 if right else -1]
        held = await clocks(platform, hazard)
        assert (held[key], other in held) == (str(MILL), False)
        offers = set((await get(platform, county.principal, hazard))["offers"])
        assert offers >= {"state_defence"}
        assert ("ask_hearing" in offers, "waive_hearing" in offers) == (right, right)


async def test_the_notice_says_facts_reasons_basis_and_how_it_was_served(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await filed(platform)
        path = f"{hazard}/tell-rights"
        for part in ("facts", "reasons", "basis", "penalty"):
            await post(platform, county.li, path, 422, **{**TOLD, part: ""})
        await post(platform, county.li, path, 422, **{**TOLD, "kinds": []})
        for said, service in (
            ("evidence-missing", {**SERVED, "evidence": []}),
            ("evidence-missing", {**SERVED, "received_by": None}),
            ("evidence-missing", {**LEFT, "refused": {"reason": "Would not sign", "witnesses": ["Zhao"]}}),
            ("refused-is-left", {**SERVED, "how": "left_at_premises"}),
            ("delivery-time", {**SERVED, "at": str(START - timedelta(hours=1))}),
            ("not-a-delivery", {**SERVED, "how": "taken_in_hand"}),
        ):
            assert slug(await post(platform, county.li, path, 422, **{**TOLD, "service": service})) == said
        assert slug(await post(platform, county.principal, path, 403, **TOLD)) == "role-may-not"
        platform.travel(days=1)
        shown = await post(platform, county.li, path, **{**TOLD, "service": {**LEFT, "at": str(START)}})
        assert shown["services"][0]["witnesses"] == ["Zhao", "Qian"]
        assert shown["cases"][0]["answer_until"] == "2026-10-13", "counted from the service, not from its recording"
        own = await get(platform, county.principal, hazard)
        case, [service] = own["cases"][0], own["services"]
        assert (case["told_facts"], case["told_reasons"]) == (TOLD["facts"], TOLD["reasons"])
        assert (service["document"], service["refused"]) == ("rights_notice", "Would not sign")
        assert not {"witnesses", "by_id"} & set(service)
        assert [clock["key"] for clock in own["deadlines"] if clock["key"].startswith("case.")] == ["case.statement"]
        await platform.settle(redeliver=3)
        [event] = platform.events(facts.CaseRightsTold)
        assert isinstance(event, facts.CaseRightsTold)
        assert (event.signature_refused, event.hearing_right) == (True, False)
        assert TOLD["facts"] not in event.model_dump_json()


async def test_a_statement_is_read_until_the_decision_also_when_late(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform)
        path = f"{hazard}/state-defence"
        assert slug(await post(platform, county.other_principal, path, 404, **PARTYS)) == "not-found"
        assert slug(await post(platform, county.worker, path, 403, **PARTYS)) == "role-may-not"
        await post(platform, county.principal, path, **PARTYS)
        assert (await due(platform, "case.statement"))[1] == "met"
        platform.travel(days=20)
        shown = await post(platform, county.manager, path, **SAID)
        assert [each["late"] for each in shown["statements"]] == [False, True]
        officials = await get(platform, county.desk, hazard)
        assert [each["by_party_id"] for each in officials["statements"]] == [str(MILL)] * 2
        history = (await get(platform, county.principal, f"{hazard}/history"))["items"]
        assert [move["reason"] for move in history if move["verb"] == "state_defence"] == [SAID["words"]] * 2


async def test_what_the_party_says_on_paper_is_taken_down_with_its_day(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        platform.travel(days=20)
        path = f"{hazard}/ask-hearing"
        too_late = {**ON_PAPER, "on": "2026-10-14"}
        for said, status, who, ask in (
            ("answer-too-late", 409, county.principal, SAID),
            ("answer-too-late", 409, county.desk, too_late),
            ("answer-time", 422, county.desk, {**ON_PAPER, "on": str(TODAY - timedelta(days=1))}),
            ("answer-time", 422, county.desk, {**ON_PAPER, "on": "2026-10-21"}),
            ("evidence-missing", 422, county.desk, {**SAID, "on": "2026-10-13"}),
            ("said-today", 422, county.principal, {**SAID, "on": "2026-10-13"}),
        ):
            target = f"{hazard}/state-defence" if said == "said-today" else path
            assert slug(await post(platform, who, target, status, **ask)) == said
        shown = await post(platform, county.desk, path, **{**ON_PAPER, "on": "2026-10-13"})
        assert (shown["enforcement"], shown["cases"][0]["hearing_asked_on"]) == ("hearing_asked", "2026-10-13")


async def test_a_hearing_is_called_ahead_led_by_a_third_and_held_on_its_day(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        assert (await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID))["enforcement"]
        assert (await due(platform, "case.hearing.ask"))[1] == "met"
        assert await due(platform, "case.hearing.call") == ("2026-10-13", "open")
        call, hold = f"{hazard}/call-hearing", f"{hazard}/hold-hearing"
        for said, status, changes in (
            ("hearing-notice-too-short", 422, {"at": str(START + timedelta(days=14))}),
            ("hearing-notice-too-short", 422, {"at": "0001-01-01T00:00:00+14:00"}),
            ("hearing-too-late", 422, {"at": str(START + timedelta(days=91))}),
            ("hearing-too-late", 422, {"at": "9999-12-31T23:59:59-14:00"}),
            ("presider-is-officer", 409, {"presider": str(LI)}),
            ("not-an-officer-here", 422, {"presider": str(FIRE_DESK)}),
        ):
            assert slug(await post(platform, county.desk, call, status, **{**CALLED, **changes})) == said
        assert slug(await post(platform, county.li, hold, 409, **HELD)) == "hearing-to-come"
        await post(platform, county.desk, call, **{**CALLED, "at": str(START + timedelta(days=15))})
        assert (await due(platform, "case.hearing.call"))[1] == "met"
        moved = await post(platform, county.desk, call, **CALLED)
        assert await due(platform, "case.hearing.hold") == ("2026-10-20", "open")
        assert [clock["key"] for clock in moved["deadlines"]].count("case.hearing.hold") == 1
        own = (await get(platform, county.principal, hazard))["cases"][0]
        assert (own["hearing_place"], own["hearing_presider"]) == ("Room 3", str(DESK))
        platform.travel(days=19)
        assert slug(await post(platform, county.li, hold, 409, **HELD)) == "hearing-to-come"
        platform.travel(days=1)
        await post(platform, county.li, hold, 422, **{**HELD, "evidence": []})
        heard = await post(platform, county.li, hold, **HELD)
        assert (heard["enforcement"], (await due(platform, "case.hearing.hold"))[1]) == ("heard", "met")
        assert {"review_case"} <= set((await get(platform, county.desk, hazard))["offers"])
        await platform.settle(redeliver=3)
        told_of = [event.subject.rpartition("case_")[2] for event in platform.events() if "hearing" in event.subject]
        assert told_of == ["hearing_requested", "hearing_called", "hearing_called", "hearing_held"]


async def test_a_hearing_that_is_called_anew_leaves_one_running_clock_with_the_new_day(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what a session holds is written before its clocks are ended: the order is not a matter of luck."""

    async def written_first(tx: AsyncSession) -> Raw:
        await tx.flush()
        return await raw_of(tx)

    monkeypatch.setattr(ending, "raw_of", written_first)
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID)
        call = f"{hazard}/call-hearing"
        for days in (15, 20, 18):
            await post(platform, county.desk, call, **{**CALLED, "at": str(START + timedelta(days=days))})
        query = "select due_at, state, ended_at from deadlines where key = 'case.hearing.hold' order by due_at"
        held = await platform.rows("inspection", query)
        assert [(str(row["due_at"].date()), row["state"], row["ended_at"] is None) for row in held] == [
            ("2026-10-15", "cancelled", False),
            ("2026-10-18", "open", True),
            ("2026-10-20", "cancelled", False),
        ]
        shown = await get(platform, county.desk, hazard)
        assert [clock["due_at"][:10] for clock in shown["deadlines"] if clock["key"] == "case.hearing.hold"] == [
            "2026-10-18"
        ]
        assert shown["cases"][0]["hearing_at"][:10] == "2026-10-18"
        [listed] = await platform.rows("inspection", "select clocks from hazards")
        assert listed["clocks"].count("case.hearing.hold") == 1
        platform.travel(days=18)
        await post(platform, county.li, f"{hazard}/hold-hearing", **HELD)
        assert "case.hearing.hold" not in await clocks(platform, hazard)


async def test_who_does_not_come_has_waived_and_who_waives_is_waited_for_no_more(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID)
        await post(platform, county.desk, f"{hazard}/call-hearing", **CALLED)
        waived = await post(platform, county.principal, f"{hazard}/waive-hearing", **SAID)
        assert (waived["enforcement"], waived["cases"][0]["hearing_waived_on"]) == ("rights_told", str(TODAY))
        assert (await due(platform, "case.hearing.hold"))[1] == "cancelled"
        for verb in ("ask-hearing", "waive-hearing"):
            assert slug(await post(platform, county.principal, f"{hazard}/{verb}", 409, **SAID)) == "no-hearing-right"
        assert "review_case" in (await get(platform, county.desk, hazard))["offers"]
        await post(platform, county.li, f"{hazard}/tell-rights", **GRAVE)
        await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID)
        await post(platform, county.desk, f"{hazard}/call-hearing", **CALLED)
        platform.travel(days=20)
        absent = await post(platform, county.li, f"{hazard}/hold-hearing", **{**HELD, "attended": False})
        assert (absent["enforcement"], absent["cases"][0]["hearing_attended"]) == ("heard", False)


@pytest.mark.parametrize("heard", [True, False])
async def test_the_time_of_a_hearing_is_not_counted_in_the_days_to_decide(
    services_here: OpenPlatform, heard: bool
) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        assert await due(platform, "case.decision") == ("2026-12-29", "open")
        platform.travel(days=5)
        shown = await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID)
        assert await due(platform, "case.decision") == ("2026-12-29", "paused")
        [clock] = [each for each in shown["deadlines"] if each["key"] == "hazard.limit"]
        assert clock["paused_at"] is None, "only what the hearing is about rests"
        await post(platform, county.desk, f"{hazard}/call-hearing", **CALLED)
        platform.travel(days=95)  # 8 January: the ninety days from filing are over
        await platform.settle(redeliver=3)
        assert "case.decision" not in _missed(platform)
        page = await get(platform, county.desk, hazard)
        [clock] = [each for each in page["deadlines"] if each["key"] == "case.decision"]
        assert clock["paused_at"] == "2026-10-05T01:00:00Z"
        assert "A hearing was asked for, its time is not counted: paused on 2026-10-05." in clock["explanation_en"]
        assert page["next_due_key"] != "case.decision"
        late = (await get(platform, county.desk, "/hazards?clock=case.decision&overdue=true"))["items"]
        assert late == [], "a clock that rests is late on no list"
        if heard:
            await post(platform, county.li, f"{hazard}/hold-hearing", **HELD)
        else:
            await post(platform, county.principal, f"{hazard}/waive-hearing", **SAID)
        assert await due(platform, "case.decision") == ("2027-04-03", "open"), "of ninety days eighty-five were left"
        platform.travel(days=86)
        await platform.settle(redeliver=3)
        assert "case.decision" in _missed(platform)


async def test_a_case_that_is_dropped_while_a_hearing_is_waited_for_ends_its_clock(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        await post(platform, county.principal, f"{hazard}/ask-hearing", **SAID)
        assert (await due(platform, "case.decision"))[1] == "paused"
        await post(
            platform, county.head, f"{hazard}/drop-case", reason="Put right in time", cause="minor_and_corrected"
        )
        assert (await due(platform, "case.decision"))[1] == "met"
        platform.travel(days=120)
        await platform.settle(redeliver=3)
        assert "case.decision" not in _missed(platform)


async def test_who_waives_before_asking_lets_no_clock_go_on(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        await post(platform, county.principal, f"{hazard}/waive-hearing", **SAID)
        assert await due(platform, "case.decision") == ("2026-12-29", "open")


def _missed(platform: Platform) -> set[str]:
    return {fact.key for fact in platform.events(facts.DeadlineMissed) if isinstance(fact, facts.DeadlineMissed)}


async def test_the_days_to_ask_pass_and_are_seen_to_have_passed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform, **GRAVE)
        assert (await due(platform, "case.hearing.ask")) == ("2026-10-13", "open")
        platform.travel(days=14)
        own = await get(platform, county.principal, hazard)
        assert "case.hearing.ask" in {clock["key"] for clock in own["deadlines"]}
        assert own["next_due_key"] != "case.hearing.ask", "it was a right: who did not use it is not late"
        [line] = (await get(platform, county.desk, "/hazards"))["items"]
        assert line["next_due_key"] not in {"case.hearing.ask", "case.statement"}
        [own_line] = (await get(platform, county.principal, "/hazards"))["items"]
        assert own_line["next_due_key"] == own["next_due_key"]
        [found] = (await get(platform, county.principal, "/hazards?clock=case.hearing.ask"))["items"]
        assert found["id"] == own["id"]
        assert not {"ask_hearing"} & set(own["offers"])
        await post(platform, county.desk, f"{hazard}/review-case", agrees=True, opinion="Sound")
        grave = {"penalty": "Stop", "kinds": ["stop_work"], "amount_yuan": 0, "basis": "WSL art. 102"}
        discussion = {"on": "2026-10-14", "members": [str(DESK), str(county.HEAD)], "opinion": "Agreed"}
        shown = await post(platform, county.head, f"{hazard}/decide-case", **grave, discussion=discussion)
        assert shown["cases"][0]["hearing"] == "waived"
        assert (await due(platform, "case.hearing.ask"))[1] == "cancelled", "nobody asked, and nobody says so"


async def test_other_authorities_neither_tell_nor_hear(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await told(platform)
        fire = county.actor("authority.head", county.FIRE_HEAD, county.FIRE)
        for verb, ask in (("tell-rights", TOLD), ("state-defence", SAID), ("drop-case", {"reason": "x"})):
            assert slug(await post(platform, fire, f"{hazard}/{verb}", 404, **ask)) == "not-found"
        assert str(EMERGENCY)
        assert slug(await post(platform, county.committee, f"{hazard}/tell-rights", 403, **TOLD)) == "role-may-not"
