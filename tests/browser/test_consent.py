"""A program asks, a person answers, in a real browser: also the redirect that follows the form gets through."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect
from screens import PHONE, SIZES, County, Screens, barriers, hidden_sideways_px, picture

from shared.contracts.values import Role

sys.path.insert(0, str(Path(__file__).parents[1] / "service"))
from identity_stage import PASSWORD, ada_arrives
from oauth_stage import PUBLIC, register, request_for

pytestmark = pytest.mark.browser


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
    await ada_arrives(county.platform, Role.AUTHORITY_DESK)
    await register(county.platform, "field-app", **PUBLIC)
    async with program() as (back, came):
        page = await screens.open(request_for("field-app", redirect_uri=back), SIZES[size], language)
        await page.locator("#login").fill("ada")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("form button").click()
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
    await ada_arrives(county.platform, Role.AUTHORITY_DESK)
    await register(county.platform, "console", **PUBLIC, first_party=True)
    async with program() as (back, came):
        page = await screens.open(request_for("console", redirect_uri=back), PHONE)
        await page.locator("#login").fill("ada")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("form button").click()
        await expect(page).to_have_title("app")
    assert "code=" in came[0]
    assert not [said for said in screens.complaints if "Content Security Policy" in said]
