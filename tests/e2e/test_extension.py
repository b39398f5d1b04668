"""More time: refused it changes nothing, granted it moves the limit for everybody who counts days."""

from datetime import date, timedelta

from county import CERTAINTIES, LATER, County, ok, refused
from to_an_order import MAJOR, ordered, silent_about_reports, told

from shared.contracts import inspection as facts

UNTIL = str(date.fromisoformat(LATER) + timedelta(days=20))
ASK = {
    "ground": "force_majeure",
    "reason": "The extractor waits at the flooded port",
    "interim_measures": "Line 2 stands still and is wetted down",
    "until": UNTIL,
}


async def _limit(county: County, hazard: str) -> tuple[str, str]:
    """Give the limit as the hazard says it, and as its clock does."""
    shown = await ok(county.miller.get(hazard))
    [clock] = [clock for clock in shown["deadlines"] if clock["key"] == "hazard.limit"]
    return shown["limit"], clock["due_at"][:10]


async def test_a_refused_extension_leaves_the_limit_and_a_granted_one_moves_it(county: County) -> None:
    hazard = await ordered(county, **MAJOR)
    await ok(county.miller.post(f"{hazard}/start-rectification", json={"certainties": CERTAINTIES}))
    proof = await county.proof("miller", "inspection")
    await refused(county.baker.post(f"{hazard}/request-extension", json=ASK), 404, "not-found")
    await refused(county.li.post(f"{hazard}/request-extension", json=ASK), 403, "role-may-not")
    asked = await ok(county.miller.post(f"{hazard}/request-extension", json={**ASK, "evidence": [proof]}))
    assert (asked["extension"], await _limit(county, hazard)) == ("requested", (LATER, LATER))
    await county.settle()
    await told(county, "head", "extension_requested")

    # Refused by the head: it is as it was.
    path = f"{hazard}/decide-extension"
    await refused(county.desk.post(path, json={"granted": False, "reason": "x"}), 403, "head-only")
    no = await ok(county.head.post(path, json={"granted": False, "reason": "Rent one meanwhile"}))
    assert (no["extension"], no["extensions"], await _limit(county, hazard)) == ("refused", 0, (LATER, LATER))
    await county.settle()
    [notice] = [each for each in await county.inbox("miller") if each["template"] == "extension_decided"]
    assert "refused" in notice["subject"]
    assert LATER in notice["body"]

    # Asked again with better reasons, and granted for less.
    await ok(county.miller.post(f"{hazard}/request-extension", json=ASK))
    less = str(date.fromisoformat(UNTIL) - timedelta(days=5))
    yes = await ok(county.head.post(path, json={"granted": True, "until": less, "reason": "None can be rented"}))
    assert (yes["extension"], yes["extensions"], await _limit(county, hazard)) == ("granted", 1, (less, less))
    await county.settle()
    decided = county.platform.events(facts.ExtensionDecided)
    assert [(event.granted, str(event.limit)) for event in decided if isinstance(event, facts.ExtensionDecided)] == [
        (False, LATER),
        (True, less),
    ]
    [copy] = await county.platform.rows("registry", 'select "limit" from hazard_copies')
    assert str(copy["limit"]) == less, "who counts overdue hazards knows of it"
    rows = (await ok(county.miller.get(hazard)))["extension_requests"]
    assert [(row["granted"], row["decision"]) for row in rows] == [
        (False, "Rent one meanwhile"),
        (True, "None can be rented"),
    ]

    # A third time nobody decides, and the re-check makes it pointless.
    await ok(county.miller.post(f"{hazard}/request-extension", json={**ASK, "until": UNTIL}))
    items = [{"item_id": item["id"], "after": [proof]} for item in (await ok(county.miller.get(hazard)))["items"]]
    lapsed = await ok(county.miller.post(f"{hazard}/request-recheck", json={"items": items}))
    assert (lapsed["extension"], lapsed["limit"]) == ("granted", less)
    await county.settle()
    await refused(county.head.post(path, json={"granted": True, "reason": "x"}), 409, "illegal-transition")
    await silent_about_reports(county, "miller", hazard)
