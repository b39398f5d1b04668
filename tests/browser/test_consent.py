"""A program asks, a person answers, in a real browser: also the redirect that follows the form gets through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from screens import PHONE, SIZES, Arrival, County, Screens, barriers, hidden_sideways_px, picture

from shared.auth import Actor
from shared.contracts.values import Role

pytestmark = pytest.mark.browser
OPERATOR = Actor(uuid4(), Role.OPERATOR, None, "999901")


async def registered(county: County, back: str, **facts: Any) -> str:
    """Register an app that waits at this address; give the request by which it asks."""
    words = {"name": "Field app", "name_zh": "巡查助手", "kind": "public"}
    takes = {"redirect_uris": [back], "grant_types": ["authorization_code"], "scopes": ["read", "write"]}
    async with county.platform.client("gateway", OPERATOR) as http:
        answer = await http.put("/api/v1/clients/field-app", json={**words, **takes, **facts})
    assert answer.status_code == 200, answer.text
    asked = {"response_type": "code", "client_id": "field-app", "redirect_uri": back, "scope": "read write"}
    return "/oauth/authorize?" + urlencode({**asked, "code_challenge": "c" * 43, "code_challenge_method": "S256"})


async def sign_in(page: Page, arrival: Arrival) -> None:
    await page.locator("#login").fill(arrival.login)
    await page.locator("#password").fill(arrival.password)
    await page.locator("form button.wide").click()


@asynccontextmanager
async def program() -> AsyncIterator[tuple[str, list[str]]]:
    """Wait on loopback for the answer, as an app does; gives the address and the requests that came."""
    came: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append((await reader.readline()).decode())
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<title>app</title>back")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/cb", came


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
async def test_a_person_signs_in_reads_who_asks_and_is_led_back(
    county: County, screens: Screens, size: str, language: str
) -> None:
    officer = await county.arrives(Role.AUTHORITY_DESK)
    async with program() as (back, came):
        page = await screens.open(await registered(county, back), SIZES[size], language)
        await sign_in(page, officer)
        await expect(page.locator("h1")).to_contain_text({"en": "Field app", "zh": "巡查助手"}[language])
        await picture(page, f"consent-{size}-{language}")
        assert await hidden_sideways_px(page) == 0
        assert await barriers(page) == []
        assert screens.complaints == []
        await page.locator('button[value="allow"]').click()
        await expect(page).to_have_title("app")
    assert "code=" in came[0]
    assert not [said for said in screens.complaints if "Content Security Policy" in said]


async def test_our_own_program_is_reached_though_a_form_stood_before_it(county: County, screens: Screens) -> None:
    officer = await county.arrives(Role.AUTHORITY_DESK)
    async with program() as (back, came):
        page = await screens.open(await registered(county, back, first_party=True), PHONE)
        await sign_in(page, officer)
        await expect(page).to_have_title("app")
    assert "code=" in came[0]
    assert not [said for said in screens.complaints if "Content Security Policy" in said]
