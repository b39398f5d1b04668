"""A small county with every kind of party, spoken to through the gateway as people and systems do."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from shared.contracts.values import derived_id
from shared.testing import Platform

COUNTY, TOWN, WILD = "990101", "990101001", "990101002"
"""WILD is a township without a fallback in the competence table."""
LATER = str(date(2026, 10, 20))
PASSWORD = "correct horse battery"
SECRET = "a-long-random-client-secret-for-tests"


def uid(name: str) -> str:
    return str(derived_id("e2e", name))


PARTIES = {
    "committee": ("committee", "县安委办"),
    "emergency": ("authority", "应急管理局"),
    "fire": ("authority", "消防救援大队"),
    "market": ("authority", "市场监督管理局"),
    "township": ("township", "一镇人民政府"),
    "agency": ("agency", "甲检测机构"),
    "agency2": ("agency", "乙检测机构"),
    "gasworks": ("partner", "燃气公司"),
    "police": ("police", "县公安局"),
}
PEOPLE = {
    "desk": ("emergency", "authority.desk", False),
    "head": ("emergency", "authority.head", True),
    "li": ("emergency", "authority.officer", True),
    "wang": ("emergency", "authority.officer", True),
    "fire_desk": ("fire", "authority.desk", False),
    "fire_head": ("fire", "authority.head", True),
    "fire_one": ("fire", "authority.officer", True),
    "fire_two": ("fire", "authority.officer", True),
    "market_desk": ("market", "authority.desk", False),
    "secretary": ("committee", "committee", False),
    "town_officer": ("township", "township", False),
    "miller": ("mill", "enterprise.principal", False),
    "baker": ("bakery", "enterprise.principal", False),
    "worker": ("mill", "enterprise.worker", False),
    "ada": (None, "volunteer", False),
    "ben": (None, "volunteer", False),
    "gao": ("township", "grid_worker", False),
    "detective": ("police", "police", False),
}
ENTERPRISES = {"mill": ("91110108551385082Q", "C1310", TOWN), "bakery": ("91110000600037341L", "F5200", WILD)}
COMPETENCE = {
    "industry C": ("industry", "C", "emergency", COUNTY),
    "fire": ("category", "fire", "fire", COUNTY),
    "town": ("township", TOWN, "emergency", COUNTY),
}
CRITERION = uid("criterion")


class County:
    """The platform and everyone in it. `county.ada` is Ada's HTTP client, through the gateway's public API."""

    def __init__(self, platform: Platform, stack: AsyncExitStack) -> None:
        self.platform = platform
        self._stack = stack
        self._clients: dict[str, httpx.AsyncClient] = {}

    def __getattr__(self, name: str) -> httpx.AsyncClient:
        try:
            return self._clients[name]
        except KeyError:
            raise AttributeError(name) from None

    async def anyone(self, token: str | None = None, language: str = "en") -> httpx.AsyncClient:
        headers = {"accept-language": language}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        return await self._stack.enter_async_context(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(self.platform.apps["gateway"], raise_app_exceptions=False),
                base_url="http://gateway/api/v1",
                headers=headers,
            )
        )

    async def settle(self, redeliver: int = 3) -> None:
        await self.platform.settle(redeliver=redeliver)
        assert await self.platform.dead_letters() == []

    async def sign_in(self, name: str) -> None:
        public = await self.anyone()
        answer = await public.post("/session", json={"login": f"{name}@county.example", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self._clients[name] = await self.anyone(answer.json()["access_token"])

    async def client_of(self, client_id: str, secret: str) -> httpx.AsyncClient:
        public = await self.anyone()
        answer = await public.post(
            "http://gateway/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret)
        )
        assert answer.status_code == 200, answer.text
        return await self.anyone(answer.json()["access_token"])

    async def found(self, operator_secret: str) -> None:
        """Register everything as the operator of a new installation does."""
        operator = self._clients["operator"] = await self.client_of("operator", operator_secret)
        await ok(operator.put("/areas", json=[{"code": c, "name_zh": f"区划{c}"} for c in (COUNTY, TOWN, WILD)]))
        parties = [
            {"id": uid(key), "kind": kind, "name_zh": name, "area_code": COUNTY}
            for key, (kind, name) in PARTIES.items()
        ]
        await ok(operator.put("/parties", json=parties))
        enterprises = [
            {
                "id": uid(key),
                "uscc": uscc,
                "name_zh": key,
                "industry_code": industry,
                "place": {"area_code": area, "address": "1 Mill Lane", "lon": 117.0, "lat": 36.0},
                "employees": 40,
            }
            for key, (uscc, industry, area) in ENTERPRISES.items()
        ]
        await ok(operator.put("/enterprises", json=enterprises))
        people = [
            {
                "id": uid(key),
                "name": key,
                "language": "en",
                "area_code": COUNTY,
                "email": f"{key}@county.example",
            }
            for key in PEOPLE
        ]
        await ok(operator.put("/people", json=people))
        certificates = [
            {
                "id": uid(f"certificate {key}"),
                "person_id": uid(key),
                "kind": "enforcement",
                "number": f"Z-{key}",
                "issuer": "County",
                "valid_from": "2025-01-01",
                "valid_to": "2030-01-01",
            }
            for key, (_, _, certified) in PEOPLE.items()
            if certified
        ]
        await ok(operator.put("/certificates", json=certificates))
        memberships = [
            {
                "id": uid(f"membership {key}"),
                "person_id": uid(key),
                "party_id": uid(party) if party else None,
                "role": role,
                "area_code": COUNTY,
            }
            for key, (party, role, _) in PEOPLE.items()
        ]
        await ok(operator.put("/memberships", json=memberships))
        rules = [
            {"id": uid(f"rule {key}"), "by": by, "key": value, "authority_id": uid(authority), "area_code": area}
            for key, (by, value, authority, area) in COMPETENCE.items()
        ]
        await ok(operator.put("/competence", json=rules))
        criterion = {
            "id": CRITERION,
            "document": "MEM Order 10",
            "item": "1",
            "text_zh": "未设除尘",
            "valid_from": "2023-05-15",
        }
        await ok(operator.put("/criteria", json=[criterion]))
        accounts = [{"person_id": uid(key), "login": f"{key}@county.example", "password": PASSWORD} for key in PEOPLE]
        await ok(operator.put("/accounts", json=accounts))
        clients = [
            {
                "client_id": f"{key}-system",
                "name": key,
                "role": role,
                "party_id": uid(key),
                "area_code": COUNTY,
                "secret": SECRET,
            }
            for key, role in (("agency", "agency"), ("agency2", "agency"), ("gasworks", "partner"))
        ]
        await ok(operator.put("/clients", json=clients))
        await self.settle(redeliver=1)
        for key in PEOPLE:
            await self.sign_in(key)
        for key in ("agency", "agency2", "gasworks"):
            self._clients[key] = await self.client_of(f"{key}-system", SECRET)

    async def inbox(self, name: str) -> list[dict[str, Any]]:
        answer = await ok(self._clients[name].get("/inbox", params={"limit": 200}))
        items: list[dict[str, Any]] = answer["items"]
        return items

    async def proof(self, name: str, service: str) -> dict[str, Any]:
        """Hand in a picture as this person; give the reference."""
        given = await ok(self._clients[name].put(f"/evidence/{service}/{uuid4()}", content=photo()))
        return {key: given[key] for key in ("id", "owner", "sha256", "media_type")}


async def ok(request: Any) -> dict[str, Any]:
    answer: httpx.Response = await request
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    body: dict[str, Any] = answer.json()
    return body


async def refused(request: Any, status: int, slug: str) -> None:
    answer: httpx.Response = await request
    told = (answer.status_code, answer.json().get("type", "").rpartition(":")[2])
    assert told == (status, slug), answer.text


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Ada's phone"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (32, 24), "orange").save(out, "JPEG", exif=exif)
    return out.getvalue()


def report(**changes: Any) -> dict[str, Any]:
    return {
        "place": {"area_code": TOWN, "lon": 117.0001, "lat": 36.0001, "address": "mill, line 2"},
        "enterprise_id": uid("mill"),
        "category": "dust",
        "what": "Thick dust on the motors of line 2",
        **changes,
    }


def order(*items: str, officers: tuple[str, str] = ("li", "wang")) -> dict[str, Any]:
    return {
        "kind": "rectify_by",
        "items": [{"text": item} for item in items],
        "limit": LATER,
        "basis": "Work Safety Law art. 65",
        "officers": [uid(name) for name in officers],
    }


def resumption(report: dict[str, Any]) -> dict[str, Any]:
    """Ask to resume work, with an evaluation report."""
    return {
        "statement": "All is put right",
        "plan": "Extractor on line 2",
        "items": ["Extractor"],
        "evaluation": "Fit for work",
        "evaluation_files": [report],
    }


def review(photo: dict[str, Any], officers: tuple[str, str] = ("li", "wang")) -> dict[str, Any]:
    """Say what two officers saw on site of what `resumption` names."""
    remarks = [{"ordinal": 1, "fit": True, "remark": "Tried and found fit"}]
    return {"officers": [uid(name) for name in officers], "remarks": remarks, "photos": [photo]}


CERTAINTIES = {
    "responsible_person": "The miller",
    "measures": "Extractor on line 2",
    "funds_yuan": 20000,
    "limit": LATER,
    "contingency_plan": "Stop and evacuate",
}


@asynccontextmanager
async def founded(platform: Platform, operator_secret: str) -> AsyncIterator[County]:
    async with AsyncExitStack() as stack:
        county = County(platform, stack)
        await county.found(operator_secret)
        yield county
