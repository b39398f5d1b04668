"""Risks: graded points, and a colour that follows every fact, in whatever order and however often it is heard."""

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hazards_told import DUST, EXIT, closed, confirmed, fact, ordered, registered, reopened, voided
from registry_county import (
    AUDITOR,
    BAKER,
    BAKERY,
    COUNTY,
    ENTERPRISES,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    TOWN_CLERK,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.inspection import HazardState
from shared.contracts.registry import RiskAssessed, RiskPointAssessed, RiskPointWithdrawn
from shared.contracts.values import Category, Grade
from shared.testing import START, OpenPlatform, Platform

RISK = f"/enterprises/{MILL}/risk"


async def hear(platform: Platform, *told: Any, hazard_id: UUID = DUST, first: int = 1) -> None:
    await platform.announce(*((hazard_id, version, each) for version, each in enumerate(told, first)))
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


async def risk(platform: Platform, who: Actor = OFFICER, enterprise_id: UUID = MILL) -> Any:
    async with platform.client("registry", who) as http:
        answer = await http.get(f"/enterprises/{enterprise_id}/risk")
        assert answer.status_code == 200, answer.text
        return answer.json()


def factors(shown: Any) -> set[str]:
    return {reason["factor"] for reason in shown["reasons"]}


def colours(platform: Platform, enterprise_id: UUID = MILL) -> list[tuple[str, int]]:
    told = (each for each in platform.events(RiskAssessed) if isinstance(each, RiskAssessed))
    return [(each.colour, each.score) for each in told if each.enterprise_id == enterprise_id]


async def kept_colour(platform: Platform) -> tuple[str, int]:
    [row] = await platform.rows("registry", "select colour, score from risks where id = :id", id=MILL)
    return row["colour"], row["score"]


async def keep(platform: Platform, body: dict[str, Any], who: Actor = OFFICER, record_id: UUID | None = None) -> None:
    async with platform.client("registry", who) as http:
        answer = await http.put(f"/enterprises/{MILL}/records/{record_id or uuid4()}", json=body)
        assert answer.status_code == 200, answer.text


async def test_every_enterprise_is_assessed_as_soon_as_it_is_registered(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        assert (colours(platform), colours(platform, BAKERY)) == ([("blue", 23)], [("blue", 18)])
        shown = await risk(platform)
        assert (shown["colour"], shown["score"], shown["on"]) == ("blue", 23, "2026-09-30")
        assert [(each["factor"], each["points"], each["mark"]) for each in shown["reasons"]] == [
            ("sector", 15.0, "D"),
            ("people", 8.0, "D"),
        ]
        assert all(each["en"] and each["zh"] and each["source"] for each in shown["reasons"])


async def test_a_change_of_the_enterprise_is_a_change_of_its_risk(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        [mill, _] = ENTERPRISES
        await http.put("/enterprises", json=[{**mill, "employees": 400}])
        await platform.settle(redeliver=3)
        assert colours(platform) == [("blue", 23), ("yellow", 30)]
        await http.put("/enterprises", json=[{**mill, "employees": 500}])
        await platform.settle(redeliver=3)
        assert len(colours(platform)) == 2  # neither colour nor score changed
        assert {each["value"] for each in (await risk(platform))["reasons"]} >= {"500"}


async def test_the_colour_follows_the_whole_life_of_a_hazard(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await hear(platform, registered())
        assert colours(platform) == [("blue", 23)]  # a suspicion counts nothing
        await hear(platform, confirmed(grade=Grade.MAJOR), first=2)
        assert colours(platform)[-1] == ("orange", 29)
        await hear(platform, ordered(grade=Grade.MAJOR), first=3)
        assert len(colours(platform)) == 2
        await hear(platform, closed(grade=Grade.MAJOR), first=4)
        assert colours(platform)[-1] == ("blue", 23)
        await hear(platform, reopened(grade=Grade.MAJOR), first=5)
        assert colours(platform)[-1] == ("orange", 32)  # it is open, and it came back
        await hear(platform, voided(grade=Grade.MAJOR, cycle=2), first=6)
        assert colours(platform)[-1] == ("yellow", 26)
        assert await kept_colour(platform) == ("yellow", 26)


async def test_a_limit_that_passes_counts_on_the_next_day_without_any_fact(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await hear(platform, registered(), confirmed(), ordered(limit=date(2026, 10, 2)))
        assert colours(platform)[-1] == ("blue", 24)
        platform.travel(days=2, hours=14)  # 23:00 in the county on the last day
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("blue", 24)
        platform.travel(hours=2)
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("yellow", 26)
        assert "hazard.overdue" in factors(await risk(platform))
        failed = {"recheck_id": uuid4(), "officers": (), "consequence": "new_limit", "opinion": "Not clean"}
        extended = fact(facts.RecheckFailed, HazardState.RECTIFYING, limit=date(2026, 11, 1), **failed)
        await hear(platform, extended, first=4)
        assert colours(platform)[-1] == ("blue", 24)


async def test_a_grade_that_expires_takes_its_discount_with_it(services_here: OpenPlatform) -> None:
    grade = {"kind": "standardisation", "grade": 1, "issued_on": "2024-01-01"}
    async with services_here("registry") as platform:
        await settle_in(platform)
        record = uuid4()
        body = {"number": "S-1", "valid_to": "2026-10-31", "detail": grade}
        await keep(platform, body, MANAGER, record)
        await platform.settle(redeliver=3)
        assert colours(platform) == [("blue", 23)]  # declared only
        async with platform.client("registry", OFFICER) as http:
            await http.post(f"/records/{record}/verify")
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("blue", 18)
        platform.travel(days=32)
        await platform.settle(redeliver=3)
        assert colours(platform) == [("blue", 23), ("blue", 18), ("blue", 23)]


async def test_a_major_source_and_a_deadly_accident_make_orange_until_they_are_over(
    services_here: OpenPlatform,
) -> None:
    source = {"kind": "major_source", "level": 2, "substance": "ammonia", "quantity_t": 12, "location": "Store"}
    accident = {"kind": "accident", "happened_on": "2026-01-05", "deaths": 1, "what": "A fall"}
    async with services_here("registry") as platform:
        await settle_in(platform)
        record = uuid4()
        await keep(platform, {"detail": source}, record_id=record)
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("orange", 53)
        async with platform.client("registry", OFFICER) as http:
            await http.post(f"/records/{record}/end", json={"reason": "emptied"})
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("blue", 23)
        await keep(platform, {"detail": accident})
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("orange", 32)
        platform.travel(days=98)  # 6 January 2027
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("blue", 23)


@pytest.mark.parametrize("seed", range(6))
async def test_disorder_and_redelivery_lead_to_the_same_colour(services_here: OpenPlatform, seed: int) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        fire = {"category": Category.FIRE, "grade": Grade.MAJOR}
        dust = [registered(), confirmed(), ordered(), closed(), reopened()]
        exits = [registered(EXIT), confirmed(EXIT, **fire), ordered(EXIT, **fire)]
        told = [(DUST, n, each) for n, each in enumerate(dust, 1)] + [
            (EXIT, n, each) for n, each in enumerate(exits, 1)
        ]
        chance = Random(seed)
        await platform.announce(*chance.sample(told, len(told)))
        await platform.settle(redeliver=3, shuffle=chance)
        assert await platform.dead_letters() == []
        # 23 x (1 + 0.25 major + 0.05 general + 0.15 came back)
        assert await kept_colour(platform) == ("orange", 33)
        shown = await risk(platform)
        assert (shown["colour"], shown["score"]) == ("orange", 33)
        assert factors(shown) == {"sector", "people", "hazard.major", "hazard.general", "recurrence"}


async def test_an_enterprise_knows_what_it_found_itself_and_its_looking_is_not_held_against_it(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        own = {"self_governed": True}
        await hear(platform, registered(**own), confirmed(**own))
        await hear(platform, registered(EXIT, **own), confirmed(EXIT, **own), hazard_id=EXIT)
        seen = await risk(platform)
        assert seen == await risk(platform, MANAGER)
        assert factors(seen) == {"sector", "people", "hazard.general"}
        taken = fact(facts.HazardTakenOver, HazardState.SUSPECTED, EXIT, reason="Seen", verify_by=START)
        await hear(platform, taken, confirmed(EXIT), first=3, hazard_id=EXIT)
        assert "recurrence" in factors(await risk(platform))


async def test_what_inspection_calls_recurrent_counts_from_the_day_on_which_it_was_found_again(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await hear(platform, registered(), confirmed(recurrent=True))
        assert "recurrence" in factors(await risk(platform))
        late = START + timedelta(days=400)
        await hear(platform, ordered(), closed(), reopened().model_copy(update={"at": late}), first=3)
        platform.travel(days=401)
        await platform.settle(redeliver=3)
        assert "recurrence" in factors(await risk(platform))
        merged = fact(facts.HazardMerged, HazardState.MERGED, into_hazard_id=EXIT, cycle=2)
        await hear(platform, merged, first=6)
        assert "recurrence" not in factors(await risk(platform))


async def test_an_enterprise_learns_nothing_of_a_hazard_before_it_is_told(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await hear(platform, registered(), confirmed(grade=Grade.MAJOR))
        assert (await risk(platform))["colour"] == "orange"
        own = await risk(platform, MANAGER)
        assert (own["colour"], own["score"], factors(own)) == ("blue", 23, {"sector", "people"})
        async with platform.client("registry", MANAGER) as http:
            for address in (f"{RISK}/past", "/risks"):
                assert (await http.get(address)).status_code == 403
        await hear(platform, ordered(grade=Grade.MAJOR), first=3)
        assert (await risk(platform, MANAGER)) == (await risk(platform))


async def test_a_search_by_colour_betrays_no_hazard_before_the_enterprise_is_told(services_here: OpenPlatform) -> None:
    async def found(platform: Platform, who: Actor, colour: str) -> list[str]:
        async with platform.client("registry", who) as http:
            answer = await http.get("/enterprises", params={"colour": colour})
            assert answer.status_code == 200, answer.text
            return [item["id"] for item in answer.json()["items"]]

    async with services_here("registry") as platform:
        await settle_in(platform)
        assert await found(platform, MANAGER, "blue") == [str(MILL)]
        await hear(platform, registered(), confirmed(grade=Grade.MAJOR))
        assert await kept_colour(platform) == ("orange", 29)
        assert await found(platform, MANAGER, "orange") == await found(platform, AUDITOR, "orange") == []
        await hear(platform, ordered(grade=Grade.MAJOR), first=3)
        assert await found(platform, MANAGER, "orange") == await found(platform, OFFICER, "orange") == [str(MILL)]
        before = await platform.rows("registry", "select version from enterprises where id = :id", id=MILL)
        assert before == [{"version": 1}]  # the copy is no fact of the enterprise


async def test_an_enterprise_that_is_gone_stands_in_no_list_of_risks(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        [mill, _] = ENTERPRISES
        gone = await http.put("/enterprises", json=[{**mill, "standing": "deregistered"}])
        assert gone.status_code == 200, gone.text
        await platform.settle(redeliver=3)
        assert [item["enterprise_id"] for item in (await http.get("/risks")).json()["items"]] == [str(BAKERY)]


async def test_the_past_is_kept_with_its_reasons(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", TOWN_CLERK) as http:
        await settle_in(platform)
        await hear(platform, registered(), confirmed(grade=Grade.MAJOR))
        await hear(platform, closed(grade=Grade.MAJOR), first=3)
        past = (await http.get(f"{RISK}/past")).json()["items"]
        assert [(each["colour"], each["score"]) for each in past] == [("blue", 23), ("orange", 29), ("blue", 23)]
        assert factors(past[1]) == {"sector", "people", "hazard.major"}
        assert colours(platform) == [(each["colour"], each["score"]) for each in reversed(past)]


async def test_supervisors_list_enterprises_by_colour_the_gravest_first(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        await hear(platform, registered(), confirmed(grade=Grade.MAJOR))

        async def listed(who: Actor, **query: Any) -> list[str]:
            async with platform.client("registry", who) as http:
                answer = await http.get("/risks", params=query)
                assert answer.status_code == 200, answer.text
                return [item["name_en"] for item in answer.json()["items"]]

        assert await listed(OFFICER) == await listed(OPERATOR) == ["Dawn Flour Mill", "Country Bakery"]
        assert await listed(OFFICER, colour="orange") == ["Dawn Flour Mill"]
        assert await listed(OFFICER, colour="red") == []
        assert await listed(OFFICER, area=OTHER_TOWN) == ["Country Bakery"]
        assert await listed(TOWN_CLERK) == ["Dawn Flour Mill"]
        assert await listed(TOWN_CLERK, area=COUNTY) == ["Dawn Flour Mill"]
        async with platform.client("registry", OFFICER) as http:
            first = (await http.get("/risks", params={"limit": 1})).json()
            rest = (await http.get("/risks", params={"limit": 1, "after": first["next"]})).json()
        assert [page["items"][0]["name_en"] for page in (first, rest)] == ["Dawn Flour Mill", "Country Bakery"]
        assert rest["next"] is None


async def test_who_may_read_a_risk(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        readers = {OFFICER: 200, TOWN_CLERK: 200, OPERATOR: 200, MANAGER: 200, BAKER: 404, WORKER: 403}
        readers |= {VOLUNTEER: 403, AUDITOR: 403, None: 401}
        for who, status in readers.items():
            async with platform.client("registry", who) as http:
                assert (await http.get(RISK)).status_code == status


async def test_hazards_of_nobody_in_particular_and_of_strangers_do_no_harm(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        stranger = uuid4()
        await platform.announce(
            (DUST, 1, registered(enterprise_id=None)), (EXIT, 1, registered(EXIT, enterprise_id=stranger))
        )
        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        assert len(platform.events(RiskAssessed)) == 2
        [row] = await platform.rows("registry", "select colour, due_at from risks where id = :id", id=stranger)
        assert (row["colour"], row["due_at"]) == (None, None)


POINT: dict[str, Any] = {
    "place": "Silo 2",
    "description": "Dust may explode",
    "grading": {"method": "lec", "likelihood": 6, "exposure": 6, "consequence": 15},
    "measures": "Venting, earthing",
    "responsible": "Foreman of the silo",
    "assessed_on": "2026-09-30",
}


async def test_a_point_is_graded_by_its_method_and_told_when_it_changes(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        address = f"/enterprises/{MILL}/risk-points/{uuid4()}"
        for _ in range(2):
            point = (await http.put(address, json=POINT)).json()
            assert (point["value"], point["colour"]) == (540.0, "red")
        milder = {**POINT, "grading": {"method": "ls", "likelihood": 3, "severity": 3}}
        point = (await http.put(address, json=milder)).json()
        assert (point["value"], point["colour"], point["grading"]["method"]) == (9.0, "yellow", "ls")
        for _ in range(2):
            assert (await http.delete(address)).status_code == 204
        assert (await http.get(f"/enterprises/{MILL}/risk-points")).json()["items"] == []
        gone = await http.put(address, json=POINT)
        assert (gone.status_code, slug(gone)) == (409, "risk-point-withdrawn")
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(RiskPointAssessed) if isinstance(each, RiskPointAssessed)]
        assert [(each.value, each.colour) for each in told] == [(540, "red"), (9, "yellow")]
        assert len(platform.events(RiskPointWithdrawn)) == 1


async def test_who_keeps_and_who_reads_risk_points(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        address = f"/enterprises/{MILL}/risk-points"
        point = f"{address}/{uuid4()}"
        writers = {WORKER: 403, OFFICER: 403, VOLUNTEER: 403, BAKER: 404, None: 401, MANAGER: 200, OPERATOR: 200}
        for who, status in writers.items():
            async with platform.client("registry", who) as http:
                assert (await http.put(point, json=POINT)).status_code == status
        # Workers may know the dangers of their place.
        readers = {WORKER: 200, MANAGER: 200, OFFICER: 200, TOWN_CLERK: 200, BAKER: 404, VOLUNTEER: 403, AUDITOR: 403}
        for who, status in readers.items():
            async with platform.client("registry", who) as http:
                assert (await http.get(address)).status_code == status
        removers = {WORKER: 403, OFFICER: 403, BAKER: 404, MANAGER: 204}
        for who, status in removers.items():
            async with platform.client("registry", who) as http:
                assert (await http.delete(point)).status_code == status
        async with platform.client("registry", OPERATOR) as http:
            other = await http.delete(f"/enterprises/{BAKERY}/risk-points/{point.rpartition('/')[2]}")
            assert other.status_code == 404


async def test_a_point_that_cannot_be_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    faults: list[tuple[dict[str, Any], str]] = [
        ({"grading": {**POINT["grading"], "likelihood": 5}}, "unknown-factor"),
        ({"grading": {"method": "ls", "likelihood": 6, "severity": 1}}, "invalid-request"),
        ({"grading": {"method": "dice"}}, "invalid-request"),
        ({"assessed_on": "2026-10-01"}, "date-ahead"),
    ]
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        for changes, told in faults:
            answer = await http.put(f"/enterprises/{MILL}/risk-points/{uuid4()}", json={**POINT, **changes})
            assert (answer.status_code, slug(answer)) == (422, told)
