"""The end of an office and of a certificate, over the real path: registry's event, the gateway's copy, the door."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from county import COUNTY, PASSWORD, County, ok, refused, report, uid

LAST_SECOND = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
"""23:59:59 in the county."""


async def test_a_revoked_office_stops_working_within_a_second_wherever_it_was_used(county: County) -> None:
    await ok(county.li.get("/hazards"))
    gone = await county.operator.delete(f"/memberships/{uid('membership li')}")
    assert gone.status_code == 204
    revoked_at = county.platform.now
    await county.settle()
    county.platform.travel(seconds=1)
    assert county.platform.now - revoked_at == timedelta(seconds=1)
    for address in ("/hazards", "/people", "/inbox", "/me"):
        await refused(county.li.get(address), 401, "membership-ended")
    public = await county.anyone()
    again = await public.post("/session", json={"login": "li@county.example", "password": PASSWORD})
    assert again.status_code == 403
    await ok(county.wang.get("/hazards"))


async def test_an_office_ends_with_its_last_day_though_nobody_has_said_so_yet(county: County) -> None:
    office = {"person_id": uid("li"), "party_id": uid("emergency"), "role": "authority.officer", "area_code": COUNTY}
    today = str(LAST_SECOND.date())
    await ok(county.operator.put(f"/memberships/{uid('membership li')}", json={**office, "valid_to": today}))
    await county.settle()
    county.platform.travel(seconds=(LAST_SECOND - county.platform.now).total_seconds())
    await county.sign_in("li")
    await ok(county.li.get("/hazards"))
    county.platform.travel(seconds=1)
    await refused(county.li.get("/hazards"), 401, "membership-ended")


async def test_an_office_does_not_begin_before_its_first_day(county: County) -> None:
    office = {"person_id": uid("ada"), "party_id": uid("fire"), "role": "authority.desk", "area_code": COUNTY}
    later = {**office, "valid_from": str(LAST_SECOND.date() + timedelta(days=1))}
    membership = str(uuid4())
    await ok(county.operator.put(f"/memberships/{membership}", json=later))
    await county.settle()
    sign_in = {"login": "ada@county.example", "password": PASSWORD, "membership_id": membership}
    public = await county.anyone()
    assert (await public.post("/session", json=sign_in)).status_code == 403
    county.platform.travel(seconds=(LAST_SECOND - county.platform.now).total_seconds() + 1)
    begun = await ok(public.post("/session", json=sign_in))
    assert begun["membership"]["role"] == "authority.desk"


async def test_a_suspended_officer_commands_nothing_until_reinstated(county: County) -> None:
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report()))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust, line 2"}))
    await county.settle()
    hazard = f"/hazards/{accepted['hazard_id']}"
    confirmed = {"grade": "general", "what": "Dust, line 2", "officers": [uid("li"), uid("wang")]}
    certificate = f"/certificates/{uid('certificate wang')}"
    await ok(county.operator.post(f"{certificate}/suspend", json={"reason": "Under inquiry."}))
    await county.settle()
    for name in ("li", "wang"):
        command = getattr(county, name).post(f"{hazard}/confirm", json=confirmed)
        await refused(command, 403, "certificate-expired")
    # Splitting and merging file a matter anew: a desk may do it, and it takes no certificate.
    assert (await ok(county.wang.get(hazard)))["offers"] == ["split", "merge"]
    await ok(county.operator.post(f"{certificate}/reinstate", json={"reason": "Unfounded."}))
    await county.settle()
    await ok(county.wang.post(f"{hazard}/confirm", json=confirmed))
