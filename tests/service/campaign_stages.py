"""Closed hazards where campaigns find them, and campaigns opened and drawn over HTTP, for tests that begin there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
from inspection_county import TODAY, actor, get, post, put

from services.inspection.copies.models import Party
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade, PartyKind, Role
from shared.testing import START, Platform

WHEN = {"closed_from": str(TODAY - timedelta(days=90)), "closed_to": str(TODAY)}
OPENING: dict[str, Any] = {
    "kind": "first_look",
    "title": "Dust, second quarter",
    "basis": "County plan 2026, item 4",
    "area_code": county.COUNTY,
    "closures": WHEN,
}
VALUE = {"public_value": "08 14 22 27 31 33 + 05", "witness": "Notary Zhou, from the welfare lottery"}
LOOKED = {"ordinal": 1, "passed": True, "remark": "Clean.", "evidence": [county.OFFICERS_PICTURE]}
OTHER_COUNTY = "990202"
other_committee = actor(Role.COMMITTEE, party=UUID(int=81), area=OTHER_COUNTY)
grid_worker = actor(Role.GRID_WORKER, party=county.TOWNSHIP, area=county.TOWN)
helper = actor(Role.VOLUNTEER, area=county.TOWN)


async def known_county(platform: Platform) -> None:
    """Let inspection hear of the county, with a file of the emergency bureau in its store."""
    await platform.announce(*county.registry_facts())
    await platform.settle()
    await county.hand_in_pictures(platform)


async def closed_hazards(
    platform: Platform,
    many: int = 1,
    *,
    lead: UUID | None = county.EMERGENCY,
    grade: Grade = Grade.GENERAL,
    closed_at: datetime = START,
    **changes: Any,
) -> list[str]:
    """Put closed hazards into the table, as an authority left them."""
    ids = [uuid4() for _ in range(many)]
    async with platform.service("inspection").database.transaction() as tx:
        for hazard_id in ids:
            row: dict[str, Any] = {
                "id": hazard_id,
                "area_code": county.TOWN,
                "number": f"H-{hazard_id}",
                "state": HazardState.CLOSED,
                "grade": grade,
                "category": Category.DUST,
                "what": "Dust on the motors",
                "enterprise_id": county.MILL,
                "place": county.PLACE,
                "claimed_at": START,
                "registered_at": START,
                "handling_authority_id": lead or county.EMERGENCY,
                "lead_authority_id": lead,
                "co_authority_ids": [],
                "criterion_ids": [],
                "rechecked_by": [],
                "ordered_at": START,
                "closed_at": closed_at,
                **changes,
            }
            tx.add(Hazard(**row))
    return [str(each) for each in ids]


async def watchdogs(platform: Platform) -> None:
    """Let inspection know of the police, the procurator, the discipline inspection, and a city's authority."""
    async with platform.service("inspection").database.transaction() as tx:
        for party, kind, name, area in WATCHDOGS:
            tx.add(Party(id=party, kind=kind, area_code=area, name_en=name, name_zh=name))


POLICE, PROCURATOR, DISCIPLINE, CITY = (UUID(int=n) for n in range(91, 95))
WATCHDOGS = (
    (POLICE, PartyKind.POLICE, "公安", county.COUNTY),
    (PROCURATOR, PartyKind.PROCURATOR, "检察院", county.COUNTY),
    (DISCIPLINE, PartyKind.DISCIPLINE, "纪委", county.COUNTY),
    (CITY, PartyKind.AUTHORITY, "市应急", "990100"),
)
police = actor(Role.POLICE, party=POLICE)
procurator = actor(Role.PROCURATOR, party=PROCURATOR)
discipline = actor(Role.DISCIPLINE, party=DISCIPLINE)
city_desk = actor(Role.AUTHORITY_DESK, party=CITY, area="990100")


async def opened(
    platform: Platform, who: Actor = county.committee, status: int = 201, **changes: Any
) -> dict[str, Any]:
    """Open a campaign under an id of its own."""
    return await put(platform, who, f"/campaigns/{uuid4()}", status, **{**OPENING, **changes})


async def drawn(platform: Platform, **changes: Any) -> str:
    """Open a campaign and draw; give its address."""
    address = f"/campaigns/{(await opened(platform, **changes))['id']}"
    await post(platform, county.committee, f"{address}/draw", **VALUE)
    return address


async def items(platform: Platform, address: str, who: Actor = county.committee, query: str = "") -> list[Any]:
    found: list[Any] = (await get(platform, who, f"{address}/items{query}"))["items"]
    return found


async def looked(platform: Platform, hazard_id: str, who: Actor = county.li, **changes: Any) -> None:
    """Look back at a hazard, by its own verb."""
    await post(platform, who, f"/hazards/{hazard_id}/look-back", **{**LOOKED, **changes})
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []
