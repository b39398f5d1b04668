"""Ada, her offices, her phone and her password: what every test of signing in begins with."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp

from services.gateway.identity.actions.factors import SecondFactors, confirm, offer, offered
from shared.auth import Actor
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PartyRegistered, PersonRegistered
from shared.contracts.values import PartyKind, Role
from shared.testing import START, Platform

COUNTY = "999001"
ADA, BUREAU = uuid4(), uuid4()
OPERATOR = Actor(uuid4(), Role.OPERATOR, None, COUNTY)
PASSWORD = "correct horse 安全"


async def ada_arrives(platform: Platform, *roles: Role) -> list[UUID]:
    """Ada is registered with these memberships and has an account."""
    person = PersonRegistered(at=START, area_code=COUNTY, person_id=ADA, name="Ada", language="en")
    names = {"name_en": "Emergency bureau", "name_zh": "应急管理局"}
    bureau = PartyRegistered(at=START, area_code=COUNTY, party_id=BUREAU, kind=PartyKind.AUTHORITY, **names)
    await platform.announce((ADA, 1, person), (BUREAU, 1, bureau))
    memberships = [uuid4() for _ in roles]
    for membership_id, role in zip(memberships, roles, strict=True):
        granted = MembershipGranted(at=platform.now, membership_id=membership_id, role=role, **_held())
        await platform.announce((membership_id, 1, granted))
        platform.travel(seconds=1)
    await platform.settle(redeliver=2)
    await give_account(platform)
    return memberships


async def give_account(platform: Platform, password: str = PASSWORD) -> None:
    async with platform.client("gateway", OPERATOR) as http:
        answer = await http.put(f"/api/v1/accounts/{ADA}", json={"login": "ada", "password": password})
    assert answer.status_code == 200, answer.text


async def ada_loses(platform: Platform, membership_id: UUID, role: Role) -> None:
    revoked = MembershipRevoked(at=platform.now, membership_id=membership_id, role=role, **_held())
    await platform.announce((membership_id, 2, revoked))
    await platform.settle(redeliver=2)


async def ada_enrols(platform: Platform) -> tuple[pyotp.TOTP, list[str]]:
    """Ada sets up her phone without pages; give the phone and her recovery codes. Time moves on by a step."""
    gateway = platform.service("gateway")
    factors = gateway.part(SecondFactors)
    async with gateway.database.transaction() as tx:
        await offer(tx, factors, ADA, platform.now)
        secret = await offered(tx, factors, ADA)
        assert secret is not None
        phone = pyotp.TOTP(secret)
        codes = await confirm(tx, factors, ADA, phone.at(platform.now), platform.now)
        assert codes is not None
    platform.travel(seconds=30)
    return phone, codes


async def sign_in(platform: Platform, password: str = PASSWORD, **more: Any) -> httpx.Response:
    """Sign in as a program does."""
    async with platform.client("gateway") as http:
        return await http.post("/api/v1/session", json={"login": "ada", "password": password, **more})


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").removeprefix("urn:commonwatch:problem:")


@asynccontextmanager
async def browser(platform: Platform, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser: it keeps cookies, says where a form comes from, and does not follow redirects by itself."""
    transport = httpx.ASGITransport(platform.apps["gateway"], raise_app_exceptions=False)
    said = {"accept-language": "en", "origin": "http://gateway", "sec-fetch-site": "same-origin", **headers}
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=said) as http:
        yield http


def _held() -> dict[str, Any]:
    return {"area_code": COUNTY, "person_id": ADA, "party_id": BUREAU}


def token_in(page: httpx.Response) -> str:
    """Give the token of the page's forms."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found[1]


async def send(http: httpx.AsyncClient, page: httpx.Response, to: str, **fields: str) -> httpx.Response:
    """Send a form of this page, filled in."""
    return await http.post(to, data={"csrf_token": token_in(page), **fields})


async def enter(http: httpx.AsyncClient, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Fill in the first page of signing in, and follow to the next step."""
    page = await http.get("/sign-in")
    answer = await send(http, page, "/sign-in", login="ada", password=password, **more)
    return await http.get(answer.headers["location"]) if answer.status_code == 303 else answer


def secret_in(page: httpx.Response) -> pyotp.TOTP:
    """Read the secret as somebody who types it into the phone."""
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.text)
    assert found is not None, page.text
    return pyotp.TOTP(found[1].replace(" ", ""))


def recovery_codes_in(page: httpx.Response) -> list[str]:
    return re.findall(r"<li><code>([A-Z2-7 ]{19})</code>", page.text)


async def is_inside(http: httpx.AsyncClient) -> bool:
    return (await http.get("/account")).status_code == 200
