"""The smallest county in which every channel finds its desk; without it there would be nobody to write or to hear."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from chaos.live import Live
from e2e.county import COMPETENCE, COUNTY, ENTERPRISES, PARTIES, PASSWORD, PEOPLE, SECRET, TOWN, ok, uid

WITH_ACCOUNTS = ("desk", "li", "miller", "ada")
WHO = (*WITH_ACCOUNTS, "wang")
WITH_MAIL = "li"
PLACE = {"area_code": TOWN, "address": "1 Mill Lane", "lon": 117.0, "lat": 36.0}


def day(offset: int) -> str:
    """Give a day from today on; a day's distance from its edge hides in which time zone."""
    return str((datetime.now(UTC) + timedelta(days=offset)).date())


async def found(live: Live) -> None:
    """Register everything as the operator of a new installation does; doing it again changes nothing."""
    async with _client(live) as operator:
        await _sign_in_client(operator, "operator", live.keys.operator_secret())
        for path, body in _register().items():
            await ok(operator.put(f"/api/v1{path}", json=body))
    await live.rest()
    async with _client(live) as agency:
        await _sign_in_client(agency, "agency-system", SECRET)
        await ok(agency.put(f"/api/v1/engagements/{uid('engagement')}", json=_engagement()))
    await live.rest()


def _register() -> Mapping[str, list[dict[str, Any]]]:
    uscc, industry, _ = ENTERPRISES["mill"]
    parties = [(key, *PARTIES[key]) for key in ("emergency", "agency")]
    person = {"language": "en", "area_code": COUNTY}
    certificate = {"kind": "enforcement", "issuer": "County", "valid_from": "2020-01-01", "valid_to": "2100-01-01"}
    by, key, authority, area = COMPETENCE["town"]
    return {
        "/areas": [{"code": code, "name_zh": f"区划{code}"} for code in (COUNTY, TOWN)],
        "/parties": [
            {"id": uid(key), "kind": kind, "name_zh": name, "area_code": COUNTY} for key, kind, name in parties
        ],
        "/enterprises": [
            {
                "id": uid("mill"),
                "uscc": uscc,
                "name_zh": "mill",
                "industry_code": industry,
                "place": PLACE,
                "employees": 40,
            }
        ],
        "/people": [
            {"id": uid(who), "name": who, **person} | ({"email": f"{who}@county.example"} if who == WITH_MAIL else {})
            for who in WHO
        ],
        "/certificates": [
            {"id": uid(f"certificate {who}"), "person_id": uid(who), "number": f"Z-{who}", **certificate} for who in WHO
        ],
        "/memberships": [
            {
                "id": uid(f"membership {who}"),
                "person_id": uid(who),
                "party_id": uid(party) if (party := PEOPLE[who][0]) else None,
                "role": PEOPLE[who][1],
                "area_code": COUNTY,
            }
            for who in WHO
        ],
        "/competence": [
            {"id": uid("rule"), "by": by, "key": key, "authority_id": uid(authority), "area_code": area},
        ],
        "/accounts": [
            {"person_id": uid(who), "login": f"{who}@county.example", "password": PASSWORD} for who in WITH_ACCOUNTS
        ],
        "/clients": [
            {
                "client_id": "agency-system",
                "name": "agency",
                "role": "agency",
                "party_id": uid("agency"),
                "area_code": COUNTY,
                "secret": SECRET,
            }
        ],
    }


def _engagement() -> dict[str, Any]:
    return {
        "client_id": uid("emergency"),
        "kind": "expert_support",
        "valid_from": day(-30),
        "valid_to": day(300),
        "area_code": COUNTY,
    }


async def tokens(live: Live) -> dict[str, str]:
    """Sign everybody in."""
    found: dict[str, str] = {}
    async with _client(live) as client:
        for who in WITH_ACCOUNTS:
            login = {"login": f"{who}@county.example", "password": PASSWORD}
            found[who] = (await ok(client.post("/api/v1/session", json=login)))["access_token"]
        found["agency"] = await _sign_in_client(client, "agency-system", SECRET)
    return found


async def _sign_in_client(client: httpx.AsyncClient, client_id: str, secret: str) -> str:
    asked = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret))
    token: str = (await ok(asked))["access_token"]
    client.headers["authorization"] = f"Bearer {token}"
    return token


@asynccontextmanager
async def _client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=live.place["gateway"], trust_env=False, timeout=10) as client:
        yield client
