"""Programs, and Ada at her browser: what every test of OAuth begins with."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from identity_stage import OPERATOR, PASSWORD, browser

from shared.testing import Platform

SECRET = "a-secret-that-a-machine-made-up-0123456789"
NEXT_SECRET = "another-secret-that-a-machine-made-up-9876"
HOME = "https://program.example/cb?from=cw"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PROGRAM: dict[str, Any] = {
    "name": "Field app",
    "name_zh": "巡查助手",
    "redirect_uris": [HOME, "http://127.0.0.1/cb"],
    "grant_types": ["authorization_code", "refresh_token"],
    "scopes": ["read", "write", "offline_access", "openid"],
}
PUBLIC = PROGRAM | {"kind": "public"}
CONFIDENTIAL = PROGRAM | {"secret": SECRET}


async def register(platform: Platform, client_id: str, **facts: Any) -> httpx.Response:
    async with platform.client("gateway", OPERATOR) as http:
        return await http.put(f"/api/v1/clients/{client_id}", json=facts)


def request_for(client_id: str, **changes: str | None) -> str:
    """Write an authorization request as a program would."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": HOME,
        "scope": "read write offline_access",
        "state": "a state/with + odd & 字符",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return "/oauth/authorize?" + urlencode({name: value for name, value in asked.items() if value is not None})


def fields(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Read the form of a page of ours: where it goes, and its hidden fields."""
    [action] = re.findall(r'<form method="post" action="([^"]*)"', page.text)
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return unescape(action), {name: unescape(value) for name, value in hidden}


async def press(http: httpx.AsyncClient, page: httpx.Response, **typed: str) -> httpx.Response:
    action, hidden = fields(page)
    return await http.post(action, data={**hidden, **typed})


async def followed(http: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """Follow redirects while they stay here."""
    while answer.is_redirect and answer.headers["location"].startswith("/"):
        answer = await http.get(answer.headers["location"])
    return answer


async def sign_in_at(http: httpx.AsyncClient, address: str) -> httpx.Response:
    """Go to an address, by the sign-in page when it asks for it; give the page that is reached."""
    page = await followed(http, await http.get(address))
    if 'name="password"' in page.text:
        page = await followed(http, await press(http, page, login="ada", password=PASSWORD))
    return page


def answer_in(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


@dataclass
class Program:
    """A program at the token endpoint."""

    platform: Platform
    client_id: str
    secret: str | None = None
    said: dict[str, str] = field(default_factory=dict[str, str])

    async def ask(self, path: str, **form: str) -> httpx.Response:
        sent = {"client_id": self.client_id, **form} if self.secret is None else form
        auth = None if self.secret is None else (self.client_id, self.secret)
        async with self.platform.client("gateway") as http:
            return await http.post(path, data=sent, auth=auth)

    async def code(self, **changes: str | None) -> str:
        """Let Ada sign in and allow it."""
        async with browser(self.platform) as http:
            page = await sign_in_at(http, request_for(self.client_id, **changes))
            leads = await press(http, page, decision="allow")
        self.said = answer_in(leads.headers["location"])
        return self.said["code"]

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, "code_verifier": VERIFIER}
        return await self.ask("/oauth/token", **{**sent, **changes})

    async def tokens(self, **changes: str | None) -> dict[str, Any]:
        answer = await self.redeem(await self.code(**changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def refresh(self, token: str, **more: str) -> httpx.Response:
        return await self.ask("/oauth/token", grant_type="refresh_token", refresh_token=token, **more)


async def status_of(platform: Platform, access_token: str, method: str = "GET", path: str = "/api/v1/me") -> int:
    async with platform.client("gateway") as http:
        answer = await http.request(method, path, headers={"authorization": f"Bearer {access_token}"}, json=[])
    return answer.status_code
