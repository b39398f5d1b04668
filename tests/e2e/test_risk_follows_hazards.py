"""What officers find moves the colour of the enterprise, through every service, and betrays no reporter."""

from uuid import uuid4

from county import CRITERION, County, ok, order, refused, report, uid

from shared.contracts.registry import RiskAssessed


async def test_a_major_hazard_makes_a_mill_orange_until_it_is_gone_and_the_mill_learns_only_what_it_was_told(
    county: County,
) -> None:
    risk = f"/enterprises/{uid('mill')}/risk"
    calm = await ok(county.secretary.get(risk))
    assert (calm["colour"], calm["score"]) == ("blue", 18)
    await ok(county.ada.put(f"/reports/{uuid4()}", json=report()))
    await county.settle()
    [entry] = (await ok(county.desk.get("/docket")))["items"]
    accepted = await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust, line 2"}))
    hazard = f"/hazards/{accepted['hazard_id']}"
    await county.settle()
    assert (await ok(county.secretary.get(risk))) == calm  # a report alone says nothing about the mill

    officers = [uid("li"), uid("wang")]
    verdict = {"grade": "major", "what": "Dust, line 2", "officers": officers, "criterion_ids": [CRITERION]}
    await ok(county.li.post(f"{hazard}/confirm", json=verdict))
    await county.settle()
    grave = await ok(county.secretary.get(risk))
    assert (grave["colour"], grave["score"]) == ("orange", 23)
    assert "hazard.major" in {reason["factor"] for reason in grave["reasons"] if reason["part"] == "override"}
    assert (await ok(county.miller.get(risk))) == calm
    await refused(county.baker.get(risk), 404, "not-found")
    await refused(county.ada.get(risk), 403, "role-may-not")

    await ok(county.desk.post(f"{hazard}/assign", json={}))
    await ok(county.li.post(f"{hazard}/order", json=order("Clean the motors")))
    await county.settle()
    assert (await ok(county.miller.get(risk))) == (await ok(county.secretary.get(risk))) == grave
    [first, second] = (await ok(county.secretary.get("/risks")))["items"]
    assert (first["enterprise_id"], first["colour"]) == (uid("mill"), "orange")
    assert second["enterprise_id"] == uid("bakery")

    proof = await county.proof("head", "inspection")
    await ok(county.head.post(f"{hazard}/void", json={"reason": "The line was torn down", "proof": [proof]}))
    await county.settle()
    assert (await ok(county.secretary.get(risk)))["colour"] == "blue"
    past = (await ok(county.secretary.get(f"{risk}/past")))["items"]
    assert [each["colour"] for each in past] == ["blue", "orange", "blue"]
    told = [each for each in county.platform.events(RiskAssessed) if isinstance(each, RiskAssessed)]
    of_the_mill = [each for each in told if str(each.enterprise_id) == uid("mill")]
    assert [each.colour for each in of_the_mill] == ["blue", "orange", "blue"]
