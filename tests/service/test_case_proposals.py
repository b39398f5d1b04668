"""What may follow a penalty (WSL art. 112, 113): counted from the cases, explained, and decided by nobody."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from case_stages import served
from hazard_stages import LIMIT, ordered
from inspection_county import BAKERY, TODAY, get, post, slug

from services.inspection.hazards.models import Hazard, PenaltyCase
from shared.contracts.inspection import Enforcement
from shared.contracts.values import Grade
from shared.testing import START, OpenPlatform, Platform


async def _penalised(platform: Platform, hazard: str, *days_ago: int, **changes: Any) -> None:
    """Put down penalties of other days as if they had been decided about the same hazard."""
    async with platform.service("inspection").database.transaction() as tx:
        for ago in days_ago:
            given: dict[str, Any] = {
                "id": uuid4(),
                "hazard_id": UUID(hazard.rpartition("/")[2]),
                "cycle": 1,
                "number": f"Case of {ago} days ago",
                "authority_id": county.EMERGENCY,
                "state": Enforcement.EXECUTED,
                "ground": "x",
                "basis": "x",
                "opened_by": county.LI,
                "opened_at": START - timedelta(days=ago),
                "decided_at": START - timedelta(days=ago),
                **changes,
            }
            tx.add(PenaltyCase(**given))


async def _proposed(platform: Platform, hazard: str) -> dict[str, dict[str, Any]]:
    items = (await get(platform, county.desk, f"{hazard}/proposals"))["items"]
    return {each["kind"]: each for each in items}


async def test_closure_is_proposed_where_penalties_pile_up_and_a_major_hazard_stands(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await ordered(platform, grade=Grade.MAJOR, criterion_ids=[str(county.CRITERION)])
        await _penalised(platform, hazard, 1, 100)
        await _penalised(platform, hazard, 2, 3, state=Enforcement.NONE)
        await _penalised(platform, hazard, 4, 5, decided_at=None)
        assert await _proposed(platform, hazard) == {}, "dropped, revoked and undecided ones do not count"
        await _penalised(platform, hazard, 180)
        found = (await _proposed(platform, hazard))["close_down"]
        assert found["cases"] == ["Case of 180 days ago", "Case of 100 days ago", "Case of 1 days ago"]
        assert (found["mark"], found["source"], found["since"]) == (
            *("L", "WSL art. 113(1)"),
            str(TODAY - timedelta(days=1)),
        )
        async with platform.service("inspection").database.transaction() as tx:
            row = await tx.get_one(Hazard, UUID(hazard.rpartition("/")[2]))
            row.enterprise_id = BAKERY
        assert "close_down" in await _proposed(platform, hazard), "a unit's penalties go with its hazards"
        for who, status, told in (
            (county.principal, 403, "role-may-not"),
            (county.township, 403, "role-may-not"),
            (county.fire_desk, 404, "not-found"),
        ):
            assert slug(await get(platform, who, f"{hazard}/proposals", status)) == told
        assert (await get(platform, county.committee, f"{hazard}/proposals"))["items"]


async def test_a_daily_fine_is_thought_of_when_a_served_fine_moves_nobody(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        platform.travel(days=(LIMIT - TODAY).days)
        assert await _proposed(platform, hazard) == {}, "the limit has not passed"
        platform.travel(days=1)
        found = (await _proposed(platform, hazard))["daily_fine"]
        assert (found["since"], found["fine_yuan"], found["mark"]) == (str(TODAY + timedelta(days=1)), 30_000, "L")
        assert "应急责改〔2026〕000001号" in found["why_zh"]
        assert "2026-10-10" in found["why_en"]


async def test_of_days_of_a_stay_nobody_thinks_a_fine(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await served(platform)
        stay = {"ground": "court", "reference": "7/2026", "on": str(TODAY), "reason": "So ruled"}
        await post(platform, county.head, f"{hazard}/stay-order", **stay)
        platform.travel(days=20)
        lifted = await post(platform, county.head, f"{hazard}/lift-stay", reason="Dismissed")
        assert lifted["limit"] == str(LIMIT + timedelta(days=20))
        platform.travel(days=(LIMIT - TODAY).days + 1)
        found = (await _proposed(platform, hazard))["daily_fine"]
        assert found["since"] == str(TODAY + timedelta(days=20)), "from the day on which the order went on"


async def test_how_many_were_listed_is_a_figure_and_nothing_else(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        path = "/hazards/listings/quarter"
        hazard = await ordered(platform, grade=Grade.MAJOR, criterion_ids=[str(county.CRITERION)])
        assert (await get(platform, county.committee, path))["listed"] == 0
        await post(platform, county.head, f"{hazard}/propose-listing", ground="major", reason="Explosive dust")
        listing = {"level": 2, "limit": str(TODAY + timedelta(days=200)), "reason": "So decided"}
        await post(platform, county.committee, f"{hazard}/list", **listing)
        told = await get(platform, county.committee, path)
        assert (told["quarter"], told["listed"], told["asked_for"], told["mark"]) == ("2026Q3", 1, 3, "S")
        assert (await get(platform, county.committee, f"{path}?on=2026-10-01"))["listed"] == 0
        for day in ("0001-01-01", "9999-12-31"):
            assert slug(await get(platform, county.committee, f"{path}?on={day}", 422)) == "no-such-quarter"
        elsewhere = county.actor("committee", party=county.COMMITTEE, area="990102")
        assert (await get(platform, elsewhere, path))["listed"] == 0
        assert slug(await get(platform, county.head, path, 403)) == "role-may-not"
