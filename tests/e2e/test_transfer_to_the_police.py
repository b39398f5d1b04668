"""A case handed to the police: refused once, handed over again, taken and answered; the reporter is never in it."""

from typing import Any
from uuid import uuid4

from county import County, ok, refused, uid
from to_an_order import ordered, silent_about_reports

from shared.contracts.inspection import transfers


async def heard(county: County, name: str, template: str) -> int:
    return [notice["template"] for notice in await county.inbox(name)].count(template)


async def test_a_case_is_refused_once_then_taken_over_and_its_result_comes_back(county: County) -> None:
    hazard = await ordered(county)
    opening = {"ground": "The interlock is bridged.", "basis": "WSL art. 102", "officers": [uid("li"), uid("wang")]}
    await ok(county.li.post(f"{hazard}/open-case", json=opening))
    [case] = (await ok(county.desk.get(hazard)))["cases"]
    photo = await county.proof("li", "inspection")
    sending: dict[str, Any] = {
        "receiver_id": uid("police"),
        "ground": "suspected_crime",
        "subject": "An interlock bridged on purpose",
        "reason": "Three were in danger of life.",
        "basis": "Criminal Law art. 134",
        "hazard_id": hazard.rpartition("/")[2],
        "case_id": case["id"],
        "sections": ["orders"],
        "evidence": [photo],
    }
    transfer = f"/transfers/{uuid4()}"
    await refused(county.desk.put(transfer, json=sending), 403, "head-decides")
    await refused(county.secretary.put(transfer, json=sending), 403, "not-your-receiver")
    for _ in range(2):  # over a bad line
        sent = await ok(county.head.put(transfer, json=sending))
    await county.settle()
    assert await heard(county, "detective", "transfer_received") == 1
    assert len(county.platform.events(transfers.FileTransferred)) == 1

    # The detective reads what was handed over, with its files, and nothing behind it.
    seen = await ok(county.detective.get(transfer))
    assert (seen["file"]["cases"][0]["number"], len(seen["file"]["orders"])) == (case["number"], 1)
    assert (await county.detective.get(f"/evidence/inspection/{photo['id']}")).status_code == 200
    unshown = await county.proof("li", "inspection")
    assert (await county.detective.get(f"/evidence/inspection/{unshown['id']}")).status_code == 404
    for path in (hazard, f"{hazard}/history", "/hazards", "/docket", "/reports"):
        answer = await county.detective.get(path)
        assert answer.status_code in {403, 404} or answer.json()["items"] == [], path
    claims = (await ok(county.desk.get(hazard)))["claims"]
    for text in (repr(seen), *(notice["body"] for notice in await county.inbox("detective"))):
        assert not {"ada", "volunteer", "reporter", "report"} & set(text.lower().replace("'", " ").split())
        assert not any(claim["claim_id"] in text for claim in claims)

    # It bounces back, and goes again with what was missing.
    no = {"reason": "Who bridged it?"}
    await ok(county.detective.post(f"{transfer}/refuse", json=no))
    await county.settle()
    assert (
        await heard(county, "head", "transfer_refused"),
        await heard(county, "secretary", "transfer_arbitration"),
    ) == (
        1,
        0,
    )
    statement = {"statement": "The fitter says that he was told to.", "evidence": [unshown]}
    await ok(county.head.post(f"{transfer}/send-again", json=statement))
    assert (await county.detective.get(f"/evidence/inspection/{unshown['id']}")).status_code == 200
    taken = await ok(county.detective.post(f"{transfer}/acknowledge", json={}))
    assert [clock["key"] for clock in taken["deadlines"]] == ["transfer.answer"]
    result = await county.proof("detective", "inspection")
    await ok(county.detective.post(f"{transfer}/answer", json={"result": "Filed as a case.", "files": [result]}))
    await county.settle()
    told = await ok(county.desk.get(transfer))
    assert (told["state"], told["result"], told["number"]) == ("answered", "Filed as a case.", sent["number"])
    assert (await county.desk.get(f"/evidence/inspection/{result['id']}")).status_code == 200
    for name, template in (("head", "transfer_acknowledged"), ("head", "transfer_answered")):
        assert await heard(county, name, template) == 1
    assert [type(each) for each in county.platform.events(transfers.FileAcknowledged, transfers.FileAnswered)] == [
        transfers.FileAcknowledged,
        transfers.FileAnswered,
    ]

    # The enterprise learns of its case from the authority, and nothing of the police.
    await refused(county.miller.get(transfer), 403, "role-may-not")
    assert "transfer" not in repr(await ok(county.miller.get(f"{hazard}/history")))
    assert not any("transfer" in notice["template"] for notice in await county.inbox("miller"))
    await silent_about_reports(county, "miller", hazard)
