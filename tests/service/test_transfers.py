"""Transfers (T21) from sending to the answer: who hands what to whom, what the receiver reads, and each refusal."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import campaign_stages as stage
import inspection_county as county
import pytest
from campaign_stages import CITY, DISCIPLINE, POLICE, PROCURATOR, closed_hazards, known_county
from hazard_stages import ordered
from inspection_county import get, post, put, slug

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import transfers
from shared.testing import OpenPlatform, Platform

LETTER: dict[str, Any] = {
    "receiver_id": str(POLICE),
    "ground": "suspected_crime",
    "subject": "Dust explosion risk concealed from inspectors",
    "reason": "The interlock was bridged on purpose.",
    "basis": "Criminal Law art. 134",
}
TO_FIRE = {"receiver_id": str(county.FIRE), "ground": "not_competent", "basis": "Work Safety Law art. 69"}
NO = {"reason": "No sign of intent.", "suggested_id": str(county.MARKET)}
MORE = {"statement": "The fitter's statement is attached."}


async def ready(platform: Platform) -> str:
    """Bring a reported hazard to its order; give its id."""
    hazard = await ordered(platform)
    await stage.watchdogs(platform)
    return hazard.rpartition("/")[2]


async def transferred(
    platform: Platform, who: Actor, hazard_id: str | None, status: int = 201, **changes: Any
) -> dict[str, Any]:
    ask = {**LETTER, "hazard_id": hazard_id, **changes}
    return await put(platform, who, f"/transfers/{uuid4()}", status, **ask)


def clocks(transfer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(clock["key"], clock["owed_by"]) for clock in transfer["deadlines"]]


async def test_a_transfer_is_refused_sent_again_acknowledged_and_its_result_told_back(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        sent = await transferred(platform, county.head, hazard_id, sections=["orders"])
        address = f"/transfers/{sent['id']}"
        assert (sent["number"], sent["state"], sent["offers"]) == ("应急移送函〔2026〕000001号", "sent", ["withdraw"])
        assert (sent["next_due"], clocks(sent)) == ("2026-10-10T15:59:59Z", [("transfer.acknowledge", str(POLICE))])
        assert (await get(platform, stage.police, address))["offers"] == ["acknowledge", "refuse"]
        platform.travel(days=11)
        assert (await get(platform, county.committee, address))["overdue"] is True

        back = await post(platform, stage.police, f"{address}/refuse", **NO)
        assert (back["state"], clocks(back), back["refusals"]) == ("refused", [], 1)
        assert [(each["reason"], each["suggested_id"]) for each in back["refused"]] == [
            (NO["reason"], NO["suggested_id"])
        ]
        assert slug(await post(platform, stage.police, f"{address}/acknowledge", 409)) == "illegal-transition"
        again = await post(platform, county.desk, f"{address}/send-again", **MORE, evidence=[county.OFFICERS_PICTURE])
        assert (again["state"], again["additions"][0]["statement"]) == ("sent", MORE["statement"])
        taken = await post(platform, stage.police, f"{address}/acknowledge")
        assert (taken["state"], clocks(taken)) == ("acknowledged", [("transfer.answer", str(POLICE))])
        assert slug(await post(platform, county.desk, f"{address}/withdraw", 409, reason="x")) == "illegal-transition"
        report = await county.hand_in(platform, {**county.PICTURE, "id": str(uuid4())}, POLICE)
        told = await post(platform, stage.police, f"{address}/answer", result="Two were arrested.", files=[report])
        assert (told["state"], clocks(told), told["offers"]) == ("answered", [], [])
        seen = await get(platform, county.desk, address)
        assert (seen["result"], [each["id"] for each in seen["result_files"]]) == ("Two were arrested.", [report["id"]])
        assert [step["verb"] for step in seen["history"]] == ["send", "refuse", "send_again", "acknowledge", "answer"]
        await platform.settle(redeliver=3)
        said = platform.events(
            transfers.FileTransferred, transfers.FileRefused, transfers.FileAcknowledged, transfers.FileAnswered
        )
        assert [(type(each), each.state) for each in said] == [  # type: ignore[attr-defined]
            (transfers.FileTransferred, "sent"),
            (transfers.FileRefused, "refused"),
            (transfers.FileTransferred, "sent"),
            (transfers.FileAcknowledged, "acknowledged"),
            (transfers.FileAnswered, "answered"),
        ]
        assert await platform.dead_letters() == []


async def test_the_receiver_reads_what_was_handed_over_and_nothing_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        hazard = f"/hazards/{hazard_id}"
        [claim] = (await get(platform, county.desk, hazard))["claims"]
        for sections in ([], ["orders", "rechecks", "look_backs", "cases"]):
            sent = await transferred(
                platform, county.head, hazard_id, sections=sections, evidence=[county.OFFICERS_PICTURE]
            )
            shown = await get(platform, stage.police, f"/transfers/{sent['id']}")
            assert shown["file"]["enterprise_name"] == "面粉厂"
            assert len(shown["file"]["orders"]) == (1 if sections else 0)
            assert {"hazard_id", "case_id", "history"}.isdisjoint(shown)
            told = repr(shown)
            assert claim["claim_id"] not in told
            assert not any(word in told for word in ("claim", "reporter", "volunteer", "channel"))
        for path in (hazard, f"{hazard}/history", f"{hazard}/gallery", f"{hazard}/parts", "/hazards", "/docket"):
            await get(platform, stage.police, path, 403)
        await get(platform, stage.police, f"/evidence/inspection/{county.PICTURE['id']}", 404)
        assert len((await get(platform, stage.police, "/transfers"))["items"]) == 2
        assert (await get(platform, stage.police, f"/transfers?hazard={hazard_id}"))["items"] == []
        assert (await get(platform, stage.procurator, "/transfers"))["items"] == []
        await get(platform, stage.procurator, f"/transfers/{sent['id']}", 404)
        await get(platform, county.fire_desk, f"/transfers/{sent['id']}", 404)
        await get(platform, county.principal, f"/transfers/{sent['id']}", 403)
        await get(platform, county.li, f"/transfers/{sent['id']}", 403)

        assert [row["verb"] for row in (await get(platform, county.desk, f"{hazard}/history"))["items"]].count(
            "transfer_case"
        ) == 2
        heard = await get(platform, county.principal, f"{hazard}/history")
        assert "transfer" not in repr(heard), "who is under investigation does not learn of it here"
        await platform.settle(redeliver=3)
        for event in platform.events(transfers.FileTransferred):
            assert str(county.MILL) not in event.model_dump_json()


async def test_a_case_is_handed_over_with_nothing_of_another_case(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        opening = {"ground": "Not removed", "basis": "WSL art. 102", "officers": county.OFFICERS}
        await post(platform, county.li, f"/hazards/{hazard_id}/open-case", **opening)
        [case] = (await get(platform, county.desk, f"/hazards/{hazard_id}"))["cases"]
        sent = await transferred(platform, county.head, hazard_id, case_id=case["id"])
        assert sent["number"] == "应急案件移送书〔2026〕000001号"
        shown = await get(platform, stage.police, f"/transfers/{sent['id']}")
        assert [each["number"] for each in shown["file"]["cases"]] == [case["number"]]
        wrong = await transferred(platform, county.head, hazard_id, 404, case_id=str(uuid4()))
        assert slug(wrong) == "not-found"


async def test_only_files_of_ones_own_and_of_the_case_are_handed_over(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        reporters = {**county.PICTURE, "owner": "volunteer"}
        of_the_mill = {**county.PICTURE}
        for wrong in (reporters, of_the_mill, {**county.OFFICERS_PICTURE, "sha256": "b" * 64}):
            refused = await transferred(platform, county.head, hazard_id, 422, evidence=[wrong])
            assert slug(refused) == "unknown-evidence"
        hazard = f"/hazards/{hazard_id}"
        await post(platform, county.principal, f"{hazard}/start-rectification")
        items = (await get(platform, county.principal, hazard))["items"]
        done = [{"item_id": item["id"], "after": [county.PICTURE]} for item in items]
        await post(platform, county.principal, f"{hazard}/request-recheck", items=done)
        sent = await transferred(platform, county.head, hazard_id, evidence=[of_the_mill])
        assert [each["id"] for each in sent["evidence"]] == [county.PICTURE["id"]], "shown in the hazard by now"
        [row] = await platform.rows(
            "inspection",
            "select handed_to from evidence_showings where about_id = :id",
            id=UUID(sent["id"]),
        )
        assert row["handed_to"] == POLICE


REFUSED: tuple[tuple[Actor, dict[str, Any], int, str], ...] = (
    (county.desk, {}, 403, "head-decides"),
    (county.head, {"receiver_id": str(county.TOWNSHIP), "ground": "not_competent"}, 403, "not-your-receiver"),
    (county.head, {"receiver_id": str(county.COMMITTEE), "ground": "not_competent"}, 403, "not-your-receiver"),
    (county.head, {"receiver_id": str(uuid4())}, 422, "unknown-receiver"),
    (county.head, {"receiver_id": str(county.MILL)}, 422, "unknown-receiver"),
    (county.head, {"receiver_id": str(county.EMERGENCY), "ground": "not_competent"}, 422, "to-yourself"),
    (county.head, {"ground": "not_competent"}, 422, "ground-not-theirs"),
    (county.head, {"receiver_id": str(DISCIPLINE), "ground": "suspected_crime"}, 422, "ground-not-theirs"),
    (county.head, {"hazard_id": None}, 422, "name-the-hazard"),
    (county.head, {"hazard_id": str(uuid4())}, 404, "not-found"),
    (county.fire_head, {}, 404, "not-found"),
    (county.li, {}, 403, "role-may-not"),
    (county.township, {}, 403, "role-may-not"),
    (county.principal, {}, 403, "role-may-not"),
    (county.agency, {}, 403, "role-may-not"),
    (stage.police, {}, 403, "role-may-not"),
    (county.actor("authority.head"), {}, 404, "not-found"),
    (county.committee, {}, 403, "not-your-receiver"),
    (county.committee, {"receiver_id": str(county.FIRE), "ground": "not_competent"}, 403, "not-your-receiver"),
)


async def test_what_may_not_be_handed_over(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        for who, changes, status, expected in REFUSED:
            refused = await transferred(platform, who, status=status, **{"hazard_id": hazard_id, **changes})
            assert slug(refused) == expected, (who.role, changes)
        for state in ("dismissed", "void", "merged"):
            [over] = await closed_hazards(platform, state=facts.HazardState(state))
            assert slug(await transferred(platform, county.head, over, 409)) == "nothing-to-transfer"
        lent = county.actor("committee")
        to_them = {"receiver_id": str(DISCIPLINE), "ground": "neglected_duty"}
        assert slug(await transferred(platform, lent, None, 403, **to_them)) == "no-organisation"
        assert (await get(platform, county.desk, "/transfers"))["items"] == []


async def test_a_body_that_only_assists_does_not_hand_over_the_leads_file(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        await known_county(platform)
        await stage.watchdogs(platform)
        [hazard_id] = await closed_hazards(platform, co_authority_ids=[str(county.FIRE)])
        assert slug(await transferred(platform, county.fire_head, hazard_id, 403)) == "not-your-hazard"
        assert (await transferred(platform, county.head, hazard_id))["state"] == "sent"


@pytest.mark.parametrize(("receiver", "ground"), [(PROCURATOR, "public_interest"), (DISCIPLINE, "neglected_duty")])
async def test_the_committee_writes_to_those_who_watch_over_officials_and_gives_no_file_away(
    services_here: OpenPlatform, receiver: UUID, ground: str
) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        to_them = {"receiver_id": str(receiver), "ground": ground}
        for about in (hazard_id, None):
            sent = await transferred(platform, county.committee, about, **to_them)
            assert (sent["number"][:3], sent["file"], sent["state"]) == ("安委办", None, "sent")
        for more in ({"sections": ["orders"]}, {"case_id": str(uuid4())}):
            assert (
                slug(await transferred(platform, county.committee, hazard_id, 403, **to_them, **more)) == "letter-only"
            )
        theirs = {"evidence": [county.OFFICERS_PICTURE]}
        refused = await transferred(platform, county.committee, hazard_id, 422, **to_them, **theirs)
        assert slug(refused) == "unknown-evidence", "not even what is shown in the hazard"
        told = (await get(platform, county.desk, f"/hazards/{hazard_id}/history"))["items"]
        times = [row["verb"] for row in told].count("transfer_case")
        assert times == (1 if ground == "public_interest" else 0), "who is accused does not read of it"
        who = stage.procurator if receiver == PROCURATOR else stage.discipline
        assert (await post(platform, who, f"/transfers/{sent['id']}/acknowledge"))["state"] == "acknowledged"


async def test_between_authorities_a_second_refusal_goes_to_the_committee(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        decided: list[tuple[str, list[tuple[str, str | None]]]] = []
        for takes_it in (True, False):
            address = f"/transfers/{(await transferred(platform, county.desk, hazard_id, **TO_FIRE))['id']}"
            judging = {"receiver_takes_it": takes_it, "reason": "An explosion of dust is fire."}
            await post(platform, county.fire_desk, f"{address}/refuse", **NO)
            early = await post(platform, county.committee, f"{address}/arbitrate", 409, **judging)
            assert slug(early) == "not-for-arbitration"
            await post(platform, county.desk, f"{address}/send-again", **MORE)
            back = await post(platform, county.fire_desk, f"{address}/refuse", **NO)
            assert clocks(back) == [("competence.arbitrate", None)]
            assert slug(await post(platform, county.desk, f"{address}/send-again", 409, **MORE)) == "refused-twice"
            assert slug(await post(platform, county.head, f"{address}/arbitrate", 403, **judging)) == "role-may-not"
            after = await post(platform, county.committee, f"{address}/arbitrate", **judging)
            decided.append((after["state"], clocks(after)))
        assert decided == [("acknowledged", [("transfer.answer", str(county.FIRE))]), ("kept", [])]
        await platform.settle(redeliver=3)
        assert len(platform.events(transfers.FileArbitrated)) == 2


async def test_over_the_police_the_committee_decides_nothing(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        address = f"/transfers/{(await transferred(platform, county.head, hazard_id))['id']}"
        for _ in range(3):
            await post(platform, stage.police, f"{address}/refuse", **NO)
            judging = {"receiver_takes_it": True, "reason": "It is."}
            assert slug(await post(platform, county.committee, f"{address}/arbitrate", 409, **judging)) == (
                "not-for-arbitration"
            )
            await post(platform, county.head, f"{address}/send-again", **MORE)


async def test_only_the_receiver_takes_refuses_and_answers_and_only_the_sender_takes_back(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        upward = {"receiver_id": str(CITY), "ground": "higher_power"}
        address = f"/transfers/{(await transferred(platform, county.desk, hazard_id, **upward))['id']}"
        for verb, ask in (("acknowledge", {}), ("refuse", NO)):
            assert slug(await post(platform, county.desk, f"{address}/{verb}", 403, **ask)) == "not-sent-to-you"
            assert slug(await post(platform, county.committee, f"{address}/{verb}", 403, **ask)) == "role-may-not"
            assert slug(await post(platform, county.fire_desk, f"{address}/{verb}", 404, **ask)) == "not-found"
        taken_back = f"{address}/withdraw"
        assert slug(await post(platform, stage.city_desk, taken_back, 403, reason="x")) == "not-your-transfer"
        assert slug(await post(platform, county.committee, taken_back, 403, reason="x")) == "not-your-transfer"
        await post(platform, stage.city_desk, f"{address}/acknowledge")
        assert slug(await post(platform, county.desk, f"{address}/answer", 403, result="x")) == "not-sent-to-you"
        other = f"/transfers/{(await transferred(platform, county.desk, hazard_id, **upward))['id']}"
        ended = await post(platform, county.desk, f"{other}/withdraw", reason="Sent to the wrong office.")
        assert (ended["state"], clocks(ended)) == ("withdrawn", [])
        listed = (await get(platform, county.committee, f"/transfers?state=withdrawn&sender={county.EMERGENCY}"))[
            "items"
        ]
        assert [f"/transfers/{each['id']}" for each in listed] == [other]
        by_hazard = await get(platform, county.desk, f"/transfers?hazard={hazard_id}&receiver={CITY}")
        assert len(by_hazard["items"]) == 2


async def test_a_transfer_sent_often_at_once_is_one_and_another_under_its_id_is_refused(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard_id = await ready(platform)
        address, ask = f"/transfers/{uuid4()}", {**LETTER, "hazard_id": hazard_id}
        async with platform.client("inspection", county.head) as http:
            answers = await asyncio.gather(*(http.put(address, json=ask) for _ in range(3)))
        assert {(each.status_code, each.json()["number"]) for each in answers} == {(201, "应急移送函〔2026〕000001号")}
        other = await put(platform, county.head, address, 409, **{**ask, "subject": "Another"})
        assert slug(other) == "transfer-id-taken"
        assert slug(await put(platform, county.fire_head, address, 404, **ask)) == "not-found"
