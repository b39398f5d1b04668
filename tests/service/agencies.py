"""Agencies, their clients and what they send; without it each test of their work would invent them anew."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.auth import Actor
from shared.contracts.registry import EnterpriseRegistered, PartyRegistered
from shared.contracts.values import PartyKind, Place
from shared.testing import START, OpenPlatform, Platform

COUNTY = "999901"
AGENCY, RIVAL, INSURER, BUREAU, MILL, BAKERY, ABROAD = (UUID(int=n) for n in range(11, 18))


def actor(role: str, party_id: UUID | None = None) -> Actor:
    return Actor(uuid4(), role, party_id, COUNTY, "en")


CLERK, COMPETITOR = actor("agency", AGENCY), actor("agency", RIVAL)
OFFICER, COMMITTEE = actor("authority.desk", BUREAU), actor("committee")
MILLER, BAKER = actor("enterprise.principal", MILL), actor("enterprise.manager", BAKERY)


def enterprise(enterprise_id: UUID, area_code: str = "999901001") -> tuple[UUID, int, EnterpriseRegistered]:
    place = Place(area_code=area_code, address="1 Mill Road")
    registered = EnterpriseRegistered(
        at=START,
        area_code=area_code,
        enterprise_id=enterprise_id,
        uscc="91350100M000100Y43",
        name_en="Mill",
        name_zh="磨坊",
        industry_code="C1310",
        place=place,
        employees=12,
    )
    return enterprise_id, 1, registered


def engagement(client_id: UUID = BUREAU, **changes: Any) -> dict[str, Any]:
    term = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    return {"client_id": str(client_id), "kind": "status_evaluation", "area_code": COUNTY, **term, **changes}


def result(result_id: str, score: float | None, enterprise_id: UUID = MILL, note: str = "") -> dict[str, Any]:
    row = {"result_id": result_id, "enterprise_id": str(enterprise_id), "score": score}
    return {**row, "category": "food_premises", "note": note}


def finding(finding_id: UUID, **changes: Any) -> dict[str, Any]:
    named = {"finding_id": str(finding_id), "enterprise_id": str(MILL), "category": "dust", "what": "Dust on beams"}
    return {**named, **changes}


@dataclass
class Bench:
    """The service with its copies filled, and everybody's hands on it."""

    platform: Platform
    stack: AsyncExitStack

    async def as_(self, who: Actor) -> httpx.AsyncClient:
        return await self.stack.enter_async_context(self.platform.client("thirdparty", who))

    async def engaged(self, client_id: UUID = BUREAU, who: Actor = CLERK, **changes: Any) -> str:
        engagement_id = str(uuid4())
        agency = await self.as_(who)
        answer = await agency.put(f"/engagements/{engagement_id}", json=engagement(client_id, **changes))
        assert answer.status_code == 201, answer.text
        return engagement_id

    async def delivered(self, engagement_id: str, who: Actor = CLERK, **rows: Any) -> tuple[str, dict[str, Any]]:
        address = f"/audits/{uuid4()}"
        answer = await (await self.as_(who)).put(address, json=audit(engagement_id, **rows))
        assert answer.status_code == 201, answer.text
        return address, answer.json()


def audit(engagement_id: str, **changes: Any) -> dict[str, Any]:
    said = {"conclusion": "Fit with remarks", "summary_public": "Fit", "performed_on": "2026-09-29"}
    return {"engagement_id": engagement_id, **said, **changes}


@asynccontextmanager
async def working(services_here: OpenPlatform) -> AsyncIterator[Bench]:
    """Open the service with one authority and three enterprises, one of them in another county."""
    async with services_here("thirdparty") as platform, AsyncExitStack() as stack:
        bureau = PartyRegistered(
            at=START, area_code=COUNTY, party_id=BUREAU, kind=PartyKind.AUTHORITY, name_en="Bureau", name_zh="局"
        )
        copies = [enterprise(MILL), enterprise(BAKERY), enterprise(ABROAD, "888801001")]
        await platform.announce((BUREAU, 1, bureau), *copies)
        await platform.settle(redeliver=3)
        yield Bench(platform, stack)


def slug(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]
