"""Who need not obey an order for now is not past its limit, and no more dangerous for that."""

from datetime import date
from uuid import uuid4

from hazards_told import confirmed, fact, ordered, registered
from registry_county import settle_in
from test_registry_risks import colours, factors, hear, risk

from shared.contracts import inspection as facts
from shared.contracts.inspection import HazardState
from shared.testing import OpenPlatform


async def test_nobody_is_past_a_limit_that_is_stayed(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        stay = {"stay_id": uuid4(), "reason": "The court looks at it"}
        since = {"since": date(2026, 10, 1), "limit": date(2026, 10, 2), "ground": "court", "reference": "No. 7"}
        stayed = fact(facts.OrderStayed, HazardState.ORDERED, **stay, **since)
        await hear(platform, registered(), confirmed(), ordered(limit=date(2026, 10, 2)), stayed)
        platform.travel(days=10)
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("blue", 24)
        assert "hazard.overdue" not in factors(await risk(platform))
        lifted = fact(facts.StayLifted, HazardState.ORDERED, limit=date(2026, 10, 12), days=10, **stay)
        await hear(platform, lifted, first=5)
        assert colours(platform)[-1] == ("blue", 24)
        platform.travel(days=3)
        await platform.settle(redeliver=3)
        assert colours(platform)[-1] == ("yellow", 26)
        assert "hazard.overdue" in factors(await risk(platform))
        again = fact(facts.OrderStayed, HazardState.RECTIFYING, **{**stay, "stay_id": uuid4()}, **since)
        await hear(platform, again, first=6)
        assert colours(platform)[-1] == ("blue", 24)
        lapsed = fact(facts.StayLapsed, HazardState.RECTIFYING, stay_id=uuid4())
        await hear(platform, lapsed, first=7)
        assert colours(platform)[-1] == ("yellow", 26)
