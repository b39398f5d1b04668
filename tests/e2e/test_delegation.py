"""A township acts in the bureau's name by a published letter; when the letter ends, the same act is refused."""

from typing import Any
from uuid import uuid4

from county import COUNTY, PASSWORD, TOWN, County, ok, order, refused, report, uid

from shared.contracts import inspection as facts
from shared.contracts.registry import DelegationExpired

BRIGADE = ("zhao", "qian")


async def settled_staff(county: County) -> None:
    """Register a delegate and its two officers, who sign in."""
    operator = county.operator
    party = {"id": uid("brigade"), "kind": "delegate", "name_zh": "一镇执法大队", "area_code": TOWN}
    await ok(operator.put("/parties", json=[party]))
    people = [
        {
            "id": uid(name),
            "name": name,
            "language": "en",
            "area_code": COUNTY,
            "email": f"{name}@county.example",
        }
        for name in BRIGADE
    ]
    await ok(operator.put("/people", json=people))
    certificate = {"kind": "enforcement", "issuer": "County", "valid_from": "2025-01-01", "valid_to": "2030-01-01"}
    certificates = [
        {"id": uid(f"certificate {name}"), "person_id": uid(name), "number": f"Z-{name}", **certificate}
        for name in BRIGADE
    ]
    await ok(operator.put("/certificates", json=certificates))
    memberships = [
        {"id": uid(f"membership {name}"), "person_id": uid(name), "party_id": uid("brigade"), "role": "delegate"}
        | {"area_code": TOWN}
        for name in BRIGADE
    ]
    await ok(operator.put("/memberships", json=memberships))
    accounts = [{"person_id": uid(n), "login": f"{n}@county.example", "password": PASSWORD} for n in BRIGADE]
    await ok(operator.put("/accounts", json=accounts))
    basis = {"id": uid("basis"), "short_name": "WSL", "title_zh": "安全生产法", "article": "65", "level": "law"}
    await ok(operator.put("/bases", json=[basis | {"mark": "L", "valid_from": "2021-09-01"}]))
    await county.settle()
    for name in BRIGADE:
        await county.sign_in(name)


async def assigned(county: County, what: str) -> str:
    """Bring a hazard of the mill to where somebody must order its removal; give its address."""
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report(what=what)))
    await county.settle()
    entry = next(each for each in (await ok(county.desk.get("/docket")))["items"] if "accept" in each["offers"])
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": f"Seen: {what}"}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    found = {"grade": "general", "what": "Dust", "officers": [uid("li"), uid("wang")]}
    await ok(county.li.post(f"{hazard}/confirm", json=found))
    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await county.settle()
    return hazard


def brigades_order() -> dict[str, Any]:
    return order("Clean the motors", officers=BRIGADE) | {"basis_ids": [uid("basis")]}


async def test_a_delegate_acts_by_its_letter_and_not_a_day_longer(county: County) -> None:
    await settled_staff(county)
    first, second = await assigned(county, "Dust on line 1"), await assigned(county, "A belt without a guard")
    await refused(county.zhao.post(f"{first}/order", json=brigades_order()), 404, "not-found")

    letter = f"/delegations/{uuid4()}"
    drafted = {
        "authority_id": uid("emergency"),
        "delegate_id": uid("brigade"),
        "kind": "entrusted",
        "powers": ["confirm", "order"],
        "industries": ["C13"],
        "basis_ids": [uid("basis")],
        "area_code": TOWN,
        "valid_from": "2026-09-30",
        "valid_to": "2026-10-02",
        "letter_no": "应急委〔2026〕1号",
        "supervisor_id": uid("desk"),
        **dict.fromkeys(("lawfully_established", "certified_staff", "technical_means"), True),
    }
    assert (await ok(county.desk.put(letter, json=drafted)))["state"] == "draft"
    await county.settle()
    await refused(county.zhao.post(f"{first}/order", json=brigades_order()), 404, "not-found")
    await refused(county.desk.post(f"{letter}/publish", json={}), 403, "role-may-not")
    await ok(county.head.post(f"{letter}/publish", json={"publication_url": "https://county.example/letters/1"}))
    await county.settle()
    public = await county.anyone()
    [shown] = (await ok(public.get("/delegations")))["items"]
    assert shown["letter_no"] == "应急委〔2026〕1号"

    seen = await ok(county.zhao.get(first))
    assert seen["offers"] == ["order"]
    unfounded = {**brigades_order(), "basis_ids": []}
    await refused(county.zhao.post(f"{first}/order", json=unfounded), 403, "delegation-out-of-scope")
    ordered = await ok(county.zhao.post(f"{first}/order", json=brigades_order()))
    assert ordered["orders"][0]["letter_no"] == "应急委〔2026〕1号"
    await refused(county.zhao.post(f"{first}/close", json={}), 403, "role-may-not")
    await county.settle()
    [told] = county.platform.events(facts.OrderIssued)
    assert isinstance(told, facts.OrderIssued)
    assert (str(told.in_name_of), told.letter_no) == (uid("emergency"), "应急委〔2026〕1号")
    assert [mail["template"] for mail in await county.inbox("miller")] == ["order_issued"]

    # The last day is over; nobody has told inspection yet, and the same act is refused already.
    county.platform.travel(days=3)
    for name in (*BRIGADE, "li", "head"):
        await county.sign_in(name)
    await refused(county.zhao.post(f"{second}/order", json=brigades_order()), 403, "delegation-not-in-force")
    assert county.platform.events(DelegationExpired) == []
    await county.settle()
    [over] = county.platform.events(DelegationExpired)
    assert isinstance(over, DelegationExpired)
    assert (over.state, (await ok(public.get("/delegations")))["items"]) == ("expired", [])
    await refused(county.zhao.post(f"{second}/order", json=brigades_order()), 403, "delegation-not-in-force")
    assert (await ok(county.head.get(letter)))["state"] == "expired"
    assert (await ok(county.li.post(f"{second}/order", json=order("Fit a guard"))))["state"] == "ordered"
